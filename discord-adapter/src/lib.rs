//! Stoa on Discord: hears what happens in channels, tells the core, and shows what the core says.
//!
//! May know of the core its public face only: platform, card, command, engine, settings, and the forum's plain types; never
//! store or search. Serenity's events end in `inbound`; everything else speaks to Discord in JSON, by `rest`.

mod admission;
mod answer;
mod body;
mod channels;
mod check;
mod commands;
mod connection;
mod conventions;
mod custom_id;
mod dialogs;
mod direct;
mod dispatch;
mod event_handler;
mod fault;
mod gateway;
mod inbound;
mod lanes;
mod names;
mod narrower_places;
mod offered;
mod outbound;
mod pages;
mod permissions;
mod recent_interactions;
mod recent_map;
mod recheck;
mod render;
mod rest;
mod run;
mod servers;
mod spoken;
mod transport;
mod words;

pub use check::check;
pub use conventions::PLATFORM;
pub use fault::DiscordFault;
pub use permissions::PERMISSIONS;
pub use run::run;
