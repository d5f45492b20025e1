//! Places of which a forum's other readers can't view some: which forum they are opened in, and what their admins are told.

use super::fault::blocking;
use super::places::open_place;
use super::{Core, Fault};
use crate::card;
use crate::document::Card;
use crate::forum::one_line;
use crate::platform::{CommonPlace, Place, PlaceKey, Platform};
use crate::store::{Narrowness, SharedPlace};
use crate::text::Key;

/// What the admins of places are told of two of them: the one that it is about, and the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceNotice {
    /// It is a place of a forum of its own, since not all who can view the other can view it.
    NarrowApart,
    /// It is a place of a forum of its own, since some can view it who can't view the other.
    WideApart,
    /// It shares the forum of the other, to which its admin agreed.
    Shares,
    /// It shares the forum of the other, though not all who can view one can view both.
    SharesStill,
    /// It is to share the forum of the other, but something was asked in its own already.
    AskedAlready,
    /// Not all who can view the other can view it any more, and they share a forum.
    BecameNarrower,
}

/// A place as its admins are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceLink<'a> {
    /// What it is called. People's text.
    pub name: &'a str,
    /// Where it is.
    pub url: &'a str,
}

impl Core {
    /// Those of these places that are known and belong to a forum, conversations left out.
    pub async fn shared_places(
        &self,
        platform: Platform,
        keys: Vec<PlaceKey>,
    ) -> Result<Vec<SharedPlace>, Fault> {
        let reader = self.inner.store.reader().clone();
        blocking(move || Ok(reader.shared_places(platform, &keys)?)).await
    }

    /// The open places of a platform, conversations left out.
    pub async fn open_places(&self, platform: Platform) -> Result<Vec<PlaceKey>, Fault> {
        let reader = self.inner.store.reader().clone();
        blocking(move || Ok(reader.places(platform)?)).await
    }

    /// Gives a card for a conversation the messages that show the posts it speaks of, in those of these places that belong to the forum
    /// which is meant there.
    pub async fn linked_in_conversation(
        &self,
        platform: Platform,
        mut card: Card,
        conversation: &Place,
        places: &[CommonPlace],
    ) -> Result<Card, Fault> {
        let Some(meant) = self.shared_place(platform, conversation).await? else {
            return Ok(card);
        };
        let mut keys = vec![meant];
        keys.extend(places.iter().map(|place| place.key.clone()));
        let reader = self.inner.store.reader().clone();
        let of = blocking(move || {
            let mut rows = Vec::new();
            for key in keys {
                rows.extend(reader.place(platform, &key)?);
            }
            Ok(rows)
        })
        .await?;
        let Some(forum) = of.first().and_then(|meant| meant.forum) else {
            return Ok(card);
        };
        for place in of.iter().filter(|place| place.forum == Some(forum)) {
            let before = std::mem::take(&mut card.links);
            card = self.linked(card, forum, Some(place.id)).await?;
            card.links.extend(before);
        }
        Ok(card)
    }

    /// Opens a place in the forum of this name, which is made where it is missing, or in the one that it joined. What was asked there
    /// in another forum stays in that one.
    pub async fn place_opened_in(
        &self,
        platform: Platform,
        place: &Place,
        forum: &str,
    ) -> Result<(), Fault> {
        let (place, name, now) = (place.clone(), forum.to_owned(), self.inner.clock.now());
        let opened = self.inner.store.act(move |tx| {
            let home = tx.forum(&name, now)?;
            let forum = tx.joined(home)?;
            let known = tx.place(platform, &place.key)?;
            if known.is_some_and(|known| known.forum != Some(forum)) {
                // What waits to be posted there is of the other forum.
                tx.set_place_open(platform, &place.key, false)?;
            }
            let called = place.name.as_deref().map(one_line);
            let row = tx.set_place(platform, &place.key, Some(forum), called.as_deref(), false)?;
            tx.set_own_forum(row.id, home)?;
            open_place(tx, platform, &place, now)
        });
        opened.await?;
        self.inner.woken.send_replace(());
        Ok(())
    }

    /// Whether nothing was ever asked in the forum of this name.
    pub async fn is_unused(&self, forum: &str) -> Result<bool, Fault> {
        let (reader, name) = (self.inner.store.reader().clone(), forum.to_owned());
        blocking(move || Ok(reader.is_unused(&name)?)).await
    }

    /// Keeps what was said of a place that is narrower than another, or that nothing has to be said any more.
    pub async fn set_narrowness(
        &self,
        platform: Platform,
        place: &PlaceKey,
        said: Narrowness,
    ) -> Result<(), Fault> {
        let key = place.clone();
        Ok(self
            .inner
            .store
            .act(move |tx| tx.set_narrowness(platform, &key, said))
            .await?)
    }

    /// What the admins of two places are told.
    #[must_use]
    pub fn notice_of_places(
        &self,
        notice: PlaceNotice,
        place: PlaceLink<'_>,
        other: PlaceLink<'_>,
    ) -> Card {
        let key = match notice {
            PlaceNotice::NarrowApart => Key::PlaceNarrowApart,
            PlaceNotice::WideApart => Key::PlaceWideApart,
            PlaceNotice::Shares => Key::PlaceShares,
            PlaceNotice::SharesStill => Key::PlaceSharesStill,
            PlaceNotice::AskedAlready => Key::PlaceAskedAlready,
            PlaceNotice::BecameNarrower => Key::PlaceBecameNarrower,
        };
        let link = |place: PlaceLink<'_>| card::place_link(place.name, place.url);
        card::on_places(&self.inner.reading.texts, key, link(place), link(other))
    }
}
