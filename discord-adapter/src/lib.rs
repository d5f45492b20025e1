//! Stoa on Discord: hears what happens in channels, tells the core, and shows what the core says.
//!
//! May know of the core its public face only: platform, card, command, engine, settings, and the forum's plain types; never
//! store or search.

#[cfg_attr(not(test), expect(dead_code, reason = "the wiring comes next"))]
mod commands;
#[cfg_attr(not(test), expect(dead_code, reason = "the wiring comes next"))]
mod custom_id;
#[cfg_attr(not(test), expect(dead_code, reason = "the wiring comes next"))]
mod dialogs;
#[cfg_attr(not(test), expect(dead_code, reason = "the wiring comes next"))]
mod render;
mod words;
