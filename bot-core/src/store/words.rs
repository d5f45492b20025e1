//! Other people's words of which somebody is making a post: kept from the moment that they open the dialog until it is sent, a day at the
//! most, so that what the author said is known whatever comes back in the dialog.

use super::db::params;
use super::fault::Fault;
use super::tx::Tx;
use crate::forum::Timestamp;
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};

/// How long words are kept, in milliseconds: as long as a draft.
const KEPT: i64 = 24 * 60 * 60 * 1000;

impl Tx<'_> {
    /// Keeps what a message says for whom makes a post of it, and forgets what is older than a day.
    pub fn keep_words(
        &self,
        platform: Platform,
        (place, message): (&PlaceKey, &MessageKey),
        by: &PersonKey,
        text: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.run(
            "forgetting old words",
            "DELETE FROM words WHERE at < ?1",
            [now.0.saturating_sub(KEPT)],
        )?;
        self.run(
            "keeping words",
            "INSERT INTO words (platform, message, person, place, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (platform, message, person) DO UPDATE SET
                 place = excluded.place, text = excluded.text, at = excluded.at",
            params![platform.name(), message.0, by.0, place.0, text, now.0],
        )
        .map(drop)
    }

    /// What a message of this place said when this person began to make a post of it.
    pub fn kept_words(
        &self,
        platform: Platform,
        (place, message): (&PlaceKey, &MessageKey),
        by: &PersonKey,
        now: Timestamp,
    ) -> Result<Option<String>, Fault> {
        self.one(
            "reading words",
            "SELECT text FROM words WHERE platform = ?1 AND message = ?2 AND person = ?3 AND place = ?4 AND at >= ?5",
            params![
                platform.name(),
                message.0,
                by.0,
                place.0,
                now.0.saturating_sub(KEPT)
            ],
            |row| row.get(0),
        )
    }

    /// Forgets what a message said: it became a post, or is gone.
    pub fn forget_words(&self, platform: Platform, message: &MessageKey) -> Result<(), Fault> {
        self.run(
            "forgetting words",
            "DELETE FROM words WHERE platform = ?1 AND message = ?2",
            params![platform.name(), message.0],
        )
        .map(drop)
    }
}
