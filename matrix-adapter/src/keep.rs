//! The session that is kept between runs: a file that only its owner may read.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use matrix_sdk::authentication::matrix::MatrixSession;
use serde::{Deserialize, Serialize};

use crate::fault::MatrixFault;
use crate::login;

/// The file's name in the adapter's folder.
const FILE: &str = "session.json";

/// A session, and the homeserver that it is good for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The homeserver's address, as the settings had it.
    pub homeserver: String,
    /// The session.
    #[serde(flatten)]
    pub session: MatrixSession,
}

impl Kept {
    /// Whether it is that of this account.
    pub(crate) fn is_of(&self, homeserver: &str, user: &str) -> bool {
        self.homeserver == homeserver && login::is(&self.session.meta.user_id, user)
    }
}

/// The kept session, if there is one that can be read.
pub(crate) fn read(dir: &Path) -> Result<Option<Kept>, MatrixFault> {
    let path = dir.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(kept) => Ok(Some(kept)),
            Err(error) => {
                let path = path.display();
                tracing::warn!(%path, %error, "the kept Matrix session can't be read, logging in anew");
                Ok(None)
            }
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(path, &error)),
    }
}

/// Keeps a session in place of any other.
pub(crate) fn write(dir: &Path, kept: &Kept) -> Result<(), MatrixFault> {
    let path = dir.join(FILE);
    let begun = dir.join("session.json.new");
    let write = || {
        let mut file = owners().open(&begun)?;
        serde_json::to_writer(&mut file, kept)?;
        file.flush()?;
        file.sync_all()?;
        fs::rename(&begun, &path)
    };
    write().map_err(|error: std::io::Error| fault(path.clone(), &error))
}

/// Forgets the session.
pub(crate) fn forget(dir: &Path) {
    let path = dir.join(FILE);
    if let Err(error) = fs::remove_file(&path)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "the kept Matrix session can't be removed");
    }
}

/// Makes the adapter's folder, which only its owner may enter.
pub(crate) fn folder(dir: &Path) -> Result<(), MatrixFault> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(dir)
        .map_err(|error| fault(dir.to_owned(), &error))
}

/// Opens a new file that only its owner may read.
fn owners() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn fault(path: PathBuf, error: &std::io::Error) -> MatrixFault {
    MatrixFault::Keep {
        path,
        why: error.to_string(),
    }
}
