//! What hostile people write, the whole way: heard as a command, kept as the rules keep it, drawn as a card. Whatever comes
//! of it, nothing panics, nobody is mentioned, nothing becomes markup, and the message is within its limits.
//!
//! The inputs are the same each time. `PROPTEST_CASES=1000000` makes it a million, `PROPTEST_RNG_SEED=7` makes others.

mod grammar;
mod strict;

use bot_core::card::{self, DecidedBy, fold};
use bot_core::command::view::{Search, Similar};
use bot_core::command::{Act, Bare, Intent, Parsed, Speech, View, parse};
use bot_core::forum::{
    AnswerView, Body, Condition, EditedBy, Hit, HitAnswer, Origin, Ownership, Page, Piece, PostId,
    PostKind, PostView, QuestionView, Reason, Refusal, RevisionView, Score, Tags, ThreadView,
    Title, may_hold,
};
use bot_core::platform::{PlaceKey, SendKey};
use bot_core::text::{Key, Texts};
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};

use super::*;
use crate::content::{self, Hangs};

/// How many texts are tried where nobody asks for more.
const CASES: u32 = 4_000;
/// The most bytes of an event.
const EVENT: usize = 64 * 1024;
/// What an event has around its content, in bytes.
const AROUND: usize = 2 * 1024;

/// The same inputs each time, unless others are asked for.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if matches!(config.rng_seed, RngSeed::Random) {
        config.rng_seed = RngSeed::Fixed(42);
    }
    config.failure_persistence = None;
    config
}

#[test]
fn nothing_that_people_write_is_more_than_text() {
    let texts = Texts::new("en");
    let bytes = prop::collection::vec(any::<u8>(), 0..40);
    let said = bytes.prop_map(|bytes| grammar::text(&bytes));
    let tried = TestRunner::new(config(CASES)).run(&(said, any::<u8>()), |(said, which)| {
        let checked = check_said(&texts, &said).and_then(|()| check_kept(&texts, &said, which));
        checked.map_err(TestCaseError::fail)
    });
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

/// Says it in a room, in a thread and to the bot alone, and checks the answers.
fn check_said(texts: &Texts, said: &str) -> Result<(), String> {
    let mut before = Parsed::Nothing;
    for (bare, hangs) in [
        (Bare::Talk, false),
        (Bare::Talk, true),
        (Bare::Spelled, false),
    ] {
        let speech = Speech {
            prefix: "!",
            bare,
            hangs,
            own: None,
        };
        let parsed = parse(said, speech);
        if parsed != before {
            check_answer(texts, &parsed)?;
        }
        before = parsed;
    }
    Ok(())
}

/// Checks what comes of what was said.
fn check_answer(texts: &Texts, parsed: &Parsed) -> Result<(), String> {
    let intent = match parsed {
        Parsed::Nothing | Parsed::Talk | Parsed::Several => return Ok(()),
        Parsed::Incomplete(command) => {
            return check(&card::missing_argument(texts, command.name));
        }
        Parsed::Misread {
            command, option, ..
        } => {
            check(&card::empty_option(texts, option, command.name))?;
            return check(&card::unknown_option(texts, option, command.name));
        }
        Parsed::Unknown { said, near } => {
            return check(&card::did_you_mean(texts, "!", said, near.name));
        }
        Parsed::Intent(intent) => intent,
    };
    let act = match intent {
        Intent::Act(act) => act,
        Intent::View(View::Similar(Similar { text })) => {
            return check(&hits(texts, text, "x", 1));
        }
        Intent::View(View::Search(Search { query, page })) => {
            return check(&hits(texts, query, "x", *page));
        }
        Intent::View(_) | Intent::Link(_) => return Ok(()),
    };
    let drawn = match act {
        Act::Ask { title, body, tags } => Title::new(title).and_then(|title| {
            let body = Body::new(PostKind::Question, body)?;
            let tags = Tags::new(tags.iter().map(String::as_str))?;
            let mut view = question(title.as_str(), body.as_str());
            view.tags = tags.as_slice().to_vec();
            Ok(card::question(texts, "!", &view))
        }),
        Act::Answer { body, .. } => Body::new(PostKind::Answer, body)
            .map(|body| card::answer(texts, "!", &post("mira", body.as_str()), false)),
        Act::Comment { body, .. } => Body::new(PostKind::Comment, body)
            .map(|body| card::comment(texts, "!", &post("mira", body.as_str()))),
        Act::Edit {
            title,
            body,
            reason,
            ..
        } => {
            let title = title.as_deref().map(Title::new).transpose();
            title.map(|title| {
                let revision = RevisionView {
                    number: 2,
                    author: "mira".into(),
                    at: Timestamp(0),
                    reason: reason
                        .as_deref()
                        .and_then(Reason::new)
                        .map(|reason| reason.as_str().to_owned()),
                    title: title.map(|title| title.as_str().to_owned()),
                    body: body.clone().unwrap_or_default(),
                };
                card::history(texts, "!", Address::question(1), &[revision], fold::PAGE, 1)
            })
        }
        Act::Delete { .. }
        | Act::Hide { .. }
        | Act::Unhide { .. }
        | Act::RemoveMessage { .. }
        | Act::SetVote { .. }
        | Act::PressVote { .. }
        | Act::Unvote { .. }
        | Act::Accept { .. }
        | Act::Unaccept { .. } => return Ok(()),
    };
    match drawn {
        Ok(card) => check_post(&card),
        Err(refusal) => check(&card::refusal(texts, "!", &refusal)),
    }
}

/// Shows it where it was never checked, as an import would, in one of the cards: as the text, the title, the name.
fn check_kept(texts: &Texts, said: &str, which: u8) -> Result<(), String> {
    let posted = || post(said, said);
    let thread = || ThreadView {
        question: question(said, said),
        comments: vec![posted()],
        answers: vec![AnswerView {
            post: posted(),
            accepted: true,
            comments: vec![posted()],
        }],
    };
    let revision = || RevisionView {
        number: 1,
        author: said.into(),
        at: Timestamp(0),
        reason: Some(said.to_owned()),
        title: Some(said.to_owned()),
        body: said.to_owned(),
    };
    match which % 12 {
        0..3 => check_post(&card::question(texts, "!", &question(said, said))),
        3 => check_post(&card::answer(texts, "!", &posted(), true)),
        4 => check_post(&card::comment(texts, "!", &posted())),
        5 => check(&hits(texts, said, said, 2)),
        6 => check(&card::nothing_found(texts, "!", said)),
        7 => check(&card::show(
            texts,
            "!",
            &thread(),
            fold::PAGE,
            u32::from(which / 12),
        )),
        8 => {
            let address = Address::question(1);
            let page = u32::from(which / 12);
            check(&card::history(
                texts,
                "!",
                address,
                &[revision()],
                fold::PAGE,
                page,
            ))
        }
        9 => {
            let page = page(question(said, said));
            check(&card::list(
                texts,
                "!",
                (Key::ListRecent, Some(said)),
                &page,
                Some(said),
            ))
        }
        10 => {
            let key = PlaceKey("!room:x".to_owned());
            let links = [said, "x"].map(|name| card::PlaceLink { key: &key, name });
            check(&card::which_forum(texts, (DecidedBy::Words, "!"), links))?;
            check(&card::confirm_publish(
                texts,
                DecidedBy::Words,
                links,
                2,
                said,
                ("yes", "no"),
            ))
        }
        _ => {
            let tag = said.to_owned();
            check(&card::refusal(
                texts,
                "!",
                &Refusal::BadTag { tag, most: 35 },
            ))
        }
    }
}

fn post(author: &str, body: &str) -> PostView {
    PostView {
        id: PostId(1),
        address: Address::question(1),
        kind: PostKind::Question,
        condition: Condition::Visible,
        author: author.into(),
        body: body.to_owned(),
        score: Score { ups: 3, downs: 1 },
        at: Timestamp(0),
        edited: Some(EditedBy {
            name: author.into(),
            at: Timestamp(1),
        }),
        origin: Some(Origin {
            source: author.to_owned(),
            link: Some(format!("https://x.org/{author}")),
            licence: Some(author.to_owned()),
            ownership: Ownership::Wiki,
        }),
    }
}

fn question(title: &str, body: &str) -> QuestionView {
    QuestionView {
        post: post(title, body),
        title: title.to_owned(),
        tags: vec![title.to_owned(); 5],
        answers: 0,
        accepted: Some(Address::question(1).with_answer(1)),
        closing: None,
    }
}

fn hits(texts: &Texts, query: &str, text: &str, number: u32) -> Card {
    let piece = |marked| Piece {
        text: text.to_owned(),
        marked,
    };
    let hit = Hit {
        question: question(text, text),
        excerpt: vec![piece(false), piece(true)],
        answer: Some(HitAnswer {
            id: PostId(2),
            address: Address::question(1).with_answer(1),
            author: text.into(),
            score: Score::default(),
            accepted: false,
            excerpt: vec![piece(true), piece(false)],
        }),
    };
    let next = format!("!search {query} page:{number}");
    card::hits(texts, "!", query, &page(hit), Some(&next))
}

fn page<T>(item: T) -> Page<T> {
    Page {
        items: vec![item],
        number: 1,
        pages: 3,
        total: 21,
        more: false,
    }
}

/// Checks a card that is changed later: the change has its text twice, and encrypted it is a third larger.
fn check_post(card: &Card) -> Result<(), String> {
    check(card)?;
    let edit = content::edit(&draw(card, &link), &MessageKey("$card".to_owned()));
    nobody_is_meant(&edit["m.new_content"])?;
    small(&edit)
}

/// Checks a card in all its forms.
fn check(card: &Card) -> Result<(), String> {
    let mut card = card.clone();
    card.links = BTreeMap::from([(Address::question(1), MessageKey("$card".to_owned()))]);
    let drawn = draw(&card, &link);
    let weight = fold::weight(&card.blocks);
    if drawn.size() > weight || weight > fold::CARD {
        return Err(format!("{} bytes that weigh {weight}", drawn.size()));
    }
    if drawn.body != plain(&card, Style::Covered) {
        return Err(format!("cut off: {}", drawn.body));
    }
    let seen = strict::read(&drawn.html).map_err(|why| format!("{why} in {}", drawn.html))?;
    let (seen_words, words) = (on_one_line(&seen.text), words(&card.blocks));
    if seen_words != words {
        return Err(format!("{seen_words:?} is shown for {words:?}"));
    }
    if let Some(mention) = seen.links.iter().find(|to| mentions(to)) {
        return Err(format!("{mention} mentions somebody"));
    }
    let ansi = [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[2m",
        "\u{1b}[4m",
        "\u{1b}[36m",
        "\u{1b}[22;1;31m",
        "\u{1b}[22;1;32m",
        "\u{1b}[22;35m",
        "\u{1b}[22;33m",
    ]
    .iter()
    .fold(plain(&card, Style::Ansi), |text, look| {
        text.replace(look, "")
    });
    for form in [&drawn.body, &drawn.html, &ansi] {
        if let Some(c) = form.chars().find(|&c| !may_hold(c)) {
            return Err(format!("{c:?} in {form:?}"));
        }
    }
    let key = SendKey("key".to_owned());
    let place = Some(MessageKey("$root".to_owned()));
    for content in [
        content::card(&drawn, &key, place.as_ref()),
        content::notice(&drawn, &Hangs::default(), None),
    ] {
        nobody_is_meant(&content)?;
        small(&content)?;
    }
    Ok(())
}

fn link(message: &MessageKey) -> Option<String> {
    Some(format!("https://matrix.to/#/!room:x/{message}?via=x&via=y"))
}

/// A content says that it means nobody, and has nothing in it but what it is made of.
fn nobody_is_meant(content: &Value) -> Result<(), String> {
    const KEYS: &[&str] = &[
        "msgtype",
        "body",
        "format",
        "formatted_body",
        "m.mentions",
        "m.relates_to",
        "m.new_content",
        "stoa.key",
    ];
    let known = |object: &serde_json::Map<_, _>| object.keys().all(|key| KEYS.contains(&&**key));
    let fine = content["m.mentions"] == json!({}) && content.as_object().is_some_and(known);
    if fine {
        Ok(())
    } else {
        Err(content.to_string())
    }
}

/// A content fits into an event, encrypted too.
fn small(content: &Value) -> Result<(), String> {
    let size = content.to_string().len();
    match size * 4 / 3 + AROUND <= EVENT {
        true => Ok(()),
        false => Err(format!("a content of {size} bytes")),
    }
}

/// Whether clients show a person for a link.
fn mentions(to: &str) -> bool {
    let codes = [
        ("%40", "@"),
        ("%23", "#"),
        ("%2f", "/"),
        ("%75", "u"),
        ("%55", "u"),
    ];
    let to = codes
        .iter()
        .fold(to.to_lowercase(), |to, (code, c)| to.replace(code, c));
    let inside = to.split_once('#').map_or("", |(_, inside)| inside);
    ["/@", "/user/@"]
        .iter()
        .any(|begin| inside.starts_with(begin))
        || to.starts_with("matrix:u")
}

/// All the text of a document as it may be shown, without line ends.
fn words(blocks: &[Block]) -> String {
    let mut all = String::new();
    blocks.iter().for_each(|block| block_words(block, &mut all));
    all.retain(may_hold);
    on_one_line(&all)
}

fn on_one_line(text: &str) -> String {
    text.replace('\n', "")
}

fn block_words(block: &Block, into: &mut String) {
    match block {
        Block::Title(parts)
        | Block::Heading(parts)
        | Block::Paragraph(parts)
        | Block::Small(parts) => line_words(parts, into),
        Block::Code { text, .. } => into.push_str(text),
        Block::Quote(blocks) => blocks.iter().for_each(|block| block_words(block, into)),
        Block::List { items, .. } => {
            for block in items.iter().flatten() {
                block_words(block, into);
            }
        }
        Block::Rule => {}
    }
}

fn line_words(parts: &[Inline], into: &mut String) {
    for part in parts {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => into.push_str(text),
            Inline::Emphasis(parts)
            | Inline::Strong(parts)
            | Inline::Strike(parts)
            | Inline::Spoiler(parts)
            | Inline::Fact(_, parts)
            | Inline::Link { text: parts, .. } => line_words(parts, into),
            Inline::Address(address) => into.push_str(&address.to_string()),
            Inline::Place { name, .. } => into.push_str(name),
            Inline::Time { words, .. } => into.push_str(words),
            Inline::Break => {}
        }
    }
}

/// The HTML of the card of a question with this text.
fn shown(body: &str) -> String {
    let card = card::question(&Texts::new("en"), "!", &question("Why?", body));
    check_post(&card).expect("a good card");
    draw(&card, &link).html
}

#[test]
fn a_link_to_a_person_is_its_text() {
    for to in [
        "https://matrix.to/#/@mira:localhost",
        "HTTPS://MATRIX.TO/#/@mira:localhost?via=x",
        "https://matrix.to/#/%40mira%3Alocalhost",
        "https://matrix.to/%23%2F@mira:localhost",
        "https://app.element.io/#/user/@mira:localhost",
        "matrix:u/mira:localhost?action=chat",
        "matrix://localhost/u/mira:localhost",
        "matrix:%75/mira:localhost",
    ] {
        let html = shown(&format!("[mira]({to})"));
        assert!(html.contains("<p>mira</p>"), "{to}: {html}");
    }
    for to in [
        "https://matrix.to/#/#room:localhost",
        "https://matrix.to/#/!room:localhost/$event",
        "https://example.org/@mira",
        "https://example.org/user/@mira?%4",
        "https://example.org/%é%ff",
        "mailto:mira@localhost",
        "matrix:r/room:localhost",
    ] {
        let html = shown(&format!("[there]({to})"));
        assert!(html.contains(">there</a>"), "{to}: {html}");
    }
}

#[test]
fn a_thousand_levels_are_a_few() {
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(1_000), close.repeat(1_000));
    for body in [
        deep("<div>", "</div>"),
        deep("<b>", ""),
        deep("> ", ""),
        deep("- ", ""),
        deep("*", "*"),
        deep("[", "](https://example.org)"),
        deep("[![", "](https://x.org)](https://y.org)"),
        deep("<a href=\"https://example.org\">", "</a>"),
        (0..1_000)
            .map(|n| " ".repeat(n * 2 % 90) + "- x\n")
            .collect(),
    ] {
        // The card is checked in it, its depth too.
        let html = shown(&body);
        assert!(html.len() <= MOST, "{}", html.len());
    }
}

#[test]
fn names_are_text_whatever_is_in_them() {
    for (name, shown) in [
        ("@<script>:x", "@&lt;script&gt;:x"),
        (
            "<img src=x onerror=alert(1)>",
            "&lt;img src=x onerror=alert(1)&gt;",
        ),
        ("@room", "@room"),
        ("**a** [b](https://x.org)", "**a** [b](https://x.org)"),
        ("\u{202E}arim\u{2066}", "arim"),
        ("a\nb\u{0}c", "a bc"),
        ("\u{202E}\u{0} \n", "someone"),
        ("https://matrix.to/#/@mira:x", "https://matrix.to/#/@mira:x"),
    ] {
        let card = card::answer(&Texts::new("en"), "!", &post(name, "Yes."), false);
        check_post(&card).expect("a good card");
        let html = draw(&card, &link).html;
        let title = html.split("</h3>").next().expect("a title");
        assert!(title.ends_with(&format!(" {shown}")), "{name:?}: {title}");
    }
}
