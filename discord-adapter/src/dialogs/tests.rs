//! That Discord takes every dialog, and that what is filled in comes back whole.

use bot_core::forum::Address;
use proptest::prelude::*;
use serde_json::{Value, json};
use twilight_model::channel::message::Component;

use super::*;
use crate::words::tests::{longer, with_english};

fn made(dialog: &Dialog, prefill: &Prefill) -> Result<Value, TooLong> {
    // In a language of longer words it fits as well.
    fitting(dialog, written(&modal(dialog, prefill, &longer())?));
    let made = with_english(|texts| modal(dialog, prefill, texts))?;
    Ok(fitting(dialog, written(&made)))
}

fn written(modal: &Modal) -> Value {
    serde_json::to_value(modal).expect("can be written")
}

/// The dialog, which Discord takes.
fn fitting(dialog: &Dialog, made: Value) -> Value {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.encode_utf16().count());
    assert!((1..=45).contains(&length(&made["title"])), "{made}");
    assert!((1..=100).contains(&length(&made["custom_id"])), "{made}");
    assert_eq!(
        Dialog::parse(made["custom_id"].as_str().expect("an id")).as_ref(),
        Ok(dialog)
    );
    let rows: Vec<Component> =
        serde_json::from_value(made["components"].clone()).expect("components");
    assert!((1..=5).contains(&rows.len()), "{made}");
    for row in &rows {
        twilight_validate::component::component_v1(row).unwrap_or_else(|error| panic!("{error}"));
    }
    for input in inputs(&made) {
        let hint = length(&input["placeholder"]);
        assert!((1..=45).contains(&length(&input["label"])) && hint <= 100);
        assert!(json!(length(&input["value"])).as_u64() <= input["max_length"].as_u64());
    }
    made
}

fn inputs(modal: &Value) -> Vec<&Value> {
    let rows = modal["components"].as_array().expect("rows");
    rows.iter().map(|row| &row["components"][0]).collect()
}

/// The dialog sent back as it was opened.
fn sent_back(modal: &Value) -> Result<Filled, Unreadable> {
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let given: Vec<_> = inputs(modal)
        .into_iter()
        .map(|input| (string(&input["custom_id"]), string(&input["value"])))
        .collect();
    filled(&string(&modal["custom_id"]), &given)
}

fn prefill() -> Prefill {
    Prefill {
        title: Some("Why not?".to_owned()),
        tags: Some("#a, b c".to_owned()),
        text: "It is.\n\nOr not.".to_owned(),
        reason: Some("typo".to_owned()),
    }
}

#[test]
fn each_dialog_says_what_was_filled_in() {
    let prefill = prefill();
    let body = prefill.text.clone();
    let address = Address::question(42);
    let message = MessageKey("7/8".to_owned());
    let ask = |title: &str| Act::Ask {
        title: title.to_owned(),
        body: body.clone(),
        tags: ["a", "b", "c"].map(str::to_owned).to_vec(),
    };
    for (dialog, act, on) in [
        (Dialog::Ask { from: None }, ask("Why not?"), None),
        (
            Dialog::Ask {
                from: Some(message.clone()),
            },
            ask("Why not?"),
            Some(message.clone()),
        ),
        (
            Dialog::Answer {
                to: PostRef::At(address),
            },
            Act::Answer {
                question: Target::At(address),
                body: body.clone(),
            },
            None,
        ),
        (
            Dialog::Comment {
                on: PostRef::On(message.clone()),
            },
            Act::Comment {
                on: Target::Here,
                body: body.clone(),
            },
            Some(message),
        ),
        (
            Dialog::Edit {
                post: PostRef::Here,
                seen: Some(3),
            },
            Act::Edit {
                post: Target::Here,
                title: Some("Why not?".to_owned()),
                body: Some(body.clone()),
                tags: None,
                reason: Some("typo".to_owned()),
                seen: Some(3),
            },
            None,
        ),
    ] {
        let modal = made(&dialog, &prefill).expect("fits");
        assert_eq!(sent_back(&modal), Ok(Filled { act, on }));
    }
}

#[test]
fn only_a_question_has_a_title_to_change() {
    let edit = Dialog::Edit {
        post: PostRef::Here,
        seen: None,
    };
    let ids = |prefill: &Prefill| {
        let modal = made(&edit, prefill).expect("fits");
        let ids = inputs(&modal)
            .into_iter()
            .map(|input| input["custom_id"].clone());
        Value::from(ids.collect::<Vec<_>>()).to_string()
    };
    let answer = Prefill {
        title: None,
        ..prefill()
    };
    assert_eq!(
        ids(&answer),
        r#"["text.0.line","text.1.line","text.2.line","reason"]"#
    );
    assert!(ids(&prefill()).starts_with(r#"["title","#));
}

#[test]
fn what_does_not_fit_is_not_cut_off() {
    let of = |text: String| Prefill { text, ..prefill() };
    let edit = Dialog::Edit {
        post: PostRef::Here,
        seen: None,
    };
    made(&edit, &of("x".repeat(12_000))).expect("fits");
    assert_eq!(made(&edit, &of("x".repeat(12_001))), Err(TooLong));
    assert_eq!(made(&edit, &of("👍".repeat(6_001))), Err(TooLong));
    let ask = Dialog::Ask { from: None };
    made(&ask, &of("x".repeat(12_000))).expect("fits");
    assert_eq!(made(&ask, &of("x".repeat(12_001))), Err(TooLong));
    let comment = Dialog::Comment { on: PostRef::Here };
    made(&comment, &of("x".repeat(4_000))).expect("fits");
    assert_eq!(made(&comment, &of("x".repeat(4_001))), Err(TooLong));
    let titled = Prefill {
        title: Some("x".repeat(4_001)),
        ..prefill()
    };
    assert_eq!(made(&edit, &titled), Err(TooLong));
}

#[test]
fn no_input_is_tighter_than_the_rules() {
    use bot_core::forum::{Body, PostKind, Tags, Title};
    let ask = made(&Dialog::Ask { from: None }, &Prefill::default()).expect("fits");
    let limits = |input: &Value| {
        let number = |name: &str| usize::try_from(input[name].as_u64().unwrap_or(0));
        let least = number("min_length").expect("small");
        (least, number("max_length").expect("small"))
    };
    let rows = inputs(&ask);
    let [title, tags, text @ ..] = rows.as_slice() else {
        panic!("{ask}");
    };
    let fits = |input: &Value, text: &str| {
        let (least, most) = limits(input);
        (least..=most).contains(&split::units(text))
    };
    // Short ones, long ones, and those of characters that are many units each.
    let marked = format!("a{}", "\u{301}".repeat(16));
    for good in [
        "Hmmm?",
        &"x".repeat(120),
        &"👨\u{200D}👩\u{200D}👧".repeat(120),
        &marked.repeat(120),
    ] {
        assert!(Title::new(good).is_ok() && fits(title, good), "{good}");
    }
    assert!(Title::new("Hmm?").is_err() && !fits(title, "Hmm?"));
    let long = [
        "𐐀".repeat(35),
        "𐐁".repeat(35),
        "b".repeat(35),
        "c".repeat(35),
        "d".repeat(35),
    ];
    assert!(Tags::new(long.iter().map(String::as_str)).is_ok());
    assert!(fits(tags, &long.join(", #")));
    let room: usize = text.iter().map(|input| limits(input).1).sum();
    assert!(Body::new(PostKind::Question, &"x".repeat(room)).is_ok());
    assert!(Body::new(PostKind::Question, &"x".repeat(room + 1)).is_err());
}

#[test]
fn what_was_filled_in_stands_where_it_stood_when_the_dialog_opens_again() {
    let dialog = Dialog::Ask { from: None };
    let given = |id: &str, value: &str| (id.to_owned(), value.to_owned());
    let filled = [
        given("title", "Hm?"),
        given("tags", "c++ !"),
        given("text.0.line", "One"),
        given("text.1.on", ""),
        given("text.2.line", "three"),
    ];
    let again = with_english(|texts| again(&dialog, &filled, texts));
    let again = written(&again.expect("fits"));
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let held: Vec<_> = inputs(&again)
        .into_iter()
        .map(|input| (string(&input["custom_id"]), string(&input["value"])))
        .collect();
    assert_eq!(held, filled);
    assert_eq!(whole(&filled), "Hm?\nc++ !\n\nOne\nthree");
    let answer = [given("text.0.line", "It is.")];
    assert_eq!(whole(&answer), "It is.");
}

#[test]
fn what_was_never_ours_is_an_error() {
    let given = |inputs: &[(&str, &str)]| {
        let inputs: Vec<_> = inputs
            .iter()
            .map(|(id, value)| ((*id).to_owned(), (*value).to_owned()))
            .collect();
        filled("1.ask", &inputs)
    };
    assert!(given(&[("title", "a"), ("text.0.line", "b")]).is_ok());
    for forged in [
        &[][..],
        &[("title", "a")],
        &[("text.0.line", "b")],
        &[("title", "a"), ("text.0.line", "b"), ("text.0.on", "c")],
        &[("title", "a"), ("title", "a"), ("text.0.line", "b")],
        &[("title", "a"), ("text.0.line", "b"), ("text.3.line", "c")],
        &[("title", "a"), ("text.0.line", "b"), ("more", "c")],
    ] {
        assert_eq!(given(forged), Err(Unreadable::Forged), "{forged:?}");
    }
    assert_eq!(filled("1.up.x", &[]), Err(Unreadable::Forged));
    assert_eq!(filled("2.ask", &[]), Err(Unreadable::Outdated));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_text_that_is_changed_comes_back_as_it_was(
        lines in prop::collection::vec("[a-z👍e\u{301}\t ]{0,400}", 0..60),
    ) {
        let text = bot_core::forum::clean(&lines.join("\n"));
        let edit = Dialog::Edit {
        post: PostRef::Here,
        seen: None,
    };
        let prefill = Prefill { text: text.clone(), ..prefill() };
        match made(&edit, &prefill) {
            Err(TooLong) => prop_assert!(split::units(&text) > 11_000),
            Ok(modal) => match sent_back(&modal) {
                Ok(Filled { act: Act::Edit { body, .. }, .. }) => {
                    prop_assert_eq!(body, Some(text));
                }
                other => prop_assert!(false, "{other:?}"),
            },
        }
    }
}
