//! The section `[discord]`, checked: the bot's account, the way to Discord, and whom to hear.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::check::{Check, HTTP, Secret, WEB_SOCKET};
use super::fault::SettingsFault;
use super::layers::Layers;

/// The Discord account, how Discord is reached, and what the bot listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscordSettings {
    /// The bot's token, without the word `Bot` before it.
    pub token: Secret,
    /// A REST proxy that keeps to Discord's rate limits for the bot: `http://` or `https://`; none where Discord is asked
    /// itself.
    pub proxy: Option<String>,
    /// Where the gateway is, `ws://` or `wss://`; none where Discord says it.
    pub gateway_url: Option<String>,
    /// A PEM file with a certificate that is trusted beside the known ones.
    pub ca_file: Option<PathBuf>,
    /// The channels that belong to the forum `main`.
    pub channels: Vec<Snowflake>,
    /// Who is not heard at all: people and other bots.
    pub ignore: Vec<Snowflake>,
    /// How long the reactions of a message have to be quiet before they are read again.
    pub read_again_after: Duration,
}

/// Discord's name for a channel or a user: a number above 0 of up to 20 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(pub u64);

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const CA_FILE: &str = "discord.ca_file";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct DiscordSection {
    token: Option<String>,
    token_file: Option<String>,
    proxy: Option<String>,
    gateway_url: Option<String>,
    ca_file: Option<String>,
    channels: Vec<String>,
    ignore: Vec<String>,
    read_again_after: Seconds,
}

/// A number of seconds: in a variable it is a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number of seconds")]
enum Seconds {
    Number(i64),
    Text(String),
}

impl DiscordSection {
    /// The settings, if there is a token; the other keys are not looked at otherwise.
    pub(super) fn check(self, layers: &Layers) -> Result<Option<DiscordSettings>, SettingsFault> {
        let check = Check(layers);
        let Some(token) = check.token(&self)? else {
            return Ok(None);
        };
        Ok(Some(DiscordSettings {
            token,
            proxy: check.proxy(self.proxy.as_deref())?,
            gateway_url: check.gateway_url(self.gateway_url.as_deref())?,
            ca_file: check.ca_file(self.ca_file.as_deref())?,
            channels: check.snowflakes(
                "discord.channels",
                &self.channels,
                "channel",
                "write channels by id, \"1093476245310504990\": Discord’s developer mode has Copy Channel ID",
            )?,
            ignore: check.snowflakes(
                "discord.ignore",
                &self.ignore,
                "user",
                "write users by id, \"80351110224678912\": Discord’s developer mode has Copy User ID",
            )?,
            read_again_after: check.read_again_after(&self.read_again_after)?,
        }))
    }
}

impl Check<'_> {
    fn token(&self, section: &DiscordSection) -> Result<Option<Secret>, SettingsFault> {
        let set = self.one_of(
            ("discord.token", &section.token),
            ("discord.token_file", &section.token_file),
        )?;
        let Some((key, kept)) = set else {
            return Ok(None);
        };
        let token = self.secret(key, kept)?;
        let remedy = "put in the token alone, as the developer portal shows it under Bot";
        let prefix = token.0.get(..4).unwrap_or_default();
        if prefix.eq_ignore_ascii_case("Bot ") {
            let wrong = "holds a token with the word Bot before it, which Stoa adds itself";
            return Err(self.wrong(key, wrong, remedy));
        }
        // It is sent in a header.
        if !token.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            let wrong = "holds white space or another sign that no token has";
            return Err(self.wrong(key, wrong, remedy));
        }
        Ok(Some(token))
    }

    fn proxy(&self, written: Option<&str>) -> Result<Option<String>, SettingsFault> {
        let remedy = "write an address such as \"http://localhost:3000\"";
        written
            .map(|written| self.address("discord.proxy", written, &HTTP, remedy))
            .transpose()
    }

    fn gateway_url(&self, written: Option<&str>) -> Result<Option<String>, SettingsFault> {
        let remedy = "write an address such as \"wss://gateway.example.org\"";
        written
            .map(|written| self.address("discord.gateway_url", written, &WEB_SOCKET, remedy))
            .transpose()
    }

    fn read_again_after(&self, seconds: &Seconds) -> Result<Duration, SettingsFault> {
        let key = "discord.read_again_after";
        let seconds = match seconds {
            Seconds::Number(number) => number.to_string(),
            Seconds::Text(text) => text.clone(),
        };
        let number = seconds.parse().ok();
        let within = number.filter(|seconds| (1..=3600).contains(seconds));
        within.map(Duration::from_secs).ok_or_else(|| {
            let wrong = format!("is {seconds:.20}, which is not from 1 to 3600");
            self.wrong(key, wrong, "write a number of seconds, such as 30")
        })
    }

    /// The path of the file, which can be read and holds a certificate.
    fn ca_file(&self, written: Option<&str>) -> Result<Option<PathBuf>, SettingsFault> {
        let Some(written) = written else {
            return Ok(None);
        };
        let remedy = "name a PEM file with the authority’s certificate, or leave it out";
        if written.is_empty() {
            return Err(self.wrong(CA_FILE, "is empty", remedy));
        }
        let path = self.0.path(written);
        if !self
            .file(CA_FILE, &path)?
            .contains("-----BEGIN CERTIFICATE-----")
        {
            let wrong = format!("names {}, which holds no certificate", path.display());
            return Err(self.wrong(CA_FILE, wrong, remedy));
        }
        Ok(Some(path))
    }

    fn snowflakes(
        &self,
        key: &'static str,
        list: &[String],
        of: &str,
        remedy: &'static str,
    ) -> Result<Vec<Snowflake>, SettingsFault> {
        list.iter()
            .map(|written| {
                snowflake(written).ok_or_else(|| {
                    let wrong = format!("has \"{written}\" in it, which is no {of}’s id");
                    self.wrong(key, wrong, remedy)
                })
            })
            .collect()
    }
}

/// A number above 0, in plain digits.
fn snowflake(written: &str) -> Option<Snowflake> {
    let plain = written.len() <= 20 && written.bytes().all(|byte| byte.is_ascii_digit());
    let number = written.parse().ok().filter(|_| plain);
    number.filter(|&number| number > 0).map(Snowflake)
}
