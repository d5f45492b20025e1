//! What is written to where somebody names: a file, a link, a pipe, a device, and what stands there already.

#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::Shell;

/// Each command that writes a file, with what it is asked for.
const WRITERS: [&[&str]; 3] = [&["backup"], &["export"], &["demo", "--posts", "20", "--to"]];

/// A command that writes to `to`.
fn writing<'a>(writer: &[&'a str], to: &'a str) -> Vec<&'a str> {
    [writer, &[to]].concat()
}

/// What stands in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Runs a command whose files may not grow beyond so many blocks of 512 bytes, as on a disk that is full.
fn limited(shell: &Shell, blocks: u32, arguments: &[&str]) -> Output {
    let stoa = shell.stoa(arguments);
    let mut limited = shell.command("sh");
    limited
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""),
        ])
        .arg(stoa.get_program())
        .args(stoa.get_args());
    limited.output().expect("runs")
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_that_is_asked_for() {
    let shell = Shell::with_demo();
    fs::create_dir(shell.path("out")).expect("makes");
    for writer in WRITERS {
        shell.write("out/file", "what somebody wrote");
        let command = writing(writer, "out/file");
        assert_eq!(
            shell.fails(&command),
            "out/file is there already; --force replaces it",
            "{writer:?}"
        );
        let kept = fs::read_to_string(shell.path("out/file")).expect("reads");
        assert_eq!(kept, "what somebody wrote", "{writer:?}");
        let said = shell.says(&[&command[..], &["--force"]].concat());
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{writer:?}");
        let new = fs::read(shell.path("out/file")).expect("reads");
        assert!(new.len() > 1_000, "{writer:?}");
        assert_eq!(names(&shell.path("out")), ["file"], "{writer:?}");
        // Somebody's own file of that name is not what is written meanwhile.
        shell.write("out/new.part", "mine");
        shell.does(&writing(writer, "out/new"));
        let mine = fs::read_to_string(shell.path("out/new.part")).expect("reads");
        assert_eq!(mine, "mine", "{writer:?}");
        for name in ["new", "new.part"] {
            fs::remove_file(shell.path("out").join(name)).expect("removes");
        }
        assert_eq!(
            shell.fails(&writing(writer, "out")),
            "out is a folder; name a file in it"
        );
        let inside = shell.fails(&[&writing(writer, "run/forum.db")[..], &["--force"]].concat());
        assert!(
            inside.contains("is in the storage folder itself"),
            "{inside}"
        );
    }
    assert!(shell.does(&["search", "sourdough"]).contains("#2"));
}

#[test]
fn links_are_followed_and_stay_links() {
    let shell = Shell::with_demo();
    for folder in ["here", "disk"] {
        fs::create_dir(shell.path(folder)).expect("makes");
    }
    for writer in WRITERS {
        symlink("../disk/file", shell.path("here/link")).expect("links");
        shell.does(&writing(writer, "here/link"));
        let first = fs::read(shell.path("disk/file")).expect("reads");
        assert!(first.len() > 1_000, "{writer:?}");
        let again = writing(writer, "here/link");
        assert!(
            shell.fails(&again).contains("is there already"),
            "{writer:?}"
        );
        shell.does(&[&again[..], &["--force"]].concat());
        let link = fs::symlink_metadata(shell.path("here/link")).expect("is there");
        assert!(link.is_symlink(), "{writer:?}");
        assert_eq!(names(&shell.path("here")), ["link"], "{writer:?}");
        assert_eq!(names(&shell.path("disk")), ["file"], "{writer:?}");
        fs::remove_file(shell.path("here/link")).expect("removes");
        fs::remove_file(shell.path("disk/file")).expect("removes");
    }
}

#[test]
fn what_is_no_file_is_written_into() {
    let shell = Shell::with_demo();
    let whole = |writer: &[&str]| -> Vec<u8> {
        let name = "whole";
        shell.does(&writing(writer, name));
        let whole = fs::read(shell.path(name)).expect("reads");
        fs::remove_file(shell.path(name)).expect("removes");
        whole
    };
    for writer in WRITERS {
        // A backup's copy has a number of its own.
        let len = whole(writer).len();
        for name in ["-", "/dev/stdout", "/proc/self/fd/1"] {
            let output = shell.stoa(&writing(writer, name)).output().expect("runs");
            assert_eq!(output.status.code(), Some(0), "{writer:?} {name}");
            assert_eq!(output.stdout.len(), len, "{writer:?} {name}");
            // Also where it leads to a file, which is there by then.
            let file = fs::File::create(shell.path("redirected")).expect("creates");
            let mut stoa = shell.stoa(&writing(writer, name));
            let status = stoa.stdout(file).status().expect("runs");
            assert!(status.success(), "{writer:?} {name}");
            let written = fs::metadata(shell.path("redirected")).expect("is there");
            assert_eq!(written.len(), len as u64, "{writer:?} {name}");
        }
        let fifo = shell.path("fifo");
        let made = Command::new("mkfifo").arg(&fifo).status().expect("runs");
        assert!(made.success());
        let mut child = shell
            .stoa(&writing(writer, "fifo"))
            .stdout(Stdio::null())
            .spawn()
            .expect("starts");
        let mut read = Vec::new();
        let mut reading = fs::File::open(&fifo).expect("opens");
        reading.read_to_end(&mut read).expect("reads");
        assert!(child.wait().expect("ends").success(), "{writer:?}");
        assert_eq!(read.len(), len, "{writer:?}");
        let still = fs::symlink_metadata(&fifo).expect("is there");
        assert!(still.file_type().is_fifo(), "{writer:?}");
        fs::remove_file(&fifo).expect("removes");

        let full = shell.says(&writing(writer, "/dev/full"));
        assert_eq!(full.code, Some(1), "{writer:?}");
        assert!(full.err.contains("No space left on device"), "{}", full.err);
        assert!(
            Path::new("/dev/full")
                .metadata()
                .is_ok_and(|full| full.file_type().is_char_device())
        );
    }
    assert!(
        names(&shell.storage())
            .iter()
            .all(|name| !name.contains("part"))
    );
}

#[test]
fn a_pipe_that_nobody_reads_can_be_left() {
    let shell = Shell::with_demo();
    let fifo = shell.path("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .expect("runs")
            .success()
    );
    let child = shell
        .stoa(&["export", "fifo"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // It is there once it listens: its signals are caught then.
    let caught = || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let mask = line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask & (1 << (15 - 1)) != 0)
    };
    while !caught() {}
    kill_process(Pid::from_child(&child), Signal::TERM).expect("signals");
    let said = shell.said(child.wait_with_output().expect("ends"));
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(1), "stoa: stopped before the end\n")
    );
}

#[test]
fn a_full_disk_or_ctrl_c_leaves_no_part_of_a_file_behind() {
    let shell = Shell::new();
    super::import::write_dump(&shell, 2_000, 60);
    shell.does(&["import", "stackexchange", "dump"]);
    fs::create_dir(shell.path("out")).expect("makes");
    for writer in [
        &["backup"][..],
        &["export"],
        &["demo", "--posts", "3000", "--to"],
    ] {
        let command = writing(writer, "out/file");
        let output = limited(&shell, 200, &command);
        let said = shell.said(output);
        assert_eq!(said.code, Some(1), "{writer:?}: {}", said.out);
        assert!(
            said.err.lines().count() == 1 && said.err.contains("out/file"),
            "{}",
            said.err
        );
        assert_eq!(names(&shell.path("out")), [""; 0], "{writer:?}");

        let mut child = shell
            .stoa(&command)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        while names(&shell.path("out")).is_empty() && child.try_wait().expect("waits").is_none() {}
        // It may be done by now.
        let _ = kill_process(Pid::from_child(&child), Signal::INT);
        child.wait().expect("ends");
        let left = names(&shell.path("out"));
        assert!(left.is_empty() || left == ["file"], "{writer:?}: {left:?}");
        let _ = fs::remove_file(shell.path("out/file"));
    }
    let parts = names(&shell.storage());
    assert!(parts.iter().all(|name| !name.contains("part")), "{parts:?}");
}
