//! Options on a command's first line, and what is said of those that can't be meant.

use super::*;
use crate::text::{Key, Texts};

fn asked(text: &str) -> (String, Vec<String>) {
    match act(text, ROOM) {
        Act::Ask { title, tags, .. } => (title, tags),
        other => panic!("{text:?} is {other:?}"),
    }
}

fn misread(text: &str, speech: Speech<'_>) -> (String, WrongOption) {
    match parse(text, speech) {
        Parsed::Misread { option, why, .. } => (option, why),
        other => panic!("{text:?} is {other:?}"),
    }
}

#[test]
fn words_before_and_behind_an_option_stay_apart() {
    for (text, title, tag) in [
        (
            "!ask Which yeast --tag beer do you use?",
            "Which yeast do you use?",
            "beer",
        ),
        (
            "!ask A title --tag Beer Wine,  red wine",
            "A title Wine,  red wine",
            "Beer",
        ),
        ("!ask --tag beer Which yeast?", "Which yeast?", "beer"),
        ("!ask Which yeast?  --tag beer", "Which yeast?", "beer"),
        ("!ask Which  --tag\tbeer\tyeast?", "Which yeast?", "beer"),
    ] {
        assert_eq!(
            asked(text),
            (title.to_owned(), vec![tag.to_owned()]),
            "{text}"
        );
    }
    for text in [
        "!edit #1 --tag keg It keeps.",
        "!edit --tag keg #1 It keeps.",
        "!edit #1 --reason \"typo\"It keeps.",
        "!edit #1 It --reason \"typo\"keeps.",
        "!edit #1 It --title \"Typo\" keeps.",
    ] {
        let Act::Edit { post, body, .. } = act(text, ROOM) else {
            panic!("{text}");
        };
        assert_eq!(
            (post, body.as_deref()),
            (at("1"), Some("It keeps.")),
            "{text}"
        );
    }
}

#[test]
fn every_command_has_its_help_and_example_and_nothing_else_has() {
    let texts = Texts::new("en");
    for rule in ["help", "example"] {
        for command in COMMANDS {
            let id = format!("{rule}-{}", command.name);
            assert!(texts.find(&id).is_some(), "{id}");
        }
    }
    let file = include_str!("../../../../data/locales/en/help.ftl");
    let ids = file.lines().filter_map(|line| line.split_once(" = "));
    for (id, _) in ids {
        let about = id
            .strip_prefix("example-")
            .or_else(|| id.strip_prefix("help-"));
        let is_key = id.starts_with("name-") || Key::ALL.iter().any(|key| key.id() == id);
        let is_ours = |name| COMMANDS.iter().any(|command| command.name == name);
        assert!(is_key || about.is_some_and(is_ours), "{id}");
    }
}

#[test]
fn every_example_of_the_help_is_whole_when_it_is_typed() {
    let texts = Texts::new("en");
    for command in COMMANDS {
        let example = format!(
            "{} {}",
            command.name,
            texts.named(&format!("example-{}", command.name))
        );
        for text in [format!("!{example}"), example] {
            let read = parse(&text, TERMINAL);
            assert!(matches!(read, Parsed::Intent(_)), "{text} is {read:?}");
            assert_eq!(parse(&text, DIRECT), read, "{text}");
        }
    }
    let edit = texts.named("example-edit");
    let Act::Edit { body, reason, .. } = act(&format!("!edit {edit}"), ROOM) else {
        panic!("an edit");
    };
    assert_eq!(
        (body.as_deref(), reason.as_deref()),
        (Some("About three weeks, if it stays cold."), Some("typo"))
    );
}

#[test]
fn an_edit_whose_text_begins_like_an_option_is_misread() {
    for (text, option) in [
        ("!edit #16 --foo z", "--foo"),
        ("!edit #16 --tga beer", "--tga"),
        ("!edit #16 —foo beer", "—foo"),
        ("!edit #16 --reason typo --foo z", "--foo"),
        ("!edit #16 --tag beer --foo z\nmore", "--foo"),
    ] {
        let (said, why) = misread(text, ROOM);
        assert_eq!(said, option, "{text}");
        assert!(matches!(why, WrongOption::Unknown { .. }), "{text}");
    }
    assert_eq!(misread("!edit --foo z", THREAD).0, "--foo");
    assert_eq!(misread("edit #16 --foo z", DIRECT).0, "--foo");
    for (text, kept) in [
        ("!edit #16 Try git --amend", "Try git --amend"),
        ("!edit #16 -- she said", "-- she said"),
        ("!edit #16 --> there", "--> there"),
        ("!edit #16\n--amend does it", "--amend does it"),
    ] {
        let Act::Edit { body, .. } = act(text, ROOM) else {
            panic!("{text}");
        };
        assert_eq!(body.as_deref(), Some(kept));
    }
    assert_eq!(parse("edit this --foo", DIRECT), Parsed::Talk);
}

#[test]
fn an_option_with_nothing_behind_it_is_misread() {
    for (text, option) in [
        ("!edit #16 --tag", "--tag"),
        ("!edit #16 --tags  ", "--tags"),
        ("!edit #16 A text --tag", "--tag"),
        ("!edit #16 --tag --reason typo", "--tag"),
        ("!edit #16 --reason --tag beer", "--reason"),
        ("!edit #16 --title", "--title"),
        ("!edit #16 --reason\nA text", "--reason"),
        ("!ask Which yeast? --tag", "--tag"),
    ] {
        assert_eq!(
            misread(text, ROOM),
            (option.to_owned(), WrongOption::Empty),
            "{text}"
        );
    }
    assert_eq!(parse("edit this --tag", DIRECT), Parsed::Talk);
}

#[test]
fn an_option_is_taken_however_it_is_typed() {
    for text in [
        "!ask How long? --tag keg,beer",
        "!ask How long? --tag keg, beer",
        "!ask How long? --tag keg , beer",
        "!ask How long? --tag #keg,#beer",
        "!ask How long? --tags keg,beer",
        "!ask How long? --Tag keg,beer",
        "!ask How long? --tag=keg,beer",
        "!ask How long? —tag keg,beer",
        "!ask How long? –tags=keg, beer",
        "!ask How long? --tag \"keg beer\"",
        "!ask How long? --tag “keg, beer”",
        "!ask How long? --tag keg --tag beer",
        "!ask --tag keg, beer\nHow long?",
        "!ask\nHow long? --tag keg, beer",
        "!ask --tag keg, beer How long?",
    ] {
        let (title, tags) = asked(text);
        assert_eq!(title.trim(), "How long?", "{text}");
        assert_eq!(tags, ["keg", "beer"], "{text}");
    }
    for (text, title) in [
        ("!edit #1 --title “Six weeks” --reason „typo“", "Six weeks"),
        ("!edit #1 —title Six weeks —reason typo", "Six weeks"),
        ("!edit #1 --TITLE=\"Six weeks\" --reason=typo", "Six weeks"),
        ("!edit #1 --title Six –always --reason typo", "Six –always"),
    ] {
        let Act::Edit {
            title: new, reason, ..
        } = act(text, ROOM)
        else {
            panic!("{text}");
        };
        assert_eq!(
            (new.as_deref(), reason.as_deref()),
            (Some(title), Some("typo")),
            "{text}"
        );
    }
}

#[test]
fn an_option_of_another_name_is_said_with_the_one_that_is_meant() {
    for (text, near) in [
        ("!ask How long? --label beer", Opt::Tag),
        ("!ask How long? --tga beer", Opt::Tag),
        ("!ask --category beer How long?", Opt::Tag),
        ("!edit #1 --titel Six weeks", Opt::Title),
        ("!edit #1 --raeson typo", Opt::Reason),
        ("!edit #1 It keeps. --why typo", Opt::Reason),
    ] {
        let (_, why) = misread(text, ROOM);
        assert_eq!(why, WrongOption::Unknown { near: Some(near) }, "{text}");
    }
    for title in [
        "What does git --amend do",
        "Is `--label` needed?",
        "Six –label weeks",
        "What does --tap do?",
    ] {
        assert_eq!(asked(&format!("!ask {title}")).0, title);
    }
}

#[test]
fn an_address_is_read_with_what_people_write_around_it() {
    for text in [
        "!show #1.",
        "!show (#1)",
        "!show [#1]",
        "!show ＃1",
        "!show #1?",
        "!show #1:",
        "!show 1",
    ] {
        let shown = super::view::Show {
            post: at("1"),
            page: 1,
        };
        assert_eq!(looks(text, ROOM), View::Show(shown), "{text}");
    }
    let none = super::view::Show {
        post: Target::At(Address::question(0)),
        page: 1,
    };
    assert_eq!(looks("!show #0", ROOM), View::Show(none));
}

#[test]
fn several_commands_in_a_message_are_told_apart_and_none_is_done() {
    assert_eq!(parse("!up #1\n!accept #1.1", ROOM), Parsed::Several);
    assert_eq!(parse("!search keg\n！up #1", ROOM), Parsed::Several);
    // A text may be about commands.
    let answer = act("!answer #1 Say this:\n!up #1", ROOM);
    assert!(matches!(answer, Act::Answer { .. }));
}

#[test]
fn what_is_tried_is_told_what_it_is_called() {
    for (text, said, name) in [
        ("!vote #1", "!vote", "up"),
        ("/ask How long?", "/ask", "ask"),
        ("!solved #1.1", "!solved", "accept"),
    ] {
        match parse(text, ROOM) {
            Parsed::Unknown { said: told, near } => {
                assert_eq!((told.as_str(), near.name), (said, name))
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    for text in ["/me waves", "/shrug", "/a #1 x", "/", "1/2"] {
        assert_eq!(parse(text, ROOM), Parsed::Nothing, "{text}");
    }
}
