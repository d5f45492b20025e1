//! Settings that are wrong, and where things are kept.

use std::fs;

use super::Shell;

const MATRIX: &str = "[matrix]\nhomeserver = \"http://127.0.0.1:9\"\nuser = \"@stoa:localhost\"\n";

/// What `stats` says of these settings.
fn complaint(settings: &str) -> String {
    let shell = Shell::new();
    shell.write("stoa.toml", settings);
    let said = shell.fails(&["stats"]);
    assert!(
        !shell.storage().exists(),
        "wrong settings leave nothing behind"
    );
    said
}

#[test]
fn settings_that_are_wrong_are_told_in_one_sentence_with_the_key_and_the_remedy() {
    insta::assert_snapshot!(complaint("[matrix]\nhomserver = \"https://example.org\"\n"), @"matrix.homserver in ~/stoa.toml is no setting; did you mean matrix.homeserver?");
    insta::assert_snapshot!(complaint("[forum]\nprefix = 7\n"), @r#"forum.prefix in ~/stoa.toml is a number, but must be a text in quotes, such as "text""#);
    insta::assert_snapshot!(complaint("[forum]\nprefix = \"# \"\n"), @r#"forum.prefix in ~/stoa.toml has white space in it; choose one or two signs that nobody’s talk begins with, such as "!""#);
    insta::assert_snapshot!(complaint(&format!("{MATRIX}password = \"x\"\npassword_file = \"y\"\n")), @"matrix.password (in ~/stoa.toml) and matrix.password_file (in ~/stoa.toml) are both set; keep one of them");
    insta::assert_snapshot!(complaint(&format!("{MATRIX}access_token = \"x\"\naccess_token_file = \"y\"\n")), @"matrix.access_token (in ~/stoa.toml) and matrix.access_token_file (in ~/stoa.toml) are both set; keep one of them");
    insta::assert_snapshot!(complaint(MATRIX), @"a way to log in is not set, but matrix.homeserver in ~/stoa.toml needs it; set one of matrix.password, matrix.password_file, matrix.access_token and matrix.access_token_file");
    insta::assert_snapshot!(complaint(&format!("{MATRIX}password_file = \"nowhere\"\n")), @"the file ~/nowhere that matrix.password_file in ~/stoa.toml names can’t be read; check its name and who may read it: No such file or directory");
    insta::assert_snapshot!(complaint("[matrix]\nhomeserver = \"example.org\"\n"), @r#"matrix.homeserver in ~/stoa.toml does not begin with https:// or http://; write an address such as "https://matrix.example.org""#);
    insta::assert_snapshot!(complaint("[log]\nlevel = \"loud=much\"\n"), @r#"log.level in ~/stoa.toml is "loud=much", which can’t be read; write error, warn, info, debug or trace"#);
    insta::assert_snapshot!(complaint("[forum\n"), @"the settings file ~/stoa.toml is not valid TOML at line 1, column 7: unclosed table, expected `]`");
}

#[test]
fn a_secret_of_the_wrong_kind_is_not_printed() {
    assert!(!complaint(&format!("{MATRIX}password = 918273645\n")).contains("918273645"));
}

#[test]
fn variables_override_the_file_and_are_named_where_they_are_wrong() {
    let shell = Shell::new();
    shell.write("stoa.toml", "[log]\nformat = \"json\"\n");
    let output = shell
        .stoa(&["stats"])
        .env("STOA__LOG__FORMAT", "xml")
        .output()
        .expect("runs");
    insta::assert_snapshot!(super::sentence(&shell.said(output)), @r#"log.format in the variable STOA__LOG__FORMAT is "xml", but must be "pretty" or "json""#);
}

#[test]
fn a_settings_file_that_was_named_must_be_there() {
    insta::assert_snapshot!(Shell::new().fails(&["stats", "--config", "nowhere.toml"]), @"the settings file ~/nowhere.toml can’t be read; check its name and who may read it: No such file or directory");
}

#[test]
fn nothing_to_serve_is_told_with_what_to_set() {
    insta::assert_snapshot!(Shell::new().fails(&["run"]), @"there is nothing to serve: set matrix.homeserver or discord.token, in ~/stoa.toml or by the variables STOA__MATRIX__HOMESERVER and STOA__DISCORD__TOKEN; `stoa console` works without");
}

#[test]
fn a_checkout_keeps_its_forum_inside_and_an_installed_binary_in_the_home_folder() {
    let shell = Shell::new();
    let stored = |shell: &Shell| {
        let output = shell
            .stoa(&["check"])
            .env_remove("STOA__STORAGE__DIR")
            .output()
            .expect("runs");
        let said = shell.said(output).out;
        said.lines()
            .find(|line| line.starts_with("ok store"))
            .map(str::to_owned)
    };
    if cfg!(target_os = "linux") {
        insta::assert_snapshot!(stored(&shell).expect("told"), @"ok store: none yet in ~/.local/share/stoa; the first start makes it");
    }
    fs::create_dir_all(shell.path("data/config")).expect("makes");
    shell.write("data/config/default.toml", "");
    insta::assert_snapshot!(stored(&shell).expect("told"), @"ok store: none yet in ~/data/run; the first start makes it");
}

#[test]
fn check_tells_of_everything_and_fails_where_something_is_wrong() {
    let shell = Shell::new();
    let said = shell.says(&["check"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @r"
    ok settings: the defaults, since there is no ~/stoa.toml
    ok store: none yet in ~/run; the first start makes it
    ok platforms: none is set up; discord.token or matrix.homeserver is what `stoa run` needs first
    ");

    shell.pipe(&["console"], "!ask Does it check?\n");
    let said = shell.says(&["check"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @r"
    ok settings: the defaults, since there is no ~/stoa.toml
    ok store: ~/run/forum.db is whole
    ok lock: free
    ok index: one question, up to date
    ok privacy: the storage folder is its owner’s alone
    ok platforms: none is set up; discord.token or matrix.homeserver is what `stoa run` needs first
    ");

    fs::remove_dir_all(shell.storage().join("index")).expect("removes");
    shell.write("stoa.toml", &format!("{MATRIX}password = \"x\"\n"));
    let said = shell.says(&["check", "--online"]);
    assert_eq!(said.code, Some(1));
    assert!(!said.out.contains("matrix: Matrix"), "{}", said.out);
    let (local, online) = said
        .out
        .split_once("problem matrix: ")
        .expect("nobody is there");
    insta::assert_snapshot!(local, @r"
    ok settings: ~/stoa.toml
    advice settings: ~/stoa.toml has a secret in it (matrix.password) and can be read by others → chmod 600 it, or put the secret in a file of its own
    ok store: ~/run/forum.db is whole
    ok lock: free
    advice index: it can’t be used, because there was none → the next start of `stoa` builds it anew, and so does `stoa reindex`
    ok privacy: the storage folder is its owner’s alone
    ok matrix: @stoa:localhost on http://127.0.0.1:9
    ");
    assert!(
        online.contains("http://127.0.0.1:9") && online.contains(" → "),
        "{online}"
    );

    shell.write("stoa.toml", "[forum]\nlanguage = \"de\"\n");
    let said = shell.says(&["check"]);
    assert_eq!(said.code, Some(1));
    let problem = "problem settings: forum.language is \"de\", which there are no texts in, so that English is shown → set it to \"en\"\n";
    assert!(said.out.contains(problem), "{}", said.out);

    shell.write("stoa.toml", "[frum]\n");
    let said = shell.says(&["check"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.out, @"problem settings: [frum] in ~/stoa.toml is no section of the settings → did you mean [forum]?");
}

#[cfg(unix)]
mod private {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use super::{MATRIX, Shell};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("is there").permissions().mode() & 0o777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("sets");
    }

    /// All below a folder, with it.
    fn all(path: &Path) -> Vec<PathBuf> {
        let mut found = vec![path.to_owned()];
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("reads") {
                found.extend(all(&entry.expect("reads").path()));
            }
        }
        found
    }

    #[test]
    fn the_storage_folder_backups_and_exports_are_their_owners_alone() {
        let shell = Shell::with_demo();
        for (command, file) in [("backup", "copy.db"), ("export", "forum.jsonl")] {
            shell.does(&[command, file]);
            assert_eq!(mode(&shell.path(file)), 0o600, "{command}");
        }
        shell.does(&["restore", "copy.db"]);
        shell.pipe(&["console"], "!ask Who can read this?\n");
        let open: Vec<_> = all(&shell.storage())
            .into_iter()
            .filter(|path| mode(path) & 0o077 != 0)
            .collect();
        assert!(open.is_empty(), "{open:?}");
        // What an older version left open is said, and closed at the next start.
        let database = shell.storage().join("forum.db");
        set(&shell.storage(), 0o755);
        set(&database, 0o644);
        let said = shell.says(&["check"]);
        assert_eq!(said.code, Some(1));
        assert!(
            said.out.contains("problem privacy: others can read ~/run and 1 more → the next start of `stoa` takes that from them\n"),
            "{}",
            said.out
        );
        shell.pipe(&["console"], "!help\n");
        assert_eq!((mode(&shell.storage()), mode(&database)), (0o700, 0o600));
        assert!(shell.says(&["check"]).out.contains("ok privacy: "));
    }

    #[test]
    fn a_settings_file_with_a_secret_that_others_can_read_is_told_of() {
        let shell = Shell::new();
        shell.write("stoa.toml", &format!("{MATRIX}password = \"x\"\n"));
        let said = |mode| {
            set(&shell.path("stoa.toml"), mode);
            shell.says(&["check"]).out
        };
        assert!(
            said(0o644).contains("advice settings: ~/stoa.toml has a secret in it (matrix.password) and can be read by others → chmod 600 it, or put the secret in a file of its own\n"),
            "{}",
            said(0o644)
        );
        assert!(!said(0o600).contains("advice"));
        shell.write("password", "x");
        shell.write(
            "stoa.toml",
            &format!("{MATRIX}password_file = \"password\"\n"),
        );
        assert!(!said(0o644).contains("advice"));
    }
}
