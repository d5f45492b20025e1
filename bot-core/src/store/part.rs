//! A file that appears whole or not at all: it is written beside the name that it gets, under one of its own, which is gone if it is
//! not finished.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::restore::with;
use crate::chance;

/// What such a file is called besides while it is written.
const PART: &str = ".part";
/// What SQLite puts beside a file that it writes.
const BESIDE: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// A file that is being written.
pub struct PartialFile {
    path: PathBuf,
    to: PathBuf,
}

impl PartialFile {
    /// Makes an empty file, which is to be called `to` when it is whole.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn make(to: &Path) -> io::Result<Self> {
        let token = chance::token(&mut chance::System);
        let mut name = OsString::from(to);
        name.push(format!(".{token:.8}{PART}"));
        let path = PathBuf::from(name);
        File::create_new(&path)?;
        Ok(Self {
            path,
            to: to.to_owned(),
        })
    }

    /// Where it is written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, in place of a file that has it. All of it is on disk then.
    ///
    /// # Errors
    /// When the disk does not take it; nothing of it is left then.
    pub fn finish(self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, &self.to)
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        for beside in BESIDE {
            // What has its name by now, or never was, is not there.
            let _ = fs::remove_file(with(&self.path, beside));
        }
    }
}

/// Takes away what processes that were killed left of the store's files in a folder that nobody else writes to.
pub(super) fn sweep(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with("forum.") || name.starts_with("erased.");
        if is_ours && name.contains(".part") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a folder");
        let to = dir.path().join("forum.copy.db");
        let part = PartialFile::make(&to).expect("makes");
        fs::write(with(part.path(), "-journal"), "x").expect("writes");
        drop(part);
        assert_eq!(fs::read_dir(dir.path()).expect("reads").count(), 0);

        let part = PartialFile::make(&to).expect("makes");
        fs::write(part.path(), "whole").expect("writes");
        part.finish().expect("is renamed");
        assert_eq!(fs::read_to_string(&to).expect("reads"), "whole");

        std::mem::forget(PartialFile::make(&to).expect("makes"));
        assert_eq!(fs::read_dir(dir.path()).expect("reads").count(), 2);
        sweep(dir.path()).expect("sweeps");
        assert_eq!(fs::read_dir(dir.path()).expect("reads").count(), 1);
        assert!(to.exists());
    }
}
