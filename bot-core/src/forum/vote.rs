//! Votes. Each saying is kept by identity and source; a member's vote on a post is the latest saying that stands.
//!
//! Setting, never toggling: hearing the same saying twice changes nothing, so an event may come again.

use serde::{Deserialize, Serialize};

use super::write::can_be_seen;
use super::{Address, By, Change, IdentityId, MemberId, Post, PostKind, Refusal, SayingId};

/// A vote's direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// 👍
    Up,
    /// 👎
    Down,
}

/// By what a vote was said. Two sources are two sayings, of which the later counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// `!up` and `!down`: one saying a person and post, said anew each time.
    Command,
    /// A reaction on one surface, by the platform's name for it.
    Reaction(String),
}

/// One saying of a vote that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteEntry {
    /// Its number among those of its post.
    pub id: SayingId,
    /// Which of the member's identities said it.
    pub identity: IdentityId,
    /// By what.
    pub source: Source,
    /// Which way.
    pub vote: Vote,
}

/// What one member has said of one post: the sayings that stand, in the store's commit order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballot(pub Vec<VoteEntry>);

impl Ballot {
    /// The vote that counts: the latest saying that stands.
    #[must_use]
    pub fn vote(&self) -> Option<Vote> {
        self.0.last().map(|saying| saying.vote)
    }

    /// The vote that counts once these changes are made, those of one act of this member.
    #[must_use]
    pub fn vote_after(&self, changes: &[Change]) -> Option<Vote> {
        let said = changes.iter().rev().find_map(|change| match change {
            Change::Said { vote, .. } => Some(*vote),
            _ => None,
        });
        let is_gone = |id: SayingId| {
            changes.iter().any(|change| match change {
                Change::TookBack { saying, .. } | Change::Spent { saying, .. } => *saying == id,
                _ => false,
            })
        };
        let left = self.0.iter().rev().find(|saying| !is_gone(saying.id));
        said.or(left.map(|saying| saying.vote))
    }
}

/// The votes on a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Score {
    /// Members whose vote is up.
    pub ups: u32,
    /// Members whose vote is down.
    pub downs: u32,
}

impl Score {
    /// Ups less downs, as it is shown.
    #[must_use]
    pub fn net(self) -> i64 {
        i64::from(self.ups) - i64::from(self.downs)
    }

    /// The score after a member's vote changed from `before` to `after`.
    #[must_use]
    pub fn moved(self, before: Option<Vote>, after: Option<Vote>) -> Self {
        let part = |of: Option<Vote>, vote| u32::from(of == Some(vote));
        let shift =
            |count: u32, vote| (count + part(after, vote)).saturating_sub(part(before, vote));
        Self {
            ups: shift(self.ups, Vote::Up),
            downs: shift(self.downs, Vote::Down),
        }
    }
}

/// Says a vote on a post.
pub fn cast(
    post: &Post,
    by: &By,
    ballot: &Ballot,
    source: Source,
    vote: Vote,
) -> Result<Vec<Change>, Refusal> {
    may_vote(post, by, vote)?;
    let earlier = ballot
        .0
        .iter()
        .find(|saying| saying.identity == by.identity && saying.source == source);
    let latest = ballot.0.last();
    if let (Some(earlier), Some(latest)) = (earlier, latest)
        && earlier.id == latest.id
        && earlier.vote == vote
    {
        return Ok(Vec::new());
    }
    let mut changes = Vec::new();
    if let Some(earlier) = earlier {
        changes.push(Change::TookBack {
            post: post.id,
            identity: earlier.identity,
            saying: earlier.id,
        });
    }
    changes.push(Change::Said {
        post: post.id,
        identity: by.identity,
        source,
        vote,
    });
    changes.extend(scored(post, ballot.vote(), Some(vote)));
    Ok(changes)
}

/// Takes one saying back: a reaction that was removed. The saying before it stands again.
#[must_use]
pub fn take_back(post: &Post, voter: MemberId, ballot: &Ballot, saying: SayingId) -> Vec<Change> {
    let Some(gone) = ballot.0.iter().find(|standing| standing.id == saying) else {
        return Vec::new();
    };
    let left = ballot.0.iter().rev().find(|standing| standing.id != saying);
    let mut changes = vec![Change::TookBack {
        post: post.id,
        identity: gone.identity,
        saying,
    }];
    if counts(post, voter) {
        changes.extend(scored(post, ballot.vote(), left.map(|saying| saying.vote)));
    }
    changes
}

/// Takes the whole vote back: every saying is spent, a reaction that still hangs never counts again.
#[must_use]
pub fn unvote(post: &Post, voter: MemberId, ballot: &Ballot) -> Vec<Change> {
    let mut changes: Vec<Change> = ballot
        .0
        .iter()
        .map(|saying| Change::Spent {
            post: post.id,
            identity: saying.identity,
            saying: saying.id,
        })
        .collect();
    if counts(post, voter) {
        changes.extend(scored(post, ballot.vote(), None));
    }
    changes
}

/// Presses the button of a vote: it is said, or, where it is the vote that stands, all of it is taken back.
pub fn press(post: &Post, by: &By, ballot: &Ballot, vote: Vote) -> Result<Vec<Change>, Refusal> {
    if ballot.vote() == Some(vote) {
        return Ok(unvote(post, by.member, ballot));
    }
    cast(post, by, ballot, Source::Command, vote)
}

/// Whether a member's vote counts: not on their own post, which one can become on that they voted on when their accounts are joined.
#[must_use]
pub fn counts(post: &Post, voter: MemberId) -> bool {
    post.author.member != voter
}

/// Whether this person may vote so on this post.
fn may_vote(post: &Post, by: &By, vote: Vote) -> Result<(), Refusal> {
    let address: Address = post.address;
    can_be_seen(post)?;
    if !counts(post, by.member) {
        return Err(Refusal::OwnPost { address });
    }
    if post.kind == PostKind::Comment && vote == Vote::Down {
        return Err(Refusal::CommentsOnlyUp { address });
    }
    Ok(())
}

/// The change of the score, where there is one.
fn scored(post: &Post, before: Option<Vote>, after: Option<Vote>) -> Option<Change> {
    (before != after).then_some(Change::Scored {
        post: post.id,
        before,
        after,
    })
}
