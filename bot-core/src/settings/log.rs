//! The section `[log]`: how much is said to the operator, and in what form.

use serde::Deserialize;

use super::fault::{SettingOrigin, SettingsFault};
use super::layers::Layers;

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// A level, or a filter in the syntax of tracing's `EnvFilter`; not checked here.
    pub level: String,
    /// Where the level comes from: a default may be replaced by a quieter one.
    pub level_from: SettingOrigin,
    /// In what form.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For programs: one JSON object a line.
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct LogSection {
    level: String,
    format: LogFormat,
}

impl LogSection {
    pub(super) fn check(self, layers: &Layers) -> Result<LogSettings, SettingsFault> {
        let level_from = layers.origin("log.level");
        if self.level.trim().is_empty() {
            return Err(SettingsFault::WrongValue {
                key: "log.level",
                origin: level_from,
                wrong: "is empty".to_owned(),
                remedy: "write error, warn, info, debug or trace",
            });
        }
        Ok(LogSettings {
            level: self.level,
            level_from,
            format: self.format,
        })
    }
}
