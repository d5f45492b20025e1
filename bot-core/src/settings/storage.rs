//! The section `[storage]`: where the forum is kept.

use std::path::PathBuf;

use serde::Deserialize;

use super::fault::SettingsFault;
use super::layers::Layers;

/// Where the forum is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageSettings {
    /// The folder of the database, the index and the sessions; where it is not set, the program decides.
    pub dir: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct Section {
    dir: Option<String>,
}

impl Section {
    pub(super) fn check(self, layers: &Layers) -> Result<StorageSettings, SettingsFault> {
        if self.dir.as_deref() == Some("") {
            return Err(SettingsFault::WrongValue {
                key: "storage.dir",
                origin: layers.origin("storage.dir"),
                wrong: "is empty".to_owned(),
                remedy: "name a folder, or leave it out",
            });
        }
        Ok(StorageSettings {
            dir: self.dir.map(|dir| layers.path(&dir)),
        })
    }
}
