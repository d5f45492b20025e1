//! Why an import or export can't go on.

use std::path::PathBuf;

use super::dump;
use crate::store;

/// It broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// A dump's file.
    #[error(transparent)]
    Dump(#[from] dump::Fault),
    /// The folder holds no dump.
    #[error("{} holds no Posts.xml; name the folder that a site’s dump was unpacked into", path.display())]
    NoDump {
        /// The folder.
        path: PathBuf,
    },
    /// A file can't be read on.
    #[error("{name} can’t be read")]
    Read {
        /// What it is called.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What was exported can't be written.
    #[error("{name} can’t be written")]
    Write {
        /// What it is called.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}
