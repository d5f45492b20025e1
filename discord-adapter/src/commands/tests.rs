//! That Discord takes every command, and that each is understood when it comes back.

use bot_core::command::view::{Questions, Show};
use bot_core::command::{Given, Intent, JoinCommand, Link, ListOrder, Target, View, build};
use bot_core::forum::Address;
use serde_json::json;
use twilight_model::application::command::Command as Received;

use super::read::Misread;
use super::*;
use crate::custom_id::{Dialog, PostRef};
use crate::dialogs::Prefill;
use crate::words::tests::{longer, with_english};

fn english() -> Vec<Value> {
    written(&with_english(|texts| all(texts, &locales(texts))))
}

fn written(commands: &[ApplicationCommand]) -> Vec<Value> {
    let written = commands.iter().map(serde_json::to_value);
    written.collect::<Result<_, _>>().expect("can be written")
}

/// The command as Discord would give it back.
fn received(command: &Value) -> Received {
    let mut received = command.clone();
    received["id"] = json!("1");
    received["application_id"] = json!("2");
    received["version"] = json!("3");
    if received.get("description").is_none() {
        received["description"] = json!("");
    }
    if received.get("default_member_permissions").is_none() {
        received["default_member_permissions"] = json!(null);
    }
    serde_json::from_value(received).unwrap_or_else(|error| panic!("{error}: {command}"))
}

#[test]
fn discord_takes_every_command() {
    let all = english();
    are_taken(&all);
    for command in &all {
        let cut = command["description"].as_str().unwrap_or_default();
        assert!(!cut.ends_with('…'), "cut off: {command}");
    }
}

#[test]
fn discord_takes_every_command_in_a_language_of_longer_words() {
    let longer = longer();
    let all = written(&all(&longer, &locales(&longer)));
    are_taken(&all);
    for command in &all {
        let description = command["description"].as_str().unwrap_or_default();
        assert!(
            description.is_empty() || description.starts_with('['),
            "{command}"
        );
    }
}

#[test]
fn names_and_descriptions_are_in_the_language_of_who_sees_them() {
    /// What has a name, with whatever it consists of.
    fn named<'a>(of: &'a Value, into: &mut Vec<&'a Value>) {
        into.push(of);
        for field in ["options", "choices"] {
            let parts = of[field].as_array().into_iter().flatten();
            parts.for_each(|part| named(part, into));
        }
    }
    let longer = longer();
    let locales = locales(&longer);
    let all = with_english(|texts| all(texts, &locales));
    let mut known = Vec::new();
    let mut menus_and_choices = 0;
    for command in &written(&all) {
        let mut parts = Vec::new();
        named(command, &mut parts);
        for part in parts {
            let english = part["name"].as_str().expect("a name");
            let name = part["name_localizations"]["de"].as_str();
            let is_word = part["description"].is_string();
            let Some(name) = name else {
                panic!("{part} has an English name alone");
            };
            assert_ne!(name, english);
            if !is_word {
                menus_and_choices += 1;
                continue;
            }
            known.push(english.to_owned());
            let is_small = |c: char| c.is_alphabetic() && !c.is_uppercase();
            assert!(name.chars().all(is_small), "{name}");
            assert!((1..=32).contains(&name.chars().count()), "{name}");
            let description = part["description_localizations"]["de"].as_str();
            let description = description.expect("a description");
            assert!(description.starts_with('['), "{description}");
            assert!((1..=100).contains(&description.encode_utf16().count()));
        }
        let options = command["options"].as_array().into_iter().flatten();
        let mut names: Vec<_> = options
            .map(|option| option["name_localizations"]["de"].to_string())
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{command}");
    }
    assert!(menus_and_choices > 3);
    // Nothing is named in the file that is not among them.
    let file = include_str!("../../../data/locales/en/discord.ftl");
    for line in file.lines().filter_map(|line| line.strip_prefix("name-")) {
        let (id, name) = line.split_once(" = ").expect("a message");
        assert!(id.ends_with(name), "{line}");
        let is_choice = name == ALL_COMMANDS;
        assert!(is_choice || known.iter().any(|one| one == name), "{line}");
    }
}

#[test]
fn where_no_other_language_ships_english_is_all_that_is_sent() {
    let sent = Value::from(english()).to_string();
    let others = bot_core::text::Texts::others().count();
    assert_eq!(sent.contains("_localizations"), others > 0);
}

fn are_taken(all: &[Value]) {
    assert!(all.len() <= 100);
    for command in all {
        let received = received(command);
        twilight_validate::command::command(&received)
            .unwrap_or_else(|error| panic!("{error}: {command}"));
        twilight_validate::command::options(&received.options)
            .unwrap_or_else(|error| panic!("{error}: {command}"));
        let mut options: Vec<_> = received.options.iter().collect();
        for option in &received.options {
            twilight_validate::command::option(option)
                .unwrap_or_else(|error| panic!("{error}: {command}"));
            options.extend(option.options.iter().flatten());
            for choice in option.choices.iter().flatten() {
                twilight_validate::command::choice(choice)
                    .unwrap_or_else(|error| panic!("{error}: {command}"));
            }
            let completed = option.autocomplete == Some(true);
            assert!(!completed || option.choices.is_none(), "{command}");
        }
    }
}

#[test]
fn every_command_of_the_table_is_there_and_none_twice() {
    let all = english();
    let mut names: Vec<_> = all.iter().map(|one| (&one["type"], &one["name"])).collect();
    for command in COMMANDS {
        assert!(
            all.iter().any(|one| one["name"] == command.name),
            "{command:?}"
        );
    }
    // With the three menus.
    assert_eq!(names.len(), COMMANDS.len() + 3);
    names.sort_by_key(|name| format!("{name:?}"));
    names.dedup();
    assert_eq!(names.len(), all.len());
}

#[test]
fn the_commands() {
    let mut shown = String::new();
    for command in english() {
        shown.push_str(&format!("{} {} –", command["type"], command["name"]));
        for option in command["options"].as_array().into_iter().flatten() {
            let required = option["required"] == json!(true);
            let completed = option["autocomplete"] == json!(true);
            shown.push_str(&format!(
                " {}:{}{}{}",
                option["name"].as_str().expect("a name"),
                option["type"],
                if required { " required" } else { "" },
                if completed { " completed" } else { "" },
            ));
        }
        let manages = command["default_member_permissions"].as_u64();
        shown.push_str(&format!(" {} {manages:?}\n", command["contexts"]));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_hash_notices_changes_and_nothing_else() {
    let one = json!({"a": 1, "b": [{"c": "x", "d": null}]});
    let same: Value =
        serde_json::from_str(r#"{"b": [{"d": null, "c": "x"}], "a": 1}"#).expect("reads");
    assert_eq!(hash(&one), hash(&same));
    assert_eq!(hash(&one).len(), 16);
    for other in [
        json!({"a": 1, "b": [{"c": "y", "d": null}]}),
        json!({"a": 1, "b": [{"c": "x"}]}),
        json!({"a": "1", "b": [{"c": "x", "d": null}]}),
        json!([]),
        json!({}),
        json!(null),
    ] {
        assert_ne!(hash(&one), hash(&other), "{other}");
    }
    let all = Value::from(written(&with_english(|texts| all(texts, &[]))));
    assert_eq!(hash(&all), hash(&all.clone()));
}

fn text(name: &str, text: &str) -> (String, OptionValue) {
    (name.to_owned(), OptionValue::Text(text.to_owned()))
}

fn number(name: &str, number: i64) -> (String, OptionValue) {
    (name.to_owned(), OptionValue::Number(number))
}

#[test]
fn each_command_is_understood() {
    let at = Target::At(Address::question(42).with_answer(1));
    let location = PostRef::At(Address::question(42).with_answer(1));
    let options = [
        text("post", "#42.1 Why not?"),
        text("title", " Why\nnot? "),
        text("words", "opened  keg"),
        number("page", 2),
        text("list", "hot"),
        text("tag", "Rust"),
        text("command", "ask"),
        text("tags", "a, #b,,c"),
        text("reason", "typo"),
        text("code", "k7qd-m2xa"),
        text("agree", "yes"),
    ];
    let given = Given {
        post: Some(at),
        title: Some("Why not?".to_owned()),
        text: Some("opened keg".to_owned()),
        page: Some(2),
        order: Some(ListOrder::Hot),
        tag: Some("rust".to_owned()),
        topic: Some("ask".to_owned()),
        tags: Some(["a", "b", "c"].map(str::to_owned).to_vec()),
        reason: Some("typo".to_owned()),
        code: Some("K7QDM2XA".to_owned()),
        agrees: true,
        ..Given::default()
    };
    // The subcommands of the others are tried below.
    for command in COMMANDS.iter().filter(|command| command.parts.is_empty()) {
        let wanted = match command.name {
            "ask" => {
                let prefill = Prefill {
                    title: Some("Why not?".to_owned()),
                    tags: Some("a, #b,,c".to_owned()),
                    ..Prefill::default()
                };
                Asked::Dialog(Dialog::Ask { from: None }, prefill)
            }
            "answer" => Asked::Dialog(
                Dialog::Answer {
                    to: location.clone(),
                },
                Prefill::default(),
            ),
            "comment" => Asked::Dialog(
                Dialog::Comment {
                    on: location.clone(),
                },
                Prefill::default(),
            ),
            _ => {
                let given = Given {
                    // A text would need its dialog.
                    text: given.text.clone().filter(|_| !command.takes_text()),
                    ..given.clone()
                };
                Asked::Intent(build(command, given).expect("whole"))
            }
        };
        assert_eq!(
            intent(command.name, &options),
            Ok(wanted),
            "{}",
            command.name
        );
    }
}

#[test]
fn every_command_and_option_says_what_it_is_for() {
    fn described(of: &Value) {
        let text = of["description"].as_str().unwrap_or_default();
        assert!(text.chars().count() > 1, "{of}");
        for option in of["options"].as_array().into_iter().flatten() {
            described(option);
        }
    }
    english()
        .iter()
        .filter(|command| command["type"] == json!(1))
        .for_each(described);
}

#[test]
fn what_is_left_out_is_here_or_the_first() {
    assert_eq!(
        intent("show", &[]),
        Ok(Asked::Intent(Intent::View(View::Show(Show {
            post: Target::Here,
            page: 1
        }))))
    );
    assert_eq!(
        intent("questions", &[number("page", -7), text("list", "none")]),
        Ok(Asked::Intent(Intent::View(View::Questions(Questions {
            order: ListOrder::Recent,
            tag: None,
            page: 1
        }))))
    );
    let prefill = Prefill {
        reason: Some("typo".to_owned()),
        ..Prefill::default()
    };
    assert_eq!(
        intent("edit", &[text("reason", "typo")]),
        Ok(Asked::Dialog(
            Dialog::Edit {
                post: PostRef::Here,
                seen: None
            },
            prefill
        ))
    );
    let asked = intent("ask", &[]);
    assert!(matches!(
        asked,
        Ok(Asked::Dialog(Dialog::Ask { from: None }, _))
    ));
}

#[test]
fn what_makes_no_sense_is_told() {
    let named = |name| bot_core::command::named(name).expect("a command");
    assert_eq!(intent("none", &[]), Err(Misread::NoSuchCommand));
    assert_eq!(intent("c", &[]), Err(Misread::NoSuchCommand));
    assert_eq!(intent("forum", &[]), Err(Misread::NoSuchCommand));
    assert_eq!(
        intent("search", &[text("words", "  ")]),
        Err(Misread::Incomplete(named("search")))
    );
    assert_eq!(
        intent("show", &[text("post", "Why not?")]),
        Err(Misread::NoAddress(named("show")))
    );
    let huge = number("page", i64::MAX);
    assert!(matches!(
        intent("show", &[huge]),
        Ok(Asked::Intent(Intent::View(View::Show(Show {
            page: u32::MAX,
            ..
        }))))
    ));
}

#[test]
fn the_forum_is_opened_and_closed() {
    let sub = |name: &str| vec![(name.to_owned(), OptionValue::Subcommand)];
    assert_eq!(intent("forum", &sub("open")), Ok(Asked::Forum(Door::Open)));
    assert_eq!(
        intent("forum", &sub("close")),
        Ok(Asked::Forum(Door::Close))
    );
    assert_eq!(
        intent("forum", &[text("open", "")]),
        Err(Misread::NoSuchCommand)
    );
}

#[test]
fn forums_are_joined_and_parted_by_subcommands() {
    let sub = |name: &str| (name.to_owned(), OptionValue::Subcommand);
    let union = |union| Ok(Asked::Intent(Intent::Link(Link::Forum(union))));
    assert_eq!(intent("forum", &[sub("code")]), union(JoinCommand::Code));
    let code = "K7QDM2XA".to_owned();
    assert_eq!(
        intent("forum", &[sub("join"), text("code", "K7QD M2XA")]),
        union(JoinCommand::Join {
            code,
            agrees: false
        })
    );
    assert_eq!(
        intent("forum", &[sub("leave"), text("agree", "yes")]),
        union(JoinCommand::Leave {
            which: None,
            agrees: true
        })
    );
    assert_eq!(
        intent("forum", &[sub("leave"), text("which", "discord:7")]),
        union(JoinCommand::Leave {
            which: Some("discord:7".to_owned()),
            agrees: false
        })
    );
    assert_eq!(intent("forum", &[sub("join")]), Err(Misread::NoSuchCommand));
}

#[test]
fn a_menu_is_known_by_its_name() {
    with_english(|texts| {
        assert_eq!(menu("Make this a question", texts), Some(Menu::Question));
        assert_eq!(menu("Make this an answer", texts), Some(Menu::Answer));
        assert_eq!(menu("Accept this answer", texts), Some(Menu::Accept));
        assert_eq!(menu("ask", texts), None);
    });
}
