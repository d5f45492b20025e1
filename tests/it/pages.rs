//! The project's pages where they show what tests saw: held against it, or written anew with `STOA_WRITE_README=1`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The file of a page, by its path from the top of the project.
pub fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

/// A page.
pub fn read(page: &str) -> String {
    std::fs::read_to_string(path(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// What stands on a page between two marks.
pub fn between<'p>(text: &'p str, begin: &str, end: &str) -> &'p str {
    let (_, rest) = text.split_once(begin).expect("the page has a place for it");
    rest.split_once(end).expect("the place ends").0
}

/// Holds what stands on a page between two marks against what was seen, or writes it there.
pub fn hold(page: &str, begin: &str, end: &str, seen: &str) {
    /// Several tests write to one page.
    static WRITING: Mutex<()> = Mutex::new(());
    let seen = format!("{}\n", seen.trim_end());
    if !is_written() {
        let text = read(page);
        let shown = between(&text, begin, end);
        assert_eq!(
            shown, seen,
            "{page}: write it anew with STOA_WRITE_README=1"
        );
        return;
    }
    let _writing = WRITING.lock().expect("no panic");
    let text = read(page);
    let shown = between(&text, begin, end);
    let old = format!("{begin}{shown}{end}");
    let new = format!("{begin}{seen}{end}");
    std::fs::write(path(page), text.replacen(&old, &new, 1)).expect("writes");
}

/// Holds a whole file against what it has to be, or writes it.
pub fn hold_file(page: &str, seen: &str) {
    if is_written() {
        std::fs::write(path(page), seen).expect("writes");
        return;
    }
    assert_eq!(
        read(page),
        seen,
        "{page}: write it anew with STOA_WRITE_README=1"
    );
}

fn is_written() -> bool {
    std::env::var_os("STOA_WRITE_README").is_some()
}
