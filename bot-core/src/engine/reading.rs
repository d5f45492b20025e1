//! What can be read beside a running process: search, counts, copies.

use std::path::Path;

use unicode_segmentation::UnicodeSegmentation;

use super::{Core, Fault};
use crate::card::covered_text;
use crate::forum::{
    Address, ForumId, Hit, HitAnswer, InTen, Page, Piece, PostId, QuestionView, Seq,
};
use crate::search::{Excerpts, Query, Recipe, Search, on_one_line};
use crate::store::{FoundQuestion, Listing, Reader, Totals};
use crate::text::Texts;

/// How many characters an excerpt has at most.
const EXCERPT: usize = 200;
/// How many similar questions are shown at most.
const SIMILAR: usize = 5;

/// Reads a store and its index; cheap to clone. All calls block.
#[derive(Clone)]
pub struct Reading {
    pub(super) store: Reader,
    pub(super) search: Search,
    pub(super) texts: Texts,
}

/// How questions are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankBy {
    /// As a search for the words.
    Words,
    /// As those that may have been asked before, with the probability that they answer.
    Certainty,
}

/// A question that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPost {
    /// Its address.
    pub address: Address,
    /// How well it fits, comparable within one search only; of a similar question, how likely it is an answer: 0 to 1.
    pub score: f32,
    /// What is shown of it.
    pub hit: Hit,
}

impl Reading {
    /// Opens a store and its index for reading, whether or not a process serves them.
    pub fn open(dir: &Path, language: &str) -> Result<Self, Fault> {
        let store = Reader::open(dir)?;
        let search = Search::open_beside(&dir.join(super::INDEX), store.clone())?;
        Ok(Self {
            store,
            search,
            texts: Texts::new(language),
        })
    }

    /// The same, ranking by another recipe: for measuring what each part of it does.
    #[must_use]
    pub fn ranking_by(self, recipe: Recipe) -> Self {
        Self {
            search: self.search.with(recipe),
            ..self
        }
    }

    /// The best questions of a forum for a query, best first; none where there is no such forum.
    pub fn search(
        &self,
        forum: &str,
        query: &str,
        limit: usize,
    ) -> Result<Option<Vec<FoundPost>>, Fault> {
        let Some(forum) = self.store.forum(forum)? else {
            return Ok(None);
        };
        let query = self.search.query(forum, query)?;
        let found = self.search.find(forum, &query, 0, limit)?;
        let query = query.as_found(&found);
        let wanted = found.hits.len();
        let posts = self.posts(&query, found.hits.into_iter())?;
        // What the index has and the store has not was taken back just now, or is lost.
        if posts.len() < wanted {
            self.store.expect_whole()?;
        }
        Ok(Some(posts))
    }

    /// The questions of a forum that may have been asked before, best first, with the probability that each answers `text`;
    /// none where the first is not certain enough, and those behind it only if they are half as certain.
    pub(super) fn similar(
        &self,
        forum: ForumId,
        text: &str,
        enough: InTen,
    ) -> Result<Vec<FoundPost>, Fault> {
        let found = self.search.similar(forum, text, SIMILAR)?;
        let worth = found
            .first()
            .is_some_and(|first| enough.is_met_by(first.certainty));
        let shown = found
            .into_iter()
            .filter(|found| worth && enough.is_half_met_by(found.certainty));
        let shown = shown.map(|found| (found.question, found.certainty));
        self.posts(&Query::plain(text), shown)
    }

    /// The questions of a forum that may have been asked before, best first; none where the first is not certain enough to be an
    /// answer. Nothing where there is no such forum.
    pub fn similar_in(
        &self,
        forum: &str,
        text: &str,
        enough: InTen,
    ) -> Result<Option<Vec<FoundPost>>, Fault> {
        match self.store.forum(forum)? {
            Some(forum) => self.similar(forum, text, enough).map(Some),
            None => Ok(None),
        }
    }

    /// The names of the best questions of a forum, best first, with how well they fit: each by the id that it has where it was
    /// imported from, else by its address. None where there is no such forum.
    pub fn rank(
        &self,
        forum: &str,
        text: &str,
        by: RankBy,
        most: usize,
    ) -> Result<Option<Vec<(String, f32)>>, Fault> {
        let Some(forum) = self.store.forum(forum)? else {
            return Ok(None);
        };
        let found: Vec<(PostId, f32)> = match by {
            RankBy::Words => {
                let query = self.search.query(forum, text)?;
                self.search.find(forum, &query, 0, most)?.hits
            }
            RankBy::Certainty => {
                let found = self.search.similar(forum, text, most)?.into_iter();
                found
                    .map(|found| (found.question, found.certainty))
                    .collect()
            }
        };
        let mut ranked = Vec::with_capacity(found.len());
        for (question, score) in found {
            let name = match self.store.key_of(question)? {
                Some(key) => Some(key),
                None => self
                    .store
                    .address(question)?
                    .map(|address| address.to_string()),
            };
            ranked.extend(name.map(|name| (name, score)));
        }
        Ok(Some(ranked))
    }

    fn posts(
        &self,
        query: &Query,
        found: impl Iterator<Item = (PostId, f32)>,
    ) -> Result<Vec<FoundPost>, Fault> {
        let (questions, scores): (Vec<PostId>, Vec<f32>) = found.unzip();
        let (hits, _) = self.hits(query, &questions)?;
        let posts = hits.into_iter().zip(scores).filter_map(|(hit, score)| {
            let hit = hit?;
            Some(FoundPost {
                address: hit.question.post.address,
                score,
                hit,
            })
        });
        Ok(posts.collect())
    }

    /// One page of what is found, the last where it is beyond it; and whether one on it has at least half of the words.
    pub(super) fn page(
        &self,
        forum: ForumId,
        said: &str,
        per_page: u32,
        number: u32,
    ) -> Result<(Page<Hit>, bool), Fault> {
        let most = usize::try_from(per_page).unwrap_or(usize::MAX);
        let query = self.search.query(forum, said)?;
        let skip = usize::try_from(number.saturating_sub(1))
            .unwrap_or(usize::MAX)
            .saturating_mul(most);
        let found = self.search.find(forum, &query, skip, most)?;
        let query = query.as_found(&found);
        let questions: Vec<PostId> = found.hits.iter().map(|(question, _)| *question).collect();
        let (hits, fits_well) = self.hits(&query, &questions)?;
        let items: Vec<Hit> = hits.into_iter().flatten().collect();
        // What was taken back just now is in the index still.
        let gone = questions.len().saturating_sub(items.len());
        let total = found.total.saturating_sub(gone) as u64;
        let counted = total.div_ceil(u64::from(per_page.max(1)));
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        if questions.is_empty() && (1..number).contains(&counted) {
            // Beyond the last page is the last.
            return self.page(forum, said, per_page, counted);
        }
        let pages = match found.more {
            true => counted.max(number.saturating_add(1)),
            false => counted,
        };
        let page = Page {
            items,
            number,
            pages,
            total,
            more: found.more,
        };
        Ok((page, fits_well))
    }

    /// One page of a forum's questions, as the store has them now; the last where it is beyond it.
    pub(super) fn list(
        &self,
        forum: ForumId,
        listing: &Listing,
    ) -> Result<Page<QuestionView>, Fault> {
        let page = match self.search.list(forum, listing)? {
            Some((page, total)) => {
                let shown = self.store.questions(&page)?;
                // What was taken back just now may be counted still.
                let gone = page.len().saturating_sub(shown.len()) as u64;
                listing.with(shown, total.saturating_sub(gone))
            }
            None => self.store.list(forum, listing)?,
        };
        if page.items.is_empty() && (1..page.number).contains(&page.pages) {
            // Beyond the last page is the last.
            let last = Listing {
                page: page.pages,
                ..listing.clone()
            };
            return self.list(forum, &last);
        }
        Ok(page)
    }

    /// What is shown of each of these questions: why it was found, and its accepted (else best) answer. None for one that is gone
    /// meanwhile.
    /// Also whether one of them, with the answer that is shown, has at least half of the words.
    fn hits(&self, query: &Query, questions: &[PostId]) -> Result<(Vec<Option<Hit>>, bool), Fault> {
        let mut excerpts = self.search.excerpts(query);
        let mut fits_well = false;
        let mut hits = Vec::with_capacity(questions.len());
        for found in self.store.found(questions)? {
            hits.push(found.and_then(|found| hit(&mut excerpts, found)));
            fits_well |= excerpts.fit_well();
        }
        Ok((hits, fits_well))
    }

    /// How much the store holds.
    pub fn totals(&self) -> Result<Totals, Fault> {
        Ok(self.store.totals()?)
    }

    /// How many questions are in the index.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.search.documents()
    }

    /// The change up to which the index was when it was opened.
    #[must_use]
    pub fn indexed(&self) -> Seq {
        self.search.cursor()
    }

    /// The forums' names.
    pub fn forums(&self) -> Result<Vec<String>, Fault> {
        Ok(self.store.forums()?)
    }

    /// What SQLite finds wrong with the file first, if anything.
    pub fn integrity(&self) -> Result<Option<String>, Fault> {
        Ok(self.store.integrity()?)
    }

    /// Writes a copy of the whole store to a file; the index is not in it, since it can be made from the store.
    pub fn backup(&self, to: &Path) -> Result<(), Fault> {
        Ok(self.store.backup(to)?)
    }
}

/// What is shown of a question that was found; none if it can't be seen.
fn hit(excerpts: &mut Excerpts<'_>, found: FoundQuestion) -> Option<Hit> {
    let FoundQuestion { question, answer } = found;
    if question.title.is_empty() {
        return None;
    }
    excerpts.begin(&question.title);
    let answer = answer.map(|answer| {
        let words = covered_text(&answer.post.body);
        let excerpt = excerpts.of(&words, EXCERPT);
        HitAnswer {
            id: answer.post.id,
            address: answer.post.address,
            author: answer.post.author,
            score: answer.post.score,
            accepted: answer.accepted,
            excerpt: match excerpt.is_empty() {
                true => beginning(&words),
                false => excerpt,
            },
        }
    });
    Some(Hit {
        excerpt: excerpts.of(&covered_text(&question.post.body), EXCERPT),
        question,
        answer,
    })
}

/// The beginning of a text in which no word was searched for.
fn beginning(plain_text: &str) -> Vec<Piece> {
    let words = on_one_line(plain_text);
    let mut text = match words.is_ascii() {
        true => words.get(..EXCERPT).unwrap_or(&words).to_owned(),
        false => words.graphemes(true).take(EXCERPT).collect(),
    };
    if text.len() < words.len() {
        text.push('…');
    }
    if text.is_empty() {
        Vec::new()
    } else {
        vec![Piece {
            text,
            marked: false,
        }]
    }
}

impl Core {
    /// What can be read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.inner.reading
    }
}
