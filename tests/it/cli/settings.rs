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
    insta::assert_snapshot!(complaint("[matrix]\nhomserver = \"https://example.org\"\n"), @"");
    insta::assert_snapshot!(complaint("[forum]\nprefix = 7\n"), @"");
    insta::assert_snapshot!(complaint("[forum]\nprefix = \"# \"\n"), @"");
    insta::assert_snapshot!(complaint(&format!("{MATRIX}password = \"x\"\npassword_file = \"y\"\n")), @"");
    insta::assert_snapshot!(complaint(&format!("{MATRIX}access_token = \"x\"\naccess_token_file = \"y\"\n")), @"");
    insta::assert_snapshot!(complaint(MATRIX), @"");
    insta::assert_snapshot!(complaint(&format!("{MATRIX}password_file = \"nowhere\"\n")), @"");
    insta::assert_snapshot!(complaint("[matrix]\nhomeserver = \"example.org\"\n"), @"");
    insta::assert_snapshot!(complaint("[log]\nlevel = \"loud=much\"\n"), @"");
    insta::assert_snapshot!(complaint("[forum\n"), @"");
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
    insta::assert_snapshot!(super::sentence(&shell.said(output)), @"");
}

#[test]
fn a_settings_file_that_was_named_must_be_there() {
    insta::assert_snapshot!(Shell::new().fails(&["stats", "--config", "nowhere.toml"]), @"");
}

#[test]
fn nothing_to_serve_is_told_with_what_to_set() {
    insta::assert_snapshot!(Shell::new().fails(&["run"]), @"");
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
        insta::assert_snapshot!(stored(&shell).expect("told"), @"");
    }
    fs::create_dir_all(shell.path("data/config")).expect("makes");
    shell.write("data/config/default.toml", "");
    insta::assert_snapshot!(stored(&shell).expect("told"), @"");
}

#[test]
fn check_tells_of_everything_and_fails_where_something_is_wrong() {
    let shell = Shell::new();
    let said = shell.says(&["check"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @"");

    shell.pipe(&["console"], "!ask Does it check?\n");
    let said = shell.says(&["check"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @"");

    fs::remove_dir_all(shell.storage().join("index")).expect("removes");
    shell.write("stoa.toml", &format!("{MATRIX}password = \"x\"\n"));
    let said = shell.says(&["check", "--online"]);
    assert_eq!(said.code, Some(1));
    let (local, online) = said
        .out
        .split_once("problem matrix: ")
        .expect("nobody is there");
    insta::assert_snapshot!(local, @"");
    assert!(
        online.contains("http://127.0.0.1:9") && online.contains(" → "),
        "{online}"
    );

    shell.write("stoa.toml", "[frum]\n");
    let said = shell.says(&["check"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.out, @"");
}
