//! Reads Discord's Markdown as its clients do, sign by sign, and takes nothing but what a renderer of ours may write.

/// What is seen of a text; an error where there is markup that is not ours.
pub(super) fn read(text: &str) -> Result<String, String> {
    for line in outside_code(text)? {
        starts(&line).map_err(|why| format!("{why} in {text:?}"))?;
    }
    read_inline(text)
}

/// The same of what stands inside a line, or is a title: no block begins there.
pub(super) fn read_inline(text: &str) -> Result<String, String> {
    let mut seen = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = sign(c, rest, &mut seen).map_err(|why| format!("{why} in {text:?}"))?;
    }
    Ok(seen)
}

/// Reads one sign and gives what follows.
fn sign<'a>(c: char, rest: &'a str, seen: &mut String) -> Result<&'a str, String> {
    if let Some(code) = rest.strip_prefix("```") {
        let (code, behind) = code.split_once("```").ok_or("a block without an end")?;
        if code.trim_matches('\n').is_empty() {
            return Err("an empty block".to_owned());
        }
        seen.push_str(code.split_once('\n').map_or(code, |(_, code)| code));
        return Ok(behind);
    }
    let behind = &rest[c.len_utf8()..];
    match c {
        '`' => code(rest, seen),
        '\\' => {
            let escaped = behind.chars().next().ok_or("a backslash at the end")?;
            if escaped.is_alphanumeric() || escaped.is_whitespace() {
                return Err(format!("a backslash before {escaped:?}"));
            }
            seen.push(escaped);
            Ok(&behind[escaped.len_utf8()..])
        }
        '<' => {
            let (inside, behind) = behind.split_once('>').ok_or("an open <")?;
            let time = inside
                .strip_prefix("t:")
                .and_then(|at| at.strip_suffix(":R"));
            if time.is_some_and(|at| at.parse::<i64>().is_ok()) {
                return Ok(behind);
            }
            // Between these, parentheses end nothing.
            if !address(&inside.replace(['(', ')'], "")) {
                return Err(format!("<{inside}>"));
            }
            seen.push_str(inside);
            Ok(behind)
        }
        '[' => {
            let (shown, behind) = behind.split_once("](").ok_or("an open [")?;
            let (to, behind) = behind.split_once(')').ok_or("an open link")?;
            let inside = read_inline(shown)?;
            if !address(to) || inside.trim().is_empty() || shown.contains(['[', ']', '\n']) {
                return Err(format!("[{shown}]({to})"));
            }
            seen.push_str(&inside);
            Ok(behind)
        }
        'h' if rest.starts_with("https://") || rest.starts_with("http://") => {
            let end = |c: char| c.is_whitespace() || c == '<' || c == '\u{FEFF}';
            let to = rest.split(end).next().unwrap_or_default();
            if !address(to) || to.ends_with(['.', ',', ':', ';', '"', '\'', ')', ']']) {
                return Err(format!("the address {to:?}"));
            }
            seen.push_str(to);
            Ok(&rest[to.len()..])
        }
        '@' if ["everyone", "here"].iter().any(|all| {
            behind
                .get(..all.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(all))
        }) =>
        {
            Err("a call to all".to_owned())
        }
        ':' if behind.split(char::is_whitespace).next().is_some_and(emoji) => {
            Err("an emoji".to_owned())
        }
        '|' if rest.starts_with("||") => {
            let (inside, behind) = rest[2..].split_once("||").ok_or("an open spoiler")?;
            if inside.trim().is_empty() {
                return Err("a spoiler with nothing in it".to_owned());
            }
            seen.push_str(&read_inline(inside)?);
            Ok(behind)
        }
        '_' | '|' | ']' => Err(format!("a bare {c}")),
        '~' if !rest.starts_with("~~") => Err("a bare ~".to_owned()),
        '~' => Ok(&behind[1..]),
        '*' => Ok(behind),
        _ => {
            seen.push(c);
            Ok(behind)
        }
    }
}

/// Whether a colon and this word are an emoji: a name of letters, digits and the like, and a colon.
fn emoji(word: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    let behind = word.trim_start_matches(name);
    // An address behind it is read by itself.
    behind.len() < word.len() && behind.starts_with(':') && !behind.starts_with("://")
}

/// Reads code in a line.
fn code<'a>(rest: &'a str, seen: &mut String) -> Result<&'a str, String> {
    let fence = rest.len() - rest.trim_start_matches('`').len();
    let mut inside = &rest[fence..];
    let mut code = String::new();
    while !inside.is_empty() {
        let row = inside.len() - inside.trim_start_matches('`').len();
        if row == fence {
            if code.contains('\n') {
                return Err("code over lines".to_owned());
            }
            seen.push_str(&code);
            return Ok(&inside[row..]);
        }
        let taken = row.max(inside.chars().next().map_or(0, char::len_utf8));
        code.push_str(&inside[..taken]);
        inside = &inside[taken..];
    }
    Err("code without an end".to_owned())
}

/// Whether this is a web address that ends nothing early.
fn address(to: &str) -> bool {
    let rest = to.strip_prefix("https://").or(to.strip_prefix("http://"));
    let ends = |c: char| c.is_whitespace() || c.is_control() || "()<>[]\"'`*|\\".contains(c);
    let calls = to.to_lowercase();
    rest.is_some_and(|rest| !rest.is_empty())
        && !to.contains(ends)
        && !to.contains("~~")
        && !calls.contains("@everyone")
        && !calls.contains("@here")
}

/// The lines that are not code.
fn outside_code(text: &str) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in text.split('\n') {
        let fence = line.trim_start_matches("> ").starts_with("```");
        if fence {
            in_code = !in_code;
        } else if !in_code {
            lines.push(line.to_owned());
        }
    }
    match in_code {
        true => Err(format!("open code in {text:?}")),
        false => Ok(lines),
    }
}

/// Whether a line begins as ours do: quotes, bars, markers, small print, at most one of each, and no heading.
fn starts(line: &str) -> Result<(), String> {
    let line = line.strip_prefix("> ").unwrap_or(line);
    if line.starts_with('>') {
        return Err(format!("a quote begins {line:?}"));
    }
    let mut line = line;
    while let Some(rest) = line.strip_prefix("│ ") {
        line = rest;
    }
    let line = line.trim_start();
    let line = line.strip_prefix("-# ").unwrap_or(line);
    let hashes = line.trim_start_matches('#');
    if hashes.len() < line.len() && (hashes.is_empty() || hashes.starts_with(char::is_whitespace)) {
        return Err(format!("a heading begins {line:?}"));
    }
    if line.starts_with("* ") || line.starts_with("+ ") {
        return Err(format!("an item begins {line:?}"));
    }
    Ok(())
}
