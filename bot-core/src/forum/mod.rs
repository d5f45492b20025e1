//! The forum's rules: questions, answers, comments, votes, accepting, hiding, withdrawing.
//!
//! Pure functions of facts and time. Nothing here does I/O, looks at a clock, is async or knows SQL, and of serde only its
//! derives are used, on plain data that others keep. The caller fetches the facts, the store applies the changes that a rule decides.

mod accept;
mod address;
mod change;
mod close;
mod cut;
mod hide;
mod ids;
pub mod limit;
mod name;
pub mod pact;
mod post;
mod refusal;
mod remove_edit;
mod retention;
mod role;
mod similar;
mod time;
mod view;
pub mod vote;
mod write;

pub use accept::{accept, unaccept};
pub use address::{Address, NotAnAddress};
pub use change::{By, Change, NewPost, Text};
pub use close::{Closing, ClosingReason, Standing};
pub use cut::{cut, cut_bytes, cut_utf16};
pub use hide::{erased, gone_by_author, hide, remove_message, source_gone, unhide, withdraw_due};
pub use ids::{
    CopyId, ForumId, IdentityId, MemberId, OutboxId, PlaceId, PostId, SayingId, Seq, SurfaceId,
};
pub use limit::{Counted, Limits};
pub use name::{AccountName, PersonName, own_name, person_skeleton, skeleton};
pub use pact::{Agreement, Pact, Side, Speaker};
pub use post::{
    Author, BODY_MAX, BODY_MIN, Body, COMMENT_MAX, Post, PostKind, REASON_MAX, Reason, TAG_MAX,
    TAGS_MAX, TITLE, TITLE_BYTES, Tags, Title, clean, folded, may_hold, one_line,
};
pub use refusal::Refusal;
pub use remove_edit::{EditEvent, remove_edit};
pub use retention::Retention;
pub use role::Role;
pub use similar::{InTen, in_ten};
pub use time::Timestamp;
pub use view::{
    AnswerView, Condition, EditedBy, Hider, Hiding, Hit, HitAnswer, Origin, Ownership, Page, Piece,
    PostView, QuestionView, RevisionView, TagView, ThreadView,
};
pub use vote::{Ballot, Score, Source, Vote, VoteEntry};
pub use write::{
    Basis, Draft, Edit, answer, ask, comment, edit, may_answer, may_comment, may_edit, withdraw,
};

#[cfg(test)]
pub(crate) mod tests;
