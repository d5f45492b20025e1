//! Cards: what is shown, built as a document from what the store reads and drawn by each platform.
//!
//! A card is a pure function of a view and the texts: `card::question(&texts, "!", &view)`. People's Markdown becomes
//! part of it in [`markdown()`]; [`fold`] keeps all of it small enough for a message; [`plain()`] draws it as text.
//! May know [`crate::document`], [`crate::forum`], [`crate::names`] and [`crate::text`]; no store, search, engine or command. The
//! cards' links are left empty: the engine fills them for each place.

mod actions;
mod answer;
mod clean;
pub mod fold;
mod help;
mod history;
mod hits;
mod join;
mod list;
mod markdown;
mod notice;
mod origin;
mod parts;
mod places;
mod plain;
mod question;
mod refusal;
mod shared;
mod show;
mod tags;

pub use answer::{answer, comment};
pub use help::{HelpLine, HelpMore, help};
pub use history::history;
pub use hits::{fits_badly, hits, nothing_found, similar};
pub use join::{
    OtherAccount, OtherForum, OtherPlace, by_account, former, on_account, on_forum, to_say,
};
pub use list::list;
pub use markdown::{DEPTH, covered_text, markdown, plain_text};
pub use notice::{
    DecidedBy, PlaceLink, about, accepted, answered, asked, card_removed, commented,
    confirm_delete, confirm_publish, did_you_mean, edited, empty_option, fault, forum_chosen,
    hidden, misnamed_option, missing_argument, no_such_command, not_deleted, not_published,
    nothing_waits, screened, several_commands, unaccepted, undecryptable, unhidden, unknown_option,
    voted, which_forum, withdrawn,
};
pub use places::{on_places, place_link};
pub use plain::{CODE, COVER, Style, plain};
pub use question::question;
pub use refusal::refusal;
pub use shared::shared_by;
pub use show::{as_of, show, show_answer};
pub use tags::tags;

#[cfg(test)]
mod tests;
