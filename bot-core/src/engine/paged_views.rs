//! What people asked to see, kept for a while by whoever shows it in pages: with an owner and an end.

use std::time::Duration;

use super::fault::blocking;
use super::{Core, Fault};
use crate::card;
use crate::document::Card;
use crate::forum::{AccountName, PersonName, own_name};
use crate::platform::{PersonKey, Platform};
use crate::store::PagedView;

/// How long the pages of what somebody asked for can be turned.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How many views of one person are kept.
const EACH: u32 = 50;
/// How many letters a view's name has: about 98 bits, so that no two are the same and none is guessed.
const NAME: usize = 20;

impl Core {
    /// Keeps what somebody asked to see, in the adapter's own words; gives the name by which they find it again.
    pub async fn keep_view(
        &self,
        platform: Platform,
        person: &PersonKey,
        asked: String,
    ) -> Result<String, Fault> {
        let now = self.inner.clock.now();
        let view = PagedView {
            id: self.letters(NAME),
            platform,
            person: person.clone(),
            asked,
            until: now.plus(KEPT),
        };
        let id = view.id.clone();
        let kept = self.inner.store.act(move |tx| {
            tx.drop_paged_views(now)?;
            tx.keep_paged_view(&view, EACH)
        });
        kept.await?;
        Ok(id)
    }

    /// What somebody asked to see, by its name; none where it is somebody else's, or too old.
    pub async fn kept_view(
        &self,
        platform: Platform,
        person: &PersonKey,
        id: &str,
    ) -> Result<Option<String>, Fault> {
        let (reader, now) = (self.inner.store.reader().clone(), self.inner.clock.now());
        let (person, id) = (person.clone(), id.to_owned());
        blocking(move || Ok(reader.paged_view(platform, &person, &id, now)?)).await
    }

    /// Deletes the views that are too old, which keeping a new one does besides.
    pub async fn drop_old_views(&self) -> Result<(), Fault> {
        let now = self.inner.clock.now();
        Ok(self
            .inner
            .store
            .act(move |tx| tx.drop_paged_views(now))
            .await?)
    }

    /// The card with a line that says who shows it to all: by the account too, since anybody can take any name.
    #[must_use]
    pub fn shared_by(&self, card: Card, platform: Platform, name: &str, account: &str) -> Card {
        let by = PersonName {
            name: own_name(name),
            account: Some(AccountName {
                account: account.to_owned(),
                platform: platform.name().to_owned(),
            }),
        };
        card::shared_by(&self.inner.reading.texts, card, &by)
    }
}
