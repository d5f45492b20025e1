//! What is to be sent and what is stale: the work list of each platform, and how its results are kept.

use super::change_log::Entry;
use super::changes::last_seq;
use super::counters::{Counter, GIVEN};
use super::db::{self, CachedStatement, Connection, OptionalExtension, column, params};
use super::fault::{During, Fault};
use super::lookups::next_withdrawal;
use super::reader::Reader;
use super::rows;
use super::text_copies::{CARD_KEY, TextCopy, ThreadName, text_copies, thread_names};
use super::tx::Tx;
use crate::forum::{Condition, OutboxId, PlaceId, PostId, Seq, SurfaceId, Timestamp};
use crate::platform::{MessageKey, PlaceKey, Platform, SendKey};

/// The newest change of a surface's question after the change ?3, if there is one.
const CHANGED_SINCE: &str =
    "(SELECT max(change_log.seq) FROM change_log JOIN post ON post.id = surface.post
    WHERE change_log.seq > ?3 AND change_log.question = post.question)";

/// A card that is to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The row.
    pub id: OutboxId,
    /// Where.
    pub place: PlaceId,
    /// The platform's name for the place.
    pub place_key: PlaceKey,
    /// Which post it shows.
    pub post: PostId,
    /// The message's name.
    pub key: SendKey,
    /// How often it was tried before.
    pub attempts: u32,
    /// Not before.
    pub next_at: Timestamp,
}

/// A card that is not true any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The surface.
    pub surface: SurfaceId,
    /// Where.
    pub place: PlaceId,
    /// The platform's name for the place.
    pub place_key: PlaceKey,
    /// The message.
    pub message: MessageKey,
    /// Which post it shows.
    pub post: PostId,
    /// Whether that post can be seen.
    pub condition: Condition,
    /// The change since which it is stale.
    pub since: Seq,
    /// A hash of what it shows; none where that is not known.
    pub shown: Option<i64>,
    /// Whether it or an edit of it held text that must not be read any more.
    pub tainted: bool,
}

impl Stale {
    /// What decides how long the card may wait: one whose text is to go is as urgent as that of a withdrawn post.
    #[must_use]
    pub fn urgency(&self) -> Condition {
        match self.tainted {
            true => Condition::Withdrawn,
            false => self.condition,
        }
    }
}

/// What is to be done on a platform, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The newest change.
    pub newest: Seq,
    /// The first card to be posted in each place.
    pub due: Vec<Due>,
    /// The messages that are to be taken away or looked for.
    pub copies: Vec<TextCopy>,
    /// The threads whose names may not be true.
    pub names: Vec<ThreadName>,
    /// The first cards of each place that are not true any more, as [`Reader::stale`] gives them.
    pub stale: Vec<Stale>,
    /// When the next hidden post is to be withdrawn, or what waits for somebody's word forgotten, on whichever platform.
    pub withdrawal: Option<Timestamp>,
}

impl Reader {
    /// What is to be done on a platform: of each place so many stale cards, and of everything `most` at most.
    pub fn undone(&self, platform: Platform, each: u32, most: u32) -> Result<Undone, Fault> {
        self.with(|conn| {
            Ok(Undone {
                newest: last_seq(conn)?,
                due: due(conn, platform)?,
                copies: text_copies(conn, platform, most)?,
                names: thread_names(conn, platform, most)?,
                stale: stale(conn, platform, (0, each), most)?,
                withdrawal: next_withdrawal(conn)?,
            })
        })
        .during("reading what is to be done")
    }

    /// The first card to be posted in each open place of a platform, in the order of their rows; a place's cards go out
    /// in order, so only its first counts.
    pub fn due(&self, platform: Platform) -> Result<Vec<Due>, Fault> {
        self.with(|conn| due(conn, platform))
            .during("reading the outbox")
    }

    /// Cards of a platform that are not true any more: of each place those from the `from`th on that have been stale longest, `each`
    /// of them, first those of all places that are first there.
    pub fn stale(
        &self,
        platform: Platform,
        (from, each): (u32, u32),
        most: u32,
    ) -> Result<Vec<Stale>, Fault> {
        self.with(|conn| stale(conn, platform, (from, each), most))
            .during("reading stale cards")
    }
}

/// Reads a place's next [`Due`].
const NEXT_DUE: &str = "SELECT outbox.id, outbox.place, place.key, outbox.post, outbox.key, outbox.attempts, outbox.next_at
    FROM place CROSS JOIN outbox ON outbox.place = place.id
    WHERE place.id = ?1 AND place.platform = ?2 AND place.open = 1 AND place.successor IS NULL
    ORDER BY outbox.id LIMIT 1";

fn due(conn: &Connection, platform: Platform) -> db::Result<Vec<Due>> {
    let places = conn.prepare_cached("SELECT min(place) FROM outbox WHERE place > ?1")?;
    let places = all_places(places)?;
    let mut due = Vec::new();
    for place in places {
        let first = conn
            .prepare_cached(NEXT_DUE)?
            .query_row(params![place.0, platform.name()], |row| {
                Ok(Due {
                    id: OutboxId(row.get(column!(NEXT_DUE, "outbox.id"))?),
                    place: PlaceId(row.get(column!(NEXT_DUE, "outbox.place"))?),
                    place_key: PlaceKey(row.get(column!(NEXT_DUE, "place.key"))?),
                    post: PostId(row.get(column!(NEXT_DUE, "outbox.post"))?),
                    key: SendKey(row.get(column!(NEXT_DUE, "outbox.key"))?),
                    attempts: row.get(column!(NEXT_DUE, "outbox.attempts"))?,
                    next_at: Timestamp(row.get(column!(NEXT_DUE, "outbox.next_at"))?),
                })
            })
            .optional()?;
        due.extend(first);
    }
    due.sort_by_key(|due| due.id);
    Ok(due)
}

/// Reads a place's [`Stale`] cards.
const STALE: &str = "SELECT surface.id, surface.place, place.key, surface.message, surface.post, surface.stale, surface.shown,
    post.withdrawn_at IS NOT NULL AS withdrawn, post.hidden_as, post.withdraw_at, surface.tainted
    FROM place CROSS JOIN surface ON surface.place = place.id AND surface.stale IS NOT NULL
    CROSS JOIN post ON post.id = surface.post
    WHERE place.id = ?1 AND place.platform = ?2 AND place.open = 1
    ORDER BY surface.stale, surface.id LIMIT ?3 OFFSET ?4";

fn stale(
    conn: &Connection,
    platform: Platform,
    (from, each): (u32, u32),
    most: u32,
) -> db::Result<Vec<Stale>> {
    let places = conn
        .prepare_cached("SELECT min(place) FROM surface WHERE stale IS NOT NULL AND place > ?1")?;
    let mut stale: Vec<(usize, Stale)> = Vec::new();
    for place in all_places(places)? {
        let mut statement = conn.prepare_cached(STALE)?;
        let cards = statement.query_map(params![place.0, platform.name(), each, from], |row| {
            Ok(Stale {
                surface: SurfaceId(row.get(column!(STALE, "surface.id"))?),
                place: PlaceId(row.get(column!(STALE, "surface.place"))?),
                place_key: PlaceKey(row.get(column!(STALE, "place.key"))?),
                message: MessageKey(row.get(column!(STALE, "surface.message"))?),
                post: PostId(row.get(column!(STALE, "surface.post"))?),
                since: Seq(row.get(column!(STALE, "surface.stale"))?),
                shown: row.get(column!(STALE, "surface.shown"))?,
                condition: rows::condition(
                    row.get(column!(STALE, "withdrawn"))?,
                    row.get(column!(STALE, "post.hidden_as"))?,
                    row.get(column!(STALE, "post.withdraw_at"))?,
                ),
                tainted: row.get(column!(STALE, "surface.tainted"))?,
            })
        })?;
        for (nth, card) in cards.enumerate() {
            stale.push((nth, card?));
        }
    }
    stale.sort_by_key(|(nth, card)| (*nth, card.since, card.surface));
    stale.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(stale.into_iter().map(|(_, card)| card).collect())
}

/// The places that a statement gives, which gives the next behind ?1.
fn all_places(mut next: CachedStatement<'_>) -> db::Result<Vec<PlaceId>> {
    let mut places: Vec<PlaceId> = Vec::new();
    while let Some(place) = next.query_row([places.last().map_or(0, |last| last.0)], |row| {
        row.get::<_, Option<i64>>(0)
    })? {
        places.push(PlaceId(place));
    }
    Ok(places)
}

impl Tx<'_> {
    /// Puts a card of a post into a place's outbox, unless one is there, on its way, or was taken away there.
    pub fn queue_card(&self, place: PlaceId, post: PostId) -> Result<(), Fault> {
        self.run(
            "filling the outbox",
            &format!(
                "INSERT INTO outbox (id, place, post, key) SELECT ?3, place.id, post.id, {CARD_KEY} FROM place JOIN post ON post.id = ?2
                 WHERE place.id = ?1 AND place.open = 1 AND place.successor IS NULL AND place.direct = 0
                 AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.place = ?1 AND surface.post = ?2 AND surface.kind <> 1)
                 ON CONFLICT DO NOTHING"
            ),
            params![place.0, post.0, self.next_id(Counter::Outbox)?],
        )
        .map(drop)
    }

    /// Gives what was to be posted in one place to another.
    pub fn move_outbox(&self, from: PlaceId, to: PlaceId) -> Result<(), Fault> {
        self.run(
            "moving an outbox",
            &format!(
                "INSERT INTO outbox (id, place, post, key)
                 SELECT {GIVEN} + row_number() OVER (ORDER BY outbox.id), place.id, post.id, {CARD_KEY}
                 FROM outbox JOIN post ON post.id = outbox.post JOIN place ON place.id = ?2
                 WHERE outbox.place = ?1
                 ON CONFLICT DO NOTHING"
            ),
            params![from.0, to.0],
        )?;
        self.count_outbox()?;
        self.run(
            "moving an outbox",
            "DELETE FROM outbox WHERE place = ?1",
            [from.0],
        )
        .map(drop)
    }

    /// Commits that a card is about to be tried, so that a crash in between is known; gives false where the row is gone.
    pub fn attempt(&self, id: OutboxId) -> Result<bool, Fault> {
        self.run(
            "beginning an attempt",
            "UPDATE outbox SET attempts = attempts + 1 WHERE id = ?1",
            [id.0],
        )
        .map(|rows| rows > 0)
    }

    /// Keeps that a card could not be posted now.
    pub fn put_off(&self, id: OutboxId, until: Timestamp) -> Result<(), Fault> {
        self.run(
            "putting a card off",
            "UPDATE outbox SET next_at = ?2 WHERE id = ?1",
            params![id.0, until.0],
        )
        .map(drop)
    }

    /// Keeps that a card could not be posted now, and lets the others of its place go first.
    pub fn put_last(&self, id: OutboxId, until: Timestamp) -> Result<(), Fault> {
        self.run(
            "putting a card off",
            "UPDATE outbox SET id = ?3, next_at = ?2 WHERE id = ?1",
            params![id.0, until.0, self.next_id(Counter::Outbox)?],
        )
        .map(drop)
    }

    /// Has what waits to be posted in a place tried at once: the bot may do more there.
    pub fn try_now(&self, place: PlaceId) -> Result<(), Fault> {
        self.run(
            "trying what waits",
            "UPDATE outbox SET next_at = 0 WHERE place = ?1 AND next_at > 0",
            [place.0],
        )
        .map(drop)
    }

    /// Drops a card that will never be posted.
    pub fn give_up(&self, id: OutboxId) -> Result<(), Fault> {
        self.run(
            "dropping a card",
            "DELETE FROM outbox WHERE id = ?1",
            [id.0],
        )
        .map(drop)
    }

    /// Whether a card of this name is to be posted in a place.
    pub fn is_due_in(
        &self,
        platform: Platform,
        place: &PlaceKey,
        key: &SendKey,
    ) -> Result<bool, Fault> {
        self.one(
            "reading the outbox",
            "SELECT place.platform = ?2 AND place.key = ?3 FROM outbox JOIN place ON place.id = outbox.place WHERE outbox.key = ?1",
            params![key.0, platform.name(), place.0],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// Keeps that a card was posted: by its key, so that it can be told by whoever sees it first, and again.
    /// `shown` is a hash of what it shows, and the change at which that was true; without it, it is looked at once more.
    pub fn posted(
        &self,
        key: &SendKey,
        message: &MessageKey,
        shown: Option<(i64, Seq)>,
    ) -> Result<(), Fault> {
        let row = self.one(
            "reading the outbox",
            "DELETE FROM outbox WHERE key = ?1 RETURNING place, post",
            [&key.0],
            |row| Ok((PlaceId(row.get(0)?), row.get::<_, i64>(1)?)),
        )?;
        if let Some((place, post)) = row {
            self.run(
                "keeping a card",
                // What it shows may have been hidden, withdrawn or given another title while it was on its way.
                "INSERT INTO surface (id, place, message, post, kind, stale, tainted)
                 SELECT ?4, ?1, ?2, ?3, 0, (SELECT max(seq) FROM change_log),
                     CASE WHEN hidden_at IS NOT NULL OR withdrawn_at IS NOT NULL THEN 1 ELSE 0 END
                 FROM post WHERE id = ?3 ON CONFLICT DO NOTHING",
                params![place.0, message.0, post, self.next_id(Counter::Surface)?],
            )?;
            self.name_doubtful_thread(place, message)?;
        }
        if let Some((hash, seq)) = shown {
            // It may have been seen before, when what it shows was not known.
            self.run(
                "keeping what a card shows",
                &format!(
                    "UPDATE surface SET shown = ?2, stale = {CHANGED_SINCE},
                         tainted = CASE WHEN EXISTS (SELECT 1 FROM change_log WHERE seq > ?3 AND post = surface.post
                                                     AND what IN ('hidden', 'withdrawn', ?4)) THEN 1 ELSE 0 END
                     WHERE message = ?1 AND kind = 0 AND shown IS NULL"
                ),
                params![message.0, hash, seq.0, Entry::TextRemoved.name()],
            )?;
        }
        Ok(())
    }

    /// Keeps what a card shows, as it was true at the change `seen`: it is stale only if its question changed after that.
    pub fn refreshed(&self, surface: SurfaceId, seen: Seq, shown: i64) -> Result<(), Fault> {
        self.run(
            "keeping what a card shows",
            &format!(
                "UPDATE surface SET shown = ?2, stale = {CHANGED_SINCE},
                     tainted = CASE WHEN {CHANGED_SINCE} IS NULL THEN 0 ELSE tainted END WHERE id = ?1"
            ),
            params![surface.0, shown, seen.0],
        )
        .map(drop)
    }

    /// Whether an edit of a card was made is not known: nobody knows what it shows.
    pub fn doubted(&self, surface: SurfaceId) -> Result<(), Fault> {
        self.run(
            "noting that a card may have been edited",
            "UPDATE surface SET shown = NULL WHERE id = ?1",
            [surface.0],
        )
        .map(drop)
    }

    /// Forgets a card that is gone for good.
    pub fn forget(&self, surface: SurfaceId) -> Result<(), Fault> {
        self.run(
            "forgetting a card",
            "DELETE FROM surface WHERE id = ?1",
            [surface.0],
        )
        .map(drop)
    }
}

#[cfg(test)]
impl Tx<'_> {
    /// Makes what is kept of every posted card's content another number, as one that an older version made of the same.
    pub fn number_contents_otherwise(&self) -> Result<(), Fault> {
        self.run(
            "changing what is kept of cards, for a test",
            "UPDATE surface SET shown = shown + 1",
            [],
        )
        .map(drop)
    }

    /// Puts every posted card back into the outbox as attempted: as after a crash between sending and keeping it.
    pub fn undo_posting_for_test(&self) -> Result<bool, Fault> {
        let rows = self.run(
            "undoing a posting",
            &format!(
                "INSERT INTO outbox (id, place, post, key, attempts)
                 SELECT {GIVEN} + row_number() OVER (ORDER BY surface.id), place.id, post.id, {CARD_KEY}, 1 FROM surface JOIN post ON post.id = surface.post
                 JOIN place ON place.id = surface.place WHERE surface.kind = 0"
            ),
            [],
        )?;
        self.count_outbox()?;
        self.run(
            "undoing a posting",
            "DELETE FROM surface WHERE kind = 0",
            [],
        )?;
        Ok(rows > 0)
    }
}
