//! The statements of the store, read from its sources: every text that begins as a statement does, with the pieces that
//! stand in it put in their places.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::store::views::{Order, page_statements};

/// With what a statement begins that has a plan.
const VERBS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// What makes the texts of statements.
type Makes = fn() -> Vec<String>;

/// The statements that are put together of more than named texts, by how they begin in the source, and what they are then.
const BUILT: &[(&str, Makes)] = &[
    (
        "SELECT count(*) FROM post INDEXED BY post_listed {filter}",
        lists,
    ),
    (
        "SELECT post.id FROM post INDEXED BY post_listed LEFT JOIN score ON score.post = post.id {filter}",
        lists,
    ),
];

fn lists() -> Vec<String> {
    [Order::Recent, Order::Unanswered, Order::Hot, Order::Votes]
        .into_iter()
        .flat_map(page_statements)
        .collect()
}

/// A statement, and the file that it is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store::tests) struct Statement {
    pub(in crate::store::tests) file: String,
    pub(in crate::store::tests) sql: String,
}

/// A text in a source, and the name that it is given, if it is a constant.
pub(in crate::store::tests) struct Text {
    name: Option<String>,
    pub(in crate::store::tests) value: String,
}

/// All statements but those of `scratch.rs`, whose database is another, and those of tests.
pub(in crate::store::tests) fn statements() -> BTreeSet<Statement> {
    let files = sources();
    let names: BTreeMap<&str, &str> = files
        .iter()
        .flat_map(|(_, texts)| texts)
        .filter_map(|text| Some((text.name.as_deref()?, text.value.as_str())))
        .collect();
    let pieces: BTreeSet<String> = files
        .iter()
        .flat_map(|(_, texts)| texts)
        .flat_map(|text| placeholders(&text.value))
        .collect();
    let mut found = BTreeSet::new();
    for (file, texts) in &files {
        // A name may mean another text in another file.
        let mut names = names.clone();
        names.extend(
            texts
                .iter()
                .filter_map(|text| Some((text.name.as_deref()?, text.value.as_str()))),
        );
        for text in texts {
            // What is a piece of others is looked at there.
            if text.name.as_ref().is_some_and(|name| pieces.contains(name)) {
                continue;
            }
            let begins = |(begin, _): &&(&str, _)| one_line(&text.value).starts_with(*begin);
            let statements = match BUILT.iter().find(begins) {
                Some((_, build)) => build(),
                // One text may be several statements.
                None => filled(&text.value, &names)
                    .split(';')
                    .filter(|sql| is_statement(sql))
                    .map(str::to_owned)
                    .collect(),
            };
            for sql in statements {
                assert!(
                    placeholders(&sql).is_empty(),
                    "{file}: what stands for {:?} can't be read from the source; make it a constant, or name a function \
                     that builds the statement in BUILT:\n{sql}",
                    placeholders(&sql)
                );
                let (file, sql) = (file.clone(), one_line(&sql));
                found.insert(Statement { file, sql });
            }
        }
    }
    found
}

/// With one space where there are several.
fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|word| VERBS.contains(&word)) && words.next().is_some()
}

/// The texts named in braces.
fn placeholders(text: &str) -> Vec<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn filled(text: &str, names: &BTreeMap<&str, &str>) -> String {
    let mut filled = text.to_owned();
    // A piece may have pieces.
    for _ in 0..3 {
        for name in placeholders(&filled) {
            if let Some(piece) = names.get(name.as_str()) {
                filled = filled.replace(&format!("{{{name}}}"), piece);
            }
        }
    }
    filled
}

/// The texts of the store's sources, file by file.
pub(in crate::store::tests) fn sources() -> Vec<(String, Vec<Text>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the store's sources") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    let is_read = |name: &str| {
        let is_test = name.starts_with("tests") || name.ends_with("tests.rs");
        name.ends_with(".rs") && !is_test && name != "scratch.rs"
    };
    files
        .iter()
        .filter_map(|path| {
            let name = path
                .strip_prefix(&root)
                .expect("below it")
                .display()
                .to_string();
            is_read(&name).then(|| {
                let source = std::fs::read_to_string(path).expect("reads");
                (name, texts(&source))
            })
        })
        .collect()
}

/// The texts of a source, but for those that only tests have.
fn texts(source: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let source = without_tests(source);
    let mut rest = source.as_str();
    // The name of the constant whose text comes next.
    let mut name = None;
    while let Some(at) = rest.find(['"', '/', ';', '\'', 'c']) {
        let (before, from) = rest.split_at(at);
        let is_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let mut taken = 1;
        if from.starts_with("//") {
            taken = from.find('\n').unwrap_or(from.len());
        } else if from.starts_with('\'') {
            // A character, or a lifetime.
            taken = match from.as_bytes() {
                [_, b'\\', ..] => 4,
                [_, _, b'\'', ..] => 3,
                _ => 1,
            };
        } else if from.starts_with(';') {
            name = None;
        } else if let Some(constant) = from.strip_prefix("const ").filter(|_| !is_word) {
            name = constant
                .split_once(':')
                .map(|(name, _)| name.trim().to_owned());
        } else if let Some(text) = from.strip_prefix('"') {
            let (value, length) = literal(text);
            let name = name.clone();
            texts.push(Text { name, value });
            taken = length + 1;
        }
        rest = &from[taken..];
    }
    texts
}

/// What a literal says that begins here, behind its quotation mark, and how long it is with the one at its end.
fn literal(text: &str) -> (String, usize) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, at + 1),
            '\\' => match chars.next() {
                // White space follows, which counts for nothing in SQL either.
                Some((_, '\n')) => value.push(' '),
                Some((_, escaped)) => value.push(escaped),
                None => break,
            },
            _ => value.push(char),
        }
    }
    panic!("a literal without an end: {text:.60}")
}

/// A source without the items that only tests have.
fn without_tests(source: &str) -> String {
    let mut rest = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        match line {
            "#[cfg(test)]" => lines
                .by_ref()
                .take_while(|line| *line != "}" && !line.ends_with(';') || line.starts_with(' '))
                .for_each(drop),
            _ => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    rest
}
