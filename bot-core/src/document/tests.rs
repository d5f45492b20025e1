use super::*;
use crate::forum::{Address, Timestamp};
use crate::names::PlaceKey;

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

/// A document that has one of each.
fn everything() -> Vec<Block> {
    let line = || vec![text("a")];
    vec![
        Block::Title(vec![Inline::Address(Address::question(42))]),
        Block::Heading(vec![Inline::Emphasis(line()), Inline::Strong(line())]),
        Block::Paragraph(vec![Inline::Strike(line()), Inline::Spoiler(line())]),
        Block::Small(vec![
            Inline::Fact(Fact::Accepted, line()),
            Inline::Fact(Fact::Score, line()),
            Inline::Fact(Fact::Unanswered, line()),
            Inline::Time {
                at: Timestamp(1_795_000_000_000),
                words: "18 Nov 2026".to_owned(),
            },
        ]),
        Block::Code {
            language: Some("rust".to_owned()),
            text: "fn".to_owned(),
        },
        Block::Code {
            language: None,
            text: "fn".to_owned(),
        },
        Block::Quote(vec![Block::Paragraph(vec![
            Inline::Code("x".to_owned()),
            Inline::Break,
            Inline::Mark("x".to_owned()),
        ])]),
        Block::List {
            first: None,
            items: vec![vec![Block::Rule]],
        },
        Block::List {
            first: Some(3),
            items: vec![
                vec![Block::Paragraph(vec![Inline::Link {
                    to: "https://example.org".to_owned(),
                    text: vec![Inline::Address(
                        Address::question(1).with_answer(2).with_comment(3),
                    )],
                }])],
                vec![Block::Paragraph(vec![Inline::Place {
                    key: PlaceKey("!room:example.org".to_owned()),
                    name: "brewing".to_owned(),
                }])],
            ],
        },
    ]
}

#[test]
fn the_hash_of_a_document_is_what_it_was_in_every_version() {
    assert_eq!(content_hash(&[]), -6_284_781_860_667_377_211);
    assert_eq!(content_hash(&everything()), 9_163_275_940_781_961_028);
}

#[test]
fn documents_that_show_something_else_have_other_hashes() {
    let paragraph = |parts| vec![Block::Paragraph(parts)];
    let place = |key: &str, name: &str| Inline::Place {
        key: PlaceKey(key.to_owned()),
        name: name.to_owned(),
    };
    let item = || vec![Block::Rule];
    let list = |first, items| vec![Block::List { first, items }];
    let documents = [
        vec![],
        paragraph(vec![]),
        vec![Block::Small(vec![])],
        paragraph(vec![text("ab")]),
        paragraph(vec![text("a"), text("b")]),
        paragraph(vec![text("a"), Inline::Break, text("b")]),
        paragraph(vec![Inline::Strong(vec![text("a")]), text("b")]),
        paragraph(vec![Inline::Strong(vec![text("a"), text("b")])]),
        paragraph(vec![place("ab", "c")]),
        paragraph(vec![place("a", "bc")]),
        vec![Block::Quote(paragraph(vec![]))],
        list(None, vec![item(), item()]),
        list(None, vec![[item(), item()].concat()]),
        list(Some(0), vec![item(), item()]),
        list(Some(1), vec![item(), item()]),
    ];
    let hashes: std::collections::BTreeSet<_> = documents
        .iter()
        .map(|blocks| content_hash(blocks))
        .collect();
    assert_eq!(hashes.len(), documents.len());
}

#[test]
fn a_walk_comes_to_each_part_in_the_order_of_reading_and_inside_only_where_it_is_let() {
    let blocks = [Block::Quote(vec![Block::Paragraph(vec![
        text("a"),
        Inline::Strong(vec![
            text("b"),
            Inline::Link {
                to: String::new(),
                text: vec![text("c")],
            },
        ]),
        Inline::Spoiler(vec![text("hidden")]),
        text("d"),
    ])])];
    let mut words = String::new();
    in_blocks(&blocks, &mut |part| match part {
        Inline::Text(text) => {
            words.push_str(text);
            Walk::Into
        }
        Inline::Spoiler(_) => Walk::Over,
        _ => Walk::Into,
    });
    assert_eq!(words, "abcd");
}

#[test]
fn a_card_speaks_of_the_addresses_in_all_its_lines() {
    let card = Card {
        blocks: everything(),
        ..Card::default()
    };
    let spoken_of: Vec<String> = card.addresses().iter().map(ToString::to_string).collect();
    assert_eq!(spoken_of, ["#1.2/c3", "#42"]);
}
