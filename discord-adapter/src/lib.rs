//! Stoa on Discord: hears what happens in channels, tells the core, and shows what the core says.
//!
//! May know of the core its public face only: platform, card, command, engine, settings, and the forum's plain types; never
//! store or search.

mod commands;
mod custom_id;
mod dialogs;
mod render;
mod words;
