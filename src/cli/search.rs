//! `stoa search`: the forum searched from the shell, once or for a list of queries.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use bot_core::card::{self, Style, plain};
use bot_core::document::{Block, Card};
use bot_core::engine::{Fault, FoundPost, MAIN, RankBy, Reading};
use bot_core::forum::{Hit, InTen, Page, Piece, in_ten};
use bot_core::search::{Recipe, SearchFault};
use bot_core::text::Texts;
use serde_json::{Value, json};

use super::Context;
use crate::console::fitted;
use crate::log::colours;

const EXAMPLES: &str = "\
Examples:
  stoa search backup sqlite
  stoa search '\"exact words\" tag:rust is:answered score:5'
  stoa search -- backup -windows
  stoa search --json --limit 3 backup
  stoa search --similar 'How long does an opened keg last?'
  stoa search --batch queries.tsv --limit 100 > run.txt

A query is never an error: what can't be understood is searched as words.
Works beside a running `stoa run`.

--similar shows what may have been asked before, as it is shown to somebody who
is about to ask: only if it is certain enough (search.similar in the settings).
All of QUERY is words then. With --json, the score is the probability that the
question answers, from 0 to 1; with --batch it is the score, whatever it is.

--batch reads lines `id<TAB>query` (from standard input, if FILE is -) and
writes a TREC run: lines `id Q0 document rank score stoa`, rank from 1. A
document is a question's id where it was imported from, else its address, such
as #42.";

/// Search the forum
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to search for
    #[arg(
        value_name = "QUERY",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    query: Vec<String>,
    /// Show what may have been asked before, if it is certain enough
    #[arg(long)]
    similar: bool,
    /// Print a JSON array
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// Show at most so many questions, for each query
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    limit: u32,
    /// Search for each line of a file and write a TREC run
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Rank by another recipe, for measuring: proximity=0,spelling=0
    #[arg(long, value_name = "PARTS", hide = true, default_value = "")]
    recipe: String,
}

/// How many questions are shown, as somebody writes it.
fn limit(text: &str) -> Result<u32, String> {
    let limit = text.parse().ok();
    limit
        .filter(|limit| (1..=10_000).contains(limit))
        .ok_or_else(|| "write a number from 1 to 10000".to_owned())
}

/// Searches.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let reading =
        Reading::open(&context.dir, &context.settings.forum.language).map_err(unusable)?;
    let recipe = Recipe::default().with(&args.recipe);
    let recipe = recipe.map_err(|wrong| anyhow!("{wrong} is no part of a recipe"))?;
    let reading = reading.ranking_by(recipe);
    let search = Search {
        reading: &reading,
        forum: &context.forum,
        limit: usize::try_from(args.limit).unwrap_or(usize::MAX),
        kind: if args.similar {
            Kind::Similar(context.settings.search.similar)
        } else {
            Kind::Words
        },
    };
    if let Some(file) = &args.batch {
        return batch(&search, file);
    }
    let query = args.query.join(" ");
    let found = search.find(&query)?;
    let mut out = io::stdout().lock();
    if args.json {
        let found: Vec<_> = found.iter().map(object).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
        return Ok(());
    }
    let forum = &context.settings.forum;
    let texts = Texts::new(&forum.language);
    let shown = match search.kind {
        Kind::Similar(_) => {
            let certain = found.first().map_or(1, |found| in_ten(found.score));
            let hits: Vec<Hit> = found.into_iter().map(|found| found.hit).collect();
            card::similar(&texts, &forum.prefix, &hits, certain)
        }
        Kind::Words => page(&texts, &forum.prefix, &query, found, search.limit),
    };
    let style = if colours(&io::stdout()) {
        Style::Ansi
    } else {
        Style::Plain
    };
    writeln!(out, "{}", fitted(&plain(&shown, style)))?;
    Ok(())
}

/// What was found, as it is shown.
fn page(texts: &Texts, prefix: &str, query: &str, found: Vec<FoundPost>, limit: usize) -> Card {
    let total = found.len() as u64;
    let page = Page {
        items: found.into_iter().map(|found| found.hit).collect(),
        number: 1,
        pages: 1,
        total,
        more: false,
    };
    let mut shown = card::hits(texts, prefix, query, &page, None);
    if page.items.len() >= limit {
        // There may be more than are shown, so it is not said how many there are.
        shown
            .blocks
            .retain(|block| !matches!(block, Block::Title(_)));
    }
    shown
}

/// Where and how much is searched.
struct Search<'a> {
    reading: &'a Reading,
    forum: &'a str,
    limit: usize,
    kind: Kind,
}

/// What is looked for.
#[derive(Clone, Copy)]
enum Kind {
    /// What the words say.
    Words,
    /// What may have been asked before, if it is certain enough.
    Similar(InTen),
}

impl Search<'_> {
    fn find(&self, query: &str) -> Result<Vec<FoundPost>> {
        let (reading, limit) = (self.reading, self.limit);
        let found = match self.kind {
            Kind::Words => reading.search(self.forum, query, limit),
            Kind::Similar(enough) => reading.similar_in(self.forum, query, enough),
        };
        let mut found = self.known(found)?;
        found.truncate(limit);
        Ok(found)
    }

    /// The names of what is found, with their scores.
    fn rank(&self, query: &str) -> Result<Vec<(String, f32)>> {
        let by = match self.kind {
            Kind::Words => RankBy::Words,
            Kind::Similar(_) => RankBy::Certainty,
        };
        self.known(self.reading.rank(self.forum, query, by, self.limit))
    }

    /// What was found, where there is such a forum.
    fn known<T>(&self, found: Result<Option<Vec<T>>, Fault>) -> Result<Vec<T>> {
        match found.map_err(unusable)? {
            Some(found) => Ok(found),
            // A store in which nobody said anything yet has no forum at all.
            None if self.forum == MAIN => Ok(Vec::new()),
            None => bail!(super::no_forum(self.forum, &self.reading.forums()?)),
        }
    }
}

/// Says what to do about an index that can't be used.
fn unusable(fault: Fault) -> anyhow::Error {
    let remedy = matches!(
        fault,
        Fault::Search(SearchFault::Unusable { .. } | SearchFault::Damaged)
    );
    let error = anyhow::Error::from(fault);
    if remedy {
        return error
            .context("`stoa reindex` builds the search index anew, as the next `stoa run` does");
    }
    error
}

/// Searches for each line and writes a TREC run.
fn batch(search: &Search<'_>, file: &Path) -> Result<()> {
    let reading = || {
        format!(
            "{} can’t be read; check the name after --batch",
            file.display()
        )
    };
    let lines: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).with_context(reading)?))
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (line, number) in lines.lines().zip(1_u64..) {
        let line = line.with_context(reading)?;
        if line.trim().is_empty() {
            continue;
        }
        let Some((id, query)) = line.split_once('\t') else {
            bail!(
                "line {number} of {} has no tab; write each as id<TAB>query",
                file.display()
            );
        };
        if id.is_empty() || id.contains(char::is_whitespace) {
            bail!(
                "line {number} of {} begins with an id that is empty or has white space in it; a run can’t hold it",
                file.display()
            );
        }
        for ((document, score), rank) in search.rank(query)?.into_iter().zip(1_u64..) {
            writeln!(out, "{id} Q0 {document} {rank} {score:.6} stoa")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// What was found, for programs. Excerpts are plain text.
fn object(found: &FoundPost) -> Value {
    let question = &found.hit.question;
    let answer = found.hit.answer.as_ref().map(|answer| {
        json!({
            "address": answer.address.to_string(),
            "author": answer.author.name,
            "votes": answer.score.net(),
            "accepted": answer.accepted,
            "excerpt": text(&answer.excerpt),
        })
    });
    json!({
        "address": found.address.to_string(),
        "title": question.title,
        "score": found.score,
        "author": question.post.author.name,
        "asked": moment(question.post.at.0),
        "votes": question.post.score.net(),
        "answers": question.answers,
        "tags": question.tags,
        "accepted": question.accepted.map(|address| address.to_string()),
        "excerpt": text(&found.hit.excerpt),
        "answer": answer,
    })
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A moment as RFC 3339 says it.
fn moment(milliseconds: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(milliseconds)
        .ok()
        .map(|at| at.to_string())
}
