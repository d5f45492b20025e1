use std::time::Instant;

use proptest::prelude::*;

use super::super::fold::depth;
use super::super::{Style, plain};
use super::*;
use crate::document::Card;

fn text(text: &str) -> Inline {
    Inline::Text(text.into())
}

fn paragraph(parts: impl Into<Vec<Inline>>) -> Block {
    Block::Paragraph(parts.into())
}

#[test]
fn marks_and_line_ends_are_read() {
    let read = markdown("one *two* **three** ~~four~~\n`five`\\\nsix");
    let expected = paragraph([
        text("one "),
        Inline::Emphasis(vec![text("two")]),
        text(" "),
        Inline::Strong(vec![text("three")]),
        text(" "),
        Inline::Strike(vec![text("four")]),
        Inline::Break,
        Inline::Code("five".into()),
        Inline::Break,
        text("six"),
    ]);
    assert_eq!(read, [expected]);
}

#[test]
fn what_is_between_bars_is_covered() {
    let read = markdown("The butler, ||it *was*\nhim||! || and `||` **||so||**");
    let expected = paragraph([
        text("The butler, "),
        Inline::Spoiler(vec![
            text("it "),
            Inline::Emphasis(vec![text("was")]),
            Inline::Break,
            text("him"),
        ]),
        text("! || and "),
        Inline::Code("||".into()),
        text(" "),
        Inline::Strong(vec![Inline::Spoiler(vec![text("so")])]),
    ]);
    assert_eq!(read, [expected]);
    for typed in ["a || b", "||||", r"\|\|a\|\|", "[||a||](https://x.org)"] {
        let read = format!("{:?}", markdown(typed));
        assert!(!read.contains("Spoiler"), "{read}");
        assert!(read.contains("||"), "{read}");
    }
}

#[test]
fn blocks_are_read() {
    let read = markdown(
        "# Head\n\n> said\n\n3. a\n4. b\n   - c\n\n---\n\n```rust,ignore\nfn x() {}\n\n```\n\n    set in\n",
    );
    let item = |word: &str| vec![paragraph([text(word)])];
    let inner = Block::List {
        first: None,
        items: vec![item("c")],
    };
    let expected = [
        Block::Heading(vec![text("Head")]),
        Block::Quote(vec![paragraph([text("said")])]),
        Block::List {
            first: Some(3),
            items: vec![item("a"), vec![paragraph([text("b")]), inner]],
        },
        Block::Rule,
        Block::Code {
            language: Some("rust".into()),
            text: "fn x() {}".into(),
        },
        Block::Code {
            language: None,
            text: "set in".into(),
        },
    ];
    assert_eq!(read, expected);
}

#[test]
fn html_is_shown_as_it_was_typed() {
    let read = markdown("a <img src=x onerror=alert(1)> b\n\n<script>\nlet x;\n</script>");
    let expected = [
        paragraph([text("a <img src=x onerror=alert(1)> b")]),
        paragraph([
            text("<script>"),
            Inline::Break,
            text("let x;"),
            Inline::Break,
            text("</script>"),
        ]),
    ];
    assert_eq!(read, expected);
}

#[test]
fn links_lead_only_where_readers_may_be_led() {
    let link = |to: &str, shown: &str| {
        paragraph([Inline::Link {
            to: to.into(),
            text: vec![text(shown)],
        }])
    };
    for (from, expected) in [
        ("[a](https://x.org)", link("https://x.org", "a")),
        ("<HTTP://x.org>", link("HTTP://x.org", "HTTP://x.org")),
        ("<mira@x.org>", link("mailto:mira@x.org", "mira@x.org")),
        ("[a](matrix:r/x:y)", link("matrix:r/x:y", "a")),
        ("[](https://x.org)", link("https://x.org", "https://x.org")),
        (
            "![alt](https://x.org/i.png)",
            link("https://x.org/i.png", "alt"),
        ),
        (
            "[![alt](https://i.org)](https://x.org)",
            link("https://x.org", "alt"),
        ),
        (
            "[a](javascript:alert)",
            paragraph([text("a (javascript:alert)")]),
        ),
        ("<javascript:alert>", paragraph([text("javascript:alert")])),
        ("[a](data:x)", paragraph([text("a (data:x)")])),
        ("[a](//x.org)", paragraph([text("a (//x.org)")])),
        ("[](x)", paragraph([text("(x)")])),
        (
            "[a](<https://x.org/ y>)",
            paragraph([text("a (https://x.org/ y)")]),
        ),
        (
            "[a](java&#10;script:x)",
            paragraph([text("a (java script:x)")]),
        ),
    ] {
        assert_eq!(markdown(from), [expected], "{from}");
    }
}

#[test]
fn entities_bring_nothing_back_that_may_not_be_shown() {
    let read = markdown("a&#x202E;b&#xE000;c&#27;[1m `&#x202E;`");
    assert_eq!(
        read,
        [paragraph([
            text("abc[1m "),
            Inline::Code("&#x202E;".into())
        ])]
    );
    assert_eq!(plain_text("a&#x202E;b&#xE000;c"), "abc");
}

#[test]
fn a_language_that_is_none_is_left_out() {
    for (info, expected) in [
        ("c++", Some("c++")),
        ("C#", Some("C#")),
        ("{.python}", None),
        ("<b>", None),
        ("", None),
        ("rust ignore", Some("rust")),
    ] {
        let read = markdown(&format!("~~~{info}\nx\n~~~"));
        let [Block::Code { language, .. }] = read.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(language.as_deref(), expected, "{info}");
    }
}

#[test]
fn plain_text_keeps_the_words_alone() {
    let words = plain_text(
        "# How *to*\n\n- one [link](https://x.org)\n- two `code`\n\n> said ![alt](y)\n\n```sh\nls -l\n\ncd\n```\nend",
    );
    assert_eq!(
        words,
        "How to\none link\ntwo code\nsaid alt\nls -l\n\ncd\nend"
    );
    assert_eq!(plain_text(""), "");
}

#[test]
fn what_is_covered_is_in_no_text_where_nothing_can_be_uncovered() {
    for (text, words) in [
        (
            "It was ||the *butler*||, said\n\n- she ||not|| `x`",
            "It was ▇▇▇, said\nshe ▇▇▇ x",
        ),
        ("> ||a\nb|| c", "▇▇▇ c"),
        ("**||a||** [||b||](https://x.org)", "▇▇▇ ||b||"),
        ("`||code||` and a || b", "||code|| and a || b"),
        ("", ""),
    ] {
        assert_eq!(covered_text(text), words, "{text}");
    }
    let card = Card {
        blocks: markdown("It was ||the *butler*||."),
        ..Card::default()
    };
    assert_eq!(plain(&card, Style::Covered), "It was ▇▇▇.");
    assert_eq!(plain(&card, Style::Plain), "It was ||the *butler*||.");
}

/// What takes a parser long, or deep.
fn hostile() -> Vec<String> {
    let nested = |part: &str, times| part.repeat(times);
    vec![
        format!("{} x", nested(">", 12_000)),
        format!("{}x", nested("> ", 24_000)),
        format!("{} x\n{}", nested(">", 12_000), nested("y\n", 18_000)),
        nested("> x\n>", 8_000),
        format!("{} x\n{}", nested("+ ", 12_000), nested("y\n", 12_000)),
        format!("{} x\n{}", nested("+ ", 12_000), nested("\n  y\n", 4_000)),
        format!("{} x\n{}", nested("+ ", 12_000), nested("\n", 24_000)),
        format!("{} x\n{}", nested("> + ", 6_000), nested("y\n", 12_000)),
        nested("[", 50_000),
        nested("*", 50_000),
        nested("*a ", 16_000),
        nested("*a_ ", 12_000),
        nested("**a ", 12_000),
        nested("[a](", 12_000),
        nested("![", 24_000),
        format!("{}{}", nested("![", 8_000), nested("](x)", 8_000)),
        format!("{}{}", nested("[", 16_000), nested("](x)", 8_000)),
        nested("- ", 24_000),
        nested("1. ", 16_000),
        nested("`", 50_000),
        (1..300).map(|n| "`".repeat(n) + " ").collect(),
        nested("<", 50_000),
        nested("<!--", 12_000),
        nested("<a ", 16_000),
        nested("~", 50_000),
        nested("~~a ", 12_000),
        nested("&", 50_000),
        nested("\\", 50_000),
        nested("[a]: b\n", 7_000),
        (0..2_000)
            .map(|n| "  ".repeat(n.min(20)) + "- x\n")
            .collect(),
    ]
}

#[test]
fn a_line_of_very_many_markers_keeps_its_text() {
    let read = markdown(&format!("{} end", ">".repeat(40)));
    assert!(depth(&read) <= DEPTH);
    assert_eq!(
        plain_text(&format!("{} end", ">".repeat(40))),
        ">>>>>>>> end"
    );
    assert_eq!(plain_text(&format!("{}end", "7. ".repeat(34))), "7. 7. end");
    assert_eq!(markdown(&"* ".repeat(40)), [Block::Rule]);
}

#[test]
fn nesting_of_any_depth_is_read_flat_and_fast() {
    for text in hostile() {
        let began = Instant::now();
        let read = markdown(&text);
        let words = plain_text(&text);
        let took = began.elapsed();
        let start: String = text.chars().take(12).collect();
        assert!(depth(&read) <= DEPTH, "{start}");
        assert!(words.len() <= text.len() + 1, "{start}");
        // Linear takes some ms unoptimised; what is quadratic takes minutes.
        assert!(took.as_secs() < 5, "{start} took {took:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_within_the_depth(text in any::<String>()) {
        prop_assert!(depth(&markdown(&text)) <= DEPTH);
        prop_assert!(!plain_text(&text).ends_with(char::is_whitespace));
    }

    #[test]
    fn any_markup_is_read_within_the_depth(text in "([>*_~`#\\[\\]()!<&;:/ \n\t-]|[0-9]\\.|[a-c]){0,200}") {
        prop_assert!(depth(&markdown(&text)) <= DEPTH);
        prop_assert!(!plain_text(&text).ends_with(char::is_whitespace));
    }
}
