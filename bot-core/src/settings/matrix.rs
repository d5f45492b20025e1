//! The section `[matrix]`, checked: how to reach the homeserver and whom to hear.

use std::fmt;

use super::Patterns;

/// Something that must not be shown: a password or token. Debug prints hide it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// How to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// With a password; the session is kept.
    Password(Secret),
    /// With an access token, that of one device.
    Token(Secret),
}

/// The Matrix account and what it listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixSettings {
    /// The homeserver's address: `http://` or `https://`.
    pub homeserver: String,
    /// The bot's user: `@stoa:example.org`, or its first part.
    pub user: String,
    /// How to log in.
    pub login: Login,
    /// What the bot's device is called.
    pub device_name: String,
    /// Whose invitations are accepted, by user id.
    pub allow_invites_from: Patterns,
    /// Who is not heard at all, by user id: bots, bridges' ghosts.
    pub ignore: Patterns,
    /// The rooms, by id or alias, that belong to the forum `main`.
    pub rooms: Vec<String>,
}
