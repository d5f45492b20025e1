//! Import and export: what comes from elsewhere into a forum, and how a forum is taken elsewhere.
//!
//! Knows `forum` and `store`; says nothing to people.

pub mod dump;
pub mod markdown;
