//! The accepted answer of a question.

use crate::forum::PostId;
use crate::names::MessageKey;
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Sets the accepted answer; gives the one before, whose cards are not true any more either. The reaction that had accepted that
    /// one is spent.
    pub(super) fn accept(
        &self,
        question: PostId,
        answer: Option<(PostId, Option<&str>)>,
    ) -> Result<Option<PostId>, Fault> {
        let accepted = self.accepted(question)?;
        let via = accepted.as_ref().and_then(|(_, via)| via.as_deref());
        if let Some(via) = via.filter(|via| answer.and_then(|(_, via)| via) != Some(via)) {
            self.spend(&MessageKey(via.to_owned()))?;
        }
        let before = accepted.map(|(answer, _)| answer);
        self.run(
            "accepting",
            "UPDATE post SET accepted = ?2, accepted_via = ?3 WHERE id = ?1",
            params![
                question.0,
                answer.map(|(id, _)| id.0),
                answer.and_then(|(_, via)| via)
            ],
        )?;
        Ok(before)
    }
}
