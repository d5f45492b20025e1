//! What people wrote and were refused: kept a day, so that nothing typed is lost. And what can be told of a post before anything is written
//! on it.

use std::time::Duration;

use super::fault::blocking;
use super::view::MeantIn;
use super::{Core, Fault, Inner};
use crate::command::{Target, named};
use crate::document::Card;
use crate::forum::{
    self, Address, Counted, ForumId, Post, PostKind, Refusal, Role, Tags, Timestamp, Title,
};
use crate::platform::{MessageKey, PersonKey, Place, PlaceKey, Platform, Writes};
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
    /// A question; of a message, where one is looked at.
    Ask,
    /// A question of the message that is looked at, by whoever wrote that: who it is is not known.
    AskOfMessage,
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
    /// about, if it is about one, else why not. Such as that there is no room for more within this hour. `here` is the message that is looked
    /// at. In a conversation where no forum is meant yet, nothing is known.
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
        let now = self.inner.clock.now();
        blocking(move || {
            let inner = &core.inner;
            let reader = inner.store.reader();
            let cards = inner.cards(platform);
            let Some((target, command)) = beginning.about() else {
                let found = reader.message_context(platform, &place, None, here.as_ref())?;
                let Some((place, forum)) =
                    found.place.and_then(|place| Some((place, place.forum?)))
                else {
                    return Ok(Ok(None));
                };
                let made = found.about.map(|post| reader.address(post)).transpose()?;
                let may = match made.flatten() {
                    Some(address) => Err(Refusal::AlreadyPost { address }),
                    None if beginning == Beginning::AskOfMessage => Ok(()),
                    None => inner.has_room(
                        (forum, Counted::Question),
                        platform,
                        (&person, role),
                        now,
                    )?,
                };
                return Ok(match may {
                    Ok(()) => Ok(None),
                    Err(refusal) => {
                        let card = cards.refusal(&refusal);
                        Err(inner.linked(card, forum, place.id)?)
                    }
                });
            };
            let Some(MeantIn {
                place,
                forum,
                post,
                address,
            }) = inner.meant_in(platform, &place, target, here.as_ref())?
            else {
                return Ok(Ok(None));
            };
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
            let own = reader.is_author(post.id, platform, &person)?;
            let may = match beginning.allowed(&post, own || role.moderates()) {
                Ok(()) => match beginning.counted(own) {
                    Some(what) => inner.has_room((forum, what), platform, (&person, role), now)?,
                    None => Ok(()),
                },
                refused => refused,
            };
            Ok(match may {
                Ok(()) => Ok(Some(post.address)),
                Err(refusal) => {
                    let card = cards.refusal(&refusal);
                    Err(inner.linked(card, forum, place.id)?)
                }
            })
        })
        .await
    }

    /// Whether something can be written from this conversation by its person, as far as it is known before they write it: they may write in
    /// the places of the forum that is meant, else what is said to them.
    pub async fn may_begin_from(
        &self,
        platform: Platform,
        conversation: &Place,
        beginning: Beginning,
    ) -> Result<Result<(), Card>, Fault> {
        let needed = match beginning {
            Beginning::Ask | Beginning::AskOfMessage => Writes::All,
            Beginning::Answer(_) | Beginning::Comment(_) | Beginning::Edit(_) => Writes::Below,
        };
        let may = self.may_write_from(platform, conversation, needed).await?;
        Ok(may.map_err(|refusal| self.inner.cards(platform).refusal(&refusal)))
    }
}

impl Inner {
    /// Refuses one more act of somebody who has done as many as an hour has room for. Blocking.
    fn has_room(
        &self,
        (forum, what): (ForumId, Counted),
        platform: Platform,
        (person, role): (&PersonKey, Role),
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, Fault> {
        let (reader, recent) = (self.store.reader(), &self.recent);
        let Some(by) = reader.author(forum, platform, person)? else {
            return Ok(Ok(()));
        };
        let acts = recent.look(reader, forum, by, what, now)?;
        let experience = || reader.experience(forum, by.member, recent.limits.newcomer_posts);
        Ok(recent.refuses(what, role, &acts, now, experience)?)
    }
}

impl Beginning {
    /// The post that is meant, and the name of the command that says so; none for a question.
    const fn about(self) -> Option<(Target, &'static str)> {
        match self {
            Self::Ask | Self::AskOfMessage => None,
            Self::Answer(post) => Some((post, "answer")),
            Self::Comment(post) => Some((post, "comment")),
            Self::Edit(post) => Some((post, "edit")),
        }
    }

    fn allowed(self, post: &Post, own: bool) -> Result<(), Refusal> {
        match self {
            Self::Ask | Self::AskOfMessage => Ok(()),
            Self::Answer(_) => forum::may_answer(post),
            Self::Comment(_) => forum::may_comment(post),
            Self::Edit(_) => forum::may_edit(post, own),
        }
    }

    /// What it counts as: what moderators mend in others' posts is not counted.
    const fn counted(self, own: bool) -> Option<Counted> {
        match self {
            Self::Ask | Self::AskOfMessage => Some(Counted::Question),
            Self::Answer(_) => Some(Counted::Answer),
            Self::Comment(_) => Some(Counted::Comment),
            Self::Edit(_) if own => Some(Counted::Edit),
            Self::Edit(_) => None,
        }
    }
}
