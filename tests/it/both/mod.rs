//! One forum in Discord and in Matrix: one bot on a real homeserver and on the fake Discord at once.

mod bridges;
mod fan_out;
mod forum;
mod joining;
mod outages;
mod scene;
mod session;
mod texts;
