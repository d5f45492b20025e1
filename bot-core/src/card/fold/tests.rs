use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::super::markdown;
use super::*;
use crate::document::{Block, Inline};
use crate::forum::{Address, Timestamp};

/// All the text of a document, without line ends.
fn words(blocks: &[Block]) -> String {
    fn line(parts: &[Inline], into: &mut String) {
        for part in parts {
            match part {
                Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => into.push_str(text),
                Inline::Emphasis(parts)
                | Inline::Strong(parts)
                | Inline::Strike(parts)
                | Inline::Spoiler(parts)
                | Inline::Fact(_, parts) => {
                    line(parts, into);
                }
                Inline::Link { text, .. } => line(text, into),
                Inline::Address(address) => into.push_str(&address.to_string()),
                Inline::Place { name, .. } => into.push_str(name),
                Inline::Time { words, .. } => into.push_str(words),
                Inline::Break => {}
            }
        }
    }
    fn blocks_of(blocks: &[Block], into: &mut String) {
        for block in blocks {
            match block {
                Block::Title(parts)
                | Block::Heading(parts)
                | Block::Paragraph(parts)
                | Block::Small(parts) => line(parts, into),
                Block::Code { text, .. } => into.push_str(text),
                Block::Quote(blocks) => blocks_of(blocks, into),
                Block::List { items, .. } => items.iter().for_each(|item| blocks_of(item, into)),
                Block::Rule => {}
            }
        }
    }
    let mut all = String::new();
    blocks_of(blocks, &mut all);
    all.retain(|c| c != '\n');
    all
}

fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

#[test]
fn what_fits_is_not_cut() {
    let blocks = markdown("# a\n\nb *c*\n\n- d\n\n```\ne\n```");
    let weight = weight(&blocks);
    assert_eq!(fold(blocks.clone(), weight), (blocks.clone(), false));
    assert!(fold(blocks.clone(), weight - 1).1);
    assert_eq!(pages(blocks.clone(), weight), [blocks]);
    assert_eq!(pages(Vec::new(), 100), Vec::<Vec<Block>>::new());
}

#[test]
fn special_characters_weigh_what_their_escapes_do() {
    let plain = weight(&[Block::Paragraph(vec![text("xxxx")])]);
    let special = weight(&[Block::Paragraph(vec![text("<&'\"")])]);
    assert_eq!(special - plain, 4 * 5 + 1);
}

#[test]
fn a_cut_is_between_blocks_where_the_page_is_half_full() {
    let paragraph = |letter: &str| Block::Paragraph(vec![text(letter.repeat(100))]);
    let blocks = vec![paragraph("a"), paragraph("b"), paragraph("c")];
    let each = weight(&blocks[..1]);
    let pages = pages(blocks.clone(), each * 2 + each / 2);
    assert_eq!(pages, [&blocks[..2], &blocks[2..]]);
}

#[test]
fn code_goes_on_as_code_and_a_list_under_its_numbers() {
    let lines = (1..=9).map(|n| format!("line {n}\n\n")).collect::<String>();
    let code = markdown(&format!("```rust\n{lines}```"));
    let cut = pages(code, 200);
    assert!(cut.len() > 1);
    for page in &cut {
        let [Block::Code { language, text }] = page.as_slice() else {
            panic!("{page:?}");
        };
        assert_eq!(language.as_deref(), Some("rust"));
        assert!(text.contains("line"));
    }

    let list = markdown("7. a\n8. b\n9. c\n");
    let all = weight(&list);
    let cut = pages(list, all - 1);
    let [page, rest] = cut.as_slice() else {
        panic!("{cut:?}");
    };
    assert!(matches!(page.as_slice(), [Block::List { first: Some(7), items }] if items.len() == 2));
    assert!(matches!(rest.as_slice(), [Block::List { first: Some(9), items }] if items.len() == 1));
}

#[test]
fn a_link_and_a_grapheme_stay_whole_where_they_can() {
    let link = Inline::Link {
        to: "https://x.org".into(),
        text: vec![text("one two three")],
    };
    let blocks = vec![Block::Paragraph(vec![text("before "), link.clone()])];
    let cut = pages(blocks.clone(), weight(&blocks) - 1);
    assert_eq!(
        cut,
        [
            [Block::Paragraph(vec![text("before ")])],
            [Block::Paragraph(vec![link])]
        ]
    );

    let family = "👨‍👩‍👧‍👦";
    let blocks = vec![Block::Paragraph(vec![text(family.repeat(20))])];
    for page in pages(blocks, 400) {
        let words = words(&page);
        assert!(words.graphemes(true).all(|grapheme| grapheme == family));
    }
}

#[test]
fn what_is_larger_than_a_page_in_itself_is_cut_all_the_same() {
    let long = "x".repeat(9_000);
    let zalgo = format!("a{}", "\u{301}".repeat(9_000));
    let link = |words: &str| Inline::Link {
        to: "https://x.org".into(),
        text: vec![text(words)],
    };
    for part in [
        text(&*long),
        text(&*zalgo),
        Inline::Code(long.clone()),
        Inline::Mark(long.clone()),
        link(&long),
        Inline::Emphasis(vec![link(&zalgo)]),
    ] {
        let blocks = vec![Block::Paragraph(vec![text("small "), part])];
        let all = words(&blocks);
        let cut = pages(blocks, 2_000);
        assert!(cut.iter().all(|page| weight(page) <= 2_000));
        assert_eq!(cut.iter().map(|page| words(page)).collect::<String>(), all);
        assert!(cut.len() < 40, "{}", cut.len());
    }
}

#[test]
fn a_page_too_small_for_anything_still_holds_something() {
    let blocks = vec![
        Block::Rule,
        Block::Small(vec![
            Inline::Address(Address::question(1)),
            Inline::Time {
                at: Timestamp(2),
                words: "2".to_owned(),
            },
        ]),
        Block::Quote(vec![Block::List {
            first: None,
            items: vec![Vec::new(), vec![Block::Paragraph(vec![text("ab")])]],
        }]),
        Block::Quote(Vec::new()),
        Block::Code {
            language: None,
            text: "\n\nc".into(),
        },
    ];
    let all = words(&blocks);
    for most in [0, 1, 50, 100] {
        let cut = pages(blocks.clone(), most);
        assert_eq!(cut.iter().map(|page| words(page)).collect::<String>(), all);
    }
}

/// Some people's Markdown: what proptest makes of markup and words.
fn people() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z<&\"' ]{0,80}",
        "[*_~`\\[\\]()!>#\\-]{1,3}",
        "(\n|\n\n|\n> |\n- |\n1\\. |\n    |\n```\n|\n\n# )",
        Just("[a link](https://example.org/a?b=c&d=e) ".to_owned()),
        Just("👨‍👩‍👧‍👦e\u{301}\u{302}".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn pages_lose_nothing_and_fit(text in people(), most in 3_000_usize..6_000) {
        let blocks = markdown(&text);
        let all = words(&blocks);
        let cut = pages(blocks.clone(), most);
        for page in &cut {
            prop_assert!(weight(page) <= most);
            prop_assert!(!page.is_empty());
        }
        prop_assert_eq!(cut.iter().map(|page| words(page)).collect::<String>(), all);

        let (head, folded) = fold(blocks, most);
        prop_assert_eq!(folded, cut.len() > 1);
        prop_assert_eq!(head.as_slice(), cut.first().map_or(&[][..], Vec::as_slice));
    }

    #[test]
    fn pages_of_any_size_lose_nothing(text in people(), most in 0_usize..300) {
        let blocks = markdown(&text);
        let all = words(&blocks);
        let cut = pages(blocks, most);
        prop_assert_eq!(cut.iter().map(|page| words(page)).collect::<String>(), all);
    }
}

/// Were each page to look at all that is left, this would take minutes.
#[test]
fn a_text_of_megabytes_is_cut_by_looking_at_each_page_alone() {
    let words = "A word and another. ".repeat(100_000);
    let lines = "a line\n".repeat(200_000);
    let items = vec![vec![Block::Paragraph(vec![text("an item")])]; 50_000];
    let parts: Vec<Inline> = (0..100_000)
        .flat_map(|_| [text("a line"), Inline::Break])
        .collect();
    for block in [
        Block::Paragraph(vec![text(words.clone())]),
        Block::Quote(vec![Block::Paragraph(vec![Inline::Strong(vec![text(
            words,
        )])])]),
        Block::Code {
            language: None,
            text: lines,
        },
        Block::List { first: None, items },
        Block::Paragraph(parts),
    ] {
        let blocks = vec![block];
        let all = words_of_pages(std::slice::from_ref(&blocks));
        let pages = pages(blocks, 12_000);
        assert!(pages.len() > 100, "{}", pages.len());
        assert!(pages.iter().all(|page| weight(page) <= 12_000));
        assert!(words_of_pages(&pages) == all);
    }
}

fn words_of_pages(pages: &[Vec<Block>]) -> String {
    pages.iter().map(|page| words(page)).collect()
}
