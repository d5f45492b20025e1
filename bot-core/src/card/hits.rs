//! What a search found.

use super::parts::{
    self, accepted, answers, asked, at, command, count, excerpt, facts, person, said, sentence,
    title, votes,
};
use crate::document::{Block, Card, Inline};
use crate::forum::{Hit, HitAnswer, Page};
use crate::text::{Arg, Key, Texts};

/// A page of questions that were found for `query`, each with the passage that fits and its accepted or best answer.
/// `next` is the command, prefix and all, that shows the next page. `prefix` stands before other commands.
#[must_use]
pub fn hits(
    texts: &Texts,
    prefix: &str,
    query: &str,
    page: &Page<Hit>,
    next: Option<&str>,
) -> Card {
    if page.total == 0 {
        return nothing_found(texts, prefix, query);
    }
    let heading = texts.line(
        if page.more { Key::HitsMore } else { Key::Hits },
        &[
            ("count", count(page.total)),
            ("query", Arg::Text(&said(query))),
        ],
    );
    let items = page.items.iter().map(|hit| found(texts, hit)).collect();
    let blocks = vec![Block::Title(heading), Block::List { first: None, items }];
    let at = (page.number, page.pages);
    match page.more {
        true => parts::open_page(texts, blocks, at, next),
        false => parts::page(texts, blocks, at, next),
    }
}

/// The same where none of those found has half of the words, which is said below the heading.
#[must_use]
pub fn fits_badly(texts: &Texts, mut found: Card) -> Card {
    let at = found.blocks.len().min(1);
    let line = Block::Small(texts.line(Key::HitsFitBadly, &[]));
    found.blocks.insert(at, line);
    found
}

/// Questions that may have been asked before, best first; the first of them answers `certain` times in ten. None: says so.
#[must_use]
pub fn similar(texts: &Texts, prefix: &str, found: &[Hit], certain: u8) -> Card {
    if found.is_empty() {
        let ask = [("command", command(prefix, "ask"))];
        return sentence(texts, Key::NothingSimilar, &ask);
    }
    let heading = texts.line(Key::Similar, &[("count", count(u64::from(certain)))]);
    let items = found.iter().map(|hit| self::found(texts, hit)).collect();
    let blocks = vec![Block::Title(heading), Block::List { first: None, items }];
    parts::page(texts, blocks, (1, 1), None)
}

/// That nothing was found, and what to do.
#[must_use]
pub fn nothing_found(texts: &Texts, prefix: &str, query: &str) -> Card {
    sentence(
        texts,
        Key::NothingFound,
        &[
            ("query", Arg::Text(&said(query))),
            ("command", command(prefix, "ask")),
        ],
    )
}

/// A question that was found.
fn found(texts: &Texts, hit: &Hit) -> Vec<Block> {
    let question = &hit.question;
    let mut lines = title(texts, question);
    if !hit.excerpt.is_empty() {
        lines.push(Inline::Break);
        lines.extend(excerpt(&hit.excerpt));
    }
    if let Some(answer) = &hit.answer {
        lines.push(Inline::Break);
        lines.extend(best(texts, answer));
    }
    let state = vec![
        vec![votes(texts, question.post.score)],
        answers(texts, question.answers),
        asked(texts, &question.post),
    ];
    vec![Block::Paragraph(lines), facts(texts, state)]
}

/// The answer that goes with it.
fn best(texts: &Texts, answer: &HitAnswer) -> Vec<Inline> {
    let key = if answer.accepted {
        Key::HitAnswerAccepted
    } else {
        Key::HitAnswer
    };
    let head = texts.line(
        key,
        &[
            ("address", at(answer.address)),
            ("author", Arg::Text(&person(texts, &answer.author))),
            ("votes", Arg::Node(votes(texts, answer.score))),
        ],
    );
    let head = match answer.accepted {
        true => accepted(head),
        false => head,
    };
    if answer.excerpt.is_empty() {
        return head;
    }
    texts.line(
        Key::HitAnswerExcerpt,
        &[
            ("answer", Arg::Nodes(head)),
            ("excerpt", Arg::Nodes(excerpt(&answer.excerpt))),
        ],
    )
}
