//! Which event made which text of a post, and taking one of the texts out again.

use rusqlite::{OptionalExtension, Row, params};

use super::fault::{During, Fault};
use super::rows;
use super::tx::Tx;
use crate::fingerprint;
use crate::forum::{Body, EditEvent, ForumId, IdentityId, PostId, Title, folded};

/// One of the texts that a post had.
#[derive(Clone)]
struct Version {
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
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        number: row.get("number")?,
        title: row.get("title")?,
        body: row.get("body")?,
        tags: row.get("tags")?,
        author: row.get("author")?,
        at: row.get("at")?,
        reason: row.get("reason")?,
        event: row.get("event")?,
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
        let made = |version: &Version| version.event.as_deref() == Some(event);
        let Some(at) = versions.iter().position(made).filter(|at| *at > 0) else {
            return Ok(false);
        };
        let removed = versions.remove(at);
        let was_present = at == versions.len();
        let (earlier, later) = versions.split_at_mut(at);
        let Some(before) = earlier.last() else {
            return Ok(false);
        };
        restore(
            later,
            |version| &mut version.body,
            &removed.body,
            &before.body,
        );
        restore(
            later,
            |version| &mut version.title,
            &removed.title,
            &before.title,
        );
        restore(
            later,
            |version| &mut version.tags,
            &removed.tags,
            &before.tags,
        );
        let present = versions.pop().unwrap_or_else(|| removed.clone());
        // Its number was the present one: whoever still edits what they saw then must not be taken to have seen this.
        let number = if was_present {
            removed.number + 1
        } else {
            present.number
        };
        self.write_versions(post, &versions)?;
        self.write_present(post, &Version { number, ..present })?;
        Ok(true)
    }

    /// All texts of a post, oldest first, the present one last; none where it has none.
    fn versions(&self, post: PostId) -> Result<Option<Vec<Version>>, Fault> {
        let tags = rows::tags(self.conn, post).during("reading tags")?;
        let read = || -> rusqlite::Result<Option<Vec<Version>>> {
            let mut versions = self
                .sql(
                    "SELECT number, title, body, tags, author, at, reason, event FROM revision
                     WHERE post = ?1 ORDER BY number",
                )?
                .query_map([post.0], version)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let present = self
                .sql(
                    "SELECT revision AS number, title, body, '' AS tags, author, at, reason, event FROM text WHERE post = ?1",
                )?
                .query_row([post.0], version)
                .optional()?;
            Ok(present.map(|present| {
                versions.push(Version {
                    tags: tags.join(" "),
                    ..present
                });
                versions
            }))
        };
        read().during("reading a history")
    }

    fn write_versions(&self, post: PostId, versions: &[Version]) -> Result<(), Fault> {
        self.run(
            "removing an edit",
            "DELETE FROM revision WHERE post = ?1",
            [post.0],
        )?;
        for version in versions {
            self.run(
                "removing an edit",
                "INSERT INTO revision (post, number, title, body, tags, author, at, reason, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    post.0,
                    version.number,
                    version.title,
                    version.body,
                    version.tags,
                    version.author,
                    version.at,
                    version.reason,
                    version.event
                ],
            )?;
        }
        Ok(())
    }

    fn write_present(&self, post: PostId, text: &Version) -> Result<(), Fault> {
        let title = text.title.as_deref();
        let body = Body::kept(text.body.clone());
        let same =
            title.map(|title| fingerprint::of_text(&folded(&Title::kept(title.to_owned()), &body)));
        self.run(
            "removing an edit",
            "UPDATE text SET title = ?2, body = ?3, revision = ?4, author = ?5, at = ?6, reason = ?7, event = ?8, same = ?9
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
                same
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

/// Gives what later texts took over from the removed one, as far as they did, what was there before it.
fn restore<T: Clone + PartialEq>(
    later: &mut [Version],
    part: impl Fn(&mut Version) -> &mut T,
    removed: &T,
    before: &T,
) {
    for version in later {
        let part = part(version);
        if part != removed {
            return;
        }
        part.clone_from(before);
    }
}
