//! The storage folder is its owner's alone: it holds what people withdrew from sight, who voted how, and the keys of encrypted rooms.
//!
//! The executable makes its files so from the first byte on (its umask). This mends what an older version, a copy or a restore left open.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What the names of Stoa's own files and folders in the storage folder begin with. Others are left as they are: the folder may be one that
/// has more in it.
const OWN: [&str; 7] = [
    "forum.", "stoa.", "erased.", "index", "matrix", "console", "control.",
];

/// Makes the folder where it is missing, its owner's alone.
pub(super) fn make(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// What in the storage folder others than its owner may read or write, the folder itself too.
///
/// # Errors
/// When the folder can't be read.
pub fn open_to_others(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut open = Vec::new();
    visit(dir, &mut |path, metadata| {
        if is_open(metadata) {
            open.push(path.to_owned());
        }
        Ok(())
    })?;
    Ok(open)
}

/// Takes from others what they may with the storage folder; gives how many files and folders were open to them.
pub(super) fn close(dir: &Path) -> io::Result<usize> {
    let mut closed = 0;
    visit(dir, &mut |path, metadata| {
        if is_open(metadata) {
            shut(path, metadata)?;
            closed += 1;
        }
        Ok(())
    })?;
    Ok(closed)
}

/// Goes through the folder and all that is Stoa's in it; links are not followed.
fn visit(dir: &Path, on: &mut impl FnMut(&Path, &Metadata) -> io::Result<()>) -> io::Result<()> {
    let metadata = fs::metadata(dir)?;
    if !is_shared(&metadata) {
        on(dir, &metadata)?;
    }
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if OWN.iter().any(|own| name.starts_with(own)) {
            visit_whole(&entry.path(), on)?;
        }
    }
    Ok(())
}

fn visit_whole(
    path: &Path,
    on: &mut impl FnMut(&Path, &Metadata) -> io::Result<()>,
) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        // The index drops files while it works.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if metadata.is_symlink() {
        return Ok(());
    }
    on(path, &metadata)?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            visit_whole(&entry?.path(), on)?;
        }
    }
    Ok(())
}

/// A folder like /tmp, which all users share, is not Stoa's to close.
#[cfg(unix)]
fn is_shared(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o1000 != 0
}

#[cfg(unix)]
fn is_open(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(unix)]
fn shut(path: &Path, metadata: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let owner = metadata.permissions().mode() & 0o700;
    fs::set_permissions(path, fs::Permissions::from_mode(owner))
}

#[cfg(not(unix))]
fn is_shared(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn is_open(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn shut(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_stoas_is_closed_and_all_else_stays_as_it_is() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = |name: &str| dir.path().join(name);
        let mode = |name: &str| {
            fs::metadata(path(name))
                .expect("there")
                .permissions()
                .mode()
                & 0o777
        };
        let set = |name: &str, mode| {
            fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).expect("sets");
        };
        for folder in ["index", "matrix", "photos"] {
            fs::create_dir(path(folder)).expect("makes");
            set(folder, 0o755);
        }
        for file in [
            "forum.db",
            "forum.before-v2.db",
            "index/meta.json",
            "photos/cat.png",
        ] {
            fs::write(path(file), "x").expect("writes");
            set(file, 0o644);
        }
        set("", 0o755);
        assert_eq!(open_to_others(dir.path()).expect("reads").len(), 6);
        assert_eq!(close(dir.path()).expect("closes"), 6);
        assert_eq!(
            (mode(""), mode("index"), mode("forum.db")),
            (0o700, 0o700, 0o600)
        );
        assert_eq!(mode("forum.before-v2.db"), 0o600);
        assert_eq!(mode("index/meta.json"), 0o600);
        assert_eq!((mode("photos"), mode("photos/cat.png")), (0o755, 0o644));
        assert_eq!(
            open_to_others(dir.path()).expect("reads"),
            [""; 0].map(PathBuf::from)
        );
        set("", 0o1777);
        close(dir.path()).expect("closes");
        assert_eq!(
            mode(""),
            0o777,
            "a folder that all users share is left alone"
        );
    }
}
