//! Hiding: a hidden post keeps its text, its number and its votes, and nobody is shown it until it is shown again.

use std::time::Duration;

use super::write::{theirs, withdrawn};
use super::{By, Change, Condition, Hider, Hiding, Post, PostId, Refusal, Timestamp};

/// How long a post whose source is gone can be shown again before it is withdrawn: 24 h, a number of the forum's rules.
const WITHDRAWN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Hides a post; its author may, and moderators. What its author hid, or nobody knows who, a moderator hides anew: then its
/// author can't show it again.
pub fn hide(post: &Post, by: &By, at: Timestamp) -> Result<Vec<Change>, Refusal> {
    let address = post.address;
    if !theirs(post, by) {
        return Err(Refusal::NotYours { address });
    }
    let hider = if post.author.member == by.member {
        Hider::Author
    } else {
        Hider::Moderator
    };
    let withdrawal = match (post.condition, hider) {
        (Condition::Withdrawn, _) => return Err(Refusal::Withdrawn { address }),
        (Condition::Visible, _) => None,
        (Condition::Hidden(hiding), Hider::Moderator) if hiding.by != Hider::Moderator => {
            hiding.withdrawal
        }
        (Condition::Hidden(_), _) => return Err(Refusal::AlreadyHidden { address }),
    };
    Ok(vec![Change::Hidden {
        post: post.id,
        hiding: Hiding {
            by: hider,
            withdrawal,
        },
        by: Some(by.identity),
        at,
    }])
}

/// Shows a hidden post again, and withdraws nothing any more; its author may where it was hidden by their own hand, and moderators. Where
/// nobody knows by whose hand, it may have been a moderator's.
pub fn unhide(post: &Post, by: &By) -> Result<Vec<Change>, Refusal> {
    let address = post.address;
    if !theirs(post, by) {
        return Err(Refusal::NotYours { address });
    }
    let hiding = match post.condition {
        Condition::Visible => return Err(Refusal::NotHidden { address }),
        Condition::Withdrawn => return Err(Refusal::Withdrawn { address }),
        Condition::Hidden(hiding) => hiding,
    };
    let refusal = match hiding.by {
        Hider::Author => None,
        Hider::Moderator => Some(Refusal::HiddenByModerator { address }),
        Hider::Unknown => Some(Refusal::HiddenByUnknown { address }),
    };
    match refusal.filter(|_| !by.role.moderates()) {
        Some(refusal) => Err(refusal),
        None => Ok(vec![Change::Unhidden {
            post: post.id,
            by: by.identity,
        }]),
    }
}

/// The message from which a hidden post was made was taken away by its author's own hand, as the platform says by now.
#[must_use]
pub fn gone_by_author(post: &Post, now: Timestamp) -> Vec<Change> {
    match post.condition {
        Condition::Hidden(Hiding {
            by: Hider::Unknown,
            withdrawal,
        }) => vec![Change::Hidden {
            post: post.id,
            hiding: Hiding {
                by: Hider::Author,
                withdrawal,
            },
            by: Some(post.author.identity),
            at: now,
        }],
        Condition::Visible | Condition::Hidden(_) | Condition::Withdrawn => Vec::new(),
    }
}

/// Takes the messages away that a hidden post was made from, which only its being withdrawn does otherwise. Moderators may, those of
/// the side on which it was written: in a forum that others have joined, those of one side delete nothing of the other.
/// `stand` is whether any such message is known.
pub fn remove_message(post: &Post, stand: bool, by: &By) -> Result<Vec<Change>, Refusal> {
    let address = post.address;
    if !by.role.moderates() {
        return Err(Refusal::ModeratorsOnly { address });
    }
    match post.condition {
        Condition::Visible => return Err(Refusal::HideFirst { address }),
        Condition::Withdrawn => return Err(Refusal::Withdrawn { address }),
        Condition::Hidden(_) => {}
    }
    if post.author.member != by.member && post.side != by.side {
        return Err(Refusal::OtherSide { address });
    }
    if !stand {
        return Err(Refusal::NoMessage { address });
    }
    Ok(vec![Change::MessagesRemoved {
        post: post.id,
        by: by.identity,
    }])
}

/// The message from which a post was made is gone, and nobody knows by whose hand: the post is hidden, and withdrawn 24 h later
/// unless it is shown again.
#[must_use]
pub fn source_gone(post: &Post, now: Timestamp) -> Vec<Change> {
    let by = match post.condition {
        Condition::Visible => Hider::Unknown,
        Condition::Hidden(Hiding {
            by,
            withdrawal: None,
        }) => by,
        Condition::Hidden(_) | Condition::Withdrawn => return Vec::new(),
    };
    vec![Change::Hidden {
        post: post.id,
        hiding: Hiding {
            by,
            withdrawal: Some(now.plus(WITHDRAWN_AFTER)),
        },
        by: None,
        at: now,
    }]
}

/// A post that was erased before and came back with a backup is withdrawn again. `accepted` is its question's accepted answer.
#[must_use]
pub fn erased(post: &Post, accepted: Option<PostId>, now: Timestamp) -> Vec<Change> {
    match post.condition {
        Condition::Visible | Condition::Hidden(_) => withdrawn(post, accepted, None, now),
        Condition::Withdrawn => Vec::new(),
    }
}

/// Withdraws a hidden post whose time has come, as its author would. `accepted` is its question's accepted answer.
#[must_use]
pub fn withdraw_due(post: &Post, accepted: Option<PostId>, now: Timestamp) -> Vec<Change> {
    match post.condition {
        Condition::Hidden(Hiding {
            withdrawal: Some(due),
            ..
        }) if due <= now => withdrawn(post, accepted, None, now),
        Condition::Visible | Condition::Hidden(_) | Condition::Withdrawn => Vec::new(),
    }
}
