//! What dialogs begin with: completions of what is being typed, and the text that is to be edited.

use std::collections::HashSet;

use super::fault::blocking;
use super::view::MeantIn;
use super::{Core, Fault, Inner};
use crate::command::Target;
use crate::forum::{Address, Condition, ForumId, PostKind};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};
use crate::search::{Draft, TitleFit};

/// How many questions are looked at to find those whose titles begin as typed, beside those asked for.
const SPARE: usize = 25;
/// How many of the newest titles are looked through while the index does not know all of them yet.
const NEWEST: usize = 100;

/// The present text of a post, for a dialog in which it is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditableText {
    /// The post.
    pub address: Address,
    /// What it is.
    pub kind: PostKind,
    /// A question's title.
    pub title: Option<String>,
    /// Markdown, as people wrote it.
    pub body: String,
    /// A question's tags.
    pub tags: Vec<String>,
    /// Which of the post's texts it is.
    pub revision: u32,
}

impl Core {
    /// The questions of a place's forum that may be meant by what is typed, `most` at most: the newest where nothing is; those
    /// whose numbers begin so behind a `#`; else those whose titles have all the words, the last one begun, with few typing
    /// errors: first those whose titles begin so, then by votes, the newer of equals first.
    ///
    /// A conversation has no completions of its own, since who is in it may have left the forum: ask of a place that the
    /// person and the bot share.
    pub async fn complete_titles(
        &self,
        platform: Platform,
        place: &PlaceKey,
        typed: &str,
        most: usize,
    ) -> Result<Vec<(Address, String)>, Fault> {
        let (core, place, typed) = (self.clone(), place.clone(), typed.to_owned());
        blocking(move || {
            let Some(forum) = core.inner.shared_forum(platform, &place)? else {
                return Ok(Vec::new());
            };
            core.inner.titles(forum, &typed, most)
        })
        .await
    }

    /// The tags of a place's forum that begin as typed, `most` at most, those first that are used much; with few typing
    /// errors, where none begins so. None in a conversation, as with titles.
    pub async fn complete_tags(
        &self,
        platform: Platform,
        place: &PlaceKey,
        typed: &str,
        most: usize,
    ) -> Result<Vec<String>, Fault> {
        let (core, place) = (self.clone(), place.clone());
        let begin = typed.trim().to_lowercase();
        blocking(move || {
            let Some(forum) = core.inner.shared_forum(platform, &place)? else {
                return Ok(Vec::new());
            };
            core.inner.tags(forum, &begin, most)
        })
        .await
    }

    /// The text of the post that is meant, where it can be seen; `here` is the message that is looked at. In a conversation,
    /// where nobody moderates, only a text of the person's own.
    pub async fn text_of(
        &self,
        platform: Platform,
        place: &PlaceKey,
        person: &PersonKey,
        target: Target,
        here: Option<&MessageKey>,
    ) -> Result<Option<EditableText>, Fault> {
        let core = self.clone();
        let (place, person, here) = (place.clone(), person.clone(), here.cloned());
        blocking(move || {
            let reader = core.inner.store.reader();
            let meant = core
                .inner
                .meant_in(platform, &place, target, here.as_ref())?;
            let Some(MeantIn {
                place,
                forum,
                post: Some(post),
                ..
            }) = meant
            else {
                return Ok(None);
            };
            // Dialogs are nowhere encrypted.
            if place.direct
                && (!reader.is_author(post, platform, &person)?
                    || reader.is_only_encrypted(forum)?)
            {
                return Ok(None);
            }
            // In this order: what changes in between is another text than the one of this number.
            let Some(revision) = reader.revision(post)? else {
                return Ok(None);
            };
            let view = reader.question(post)?;
            Ok(view
                .filter(|view| view.post.condition == Condition::Visible)
                .map(|view| EditableText {
                    address: view.post.address,
                    kind: view.post.kind,
                    title: (view.post.kind == PostKind::Question).then_some(view.title),
                    body: view.post.body,
                    tags: view.tags,
                    revision,
                }))
        })
        .await
    }
}

impl Inner {
    /// The forum of a place that several people share.
    fn shared_forum(&self, platform: Platform, place: &PlaceKey) -> Result<Option<ForumId>, Fault> {
        let place = self.store.reader().place(platform, place)?;
        Ok(place
            .filter(|place| !place.direct)
            .and_then(|place| place.forum))
    }

    /// The questions that may be meant by what is typed. Blocking.
    fn titles(
        &self,
        forum: ForumId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<(Address, String)>, Fault> {
        let reader = self.store.reader();
        let wanted = folded(typed);
        if wanted.is_empty() || wanted == "#" {
            return Ok(reader.newest_titles(forum, most)?);
        }
        if let Some(Ok(Address {
            question,
            answer: None,
            comment: None,
        })) = wanted.starts_with('#').then(|| wanted.parse())
        {
            return Ok(reader.titles_by_number(forum, question, most)?);
        }
        let draft = Draft::parse(typed);
        if draft.is_blank() {
            return Ok(Vec::new());
        }
        let search = &self.reading.search;
        let mut titles = Vec::new();
        // The store knows at once what was just asked.
        if search.cursor() < reader.last_seq()? {
            titles = reader.newest_titles(forum, NEWEST)?;
        }
        let known: HashSet<Address> = titles.iter().map(|(address, _)| *address).collect();
        let found = search.complete_titles(forum, &draft, most.saturating_add(SPARE))?;
        let found = reader.titles_of(forum, &found)?.into_iter();
        titles.extend(found.filter(|(address, _)| !known.contains(address)));
        let mut fitting = draft.fitting();
        let fitting = titles
            .into_iter()
            .filter_map(|titled| Some((fitting.fit(&titled.1)?, titled)));
        let mut titles: Vec<(TitleFit, (Address, String))> = fitting.collect();
        titles.sort_by_key(|(fit, _)| *fit);
        Ok(titles
            .into_iter()
            .map(|(_, titled)| titled)
            .take(most)
            .collect())
    }

    /// The tags that may be meant by what is typed. Blocking.
    fn tags(&self, forum: ForumId, begin: &str, most: usize) -> Result<Vec<String>, Fault> {
        let (reader, search) = (self.store.reader(), &self.reading.search);
        if begin.is_empty() || search.cursor() < reader.last_seq()? {
            let tags = reader.tags_from(forum, begin, most)?;
            if begin.is_empty() || !tags.is_empty() {
                return Ok(tags);
            }
        }
        let tags = search.complete_tags(forum, begin, most.saturating_add(SPARE))?;
        let mut tags = reader.tags_in_use(forum, tags)?;
        tags.truncate(most);
        Ok(tags)
    }
}

/// A text as it is compared: case and white space folded.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
