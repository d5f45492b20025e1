//! What hostile people write, as text, title and name: whatever comes of it, nothing panics, nobody is mentioned, nothing
//! becomes markup that is not ours, and the message is within its limits.
//!
//! The inputs are the same each time. `PROPTEST_CASES=1000000` makes it a million, `PROPTEST_RNG_SEED=7` makes others.

mod reader;

use bot_core::document::Fact;
use bot_core::forum::{Origin, Ownership, Refusal, RevisionView, may_hold};
use bot_core::platform::PlaceKey;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use super::*;

/// How many texts are tried where nobody asks for more.
const CASES: u32 = 3_000;

/// What wants to be more than text.
const PIECES: &[&str] = &[
    "@everyone",
    "@here",
    "@Everyone",
    "@",
    "everyone",
    "here",
    "<@1234>",
    "<@!1234>",
    "<@&1234>",
    "<#1234>",
    "<:smile:1234>",
    "<a:smile:1234>",
    "<t:0:R>",
    "<t:",
    "</ask:1234>",
    "<id:customize>",
    ":smile:",
    "<https://x.org>",
    "<",
    ">",
    "https://x.org",
    "https://x.org/a_b*c~~d||e`f",
    "http://",
    "https://",
    "HTTPS://X.org/(a)",
    "://",
    "https://x.org/@everyone",
    "discord://x",
    "discord.gg/abc",
    "[x](https://x.org)",
    "[x](https://x.org/a b)",
    "[x](<https://x.org/ )>)",
    "[https://y.org](https://x.org)",
    "[ ](https://x.org)",
    "[\u{200B}](https://x.org)",
    "[a]b](https://x.org)",
    "![x](https://x.org)",
    "[x](javascript:x)",
    "[x](mailto:a@b.c)",
    "[<@1>](https://x.org)",
    "[`a`](https://x.org)",
    "](",
    "[",
    "]",
    "(",
    ")",
    "**",
    "*",
    "__",
    "_",
    "~~",
    "~",
    "||",
    "|",
    "`",
    "``",
    "```",
    "```rust\n",
    "\n```\n",
    "\n~~~~\n```\n~~~~\n",
    "\\",
    "\\\\",
    "\n# ",
    "\n## ",
    "\n-# ",
    "\n- ",
    "\n  - ",
    "\n* ",
    "\n+ ",
    "\n1. ",
    "\n99999999. ",
    "\n> ",
    "\n>>> ",
    "\n> > ",
    "\n---\n",
    "\n\n",
    "\n    ",
    "  \n",
    "\n",
    "\t",
    "&#x40;everyone",
    "&#x202E;",
    "&lt;@1&gt;",
    "\u{202E}",
    "\u{2066}",
    "\u{200B}",
    "\u{FEFF}",
    "\u{0}",
    "\u{AD}",
    "\u{E000}",
    "\u{FE0F}",
    "👨\u{200D}👩\u{200D}👧",
    "a\u{301}\u{301}",
    "𝔘",
    "مرحبا",
    "word ",
    " ",
    "x",
    "1",
    ".",
    ":",
    "#",
    "-",
    "#42",
];

/// The same inputs each time, unless others are asked for.
fn config(cases: u32) -> ProptestConfig {
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

/// Text that would like to be more than text.
fn said() -> impl Strategy<Value = String> {
    let piece = || prop::sample::select(PIECES).prop_map(str::to_owned);
    let piece = prop_oneof![
        40 => piece(),
        3 => any::<char>().prop_map(|c| c.to_string()),
        1 => (piece(), 1..400_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn run<T: std::fmt::Debug>(
    values: &impl Strategy<Value = T>,
    check: impl Fn(T) -> Result<(), String>,
) {
    let tried = TestRunner::new(config(CASES))
        .run(values, |value| check(value).map_err(TestCaseError::fail));
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

#[test]
fn nothing_that_people_write_is_more_than_text() {
    let texts = Texts::new("en");
    run(&(said(), said(), any::<u8>()), |(said, name, which)| {
        check(&made(&texts, &said, &name, which))
    });
}

/// One of the cards, with this as its text, title and name.
fn made(texts: &Texts, said: &str, name: &str, which: u8) -> Card {
    let address = Address::question(42);
    let of = |kind| PostView {
        origin: Some(Origin {
            source: said.to_owned(),
            link: Some(format!("https://x.org/{said}")),
            licence: Some(name.to_owned()),
            ownership: Ownership::Wiki,
        }),
        ..post(kind, address.with_answer(1), name, said)
    };
    let thread = || ThreadView {
        question: question(name, name, said, 3),
        comments: vec![of(PostKind::Comment)],
        answers: vec![AnswerView {
            post: of(PostKind::Answer),
            accepted: true,
            comments: vec![of(PostKind::Comment)],
        }],
    };
    let revision = || RevisionView {
        number: 1,
        author: name.into(),
        at: Timestamp(0),
        reason: Some(said.to_owned()),
        title: Some(said.to_owned()),
        body: said.to_owned(),
    };
    match which % 12 {
        0..4 => card::question(texts, "/", &question(name, name, said, 0)),
        4 => card::answer(texts, "/", &of(PostKind::Answer), true),
        5 => card::comment(texts, "/", &of(PostKind::Comment)),
        6 => {
            let next = format!("/search {said} page:2");
            let page = page(vec![hit(name, said), hit(said, name)]);
            card::hits(texts, "/", said, &page, Some(&next))
        }
        7 => card::nothing_found(texts, "/", said),
        8 => card::show(texts, "/", &thread(), fold::PAGE, u32::from(which / 12)),
        9 => card::history(
            texts,
            "/",
            address,
            &[revision()],
            fold::PAGE,
            u32::from(which / 12),
        ),
        10 => {
            let key = PlaceKey("no id".to_owned());
            let links = [said, name].map(|name| card::PlaceLink { key: &key, name });
            card::which_forum(texts, (card::DecidedBy::Buttons, "/"), links)
        }
        _ => {
            let tag = said.to_owned();
            card::refusal(texts, "/", &Refusal::BadTag { tag, most: 35 })
        }
    }
}

#[test]
fn no_tree_at_all_becomes_more_than_it_says() {
    run(&prop::collection::vec(blocks(), 0..5), |blocks| {
        check(&Card {
            blocks,
            ..Card::default()
        })
    });
}

/// Trees that the core never makes, too.
fn blocks() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![
        line().prop_map(Block::Title),
        line().prop_map(Block::Heading),
        line().prop_map(Block::Paragraph),
        line().prop_map(Block::Small),
        (prop::option::of(said()), said())
            .prop_map(|(language, text)| Block::Code { language, text }),
        Just(Block::Rule),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let several = prop::collection::vec(inner, 0..3);
        prop_oneof![
            several.clone().prop_map(Block::Quote),
            (
                prop::option::of(any::<u64>()),
                prop::collection::vec(several, 0..3)
            )
                .prop_map(|(first, items)| Block::List { first, items }),
        ]
    })
}

fn line() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        4 => said().prop_map(Inline::Text),
        1 => said().prop_map(Inline::Code),
        1 => said().prop_map(Inline::Mark),
        1 => Just(Inline::Address(Address::question(42))),
        1 => any::<i64>().prop_map(|at| Inline::Time { at: Timestamp(at), words: at.to_string() }),
        1 => Just(Inline::Break),
    ];
    let part = leaf.prop_recursive(3, 8, 3, |inner| {
        let several = prop::collection::vec(inner, 0..3);
        prop_oneof![
            several.clone().prop_map(Inline::Emphasis),
            several.clone().prop_map(Inline::Strong),
            several.clone().prop_map(Inline::Strike),
            several.clone().prop_map(Inline::Spoiler),
            several
                .clone()
                .prop_map(|parts| Inline::Fact(Fact::Accepted, parts)),
            (said(), several).prop_map(|(to, text)| Inline::Link { to, text }),
        ]
    });
    prop::collection::vec(part, 0..5)
}

/// Checks a card as a reply and as a post's.
fn check(card: &Card) -> Result<(), String> {
    let key = key();
    let body = posted(card, card.subject.as_ref().map(|_| &key), None);
    taken(&body)?;
    let embed = &body["embeds"][0];
    for name in ["title", "description"] {
        let text = embed[name].as_str().unwrap_or_default();
        if let Some(c) = text.chars().find(|&c| !may_hold(c)) {
            return Err(format!("{c:?} in {text:?}"));
        }
    }
    reader::read_inline(embed["title"].as_str().unwrap_or_default())?;
    let description = embed["description"].as_str().unwrap_or_default();
    let seen = reader::read(description)?;
    let prepared = prepare::prepared(&card.blocks);
    let below = match prepared.split_first() {
        Some((Block::Title(_), below)) => below,
        _ => &prepared,
    };
    let cut = description.contains('…');
    let mut seen = seen.chars().filter(|c| c.is_alphabetic());
    for word in words(below).chars().filter(|c| c.is_alphabetic()) {
        if !cut && !seen.any(|c| c == word) {
            return Err(format!("{word:?} is lost in {description}"));
        }
    }
    Ok(())
}

/// All the words of a document but its moments.
fn words(blocks: &[Block]) -> String {
    let mut all = String::new();
    for block in blocks {
        match block {
            Block::Title(parts)
            | Block::Heading(parts)
            | Block::Paragraph(parts)
            | Block::Small(parts) => line_words(parts, &mut all),
            Block::Code { text, .. } => all.push_str(text),
            Block::Quote(blocks) => all.push_str(&words(blocks)),
            Block::List { items, .. } => items.iter().for_each(|item| all.push_str(&words(item))),
            Block::Rule => {}
        }
    }
    all
}

fn line_words(parts: &[Inline], into: &mut String) {
    for part in parts {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => into.push_str(text),
            Inline::Emphasis(parts)
            | Inline::Strong(parts)
            | Inline::Strike(parts)
            | Inline::Spoiler(parts)
            | Inline::Fact(_, parts) => {
                line_words(parts, into);
            }
            // A scheme is drawn in lower case.
            Inline::Link { to, text } if matches!(text.as_slice(), [Inline::Text(text)] if text == to) =>
            {
                into.push_str(to.split_once("://").map_or(to.as_str(), |(_, rest)| rest));
            }
            Inline::Link { text, .. } => line_words(text, into),
            Inline::Address(_) | Inline::Place { .. } | Inline::Time { .. } | Inline::Break => {}
        }
    }
}
