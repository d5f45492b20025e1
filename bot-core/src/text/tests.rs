use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::forum::{Address, Score, Timestamp};

fn en() -> Texts {
    Texts::new("en")
}

/// The messages of a language's files, each with the variables that it names.
fn declared(files: &[&'static str]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut at = "";
    for line in files.iter().flat_map(|file| file.lines()) {
        if line.starts_with('#') {
            continue;
        }
        if let Some((id, _)) = line.split_once(" = ")
            && !id.starts_with(' ')
        {
            at = id;
            assert!(
                found.insert(id, BTreeSet::new()).is_none(),
                "{id} is there twice"
            );
        }
        for variable in line.split('$').skip(1) {
            let name = variable
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric())
                .collect();
            found.entry(at).or_default().insert(name);
        }
    }
    found
}

#[test]
fn every_message_has_a_key_and_every_key_a_message() {
    let keys: BTreeSet<&str> = Key::ALL.iter().map(|key| key.id()).collect();
    for (language, files) in LOCALES {
        let messages: BTreeSet<&str> = declared(files).into_keys().collect();
        // What is named by a rule is held to it where the rule is.
        let by_rule = |id: &&&str| {
            ["help-", "example-", "slash-", "option-", "name-"]
                .iter()
                .any(|rule| id.starts_with(rule))
        };
        let unknown = messages.difference(&keys).filter(|id| !by_rule(id));
        let unknown: Vec<_> = unknown.collect();
        assert!(unknown.is_empty(), "{language}: no key for {unknown:?}");
        if *language == FALLBACK {
            let missing: Vec<_> = keys.difference(&messages).collect();
            assert!(missing.is_empty(), "{language}: no message for {missing:?}");
        }
    }
}

#[test]
fn every_file_is_read_whole_and_has_no_marks_in_it() {
    for (language, files) in LOCALES {
        for file in *files {
            let read = FluentResource::try_new((*file).to_owned());
            assert!(read.is_ok(), "{language}: {:?}", read.err().map(|e| e.1));
            let marks = FIRST_MARK..=LAST_MARK;
            assert!(!file.chars().any(|c| marks.contains(&u32::from(c))));
        }
        bundle(language, files);
    }
}

#[test]
fn every_message_is_said_without_errors_given_its_variables() {
    for (language, files) in LOCALES {
        let messages = declared(files);
        let bundle = bundle(language, files);
        for (id, variables) in &messages {
            for number in [0_i64, 1, 2, 84] {
                let mut args = FluentArgs::new();
                for name in variables {
                    args.set(name.as_str(), number);
                }
                let pattern = bundle
                    .get_message(id)
                    .and_then(|message| message.value())
                    .unwrap_or_else(|| panic!("{language}: {id} has no text"));
                let mut errors = Vec::new();
                bundle.format_pattern(pattern, Some(&args), &mut errors);
                assert!(errors.is_empty(), "{language}: {id}: {errors:?}");
            }
        }
    }
}

#[test]
fn votes_are_said_with_sign_and_singular() {
    let votes = |ups, downs| en().votes(Score { ups, downs });
    assert_eq!(votes(84, 0), "+84 votes");
    assert_eq!(votes(2, 1), "+1 vote");
    assert_eq!(votes(3, 3), "0 votes");
    assert_eq!(votes(0, 1), "\u{2013}1 vote");
    assert_eq!(votes(1, 22), "\u{2013}21 votes");
    assert_eq!(votes(123_456, 0), "+123456 votes");
}

#[test]
fn answers_are_counted_in_words() {
    let said: Vec<String> = [0, 1, 3, 21].map(|count| en().answers(count)).into();
    assert_eq!(
        said,
        ["no answers yet", "1 answer", "3 answers", "21 answers"]
    );
}

#[test]
fn a_moment_is_absolute_and_in_utc() {
    assert_eq!(en().moment(Timestamp(0)), "1 Jan 1970, 00:00 UTC");
    assert_eq!(
        en().moment(Timestamp(1_795_434_059_999)),
        "23 Nov 2026, 11:40 UTC"
    );
    assert_eq!(en().moment(Timestamp(i64::MAX)), "30 Dec 9999, 22:00 UTC");
    assert!(en().moment(Timestamp(i64::MIN)).ends_with("UTC"));
}

#[test]
fn what_people_wrote_is_never_read_as_fluent_nor_as_a_mark() {
    let title = "{ $address } \u{E000}\u{E001} { votes }";
    let line = en().line(
        Key::QuestionTitle,
        &[
            ("address", Arg::Node(Inline::Address(Address::question(7)))),
            ("title", Arg::Text(title)),
        ],
    );
    assert_eq!(
        line,
        [
            Inline::Address(Address::question(7)),
            Inline::Text(" ".into()),
            Inline::Text(title.into())
        ]
    );
}

#[test]
fn a_language_that_does_not_ship_is_english() {
    for language in ["en", "en-GB", "tlh", "", "no language at all"] {
        let texts = Texts::new(language);
        assert_eq!(texts.say(Key::Someone, &[]), "someone", "{language}");
    }
}

/// The words of English letters alone, of two or more.
fn english_words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic()))
        .collect()
}

#[test]
fn the_language_that_is_made_of_english_says_everything_otherwise_and_longer() {
    let (made, en) = (Texts::new(PSEUDO), en());
    for (id, variables) in declared(LOCALES[0].1) {
        let mut args = FluentArgs::new();
        for name in &variables {
            args.set(name.as_str(), 2);
        }
        let (said, english) = (made.format(id, &args), en.format(id, &args));
        let length = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        let typed = english
            .split_whitespace()
            .any(|word| word.starts_with(['/', '!', '-']) || word.contains(':'));
        if !typed {
            assert_eq!(english_words(&said), [""; 0], "{id}: {said}");
            assert!(length(&said) * 3 >= length(&english) * 4, "{id}: {said}");
        }
    }
}
