use std::time::Instant;

use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::*;
use crate::transfer::dump::{DumpRows, PostRow, tests::beer};

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(markdown(html, None), expected, "{html}");
}

#[test]
fn paragraphs_and_marks() {
    check("", "");
    check("<p>One\ntwo.</p>\n\n<p>Three!</p>\n", "One two.\n\nThree!");
    check("a<br>b<br/><br>c", "a\\\nb\n\nc");
    check(
        "<strong>a</strong> <em>b</em> <del>c</del> <b><i>d</i></b>",
        "**a** *b* ~~c~~ ***d***",
    );
    check("<strong>a </strong>b<em> c</em>", "**a** b *c*");
    check("<em>a</em><strong>b</strong>", "*a***b**");
    check("<b>Note:</b>this", "**Note**:this");
    check("<b>a</b><b>b</b> <b><strong>c</b> d</b>", "**ab c d**");
    check("<strong>a<br>b</strong>", "**a\\\nb**");
    check(
        "<h1>One</h1><h2>Two <em>a</em></h2>x<hr>y",
        "# One\n\n## Two *a*\n\nx\n\n---\n\ny",
    );
    check(
        "2<sup>10</sup> m<sup>-2</sup> H<sub>2</sub>O <sup>so</sup>",
        "2\u{b9}\u{2070} m\u{207b}\u{b2} H2O so",
    );
    check("press <kbd>Ctrl</kbd>+<kbd>C</kbd>", "press `Ctrl`+`C`");
    check(
        "a &amp; b &lt;c&gt; &copy; &nbsp;d",
        "a & b \\<c> \u{a9} \u{a0}d",
    );
    check("<p>a<script>if (a<b) {}</script></p><!-- no -->b", "a\n\nb");
}

#[test]
fn what_looks_like_a_mark_is_escaped_and_prose_is_not() {
    for plain in [
        "Isn't it? Yes! (No - really; 50% of it, #1.)",
        "snake_case and 2 * 3 < 4 > 1 & so",
        "a [b] c: ~5 | 6 https://x.org/a_b?c=d&e=f",
        "AT&T; x ~ y = z + 1. end",
    ] {
        let html = plain.replace('&', "&amp;").replace('<', "&lt;");
        let expected = plain.replace("AT&T;", "AT\\&T;");
        check(&html, &expected);
    }
    for (text, expected) in [
        ("# a", "\\# a"),
        ("#a", "#a"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("1.5 a", "1.5 a"),
        ("- a", "\\- a"),
        ("--a", "--a"),
        ("---", "\\---"),
        ("+ a", "\\+ a"),
        ("* a", "\\* a"),
        ("> a", "\\> a"),
        ("*a* _b_ **c**", "\\*a\\* \\_b\\_ \\*\\*c\\*\\*"),
        ("`a`", "\\`a\\`"),
        ("a||b", "a\\|\\|b"),
        ("[a](b) [c]: d", "[a\\](b) [c\\]: d"),
        ("a ~~b~~", "a ~\\~b\\~\\~"),
        ("~~~", "~\\~\\~"),
        ("&lt;b&gt; &lt;!-- &lt;3", "\\<b> \\<!-- <3"),
        ("a \\* b \\ c\\", "a \\\\\\* b \\ c\\"),
        ("&amp;amp; &amp;#42;", "\\&amp; \\&#42;"),
        ("a<br>---<br>=<br>2. b", "a\\\n\\---\\\n\\=\\\n2\\. b"),
        ("a\\<br>b", "a\\\\\\\nb"),
    ] {
        check(text, expected);
    }
}

#[test]
fn links_and_pictures() {
    check(
        "<a href=\"https://x.org/a_b\" rel=\"nofollow\">a [b] *c*</a>",
        "[a \\[b\\] \\*c\\*](https://x.org/a_b)",
    );
    check(
        "<a href='https://x.org'>https://x.org</a>.",
        "<https://x.org>.",
    );
    check(
        "<a href='u' title='a \"b\"\nc'>t</a>",
        "[t](u \"a \\\"b\\\" c\")",
    );
    check(
        "<a href='/w/B_(c)'>t</a><a href='/d)'>e</a>",
        "[t](/w/B_(c))[e](</d)>)",
    );
    check(
        "<a href='a b'><b>t</b></a> <a href=''>v</a>",
        "[**t**](<a b>) [v](<>)",
    );
    check("<b>see <a href='u'>t</a></b>", "**see [t](u)**");
    check("<a name='x'>t</a> wow!<a href='u'>v</a>", "t wow\\![v](u)");
    check("<a href='u'><code>x</code></a>", "[`x`](u)");
    check(
        "<img src='i.png' alt='a [b]' title='t'>",
        "![a \\[b\\]](i.png \"t\")",
    );
    check("<a href='u'><img src='i' alt=''></a>", "[![](i)](u)");
    let resolve = |to: &str| {
        let site = Some("https://beer.stackexchange.com/");
        markdown(&format!("<a href=\"{to}\">t</a>"), site)
    };
    assert_eq!(resolve("/q/1"), "[t](https://beer.stackexchange.com/q/1)");
    assert_eq!(resolve("//x.org/a"), "[t](https://x.org/a)");
    assert_eq!(resolve("#a"), "[t](#a)");
    assert_eq!(resolve("mailto:a@x.org"), "[t](mailto:a@x.org)");
}

#[test]
fn code_is_kept_exactly() {
    check(
        "<code>a  b</code> <code>`</code> <code>``a</code>",
        "`a  b` `` ` `` ``` ``a ```",
    );
    check("<code> a </code><code>b</code>", "` a b`");
    check("<code>&lt;b&gt; *a* \\</code>", "`<b> *a* \\`");
    check(
        "<pre><code>fn a() {\n\n\tb &lt; c  \n}\n</code></pre>",
        "```\nfn a() {\n\n\tb < c  \n}\n```",
    );
    check("<pre><code>a\n```\nb</code></pre>", "````\na\n```\nb\n````");
    check(
        "<pre class=\"lang-rust prettyprint-override\"><code>a\n</code></pre>",
        "```rust\na\n```",
    );
    check(
        "<pre><code class='language-c++'>a</code></pre>",
        "```c++\na\n```",
    );
    check(
        "<!-- language: lang-rs -->\n\n<pre><code>a\n</code></pre><pre><code>b\n</code></pre>",
        "```rs\na\n```\n\n```\nb\n```",
    );
    check(
        "<!-- language-all: lang-py --><pre>\na</pre><!-- language: lang-none --><pre>b</pre><pre>c</pre>",
        "```py\na\n```\n\n```\nb\n```\n\n```py\nc\n```",
    );
}

#[test]
fn lists_and_quotes() {
    check(
        "<ul>\n<li>a</li>\n<li>b<ol start=\"9\"><li>c</li><li>d</li></ol></li>\n</ul>",
        "- a\n- b\n\n  9. c\n  10. d",
    );
    check("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c");
    check(
        "<ol><li><p>a</p>\n<pre><code>x\n\n y\n</code></pre></li><li><p>b</p></li></ol>",
        "1. a\n\n   ```\n   x\n\n    y\n   ```\n\n2. b",
    );
    check("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b");
    check(
        "<ul><li><hr></li><li></li><li><ul><li>a</ul></ul>",
        "- ___\n- - a",
    );
    check(
        "<blockquote><p>a</p><p>b</p><ul><li>c</li></ul></blockquote><p>d</p>",
        "> a\n>\n> b\n>\n> - c\n\nd",
    );
    check(
        "<blockquote class=\"spoiler\"><p>It <b>was</b><br>him</p><pre><code>a\n b\n</code></pre></blockquote>",
        "> ||It **was**\\\n> him||\n>\n> ||`a`\\\n> ` b`||",
    );
}

#[test]
fn tables_stand_in_pipes() {
    check(
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><b>c|d</b></td><td></td></tr>\
         <tr><td><p>e</p><p>f</p></td><td>g<br>h</td></tr></tbody></table>",
        "| a | b |\n| --- | --- |\n| **c\\|d** |  |\n| e f | g h |",
    );
}

#[test]
fn html_that_is_wrong_is_read_as_far_as_it_can_be() {
    check("<p>a <b>b <i>c</p><p>d", "a **b *c***\n\n***d***");
    check("</p></b></ul></blockquote></table>a</a>", "a");
    check("<pre><code>a", "```\na\n```");
    check("<table>a<td>b<tr>c", "| a | b |\n| --- | --- |\n| c |");
    check("<li>a<li>b", "a\n\nb");
    check("a\0b <a href=\"x", "ab");
    check("a <b", "a");
    check("<a href=x>a<a href=y>b</a>", "[a](x)[b](y)");
}

#[test]
fn nesting_of_any_depth_is_read_flat_and_fast() {
    let many = |part: &str| part.repeat(100_000);
    let long = |part: &str| part.repeat(10_000_000 / 8 / part.len());
    let attributes: String = (0..100_000).map(|at| format!(" a{at}=1")).collect();
    for html in [
        format!("{}x", many("<blockquote>")),
        format!("{}x{}", many("<ul><li>"), many("</li></ul>y")),
        format!("{}x{}y", many("<b>"), many("</b>")),
        format!("{}x", many("<a href=y>")),
        many("<table><tr><td>x"),
        format!("<table>{}{}", many("<td>x"), many("<tr><td>x")),
        many("<em>a<strong>b</em>c</strong>"),
        many("<code>`</code>"),
        many("<p><b>x"),
        many("</ul></blockquote></b>"),
        many("<pre>x"),
        long("x "),
        long("*"),
        long("[a]("),
        long("&lt;"),
        long("&amp;amp"),
        long("1"),
        long("<"),
        long("<!--"),
        long("\0"),
        long("a\\<br>"),
        format!("<a{attributes}>x"),
        format!("<blockquote>{}", long("<p>a")),
        format!("<code>{}", long("`a")),
        format!("<pre>{}", long("`\n")),
    ] {
        let began = Instant::now();
        let text = markdown(&html, None);
        let took = began.elapsed();
        let start: String = html.chars().take(24).collect();
        assert!(text.len() <= 40 * html.len(), "{start}");
        // Linear takes a second or two unoptimised; what is quadratic takes minutes.
        assert!(took.as_secs() < 20, "{start} took {took:?}");
    }
}

/// The words of HTML, by its tokens alone.
fn words_of_html(html: &str) -> Vec<String> {
    const INLINE: [&[u8]; 16] = [
        b"a", b"b", b"code", b"del", b"em", b"i", b"img", b"kbd", b"s", b"span", b"strike",
        b"strong", b"sub", b"sup", b"u", b"tt",
    ];
    let mut text = String::new();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::String(part) => text.push_str(&String::from_utf8_lossy(&part.value)),
            Token::StartTag(tag) => {
                if !INLINE.contains(&&tag.name[..]) {
                    text.push(' ');
                }
                if let Some(alt) = tag.attributes.get(&b"alt"[..]) {
                    text.push_str(String::from_utf8_lossy(&alt.value).trim());
                }
            }
            Token::EndTag(tag) if !INLINE.contains(&&tag.name[..]) => text.push(' '),
            _ => {}
        }
    }
    words(&text)
}

/// The words of a text; digits that are set high are digits.
fn words(text: &str) -> Vec<String> {
    let low = |c: char| match c {
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2070}' => '0',
        '\u{2074}'..='\u{2079}' => char::from_u32(u32::from(c) - 0x2074 + u32::from('4')).unwrap(),
        '\u{207a}' => '+',
        '\u{207b}' => '-',
        c => c,
    };
    let text: String = text.chars().map(low).collect();
    text.split_whitespace().map(str::to_owned).collect()
}

/// What Markdown is read as.
#[derive(Debug, Default)]
struct Said {
    words: Vec<String>,
    links: Vec<String>,
    blocks: Vec<(String, String)>,
    code: Vec<String>,
}

fn said(markdown: &str) -> Said {
    let mut said = Said::default();
    let mut text = String::new();
    let mut block: Option<(String, String)> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) => {
                text.push_str(&part);
                if let Some((_, code)) = &mut block {
                    code.push_str(&part);
                }
            }
            Event::Code(part) => {
                text.push_str(&part);
                said.code.push(part.to_string());
            }
            Event::Html(_) | Event::InlineHtml(_) => panic!("HTML in {markdown}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                said.links.push(dest_url.to_string());
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let CodeBlockKind::Fenced(language) = kind else {
                    panic!("code without a fence in {markdown}");
                };
                block = Some((language.to_string(), String::new()));
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => {}
            Event::End(TagEnd::CodeBlock) => {
                said.blocks.extend(block.take());
                text.push(' ');
            }
            _ => text.push(' '),
        }
    }
    said.words = words(&text);
    said
}

#[test]
fn every_post_of_the_real_dump_says_the_same() {
    let Some(folder) = beer() else {
        return;
    };
    let (mut posts, mut links, mut plain) = (0, 0, 0);
    for row in DumpRows::<PostRow>::open(&folder.join("Posts.xml")).unwrap() {
        let row = row.unwrap();
        let html = row.body.as_str();
        let text = markdown(html, None);
        let said = said(&text);
        let bare = |word: &&String| word.as_str() != "||";
        let found: Vec<String> = said
            .words
            .iter()
            .map(|word| word.replace("||", ""))
            .filter(|word| bare(&word) && !word.is_empty())
            .collect();
        assert_eq!(found, words_of_html(html), "{}: {html}\n{text}", row.id.0);
        let linked = html.matches("<a href=").count() + html.matches("<img src=").count();
        assert_eq!(said.links.len(), linked, "{}: {html}\n{text}", row.id.0);
        let blocks: Vec<String> = html
            .split("<pre><code>")
            .skip(1)
            .map(|part| {
                let code = part.split("</code></pre>").next().unwrap();
                let code = code.replace("&lt;", "<").replace("&gt;", ">");
                code.replace("&quot;", "\"").replace("&amp;", "&")
            })
            .collect();
        let read: Vec<_> = said.blocks.into_iter().map(|(_, code)| code).collect();
        assert_eq!(read, blocks, "{}: {html}\n{text}", row.id.0);
        posts += 1;
        links += linked;
        plain += usize::from(html.matches("<strong>").count() > text.matches("**").count() / 2);
    }
    assert_eq!(posts, 3_471);
    eprintln!("{links} links; {plain} posts with strong text that is plain");
}

/// HTML of these pieces, in any order.
fn html() -> impl Strategy<Value = String> {
    let tags = "</?(p|b|em|del|code|pre|ul|ol|li|blockquote|h2|sup|table|tr|td|br|hr)>";
    let pieces = prop_oneof![
        4 => "[a-c \\n1-9.]{1,4}",
        3 => "[-*_#>+=~`|!\\[\\]():\\\\.0-9 \"a]{1,4}",
        1 => "&(lt|gt|amp|amp;amp|#42);",
        4 => tags,
        1 => "<a href=\"[a-c()\\\\ ]{0,3}\">|</a>",
    ];
    proptest::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_html_says_the_same_as_markdown(html in html()) {
        // A table's own lines are no words of it.
        let joined = |words: Vec<String>| words.concat().replace("|---", "").replace(['|', '-'], "");
        let text = markdown(&html, None);
        let found = joined(said(&text).words);
        prop_assert_eq!(found, joined(words_of_html(&html)), "{}\n{}", html, text);
    }

    #[test]
    fn any_text_stays_text(lines in "([-*_#>+=~`|!\\[\\]():\\\\.<&;\"'/a-c0-9 ]{0,8}(<br>)?){0,4}") {
        let html = lines.replace('&', "&amp;").replace('<', "&lt;").replace("&lt;br>", "<br>");
        let text = markdown(&html, None);
        prop_assert_eq!(said(&text).words, words_of_html(&html), "{}\n{}", html, text);
    }

    #[test]
    fn any_string_is_read(html in any::<String>()) {
        prop_assert!(!markdown(&html, Some("https://x.org")).ends_with('\n'));
    }
}

#[test]
fn the_marks_of_a_message_come_through() {
    for (html, said) in [
        (
            "!answer <b>Six</b> <i>weeks</i>, <del>two</del>",
            "!answer **Six** *weeks*, ~~two~~",
        ),
        (
            "It was <span data-mx-spoiler>the <em>butler</em></span>",
            "It was ||the *butler*||",
        ),
        (
            "It was <span data-mx-spoiler=\"who\">the<br><br>butler<ul><li>so</li></ul></span> then",
            "It was who: ||the\nbutler\nso||\nthen",
        ),
        (
            "<p>!ask Why?</p><p>See <a href=\"https://x.org/?a&amp;b\">there</a></p>",
            "!ask Why?\n\nSee [there](https://x.org/?a&b)",
        ),
        (
            "!answer Do<br><pre><code class=\"language-rust\">fn x() {\n    y &lt; 1\n}\n</code></pre>so",
            "!answer Do\n\n```rust\nfn x() {\n    y < 1\n}\n```\n\nso",
        ),
        (
            "!answer<ul><li>a</li><li>b<ol start=\"3\"><li>c</li><li>d</li></ol></li></ul>e",
            "!answer\n\n- a\n- b\n\n  3. c\n  4. d\n\ne",
        ),
        (
            "!answer<blockquote><p>said</p><p>so</p></blockquote>yes",
            "!answer\n\n> said\n>\n> so\n\nyes",
        ),
        (
            "<mx-reply>old <b>words</b></mx-reply>!answer <code>a_*b</code> 2*3 a_b *x*",
            "!answer `a_*b` 2\\*3 a_b \\*x\\*",
        ),
        ("a < b <b>c", "a < b **c**"),
    ] {
        assert_eq!(of_message(html).as_deref(), Some(said), "{html}");
    }
}

#[test]
fn a_message_that_marks_nothing_is_none() {
    for html in [
        "!answer so<br>and so",
        "<p>a</p><p>b</p>",
        "<a href=\"https://matrix.to/#/@mira:localhost\">mira</a>: yes",
        "<font color=\"red\">a</font> <img src=\"mxc://x/y\">",
        "",
    ] {
        assert_eq!(of_message(html), None, "{html}");
    }
}

#[test]
fn a_message_that_is_broken_or_deep_ends() {
    for html in [
        "<b>".repeat(10_000),
        "</li>".repeat(10_000),
        "<ol><li>".repeat(5_000),
        "<pre>".repeat(99),
        "<".repeat(10_000),
    ] {
        let read = of_message(&html).unwrap_or_default();
        assert!(read.len() <= html.len() * 8 + 100);
    }
}
