//! Tests of the fake itself: what it takes, what it refuses, and that a real client gets along with it.

#![expect(clippy::unwrap_used, reason = "what helps tests is a test, too")]

mod bot;
mod chaos;
mod clock;
mod gateway;
mod people;
mod rest;
mod shards;
mod sight;
mod strict;
mod timing;
mod tls;
mod wire;
