//! Stoa's core: the forum's rules, its store, its search, its cards, and the engine that joins them.
//!
//! Adapters see [`platform`], [`document`], [`card`] and [`engine`]; nothing here knows a chat's own library.

pub mod backoff;
pub mod card;
pub mod chance;
pub mod command;
pub mod conventions;
pub mod crash;
pub mod document;
pub mod engine;
pub mod finding;
pub mod fingerprint;
pub mod forum;
pub mod html;
pub mod made;
pub mod names;
pub mod panics;
pub mod platform;
pub mod remains;
pub mod search;
pub mod settings;
pub mod store;
pub mod text;
pub mod transfer;
pub mod turns;
