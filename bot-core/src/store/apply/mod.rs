//! Makes the changes that the rules decided, a subject a file. What follows from a change is not said there but in
//! [`consequences`], once a kind of change.

mod accept;
mod cards;
mod close;
mod consequences;
mod hide;
mod numbers;
mod posts;
mod votes;

use self::consequences::Consequences;
use super::fault::Fault;
use super::tx::Tx;
use crate::forum::{Change, ForumId, PostId, Timestamp};

/// A change that was made.
#[derive(Clone, Copy, Debug)]
struct Made {
    /// The post that it is about.
    post: PostId,
    /// An answer that was the accepted one until now.
    superseded: Option<PostId>,
}

impl From<PostId> for Made {
    fn from(post: PostId) -> Self {
        Self {
            post,
            superseded: None,
        }
    }
}

impl Tx<'_> {
    /// Makes the changes of one action in a forum; gives the post that was added, if one was.
    pub fn apply(
        &self,
        forum: ForumId,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Option<PostId>, Fault> {
        let mut added = None;
        for change in changes {
            let Some(consequences) = Consequences::of(change) else {
                self.make(forum, change)?;
                continue;
            };
            self.precede(&consequences)?;
            if let Some(made) = self.make(forum, change)? {
                self.follow(forum, made, &consequences, now)?;
                if matches!(change, Change::Posted { .. }) {
                    added = Some(made.post);
                }
            }
        }
        Ok(added)
    }

    /// Makes a change, and nothing that follows from it; none where there was nothing to change.
    fn make(&self, forum: ForumId, change: &Change) -> Result<Option<Made>, Fault> {
        let post = match change {
            Change::Posted { author, at, post } => self.add(forum, *author, *at, post)?,
            Change::Edited {
                post,
                text,
                by,
                at,
                reason,
            } => {
                self.edit(*post, text, *by, *at, reason.as_ref())?;
                *post
            }
            Change::EditRemoved { post, event, .. } => {
                if !self.remove_edit(*post, event)? {
                    return Ok(None);
                }
                *post
            }
            Change::Hidden {
                post,
                hiding,
                by,
                at,
            } => {
                self.hide(*post, *hiding, *by, *at)?;
                *post
            }
            Change::Unhidden { post, .. } => {
                self.unhide(*post)?;
                *post
            }
            Change::MessagesRemoved { post, .. } => *post,
            Change::Withdrawn { post, by, at } => {
                self.withdraw(*post, *by, *at)?;
                *post
            }
            Change::Said {
                post,
                identity,
                source,
                vote,
            } => {
                self.say(*post, *identity, source, *vote)?;
                *post
            }
            Change::TookBack {
                post,
                identity,
                saying,
            } => {
                self.take_back(*post, *identity, *saying)?;
                *post
            }
            Change::Spent {
                post,
                identity,
                saying,
            } => {
                self.use_up(*post, *identity, *saying)?;
                *post
            }
            Change::Scored {
                post,
                before,
                after,
            } => {
                self.count(*post, *before, *after)?;
                *post
            }
            Change::Accepted {
                question,
                answer,
                via,
                ..
            } => {
                let superseded = self.accept(*question, Some((*answer, via.as_deref())))?;
                return Ok(Some(Made {
                    post: *answer,
                    superseded,
                }));
            }
            Change::Unaccepted { question, .. } => {
                self.accept(*question, None)?.unwrap_or(*question)
            }
            Change::Closed {
                question, at, why, ..
            } => {
                self.close(*question, Some((*at, *why)))?;
                *question
            }
            Change::Reopened { question, .. } => {
                self.close(*question, None)?;
                *question
            }
        };
        Ok(Some(post.into()))
    }
}
