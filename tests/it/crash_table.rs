//! The tables of `docs/crash-points.md`, whose cells are what tests found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const END: &str = "<!-- End of the table. -->";

/// Holds a column of the table of some tests against the document, or writes it there: by a row's place, its cell. `rows` are the
/// first two cells of each, `columns` the names of all columns behind those.
pub fn written(
    tests: &str,
    columns: &[&str],
    rows: Vec<[&str; 2]>,
    (name, column): (&str, BTreeMap<usize, String>),
) {
    /// Several tests write to one file.
    static WRITING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _writing = WRITING.lock().expect("no panic");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/crash-points.md");
    let document = fs::read_to_string(&path).expect("the document");
    let begin = format!("<!-- Written by the tests `{tests}`. -->\n");
    let (before, rest) = document.split_once(&begin).expect("the table begins");
    let (shown, after) = rest.split_once(END).expect("the table ends");
    let at = columns.iter().position(|one| *one == name);
    let at = 2 + at.expect("a column");
    let mut table = format!(
        "| The process ends when | first while | {} |\n|---|---|{}\n",
        columns.join(" | "),
        "---:|".repeat(columns.len())
    );
    let before_this: Vec<&str> = shown.lines().skip(2).collect();
    for (row, first) in rows.iter().enumerate() {
        let mut cells: Vec<&str> = before_this.get(row).map_or(Vec::new(), |line| {
            line.trim_matches('|').split('|').collect()
        });
        cells.resize(2 + columns.len(), "");
        let mut cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        cells[0] = first[0].to_owned();
        cells[1] = first[1].to_owned();
        cells[at] = column.get(&row).cloned().unwrap_or_default();
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    if std::env::var_os("STOA_WRITE_README").is_some() {
        fs::write(&path, format!("{before}{begin}{table}{END}{after}")).expect("writes");
        return;
    }
    assert_eq!(shown, table, "write it anew with STOA_WRITE_README=1");
}
