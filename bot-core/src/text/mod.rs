//! What the bot says: the messages of `data/locales`, compiled in, put into words by Fluent.
//!
//! May know [`crate::forum`] and [`crate::document`]. It never sees markup: what people wrote goes into a sentence as a
//! finished part, which Fluent only puts in its place.

mod keys;
mod pseudo;
mod words;

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::document::Inline;

pub use keys::Key;

/// The language that every message exists in.
const FALLBACK: &str = "en";
/// A language that nobody speaks, made of English by a rule: texts that are not in it are not in the locale files, and what it
/// does not fit into is too small for others.
pub const PSEUDO: &str = "en-XA";

/// A file of `data/locales`.
macro_rules! locale {
    ($file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../data/locales/",
            $file
        ))
    };
}

/// The languages that ship, with their files.
const LOCALES: &[(&str, &[&str])] = &[(
    FALLBACK,
    &[
        locale!("en/cards.ftl"),
        locale!("en/discord.ftl"),
        locale!("en/help.ftl"),
        locale!("en/refusals.ftl"),
        locale!("en/replies.ftl"),
        locale!("en/unions.ftl"),
    ],
)];

/// The first of the characters that stand for a message's parts while Fluent puts it together. They are of Unicode's
/// private use area: no message has them, and people's text never passes through Fluent.
const FIRST_MARK: u32 = 0xE000;
/// The last of them.
const LAST_MARK: u32 = 0xF8FF;

/// What is put into a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    /// A number; the message may choose its words by it.
    Number(i64),
    /// A word of ours that the message chooses its words by, such as a platform's name; shown only where it chooses none.
    Choice(&'a str),
    /// Plain text, people's or ours.
    Text(&'a str),
    /// A finished part of a line.
    Node(Inline),
    /// Several finished parts of a line.
    Nodes(Vec<Inline>),
}

/// The messages in one language, English where it lacks one. Cloning is cheap.
#[derive(Clone)]
pub struct Texts {
    /// The language asked for, where it ships; then English.
    bundles: Arc<[FluentBundle<FluentResource>]>,
    /// Whether they are in the language that is made of English.
    made: bool,
}

impl Texts {
    /// Whether there are messages in `language`, a BCP 47 tag, beside the English ones.
    #[must_use]
    pub fn ships(language: &str) -> bool {
        if language == PSEUDO {
            return true;
        }
        let asked = language.parse::<LanguageIdentifier>();
        asked.is_ok_and(|id| {
            LOCALES
                .iter()
                .any(|(name, _)| *name == id.language.as_str())
        })
    }

    /// The languages beside English that there are messages in.
    pub fn others() -> impl Iterator<Item = &'static str> {
        let shipped = LOCALES.iter().map(|(name, _)| *name);
        shipped.filter(|name| *name != FALLBACK)
    }

    /// Whether they are in [`PSEUDO`].
    #[must_use]
    pub const fn is_made(&self) -> bool {
        self.made
    }

    /// The messages in `language`, a BCP 47 tag such as `en` or `de-CH`; a language that does not ship is English.
    /// [`PSEUDO`] is made of English.
    #[must_use]
    pub fn new(language: &str) -> Self {
        let made = language == PSEUDO;
        let asked = language
            .parse::<LanguageIdentifier>()
            .map_or_else(|_| FALLBACK.to_owned(), |id| id.language.to_string());
        let mut shipped: Vec<_> = LOCALES
            .iter()
            .filter(|(name, _)| *name == asked || *name == FALLBACK)
            .collect();
        shipped.sort_by_key(|(name, _)| *name != asked);
        Self {
            bundles: shipped
                .into_iter()
                .map(|(name, files)| bundle(name, files))
                .map(|mut bundle| {
                    bundle.set_transform(made.then_some(pseudo::lengthened));
                    bundle
                })
                .collect(),
            made,
        }
    }

    /// The message as plain text: its parts' words, their markup left out.
    #[must_use]
    pub fn say(&self, key: Key, args: &[(&str, Arg<'_>)]) -> String {
        let mut said = String::new();
        words::flatten(&self.line(key, args), &mut said);
        said
    }

    /// The words of a message that is named by a rule after what it is about, such as `help-ask`: it has no key and no variables.
    /// Its name where there is none.
    #[must_use]
    pub fn named(&self, id: &str) -> String {
        self.find(id).unwrap_or_else(|| id.to_owned())
    }

    /// The word for an English one that is typed; that itself where there is none.
    #[must_use]
    pub fn word(&self, english: &str) -> String {
        let found = self.find(&format!("name-{english}"));
        found.unwrap_or_else(|| english.to_owned())
    }

    /// The words of a message without variables, by its name in the locale files; none where there is no such message.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<String> {
        let has = self.bundles.iter().any(|bundle| bundle.has_message(id));
        has.then(|| self.format(id, &FluentArgs::new()))
    }

    /// The message as a part of a card, its arguments where the language wants them.
    #[must_use]
    pub fn line(&self, key: Key, args: &[(&str, Arg<'_>)]) -> Vec<Inline> {
        let mut marked = FluentArgs::with_capacity(args.len());
        let mut nodes: Vec<Vec<Inline>> = Vec::new();
        for (name, arg) in args {
            let mut mark = |node| {
                let at = FIRST_MARK + u32::try_from(nodes.len()).unwrap_or(LAST_MARK - FIRST_MARK);
                nodes.push(node);
                FluentValue::from(char::from_u32(at).map(String::from).unwrap_or_default())
            };
            let value = match arg {
                Arg::Number(number) => FluentValue::from(*number),
                Arg::Choice(word) => FluentValue::from(*word),
                Arg::Text(text) => mark(vec![Inline::Text((*text).to_owned())]),
                Arg::Node(node) => mark(vec![node.clone()]),
                Arg::Nodes(several) => mark(several.clone()),
            };
            marked.set(*name, value);
        }
        assemble(&self.format(key.id(), &marked), &nodes)
    }

    /// The message with marks in place of its parts.
    fn format(&self, id: &str, args: &FluentArgs<'_>) -> String {
        for bundle in &*self.bundles {
            let Some(pattern) = bundle.get_message(id).and_then(|found| found.value()) else {
                continue;
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(args), &mut errors);
            if !errors.is_empty() {
                tracing::error!(message_id = id, ?errors, "a message lacks an argument");
            }
            // A name is one word of letters.
            return match self.made && !id.starts_with("name-") {
                true => pseudo::bracketed(&text),
                false => text.into_owned(),
            };
        }
        id.to_owned()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let languages = self.bundles.iter().map(|bundle| &bundle.locales);
        f.debug_list().entries(languages).finish()
    }
}

/// A language's messages, from its files.
fn bundle(language: &str, files: &[&str]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language
        .parse()
        .expect("the languages that ship are well named: a test loads each");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for file in files {
        // What can't be read is left out, and a test holds that nothing is.
        let resource =
            FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Puts the parts where their marks are; a line end becomes [`Inline::Break`].
fn assemble(text: &str, nodes: &[Vec<Inline>]) -> Vec<Inline> {
    let mut line = Vec::new();
    let mut plain = String::new();
    let flush = |plain: &mut String, line: &mut Vec<Inline>| {
        if !plain.is_empty() {
            line.push(Inline::Text(std::mem::take(plain)));
        }
    };
    for c in text.chars() {
        let node = u32::from(c)
            .checked_sub(FIRST_MARK)
            .and_then(|at| nodes.get(usize::try_from(at).ok()?));
        match (node, c) {
            (Some(node), _) => {
                flush(&mut plain, &mut line);
                line.extend(node.iter().cloned());
            }
            (None, '\n') => {
                flush(&mut plain, &mut line);
                line.push(Inline::Break);
            }
            (None, c) => plain.push(c),
        }
    }
    flush(&mut plain, &mut line);
    line
}

#[cfg(test)]
mod tests;
