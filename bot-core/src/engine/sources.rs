//! Posts that are hidden because the message they were made from is gone: what an adapter finds out of who took it away.

use std::time::Duration;

use super::fault::blocking;
use super::{Core, Fault};
use crate::command::Target;
use crate::forum::{self, Condition, Hider, Hiding, PostId};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};
use crate::store::Shown;

/// A post that is hidden because the message it was made from is gone, nobody knows by whose hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoneSource {
    post: PostId,
    /// How long ago it was hidden: the message was gone before.
    pub ago: Duration,
}

impl Core {
    /// The post of this person's that is meant, if it is hidden because its message is gone, nobody knows by whose hand; `here` is
    /// the message that is looked at.
    pub async fn gone_source(
        &self,
        platform: Platform,
        place: &PlaceKey,
        person: &PersonKey,
        target: Target,
        here: Option<&MessageKey>,
    ) -> Result<Option<GoneSource>, Fault> {
        let core = self.clone();
        let (place, person, here) = (place.clone(), person.clone(), here.cloned());
        blocking(move || {
            let reader = core.inner.store.reader();
            let meant = core
                .inner
                .meant_in(platform, &place, target, here.as_ref())?;
            let Some(post) = meant.and_then(|meant| meant.post) else {
                return Ok(None);
            };
            let is_gone = reader.shown(post)?.is_some_and(|shown| is_gone(&shown));
            // Of a person's accounts only the one that wrote it took it away.
            if !is_gone || !reader.is_by_account(post, platform, &person)? {
                return Ok(None);
            }
            let since = reader.hidden_since(post)?;
            let now = core.inner.clock.now();
            Ok(since.map(|since| GoneSource {
                post,
                ago: now.since(since),
            }))
        })
        .await
    }

    /// The message was taken away by its author's own hand: they can show the post again.
    pub async fn gone_by_author(&self, gone: GoneSource) -> Result<(), Fault> {
        let (post, now) = (gone.post, self.inner.clock.now());
        let done = self.inner.store.act(move |tx| {
            if let Some(post) = tx.post(post)? {
                tx.apply(post.forum, &forum::gone_by_author(&post, now), now)?;
            }
            Ok(())
        });
        Ok(done.await?)
    }
}

/// Whether a post is hidden because its message is gone.
fn is_gone(shown: &Shown) -> bool {
    let post = match shown {
        Shown::Question(question) => &question.post,
        Shown::Answer(answer) => &answer.post,
        Shown::Comment(comment) => comment,
        Shown::Gone => return false,
    };
    matches!(
        post.condition,
        Condition::Hidden(Hiding {
            by: Hider::Unknown,
            ..
        })
    )
}
