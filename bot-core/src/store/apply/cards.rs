//! Cards of posts: which are not true any more, and which are to be posted.

use crate::forum::{ForumId, PostId, Seq};
use crate::store::counters::GIVEN;
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::text_copies::CARD_KEY;
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Marks a post's cards as stale since a change.
    pub(in crate::store) fn mark_stale(&self, post: PostId, seq: Seq) -> Result<(), Fault> {
        self.run(
            "marking cards stale",
            "UPDATE surface SET stale = ?2 WHERE post = ?1 AND kind = 0 AND (stale IS NULL OR stale > ?2)",
            params![post.0, seq.0],
        )
        .map(drop)
    }

    /// Marks the cards of what a post hangs on as stale since a change: a question's card tells of its answers, a tombstone's that
    /// something hangs on it.
    pub(in crate::store) fn mark_parent_stale(&self, post: PostId, seq: Seq) -> Result<(), Fault> {
        self.run(
            "marking cards stale",
            "UPDATE surface SET stale = ?2 WHERE kind = 0 AND (stale IS NULL OR stale > ?2)
             AND post = (SELECT parent FROM post WHERE id = ?1)",
            params![post.0, seq.0],
        )
        .map(drop)
    }

    /// Puts a card of a new post into the outbox of each open place of its forum, behind the question's own card where
    /// the place has none yet, or somebody took it away. A conversation gets cards only where the forum is its own: those of a place that both share are there.
    pub(super) fn queue_cards(
        &self,
        forum: ForumId,
        question: PostId,
        post: PostId,
    ) -> Result<(), Fault> {
        if post != question {
            self.replace_ended_cards(forum, question)?;
        }
        for card in [question, post] {
            self.run(
                "filling the outbox",
                &format!(
                    "INSERT INTO outbox (id, place, post, key)
                     SELECT {GIVEN} + row_number() OVER (ORDER BY place.id), place.id, post.id, {CARD_KEY} FROM place JOIN post ON post.id = ?2
                     WHERE place.forum = ?1 AND place.open = 1 AND place.successor IS NULL
                     AND (place.direct = 0 OR place.key = (SELECT name FROM forum WHERE id = ?1))
                     AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.place = place.id AND surface.post = ?2 AND surface.kind <> 1)
                     ON CONFLICT DO NOTHING"
                ),
                params![forum.0, card.0],
            )?;
            self.count_outbox()?;
        }
        Ok(())
    }

    /// Takes the cards of a post out of the outbox that were not tried yet.
    pub(super) fn drop_cards(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "emptying the outbox",
            "DELETE FROM outbox WHERE post = ?1 AND attempts = 0",
            [post.0],
        )
        .map(drop)
    }
}
