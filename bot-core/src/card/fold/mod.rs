//! How much of a text is shown at once: weighing a document and cutting it into pages, so that each fits into a message.
//!
//! Pure. A cut loses nothing but the line end that it is made at, and takes no grapheme or link apart that would fit a page.

mod cut;
mod left;
mod weigh;

pub use cut::{fold, pages};
pub use weigh::weight;

#[cfg(test)]
pub(super) use weigh::depth;
pub(super) use weigh::depth_of;

/// The most that a post's own text weighs on its card. A card that is changed is sent with its text twice, in a room with
/// encryption enlarged by a third, and has to stay well below Matrix' 64 KB.
pub const CARD_FOLD: usize = 6_000;
/// The most that a page weighs.
pub const PAGE: usize = 24_000;
/// The most that any card weighs: it stays below the 32 KB that a Matrix message takes in any room.
pub const CARD: usize = 30_000;

#[cfg(test)]
mod tests;
