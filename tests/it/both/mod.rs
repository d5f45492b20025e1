//! One forum in Discord and in Matrix: one bot on a real homeserver and on the fake Discord at once.

mod bridges;
mod context;
mod crowd;
mod fan_out;
mod forum;
mod joining;
mod outages;
mod picture;
mod plan;
mod session;
mod texts;
