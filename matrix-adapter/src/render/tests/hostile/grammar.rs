//! What hostile people write, made of bytes: each picks a piece, some pieces take another byte to choose by. The same
//! bytes are the same text; fewer bytes are a shorter one, so that a failure becomes small.

use std::fmt::Write as _;

/// How long a text may get before no more is added to it, in bytes.
const ENOUGH: usize = 60_000;

/// What a message may begin with.
const BEGINNINGS: &[&str] = &[
    "",
    "!ask ",
    "!ask ",
    "!ask <b>@room</b> why? --tag <script>,@room,rust\n",
    "!ask\u{202E} ",
    "!answer #1 ",
    "!answer 1.1 ",
    "!answer ",
    "!a #4294967295 ",
    "!comment #1/c1: ",
    "!c 1 ",
    "!edit #1 --title \"",
    "!edit #1 --reason @room --title <img src=x> --tag a,b ",
    "!search ",
    "!search page:2 ",
    "search ",
    "!questions tag:",
    "!show #1 ",
    "!history 1.1 ",
    "!help ",
    "!serach ",
    "!<script> ",
    "👍\u{FE0F} #1",
    "> <@mira:localhost> !ask\n\n!answer ",
];

/// What wants to be more than text. Those that open something come more often than those that close it.
const PIECES: &[&str] = &[
    "@room",
    "@everyone",
    "@here",
    "@mira:localhost",
    "@<script>:x",
    "<@1234>",
    "https://matrix.to/#/@mira:localhost",
    "<https://matrix.to/#/@mira:localhost>",
    "[mira](https://matrix.to/#/@mira:localhost)",
    "[mira](https://matrix.to/#/%40mira%3Alocalhost?via=x)",
    "[mira](HTTPS://app.element.io/%23/user/@mira:localhost)",
    "[mira](matrix:u/mira:localhost)",
    "[mira](MATRIX:%75/mira:localhost)",
    "![mira](https://matrix.to/#/&#64;mira:localhost)",
    "[room](https://matrix.to/#/#room:localhost)",
    "<script>alert(1)</script>",
    "<script",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?php",
    "</b>",
    "</p></li></ul></code></pre></a>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:x' onclick=\"y\">",
    "<mx-reply>",
    "<span data-mx-spoiler>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](data:text/html,<b>)",
    "[x](vbscript:x)",
    "[x](//example.org)",
    "[x](https://example.org/\"onmouseover=x)",
    "[x](<https://example.org/ y> 'title\"')",
    "<javascript:alert(1)>",
    "<https://example.org/'\">",
    "[x]: https://example.org\n",
    "[x][x]",
    "[](https://example.org)",
    "[[[](https://x.org)](https://y.org)](https://z.org)",
    "](",
    "![",
    "[",
    "**",
    "*",
    "__",
    "_",
    "~~",
    "`",
    "``",
    "```",
    "\n```",
    "\n~~~~~ <b>\"' {.x}\n",
    "\n```rust\n",
    "\n> ",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n999999999) ",
    "\n# ",
    "\n    ",
    "\n\n",
    "\n---\n",
    "\\\n",
    "  \n",
    "\r\n",
    "\t",
    "&lt;b&gt;",
    "&amp;lt;",
    "&#x202E;",
    "&#0;",
    "&#x1F600;",
    "&quot;&apos;",
    "&",
    "\"",
    "'",
    ">",
    "\\<",
    "\u{202E}",
    "\u{202A}\u{2066}",
    "\u{2069}\u{202C}",
    "\u{200E}\u{200F}\u{61C}",
    "\u{200B}\u{200D}\u{2060}\u{FEFF}",
    "\u{2028}",
    "\u{2029}",
    "\u{0}",
    "\u{7}\u{1b}[2J\u{9b}",
    "\u{FE0F}",
    "👨\u{200D}👩\u{200D}👧",
    "\u{E000}\u{F8FF}",
    "\u{FFFC}",
    "\u{FFFD}\u{FFFF}",
    "\u{E0001}\u{E007F}",
    "مرحبا",
    "שלום",
    "#1",
    "#1.1/c2",
    " --tag a,b ",
    " --title \"",
    "--",
    " page:99999999999 ",
    " ",
    "word ",
    "x",
];

/// What is repeated very often.
const REPEATED: &[&str] = &[
    ">",
    "> ",
    "*",
    "* ",
    "- ",
    "1. ",
    "[",
    "![",
    "](",
    "<div>",
    "</div>",
    "<",
    "`",
    "~",
    "&",
    "\\",
    "\u{301}",
    "\u{FE0F}",
    "\u{202E}",
    "W",
    "@room ",
    "[a](https://x.org) ",
    "*a_ ",
    "\n",
    "\n> ",
    "\"",
    " --tag ",
    "👍",
    "\u{1b}",
];

/// The text that these bytes are.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut bytes = bytes.iter().copied();
    let mut text = String::new();
    if let Some(byte) = bytes.next() {
        text.push_str(of(BEGINNINGS, byte));
    }
    while let Some(byte) = bytes.next()
        && text.len() < ENOUGH
    {
        let mut more = || bytes.next().unwrap_or_default();
        match byte {
            // Twice a thousand only now and then: most of the inputs stay small.
            255 => text.push_str(&of(REPEATED, more()).repeat(1_000 + usize::from(more()) * 4)),
            248..=254 => text.push_str(&of(REPEATED, more()).repeat(usize::from(more()))),
            240..=247 => wrap(&mut text, more()),
            224..=239 => text.push(any(more(), more(), more())),
            _ => text.push_str(of(PIECES, byte)),
        }
    }
    text
}

/// One of several.
fn of(pieces: &'static [&'static str], byte: u8) -> &'static str {
    pieces[usize::from(byte) % pieces.len()]
}

/// Any character at all, those of the first plane more often.
fn any(plane: u8, high: u8, low: u8) -> char {
    let plane = u32::from(plane % 32).saturating_sub(15);
    let code = plane << 16 | u32::from(high) << 8 | u32::from(low);
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Sets all that was written so far into something.
fn wrap(text: &mut String, how: u8) {
    let inner = std::mem::take(text);
    let within = |before, after| format!("{before}{inner}{after}");
    *text = match how % 8 {
        0 => lines(&inner, "> "),
        1 => lines(&inner, "- "),
        2 => lines(&inner, "      "),
        3 => within("*", "*"),
        4 => within("~~**", "**~~"),
        5 => within("[", "](https://example.org)"),
        6 => within("\n````\n", "\n````\n"),
        _ => within("<div>", "</div>"),
    };
}

/// Sets something before each line.
fn lines(text: &str, before: &str) -> String {
    let mut set = String::new();
    for line in text.split('\n') {
        let _ = writeln!(set, "{before}{line}");
    }
    set
}
