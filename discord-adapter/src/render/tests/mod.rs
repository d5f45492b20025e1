//! What cards look like on Discord, and that nothing people write becomes markup.

use std::collections::BTreeMap;

use bot_core::card::{self, HelpLine, markdown};
use bot_core::command::COMMANDS;
use bot_core::document::Action;
use bot_core::forum::{
    Address, AnswerView, Closing, ClosingReason, Condition, EditedBy, Hider, Hiding, Hit,
    HitAnswer, Page, Piece, PostId, PostView, QuestionView, Score, ThreadView, Timestamp,
};
use bot_core::text::{Key, Texts};
use serde_json::{Value, json};
use twilight_model::channel::message::{Component, Embed};

use super::*;
use crate::words::tests::with_english;

mod hostile;

/// Checks that Discord takes a message, as far as twilight knows, and that it mentions nobody.
pub(super) fn taken(body: &Value) -> Result<(), String> {
    let bad = |error: &dyn std::fmt::Display| format!("{error}: {body}");
    let known = ["content", "embeds", "components", "allowed_mentions"];
    let object = body.as_object().ok_or("no object")?;
    if object.len() != 4 || !object.keys().all(|key| known.contains(&&**key)) {
        return Err(bad(&"unknown fields"));
    }
    if body["allowed_mentions"] != json!({"parse": []}) || body["content"] != json!("") {
        return Err(bad(&"it may mention somebody"));
    }
    let [embed] = body["embeds"].as_array().ok_or("no embeds")?.as_slice() else {
        return Err(bad(&"not one embed"));
    };
    let mut received = embed.clone();
    received["type"] = json!("rich");
    let embed: Embed = serde_json::from_value(received).map_err(|error| bad(&error))?;
    twilight_validate::embed::embed(&embed).map_err(|error| bad(&error))?;
    let units = |text: &Option<String>| text.as_deref().map_or(0, size);
    if units(&embed.title) > 256 || units(&embed.description) > 4_096 {
        return Err(bad(&"too long in UTF-16"));
    }
    if embed.description.as_deref().unwrap_or_default().is_empty() && embed.title.is_none() {
        return Err(bad(&"nothing in it"));
    }
    let components: Vec<Component> =
        serde_json::from_value(body["components"].clone()).map_err(|error| bad(&error))?;
    twilight_validate::message::components(&components, false).map_err(|error| bad(&error))?;
    let mut ids = Vec::new();
    for component in &components {
        let Component::ActionRow(row) = component else {
            return Err(bad(&"no row"));
        };
        for button in &row.components {
            let Component::Button(button) = button else {
                return Err(bad(&"no button"));
            };
            let id = button.custom_id.clone().unwrap_or_default();
            if ids.contains(&id) || crate::custom_id::Press::parse(&id).is_err() {
                return Err(bad(&"an id is there twice, or unreadable"));
            }
            ids.push(id);
        }
    }
    Ok(())
}

pub(super) fn link(message: &MessageKey) -> Option<String> {
    Some(format!("https://discord.com/channels/1/2/{message}"))
}

/// The body of a card that is sent as a post's, its links led to messages.
pub(super) fn posted(card: &Card, key: Option<&SendKey>, pages: Option<Pages>) -> Value {
    let mut card = card.clone();
    card.links = [Address::question(42), Address::question(42).with_answer(1)]
        .into_iter()
        .zip(7..)
        .map(|(address, id)| (address, MessageKey(id.to_string())))
        .collect::<BTreeMap<_, _>>();
    let body = with_english(|texts| draw(&card, &link, &Frame { key, pages, texts }).body());
    serde_json::to_value(body).expect("can be written")
}

/// A body as it can be read.
fn shown(body: &Value) -> String {
    taken(body).expect("a good message");
    let embed = &body["embeds"][0];
    let mut shown = String::new();
    for name in ["title", "url", "description"] {
        if let Some(text) = embed[name].as_str() {
            shown.push_str(&format!("{text}\n"));
        }
    }
    shown.push_str(&format!("#{:06x}\n", embed["color"].as_u64().unwrap()));
    for row in body["components"].as_array().unwrap() {
        for button in row["components"].as_array().unwrap() {
            let face = button["label"]
                .as_str()
                .or(button["emoji"]["name"].as_str());
            let face = face.unwrap();
            let disabled = if button["disabled"] == json!(true) {
                " off"
            } else {
                ""
            };
            shown.push_str(&format!(
                "[{face} {} {}{disabled}] ",
                button["style"],
                button["custom_id"].as_str().unwrap()
            ));
        }
        shown.push('\n');
    }
    shown
}

fn key() -> SendKey {
    SendKey("p1-42-ab12".to_owned())
}

pub(super) fn post(kind: PostKind, address: Address, author: &str, body: &str) -> PostView {
    PostView {
        id: PostId(1),
        address,
        kind,
        condition: Condition::Visible,
        author: author.into(),
        body: body.to_owned(),
        score: Score { ups: 3, downs: 1 },
        at: Timestamp(1_795_434_059_999),
        edited: Some(EditedBy {
            name: author.into(),
            at: Timestamp(1),
        }),
        origin: None,
    }
}

pub(super) fn question(title: &str, author: &str, body: &str, answers: u32) -> QuestionView {
    QuestionView {
        post: post(PostKind::Question, Address::question(42), author, body),
        title: title.to_owned(),
        tags: vec!["rust".to_owned(), "c++".to_owned()],
        answers,
        accepted: (answers > 0).then_some(Address::question(42).with_answer(1)),
        closing: None,
    }
}

const BODY: &str = "It *rises*, but **not** in `a < b`; see [the docs](https://x.org/a_(b)) and https://x.org/c_d.\n\
    1\\. no list, <@1234> @everyone <#5> :smile: ~~gone~~\n\n\
    # A heading\n\n\
    > quoted\n>\n> > deeper\n\n\
    - one\n- two\n  - inner\n\n\
    3. three\n\n   ```rust\n   if a < b {}\n   ```\n4. four\n\n---\n\n\
    [javascript](javascript:x) and [mail](mailto:a@b.c)";

#[test]
fn a_question() {
    let texts = Texts::new("en");
    let open = card::question(&texts, "/", &question("Why *me*?", "m_i", BODY, 0));
    insta::assert_snapshot!(shown(&posted(&open, Some(&key()), None)));
    let answered = card::question(&texts, "/", &question("Why?", "mira", "It is.", 1));
    insta::assert_snapshot!(shown(&posted(&answered, Some(&key()), None)));
}

#[test]
fn answers_and_comments() {
    let texts = Texts::new("en");
    let first = Address::question(42).with_answer(1);
    let answer = post(
        PostKind::Answer,
        first,
        "sol",
        "Because:\n```\na `` b ``` c\n```",
    );
    let comment = post(PostKind::Comment, first.with_comment(1), "mira", "Thanks!");
    let mut all = String::new();
    for card in [
        card::answer(&texts, "/", &answer, false),
        card::answer(&texts, "/", &answer, true),
        card::comment(&texts, "/", &comment),
    ] {
        all.push_str(&shown(&posted(&card, Some(&key()), None)));
        all.push_str("=====\n");
    }
    insta::assert_snapshot!(all);
}

fn page<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        number: 1,
        pages: 3,
        total: 21,
        more: false,
    }
}

pub(super) fn hit(title: &str, said: &str) -> Hit {
    let piece = |text: &str, marked| Piece {
        text: text.to_owned(),
        marked,
    };
    Hit {
        question: question(title, said, "x", 1),
        excerpt: vec![
            piece("an opened ", false),
            piece(said, true),
            piece(" lasts", false),
        ],
        answer: Some(HitAnswer {
            id: PostId(2),
            address: Address::question(42).with_answer(1),
            author: said.into(),
            score: Score { ups: 2, downs: 0 },
            accepted: true,
            excerpt: vec![piece("two weeks: ", false), piece(said, true)],
        }),
    }
}

#[test]
fn search_hits_with_pages() {
    let texts = Texts::new("en");
    let page = page(vec![hit("How long?", "keg"), hit("# Really?", "keg*")]);
    let card = card::hits(
        &texts,
        "/",
        "keg @everyone",
        &page,
        Some("/search keg page:2"),
    );
    let pages = Pages {
        number: 1,
        of: 3,
        id: "s9f".to_owned(),
        can_share: true,
    };
    insta::assert_snapshot!(shown(&posted(&card, None, Some(pages))));
}

#[test]
fn a_list() {
    let texts = Texts::new("en");
    let page = page(vec![
        question("How long?", "mira", "x", 0),
        question("Why?", "sol", "x", 2),
    ]);
    let card = card::list(&texts, "/", (Key::ListRecent, None), &page, None);
    insta::assert_snapshot!(shown(&posted(&card, None, None)));
}

#[test]
fn the_help() {
    let texts = Texts::new("en");
    let lines: Vec<_> = COMMANDS
        .iter()
        .map(|command| HelpLine {
            usage: format!("/{}", command.name),
            summary: texts.named(&format!("help-{}", command.name)),
            example: None,
        })
        .collect();
    let card = card::help(&texts, card::DecidedBy::Buttons, &lines, None);
    insta::assert_snapshot!(shown(&posted(&card, None, None)));
}

#[test]
fn a_thread() {
    let texts = Texts::new("en");
    let first = Address::question(42).with_answer(1);
    let thread = ThreadView {
        question: question("Why?", "mira", "It is.", 1),
        comments: vec![post(
            PostKind::Comment,
            Address::question(42).with_comment(1),
            "sol",
            "Is it?\n\n- so\n- so\n\n> really",
        )],
        answers: vec![AnswerView {
            post: post(PostKind::Answer, first, "sol", "Yes."),
            accepted: true,
            comments: Vec::new(),
        }],
    };
    insta::assert_snapshot!(shown(&posted(
        &card::show(&texts, "/", &thread, fold::PAGE, 1),
        None,
        None
    )));
}

#[test]
fn what_is_too_large_keeps_its_last_lines_and_its_graphemes() {
    let texts = Texts::new("en");
    let family = "👨\u{200D}👩\u{200D}👧";
    for body in [
        "a_b ".repeat(3_000),
        format!("{} ", family.repeat(3)).repeat(500),
    ] {
        let card = card::question(&texts, "/", &question("Why?", "mira", &body, 1));
        let blocks = vec![Block::Paragraph(vec![Inline::Text(body.clone())]); 3];
        let mut large = card.clone();
        large.blocks.splice(1..1, blocks);
        let body = posted(&large, Some(&key()), None);
        taken(&body).expect("a good message");
        let description = body["embeds"][0]["description"].as_str().unwrap();
        assert!(size(description) > 3_500, "{}", size(description));
        let (text, last) = description.split_once("…").unwrap();
        assert!(
            last.contains("+2 votes") && last.contains("Answered"),
            "{last}"
        );
        let alone = text.trim_end().trim_end_matches(' ');
        assert!(
            alone.ends_with("a\\_b") || alone.ends_with(family),
            "{alone}"
        );
    }
}

#[test]
fn what_cannot_be_drawn_is_still_a_message() {
    taken(&posted(&Card::default(), Some(&key()), None)).expect("a good message");
    let wide = format!("a{}", "\u{301}".repeat(9_000));
    let card = Card {
        blocks: vec![
            Block::Title(vec![Inline::Text(wide.clone())]),
            Block::Paragraph(vec![Inline::Text(wide)]),
        ],
        ..Card::default()
    };
    taken(&posted(&card, None, None)).expect("a good message");
}

#[test]
fn a_message_tells_its_key_by_its_buttons() {
    let card = card::question(&Texts::new("en"), "/", &question("Why?", "mira", "x", 0));
    let body = posted(&card, Some(&key()), None);
    assert_eq!(
        crate::custom_id::send_key_of(&body["components"]),
        Some(key())
    );
}

#[test]
fn a_hidden_card_tells_its_key_and_nothing_can_be_done_with_it() {
    let mut hidden = question("Why?", "mira", "x", 0);
    hidden.post.condition = Condition::Hidden(Hiding {
        by: Hider::Author,
        withdrawal: None,
    });
    let body = posted(
        &card::question(&Texts::new("en"), "/", &hidden),
        Some(&key()),
        None,
    );
    assert_eq!(
        crate::custom_id::send_key_of(&body["components"]),
        Some(key())
    );
    let buttons = body["components"][0]["components"]
        .as_array()
        .expect("a row");
    assert!(
        buttons
            .iter()
            .all(|button| button["disabled"] == json!(true)),
        "{body}"
    );
}

#[test]
fn a_closed_question_offers_no_answer() {
    let mut closed = question("Why?", "mira", "x", 0);
    let offers = |question: &QuestionView| {
        let actions = card::question(&Texts::new("en"), "/", question).actions;
        actions.contains(&Action::Answer)
    };
    assert!(offers(&closed));
    closed.closing = Some(Closing {
        at: Timestamp(1),
        why: ClosingReason::OffTopic,
        duplicates: Vec::new(),
    });
    assert!(!offers(&closed));
}

#[test]
fn lines_are_drawn_one_by_one() {
    let drawn = |text: &str| {
        let body = posted(
            &Card {
                blocks: markdown(text),
                ..Card::default()
            },
            None,
            None,
        );
        taken(&body).expect("a good message");
        body["embeds"][0]["description"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for (said, shown) in [
        ("**a***b*", "**a**\u{200B}*b*"),
        ("*a **b** c*", "*a* ***b*** *c*"),
        ("**`a**b`c**", "`a**b`**c**"),
        ("`a`` b`", "``a`\u{200B}` b``"),
        ("(https://x.org)", "(<https://x.org>)"),
        ("https://x.org/a*b c", "https://x.org/a%2Ab c"),
        ("**https://x.org**", "**<https://x.org>**"),
        (
            "[https://y.org](https://x.org)",
            "https\\://y.org (<https://x.org>)",
        ),
        ("[a [b]](https://x.org)", "a \\[b\\] (<https://x.org>)"),
        ("[a\\_b](https://x.org)", "[a\\_b](https://x.org)"),
        ("\\# a\n\\- b", "\\# a\n\\- b"),
        ("@&#x202E;everyone", "@\u{200B}everyone"),
        ("a\n\n\\-# b", "a\n\n\\-# b"),
    ] {
        assert_eq!(drawn(said), shown, "{said}");
    }
}
