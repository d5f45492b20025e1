//! Votes: each is kept by who said it and by what, and moves the score of its post.

use crate::forum::{IdentityId, PostId, SayingId, Score, Source, Vote};
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Keeps a vote that was said.
    pub(super) fn say(
        &self,
        post: PostId,
        identity: IdentityId,
        source: &Source,
        vote: Vote,
    ) -> Result<(), Fault> {
        let reaction = match source {
            Source::Command => None,
            Source::Reaction(reaction) => Some(reaction),
        };
        let vote = match vote {
            Vote::Up => 1,
            Vote::Down => -1,
        };
        let numbered = self.run(
            "numbering a vote",
            "UPDATE score SET said = said + 1 WHERE post = ?1",
            [post.0],
        )?;
        if numbered == 0 {
            self.run(
                "numbering a vote",
                "INSERT INTO score (post, said) VALUES (?1, 1)",
                [post.0],
            )?;
        }
        self.run(
            "keeping a vote",
            "INSERT INTO saying (post, identity, nth, reaction, vote) SELECT post, ?2, said, ?3, ?4 FROM score WHERE post = ?1",
            params![post.0, identity.0, reaction, vote],
        )
        .map(drop)
    }

    /// Moves a score by one member's vote.
    pub(super) fn count(
        &self,
        post: PostId,
        before: Option<Vote>,
        after: Option<Vote>,
    ) -> Result<(), Fault> {
        let shift = |vote| i64::from(after == Some(vote)) - i64::from(before == Some(vote));
        let counted = self.run(
            "counting votes",
            "UPDATE score SET ups = CASE WHEN ups + ?2 > 0 THEN ups + ?2 ELSE 0 END,
                 downs = CASE WHEN downs + ?3 > 0 THEN downs + ?3 ELSE 0 END WHERE post = ?1",
            params![post.0, shift(Vote::Up), shift(Vote::Down)],
        )?;
        if counted > 0 {
            return Ok(());
        }
        let Score { ups, downs } = Score::default().moved(before, after);
        self.run(
            "counting votes",
            "INSERT INTO score (post, ups, downs) VALUES (?1, ?2, ?3)",
            params![post.0, ups, downs],
        )
        .map(drop)
    }

    /// Takes a vote back that was said.
    pub(super) fn take_back(
        &self,
        post: PostId,
        identity: IdentityId,
        saying: SayingId,
    ) -> Result<(), Fault> {
        self.run(
            "taking a saying back",
            "DELETE FROM saying WHERE post = ?1 AND identity = ?2 AND nth = ?3",
            params![post.0, identity.0, saying.0],
        )
        .map(drop)
    }

    /// Uses a vote up that was said: its reaction stays known and counts no more.
    pub(super) fn use_up(
        &self,
        post: PostId,
        identity: IdentityId,
        saying: SayingId,
    ) -> Result<(), Fault> {
        self.run(
            "spending a saying",
            "UPDATE saying SET standing = 0 WHERE post = ?1 AND identity = ?2 AND nth = ?3",
            params![post.0, identity.0, saying.0],
        )
        .map(drop)
    }
}
