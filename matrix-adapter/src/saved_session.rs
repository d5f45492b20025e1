//! What is kept between runs: the session and the recovery key, in files that only their owner may read.

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
pub(crate) struct SavedSession {
    /// The homeserver's address, as the settings had it.
    pub homeserver: String,
    /// The session.
    #[serde(flatten)]
    pub session: MatrixSession,
}

impl SavedSession {
    /// Whether it is that of this account.
    pub(crate) fn is_of(&self, homeserver: &str, user: &str) -> bool {
        self.homeserver == homeserver && login::is(&self.session.meta.user_id, user)
    }
}

/// The kept session, if there is one that can be read.
pub(crate) fn read(dir: &Path) -> Result<Option<SavedSession>, MatrixFault> {
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
pub(crate) fn write(dir: &Path, kept: &SavedSession) -> Result<(), MatrixFault> {
    let path = dir.join(FILE);
    let text = serde_json::to_vec(kept).map_err(|error| fault(path.clone(), &error.into()))?;
    put(&path, &text)
}

/// Where the recovery key is kept that the bot made.
pub(crate) fn recovery_file(dir: &Path) -> PathBuf {
    dir.join("recovery.key")
}

/// The recovery key that the bot made, if there is one.
pub(crate) fn recovery_key(dir: &Path) -> Result<Option<String>, MatrixFault> {
    let path = recovery_file(dir);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|key| !key.is_empty())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(path, &error)),
    }
}

/// Keeps a recovery key. One that is there already is put aside: something may still need it.
pub(crate) fn write_recovery_key(dir: &Path, key: &str) -> Result<PathBuf, MatrixFault> {
    let path = recovery_file(dir);
    if path.exists() {
        let free = (1..).map(|n| dir.join(format!("recovery.key.{n}")));
        let mut free = free.filter(|path| !path.exists());
        if let Some(aside) = free.next() {
            fs::rename(&path, aside).map_err(|error| fault(path.clone(), &error))?;
        }
    }
    put(&path, format!("{key}\n").as_bytes())?;
    remove(&begun_recovery(dir));
    Ok(path)
}

/// Notes that a recovery key is being made, which [`write_recovery_key`] takes back.
pub(crate) fn begin_recovery(dir: &Path) -> Result<(), MatrixFault> {
    put(&begun_recovery(dir), b"")
}

/// Whether a recovery key was being made when the process died.
pub(crate) fn has_begun_recovery(dir: &Path) -> Result<bool, MatrixFault> {
    let path = begun_recovery(dir);
    path.try_exists().map_err(|error| fault(path, &error))
}

fn begun_recovery(dir: &Path) -> PathBuf {
    dir.join("recovery.key.begun")
}

/// Writes a file that only its owner may read: whole, or not at all.
fn put(path: &Path, bytes: &[u8]) -> Result<(), MatrixFault> {
    let mut begun = path.as_os_str().to_owned();
    begun.push(".new");
    let write = || {
        let mut file = owners().open(&begun)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&begun, path)
    };
    write().map_err(|error: std::io::Error| fault(path.to_owned(), &error))
}

/// Forgets the session.
pub(crate) fn forget(dir: &Path) {
    remove(&dir.join(FILE));
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a kept file can't be removed");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_key_is_kept_and_one_that_was_there_is_put_aside() {
        let dir = std::env::temp_dir().join(format!("stoa-keep-{}", std::process::id()));
        folder(&dir).expect("a folder");
        assert_eq!(recovery_key(&dir).expect("readable"), None);
        begin_recovery(&dir).expect("written");
        assert!(has_begun_recovery(&dir).expect("readable"));
        for key in ["EsTa", "EsTb", "EsTc"] {
            write_recovery_key(&dir, key).expect("written");
            assert_eq!(recovery_key(&dir).expect("readable").as_deref(), Some(key));
        }
        assert!(!has_begun_recovery(&dir).expect("readable"));
        let aside = |n| fs::read_to_string(dir.join(format!("recovery.key.{n}")));
        assert_eq!(aside(1).expect("put aside"), "EsTa\n");
        assert_eq!(aside(2).expect("put aside"), "EsTb\n");
        fs::remove_dir_all(&dir).expect("goes");
    }
}
