//! What people wrote and were refused, kept for a while so that they can correct it. Each has an owner and an end.

use super::db::{self, OptionalExtension, Row, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{PostId, Timestamp};
use crate::platform::{PersonKey, PlaceKey, Platform};

/// Whose a draft is, and what it was to become: there is one of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftKey {
    /// Where its owner is.
    pub platform: Platform,
    /// Its owner.
    pub person: PersonKey,
    /// The place in which they wrote it.
    pub place: PlaceKey,
    /// What it was to become, in the adapter's own words.
    pub about: String,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Its name: the same on no other.
    pub id: String,
    /// Whose it is, and what it was to become.
    pub key: DraftKey,
    /// What they wrote, in the adapter's own words.
    pub filled: String,
    /// The post whose text it was to be, if it was to be one's.
    pub post: Option<PostId>,
    /// When it is deleted.
    pub until: Timestamp,
}

impl Tx<'_> {
    /// Keeps a draft in the place of the one before. The oldest of its owner's go where they have more than `most`.
    pub fn keep_draft(&self, draft: &DraftRow, most: u32) -> Result<(), Fault> {
        let DraftRow {
            id,
            key,
            filled,
            post,
            until,
        } = draft;
        self.drop_draft(key)?;
        let (platform, person) = (key.platform.name(), &key.person.0);
        self.run(
            "keeping a draft",
            "INSERT INTO draft (id, platform, person, place, about, filled, post, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id,
                platform,
                person,
                key.place.0,
                key.about,
                filled,
                post.map(|post| post.0),
                until.0
            ],
        )?;
        self.run(
            "dropping somebody's oldest drafts",
            "DELETE FROM draft WHERE platform = ?1 AND person = ?2 AND until < (
                 SELECT until FROM draft WHERE platform = ?1 AND person = ?2
                 ORDER BY until DESC LIMIT 1 OFFSET ?3)",
            params![platform, person, most.saturating_sub(1)],
        )
        .map(drop)
    }

    /// Deletes a draft: it has become what it was to become.
    pub fn drop_draft(&self, key: &DraftKey) -> Result<(), Fault> {
        self.run(
            "dropping a draft",
            "DELETE FROM draft WHERE platform = ?1 AND person = ?2 AND place = ?3 AND about = ?4",
            params![key.platform.name(), key.person.0, key.place.0, key.about],
        )
        .map(drop)
    }

    /// Deletes the drafts whose time has come.
    pub fn drop_drafts(&self, now: Timestamp) -> Result<(), Fault> {
        self.run(
            "dropping old drafts",
            "DELETE FROM draft WHERE until <= ?1",
            [now.0],
        )
        .map(drop)
    }
}

impl Reader {
    /// What its owner wrote under this name, and what it was to become; none where it is somebody else's or of another place, or
    /// its time has come.
    pub fn draft(
        &self,
        platform: Platform,
        (person, place): (&PersonKey, &PlaceKey),
        id: &str,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT about, filled FROM draft
                 WHERE id = ?1 AND platform = ?2 AND person = ?3 AND place = ?4 AND until > ?5",
            )?
            .query_row(
                params![id, platform.name(), person.0, place.0, now.0],
                written,
            )
            .optional()
        })
        .during("reading a draft")
    }

    /// What somebody wrote that was to become this.
    pub fn draft_about(&self, key: &DraftKey, now: Timestamp) -> Result<Option<String>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT about, filled FROM draft
                 WHERE platform = ?1 AND person = ?2 AND place = ?3 AND about = ?4 AND until > ?5",
            )?
            .query_row(
                params![
                    key.platform.name(),
                    key.person.0,
                    key.place.0,
                    key.about,
                    now.0
                ],
                written,
            )
            .optional()
        })
        .during("reading a draft")
        .map(|draft| draft.map(|(_, filled)| filled))
    }
}

fn written(row: &Row<'_>) -> db::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}
