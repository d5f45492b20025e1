//! The section `[matrix]`, checked: how to reach the homeserver and whom to hear.

use serde::Deserialize;

use super::Patterns;
use super::check::{Check, HTTP, Secret};
use super::fault::SettingsFault;
use super::layers::Layers;

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
    /// What opens the account's recovery; none where the bot keeps its own.
    pub recovery_key: Option<Secret>,
    /// What the bot's device is called.
    pub device_name: String,
    /// Whose invitations are accepted, by user id; where it is not set, those of people on the bot's own server.
    pub allow_invites_from: Option<Patterns>,
    /// Who is not heard at all, by user id: bots, bridges' ghosts.
    pub ignore: Patterns,
    /// The rooms, by id or alias, that belong to the forum `main`.
    pub rooms: Vec<String>,
}

/// The keys of the section that several checks name.
const HOMESERVER: &str = "matrix.homeserver";
const USER: &str = "matrix.user";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct MatrixSection {
    homeserver: Option<String>,
    user: Option<String>,
    password: Option<String>,
    password_file: Option<String>,
    access_token: Option<String>,
    access_token_file: Option<String>,
    recovery_key: Option<String>,
    recovery_key_file: Option<String>,
    device_name: String,
    allow_invites_from: Option<Vec<String>>,
    ignore: Vec<String>,
    rooms: Vec<String>,
}

impl MatrixSection {
    /// The settings, if there is a homeserver; the other keys are not looked at otherwise.
    pub(super) fn check(self, layers: &Layers) -> Result<Option<MatrixSettings>, SettingsFault> {
        let Some(homeserver) = self.homeserver.as_deref() else {
            return Ok(None);
        };
        let check = Check(layers);
        Ok(Some(MatrixSettings {
            homeserver: check.homeserver(homeserver)?,
            user: check.user(self.user.as_deref())?,
            login: check.login(&self)?,
            recovery_key: check.recovery_key(&self)?,
            device_name: check.filled("matrix.device_name", self.device_name)?,
            allow_invites_from: self
                .allow_invites_from
                .map(|list| check.patterns("matrix.allow_invites_from", list))
                .transpose()?,
            ignore: check.patterns("matrix.ignore", self.ignore)?,
            rooms: check.rooms(self.rooms)?,
        }))
    }
}

impl Check<'_> {
    fn homeserver(&self, written: &str) -> Result<String, SettingsFault> {
        let remedy = "write an address such as \"https://matrix.example.org\"";
        self.address(HOMESERVER, written, &HTTP, remedy)
    }

    fn user(&self, written: Option<&str>) -> Result<String, SettingsFault> {
        let remedy = "write the bot’s whole name, such as \"@stoa:example.org\"";
        let Some(user) = written else {
            return Err(SettingsFault::Missing {
                missing: USER,
                because: HOMESERVER,
                origin: self.0.origin(HOMESERVER),
                set: "it to the bot’s account, such as \"@stoa:example.org\"",
            });
        };
        if user.is_empty() || user.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(self.wrong(USER, "is no Matrix user", remedy));
        }
        let whole = user.strip_prefix('@').map(|name| {
            name.split_once(':')
                .is_some_and(|(name, server)| !name.is_empty() && !server.is_empty())
        });
        match whole {
            Some(false) => Err(self.wrong(USER, "lacks its name or its server", remedy)),
            None if user.contains(':') => Err(self.wrong(USER, "does not begin with @", remedy)),
            Some(true) | None => Ok(user.to_owned()),
        }
    }

    /// The one way to log in that is set.
    fn login(&self, section: &MatrixSection) -> Result<Login, SettingsFault> {
        let password = self.one_of(
            ("matrix.password", &section.password),
            ("matrix.password_file", &section.password_file),
        )?;
        let token = self.one_of(
            ("matrix.access_token", &section.access_token),
            ("matrix.access_token_file", &section.access_token_file),
        )?;
        match (password, token) {
            (Some((one, _)), Some((other, _))) => Err(self.both(one, other)),
            (Some((key, kept)), None) => self.secret(key, kept).map(Login::Password),
            (None, Some((key, kept))) => self.secret(key, kept).map(Login::Token),
            (None, None) => Err(SettingsFault::Missing {
                missing: "a way to log in",
                because: HOMESERVER,
                origin: self.0.origin(HOMESERVER),
                set: "one of matrix.password, matrix.password_file, matrix.access_token and matrix.access_token_file",
            }),
        }
    }

    /// What opens the account's recovery. People copy it in groups of four, with spaces around it.
    fn recovery_key(&self, section: &MatrixSection) -> Result<Option<Secret>, SettingsFault> {
        let set = self.one_of(
            ("matrix.recovery_key", &section.recovery_key),
            ("matrix.recovery_key_file", &section.recovery_key_file),
        )?;
        let Some((key, kept)) = set else {
            return Ok(None);
        };
        let Secret(text) = self.secret(key, kept)?;
        Ok(Some(Secret(text.trim().to_owned())))
    }

    fn filled(&self, key: &'static str, text: String) -> Result<String, SettingsFault> {
        if text.trim().is_empty() {
            return Err(self.wrong(key, "is empty", "write a name, or leave the key out"));
        }
        Ok(text)
    }

    fn patterns(&self, key: &'static str, list: Vec<String>) -> Result<Patterns, SettingsFault> {
        match list.iter().find(|pattern| !pattern.starts_with(['@', '*'])) {
            Some(pattern) => Err(self.wrong(
                key,
                format!("has \"{pattern}\" in it, which fits no Matrix user"),
                "write user ids such as \"@mira:example.org\", or with a * for anything: \"@*:example.org\"",
            )),
            None => Ok(Patterns::new(list)),
        }
    }

    fn rooms(&self, list: Vec<String>) -> Result<Vec<String>, SettingsFault> {
        let names_room = |room: &&String| {
            room.chars().count() > 1
                && room.starts_with(['!', '#'])
                && !room.contains(char::is_whitespace)
        };
        match list.iter().find(|room| !names_room(room)) {
            Some(room) => Err(self.wrong(
                "matrix.rooms",
                format!("has \"{room}\" in it, which is no room"),
                "write rooms by id, \"!abc:example.org\", or by alias, \"#help:example.org\"",
            )),
            None => Ok(list),
        }
    }
}
