//! Posts with all that belongs to them.

use super::super::Fault;
use super::super::dump::{PostKind, PostRow};
use super::super::feed::ItemPosition;
use super::Import;
use super::aside::{Aside, PostAction, Who};
use super::revisions::{self, Story};
use crate::forum::one_line;
use crate::html;
use crate::store::record::{
    AccountRecord, Answer, Carried, Closed, Comment, Item, Moment, OriginRecord, Question,
};
use crate::store::{DELETED, IMPORTED, Scratch, SeenPost, Shelf};

/// Who is who.
#[derive(Clone, Copy)]
pub(super) struct People<'a> {
    pub scratch: &'a Scratch,
    /// What the keys of the source's accounts begin with.
    pub prefix: &'a str,
}

impl People<'_> {
    /// The account of somebody; one that is deleted keeps its name, if it had one.
    pub fn account(&self, who: &Who) -> Result<AccountRecord, Fault> {
        let name = who.name.as_deref().map(one_line).unwrap_or_default();
        let (platform, key, name) = match who.user {
            Some(user) => {
                let known = self.scratch.name(user)?.map(|name| one_line(&name));
                let named = [known, Some(name)].into_iter().flatten();
                let name = named.into_iter().find(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| format!("user{user}"));
                (IMPORTED, user.to_string(), name)
            }
            None => (DELETED, name.clone(), name),
        };
        Ok(AccountRecord {
            platform: platform.to_owned(),
            key: format!("{}{key}", self.prefix),
            name,
        })
    }
}

impl Import<'_> {
    /// Takes a row of the posts.
    pub(super) fn post(
        &mut self,
        row: PostRow,
        spot: &mut dyn FnMut() -> ItemPosition,
    ) -> Result<(), Fault> {
        let seen = match row.kind {
            PostKind::Question => SeenPost::Question,
            PostKind::Answer { .. } => SeenPost::Answer,
            PostKind::Other(_) => SeenPost::Other,
        };
        if !self.scratch.see(row.id.0, seen)? {
            self.twice(spot());
            return Ok(());
        }
        match row.kind {
            PostKind::Question => {
                let question = self.question(&row)?;
                if question.title.is_empty() {
                    self.feed
                        .report
                        .skip("posts", "its title is empty", || spot().which);
                    return Ok(());
                }
                self.feed.push(Item::Question(Box::new(question)), spot())
            }
            PostKind::Answer { to } => {
                let answer = self.answer(&row)?;
                if self.scratch.seen(to.0)?.is_none() {
                    // Its question may come yet, or have come with an earlier import.
                    let early = (to.0, spot().which, answer);
                    let bytes =
                        serde_json::to_vec(&early).expect("texts and numbers always serialise");
                    self.scratch.put(Shelf::Early, row.id.0, 0, &bytes)?;
                    return Ok(());
                }
                let item = Item::Answer {
                    to: to.0.to_string(),
                    answer: Box::new(answer),
                };
                self.feed.push(item, spot())
            }
            PostKind::Other(kind) => {
                self.feed.report.skip("posts", other(kind), || spot().which);
                Ok(())
            }
        }
    }

    /// Takes the answers that came before their questions.
    pub(super) fn early(&mut self) -> Result<(), Fault> {
        let mut after = (i64::MIN, i64::MIN);
        while let Some((post, nth, bytes)) = self.scratch.next(Shelf::Early, after)? {
            after = (post, nth);
            let (to, which, answer): (i64, String, Answer) =
                serde_json::from_slice(&bytes).expect("what was written is read");
            let item = Item::Answer {
                to: to.to_string(),
                answer: Box::new(answer),
            };
            self.feed.push(
                item,
                ItemPosition {
                    what: "posts",
                    which,
                },
            )?;
        }
        Ok(())
    }

    fn question(&mut self, row: &PostRow) -> Result<Question, Fault> {
        let common = self.common(row)?;
        let steps = self.steps(row)?;
        let people = self.people();
        let Story { edited, revisions } = revisions::story(&steps, &people, true)?;
        let comments = self.comments(row)?;
        let (why, others) = revisions::closing(&steps);
        let closed = row.closed_at.map(|at| Closed {
            at: Moment(at),
            why,
        });
        if closed.is_some() {
            for other in others {
                self.scratch.put(Shelf::Links, row.id.0, other, &[])?;
            }
        }
        Ok(Question {
            title: one_line(&row.title),
            tags: row.tags.clone(),
            edited,
            revisions,
            closed,
            accepts: row.accepted.map(|answer| answer.0.to_string()),
            comments,
            ..Question::of(common)
        })
    }

    fn answer(&mut self, row: &PostRow) -> Result<Answer, Fault> {
        let common = self.common(row)?;
        let steps = self.steps(row)?;
        let Story { edited, revisions } = revisions::story(&steps, &self.people(), false)?;
        Ok(Answer {
            edited,
            revisions,
            comments: self.comments(row)?,
            ..Answer::of(common)
        })
    }

    /// What questions and answers have in common.
    fn common(&self, row: &PostRow) -> Result<Comment, Fault> {
        let owner = Who::new(row.owner, row.owner_name.as_ref());
        let (ups, downs) = if self.votes_known {
            self.scratch.votes(row.id.0)?
        } else {
            let half = |score: i64| u32::try_from(score).unwrap_or(0);
            (half(row.score), half(row.score.saturating_neg()))
        };
        Ok(Comment {
            id: Some(row.id.0.to_string()),
            body: Some(html::markdown(&row.body, self.site.as_deref())),
            author: Some(self.people().account(&owner)?),
            at: Some(Moment(row.at)),
            carried: Carried { ups, downs },
            origin: self.origin(
                row.id.0.to_string(),
                row.licence
                    .as_ref()
                    .map(|licence| licence.name().to_owned()),
                row.community_owned_at.is_some(),
            ),
            ..Comment::default()
        })
    }

    fn origin(&self, id: String, licence: Option<String>, wiki: bool) -> Option<OriginRecord> {
        Some(OriginRecord {
            source: self.feed.source().to_owned(),
            id,
            site: None,
            licence,
            wiki,
        })
    }

    fn steps(&self, row: &PostRow) -> Result<Vec<PostAction>, Fault> {
        let steps = self.scratch.of(Shelf::History, row.id.0)?;
        Ok(steps
            .iter()
            .map(|(_, bytes)| PostAction::read(bytes))
            .collect())
    }

    /// The comments on a post.
    fn comments(&mut self, row: &PostRow) -> Result<Vec<Comment>, Fault> {
        let mut comments: Vec<Comment> = Vec::new();
        let mut last = None;
        for (id, bytes) in self.scratch.of(Shelf::Comments, row.id.0)? {
            if last.replace(id) == Some(id) {
                self.feed
                    .report
                    .skip("comments", "another before it has the same id", || {
                        format!("{} Id {id}", super::COMMENTS)
                    });
                continue;
            }
            let aside = Aside::read(&bytes);
            let key = format!("c{id}");
            comments.push(Comment {
                id: Some(key.clone()),
                body: Some(aside.text),
                author: Some(self.people().account(&aside.by)?),
                at: Some(Moment(crate::forum::Timestamp(aside.at))),
                carried: Carried {
                    ups: aside.ups,
                    downs: 0,
                },
                origin: self.origin(key, aside.licence, false),
                ..Comment::default()
            });
        }
        Ok(comments)
    }
}

/// What a post is that is not taken.
fn other(kind: i64) -> String {
    match kind {
        4 | 5 => "they describe tags".to_owned(),
        3 => "they are pages of the old wiki".to_owned(),
        6 => "they nominate somebody in an election".to_owned(),
        7 => "they are notices of the site’s moderators".to_owned(),
        8 => "they are placeholders of the site".to_owned(),
        other => format!("their PostTypeId is {other}"),
    }
}
