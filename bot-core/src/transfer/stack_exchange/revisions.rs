//! The earlier texts of a post, put together from what was done to it.

use super::super::Fault;
use super::aside::{ActionTarget, PostAction};
use super::posts::People;
use crate::forum::{ClosingReason, clean, one_line};
use crate::store::record::{Edited, Moment, Revision};

/// The texts of a post but for the present one, and who wrote that.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub edited: Option<Edited>,
    pub revisions: Vec<Revision>,
}

/// A post's story. What was done at once is one revision; what a revision does not say is as it was before.
pub(super) fn story(
    steps: &[PostAction],
    people: &People<'_>,
    titled: bool,
) -> Result<Story, Fault> {
    let mut texts: Vec<Revision> = Vec::new();
    let mut last: Option<&str> = None;
    for step in steps {
        let said = match step.part {
            ActionTarget::Title | ActionTarget::Body | ActionTarget::Tags => &step.text,
            ActionTarget::Closed(..) | ActionTarget::Reopened => continue,
        };
        if last != Some(step.revision.as_str()) || texts.is_empty() {
            last = Some(&step.revision);
            let before = texts.last();
            texts.push(Revision {
                title: before.and_then(|before| before.title.clone()),
                body: before.map(|before| before.body.clone()).unwrap_or_default(),
                tags: before.map(|before| before.tags.clone()).unwrap_or_default(),
                by: people.account(&step.by)?,
                at: Moment(step.at()),
                reason: None,
            });
        }
        let Some(text) = texts.last_mut() else {
            continue;
        };
        match step.part {
            ActionTarget::Title if titled => text.title = Some(one_line(said)),
            ActionTarget::Body => text.body = clean(said),
            ActionTarget::Tags if titled => text.tags = tags(said),
            ActionTarget::Title
            | ActionTarget::Tags
            | ActionTarget::Closed(..)
            | ActionTarget::Reopened => {}
        }
        let reason = step.comment.as_deref().map(one_line);
        text.reason = reason
            .filter(|reason| !reason.is_empty())
            .or(text.reason.take());
    }
    // The last is the present text, which is known better.
    let Some(present) = texts.pop().filter(|_| !texts.is_empty()) else {
        return Ok(Story::default());
    };
    Ok(Story {
        edited: Some(Edited {
            by: present.by,
            at: present.at,
            reason: present.reason,
        }),
        revisions: texts,
    })
}

/// Why a closed question was closed, and as a duplicate of which.
pub(super) fn closing(steps: &[PostAction]) -> (ClosingReason, Vec<i64>) {
    let mut closing = (ClosingReason::Unsaid, Vec::new());
    for step in steps {
        match &step.part {
            ActionTarget::Closed(reason, others) => closing = (*reason, others.clone()),
            ActionTarget::Reopened => closing = (ClosingReason::Unsaid, Vec::new()),
            ActionTarget::Title | ActionTarget::Body | ActionTarget::Tags => {}
        }
    }
    closing
}

/// The tags in `<a><b>` or `|a|b|`.
fn tags(text: &str) -> Vec<String> {
    let tags = text.split(['<', '>', '|']).map(str::trim);
    tags.filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}
