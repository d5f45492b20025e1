//! Names for things: a newtype for every kind of id, so that one can't be taken for another.

use serde::{Deserialize, Serialize};

/// Declares a row id: a positive 64-bit number given by the store.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub i64);
    )+};
}

ids! {
    /// One community's forum.
    ForumId,
    /// A room or channel that shows a forum.
    PlaceId,
    /// A person's account on one platform.
    IdentityId,
    /// A person in one forum: a grouping of identities.
    MemberId,
    /// A question, an answer or a comment.
    PostId,
    /// A message by which a post is shown in a place.
    SurfaceId,
    /// A message that holds text of posts and is no surface of theirs.
    CopyId,
    /// One saying of a vote, by its number among those of its post.
    SayingId,
    /// A message that must be sent once.
    OutboxId,
}

/// The place of a change in the store's log; grows by one with each change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);
