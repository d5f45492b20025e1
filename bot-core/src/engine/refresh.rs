//! Brings cards up to date: one that a change made stale is drawn anew and edited if what it shows is another.

use std::sync::Arc;

use tokio::time::Instant;

use super::fault::blocking;
use super::pace::Paces;
use super::{Core, Fault, Inner};
use crate::card;
use crate::conventions::Edits;
use crate::crash::{self, Point};
use crate::document::{Card, content_hash};
use crate::forum::{PlaceId, Seq, SurfaceId};
use crate::panics::{self, PanicPoint};
use crate::platform::{ChatPlatform, Editing, Platform, SendError, SendKey};
use crate::store::{Shown, Stale};

/// What came of looking at a stale card.
pub(super) enum Refreshed {
    /// It is true.
    True,
    /// It was edited.
    Edited(SurfaceId),
    /// It is to be taken away, and posted anew where something is left to be shown.
    Replaced,
    /// It could not be edited now.
    Later(SurfaceId, Option<std::time::Duration>),
}

impl Core {
    /// Brings one card up to date.
    #[tracing::instrument(name = "edit", level = "debug", skip_all, fields(platform = %chat.platform(), place = %stale.place_key, post = stale.post.0, card = %stale.message))]
    pub(super) async fn refresh<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        stale: Stale,
    ) -> Result<Refreshed, Fault> {
        let (core, platform) = (self.clone(), chat.platform());
        let (post, place, surface) = (stale.post, stale.place, stale.surface);
        let (seen, drawn) = blocking(move || {
            let reader = core.inner.store.reader();
            // In this order: what changes in between is looked at once more.
            let seen = reader.last_seq()?;
            let shown = reader.shown(post)?.unwrap_or(Shown::Gone);
            Ok((seen, core.inner.card(platform, &shown, place)?))
        })
        .await?;
        let is_left_to_be_read = stale.tainted && edits_leave_traces(chat.platform());
        let (card, hash) = match drawn {
            Some(drawn) if !is_left_to_be_read => drawn,
            drawn => {
                let (again, now) = (drawn.is_some(), self.inner.clock.now());
                crash::here(Point::BeforeReplacement);
                self.inner
                    .store
                    .act(move |tx| tx.replace_card(surface, again, now))
                    .await?;
                crash::here(Point::ReplacementKept);
                return Ok(Refreshed::Replaced);
            }
        };
        if stale.shown == Some(hash) {
            self.inner
                .store
                .act(move |tx| tx.refreshed(surface, seen, hash))
                .await?;
            return Ok(Refreshed::True);
        }
        let key = self.key('e', surface, seen);
        let editing = Editing {
            place: stale.place_key.clone(),
            message: stale.message.clone(),
            card,
            key,
        };
        crash::here(Point::BeforeEdit);
        match chat.edit(&editing).await {
            Ok(()) => {}
            Err(SendError::Refused { why }) => {
                tracing::warn!(place = %stale.place_key, %why, "a card could not be brought up to date");
            }
            Err(error) => return self.put_off(chat, &stale, error).await,
        }
        crash::here(Point::AfterEdit);
        self.inner
            .store
            .act(move |tx| tx.refreshed(surface, seen, hash))
            .await?;
        crash::here(Point::EditKept);
        Ok(Refreshed::Edited(surface))
    }

    /// The name of an edit: never that of another copy of the store.
    pub(super) fn key(&self, kind: char, surface: SurfaceId, seq: Seq) -> SendKey {
        SendKey(format!("{kind}{}-{}-{}", surface.0, seq.0, self.inner.era))
    }

    /// Keeps that nobody knows what a card shows. An edit whose answer is lost may have been made: were the change taken back then, the
    /// card would be taken for true. Where the process ends during an edit, the store does the same when it is opened.
    pub(super) async fn doubt(&self, surface: SurfaceId) -> Result<(), Fault> {
        Ok(self.inner.store.act(move |tx| tx.doubted(surface)).await?)
    }

    async fn put_off<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        stale: &Stale,
        error: SendError,
    ) -> Result<Refreshed, Fault> {
        if stale.shown.is_some() {
            self.doubt(stale.surface).await?;
        }
        match &error {
            SendError::PlaceClosed { why } => {
                tracing::warn!(place = %stale.place_key, %why, "the place is closed to us");
                let (platform, key) = (chat.platform(), stale.place_key.clone());
                self.inner
                    .store
                    .act(move |tx| tx.set_place_open(platform, &key, false))
                    .await?;
                Ok(Refreshed::True)
            }
            SendError::Later { .. } | SendError::Stuck { .. } | SendError::NotAllowed { .. } => {
                tracing::debug!(place = %stale.place_key, %error, "an edit waits");
                Ok(Refreshed::Later(stale.surface, error.after()))
            }
            SendError::Refused { .. } => Ok(Refreshed::True),
        }
    }
}

/// Whether what a message said before an edit can still be read there.
fn edits_leave_traces(platform: Platform) -> bool {
    platform.conventions().edits == Edits::LeaveTraces
}

impl Inner {
    /// A post's card as a place shows it, with a hash of it; none where there is nothing left to show. Blocking.
    pub(super) fn card(
        &self,
        platform: Platform,
        shown: &Shown,
        place: PlaceId,
    ) -> Result<Option<(Card, i64)>, Fault> {
        let (cards, reader) = (self.cards(platform), self.store.reader());
        let Some(mut card) = cards.shown(shown) else {
            return Ok(None);
        };
        // The card goes, and none says that it is hidden but where something hangs on it.
        if edits_leave_traces(platform)
            && let Some(post) = shown.hidden()
            && !reader.bears(post)?
        {
            return Ok(None);
        }
        if let Shown::Question(question) = shown {
            panics::here(PanicPoint::Card, &question.title);
            let before = reader.former_number(place, question.post.id)?;
            let address = question.post.address;
            card.blocks
                .extend(before.map(|before| card::former(cards.texts, address, before)));
        }
        // The links are not part of it: a card whose neighbours get cards of their own is still true.
        let hash = content_hash(&card.blocks);
        let card = match reader.forum_of_place(place)? {
            Some(forum) => self.linked(card, forum, place)?,
            None => card,
        };
        Ok(Some((card, hash)))
    }
}

impl Refreshed {
    /// Notes when the card may be edited again.
    pub(super) fn note(self, paces: &mut Paces, pace: crate::platform::EditRate, now: Instant) {
        match self {
            Self::True | Self::Replaced => {}
            Self::Edited(card) => paces.edited(card, pace, now),
            Self::Later(card, after) => paces.failed(card, after, now),
        }
    }
}
