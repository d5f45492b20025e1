//! Stoa on Matrix: hears what happens in rooms, tells the core, and shows what the core says.
//!
//! May know of the core its public face only: platform, card, engine, settings, and the forum's plain types; never store or
//! search. The SDK's types end in `inbound` and `failure`, and begin in `outbound` and `replies`.

#![recursion_limit = "256"]

mod check;
mod content;
mod conventions;
mod crypto;
mod direct;
mod event_handler;
mod failure;
mod fault;
mod inbound;
mod joins;
mod lane;
mod lanes;
mod latency;
mod login;
mod members;
mod outbound;
mod persist;
mod plain_response;
mod power;
mod progress;
mod render;
mod replies;
mod rest;
mod room_context;
mod rooms;
mod run;
mod saved_session;
mod session;
mod sync;
mod sync_request;
mod timeline;
mod undecrypted;

pub use check::check;
pub use conventions::PLATFORM;
pub use fault::MatrixFault;
pub use run::run;
