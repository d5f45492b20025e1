//! What Tab completes at the prompt: commands, numbers by their titles, and tags, as Discord does.

use bot_core::command::{COMMANDS, Opt, Param, named};
use bot_core::engine::Core;
use bot_core::platform::PlaceKey;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};
use tokio::runtime::Handle;

/// How many are offered at most.
const MOST: usize = 20;

/// Completes what is typed for a place's forum. Asked on a thread that may block.
pub struct Completing {
    /// None where another process serves the forum: then only commands are completed.
    core: Option<Core>,
    place: PlaceKey,
    prefix: String,
    runtime: Handle,
}

/// What is being typed.
#[derive(Debug, PartialEq, Eq)]
enum Typed<'l> {
    /// The name of a command.
    Command(&'l str),
    /// A post.
    Post(&'l str),
    /// Words that a question's title may have.
    Title(&'l str),
    /// A tag.
    Tag(&'l str),
}

impl Completing {
    /// For a place; must be called on the runtime.
    pub fn new(core: Option<&Core>, place: &PlaceKey, prefix: &str) -> Self {
        Self {
            core: core.cloned(),
            place: place.clone(),
            prefix: prefix.to_owned(),
            runtime: Handle::current(),
        }
    }

    fn candidates(&self, typed: &Typed<'_>) -> Vec<Pair> {
        let platform = super::TERMINAL;
        let same = |text: String| Pair {
            display: text.clone(),
            replacement: text,
        };
        match typed {
            Typed::Command(begin) => commands(begin)
                .map(|name| same(format!("{name} ")))
                .collect(),
            Typed::Tag(begin) => {
                let Some(core) = &self.core else {
                    return Vec::new();
                };
                let tags = core.complete_tags(platform, &self.place, begin, MOST);
                let tags = self.runtime.block_on(tags).unwrap_or_default();
                tags.into_iter().map(same).collect()
            }
            Typed::Post(words) | Typed::Title(words) => {
                let Some(core) = &self.core else {
                    return Vec::new();
                };
                let is_title = matches!(typed, Typed::Title(_));
                let titles = core.complete_titles(platform, &self.place, words, MOST);
                let titles = self.runtime.block_on(titles).unwrap_or_default();
                let titles = titles.into_iter().map(|(address, title)| Pair {
                    display: format!("{address} {title}"),
                    replacement: match is_title {
                        true => title,
                        false => format!("{address} "),
                    },
                });
                titles.collect()
            }
        }
    }
}

impl Completer for Completing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..at).unwrap_or_default();
        Ok(match typed(before, &self.prefix) {
            Some((from, typed)) => (from, self.candidates(&typed)),
            None => (at, Vec::new()),
        })
    }
}

impl Hinter for Completing {
    type Hint = String;
}

impl Highlighter for Completing {}

impl Validator for Completing {}

impl Helper for Completing {}

/// The names of commands that begin so.
fn commands(begin: &str) -> impl Iterator<Item = &'static str> {
    let begin = begin.to_lowercase();
    let names = COMMANDS.iter().map(|command| command.name);
    names.filter(move |name| name.starts_with(&begin))
}

/// What is being typed at the end of a text, and where that begins in it.
fn typed<'l>(before: &'l str, prefix: &str) -> Option<(usize, Typed<'l>)> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let at = |part: &str| before.len() - part.len();
    let last = line.rsplit(' ').next().unwrap_or_default();
    // A number may stand in any command, and behind a reaction.
    if last.starts_with('#') && last.len() < line.len() {
        return Some((at(last), Typed::Post(last)));
    }
    let said = line.strip_prefix(prefix)?;
    let Some((name, rest)) = said.split_once(' ') else {
        return Some((at(said), Typed::Command(said)));
    };
    let command = named(name)?;
    if let Some(tag) = tag(command.options, rest, last) {
        return Some((at(tag), Typed::Tag(tag)));
    }
    match command.params.first()? {
        // Words of its title do for the post; behind an address comes something else.
        Param::Post if !rest.starts_with('#') => Some((at(rest), Typed::Post(rest))),
        Param::Title | Param::Words => Some((at(rest), Typed::Title(rest))),
        Param::Topic => Some((at(rest), Typed::Command(rest))),
        _ => None,
    }
}

/// The tag that is being typed last: behind `--tag`, the last of several, or in `tag:`.
fn tag<'l>(options: &[Opt], rest: &'l str, last: &'l str) -> Option<&'l str> {
    if let Some(tag) = last.strip_prefix("tag:") {
        return Some(tag);
    }
    let takes = options.contains(&Opt::Tag);
    let (before, _) = rest.rsplit_once(' ').filter(|_| takes)?;
    let behind = before == "--tag" || before.ends_with(" --tag");
    behind.then(|| last.rsplit(',').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'l>(before: &'l str) -> Option<(usize, Typed<'l>)> {
        typed(before, "!")
    }

    #[test]
    fn commands_posts_and_tags_are_completed_where_they_stand() {
        assert_eq!(at("!an"), Some((1, Typed::Command("an"))));
        assert_eq!(at("!help se"), Some((6, Typed::Command("se"))));
        assert_eq!(at("!answer #4"), Some((8, Typed::Post("#4"))));
        assert_eq!(at("!show keg la"), Some((6, Typed::Post("keg la"))));
        assert_eq!(at("👍 #1"), Some((5, Typed::Post("#1"))));
        assert_eq!(at("!ask How lo"), Some((5, Typed::Title("How lo"))));
        assert_eq!(at("!search keg la"), Some((8, Typed::Title("keg la"))));
        assert_eq!(at("!ask How? --tag be"), Some((16, Typed::Tag("be"))));
        assert_eq!(at("!ask How? --tag beer,ke"), Some((21, Typed::Tag("ke"))));
        assert_eq!(at("!search keg tag:be"), Some((16, Typed::Tag("be"))));
        for nothing in ["talk", "!answer #4 because", "#1", "!nothing x"] {
            assert_eq!(at(nothing), None, "{nothing}");
        }
        assert_eq!(
            commands("un").collect::<Vec<_>>(),
            ["unvote", "unaccept", "unhide", "unlink"]
        );
    }
}
