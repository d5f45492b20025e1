//! What adapters tell and keep besides what people do: places that open and close, their own messages, their ledger.

use std::sync::PoisonError;

use super::action::find_place;
use super::fault::blocking;
use super::submit::is_reply;
use super::{Core, Fault, Inner};
use crate::card;
use crate::document::Card;
use crate::forum::{ForumId, PlaceId, PostId, Timestamp, one_line};
use crate::platform::{Incoming, MessageKey, Place, PlaceKey, PlaceKind, Platform, SendKey};
use crate::store::{self, PlaceRow, Tx};
use crate::text::Texts;

/// An adapter's own small values, kept in the store: its cursor above all.
#[derive(Clone)]
pub struct Ledger {
    core: Core,
    platform: Platform,
}

impl Ledger {
    /// A value.
    pub async fn get(&self, key: &str) -> Result<Option<String>, Fault> {
        let (reader, platform, key) = (
            self.core.inner.store.reader().clone(),
            self.platform,
            key.to_owned(),
        );
        blocking(move || Ok(reader.ledger(platform, &key)?)).await
    }

    /// Keeps a value; on disk when this returns.
    pub async fn set(&self, key: &str, value: &str) -> Result<(), Fault> {
        let (platform, key, value) = (self.platform, key.to_owned(), value.to_owned());
        Ok(self
            .core
            .inner
            .store
            .act(move |tx| tx.set_ledger(platform, &key, &value))
            .await?)
    }

    /// The values whose keys begin like this, with their keys, in the order of those.
    pub async fn list(&self, begin: &str) -> Result<Vec<(String, String)>, Fault> {
        let reader = self.core.inner.store.reader().clone();
        let (platform, begin) = (self.platform, begin.to_owned());
        blocking(move || Ok(reader.ledger_from(platform, &begin)?)).await
    }

    /// Keeps values, and takes out those that are none any more, all at once; on disk when this returns.
    pub async fn change(&self, changes: Vec<(String, Option<String>)>) -> Result<(), Fault> {
        if changes.is_empty() {
            return Ok(());
        }
        let platform = self.platform;
        let changed = self.core.inner.store.act(move |tx| {
            for (key, value) in &changes {
                match value {
                    Some(value) => tx.set_ledger(platform, key, value)?,
                    None => tx.unset_ledger(platform, key)?,
                }
            }
            Ok(())
        });
        Ok(changed.await?)
    }
}

impl Core {
    /// A platform's ledger.
    #[must_use]
    pub fn ledger(&self, platform: Platform) -> Ledger {
        Ledger {
            core: self.clone(),
            platform,
        }
    }

    /// The bot is in a place: at the start for each, and after joining one.
    pub async fn place_opened(&self, platform: Platform, place: &Place) -> Result<(), Fault> {
        let (place, now) = (place.clone(), self.inner.clock.now());
        let opened = self
            .inner
            .store
            .act(move |tx| open_place(tx, platform, &place, now));
        opened.await?;
        self.inner.woken.send_replace(());
        Ok(())
    }

    /// The bot may do more in these places than before, perhaps: what waits to be posted there is tried at once.
    pub async fn try_now(&self, platform: Platform, places: Vec<PlaceKey>) -> Result<(), Fault> {
        let tried = self.inner.store.act(move |tx| {
            for place in &places {
                if let Some(place) = tx.place(platform, place)? {
                    tx.try_now(place.id)?;
                }
            }
            Ok(())
        });
        tried.await?;
        self.inner.woken.send_replace(());
        Ok(())
    }

    /// A place was left behind for another, as when a Matrix room is upgraded: the forum goes along with its numbers, votes and
    /// what was still to be posted. Cards that are there stay, and are kept true as long as that is possible; a question gets
    /// a card in the new place when it is next shown or answered. Hearing it twice changes nothing.
    pub async fn place_moved(
        &self,
        platform: Platform,
        from: &PlaceKey,
        to: &Place,
    ) -> Result<(), Fault> {
        let (from, to, now) = (from.clone(), to.clone(), self.inner.clock.now());
        let moved = self.inner.store.act(move |tx| {
            if let Some((left, forum)) = forum_to_move(tx, platform, &from, &to)? {
                let name = to.name.as_deref().map(one_line);
                let row = tx.set_place(platform, &to.key, Some(forum), name.as_deref(), false)?;
                if let Some(home) = tx.home(left)? {
                    tx.set_home(row.id, home)?;
                }
                tx.set_successor(left, row.id)?;
                tx.move_outbox(left, row.id)?;
            }
            open_place(tx, platform, &to, now)
        });
        moved.await?;
        self.inner.woken.send_replace(());
        Ok(())
    }

    /// Says which server places are of, and what people call it: it is named instead of one of its channels where forums join.
    /// Those that are not known are left out.
    pub async fn of_server(
        &self,
        platform: Platform,
        places: Vec<PlaceKey>,
        id: String,
        name: &str,
    ) -> Result<(), Fault> {
        let name = one_line(name);
        let kept = self.inner.store.act(move |tx| {
            for place in &places {
                tx.set_server(platform, place, &id, &name)?;
            }
            Ok(())
        });
        Ok(kept.await?)
    }

    /// Has the card of a question posted in a place that lacks it, as an old question's that is shown in a new place.
    pub(super) async fn show_card(&self, place: PlaceId, question: PostId) -> Result<(), Fault> {
        let store = &self.inner.store;
        store.act(move |tx| tx.queue_card(place, question)).await?;
        self.inner.woken.send_replace(());
        Ok(())
    }

    /// The bot is not in a place any more: kicked, banned, left. Nothing is posted there until it is opened again.
    pub async fn place_closed(&self, platform: Platform, place: &PlaceKey) -> Result<(), Fault> {
        let key = place.clone();
        Ok(self
            .inner
            .store
            .act(move |tx| tx.set_place_open(platform, &key, false))
            .await?)
    }

    /// A reply is about to be sent under this key where several can see it, below `thread` if it goes there: where it holds text of
    /// posts, it is known from now on, so that it can be taken away when one of them is hidden or withdrawn.
    pub async fn will_send(
        &self,
        platform: Platform,
        place: &PlaceKey,
        thread: Option<&MessageKey>,
        key: &SendKey,
        card: &Card,
    ) -> Result<(), Fault> {
        if card.holds.is_empty() {
            return Ok(());
        }
        let (posts, shows, now) = (card.holds.clone(), card.shows, self.inner.clock.now());
        let (place, thread, key) = (place.clone(), thread.cloned(), key.clone());
        let kept = self
            .inner
            .store
            .act(move |tx| match tx.place(platform, &place)? {
                Some(place) => {
                    tx.keep_reply((place.id, thread.as_ref()), &key, (&posts, shows), now)
                }
                None => Ok(()),
            });
        Ok(kept.await?)
    }

    /// A message that the bot sent under this key was seen: it is the card that was to be posted, or a reply: one by which
    /// somebody is asked something, or that holds text of posts. Hearing it twice changes nothing.
    pub async fn sent(
        &self,
        _platform: Platform,
        key: &SendKey,
        message: &MessageKey,
    ) -> Result<(), Fault> {
        let reader = self.inner.store.reader().clone();
        let (known_key, known_message) = (key.clone(), message.clone());
        if blocking(move || Ok(reader.knows_copy(&known_key, &known_message)?)).await? {
            return Ok(());
        }
        let (key, message) = (key.clone(), message.clone());
        let sent = self.inner.store.act(move |tx| {
            match is_reply(&key) {
                true => tx.asked_by(&key, &message)?,
                false => tx.posted(&key, &message, None)?,
            }
            tx.reply_sent(&key, &message)
        });
        if sent.await? {
            self.inner.woken.send_replace(());
        }
        Ok(())
    }

    /// Somebody uses a message that the bot sent under this key: where it is not known yet, because it has only just been sent
    /// or the bot died before it knew, it is the card that was to be posted.
    pub async fn seen(
        &self,
        platform: Platform,
        place: &PlaceKey,
        key: &SendKey,
        message: &MessageKey,
    ) -> Result<(), Fault> {
        match self.surface_of(platform, place, message).await? {
            Some(_) => Ok(()),
            None => {
                let (place, key, message) = (place.clone(), key.clone(), message.clone());
                let kept = self.inner.store.act(move |tx| {
                    // A button's id can name a card of any place: only one of this is believed.
                    if tx.is_due_in(platform, &place, &key)? {
                        tx.posted(&key, &message, None)?;
                    }
                    Ok(())
                });
                Ok(kept.await?)
            }
        }
    }

    /// A reaction that was refused, and is known by no event's name, hangs on for good: it counts no more as long as it does.
    pub async fn stays_refused(&self, reaction: &MessageKey) -> Result<(), Fault> {
        let reaction = reaction.clone();
        Ok(self.inner.store.act(move |tx| tx.spend(&reaction)).await?)
    }

    /// What to tell somebody whose encrypted message can't be read.
    #[must_use]
    pub fn undecryptable(&self) -> Card {
        card::undecryptable(&self.inner.reading.texts)
    }

    /// Whether a message or reaction means anything to the forum.
    pub async fn matters(&self, platform: Platform, message: &MessageKey) -> Result<bool, Fault> {
        let (reader, message) = (self.inner.store.reader().clone(), message.clone());
        blocking(move || Ok(reader.matters(platform, &message)?)).await
    }

    /// Those of several messages that mean anything to the forum.
    pub(super) async fn that_matter(
        &self,
        platform: Platform,
        messages: &[MessageKey],
    ) -> Result<Vec<MessageKey>, Fault> {
        let (reader, mut messages) = (self.inner.store.reader().clone(), messages.to_vec());
        blocking(move || {
            let mut that_matter = Vec::new();
            for message in messages.drain(..) {
                if reader.matters(platform, &message)? {
                    that_matter.push(message);
                }
            }
            Ok(that_matter)
        })
        .await
    }

    /// Gives a card the messages of the place it goes to that show the posts it speaks of.
    pub(super) async fn linked(
        &self,
        card: Card,
        forum: ForumId,
        place: Option<PlaceId>,
    ) -> Result<Card, Fault> {
        let (Some(place), false) = (place, card.addresses().is_empty()) else {
            return Ok(card);
        };
        let core = self.clone();
        blocking(move || core.inner.linked(card, forum, place)).await
    }

    /// The same, in the place where something happened.
    pub(super) async fn linked_there(
        &self,
        card: Card,
        incoming: &Incoming,
    ) -> Result<Card, Fault> {
        if card.addresses().is_empty() {
            return Ok(card);
        }
        let core = self.clone();
        let (platform, key) = (incoming.platform, incoming.place.key.clone());
        blocking(
            move || match core.inner.store.reader().place(platform, &key)? {
                Some(PlaceRow {
                    id,
                    forum: Some(forum),
                    ..
                }) => core.inner.linked(card, forum, id),
                Some(_) | None => Ok(card),
            },
        )
        .await
    }

    /// The texts in the forum's language, for what only a platform shows: its buttons, its dialogs.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.inner.reading.texts
    }

    /// What is said of something that went wrong and is no fault of the person's; `what` is for the log.
    #[must_use]
    pub fn trouble(&self, platform: Platform, what: &(dyn std::error::Error + 'static)) -> Card {
        let code = self.code();
        tracing::error!(%code, %platform, error = what, "an action failed");
        self.inner.cards(platform).fault(&code)
    }

    /// Whether the person may be told now why their reaction was refused: at most once an hour.
    pub(super) fn may_complain(&self, incoming: &Incoming) -> bool {
        let told = &self.inner.told;
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let account = (incoming.platform, incoming.actor.key.clone());
        told.may_tell(account, self.inner.clock.now())
    }
}

/// Makes a place known where it is not, and opens it.
pub(super) fn open_place(
    tx: &Tx<'_>,
    platform: Platform,
    place: &Place,
    now: Timestamp,
) -> Result<(), store::Fault> {
    let (row, _) = find_place(tx, platform, place, now)?;
    if let Some(name) = &place.name {
        tx.rename_place(row, &one_line(name))?;
    }
    tx.set_seclusion(row, place.seclusion)?;
    tx.try_now(row)?;
    tx.set_place_open(platform, &place.key, true)
}

/// The place that is left behind for another, and its forum, where it goes along: conversations have none of their own, and a
/// place in which something was asked already brings that along, since numbers don't change.
fn forum_to_move(
    tx: &Tx<'_>,
    platform: Platform,
    from: &PlaceKey,
    to: &Place,
) -> Result<Option<(PlaceId, ForumId)>, store::Fault> {
    let left = tx.place(platform, from)?.filter(|left| !left.direct);
    let Some((left, forum)) = left.and_then(|left| Some((left.id, left.forum?))) else {
        return Ok(None);
    };
    // A place where a forum has begun stays that place, however few come along.
    if matches!(to.kind, PlaceKind::Direct { .. }) && tx.is_empty(forum)? {
        return Ok(None);
    }
    let own = tx.place(platform, &to.key)?.and_then(|known| known.forum);
    let goes_along = match own {
        Some(own) => own == forum || tx.is_empty(own)?,
        None => true,
    };
    Ok(goes_along.then_some((left, forum)))
}

impl Inner {
    /// Gives a card the messages of a place that show the posts it speaks of. Blocking.
    pub(super) fn linked(
        &self,
        mut card: Card,
        forum: ForumId,
        place: PlaceId,
    ) -> Result<Card, Fault> {
        let addresses = card.addresses();
        if !addresses.is_empty() {
            card.links = self.store.reader().links(forum, place, addresses)?;
        }
        Ok(card)
    }
}

impl Inner {
    /// The same; posts that no card shows in the place are linked to where one does elsewhere in its server.
    pub(super) fn linked_in_server(
        &self,
        card: Card,
        forum: ForumId,
        place: PlaceId,
    ) -> Result<Card, Fault> {
        let mut card = self.linked(card, forum, place)?;
        let mut lacking = card.addresses();
        lacking.retain(|address| !card.links.contains_key(address));
        if !lacking.is_empty() {
            let elsewhere = self.store.reader().links_in_server(forum, place, lacking)?;
            card.links.extend(elsewhere);
        }
        Ok(card)
    }
}
