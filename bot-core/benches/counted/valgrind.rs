//! Runs this program under callgrind, and tells callgrind from within when to count.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What the program is told when it is to act and be counted.
pub const COUNTED: &str = "--counted";
/// What valgrind's `callgrind.h` calls these requests.
const DUMP_STATS_AT: usize = 0x4354_0003;
const START_INSTRUMENTATION: usize = 0x4354_0004;
const STOP_INSTRUMENTATION: usize = 0x4354_0005;

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
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--instr-atstart=no"])
        .arg(format!("--callgrind-out-file={}", dumps.display()))
        .arg(program)
        .arg(COUNTED)
        .arg(dir)
        .status();
    assert!(
        ran.expect("valgrind runs").success(),
        "the acts are performed"
    );
    // Each dump has a number behind the name.
    let dump = |number: u32| fs::read_to_string(format!("{}.{number}", dumps.display())).ok();
    let counts = (1..).map_while(dump).filter_map(|dump| read(&dump));
    counts.collect()
}

/// What a dump says, if it was asked for: `desc: Trigger: Client Request: vote 20` and `totals: 123456`.
fn read(dump: &str) -> Option<Count> {
    let after = |key: &str| dump.lines().find_map(|line| line.strip_prefix(key));
    let (act, many) = after("desc: Trigger: Client Request: ")?.rsplit_once(' ')?;
    let (many, total): (u64, u64) = (many.parse().ok()?, after("totals: ")?.trim().parse().ok()?);
    Some(Count {
        act: act.to_owned(),
        instructions: total / many,
    })
}

/// Counts from here on, on all threads.
pub fn begin() {
    request(START_INSTRUMENTATION, 0);
}

/// Counts no more: what was counted since was so many times this.
pub fn end(act: &str, many: usize) {
    request(STOP_INSTRUMENTATION, 0);
    let name = format!("{act} {many}\0");
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
