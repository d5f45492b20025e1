//! Which event made which text of a post, and taking one of the texts out again.

use super::db::{self, OptionalExtension, Row, params};
use super::fault::{During, Fault};
use super::rows;
use super::tx::Tx;
use crate::fingerprint;
use crate::forum::{
    Basis, Body, EditEvent, ForumId, IdentityId, PostId, Tags, Text, Title, folded,
};

/// A part of a text, which is changed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// A question's title.
    Title,
    /// The text itself.
    Body,
    /// A question's tags.
    Tags,
}

/// All of them.
const TEXT_PARTS: [TextPart; 3] = [TextPart::Title, TextPart::Body, TextPart::Tags];

impl TextPart {
    /// Its bit in the column that says what was changed elsewhere.
    const fn bit(self) -> i64 {
        match self {
            Self::Title => 1,
            Self::Body => 2,
            Self::Tags => 4,
        }
    }
}

/// One of the texts that a post had.
#[derive(Clone)]
struct PostVersion {
    /// Its number in the history.
    number: i64,
    title: Option<String>,
    body: String,
    /// With spaces between them.
    tags: String,
    author: i64,
    at: i64,
    reason: Option<String>,
    event: Option<String>,
    /// Which of its parts were changed elsewhere than in the message that the post was made from.
    elsewhere: i64,
}

fn version(row: &Row<'_>) -> db::Result<PostVersion> {
    Ok(PostVersion {
        number: row.get("number")?,
        title: row.get("title")?,
        body: row.get("body")?,
        tags: row.get("tags")?,
        author: row.get("author")?,
        at: row.get("at")?,
        reason: row.get("reason")?,
        event: row.get("event")?,
        elsewhere: row.get("elsewhere")?,
    })
}

impl Tx<'_> {
    /// Keeps which event made a post's present text.
    pub fn keep_event(&self, post: PostId, event: &str) -> Result<(), Fault> {
        self.run(
            "keeping what made a text",
            "UPDATE text SET event = ?2 WHERE post = ?1",
            params![post.0, event],
        )
        .map(drop)
    }

    /// Keeps of parts of a post's present text whether the message that the post was made from says them.
    pub fn keep_said(&self, post: PostId, parts: &[TextPart], said: bool) -> Result<(), Fault> {
        let bits = parts.iter().fold(0, |bits, part| bits | part.bit());
        self.run(
            "keeping what a message says",
            "UPDATE text SET elsewhere = (elsewhere & ~CAST(?2 AS BIGINT)) | ?3 WHERE post = ?1 AND elsewhere <> (elsewhere & ~CAST(?2 AS BIGINT)) | ?3",
            params![post.0, bits, if said { 0 } else { bits }],
        )
        .map(drop)
    }

    /// What the message that a post was made from says: of each part the latest that was not changed elsewhere.
    pub fn said_in_message(&self, post: PostId) -> Result<Basis, Fault> {
        let present = self.one(
            "reading what a message says",
            "SELECT elsewhere FROM text WHERE post = ?1",
            [post.0],
            |row| row.get::<_, i64>(0),
        )?;
        if present.is_none_or(|elsewhere| elsewhere == 0) {
            return Ok(Basis::Present);
        }
        let versions = self.versions(post)?.unwrap_or_default();
        let said = |part: TextPart| {
            let mut latest = versions.iter().rev();
            latest.find(|version| version.elsewhere & part.bit() == 0)
        };
        let parts = (
            said(TextPart::Title),
            said(TextPart::Body),
            said(TextPart::Tags),
        );
        let (Some(title), Some(body), Some(tags)) = parts else {
            return Ok(Basis::Gone);
        };
        let tags = tags.tags.split_whitespace().map(str::to_owned);
        Ok(Basis::Earlier(Text {
            title: title.title.clone().map(Title::kept),
            body: Body::kept(body.body.clone()),
            tags: Tags::kept(tags.collect()),
        }))
    }

    /// The text that an event made.
    pub fn made_by(&self, event: &str) -> Result<Option<EditEvent>, Fault> {
        self.one(
            "looking for what an event made",
            "SELECT made.post, made.author,
                 EXISTS (SELECT 1 FROM revision WHERE revision.post = made.post AND revision.number < made.number)
             FROM (SELECT post, author, revision AS number FROM text WHERE event = ?1
                   UNION ALL SELECT post, author, number FROM revision WHERE event = ?1) AS made LIMIT 1",
            [event],
            |row| {
                Ok(EditEvent {
                    post: PostId(row.get(0)?),
                    author: IdentityId(row.get(1)?),
                    event: event.to_owned(),
                    has_earlier: row.get(2)?,
                })
            },
        )
    }

    /// Takes a text that an event made out of a post's history. What later texts have of it unchanged is as it was before. Says
    /// whether there was such a text, and one before it.
    pub(super) fn remove_edit(&self, post: PostId, event: &str) -> Result<bool, Fault> {
        let Some(mut versions) = self.versions(post)? else {
            return Ok(false);
        };
        let made = |version: &PostVersion| version.event.as_deref() == Some(event);
        let Some(at) = versions.iter().position(made).filter(|at| *at > 0) else {
            return Ok(false);
        };
        let removed = versions.remove(at);
        let was_present = at == versions.len();
        let (earlier, later) = versions.split_at_mut(at);
        let Some(before) = earlier.last() else {
            return Ok(false);
        };
        for part in TEXT_PARTS {
            restore(later, part, &removed, before);
        }
        let present = versions.pop().unwrap_or_else(|| removed.clone());
        // Its number was the present one: whoever still edits what they saw then must not be taken to have seen this.
        let number = if was_present {
            removed.number + 1
        } else {
            present.number
        };
        self.write_versions(post, &versions)?;
        self.write_present(post, &PostVersion { number, ..present })?;
        Ok(true)
    }

    /// All texts of a post, oldest first, the present one last; none where it has none.
    fn versions(&self, post: PostId) -> Result<Option<Vec<PostVersion>>, Fault> {
        let tags = rows::tags(self.conn, post).during("reading tags")?;
        let read = || -> db::Result<Option<Vec<PostVersion>>> {
            let mut versions = self
                .sql(
                    "SELECT number, title, body, tags, author, at, reason, event, elsewhere FROM revision
                     WHERE post = ?1 ORDER BY number",
                )?
                .query_map([post.0], version)?
                .collect::<db::Result<Vec<_>>>()?;
            let present = self
                .sql(
                    "SELECT revision AS number, title, body, '' AS tags, author, at, reason, event, elsewhere FROM text
                     WHERE post = ?1",
                )?
                .query_row([post.0], version)
                .optional()?;
            Ok(present.map(|present| {
                versions.push(PostVersion {
                    tags: tags.join(" "),
                    ..present
                });
                versions
            }))
        };
        read().during("reading a history")
    }

    fn write_versions(&self, post: PostId, versions: &[PostVersion]) -> Result<(), Fault> {
        self.run(
            "removing an edit",
            "DELETE FROM revision WHERE post = ?1",
            [post.0],
        )?;
        for version in versions {
            self.run(
                "removing an edit",
                "INSERT INTO revision (post, number, title, body, tags, author, at, reason, event, elsewhere)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    post.0,
                    version.number,
                    version.title,
                    version.body,
                    version.tags,
                    version.author,
                    version.at,
                    version.reason,
                    version.event,
                    version.elsewhere
                ],
            )?;
        }
        Ok(())
    }

    fn write_present(&self, post: PostId, text: &PostVersion) -> Result<(), Fault> {
        let title = text.title.as_deref();
        let body = Body::kept(text.body.clone());
        let same =
            title.map(|title| fingerprint::of_text(&folded(&Title::kept(title.to_owned()), &body)));
        self.run(
            "removing an edit",
            "UPDATE text SET title = ?2, body = ?3, revision = ?4, author = ?5, at = ?6, reason = ?7, event = ?8, same = ?9, elsewhere = ?10
             WHERE post = ?1",
            params![
                post.0,
                title,
                text.body,
                text.number,
                text.author,
                text.at,
                text.reason,
                text.event,
                same,
                text.elsewhere
            ],
        )?;
        if title.is_none() {
            return Ok(());
        }
        let forum = self.one(
            "reading a post's forum",
            "SELECT forum FROM post WHERE id = ?1",
            [post.0],
            |row| row.get(0),
        )?;
        let tags: Vec<String> = text.tags.split_whitespace().map(str::to_owned).collect();
        self.set_tags(ForumId(forum.unwrap_or(0)), post, &tags)
    }
}

/// Gives what later texts took over of a part of the removed one, as far as they did, what was there before it.
fn restore(later: &mut [PostVersion], part: TextPart, removed: &PostVersion, before: &PostVersion) {
    let bit = part.bit();
    for version in later {
        match part {
            TextPart::Title if version.title == removed.title => {
                version.title.clone_from(&before.title);
            }
            TextPart::Body if version.body == removed.body => {
                version.body.clone_from(&before.body);
            }
            TextPart::Tags if version.tags == removed.tags => {
                version.tags.clone_from(&before.tags);
            }
            TextPart::Title | TextPart::Body | TextPart::Tags => return,
        }
        version.elsewhere = (version.elsewhere & !bit) | (before.elsewhere & bit);
    }
}
