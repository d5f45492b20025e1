//! Runs this program under callgrind, and tells callgrind from within when to count.
//!
//! Whatever an act sets off is to be over when it is counted, and nothing in the program tells when that is, but for what would be
//! counted itself. So the program that counts watches the threads of the one that acts: it asks by a line, and gets one back when none
//! of them has anything to do.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// What the program is told when it is to act and be counted.
pub const COUNTED: &str = "--counted";
/// What valgrind's `callgrind.h` calls these requests.
const DUMP_STATS_AT: usize = 0x4354_0003;
const START_INSTRUMENTATION: usize = 0x4354_0004;
const STOP_INSTRUMENTATION: usize = 0x4354_0005;
/// The name of a dump that only sets the counters back.
const UNCOUNTED: &str = "uncounted";
/// How many of the highest and of the lowest counts of an act are left out.
const ODD: usize = 3;
/// How often it is looked at the threads, and for how many looks they must have done nothing: longer than the core waits for more of
/// what it does together.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS: usize = 6;

/// How many instructions one act took.
pub struct Count {
    pub act: String,
    pub instructions: u64,
}

/// Why nothing can be counted here, if so.
pub fn missing() -> Option<&'static str> {
    if !cfg!(target_arch = "x86_64") {
        return Some("that needs a processor of the kind x86-64");
    }
    let valgrind = Command::new("valgrind").arg("--version").output();
    match valgrind {
        Ok(output) if output.status.success() => None,
        Ok(_) | Err(_) => Some("valgrind is missing (on Debian and Ubuntu: apt install valgrind)"),
    }
}

/// Has the acts performed on the forum in a folder, and counts.
pub fn count(dir: &Path) -> Vec<Count> {
    let program = std::env::current_exe().expect("a program has a path");
    let dumps = dir.join("counts");
    let acting = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--instr-atstart=no"])
        .arg(format!("--callgrind-out-file={}", dumps.display()))
        .arg(program)
        .arg(COUNTED)
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut acting = acting.expect("valgrind runs");
    answer(&mut acting);
    let ended = acting.wait().expect("it is ours");
    assert!(ended.success(), "the acts are performed");
    // Each dump has a number behind the name.
    let dump = |number: u32| fs::read_to_string(format!("{}.{number}", dumps.display())).ok();
    let mut acts: Vec<(String, Vec<u64>)> = Vec::new();
    for (act, instructions) in (1..).map_while(dump).filter_map(|dump| read(&dump)) {
        match acts.iter_mut().find(|(known, _)| *known == act) {
            Some((_, times)) => times.push(instructions),
            None => acts.push((act, vec![instructions])),
        }
    }
    let counts = acts.into_iter().map(|(act, times)| Count {
        act,
        instructions: usual(times),
    });
    counts.collect()
}

/// The mean of all but the [`ODD`] highest and lowest: what happens now and then, such as a connection that prepares
/// its statements, falls into one time or another, and would move the mean of all.
fn usual(mut times: Vec<u64>) -> u64 {
    assert!(times.len() > 2 * ODD, "{} times are too few", times.len());
    times.sort_unstable();
    let kept = &times[ODD..times.len() - ODD];
    kept.iter().sum::<u64>() / kept.len() as u64
}

/// What a dump says, if it was asked for: `desc: Trigger: Client Request: a vote` and `totals: 123456`.
fn read(dump: &str) -> Option<(String, u64)> {
    let after = |key: &str| dump.lines().find_map(|line| line.strip_prefix(key));
    let act = after("desc: Trigger: Client Request: ")?;
    if act == UNCOUNTED {
        return None;
    }
    let total = after("totals: ")?.trim().parse().ok()?;
    Some((act.to_owned(), total))
}

/// Answers the program that acts, each time it asks, when all is quiet in it.
fn answer(acting: &mut Child) {
    let asked = acting.stdout.take().expect("it is piped");
    let mut answers = acting.stdin.take().expect("it is piped");
    for _ in BufReader::new(asked).lines().map_while(Result::ok) {
        let (mut before, mut quiet) = (None, 0);
        while quiet < LOOKS {
            sleep(LOOK);
            let now = spent(acting.id());
            quiet = if now.is_some() && now == before {
                quiet + 1
            } else {
                0
            };
            before = now;
        }
        // If it is not there any more, its status says why.
        let _ = answers.write_all(b"\n");
    }
}

/// How long the threads of a process have run so far, together; none while one of them runs, or waits for a disk or a processor.
fn spent(process: u32) -> Option<u64> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let mut all = 0;
    for thread in threads.flatten() {
        let read = |name| fs::read_to_string(thread.path().join(name)).unwrap_or_default();
        let stat = read("stat");
        // The name, in brackets, may have spaces in it.
        let state = stat.rsplit_once(')').map_or("", |(_, after)| after.trim());
        if !state.starts_with('S') {
            return None;
        }
        let ran = read("schedstat");
        all += ran.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(all)
}

/// Blocks until all that was set off is done.
pub fn until_quiet() {
    println!("is all quiet?");
    std::io::stdin()
        .read_line(&mut String::new())
        .expect("an answer");
}

/// Counts from here on, on all threads.
pub fn begin() {
    request(START_INSTRUMENTATION, 0);
    dump(UNCOUNTED);
}

/// What was counted since the last time, or since the beginning, was this act once.
pub fn counted(act: &str) {
    dump(act);
}

/// Counts no more.
pub fn end() {
    request(STOP_INSTRUMENTATION, 0);
}

/// Writes what was counted into a file, and sets the counters back.
fn dump(name: &str) {
    let name = format!("{name}\0");
    request(DUMP_STATS_AT, name.as_ptr() as usize);
}

/// Asks valgrind for something; does nothing where the program does not run under it.
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "valgrind is spoken to by instructions that otherwise do nothing; its header has them for C only"
)]
fn request(code: usize, with: usize) {
    let request = [code, with, 0, 0, 0, 0];
    // SAFETY: the rotations add up to two whole turns of the register, the exchange is of a register with itself; under valgrind
    // the request's answer comes in rdx, and `request` is read before the call is over.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") request.as_ptr(),
            inout("rdx") 0_usize => _,
        );
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn request(_code: usize, _with: usize) {}
