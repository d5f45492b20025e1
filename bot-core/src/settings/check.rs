//! Checks that sections share: addresses of servers, and secrets that stand here or in a file of their own.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::fault::SettingsFault;
use super::layers::Layers;

/// Something that must not be shown: a password or token. Debug prints hide it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Where the text of a secret is.
pub(super) enum SecretSource {
    Here(String),
    File(PathBuf),
}

/// Which addresses a key takes.
pub(super) struct Schemes {
    /// What they begin with.
    begin: [&'static str; 2],
    /// What is said of one that does not.
    wrong: &'static str,
}

/// Web addresses.
pub(super) const HTTP: Schemes = Schemes {
    begin: ["https://", "http://"],
    wrong: "does not begin with https:// or http://",
};
/// Addresses of web sockets.
pub(super) const WEB_SOCKET: Schemes = Schemes {
    begin: ["wss://", "ws://"],
    wrong: "does not begin with wss:// or ws://",
};

/// The checks, each of one key.
pub(super) struct Check<'l>(pub(super) &'l Layers);

impl Check<'_> {
    pub(super) fn wrong(
        &self,
        key: &'static str,
        wrong: impl Into<String>,
        remedy: &'static str,
    ) -> SettingsFault {
        SettingsFault::WrongValue {
            key,
            origin: self.0.origin(key),
            wrong: wrong.into(),
            remedy,
        }
    }

    /// The address of a server, without the slash that it may end with.
    pub(super) fn address(
        &self,
        key: &'static str,
        written: &str,
        schemes: &Schemes,
        remedy: &'static str,
    ) -> Result<String, SettingsFault> {
        let wrong = |wrong: &str| Err(self.wrong(key, wrong, remedy));
        let address = written.trim();
        let rest = schemes
            .begin
            .iter()
            .find_map(|scheme| address.strip_prefix(scheme));
        let Some(rest) = rest else {
            return wrong(schemes.wrong);
        };
        let host = rest.split('/').next().unwrap_or_default();
        if host.is_empty() || host.starts_with(':') {
            return wrong("names no server");
        }
        if host.contains('@') {
            return wrong("has a name or password in it, which do not belong into an address");
        }
        if rest
            .contains(|c: char| c.is_whitespace() || c.is_control() || "?#\"<>\\^`{|}".contains(c))
        {
            return wrong("is no address");
        }
        // What stands behind the last colon is a port, but in [::1].
        if let Some((_, port)) = host.rsplit_once(':')
            && !host.ends_with(']')
            && (!port.bytes().all(|byte| byte.is_ascii_digit())
                || port.parse::<u16>().map_or(true, |port| port == 0))
        {
            return wrong("has no valid port");
        }
        Ok(address.trim_end_matches('/').to_owned())
    }

    /// A secret that may stand here or in a file, not both.
    pub(super) fn one_of(
        &self,
        (here, text): (&'static str, &Option<String>),
        (file, path): (&'static str, &Option<String>),
    ) -> Result<Option<(&'static str, SecretSource)>, SettingsFault> {
        match (text, path) {
            (Some(_), Some(_)) => Err(self.both(here, file)),
            (Some(text), None) => Ok(Some((here, SecretSource::Here(text.clone())))),
            (None, Some(path)) => Ok(Some((file, SecretSource::File(self.0.path(path))))),
            (None, None) => Ok(None),
        }
    }

    pub(super) fn both(&self, one: &'static str, other: &'static str) -> SettingsFault {
        SettingsFault::Both {
            one,
            one_origin: self.0.origin(one),
            other,
            other_origin: self.0.origin(other),
        }
    }

    /// The secret itself; from a file without the line's end that editors leave.
    pub(super) fn secret(
        &self,
        key: &'static str,
        kept: SecretSource,
    ) -> Result<Secret, SettingsFault> {
        let (text, empty) = match kept {
            SecretSource::Here(text) => {
                self.0.stands_here(key);
                (text, "is empty".to_owned())
            }
            SecretSource::File(path) => {
                let text = self.file(key, &path)?;
                let empty = format!("names {}, which is empty", path.display());
                (text.trim_end_matches(['\r', '\n']).to_owned(), empty)
            }
        };
        if text.trim().is_empty() {
            return Err(self.wrong(key, empty, "put the secret in, or leave the key out"));
        }
        Ok(Secret(text))
    }

    /// What stands in a file that `key` names.
    pub(super) fn file(&self, key: &'static str, path: &Path) -> Result<String, SettingsFault> {
        fs::read_to_string(path).map_err(|source| SettingsFault::NamedFile {
            key,
            origin: self.0.origin(key),
            path: path.to_owned(),
            source,
        })
    }
}
