//! A copy of the whole database in one file, made beside a running process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::fault::{During, Fault};

/// Writes a consistent copy of the database to `to`, which appears whole or not at all. An existing file is replaced.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<(), Fault> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let folder = |source| Fault::Folder {
        path: to.to_owned(),
        source: Arc::new(source),
    };
    if part.exists() {
        std::fs::remove_file(&part).map_err(folder)?;
    }
    let name = part.to_string_lossy().into_owned();
    conn.execute("VACUUM INTO ?1", [name])
        .during("copying the database")
        .map_err(|f| f.about(to))?;
    // The copy goes its own way from here.
    Connection::open(&part)
        .and_then(|copy| copy.execute("UPDATE store SET epoch = abs(random() % 1000000000)", []))
        .during("naming the copy")?;
    std::fs::File::open(&part)
        .and_then(|file| file.sync_all())
        .map_err(folder)?;
    std::fs::rename(&part, to).map_err(folder)
}
