//! What is typed at the prompt, read: what it asks for, not whether there is such a thing. It touches nothing.

/// What can be typed.
pub const HELP: &str = r#"mira (an admin), sol and tom are the people. A line begins with who does something:
  mira /ask title="How long?"      a command; values with spaces stand in quotes
  mira types /search words="ke"    what completes the value that is typed last
  mira fill text="A keg.\nCold."   fills and sends the dialog before them: fields by label or custom id
  mira click 1 Answer              a button of message 1
  mira menu 1 Make this a question
  mira react 1 👍, unreact 1 👍
  mira says Hello                  or edits 1 Hello, deletes 1
  mira posts "Hello there" Text   in the forum
in PLACE (a channel's or thread's name, or the number of a thread's message), show, who, wait (for the bot), help, quit"#;

/// Names and their values.
pub type Pairs = Vec<(String, String)>;

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    Nothing,
    Help,
    Who,
    Show,
    Wait,
    Quit,
    In(String),
    Asks(String, Ask),
    Chats(String, Chat),
}

/// A message's number, and what is done with it.
pub type At = (String, String);

/// What somebody asks of the bot.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask {
    Command((String, Pairs)),
    Types((String, Pairs)),
    Fill(Pairs),
    Click(At),
    Menu(At),
}

/// What somebody does without it.
#[derive(Debug, PartialEq, Eq)]
pub enum Chat {
    Says(String),
    Edits(At),
    Deletes(String),
    React(At),
    Unreact(At),
    Posts(String, String),
}

/// Reads a line, or says why it cannot.
pub fn read(line: &str) -> Result<Line, String> {
    let (first, rest) = head(line);
    let (verb, what) = head(rest);
    let asks = |ask| Line::Asks(first.to_owned(), ask);
    let chats = |chat| Line::Chats(first.to_owned(), chat);
    let at = || -> Result<At, String> {
        let (number, what) = head(what);
        match text(what)? {
            what if what.is_empty() => Err(format!("{verb} needs a number, and what; see help")),
            what => Ok((number.to_owned(), what)),
        }
    };
    Ok(match (first, verb) {
        ("", _) => Line::Nothing,
        ("help", "") => Line::Help,
        ("who", "") => Line::Who,
        ("show", "") => Line::Show,
        ("wait", "") => Line::Wait,
        ("quit", "") => Line::Quit,
        ("in", _) => Line::In(text(rest)?),
        _ if verb.starts_with('/') => asks(Ask::Command(command(rest)?)),
        (_, "types") => asks(Ask::Types(command(what)?)),
        (_, "fill") => asks(Ask::Fill(pairs(&words(what)?)?)),
        (_, "click") => asks(Ask::Click(at()?)),
        (_, "menu") => asks(Ask::Menu(at()?)),
        (_, "says") => chats(Chat::Says(text(what)?)),
        (_, "edits") => chats(Chat::Edits(at()?)),
        (_, "deletes") => chats(Chat::Deletes(text(what)?)),
        (_, "react") => chats(Chat::React(at()?)),
        (_, "unreact") => chats(Chat::Unreact(at()?)),
        (_, "posts") => match words(what)?.split_first() {
            Some((title, text)) => chats(Chat::Posts(title.clone(), text.join(" "))),
            None => return Err("a post needs a title and a text".to_owned()),
        },
        _ => return Err(format!("{line:?} is nothing that can be done; see help")),
    })
}

/// A command's name with its subcommands', and its options.
fn command(typed: &str) -> Result<(String, Pairs), String> {
    let words = words(typed)?;
    let of = words.iter().position(|word| word.contains('='));
    let (names, of) = words.split_at(of.unwrap_or(words.len()));
    let name = names.join(" ");
    let name = name.strip_prefix('/').ok_or("a command begins with /")?;
    Ok((name.to_owned(), pairs(of)?))
}

fn pairs(words: &[String]) -> Result<Pairs, String> {
    let pair = |word: &String| {
        let pair = word.split_once('=');
        let (name, value) = pair.ok_or_else(|| format!("{word:?} is not name=\"value\""))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    words.iter().map(pair).collect()
}

/// What goes on to the end of the line, with or without quotes.
fn text(typed: &str) -> Result<String, String> {
    match typed.starts_with('"') {
        true => Ok(words(typed)?.join(" ")),
        false => Ok(typed.to_owned()),
    }
}

/// Words. What is in quotes belongs to one; `\n`, `\"` and `\\` there are what they usually are.
fn words(typed: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    let mut rest = typed.chars();
    while let Some(c) = rest.next() {
        if c.is_whitespace() && !is_quoted {
            words.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_default();
        match c {
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => word.extend(rest.next().map(|c| if c == 'n' { '\n' } else { c })),
            c => word.push(c),
        }
    }
    words.extend(word);
    match is_quoted {
        true => Err("a quote is not closed".to_owned()),
        false => Ok(words),
    }
}

fn head(typed: &str) -> (&str, &str) {
    let typed = typed.trim();
    let (head, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    (head, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::{Ask, Chat, Line, Pairs, read};

    fn asks(typed: &str) -> Ask {
        match read(&format!("mira {typed}")) {
            Ok(Line::Asks(who, ask)) if who == "mira" => ask,
            other => panic!("{typed} is {other:?}"),
        }
    }

    fn pair(name: &str, value: &str) -> Pairs {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn a_command_has_subcommands_and_options() {
        let open = Ask::Command(("forum open".to_owned(), Vec::new()));
        assert_eq!(asks(" /forum  open "), open);
        let ask = Ask::Command(("ask".to_owned(), pair("title", "How = long, \"kegs\"?")));
        assert_eq!(asks(r#"/ask title="How = long, \"kegs\"?""#), ask);
        let typed = Ask::Types(("search".to_owned(), pair("words", "ke")));
        assert_eq!(asks("types /search words=ke"), typed);
    }

    #[test]
    fn a_text_needs_quotes_only_for_lines() {
        let says = |text: &str| Ok(Line::Chats("sol".to_owned(), Chat::Says(text.to_owned())));
        assert_eq!(read("sol says Is it = \"x\"?"), says("Is it = \"x\"?"));
        assert_eq!(read(r#"sol says "one\ntwo""#), says("one\ntwo"));
        let fill = Ask::Fill(pair("text", "one\ntwo\\"));
        assert_eq!(asks(r#"fill text="one\ntwo\\""#), fill);
        assert_eq!(asks("fill text=\"\""), Ask::Fill(pair("text", "")));
        let menu = Ask::Menu(("p3".to_owned(), "Make this".to_owned()));
        assert_eq!(asks("menu p3 Make this"), menu);
        assert_eq!(asks("menu p3 \"Make this\""), menu);
    }

    #[test]
    fn what_cannot_be_read_is_a_sentence() {
        for rest in [
            "",
            "dances",
            "click 1",
            "fill text",
            "/ask t=\"x",
            "/ask t=x y",
            "types t=x",
        ] {
            let line = format!("mira {rest}");
            assert!(read(&line).is_err(), "{line} is {:?}", read(&line));
        }
        assert_eq!(read("  "), Ok(Line::Nothing));
    }
}
