//! Somebody makes a post of another's message: the post is its author's, in their own words; what is changed in them on that way is a
//! revision by whoever changed it.

use super::action::Job;
use super::{Core, Fault};
use crate::command::Act;
use crate::platform::{Actor, Incoming, MessageKey, PersonKey, PlaceKey, Platform, Response};

/// A message that becomes a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Who wrote it; they may nothing special by what somebody else does for them.
    pub author: Actor,
    /// The post that their own words make.
    pub own: Act,
    /// The post that is wanted.
    pub wanted: Act,
    /// The message.
    pub message: MessageKey,
}

impl Core {
    /// Keeps what a message says, for the person who begins to make a post of it: what comes back in a dialog is theirs, not its
    /// author's.
    pub async fn keep_words(
        &self,
        platform: Platform,
        (place, message): (&PlaceKey, &MessageKey),
        by: &PersonKey,
        text: &str,
    ) -> Result<(), Fault> {
        let (place, message, by) = (place.clone(), message.clone(), by.clone());
        let (text, now) = (text.to_owned(), self.inner.clock.now());
        let kept = self
            .inner
            .store
            .act(move |tx| tx.keep_words(platform, (&place, &message), &by, &text, now));
        Ok(kept.await?)
    }

    /// What a message of this place said when this person began to make a post of it; none if they did not, or too long ago.
    pub async fn kept_words(
        &self,
        platform: Platform,
        (place, message): (&PlaceKey, &MessageKey),
        by: &PersonKey,
    ) -> Result<Option<String>, Fault> {
        let (place, message, by) = (place.clone(), message.clone(), by.clone());
        let now = self.inner.clock.now();
        let kept = self
            .inner
            .store
            .act(move |tx| tx.kept_words(platform, (&place, &message), &by, now));
        Ok(kept.await?)
    }

    /// Makes a post of another's message, as a moderator wants it.
    pub async fn adopt(&self, incoming: &Incoming, adoption: Adoption) -> Result<Response, Fault> {
        self.act(incoming, Job::Adopt(Box::new(adoption)), None)
            .await
    }
}
