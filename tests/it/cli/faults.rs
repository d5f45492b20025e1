//! What breaks under the forum: its files, its locks, its index, its process.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Said, Shell, largest};

/// A console that is open and has answered.
struct Console {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Console {
    fn open(shell: &Shell) -> Self {
        let mut child = shell
            .stoa(&["console"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stdin = child.stdin.take().expect("piped");
        // The second message tells that the first has ended.
        stdin.write_all(b"!help\n!help\n").expect("writes");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("reads");
        assert_eq!(line, "What you can say\n");
        Self {
            child,
            stdin: Some(stdin),
            stdout,
        }
    }

    /// Waits for its end; gives its exit code and the rest of what it said.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.stdin.take());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("reads");
        (self.child.wait().expect("ends").code(), rest)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // It has ended already where all is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_store_is_one_process_s_and_is_read_beside_it() {
    let shell = Shell::with_demo();
    let console = Console::open(&shell);
    let in_use = "~/run is in use by another `stoa`; stop that one first";
    assert_eq!(shell.fails(&["console"]), in_use);
    shell.write("more.jsonl", "");
    assert_eq!(shell.fails(&["import", "jsonl", "more.jsonl"]), in_use);
    assert!(shell.says(&["export", "-"]).out.starts_with("{\"stoa\":1,"));
    assert_eq!(shell.fails(&["reindex"]), in_use);
    shell.says(&["backup", "copy.db"]);
    assert_eq!(shell.fails(&["restore", "copy.db"]), in_use);
    for arguments in [
        &["search", "backup"][..],
        &["stats"],
        &["backup", "other.db"],
        &["check"],
    ] {
        let said = shell.says(arguments);
        assert_eq!(
            (said.code, said.err.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
    assert!(
        shell
            .says(&["check"])
            .out
            .contains("ok lock: a `stoa` works on this store now\n")
    );
    assert_eq!(console.end().0, Some(0));
    assert!(shell.says(&["check"]).out.contains("ok lock: free\n"));
}

#[test]
#[cfg(unix)]
fn a_console_that_is_told_to_end_finishes_what_was_begun() {
    let shell = Shell::new();
    let mut console = Console::open(&shell);
    let stdin = console.stdin.as_mut().expect("open");
    stdin
        .write_all(b"!ask Is this kept?\n!help\n")
        .expect("writes");
    let mut line = String::new();
    while !line.contains("#1 Is this kept?") {
        line.clear();
        assert!(console.stdout.read_line(&mut line).expect("reads") > 0);
    }
    let pid = console.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("runs")
            .success()
    );
    let stdin = console.stdin.take();
    assert_eq!(console.end().0, Some(0));
    drop(stdin);
    assert!(
        shell
            .says(&["search", "kept"])
            .out
            .contains("#1 Is this kept?")
    );
}

/// Says that so many migrations were made: the file's format keeps `user_version`, by which they are counted, at byte 60.
fn set_version(database: &Path, version: u32) {
    let mut file = OpenOptions::new()
        .write(true)
        .open(database)
        .expect("opens");
    file.seek(SeekFrom::Start(60)).expect("seeks");
    file.write_all(&version.to_be_bytes()).expect("writes");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let shell = Shell::with_demo();
    let database = shell.storage().join("forum.db");
    set_version(&database, 99);
    let before = fs::read(&database).expect("reads");
    let newer = "~/run/forum.db was written by a newer version of Stoa; install that version, or restore a backup";
    for arguments in [
        &["console"][..],
        &["reindex"],
        &["stats"],
        &["search", "x"],
        &["backup", "copy.db"],
    ] {
        assert_eq!(shell.fails(arguments), newer, "{arguments:?}");
    }
    assert!(fs::read(&database).expect("reads") == before);
    let said = shell.says(&["check"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains(
            "problem store: ~/run/forum.db was written by a newer version of Stoa → install"
        ),
        "{}",
        said.out
    );
}

#[test]
fn a_file_that_is_no_database_or_no_file_is_told() {
    let shell = Shell::new();
    fs::create_dir(shell.storage()).expect("makes");
    let database = shell.storage().join("forum.db");
    fs::write(&database, "something else ".repeat(1_000)).expect("writes");
    let damaged = "~/run/forum.db is damaged or not Stoa's database; restore a backup";
    assert_eq!(shell.fails(&["console"]), damaged);
    assert_eq!(shell.fails(&["stats"]), damaged);

    // What cannot be written by anybody, whoever runs the test.
    fs::remove_file(&database).expect("removes");
    fs::create_dir(&database).expect("makes");
    let read_only = "~/run/forum.db can't be written; give the user that runs `stoa` write access to it and its folder";
    assert_eq!(shell.fails(&["console"]), read_only);

    fs::remove_dir_all(shell.storage()).expect("removes");
    shell.write("run", "a file where the folder should be");
    let said = shell.fails(&["console"]);
    assert!(
        said.starts_with(
            "the folder ~/run can't be used; check `storage.dir` and who may write there"
        ),
        "{said}"
    );
}

#[test]
fn a_database_that_another_program_holds_is_told_and_nothing_is_lost() {
    let shell = Shell::with_demo();
    let hold = "import sqlite3, sys\n\
                held = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
                held.execute('BEGIN EXCLUSIVE')\n\
                print('held', flush=True)\n\
                sys.stdin.read()\n";
    let mut holder = Command::new("python3")
        .args(["-c", hold])
        .arg(shell.storage().join("forum.db"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python 3 is needed to hold the database as another program would");
    let mut line = String::new();
    BufReader::new(holder.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("reads");
    assert_eq!(line, "held\n");
    let said = shell.fails(&["console"]);
    drop(holder.stdin.take());
    holder.wait().expect("ends");
    assert_eq!(
        said,
        "~/run/forum.db is locked by another program; close it"
    );
    assert_eq!(
        shell.pipe(&["console"], "!ask Is it free now?\n").code,
        Some(0)
    );
}

#[test]
fn an_index_that_is_gone_or_cut_off_is_told_and_built_anew() {
    let shell = Shell::with_demo();
    let index = shell.storage().join("index");
    let gone = "`stoa reindex` builds the search index anew, as the next `stoa run` does: there is no search index to use: ";
    for damage in ["gone", "cut off"] {
        match damage {
            "gone" => fs::remove_dir_all(&index).expect("removes"),
            _ => {
                let file = OpenOptions::new()
                    .write(true)
                    .open(largest(&index))
                    .expect("opens");
                let half = file.metadata().expect("a size").len() / 2;
                file.set_len(half).expect("cuts");
            }
        }
        let said = shell.fails(&["search", "sourdough"]);
        assert!(said.starts_with(gone), "{damage}: {said}");
        let said = shell.pipe(&["console"], "!search sourdough\n");
        assert_eq!(said.code, Some(0), "{damage}");
        assert!(
            said.err
                .contains("the search index is built anew from the store, because"),
            "{damage}: {}",
            said.err
        );
        assert!(
            said.out.contains("#2 Sourdough is dense"),
            "{damage}: {}",
            said.out
        );
        let said = shell.says(&["check"]);
        assert!(
            said.out.contains("ok index: 13 questions, up to date"),
            "{damage}: {}",
            said.out
        );
    }
    fs::remove_dir_all(&index).expect("removes");
    let said = shell.says(&["reindex"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (Some(0), "ok 13 questions in the index\n", "")
    );
    assert!(
        shell
            .says(&["search", "sourdough"])
            .out
            .contains("#2 Sourdough is dense")
    );
}

/// Answers each request to a homeserver: its log-in is refused.
fn refuse_all(homeserver: &TcpListener) {
    for stream in homeserver.incoming() {
        let Ok(stream) = stream else { continue };
        let mut request = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        while request.read_line(&mut line).unwrap_or(0) > 2 {
            let header = line.to_lowercase();
            if let Some(bytes) = header.strip_prefix("content-length:") {
                length = bytes.trim().parse().expect("a number");
            }
            line.clear();
        }
        // Whoever hangs up before that hears nothing.
        let _ = request.read_exact(&mut vec![0; length]);
        let body = r#"{"errcode":"M_FORBIDDEN","error":"Invalid password"}"#;
        let _ = write!(
            request.get_mut(),
            "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
    }
}

/// Settings for a homeserver at this address of this machine.
fn homeserver_at(port: u16) -> String {
    format!(
        "[matrix]\nhomeserver = \"http://127.0.0.1:{port}\"\nuser = \"stoa\"\npassword = \"secret words\"\n"
    )
}

#[test]
fn a_platform_that_is_down_at_the_first_start_is_waited_for_and_one_that_refuses_is_not() {
    let shell = Shell::new();
    let homeserver = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = homeserver.local_addr().expect("an address");
    drop(homeserver);
    shell.write("stoa.toml", &homeserver_at(at.port()));
    let mut run = shell
        .stoa(&["run"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut log = BufReader::new(run.stderr.take().expect("piped")).lines();
    let waits = log.find(|line| {
        line.as_ref()
            .is_ok_and(|line| line.contains("it is tried again in "))
    });
    let waits = waits.expect("it says so").expect("reads");
    assert!(waits.contains("can’t be reached"), "{waits}");
    let homeserver = TcpListener::bind(at).expect("the same port");
    std::thread::spawn(move || refuse_all(&homeserver));
    let last = log.last().expect("it speaks").expect("reads");
    assert_eq!(run.wait().expect("ends").code(), Some(1));
    assert!(
        last.starts_with("stoa: The homeserver refused the password of stoa"),
        "{last}"
    );
}

#[test]
fn run_logs_in_json_where_it_is_set_and_ends_with_its_one_sentence() {
    let shell = Shell::with_demo();
    fs::remove_dir_all(shell.storage().join("index")).expect("removes");
    let homeserver = TcpListener::bind("127.0.0.1:0").expect("a port");
    let settings = homeserver_at(homeserver.local_addr().expect("an address").port());
    std::thread::spawn(move || refuse_all(&homeserver));
    shell.write(
        "stoa.toml",
        &format!("{settings}[log]\nformat = \"json\"\n"),
    );
    let said = shell.says(&["run"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    let lines: Vec<_> = said.err.lines().collect();
    let (sentence, log) = lines.split_last().expect("lines");
    assert!(
        sentence.starts_with("stoa: ") && sentence.contains("matrix.password"),
        "{sentence}"
    );
    for line in log {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(
            line["level"].is_string() && line["message"].is_string(),
            "{line}"
        );
    }
    assert!(
        said.err
            .contains("the search index is built anew from the store, because there was none"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("secret words"));
    assert!(
        shell
            .says(&["check"])
            .out
            .contains("ok index: 13 questions, up to date")
    );
}

#[test]
fn a_disk_that_takes_no_more_is_one_sentence_and_nothing_confirmed_is_lost() {
    let shell = Shell::new();
    assert_eq!(
        shell
            .pipe(&["console"], "!ask Is this kept whatever comes?\n")
            .code,
        Some(0)
    );
    // No file may grow beyond 200 KB, in blocks of 512 bytes; the signal that tells of it is ignored, as a full disk sends none.
    let stoa = shell.stoa(&["console"]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" console"])
        .arg(stoa.get_program())
        .current_dir(shell.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in stoa.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let mut child = limited.spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    let body = "It is filled to the brim. ".repeat(100);
    let said = std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..500 {
                // The other end is closed once nothing goes any more.
                if write!(stdin, "!ask Is there room for number {number}?\n{body}\n").is_err() {
                    break;
                }
            }
        });
        shell.said(child.wait_with_output().expect("ends"))
    });
    assert_eq!(said.code, Some(1), "{}", said.err);
    let last = said.err.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("stoa: the disk of ~/run/forum.db"),
        "{}",
        said.err
    );
    let confirmed = said
        .out
        .lines()
        .filter(|line| line.contains(" Is there room for number "))
        .count();
    assert!(confirmed > 0, "{}", said.out);
    let stats = shell.says(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats.out).expect("JSON");
    assert!(
        stats["questions"].as_u64() > u64::try_from(confirmed).ok(),
        "{confirmed} of {stats}"
    );
    assert_eq!(
        shell
            .pipe(&["console"], "!ask Is there room again now?\n")
            .code,
        Some(0)
    );
}

/// What a command says that may hang; one that does is ended after a minute.
fn ends(shell: &Shell, arguments: &[&str], input: &str) -> Said {
    let stoa = shell.stoa(arguments);
    let mut watched = shell.command("timeout");
    watched
        .args(["--signal=KILL", "60"])
        .arg(stoa.get_program())
        .args(stoa.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = watched.spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    // Whoever ends before it has read all of it has said why.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    shell.said(child.wait_with_output().expect("ends"))
}

/// The last line that a command says where it fails.
fn last_words(said: &Said) -> &str {
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let last = said.err.lines().last().unwrap_or_default();
    last.strip_prefix("stoa: ")
        .unwrap_or_else(|| panic!("{}", said.err))
}

/// Writes over the pages of a database between two parts of it.
fn damage(database: &std::path::Path, from: f64, to: f64) {
    const PAGE: usize = 4096;
    let mut bytes = fs::read(database).expect("reads");
    let pages = bytes.len() / PAGE;
    let part = |part: f64| (pages as f64 * part) as usize * PAGE;
    bytes[part(from)..part(to)].fill(0x5A);
    fs::write(database, bytes).expect("writes");
}

#[test]
fn a_store_with_damaged_pages_is_told_by_each_command_in_one_sentence() {
    let shell = Shell::new();
    super::import::write_dump(&shell, 1_500, 60);
    shell.does(&["import", "stackexchange", "dump"]);
    damage(&shell.storage().join("forum.db"), 0.15, 0.95);
    let damaged = "~/run/forum.db is damaged or not Stoa's database; restore a backup";
    for arguments in [
        &["stats"][..],
        &["search", "question"],
        &["export", "out.jsonl"],
        &["backup", "out.db"],
        &["reindex"],
        &["import", "stackexchange", "dump"],
    ] {
        let said = ends(&shell, arguments, "");
        assert_eq!(last_words(&said), damaged, "{arguments:?}");
        assert_eq!(said.out, "", "{arguments:?}");
    }
    let said = ends(
        &shell,
        &["console"],
        "!search question\n!ask What is damaged here?\n",
    );
    assert_eq!(last_words(&said), damaged);
    let said = ends(&shell, &["check"], "");
    assert_eq!(said.code, Some(1));
    assert!(
        said.out
            .contains("problem store: ~/run/forum.db is damaged"),
        "{}",
        said.out
    );
    for left in ["out.jsonl", "out.db"] {
        assert!(!shell.path(left).exists(), "{left}");
    }
}

#[test]
fn a_folder_that_can_not_be_used_is_told_and_is_not_one_without_a_forum() {
    let shell = Shell::new();
    shell.write("file", "no folder");
    let with = |dir: &str, arguments: &[&str]| {
        let output = shell
            .stoa(arguments)
            .env("STOA__STORAGE__DIR", dir)
            .output();
        shell.said(output.expect("runs"))
    };
    let said = with("file", &["stats"]);
    assert_eq!(
        last_words(&said),
        "the folder ~/file can't be used; check `storage.dir` and who may write there: Not a directory"
    );
    let said = with("file", &["check"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.out
            .contains("problem store: the folder ~/file can't be used → check"),
        "{}",
        said.out
    );
    if cfg!(target_os = "linux") {
        let said = with("/proc", &["check"]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(
            said.out
                .contains("problem store: none yet in /proc, and none can be made there: "),
            "{}",
            said.out
        );
        let said = with("/proc/none/run", &["check"]);
        assert!(
            said.out.contains("none can be made there: "),
            "{}",
            said.out
        );
    }
    // Who may read everything is told nothing by permissions.
    #[cfg(unix)]
    if !rustix::process::geteuid().is_root() {
        use std::os::unix::fs::PermissionsExt;
        let demo = Shell::with_demo();
        let closed = fs::Permissions::from_mode(0o000);
        fs::set_permissions(demo.storage(), closed).expect("sets");
        let stats = demo.fails(&["stats"]);
        let check = demo.says(&["check"]);
        fs::set_permissions(demo.storage(), fs::Permissions::from_mode(0o700)).expect("sets");
        assert!(
            stats.ends_with("who may write there: Permission denied"),
            "{stats}"
        );
        assert_eq!(check.code, Some(1), "{}", check.out);
    }
}

#[test]
fn a_database_that_was_emptied_is_not_begun_anew() {
    let shell = Shell::with_demo();
    let database = shell.storage().join("forum.db");
    fs::write(&database, "").expect("writes");
    for part in ["forum.db-wal", "forum.db-shm"] {
        let _ = fs::remove_file(shell.storage().join(part));
    }
    let empty = "~/run/forum.db is empty, though a forum was kept beside it; restore a backup, or take the file away to begin anew";
    for arguments in [&["stats"][..], &["search", "x"], &["console"], &["reindex"]] {
        assert_eq!(shell.fails(arguments), empty, "{arguments:?}");
    }
    assert_eq!(fs::metadata(&database).expect("is there").len(), 0);
    assert!(
        shell
            .says(&["check"])
            .out
            .contains("problem store: ~/run/forum.db is empty")
    );
    fs::remove_file(&database).expect("removes");
    assert_eq!(
        shell
            .pipe(&["console"], "!ask Is it begun anew now?\n")
            .code,
        Some(0)
    );
    // One that a start only just made, and ended, is nobody's.
    let shell = Shell::new();
    fs::create_dir(shell.storage()).expect("makes");
    fs::write(shell.storage().join("forum.db"), "").expect("writes");
    assert_eq!(
        shell.pipe(&["console"], "!ask Is it begun here?\n").code,
        Some(0)
    );
}

#[test]
fn a_migration_that_fails_is_told_in_one_sentence_without_its_statements() {
    let shell = Shell::with_demo();
    let database = shell.storage().join("forum.db");
    // It says that most migrations are still to be made.
    set_version(&database, 3);
    let said = shell.fails(&["console"]);
    assert!(
        said.starts_with(
            "~/run/forum.db can’t be brought up to date; what it was is kept beside it"
        ),
        "{said}"
    );
    assert!(said.len() < 400 && !said.contains("CREATE"), "{said}");
}
