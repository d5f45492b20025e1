//! A backup put in the place of the database, which is kept beside it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::fault::Fault;
use super::{backup, open};

/// How long a copy is kept that a migration or a restore made of what was there before.
pub const COPIES_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// What their names begin with.
const COPY: &str = "forum.before-";

/// Whether a file of this name is a copy that a migration or a restore made, or a part of one.
#[must_use]
pub fn is_copy(name: &str) -> bool {
    name.starts_with(COPY)
}

/// What a database consists of beside itself while it is in use.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Puts a copy of `from` in the place of the folder's database. What was there is kept beside it, under the name that is
/// given. Whatever ends this early: the old database or the new one is whole, under its name or in what is kept.
///
/// # Errors
/// When another process works on the folder, `from` is not a whole database of Stoa's, or of a newer version, or the disk
/// does not take it; nothing is changed then.
pub fn restore(dir: &Path, from: &Path) -> Result<Option<PathBuf>, Fault> {
    let _lock = open::lock(dir)?;
    let new = dir.join("forum.db.restored");
    backup::copy(&open::backup(from)?, &new)?;
    let database = dir.join(open::DATABASE);
    let folder = |source| Fault::Folder {
        path: dir.to_owned(),
        source: Arc::new(source),
    };
    let aside = match database.try_exists().map_err(folder)? {
        true => Some(free(dir)),
        false => None,
    };
    for part in PARTS {
        let old = with(&database, part);
        let moved = match &aside {
            Some(aside) => fs::rename(&old, with(aside, part)),
            None => fs::remove_file(&old),
        };
        moved
            .or_else(|error| match error.kind() {
                ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
            .map_err(folder)?;
    }
    if let Some(aside) = &aside {
        // It is kept from now on, whenever it was written last.
        let file = File::options().append(true).open(aside);
        file.and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(folder)?;
    }
    fs::rename(&new, &database).map_err(folder)?;
    // A backup of an older version is brought up to this one.
    drop(open::writable(dir)?);
    Ok(aside)
}

/// A name that is not taken yet.
fn free(dir: &Path) -> PathBuf {
    let names = (1_u32..).map(|n| dir.join(format!("forum.before-restore-{n}.db")));
    let mut free = names.filter(|path| !path.exists());
    free.next().expect("there are more numbers than files")
}

pub(super) fn with(path: &Path, part: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(part);
    PathBuf::from(name)
}
