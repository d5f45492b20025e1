mod discord;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::forum::{InTen, Limits};

/// A current folder with, where `text` is some, a `stoa.toml` in it.
struct World {
    dir: TempDir,
}

impl World {
    fn with(text: &str) -> Self {
        let world = Self::empty();
        world.write(FILE_NAME, text);
        world
    }

    fn empty() -> Self {
        Self {
            dir: TempDir::new().expect("a folder"),
        }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("writes");
        fs::write(path, text).expect("writes");
    }

    fn load(&self, env: &[(&str, &str)]) -> Result<Settings, SettingsFault> {
        self.load_file(None, env)
    }

    fn load_file(
        &self,
        file: Option<&str>,
        env: &[(&str, &str)],
    ) -> Result<Settings, SettingsFault> {
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let folders = Folders {
            here: self.dir.path().to_owned(),
            config: Some(self.dir.path().join("user")),
        };
        Settings::load(file.map(Path::new), env, &folders)
    }

    /// What is said about the settings, with the folder left out.
    fn complaint(&self, env: &[(&str, &str)]) -> String {
        self.said(self.load(env).expect_err("wrong settings"))
    }

    fn said(&self, fault: SettingsFault) -> String {
        let source = fault.source().map(|_| ": (what the system says)");
        format!("{fault}{}", source.unwrap_or_default())
            .replace(&format!("{}/", self.dir.path().display()), "")
    }
}

const MATRIX: &str =
    "[matrix]\nhomeserver = \"https://example.org\"\nuser = \"@stoa:example.org\"\n";

fn complaint(text: &str) -> String {
    World::with(text).complaint(&[])
}

#[test]
fn without_a_file_there_are_the_defaults() {
    let settings = World::empty().load(&[]).expect("good settings");
    assert!(settings.log.level.starts_with("info,"));
    assert_eq!(
        settings,
        Settings {
            file: None,
            secrets: Vec::new(),
            storage: StorageSettings {
                dir: None,
                retention: crate::forum::Retention::default(),
            },
            forum: ForumSettings {
                prefix: "!".to_owned(),
                language: "en".to_owned()
            },
            discord: None,
            matrix: None,
            search: SearchSettings {
                similar: InTen::default()
            },
            limits: Limits {
                questions: 10,
                newcomer_questions: 3,
                answers: 25,
                comments: 20,
                edits: 20,
                votes: 300,
                newcomer_posts: 3,
                newcomer_time: Duration::from_secs(24 * 3_600),
            },
            log: LogSettings {
                level: settings.log.level.clone(),
                level_from: SettingOrigin::Defaults,
                format: LogFormat::Pretty
            },
        }
    );
}

#[test]
fn every_key_of_the_sample_is_a_setting_and_every_setting_is_in_the_sample() {
    let sample: String = layers::DEFAULTS
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.starts_with(' ') => key,
            _ => line,
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let fault = World::with(&sample).load(&[]).expect_err("wrong settings");
    assert!(matches!(fault, SettingsFault::Both { .. }), "{fault}");

    let keys: BTreeSet<_> = sample
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
        .collect();
    for section in ["discord", "forum", "log", "matrix", "storage"] {
        let said = complaint(&format!("[{section}]\nxxxxxxxxxxxx = 1\n"));
        let (_, known) = said.split_once("there are ").expect("all are told");
        for known in known.split(", ") {
            let key = known
                .strip_prefix(&format!("{section}."))
                .expect("good settings");
            assert!(keys.contains(key), "{known} is not in the sample");
        }
    }
}

#[test]
fn a_file_goes_over_the_defaults_and_variables_over_the_file() {
    let world = World::with(&format!(
        "[forum]\nprefix = \"?\"\n[log]\nformat = \"json\"\nlevel = \"warn\"\n\
         {MATRIX}password = \"p\"\nignore = [\"@x:y\"]\n"
    ));
    let settings = world
        .load(&[
            ("STOA__LOG__LEVEL", "debug"),
            ("STOA__MATRIX__ROOMS", "#a:example.org, !b:example.org"),
            ("STOA__MATRIX__USER", ""),
            ("STOA__STORAGE__DIR", "state"),
            ("STOAT__LOG__LEVEL", "x"),
        ])
        .expect("good settings");
    assert_eq!(settings.forum.prefix, "?");
    assert_eq!(settings.log.format, LogFormat::Json);
    assert_eq!(settings.log.level, "debug");
    assert_eq!(
        settings.log.level_from,
        SettingOrigin::Variable("STOA__LOG__LEVEL".to_owned())
    );
    assert_eq!(settings.storage.dir, Some(world.dir.path().join("state")));
    assert_eq!(
        settings.matrix,
        Some(MatrixSettings {
            homeserver: "https://example.org".to_owned(),
            user: "@stoa:example.org".to_owned(),
            login: Login::Password(Secret("p".to_owned())),
            recovery_key: None,
            device_name: "Stoa".to_owned(),
            allow_invites_from: None,
            ignore: Patterns::new(vec!["@x:y".to_owned()]),
            rooms: vec!["#a:example.org".to_owned(), "!b:example.org".to_owned()],
        })
    );
}

#[test]
fn the_file_that_is_named_goes_before_the_one_here_before_the_users() {
    let world = World::empty();
    world.write("user/stoa.toml", "forum.prefix = \"u\"");
    assert_eq!(world.load(&[]).expect("good settings").forum.prefix, "u");
    world.write("stoa.toml", "forum.prefix = \"h\"");
    assert_eq!(world.load(&[]).expect("good settings").forum.prefix, "h");
    world.write("other.toml", "forum.prefix = \"o\"");
    let settings = world
        .load_file(Some("other.toml"), &[])
        .expect("good settings");
    assert_eq!(settings.forum.prefix, "o");
    assert_eq!(settings.file, Some(world.dir.path().join("other.toml")));
    let fault = world
        .load_file(Some("none.toml"), &[])
        .expect_err("wrong settings");
    assert_eq!(
        world.said(fault),
        "the settings file none.toml can’t be read; check its name and who may read it: (what the system says)"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_not_passed_over() {
    let world = World::empty();
    fs::create_dir(world.dir.path().join("stoa.toml")).expect("writes");
    assert_eq!(
        world.complaint(&[]),
        "the settings file stoa.toml can’t be read; check its name and who may read it: (what the system says)"
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    assert_eq!(
        complaint("[forum]\nprefix = !\n"),
        "the settings file stoa.toml is not valid TOML at line 2, column 10: string values must be quoted, expected \
         literal string"
    );
}

#[test]
fn an_unknown_key_is_told_with_the_nearest_right_one() {
    assert_eq!(
        complaint("[matrix]\nhomserver = \"https://x.y\"\n"),
        "matrix.homserver in stoa.toml is no setting; did you mean matrix.homeserver?"
    );
    assert_eq!(
        complaint("[matrix]\ntoken = \"x\"\n"),
        "matrix.token in stoa.toml is no setting; did you mean matrix.access_token?"
    );
    assert_eq!(
        complaint("[forum]\nwelcome = true\n"),
        "forum.welcome in stoa.toml is no setting; there are forum.prefix, forum.language"
    );
    assert_eq!(
        complaint("[matrx]\nuser = \"x\"\n"),
        "[matrx] in stoa.toml is no section of the settings; did you mean [matrix]?"
    );
    assert_eq!(
        complaint("[telegram]\n"),
        "[telegram] in stoa.toml is no section of the settings; there are [storage], [forum], [discord], [matrix], [search], [limits], [log]"
    );
    assert_eq!(
        World::empty().complaint(&[("STOA__FORUM__PREFX", "?")]),
        "forum.prefx in the variable STOA__FORUM__PREFX is no setting; did you mean forum.prefix?"
    );
    assert_eq!(
        World::empty().complaint(&[("STOA__PREFIX", "?")]),
        "[prefix] in the variable STOA__PREFIX is no section of the settings; there are [storage], [forum], [discord], [matrix], [search], [limits], [log]"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_but_not_shown() {
    assert_eq!(
        complaint("[matrix]\npassword = 12345\n"),
        "matrix.password in stoa.toml is a number, but must be a text in quotes, such as \"text\""
    );
    assert_eq!(
        complaint("[matrix]\nrooms = \"#a:b\"\n"),
        "matrix.rooms in stoa.toml is a text, but must be a list of texts, such as [\"one\", \"two\"]"
    );
    assert_eq!(
        complaint("[matrix]\nrooms = [\"#a:b\", 7]\n"),
        "a part of matrix.rooms in stoa.toml is a number, but must be a text in quotes, such as \"text\""
    );
    assert_eq!(
        complaint("forum = true\n"),
        "forum in stoa.toml is true or false, but must be a section"
    );
    assert_eq!(
        complaint("[log]\nformat = \"jsno\"\n"),
        "log.format in stoa.toml is \"jsno\", but must be \"pretty\" or \"json\""
    );
    assert_eq!(
        complaint("[log]\nformat = true\n"),
        "log.format in stoa.toml is true or false, but must be a text in quotes, such as \"text\""
    );
    assert_eq!(
        World::empty().complaint(&[("STOA__LOG", "debug")]),
        "log in the variable STOA__LOG is a text, but must be a section"
    );
}

#[test]
fn no_wrong_kind_of_any_key_is_told_in_a_programmers_words() {
    let sample = layers::DEFAULTS.lines();
    let mut section = "";
    let mut told = 0;
    for line in sample {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        }
        let Some((key, _)) = line.trim_start_matches('#').split_once(" = ") else {
            continue;
        };
        for value in [
            "7",
            "1.5",
            "true",
            "\"x\"",
            "[7]",
            "{ x = 7 }",
            "1979-05-27",
            "99999999999999999999",
        ] {
            let text = format!("[{section}]\n{key} = {value}\n");
            let Err(fault) = World::with(&text).load(&[]) else {
                continue;
            };
            let said = fault.to_string();
            told += 1;
            for word in [
                "i64", "u64", "integer", "string", "sequence", "boolean", "invalid", "struct",
                "variant",
            ] {
                assert!(!said.contains(word), "{text}: {said}");
            }
        }
    }
    assert!(told > 30, "{told}");
}

#[test]
fn a_number_may_stand_in_a_variable() {
    let settings = World::empty()
        .load(&[
            ("STOA__LIMITS__QUESTIONS", " 7 "),
            ("STOA__SEARCH__SIMILAR", "3"),
            ("STOA__STORAGE__KEEP_CHANGES", "200000"),
        ])
        .expect("good settings");
    assert_eq!(settings.limits.questions, 7);
    assert_eq!(Some(settings.search.similar), InTen::new(3));
    assert_eq!(
        World::empty().complaint(&[("STOA__LIMITS__QUESTIONS", "many")]),
        "limits.questions in the variable STOA__LIMITS__QUESTIONS is a text, but must be a whole number"
    );
    assert_eq!(
        complaint("[limits]\nquestions = 1.5\n"),
        "limits.questions in stoa.toml is a number with a point, but must be a whole number"
    );
}

#[test]
fn there_is_exactly_one_way_to_log_in() {
    assert_eq!(
        complaint(MATRIX),
        "a way to log in is not set, but matrix.homeserver in stoa.toml needs it; set one of matrix.password, \
         matrix.password_file, matrix.access_token and matrix.access_token_file"
    );
    assert_eq!(
        World::with(&format!("{MATRIX}password_file = \"p\"\n"))
            .complaint(&[("STOA__MATRIX__PASSWORD", "secret")]),
        "matrix.password (in the variable STOA__MATRIX__PASSWORD) and matrix.password_file (in stoa.toml) are both set; \
         keep one of them"
    );
    assert_eq!(
        complaint(&format!(
            "{MATRIX}access_token = \"t\"\naccess_token_file = \"f\"\n"
        )),
        "matrix.access_token (in stoa.toml) and matrix.access_token_file (in stoa.toml) are both set; keep one of them"
    );
    assert_eq!(
        complaint("[matrix]\nhomeserver = \"http://localhost:8008\"\npassword = \"p\"\n"),
        "matrix.user is not set, but matrix.homeserver in stoa.toml needs it; set it to the bot’s account, such as \
         \"@stoa:example.org\""
    );
}

#[test]
fn a_secret_can_stand_in_a_file() {
    let world = World::with(&format!("{MATRIX}access_token_file = \"token\"\n"));
    assert_eq!(
        world.complaint(&[]),
        "the file token that matrix.access_token_file in stoa.toml names can’t be read; check its name and who may read it: (what \
         the system says)"
    );
    world.write("token", "\n");
    assert_eq!(
        world.complaint(&[]),
        "matrix.access_token_file in stoa.toml names token, which is empty; put the secret in, or leave the key out"
    );
    world.write("token", " syt_x \r\n");
    assert_eq!(
        world
            .load(&[])
            .expect("good settings")
            .matrix
            .map(|matrix| matrix.login),
        Some(Login::Token(Secret(" syt_x ".to_owned())))
    );
}

#[test]
fn values_that_cannot_be_meant_are_told_with_what_to_write() {
    let remedy = "choose one or two signs that nobody’s talk begins with, such as \"!\"";
    for (prefix, wrong) in [
        ("", "is empty"),
        ("! ", "has white space in it"),
        ("#", "has a # in it, with which addresses like #42 begin"),
    ] {
        assert_eq!(
            complaint(&format!("[forum]\nprefix = \"{prefix}\"\n")),
            format!("forum.prefix in stoa.toml {wrong}; {remedy}")
        );
    }
    assert_eq!(
        complaint("[forum]\nlanguage = \"plain english\"\n"),
        "forum.language in stoa.toml is \"plain english\", which is no language; write a tag such as \"en\" or \"de-CH\""
    );
    assert_eq!(
        complaint("[storage]\ndir = \"\"\n"),
        "storage.dir in stoa.toml is empty; name a folder, or leave it out"
    );
    assert_eq!(
        complaint("[log]\nlevel = \" \"\n"),
        "log.level in stoa.toml is empty; write error, warn, info, debug or trace"
    );
    for (key, value, wrong) in [
        (
            "homeserver",
            "\"example.org\"",
            "does not begin with https:// or http://",
        ),
        ("homeserver", "\"https://\"", "names no server"),
        ("homeserver", "\"http://:8008\"", "names no server"),
        (
            "homeserver",
            "\"http://localhost:80o8\"",
            "has no valid port",
        ),
        ("homeserver", "\"http://a b\"", "is no address"),
        (
            "homeserver",
            "\"https://mira:x@example.org\"",
            "has a name or password in it, which do not belong into an address",
        ),
        ("user", "\"stoa:example.org\"", "does not begin with @"),
        ("user", "\"@stoa\"", "lacks its name or its server"),
        ("user", "\"\"", "is no Matrix user"),
        ("device_name", "\"\"", "is empty"),
        (
            "ignore",
            "[\"mira\"]",
            "has \"mira\" in it, which fits no Matrix user",
        ),
        (
            "rooms",
            "[\"help\"]",
            "has \"help\" in it, which is no room",
        ),
    ] {
        let others: String = MATRIX
            .lines()
            .filter(|line| !line.starts_with(key))
            .map(|line| format!("{line}\n"))
            .collect();
        let said = complaint(&format!("{others}password = \"p\"\n{key} = {value}\n"));
        assert!(
            said.starts_with(&format!("matrix.{key} in stoa.toml {wrong}; ")),
            "{said}"
        );
    }
}

#[test]
fn good_homeservers_are_taken_without_their_last_slash() {
    for (written, taken) in [
        ("https://example.org/", "https://example.org"),
        ("http://localhost:8008", "http://localhost:8008"),
        ("http://[::1]:8008", "http://[::1]:8008"),
        ("http://[::1]", "http://[::1]"),
        ("https://example.org/matrix/", "https://example.org/matrix"),
    ] {
        let env = [
            ("STOA__MATRIX__HOMESERVER", written),
            ("STOA__MATRIX__USER", "stoa"),
            ("STOA__MATRIX__PASSWORD", "12345"),
        ];
        let matrix = World::empty()
            .load(&env)
            .expect("good settings")
            .matrix
            .expect("good settings");
        assert_eq!(matrix.homeserver, taken);
        assert_eq!(matrix.user, "stoa");
        assert_eq!(matrix.login, Login::Password(Secret("12345".to_owned())));
    }
}

#[test]
fn a_recovery_key_is_taken_from_one_place() {
    let login = format!("{MATRIX}password = \"p\"\n");
    assert_eq!(
        complaint(&format!(
            "{login}recovery_key = \"k\"\nrecovery_key_file = \"f\"\n"
        )),
        "matrix.recovery_key (in stoa.toml) and matrix.recovery_key_file (in stoa.toml) are both set; keep one of them"
    );
    let world = World::with(&format!("{login}recovery_key_file = \"key\"\n"));
    world.write("key", " EsTa bcde \n\n");
    let settings = world.load(&[]).expect("good settings").matrix;
    assert_eq!(
        settings.and_then(|matrix| matrix.recovery_key),
        Some(Secret("EsTa bcde".to_owned()))
    );
}
