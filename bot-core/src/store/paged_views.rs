//! What people asked to see, kept for a while so that they can turn its pages. Each has an owner and an end.

use super::db::{OptionalExtension, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::Timestamp;
use crate::platform::{PersonKey, Platform};

/// A view that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagedView {
    /// Its name: the same on no other.
    pub id: String,
    /// Where its owner is.
    pub platform: Platform,
    /// Its owner.
    pub person: PersonKey,
    /// What was asked, in the adapter's own words.
    pub asked: String,
    /// When it is deleted.
    pub until: Timestamp,
}

impl Tx<'_> {
    /// Keeps a view. The oldest of its owner's go where they have more than `most`.
    pub fn keep_paged_view(&self, view: &PagedView, most: u32) -> Result<(), Fault> {
        let platform = view.platform.name();
        self.run(
            "keeping a view",
            "INSERT INTO paged_view (id, platform, person, asked, until) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![view.id, platform, view.person.0, view.asked, view.until.0],
        )?;
        self.run(
            "dropping somebody's oldest views",
            "DELETE FROM paged_view WHERE platform = ?1 AND person = ?2 AND until < (
                 SELECT until FROM paged_view WHERE platform = ?1 AND person = ?2
                 ORDER BY until DESC LIMIT 1 OFFSET ?3)",
            params![platform, view.person.0, most.saturating_sub(1)],
        )
        .map(drop)
    }

    /// Deletes the views whose time has come.
    pub fn drop_paged_views(&self, now: Timestamp) -> Result<(), Fault> {
        self.run(
            "dropping old views",
            "DELETE FROM paged_view WHERE until <= ?1",
            [now.0],
        )
        .map(drop)
    }
}

impl Reader {
    /// What its owner asked for under this name; none where it is somebody else's, or its time has come.
    pub fn paged_view(
        &self,
        platform: Platform,
        person: &PersonKey,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<String>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT asked FROM paged_view WHERE id = ?1 AND platform = ?2 AND person = ?3 AND until > ?4",
            )?
            .query_row(params![id, platform.name(), person.0, now.0], |row| row.get(0))
            .optional()
        })
        .during("reading a view")
    }
}
