//! What can be done with a post whose text is shown.

use crate::document::Action;
use crate::forum::{PostKind, Vote};

/// A question's: one that is closed takes no answers.
pub(super) fn of_question(closed: bool) -> Vec<Action> {
    let answer = (!closed).then_some(Action::Answer);
    votes().chain(answer).chain(below()).collect()
}

/// An answer's or comment's: a comment is voted for only, and none hangs on it.
pub(super) fn of_post(kind: PostKind, accepted: bool) -> Vec<Action> {
    match kind {
        PostKind::Question => of_question(false),
        PostKind::Answer => {
            let accept = (!accepted).then_some(Action::Accept);
            votes().chain(accept).chain(below()).collect()
        }
        PostKind::Comment => [Action::Vote(Vote::Up)].into_iter().chain(rest()).collect(),
    }
}

fn votes() -> impl Iterator<Item = Action> {
    [Vote::Up, Vote::Down].into_iter().map(Action::Vote)
}

fn below() -> impl Iterator<Item = Action> {
    [Action::Comment].into_iter().chain(rest())
}

fn rest() -> impl Iterator<Item = Action> {
    [Action::Edit, Action::History, Action::Whole].into_iter()
}
