//! A backup put in the place of the database, which is kept beside it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::fault::Fault;
use super::reader::Reader;
use super::{backup, erased, open};

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

/// What came of a restore.
#[derive(Debug, Default)]
pub struct Restored {
    /// Where that is kept which was replaced, if there was anything.
    pub kept: Option<PathBuf>,
    /// Sentences that say why something that was deleted may be back; what to do stands behind the first semicolon.
    pub problems: Vec<String>,
}

/// Puts a copy of `from` in the place of the folder's database. What was there is kept beside it, under the name that is
/// given, and what it knew as deleted is remembered. Whatever ends this early: the old database or the new one is whole,
/// under its name or in what is kept.
///
/// # Errors
/// When another process works on the folder, `from` is not a whole database of Stoa's, or of a newer version, or the disk
/// does not take it; nothing is changed then.
pub fn restore(dir: &Path, from: &Path) -> Result<Restored, Fault> {
    let _lock = open::lock(dir)?;
    let new = dir.join("forum.db.restored");
    let backup = open::backup(from)?;
    backup::copy(&backup, &new)?;
    // A backup of an older version does not say.
    let wiped = backup.query_row("SELECT wiped > 0 FROM store", [], |row| {
        row.get::<_, bool>(0)
    });
    drop(backup);
    let database = dir.join(open::DATABASE);
    let folder = |source| Fault::Folder {
        path: dir.to_owned(),
        source: Arc::new(source),
    };
    let aside = match database.try_exists().map_err(folder)? {
        true => Some(free(dir)),
        false => None,
    };
    let problems = remember(dir, aside.is_some(), wiped.unwrap_or(false))?;
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
        #[expect(
            clippy::disallowed_methods,
            reason = "a file's time is the machine's, whatever clock the forum has"
        )]
        let now = SystemTime::now();
        file.and_then(|file| file.set_modified(now))
            .map_err(folder)?;
    }
    fs::rename(&new, &database).map_err(folder)?;
    // A backup of an older version is brought up to this one.
    drop(open::writable(dir)?);
    Ok(Restored {
        kept: aside,
        problems,
    })
}

/// Remembers what the database that is to be replaced knows as deleted. It may be damaged, which is why it is replaced: that is said
/// and keeps nothing from being restored.
fn remember(dir: &Path, is_there: bool, backup_was_wiped: bool) -> Result<Vec<String>, Fault> {
    let old = match is_there {
        true => Some(
            Reader::open(dir)
                .map(|old| (old, true))
                .or_else(|fault| match fault {
                    Fault::Older { .. } | Fault::Newer { .. } => {
                        Ok((Reader::open_any(dir)?, false))
                    }
                    fault => Err(fault),
                }),
        ),
        false => None,
    };
    let old_was_wiped = match &old {
        Some(Ok((old, _))) => old.was_wiped().unwrap_or(false),
        Some(Err(_)) | None => false,
    };
    let flaw = erased::flaw_where(dir, || Ok(backup_was_wiped || old_was_wiped))?;
    let mut problems: Vec<String> = flaw.iter().map(ToString::to_string).collect();
    let unread = match old {
        Some(Ok((old, is_current))) => erased::remember_all(dir, &old, is_current)?,
        Some(Err(fault)) => Some(fault),
        None => None,
    };
    if let Some(fault) = unread {
        tracing::warn!(
            error = &fault as &dyn std::error::Error,
            "the database that is replaced could not be read"
        );
        problems.push(format!(
            "what {} knew as deleted can’t be read; see whether something is back that was deleted just before it was replaced",
            dir.join(open::DATABASE).display()
        ));
    }
    Ok(problems)
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
