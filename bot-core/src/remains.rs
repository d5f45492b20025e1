//! Where a word still stands in a storage folder: for tests, and for whoever wants to see for themselves that something is gone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::search;

/// The files in a folder, and in those below it, that have a word in their bytes or their names, upper or lower case, and the
/// folders of search indexes that have a word with it, deleted documents' words among them.
///
/// # Errors
/// When a file can't be read, or an index is damaged. Files that go away meanwhile are gone.
pub fn of(folder: &Path, word: &str) -> io::Result<Vec<PathBuf>> {
    let word = word.to_lowercase();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.join("meta.json").is_file() && has_word(&folder, &word)? {
            found.push(folder.clone());
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // A socket holds nothing.
            if !path.is_file() {
                continue;
            }
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let name = path.to_string_lossy().to_lowercase();
            let finder = memmem::Finder::new(&word);
            if finder.find(&bytes.to_ascii_lowercase()).is_some()
                || finder.find(name.as_bytes()).is_some()
            {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Whether a search index has such a word.
fn has_word(index: &Path, word: &str) -> io::Result<bool> {
    search::words(index, |known| known.contains(word)).map_err(io::Error::other)
}
