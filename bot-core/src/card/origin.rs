//! Where a post comes from, under which licence, and how a question was closed: lines of small print.

use super::markdown::may_lead;
use super::parts::{facts, joined, named, text};
use crate::document::{Block, Inline};
use crate::forum::{Closing, ClosingReason, Origin, Ownership, PostView};
use crate::text::{Arg, Key, Texts};

/// Where an imported post comes from, with its licence; nothing on any other.
pub(super) fn line(texts: &Texts, post: &PostView) -> Option<Block> {
    let origin = post.origin.as_ref()?;
    let mut line = vec![source(texts, origin)];
    line.extend(licence(texts, origin));
    Some(facts(texts, line))
}

/// "from beer.stackexchange.com", which leads to the original where that is known.
fn source(texts: &Texts, origin: &Origin) -> Vec<Inline> {
    let name = named(&origin.source);
    let source = match &origin.link {
        Some(to) if may_lead(to) => Arg::Node(Inline::Link {
            to: to.clone(),
            text: text(name),
        }),
        Some(_) | None => Arg::Node(Inline::Text(name)),
    };
    texts.line(Key::Origin, &[("source", source)])
}

/// The licence of an imported text, and that it was everybody's.
pub(super) fn licence(texts: &Texts, origin: &Origin) -> Vec<Vec<Inline>> {
    let mut facts = Vec::new();
    if let Some(licence) = &origin.licence {
        let licence = named(licence);
        facts.push(texts.line(Key::Licensed, &[("licence", Arg::Text(&licence))]));
    }
    match origin.ownership {
        Ownership::Wiki => facts.push(texts.line(Key::Wiki, &[])),
        Ownership::Author | Ownership::Deleted => {}
    }
    facts
}

/// That a question is closed, when and why.
pub(super) fn closed(texts: &Texts, closing: &Closing) -> Vec<Inline> {
    let when = ("at", Arg::Node(texts.time(closing.at)));
    let key = match closing.why {
        ClosingReason::Duplicate if closing.duplicates.is_empty() => Key::ClosedAsDuplicate,
        ClosingReason::Duplicate => {
            let others = closing.duplicates.iter();
            let others = others.map(|other| vec![Inline::Address(*other)]).collect();
            let others = Arg::Nodes(joined(texts, Key::Comma, others));
            return texts.line(Key::ClosedDuplicate, &[when, ("others", others)]);
        }
        ClosingReason::OffTopic => Key::ClosedOffTopic,
        ClosingReason::Unclear => Key::ClosedUnclear,
        ClosingReason::TooBroad => Key::ClosedTooBroad,
        ClosingReason::Opinion => Key::ClosedOpinion,
        ClosingReason::TooLocal => Key::ClosedTooLocal,
        ClosingReason::Reference => Key::ClosedReference,
        ClosingReason::Noise => Key::ClosedNoise,
        ClosingReason::Unsaid => Key::Closed,
    };
    texts.line(key, &[when])
}
