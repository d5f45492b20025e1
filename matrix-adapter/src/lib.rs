//! Stoa on Matrix: hears what happens in rooms, tells the core, and shows what the core says.
//!
//! May know of the core its public face only: platform, card, engine, settings, and the forum's plain types; never store or
//! search. The SDK's types end in `inbound` and `failure`, and begin in `outbound` and `replies`.

#![recursion_limit = "256"]

mod asking;
mod check;
mod content;
mod conventions;
mod crypto;
mod direct;
mod ear;
mod failure;
mod fault;
mod inbound;
mod joins;
mod keep;
mod lane;
mod lanes;
mod latency;
mod login;
mod members;
mod outbound;
mod persist;
mod power;
mod progress;
mod render;
mod replies;
mod rest;
mod rooms;
mod run;
mod scene;
mod session;
mod sync;
mod talk;
mod timeline;
mod undecrypted;

pub use check::check;
pub use conventions::PLATFORM;
pub use fault::MatrixFault;
pub use run::run;
