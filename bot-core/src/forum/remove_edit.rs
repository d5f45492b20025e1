//! Taking an edit back: whoever made it may, by taking away the message that made it.

use super::write::withdrawn;
use super::{By, Change, Condition, IdentityId, Post, PostId, Refusal, Timestamp, hide};

/// A text of a post, and the event that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditEvent {
    /// The post.
    pub post: PostId,
    /// Who made the edit.
    pub author: IdentityId,
    /// The platform's name for the event.
    pub event: String,
    /// Whether the post had a text before.
    pub has_earlier: bool,
}

/// An edit's event was taken away. By whoever made the edit: the text before it is shown again; if there was none, the post is
/// withdrawn. By a moderator: the post is hidden, as by the redaction of its message. By anybody else: nothing. `accepted` is the
/// question's accepted answer.
pub fn remove_edit(
    post: &Post,
    edit: &EditEvent,
    accepted: Option<PostId>,
    by: &By,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    if post.condition == Condition::Withdrawn {
        return Ok(Vec::new());
    }
    if edit.author == by.identity {
        return Ok(if edit.has_earlier {
            vec![Change::EditRemoved {
                post: post.id,
                event: edit.event.clone(),
                by: Some(by.identity),
            }]
        } else {
            withdrawn(post, accepted, Some(by.identity), at)
        });
    }
    if by.role.moderates() {
        return hide(post, by, at);
    }
    Ok(Vec::new())
}
