//! A strict fake of Discord and people on it, over the wire, for tests.
//!
//! [`Discord::start`] gives a server of the test's own on 127.0.0.1: REST below `/api/v10` and a gateway. The bot under test
//! connects to it as it would to Discord. Without TLS, for serenity, that is `HttpBuilder::proxy(discord.rest_url())` with its
//! rate limiter off. With TLS it takes the bot for the real one: a client that trusts [`Discord::ca_pem`] finds discord.com at
//! [`Discord::tls_port`], or through [`Discord::connect_proxy`]. A [`Person`] is a human in a [`Guild`]: they write, react, send commands, click buttons and fill in dialogs, and
//! wait for what they are shown. `cargo run -p discord --example serve` runs it by itself,
//! with people who do what is typed.
//!
//! ```no_run
//! # async fn test() {
//! use discord::Discord;
//!
//! let discord = Discord::start().await;
//! let guild = discord.guild("Kitchen").await;
//! let help = guild.text_channel("help").await;
//! let mira = guild.person("mira").await;
//! // … the bot connects to discord.rest_url() with discord.token() and registers /ask …
//! discord.wait_connected(1).await;
//! let asked = mira.command(&help, "ask", &[("title", "How long do eggs take?")]).await;
//! let card = asked.message().await;
//! mira.react(&card, "👍").await;
//! println!("{}", help.transcript());
//! assert!(discord.violations().is_empty(), "{:?}", discord.violations());
//! # }
//! ```
//!
//! It is strict. Each event that it dispatches must decode in twilight-model, each request is checked by hand and by
//! twilight-validate, and what is wrong is refused as Discord does it (50035 with the path of the trouble, 50013, 40060, 10062,
//! 50083 …). What no bot should do even where Discord lets it pass — unknown fields, no `allowed_mentions`, a ping that was not
//! named, or a body that Discord's own OpenAPI document refuses, where that is at hand (`$STOA_DISCORD_OPENAPI`) — is noted in
//! [`Discord::violations`], as are unknown routes. Its clock stands still until [`Discord::advance`] moves it, ids come from a
//! counter: each run is the same.
//!
//! What goes wrong is either asked for one by one ([`Fault`], [`Discord::close_sockets`] and their like) or left to chance with a
//! seed ([`Chaos`]). People do only what they may, with what they see. How long the bot takes for an interaction is measured on
//! the wire ([`Interaction::took`]); `cargo run --release -p discord --example load` says how little of that is the fake's own.
//!
//! It knows nothing of Stoa and must not: it is the other side. Methods panic with a sentence that says who attempted what, since
//! their callers are tests. Waiting is done by notification, never by sleeping.

mod chaos;
mod check;
mod clock;
mod discord;
mod faults;
mod gate;
mod gateway;
mod id;
pub mod intents;
mod noted;
mod outage;
mod people;
pub mod permissions;
mod proxy;
mod rest;
mod shared;
mod start;
mod tls;
mod transcript;
mod world;

pub use chaos::Chaos;
pub use discord::{Discord, Held};
pub use faults::Fault;
pub use id::Id;
pub use noted::{Request, Violation};
pub use people::{Channel, Choice, Guild, Input, Interaction, Message, Modal, Person, Response};
pub use start::Options;
