//! Hiding a post, and showing it again.

use crate::forum::{Hiding, IdentityId, PostId, Timestamp};
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::rows;
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Hides a post, or hides it in another way; since when it is hidden stays.
    pub(super) fn hide(
        &self,
        post: PostId,
        hiding: Hiding,
        by: Option<IdentityId>,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.run(
            "hiding a post",
            "UPDATE post SET hidden_at = coalesce(hidden_at, ?2), hidden_as = ?3,
                 hidden_by = coalesce(?4, hidden_by), withdraw_at = ?5
             WHERE id = ?1",
            params![
                post.0,
                at.0,
                rows::hidden_as(hiding.by),
                by.map(|by| by.0),
                hiding.withdrawal.map(|due| due.0)
            ],
        )
        .map(drop)
    }

    /// Shows a hidden post again.
    pub(super) fn unhide(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "showing a post again",
            "UPDATE post SET hidden_at = NULL, hidden_as = NULL, hidden_by = NULL, withdraw_at = NULL WHERE id = ?1",
            [post.0],
        )
        .map(drop)
    }
}
