//! What people wrote and were refused: kept a day, so that nothing typed is lost. And what can be told of a post before anything is written
//! on it.

use std::time::Duration;

use super::fault::blocking;
use super::view::MeantIn;
use super::{Core, Fault};
use crate::card::Card;
use crate::command::{Target, named};
use crate::forum::{self, Address, Post, PostKind, Refusal, Role, Tags, Title};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};
use crate::store::{DraftKey, DraftRow};

/// How long a draft is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How many drafts of one person are kept.
const EACH: u32 = 25;
/// How many letters a draft's name has: about 98 bits, so that no two are the same and none is guessed.
const NAME: usize = 20;

/// Something that somebody is about to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// An answer to this.
    Answer(Target),
    /// A comment on this.
    Comment(Target),
    /// A change of this.
    Edit(Target),
}

impl Core {
    /// Keeps what somebody wrote in a place and what it was to become, in the adapter's own words; gives the name by which they find it
    /// again. `text_of` is the post whose text it was to be.
    pub async fn keep_draft(
        &self,
        key: DraftKey,
        filled: String,
        text_of: Option<Address>,
    ) -> Result<String, Fault> {
        let now = self.inner.clock.now();
        let id = self.letters(NAME);
        let name = id.clone();
        let kept = self.inner.store.act(move |tx| {
            tx.drop_drafts(now)?;
            let place = tx.place(key.platform, &key.place)?;
            let post = match (place.and_then(|place| place.forum), text_of) {
                (Some(forum), Some(address)) => tx.post_at(forum, address)?,
                _ => None,
            };
            let draft = DraftRow {
                id: id.clone(),
                key: key.clone(),
                filled: filled.clone(),
                post: post.map(|post| post.id),
                until: now.plus(KEPT),
            };
            tx.keep_draft(&draft, EACH)
        });
        kept.await?;
        Ok(name)
    }

    /// What somebody wrote there under this name: what it was to become, and what they wrote. None where it is too old, or not theirs.
    pub async fn draft(
        &self,
        platform: Platform,
        (person, place): (&PersonKey, &PlaceKey),
        id: &str,
    ) -> Result<Option<(String, String)>, Fault> {
        let (reader, now) = (self.inner.store.reader().clone(), self.inner.clock.now());
        let (person, place, id) = (person.clone(), place.clone(), id.to_owned());
        blocking(move || Ok(reader.draft(platform, (&person, &place), &id, now)?)).await
    }

    /// What somebody wrote that was to become this.
    pub async fn draft_about(&self, key: &DraftKey) -> Result<Option<String>, Fault> {
        let (reader, now) = (self.inner.store.reader().clone(), self.inner.clock.now());
        let key = key.clone();
        blocking(move || Ok(reader.draft_about(&key, now)?)).await
    }

    /// It has become that: the draft is not needed any more.
    pub async fn drop_draft(&self, key: &DraftKey) -> Result<(), Fault> {
        if self.draft_about(key).await?.is_none() {
            return Ok(());
        }
        let key = key.clone();
        Ok(self.inner.store.act(move |tx| tx.drop_draft(&key)).await?)
    }

    /// Deletes the drafts that are too old, which keeping a new one does besides.
    pub async fn drop_old_drafts(&self) -> Result<(), Fault> {
        let now = self.inner.clock.now();
        let dropped = self.inner.store.act(move |tx| tx.drop_drafts(now));
        Ok(dropped.await?)
    }

    /// Why a question can't have this title or these tags, if it can't.
    #[must_use]
    pub fn refuses_question(
        &self,
        platform: Platform,
        title: Option<&str>,
        tags: &[String],
    ) -> Option<Card> {
        let title = title.and_then(|title| Title::new(title).err());
        let tags = || Tags::new(tags.iter().map(String::as_str)).err();
        let refusal = title.or_else(tags)?;
        Some(self.inner.cards(platform).refusal(&refusal))
    }

    /// Whether something can be written there by somebody of this role, as far as it is known before they write it: the post that it is
    /// about, else why not. `here` is the message that is looked at. In a conversation where no forum is meant yet, nothing is known.
    pub async fn may_begin(
        &self,
        platform: Platform,
        place: &PlaceKey,
        (person, role): (&PersonKey, Role),
        beginning: Beginning,
        here: Option<&MessageKey>,
    ) -> Result<Result<Option<Address>, Card>, Fault> {
        let core = self.clone();
        let (place, person, here) = (place.clone(), person.clone(), here.cloned());
        blocking(move || {
            let inner = &core.inner;
            let reader = inner.store.reader();
            let (target, command) = beginning.said();
            let Some(MeantIn {
                place,
                forum,
                post,
                address,
            }) = inner.meant_in(platform, &place, target, here.as_ref())?
            else {
                return Ok(Ok(None));
            };
            let cards = inner.cards(platform);
            let post = post.map(|post| reader.facts(post)).transpose()?.flatten();
            let Some(post) = post else {
                return Ok(Err(match (address, named(command)) {
                    (Some(address), _) => cards.refusal(&Refusal::NoSuchPost { address }),
                    (None, Some(command)) => cards.incomplete(command),
                    (None, None) => cards.talk(),
                }));
            };
            // In a thread, whatever post the message is, its question is the one that is answered.
            let post = match (beginning, post.kind) {
                (Beginning::Answer(Target::Here), PostKind::Answer | PostKind::Comment) => {
                    reader.facts(post.question)?.unwrap_or(post)
                }
                _ => post,
            };
            let own = role.moderates() || reader.is_author(post.id, platform, &person)?;
            Ok(match beginning.allowed(&post, own) {
                Ok(()) => Ok(Some(post.address)),
                Err(refusal) => {
                    let card = cards.refusal(&refusal);
                    Err(inner.linked(card, forum, place.id)?)
                }
            })
        })
        .await
    }
}

impl Beginning {
    /// The post that is meant, and the name of the command that says so.
    const fn said(self) -> (Target, &'static str) {
        match self {
            Self::Answer(post) => (post, "answer"),
            Self::Comment(post) => (post, "comment"),
            Self::Edit(post) => (post, "edit"),
        }
    }

    fn allowed(self, post: &Post, own: bool) -> Result<(), Refusal> {
        match self {
            Self::Answer(_) => forum::may_answer(post),
            Self::Comment(_) => forum::may_comment(post),
            Self::Edit(_) => forum::may_edit(post, own),
        }
    }
}
