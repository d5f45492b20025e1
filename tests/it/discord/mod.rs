//! The forum on Discord, held to a strict fake of it over the wire.

mod breaking;
mod chaos;
pub mod context;
mod conversations;
mod copies;
mod crashes;
mod deadlines;
mod drafts;
mod forum;
mod hostile;
mod menus;
mod operator;
pub mod page;
mod places;
mod reach;
mod readers;
mod search;
mod trouble;
mod turns;
