//! Takes messages away that hold text which must not be read any more, and names threads as their questions are called now.
//!
//! What is to be done is in the store before it is tried, and is done with only when that is kept: a crash in between does it again, under
//! the same name.

use std::sync::Arc;
use std::time::Duration;

use super::fault::blocking;
use super::{Core, Fault};
use crate::backoff::Doubling;
use crate::crash::{self, Point};
use crate::forum::{PostId, Seq, Timestamp};
use crate::platform::{
    ChatPlatform, Editing, MessageKey, Naming, Removing, SendError, SendKey, Telling, Whose,
};
use crate::store::{CopyKind, Shown, TextCopy, ThreadName};

/// The waits after failed tries.
const WAITS: Doubling = Doubling::new(Duration::from_secs(1), Duration::from_secs(300));
/// The waits until a message that may not have been sent is looked for again.
const LOOKED_FOR: Doubling =
    Doubling::new(Duration::from_secs(60), Duration::from_secs(24 * 60 * 60));
/// How long a message that may not have been sent is looked for.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Core {
    /// Takes one message away, or looks for it.
    #[tracing::instrument(name = "remove", level = "debug", skip_all, fields(platform = %chat.platform(), place = %copy.place_key, post = copy.post.0, copy = copy.id.0))]
    pub(super) async fn remove<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        copy: TextCopy,
    ) -> Result<(), Fault> {
        let Some(message) = copy.message.clone() else {
            return self.look_for(chat, copy).await;
        };
        let (store, id) = (&self.inner.store, copy.id);
        let whose = match copy.kind {
            CopyKind::Theirs => Whose::Theirs,
            CopyKind::Reply | CopyKind::Card | CopyKind::Former => Whose::Own,
        };
        let removing = Removing {
            whose,
            place: copy.place_key.clone(),
            message: message.clone(),
            key: self.copy_key('d', &copy),
        };
        crash::here(Point::BeforeRemoval);
        let stands = match chat.remove(&removing).await {
            Ok(()) => false,
            Err(SendError::Refused { why }) => {
                tracing::info!(place = %copy.place_key, %why, "a message could not be taken away");
                let told = match whose {
                    Whose::Own => self.bury(chat, &copy, message).await?,
                    Whose::Theirs => self.tell_that_it_stands(chat, &copy, message).await?,
                };
                if let Err(error) = told {
                    return self.put_removal_off(chat, &copy, error).await;
                }
                whose == Whose::Theirs
            }
            Err(error) => return self.put_removal_off(chat, &copy, error).await,
        };
        crash::here(Point::AfterRemoval);
        let done = store.act(move |tx| match stands {
            true => tx.text_copy_stands(id),
            false => tx.text_copy_gone(id),
        });
        done.await?;
        crash::here(Point::RemovalKept);
        Ok(())
    }

    /// Looks for a message that may have been sent before the process ended.
    async fn look_for<P: ChatPlatform>(&self, chat: &Arc<P>, copy: TextCopy) -> Result<(), Fault> {
        let (store, id, now) = (&self.inner.store, copy.id, self.inner.clock.now());
        let Some(key) = copy.key.clone() else {
            return Ok(store.act(move |tx| tx.forget_copy(id)).await?);
        };
        match chat.find(&copy.place_key, copy.thread.as_ref(), &key).await {
            Ok(Some(message)) => {
                store
                    .act(move |tx| tx.reply_sent(&key, &message).map(drop))
                    .await?;
                Ok(())
            }
            Ok(None) | Err(SendError::Refused { .. }) if now.since(copy.at) >= FORGOTTEN_AFTER => {
                Ok(store.act(move |tx| tx.forget_copy(id)).await?)
            }
            Ok(None) | Err(SendError::Refused { .. }) => {
                let until = now.plus(LOOKED_FOR.after(copy.attempts));
                Ok(store.act(move |tx| tx.put_copy_off(id, until)).await?)
            }
            Err(error) => self.put_removal_off(chat, &copy, error).await,
        }
    }

    /// Lets a message of the bot's that can't be taken away say at least what became of the post.
    async fn bury<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        copy: &TextCopy,
        message: MessageKey,
    ) -> Result<Result<(), SendError>, Fault> {
        let (reader, post) = (self.inner.store.reader().clone(), copy.post);
        let Some(address) = blocking(move || Ok(reader.address(post)?)).await? else {
            return Ok(Ok(()));
        };
        let editing = Editing {
            place: copy.place_key.clone(),
            message,
            card: self.inner.cards(chat.platform()).no_more(address),
            key: self.copy_key('b', copy),
        };
        Ok(match chat.edit(&editing).await {
            Err(SendError::Refused { why }) => {
                tracing::warn!(place = %copy.place_key, %why, "a message stays as it was");
                Ok(())
            }
            done => done,
        })
    }

    /// Tells a person that what they wrote still stands, and where; and the moderator who wanted it to be taken away.
    async fn tell_that_it_stands<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        copy: &TextCopy,
        message: MessageKey,
    ) -> Result<Result<(), SendError>, Fault> {
        let (reader, post) = (self.inner.store.reader().clone(), copy.post);
        let Some(address) = blocking(move || Ok(reader.address(post)?)).await? else {
            return Ok(Ok(()));
        };
        let cards = self.inner.cards(chat.platform());
        let moderator = copy.moderator.as_ref();
        let moderator = moderator.filter(|moderator| copy.person.as_ref() != Some(moderator));
        let told = [
            (
                copy.person.as_ref(),
                cards.still_stands(address, copy.withdrawn),
                't',
            ),
            (moderator, cards.not_removed(address), 'm'),
        ];
        for (person, mut card, kind) in told {
            let Some(person) = person else { continue };
            card.links.insert(address, message.clone());
            let telling = Telling {
                place: copy.place_key.clone(),
                person: person.clone(),
                card,
                key: self.copy_key(kind, copy),
            };
            crash::here(Point::BeforePrivateReply);
            let told = chat.tell(&telling).await;
            crash::here(Point::AfterPrivateReply);
            match told {
                Ok(()) => {}
                Err(SendError::Refused { why } | SendError::PlaceClosed { why }) => {
                    tracing::debug!(place = %copy.place_key, %why, "somebody can't be told that a message stands");
                }
                Err(
                    later @ (SendError::Later { .. }
                    | SendError::Stuck { .. }
                    | SendError::NotAllowed { .. }),
                ) => {
                    return Ok(Err(later));
                }
            }
        }
        Ok(Ok(()))
    }

    async fn put_removal_off<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        copy: &TextCopy,
        error: SendError,
    ) -> Result<(), Fault> {
        let store = &self.inner.store;
        match &error {
            SendError::PlaceClosed { why } => {
                tracing::warn!(place = %copy.place_key, %why, "the place is closed to us");
                let (platform, key) = (chat.platform(), copy.place_key.clone());
                Ok(store
                    .act(move |tx| tx.set_place_open(platform, &key, false))
                    .await?)
            }
            SendError::Later { .. } | SendError::Stuck { .. } | SendError::NotAllowed { .. } => {
                tracing::debug!(place = %copy.place_key, %error, "a removal waits");
                let (id, until) = (copy.id, self.later(error.after(), copy.attempts));
                Ok(store.act(move |tx| tx.put_copy_off(id, until)).await?)
            }
            SendError::Refused { .. } => Ok(()),
        }
    }

    /// Gives a thread the name of its question.
    #[tracing::instrument(name = "rename", level = "debug", skip_all, fields(platform = %chat.platform(), place = %name.place_key, post = name.post.0, thread = %name.message))]
    pub(super) async fn name_thread<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        name: ThreadName,
    ) -> Result<(), Fault> {
        let store = &self.inner.store;
        let (reader, post) = (store.reader().clone(), name.post);
        let (seen, shown, address) = blocking(move || {
            // In this order: what changes in between is looked at once more.
            let seen = reader.last_seq()?;
            let shown = reader.shown(post)?.unwrap_or(Shown::Gone);
            Ok((seen, shown, reader.address(post)?))
        })
        .await?;
        let card = self.inner.cards(chat.platform()).shown(&shown);
        let subject = card.and_then(|card| card.subject);
        let subject = subject.or_else(|| address.map(crate::document::Subject::untitled));
        if let Some(subject) = subject {
            let naming = Naming {
                place: name.place_key.clone(),
                message: name.message.clone(),
                subject,
            };
            crash::here(Point::BeforeRename);
            match chat.name(&naming).await {
                Ok(()) => {}
                Err(SendError::Refused { why } | SendError::PlaceClosed { why }) => {
                    tracing::warn!(place = %name.place_key, %why, "a thread keeps its name");
                }
                Err(
                    error @ (SendError::Later { .. }
                    | SendError::Stuck { .. }
                    | SendError::NotAllowed { .. }),
                ) => {
                    tracing::debug!(place = %name.place_key, %error, "a thread's name waits");
                    let until = self.later(error.after(), name.attempts);
                    return Ok(store
                        .act(move |tx| tx.put_name_off(name.place, &name.message, until))
                        .await?);
                }
            }
            crash::here(Point::AfterRename);
        }
        Ok(store
            .act(move |tx| tx.thread_named(name.place, &name.message, seen))
            .await?)
    }

    /// When to try again, after so many tries before this one.
    fn later(&self, after: Option<Duration>, before: u32) -> Timestamp {
        let wait = after.unwrap_or_else(|| WAITS.after(before));
        self.inner.clock.now().plus(wait)
    }

    /// The name of what is done about a message: never that of another copy of the store.
    fn copy_key(&self, kind: char, copy: &TextCopy) -> SendKey {
        let (PostId(post), Seq(since)) = (copy.post, copy.stale.unwrap_or_default());
        let id = copy.id.0;
        SendKey(format!("{kind}c{id}.{post}-{since}-{}", self.inner.era))
    }
}
