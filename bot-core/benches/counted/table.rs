//! The table that is kept.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::valgrind::Count;

/// How far a figure may be off.
const TOLERANCE: f64 = 0.03;
/// What stands before the compiler's version.
const MADE_BY: &str = "Made by ";

/// How many instructions each act takes, as code of which compiler.
pub struct Table {
    compiler: String,
    counts: Vec<Count>,
}

impl Table {
    pub fn of(counts: Vec<Count>) -> Self {
        let version = Command::new("rustc").arg("--version").output();
        let version =
            version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        Self {
            compiler: version.unwrap_or_default(),
            counts,
        }
    }

    fn path() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/counted/table.md")
    }

    pub fn write(&self) {
        fs::write(Self::path(), self.to_string()).expect("the table can be written");
    }

    /// The table that is kept.
    pub fn kept() -> Option<String> {
        fs::read_to_string(Self::path()).ok()
    }

    /// Says what is off the table that is kept.
    pub fn hold(&self, kept: &str) -> ExitCode {
        if !kept.contains(&format!("{MADE_BY}{}.", self.compiler)) {
            println!(
                "the table that is kept was made by another version of rustc: nothing is held against it"
            );
            return ExitCode::SUCCESS;
        }
        let kept = read(kept);
        let mut off = Vec::new();
        for Count { act, instructions } in &self.counts {
            let before = kept.iter().find(|count| count.act == *act);
            let Some(before) = before.map(|count| count.instructions) else {
                off.push(format!("{act}: {instructions}, not in the table"));
                continue;
            };
            let ratio = *instructions as f64 / before as f64;
            if (ratio - 1.0).abs() > TOLERANCE {
                off.push(format!(
                    "{act}: {instructions}, in the table {before}: {:+.1} %",
                    (ratio - 1.0) * 100.0
                ));
            }
        }
        if off.is_empty() {
            println!("all within {:.0} % of the table", TOLERANCE * 100.0);
            return ExitCode::SUCCESS;
        }
        println!(
            "more than {:.0} % off the table (bot-core/benches/counted/table.md):",
            TOLERANCE * 100.0
        );
        for off in off {
            println!("  {off}");
        }
        println!(
            "if that is meant: `cargo bench -p bot-core --bench counted -- --write`, in a commit that says why"
        );
        ExitCode::FAILURE
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| act | instructions |\n|---|---|")?;
        for Count { act, instructions } in &self.counts {
            writeln!(f, "| {act} | {instructions} |")?;
        }
        writeln!(f, "\n{MADE_BY}{}.", self.compiler)
    }
}

/// The rows of a table.
fn read(table: &str) -> Vec<Count> {
    let rows = table.lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        Some(Count {
            act: cells.next()?.to_owned(),
            instructions: cells.next()?.parse().ok()?,
        })
    });
    rows.collect()
}
