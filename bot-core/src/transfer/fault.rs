//! Why an import or export can't go on.

use std::path::PathBuf;

use super::{Looks, Takes, dump};
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
    /// A file is something else than what is taken.
    #[error("{name} looks like {looks}, but {takes}; {}", looks.remedy(*takes))]
    Other {
        /// What it is called.
        name: String,
        /// What it looks like.
        looks: Looks,
        /// What is taken.
        takes: Takes,
    },
    /// A file has nothing in it.
    #[error("{name} is empty, but {takes}")]
    Empty {
        /// What it is called.
        name: String,
        /// What is taken.
        takes: Takes,
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
