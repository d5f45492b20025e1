//! One forum in Discord and in Matrix: one bot on a real homeserver and on the fake Discord at once.

mod bridges;
mod crowd;
mod fan_out;
mod forum;
mod joining;
mod outages;
mod picture;
mod plan;
mod scene;
mod session;
mod texts;
