//! Asking, answering, commenting, editing and taking back.

use super::close::takes_answers;
use super::{
    Address, Body, By, Change, Condition, IdentityId, NewPost, Post, PostId, PostKind, Reason,
    Refusal, Tags, Text, Timestamp, Title,
};

/// A question that was checked and is not yet asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its title.
    pub title: Title,
    /// Its text.
    pub body: Body,
    /// Its tags.
    pub tags: Tags,
}

/// What an edit says; what it leaves out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// A new title; questions only.
    pub title: Option<Title>,
    /// A new text.
    pub body: Option<Body>,
    /// New tags; questions only.
    pub tags: Option<Tags>,
    /// Why.
    pub reason: Option<Reason>,
    /// The text that it was made from.
    pub basis: Basis,
}

/// The text that an edit was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// The present one, as far as anybody knows.
    #[default]
    Present,
    /// An earlier one.
    Earlier(Text),
    /// An earlier one that is gone.
    Gone,
}

/// Asks a question. `equal` is one of the forum's newest 50 that says the same, if there is one.
pub fn ask(
    draft: Draft,
    equal: Option<Address>,
    by: &By,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    if let Some(earlier) = equal {
        return Err(Refusal::AskedBefore { earlier });
    }
    let Draft { title, body, tags } = draft;
    Ok(posted(NewPost::Question { title, body, tags }, by, at))
}

/// Answers a question; its author may, and anybody more than once.
pub fn answer(question: &Post, body: Body, by: &By, at: Timestamp) -> Result<Vec<Change>, Refusal> {
    may_answer(question)?;
    Ok(posted(
        NewPost::Answer {
            question: question.id,
            body,
        },
        by,
        at,
    ))
}

/// Whether something takes answers.
pub fn may_answer(question: &Post) -> Result<(), Refusal> {
    let address = question.address;
    if question.kind != PostKind::Question {
        return Err(Refusal::AnswerNeedsQuestion { address });
    }
    can_be_seen(question)?;
    takes_answers(question)
}

/// Whether something takes comments.
pub fn may_comment(on: &Post) -> Result<(), Refusal> {
    if on.kind == PostKind::Comment {
        return Err(Refusal::NoCommentOnComment {
            address: on.address,
        });
    }
    can_be_seen(on)
}

/// Whether a post can be edited by its author or a moderator, or by others (not `own`).
pub fn may_edit(post: &Post, own: bool) -> Result<(), Refusal> {
    still_there(post)?;
    match own {
        true => Ok(()),
        false => Err(Refusal::NotYours {
            address: post.address,
        }),
    }
}

/// Comments on a question or an answer.
pub fn comment(on: &Post, body: Body, by: &By, at: Timestamp) -> Result<Vec<Change>, Refusal> {
    may_comment(on)?;
    Ok(posted(
        NewPost::Comment {
            on: on.id,
            question: on.question,
            body,
        },
        by,
        at,
    ))
}

/// Edits a post; its author may, and moderators, a hidden one too. `now` is the text it has. What was left as it was in the text that the
/// edit was made from stays as it is now; what both changed is refused.
pub fn edit(
    post: &Post,
    now: Text,
    edit: Edit,
    by: &By,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    let address = post.address;
    may_edit(post, theirs(post, by))?;
    if post.kind != PostKind::Question && (edit.title.is_some() || edit.tags.is_some()) {
        return Err(Refusal::NoTitle { address });
    }
    let edit = edit
        .of_present(&now)
        .ok_or(Refusal::ChangedSince { address })?;
    let text = Text {
        title: edit.title.or_else(|| now.title.clone()),
        body: edit.body.unwrap_or_else(|| now.body.clone()),
        tags: edit.tags.unwrap_or_else(|| now.tags.clone()),
    };
    if text == now {
        return Err(Refusal::NothingChanged { address });
    }
    Ok(vec![Change::Edited {
        post: post.id,
        text,
        by: by.identity,
        at,
        reason: edit.reason,
    }])
}

impl Edit {
    /// What it changes of the present text; none where that was changed in the same part since it was seen.
    fn of_present(mut self, now: &Text) -> Option<Self> {
        let seen = match std::mem::take(&mut self.basis) {
            Basis::Present => return Some(self),
            Basis::Earlier(seen) => Some(seen),
            Basis::Gone => None,
        };
        let seen = seen.as_ref();
        let seen_title = seen.and_then(|seen| seen.title.as_ref());
        let (seen_body, seen_tags) = (seen.map(|seen| &seen.body), seen.map(|seen| &seen.tags));
        self.title = self.title.filter(|title| Some(title) != seen_title);
        self.body = self.body.filter(|body| Some(body) != seen_body);
        self.tags = self.tags.filter(|tags| Some(tags) != seen_tags);
        let clashes = clashes(self.title.as_ref(), seen_title, now.title.as_ref())
            || clashes(self.body.as_ref(), seen_body, Some(&now.body))
            || clashes(self.tags.as_ref(), seen_tags, Some(&now.tags));
        (!clashes).then_some(self)
    }
}

/// Whether a part that an edit changes is another now than it was seen, and not what the edit makes of it.
fn clashes<T: PartialEq>(given: Option<&T>, seen: Option<&T>, now: Option<&T>) -> bool {
    given.is_some() && given != now && seen != now
}

/// Takes a post back; its author may at any time, and moderators of the side on which it was written: in a forum that others have joined,
/// those of one side hide posts of the other and delete none. `accepted` is its question's accepted answer.
pub fn withdraw(
    post: &Post,
    accepted: Option<PostId>,
    by: &By,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    still_there(post)?;
    if !theirs(post, by) {
        return Err(Refusal::NotYours {
            address: post.address,
        });
    }
    if post.author.member != by.member && post.side != by.side {
        return Err(Refusal::OtherSide {
            address: post.address,
        });
    }
    Ok(withdrawn(post, accepted, Some(by.identity), at))
}

/// The changes that take a post back; what was accepted is no longer.
pub(super) fn withdrawn(
    post: &Post,
    accepted: Option<PostId>,
    by: Option<IdentityId>,
    at: Timestamp,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if accepted == Some(post.id) {
        changes.push(Change::Unaccepted {
            question: post.question,
            by,
        });
    }
    changes.push(Change::Withdrawn {
        post: post.id,
        by,
        at,
    });
    changes
}

/// Whether the person may change the post as if it were their own.
pub(super) fn theirs(post: &Post, by: &By) -> bool {
    post.author.member == by.member || by.role.moderates()
}

/// Refuses what was taken back; what is hidden keeps its text.
fn still_there(post: &Post) -> Result<(), Refusal> {
    match post.condition {
        Condition::Visible | Condition::Hidden(_) => Ok(()),
        Condition::Withdrawn => Err(Refusal::Withdrawn {
            address: post.address,
        }),
    }
}

/// Refuses what can't be seen: hidden or taken back.
pub(super) fn can_be_seen(post: &Post) -> Result<(), Refusal> {
    match post.condition {
        Condition::Visible => Ok(()),
        Condition::Hidden(_) => Err(Refusal::Hidden {
            address: post.address,
        }),
        Condition::Withdrawn => Err(Refusal::Withdrawn {
            address: post.address,
        }),
    }
}

/// The one change that adds a post.
fn posted(post: NewPost, by: &By, at: Timestamp) -> Vec<Change> {
    vec![Change::Posted {
        author: by.author(),
        at,
        post,
    }]
}
