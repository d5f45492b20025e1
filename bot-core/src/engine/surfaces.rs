//! What an adapter asks when it compares its chat with the forum: what messages show, and which reactions are known.

use super::fault::blocking;
use super::{Core, Fault};
use crate::conventions::Reactions;
use crate::forum::{Address, PostKind};
use crate::platform::{MessageKey, PlaceKey, Platform};

/// What a message shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surfaced {
    /// The post's address; the post may have been taken back.
    pub address: Address,
    /// What it is.
    pub kind: PostKind,
}

impl Core {
    /// The reactions that the forum knows of the post that a message shows there: by which votes and the acceptance are held,
    /// and those whose vote was taken back by a command, which still hang but count no more. None where it shows nothing.
    ///
    /// Where a reaction's key begins with the message's, as in `{message}/{user}/{emoji}`, those on this very message; elsewhere those on any
    /// message that shows the post. Reactions on other platforms are left out.
    pub async fn reactions_on(
        &self,
        platform: Platform,
        place: &PlaceKey,
        message: &MessageKey,
    ) -> Result<Vec<MessageKey>, Fault> {
        let reader = self.inner.store.reader().clone();
        let (place, message) = (place.clone(), message.clone());
        blocking(move || {
            let place = reader.place(platform, &place)?;
            let post = place
                .map(|place| reader.surface(place.id, &message))
                .transpose()?;
            let Some(post) = post.flatten() else {
                return Ok(Vec::new());
            };
            let on = match platform.conventions().reactions {
                Reactions::ByMessage => Some(format!("{message}/")),
                Reactions::ById => None,
            };
            Ok(reader.reactions(platform, post, on.as_deref())?)
        })
        .await
    }

    /// The card that shows a post in a place, by the post's address.
    pub async fn card_of(
        &self,
        platform: Platform,
        place: &PlaceKey,
        address: Address,
    ) -> Result<Option<MessageKey>, Fault> {
        let (reader, place) = (self.inner.store.reader().clone(), place.clone());
        blocking(move || {
            let Some(place) = reader.place(platform, &place)? else {
                return Ok(None);
            };
            let post = place.forum.map(|forum| reader.resolve(forum, address));
            match post.transpose()?.flatten() {
                Some(post) => Ok(reader.card_of(place.id, post)?),
                None => Ok(None),
            }
        })
        .await
    }

    /// The messages (cards, and messages from which posts were made) in open places that show visible posts, those first
    /// whose posts were posted, changed or voted on latest; `most` at most.
    pub async fn recent_surfaces(
        &self,
        platform: Platform,
        most: u32,
    ) -> Result<Vec<(PlaceKey, MessageKey)>, Fault> {
        let reader = self.inner.store.reader().clone();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        blocking(move || Ok(reader.recent_surfaces(platform, most)?)).await
    }

    /// The messages in a place that show posts and whose names begin so: on Discord, those in one thread.
    pub async fn surfaces_from(
        &self,
        platform: Platform,
        place: &PlaceKey,
        begin: &str,
    ) -> Result<Vec<MessageKey>, Fault> {
        let reader = self.inner.store.reader().clone();
        let (place, begin) = (place.clone(), begin.to_owned());
        blocking(move || match reader.place(platform, &place)? {
            Some(place) => Ok(reader.surfaces_from(place.id, &begin)?),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// What a message in a place shows; none where it shows no post.
    pub async fn surface_of(
        &self,
        platform: Platform,
        place: &PlaceKey,
        message: &MessageKey,
    ) -> Result<Option<Surfaced>, Fault> {
        let reader = self.inner.store.reader().clone();
        let (place, message) = (place.clone(), message.clone());
        blocking(move || {
            let Some(place) = reader.place(platform, &place)? else {
                return Ok(None);
            };
            let Some(post) = reader.surface(place.id, &message)? else {
                return Ok(None);
            };
            Ok(reader.question(post)?.map(|view| Surfaced {
                address: view.post.address,
                kind: view.post.kind,
            }))
        })
        .await
    }

    /// Whether a place is known and open.
    pub async fn is_place(&self, platform: Platform, place: &PlaceKey) -> Result<bool, Fault> {
        let (reader, place) = (self.inner.store.reader().clone(), place.clone());
        blocking(move || Ok(reader.is_open(platform, &place)?)).await
    }
}
