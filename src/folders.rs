//! The folders: where settings are looked for and where the forum is kept.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use bot_core::settings::{self, Settings};
use directories::ProjectDirs;

/// What a checkout of the sources has, and the folder in it for what a run leaves behind.
const CHECKOUT: &str = "data/config/default.toml";
const CHECKOUT_STATE: &str = "data/run";

/// The folders of this process.
pub struct Folders {
    /// Where settings are looked for.
    pub settings: settings::Folders,
    /// Stoa's folder among the user's data, if the system has such a thing.
    data: Option<PathBuf>,
}

impl Folders {
    /// Asks the system.
    pub fn find() -> Result<Self> {
        let here = env::current_dir()
            .context("the current folder can’t be used; change to another one")?;
        let user = ProjectDirs::from("", "", "stoa");
        Ok(Self {
            settings: settings::Folders {
                here,
                config: user.as_ref().map(|user| user.config_dir().to_owned()),
            },
            data: user.map(|user| user.data_dir().to_owned()),
        })
    }

    /// The folder of the forum: `storage.dir`, else that of the checkout we are in, else the user's.
    pub fn state(self, settings: &Settings) -> Result<PathBuf> {
        if let Some(dir) = &settings.storage.dir {
            return Ok(dir.clone());
        }
        let here = self.settings.here;
        if here.join(CHECKOUT).is_file() {
            return Ok(here.join(CHECKOUT_STATE));
        }
        self.data
            .context("there is no home folder to keep the forum in; set storage.dir")
    }
}
