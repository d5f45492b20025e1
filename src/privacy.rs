//! What the process keeps from the machine's other users: every file it makes is its owner's alone, and its memory can't be read.

/// Sees to it. To be called before any file is made.
///
/// The memory holds tokens and, in encrypted rooms, keys: so no core is dumped, and no other program of the same user can attach to the
/// process (`PR_SET_DUMPABLE`, Linux).
#[cfg(unix)]
pub fn keep() {
    use rustix::fs::Mode;

    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // A kernel that refuses leaves it as it was.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Other systems have other ways, which are left as they come.
#[cfg(not(unix))]
pub fn keep() {}

/// Whether others than its owner may read a file.
#[cfg(unix)]
pub fn is_readable_by_others(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
pub fn is_readable_by_others(_: &std::path::Path) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn the_processes_memory_can_not_be_read_and_its_files_are_its_own() {
        super::keep();
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        let file = tempfile::tempdir().expect("a folder");
        let file = file.path().join("file");
        std::fs::write(&file, "x").expect("writes");
        assert!(!super::is_readable_by_others(&file));
    }
}
