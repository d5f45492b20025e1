//! Closing a question, and opening it again.

use crate::forum::{ClosingReason, PostId, Timestamp};
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::rows;
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Keeps since when a question is closed and why; none: it is open.
    pub(super) fn close(
        &self,
        question: PostId,
        closed: Option<(Timestamp, ClosingReason)>,
    ) -> Result<(), Fault> {
        self.run(
            "closing a question",
            "UPDATE post SET closed_at = ?2, closed_as = ?3 WHERE id = ?1",
            params![
                question.0,
                closed.map(|(at, _)| at.0),
                closed.map(|(_, why)| rows::closed_as(why))
            ],
        )
        .map(drop)
    }
}
