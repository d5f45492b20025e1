//! Places of which a forum's other readers can't view some: which places share a forum, and what was said of them.

use super::db::{OptionalExtension, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{ForumId, PlaceId};
use crate::platform::{PlaceKey, Platform};

/// What was said of a place that is narrower than another of its forum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Narrowness {
    /// Nothing.
    #[default]
    Unsaid,
    /// Whoever manages it was warned.
    Warned,
    /// Its admin was told what it means, and agreed.
    Agreed,
}

impl Narrowness {
    fn column(self) -> i64 {
        match self {
            Self::Unsaid => 0,
            Self::Warned => 1,
            Self::Agreed => 2,
        }
    }

    fn read(column: i64) -> Self {
        match column {
            1 => Self::Warned,
            2 => Self::Agreed,
            _ => Self::Unsaid,
        }
    }
}

/// A place that several people share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPlace {
    /// The platform's name for it.
    pub key: PlaceKey,
    /// The forum that it belongs to.
    pub forum: ForumId,
    /// The name of the forum that it belongs to when all that joined have left.
    pub home: String,
    /// Whether the bot can speak there.
    pub open: bool,
    /// What was said of it.
    pub narrowness: Narrowness,
}

impl Tx<'_> {
    /// Keeps what was said of a place.
    pub fn set_narrowness(
        &self,
        platform: Platform,
        key: &PlaceKey,
        said: Narrowness,
    ) -> Result<(), Fault> {
        self.run(
            "keeping what was said of a place",
            "UPDATE place SET narrower = ?3 WHERE platform = ?1 AND key = ?2 AND narrower <> ?3",
            params![platform.name(), key.0, said.column()],
        )
        .map(drop)
    }

    /// Says which forum a place belongs to when all that joined have left.
    pub fn set_own_forum(&self, place: PlaceId, home: ForumId) -> Result<(), Fault> {
        self.run(
            "keeping a place's own forum",
            "UPDATE place SET home = CASE WHEN forum = ?2 THEN NULL ELSE ?2 END WHERE id = ?1",
            params![place.0, home.0],
        )
        .map(drop)
    }
}

/// A place with its forum, by platform and key.
const SHARED: &str = "SELECT place.forum, forum.name, place.open, place.narrower FROM place
     JOIN forum ON forum.id = coalesce(place.home, place.forum)
     WHERE place.platform = ?1 AND place.key = ?2 AND place.direct = 0 AND place.successor IS NULL";

impl Reader {
    /// Those of these places that are known and belong to a forum, in the same order.
    pub fn shared_places(
        &self,
        platform: Platform,
        keys: &[PlaceKey],
    ) -> Result<Vec<SharedPlace>, Fault> {
        self.with(|conn| {
            let mut found = Vec::new();
            let mut shared = conn.prepare_cached(SHARED)?;
            for key in keys {
                let place = shared.query_row(params![platform.name(), key.0], |row| {
                    Ok(SharedPlace {
                        key: key.clone(),
                        forum: ForumId(row.get(0)?),
                        home: row.get(1)?,
                        open: row.get(2)?,
                        narrowness: Narrowness::read(row.get(3)?),
                    })
                });
                found.extend(place.optional()?);
            }
            Ok(found)
        })
        .during("reading which places share a forum")
    }

    /// Whether nothing was ever asked in the forum of this name.
    pub fn is_unused(&self, forum: &str) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT questions = 0 FROM forum WHERE name = ?1")?
                .query_row([forum], |row| row.get(0))
                .optional()
        })
        .during("looking whether a forum is empty")
        .map(|unused| unused.unwrap_or(true))
    }
}
