//! Settings: a file a section, layered by the `config` crate and checked into typed values at start.
//!
//! Defaults stand in `data/config/default.toml` and nowhere else. This module reads the settings file and the files
//! that it names; it is told the environment and the folders. What is wrong is one sentence for the operator that names the
//! key, where it stands and what to do.

mod check;
mod discord;
mod fault;
mod forum;
mod layers;
mod limits;
mod log;
mod matrix;
mod patterns;
mod search;
mod storage;
mod strict;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use check::Secret;
pub use discord::{DiscordSettings, Snowflake};
pub use fault::{SettingOrigin, SettingsFault};
pub use forum::ForumSettings;
pub use layers::{FILE_NAME, Folders};
pub use log::{LogFormat, LogSettings};
pub use matrix::{Login, MatrixSettings};
pub use patterns::Patterns;
pub use search::SearchSettings;
pub use storage::StorageSettings;

use crate::forum::Limits;

/// All settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The file that was read, if there is one.
    pub file: Option<PathBuf>,
    /// The keys whose secrets stand in that file itself, not in a file of their own.
    pub secrets: Vec<&'static str>,
    /// `[storage]`.
    pub storage: StorageSettings,
    /// `[forum]`.
    pub forum: ForumSettings,
    /// `[discord]`, if Discord is to be served.
    pub discord: Option<DiscordSettings>,
    /// `[matrix]`, if Matrix is to be served.
    pub matrix: Option<MatrixSettings>,
    /// `[search]`.
    pub search: SearchSettings,
    /// `[limits]`.
    pub limits: Limits,
    /// `[log]`.
    pub log: LogSettings,
}

/// The sections as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "sections")]
struct Sections {
    storage: storage::StorageSection,
    forum: forum::ForumSection,
    discord: discord::DiscordSection,
    matrix: matrix::MatrixSection,
    search: search::SearchSection,
    limits: limits::LimitsSection,
    log: log::LogSection,
}

impl Settings {
    /// Reads the settings: the defaults, over them the file (`file`, else the first of those that `folders` has), over it
    /// the variables `STOA__SECTION__KEY` of `env`.
    ///
    /// The fault is the first mistake found.
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
        folders: &Folders,
    ) -> Result<Self, SettingsFault> {
        let layers = layers::Layers::read(file, env, folders)?;
        let sections = Sections::deserialize(layers.root())
            .map_err(|mistake| SettingsFault::of(mistake, layers.file.as_deref()))?;
        Ok(Self {
            storage: sections.storage.check(&layers)?,
            forum: sections.forum.check(&layers)?,
            discord: sections.discord.check(&layers)?,
            matrix: sections.matrix.check(&layers)?,
            search: sections.search.check(&layers)?,
            limits: sections.limits.check(&layers)?,
            log: sections.log.check(&layers)?,
            // In this order: the sections' checks note where secrets stand.
            secrets: layers.secrets(),
            file: layers.file,
        })
    }
}

#[cfg(test)]
mod tests;
