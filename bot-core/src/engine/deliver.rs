//! Posts what is in the outbox: each card once, in a place's order, however often it must be tried.

use std::sync::Arc;
use std::time::Duration;

use super::fault::blocking;
use super::{Core, Fault};
use crate::backoff::Doubling;
use crate::crash::{self, Point};
use crate::document::Subject;
use crate::forum::{PostId, Seq, Timestamp};
use crate::platform::{ChatPlatform, MessageKey, Platform, Posting, SendError, SendKey};
use crate::store::{Due, Shown};

/// The longest wait of a card that others do not wait for: they do as long as they come behind it.
const STUCK: Duration = Duration::from_secs(60);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The waits after failed tries.
const WAITS: Doubling = Doubling::new(Duration::from_secs(1), LONGEST_WAIT);

impl Core {
    /// Posts one card, or puts it off. What is on its way when the process dies is looked for before it is sent again.
    #[tracing::instrument(name = "deliver", level = "debug", skip_all, fields(platform = %chat.platform(), place = %due.place_key, post = due.post.0, key = %due.key))]
    pub(super) async fn deliver<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        due: Due,
    ) -> Result<(), Fault> {
        let store = &self.inner.store;
        let (id, before) = (due.id, due.attempts);
        let reader = store.reader().clone();
        let (shown, seq) = blocking(move || {
            let seq = reader.last_seq()?;
            Ok((reader.shown(due.post)?, seq))
        })
        .await?;
        let Some(shown) = shown.filter(|shown| *shown != Shown::Gone || before > 0) else {
            return Ok(store.act(move |tx| tx.give_up(id)).await?);
        };
        crash::here(Point::BeforeAttempt);
        if !store.act(move |tx| tx.attempt(id)).await? {
            return Ok(());
        }
        crash::here(Point::AfterAttempt);
        match self.send(chat, &due, &shown, before).await? {
            Ok(Some(sent)) => {
                crash::here(Point::AfterPost);
                self.keep(due.key, sent.message, Some((sent.hash, seq)))
                    .await?;
                crash::here(Point::PostKept);
                Ok(())
            }
            Ok(None) => {
                let now = self.inner.clock.now();
                Ok(store.act(move |tx| tx.set_aside(id, now)).await?)
            }
            Err(SendError::Later { after, why }) => {
                let wait = after
                    .unwrap_or_else(|| WAITS.after(before))
                    .min(LONGEST_WAIT)
                    + self.jitter();
                tracing::debug!(place = %due.place_key, %why, ?wait, "a card waits");
                let until: Timestamp = self.inner.clock.now().plus(wait);
                Ok(store.act(move |tx| tx.put_off(id, until)).await?)
            }
            Err(SendError::NotAllowed { why }) => {
                let wait = WAITS.after(before) + self.jitter();
                if before == 0 {
                    tracing::warn!(place = %due.place_key, %why, "a card can’t be posted until the bot is allowed to");
                } else {
                    tracing::debug!(place = %due.place_key, %why, ?wait, "a card waits");
                }
                let until: Timestamp = self.inner.clock.now().plus(wait);
                Ok(store.act(move |tx| tx.put_off(id, until)).await?)
            }
            Err(SendError::Stuck { why }) => {
                let wait = WAITS.after(before).min(STUCK) + self.jitter();
                if before == 0 {
                    tracing::warn!(place = %due.place_key, %why, "a card waits, and the others of its place don’t");
                } else {
                    tracing::debug!(place = %due.place_key, %why, ?wait, "a card waits");
                }
                let until: Timestamp = self.inner.clock.now().plus(wait);
                Ok(store.act(move |tx| tx.put_last(id, until)).await?)
            }
            Err(SendError::PlaceClosed { why }) => {
                tracing::warn!(place = %due.place_key, %why, "the place is closed to us");
                let (platform, key) = (chat.platform(), due.place_key);
                Ok(store
                    .act(move |tx| tx.set_place_open(platform, &key, false))
                    .await?)
            }
            Err(SendError::Refused { why }) => {
                tracing::warn!(place = %due.place_key, %why, "a card was refused for good");
                Ok(store.act(move |tx| tx.give_up(id)).await?)
            }
        }
    }

    /// Sends the card, unless an earlier try did; none where there is nothing left to show and nothing was sent.
    async fn send<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        due: &Due,
        shown: &Shown,
        before: u32,
    ) -> Result<Result<Option<Sent>, SendError>, Fault> {
        let thread = self.thread_root(due, shown).await?;
        if before > 0 {
            match chat.find(&due.place_key, thread.as_ref(), &due.key).await {
                // What it shows is not known: it is brought up to date.
                Ok(Some(message)) => {
                    return Ok(Ok(Some(Sent {
                        message,
                        hash: None,
                    })));
                }
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        let (core, platform) = (self.clone(), chat.platform());
        let (shows, place) = (shown.clone(), due.place);
        let drawn = blocking(move || core.inner.card(platform, &shows, place)).await?;
        let Some((card, hash)) = drawn else {
            return Ok(Ok(None));
        };
        let about = match thread {
            Some(_) => self.question_about(chat.platform(), due.post).await?,
            None => None,
        };
        let posting = Posting {
            place: due.place_key.clone(),
            thread,
            about,
            card,
            key: due.key.clone(),
        };
        crash::here(Point::BeforePost);
        Ok(chat.post(&posting).await.map(|message| {
            Some(Sent {
                message,
                hash: Some(hash),
            })
        }))
    }

    /// The message under which an answer or comment goes: the card of its question in that place.
    async fn thread_root(&self, due: &Due, shown: &Shown) -> Result<Option<MessageKey>, Fault> {
        match shown {
            Shown::Question(_) | Shown::Gone => Ok(None),
            Shown::Answer(_) | Shown::Comment(_) => {
                let (reader, place, post) =
                    (self.inner.store.reader().clone(), due.place, due.post);
                blocking(move || {
                    let question = reader.question_of(post)?;
                    Ok(question
                        .map(|question| reader.card_of(place, question))
                        .transpose()?
                        .flatten())
                })
                .await
            }
        }
    }

    /// The question that a post belongs to, as its card has it.
    async fn question_about(
        &self,
        platform: Platform,
        post: PostId,
    ) -> Result<Option<Subject>, Fault> {
        let reader = self.inner.store.reader().clone();
        let question = blocking(move || match reader.question_of(post)? {
            Some(question) => Ok(reader.shown(question)?),
            None => Ok(None),
        });
        let shown = question.await?;
        let card = shown.and_then(|shown| self.inner.cards(platform).shown(&shown));
        Ok(card.and_then(|card| card.subject))
    }

    /// Keeps that a card is there: `shown` is a hash of what it shows, and the change it was made at.
    pub(super) async fn keep(
        &self,
        key: SendKey,
        message: MessageKey,
        shown: Option<(Option<i64>, Seq)>,
    ) -> Result<(), Fault> {
        let shown = shown.and_then(|(hash, seq)| hash.map(|hash| (hash, seq)));
        Ok(self
            .inner
            .store
            .act(move |tx| tx.posted(&key, &message, shown))
            .await?)
    }

    /// Up to a quarter of a second, so that many that wait do not all come back at once.
    fn jitter(&self) -> Duration {
        Duration::from_millis(self.inner.below(250))
    }
}

/// A card that is there now.
struct Sent {
    message: MessageKey,
    hash: Option<i64>,
}
