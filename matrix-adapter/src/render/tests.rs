//! What cards look like, and that nothing people write becomes markup.

use std::collections::BTreeMap;

use bot_core::card::markdown;
use bot_core::document::Fact;
use bot_core::forum::{Address, Timestamp};
use bot_core::text::Texts;
use proptest::prelude::*;

use super::*;

pub(crate) mod hostile;

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn draw_blocks(blocks: Vec<Block>) -> RenderedMessage {
    let links = BTreeMap::from([(Address::question(42), MessageKey("$card".to_owned()))]);
    draw(
        &Card {
            blocks,
            links,
            ..Card::default()
        },
        &|message| Some(format!("https://matrix.to/#/!room:x/{message}?via=x&via=y")),
    )
}

#[test]
fn a_question() {
    let drawn = draw_blocks(vec![
        Block::Title(vec![
            Inline::Address(Address::question(42)),
            text(" Why <img> & @room?"),
        ]),
        Block::Paragraph(vec![
            text("It "),
            Inline::Emphasis(vec![text("rises")]),
            Inline::Break,
            Inline::Code("a < b".to_owned()),
            text(", see "),
            Inline::Link {
                to: "https://example.org/?a=1&b=\"".to_owned(),
                text: vec![text("here")],
            },
        ]),
        Block::Code {
            language: Some("rust".to_owned()),
            text: "if a < b {}".to_owned(),
        },
        Block::Small(vec![
            text("+1 vote · asked "),
            Texts::new("en").time(Timestamp(0)),
            text(" · "),
            Inline::Address(Address::question(7)),
        ]),
    ]);
    insta::assert_snapshot!(drawn.html.replace("><", ">\n<"), @r#"
    <h3>
    <a href="https://matrix.to/#/!room:x/$card?via=x&amp;via=y">#42</a> Why &lt;img&gt; &amp; @room?</h3>
    <p>It <em>rises</em>
    <br>
    <code>a &lt; b</code>, see <a href="https://example.org/?a=1&amp;b=&quot;">here</a>
    </p>
    <pre>
    <code class="language-rust">if a &lt; b {}
    </code>
    </pre>
    <p>
    <em>+1 vote · asked 1 Jan 1970, 00:00 UTC · #7</em>
    </p>
    "#);
    assert!(drawn.body.starts_with("#42 Why <img> & @room?"));
}

#[test]
fn lists_quotes_and_marks() {
    let paragraph = |words: &str| Block::Paragraph(vec![text(words)]);
    let drawn = draw_blocks(vec![
        Block::Heading(vec![text("Found")]),
        Block::List {
            first: Some(3),
            items: vec![
                vec![paragraph("one"), paragraph("more")],
                vec![Block::List {
                    first: None,
                    items: vec![vec![paragraph("inner")]],
                }],
            ],
        },
        Block::Quote(vec![Block::Paragraph(vec![
            Inline::Strong(vec![text("a")]),
            Inline::Strike(vec![text("b")]),
            Inline::Mark("c".to_owned()),
        ])]),
        Block::Rule,
    ]);
    insta::assert_snapshot!(drawn.html.replace("><", ">\n<"), @r#"
    <h4>Found</h4>
    <ol start="3">
    <li>one<p>more</p>
    </li>
    <li>
    <ul>
    <li>inner</li>
    </ul>
    </li>
    </ol>
    <blockquote>
    <p>
    <strong>a</strong>
    <del>b</del>
    <strong>c</strong>
    </p>
    </blockquote>
    <hr>
    "#);
}

#[test]
fn a_link_leads_only_where_links_may() {
    for to in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "é",
        "",
    ] {
        let link = Inline::Link {
            to: to.to_owned(),
            text: vec![text("here")],
        };
        let drawn = draw_blocks(vec![Block::Paragraph(vec![link])]);
        assert_eq!(drawn.html, "<p>here</p>", "{to}");
    }
}

#[test]
fn what_is_too_large_loses_its_end() {
    let block = || Block::Paragraph(vec![text(&"\"<é>".repeat(100))]);
    let drawn = draw_blocks(vec![block(); 100]);
    assert!(
        drawn.size() <= MOST && drawn.size() > MOST / 2,
        "{}",
        drawn.size()
    );
    assert!(drawn.html.ends_with("<p>…</p>") && drawn.body.ends_with('…'));
    let drawn = draw_blocks(vec![Block::Paragraph(vec![text(&"\"<é>".repeat(10_000))])]);
    assert!(drawn.size() <= MOST, "{}", drawn.size());
    assert!(drawn.body.ends_with('…'));
}

/// Text that would like to be more than text.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<script>alert(1)</script>".to_owned()),
        Just("<img src=x onerror=alert(1)>".to_owned()),
        Just("\"><b>".to_owned()),
        Just("' onclick='x".to_owned()),
        Just("&lt;b&gt;".to_owned()),
        Just("</p></code></pre></a>".to_owned()),
        Just("@room @mira:localhost".to_owned()),
        Just("\u{0}\u{202E}\u{2066}".to_owned()),
        Just("javascript:alert(1)".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn inline() -> impl Strategy<Value = Inline> {
    let leaf = prop_oneof![
        hostile().prop_map(Inline::Text),
        hostile().prop_map(Inline::Code),
        hostile().prop_map(Inline::Mark),
        Just(Inline::Address(Address::question(42))),
        Just(Inline::Address(Address::question(1))),
        any::<i64>().prop_map(|at| Inline::Time {
            at: Timestamp(at),
            words: at.to_string()
        }),
        Just(Inline::Break),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            parts().prop_map(Inline::Emphasis),
            parts().prop_map(Inline::Strong),
            parts().prop_map(Inline::Strike),
            parts().prop_map(Inline::Spoiler),
            parts().prop_map(|parts| Inline::Fact(Fact::Accepted, parts)),
            (hostile(), parts()).prop_map(|(to, text)| Inline::Link { to, text }),
            (hostile(), parts()).prop_map(|(to, text)| Inline::Link {
                to: format!("https://{to}"),
                text,
            }),
        ]
    })
}

fn block() -> impl Strategy<Value = Block> {
    let parts = || prop::collection::vec(inline(), 0..3);
    let leaf = prop_oneof![
        parts().prop_map(Block::Title),
        parts().prop_map(Block::Heading),
        parts().prop_map(Block::Paragraph),
        parts().prop_map(Block::Small),
        (prop::option::of(hostile()), hostile())
            .prop_map(|(language, text)| Block::Code { language, text }),
        hostile().prop_map(|text| Block::Quote(markdown(&text))),
        Just(Block::Rule),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let blocks = || prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            blocks().prop_map(Block::Quote),
            (any::<Option<u64>>(), prop::collection::vec(blocks(), 0..3))
                .prop_map(|(first, items)| Block::List { first, items }),
        ]
    })
}

/// The first thing in the HTML that is neither text nor a tag of ours.
fn foreign(html: &str) -> Option<&str> {
    const TAGS: [&str; 18] = [
        "h3",
        "h4",
        "p",
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "br",
        "hr",
        "s",
        "u",
        "span",
    ];
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        if text.contains(['>', '"', '\'']) {
            return Some(text);
        }
        let (tag, after) = tag.split_once('>')?;
        let (name, attribute) = tag.split_once(' ').unwrap_or((tag, ""));
        let known = TAGS.contains(&name.strip_prefix('/').unwrap_or(name));
        let plain = match attribute.split_once("=\"") {
            None => attribute.is_empty() || tag == "span data-mx-spoiler",
            Some((key, value)) => {
                let value = value.strip_suffix('"').unwrap_or("\"");
                let leads = SCHEMES.iter().any(|scheme| value.starts_with(scheme));
                !value.contains(['"', '<', '\''])
                    && match key {
                        "href" => leads,
                        "class" => value.starts_with("language-"),
                        "start" => value.bytes().all(|byte| byte.is_ascii_digit()),
                        _ => false,
                    }
            }
        };
        if !known || !plain {
            return Some(tag);
        }
        rest = after;
    }
    rest.contains(['>', '"', '\'']).then_some(rest)
}

const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "matrix:"];

proptest! {
    #[test]
    fn no_text_becomes_markup(blocks in prop::collection::vec(block(), 0..4)) {
        let drawn = draw_blocks(blocks);
        prop_assert_eq!(foreign(&drawn.html), None);
        prop_assert!(drawn.size() <= MOST);
        for form in [&drawn.html, &drawn.body] {
            let steers = form.contains(['\u{0}', '\u{202E}', '\u{2066}']);
            prop_assert!(!steers);
        }
    }
}

#[test]
fn the_check_itself_sees_what_is_foreign() {
    for html in [
        "<img>",
        "<p onclick=\"x\">",
        "a > b",
        "<a href=\"javascript:x\">",
        "\"",
    ] {
        assert!(foreign(html).is_some(), "{html}");
    }
    assert_eq!(foreign("<p>a &lt; b</p><a href=\"https://x\">y</a>"), None);
}
