//! Who may know whom: ARCHITECTURE.md's modules, held against `cargo metadata` and the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::pages;

/// The modules of the core, lowest first, and which of those above it in this list each may name.
const MODULES: &[(&str, &[&str])] = &[
    ("forum", &[]),
    ("html", &[]),
    ("conventions", &[]),
    ("names", &["conventions"]),
    ("chance", &["forum"]),
    ("backoff", &["chance"]),
    ("crash", &[]),
    ("finding", &[]),
    ("fingerprint", &[]),
    ("panics", &[]),
    ("turns", &["names"]),
    ("settings", &["forum"]),
    ("document", &["forum", "names", "fingerprint"]),
    ("text", &["forum", "document"]),
    ("card", &["forum", "names", "document", "text"]),
    ("command", &["forum"]),
    ("platform", &["forum", "names", "document", "command"]),
    (
        "store",
        &[
            "forum",
            "conventions",
            "names",
            "platform",
            "chance",
            "crash",
            "panics",
            "fingerprint",
        ],
    ),
    ("search", &["forum", "store", "panics", "backoff"]),
    ("remains", &["search"]),
    ("made", &[]),
    ("transfer", &["forum", "html", "store"]),
    (
        "engine",
        &[
            "forum",
            "conventions",
            "names",
            "chance",
            "crash",
            "document",
            "platform",
            "card",
            "text",
            "command",
            "store",
            "search",
            "transfer",
            "panics",
            "backoff",
            "fingerprint",
        ],
    ),
];

/// What an adapter may name of the core.
const FACE: &[&str] = &[
    "conventions",
    "names",
    "document",
    "text",
    "platform",
    "card",
    "command",
    "engine",
    "forum",
    "settings",
    "chance",
    "crash",
    "panics",
    "turns",
    "finding",
    "html",
    "fingerprint",
    "backoff",
];

fn root() -> PathBuf {
    pages::path("")
}

/// The Rust files below a folder, or the file itself.
pub fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(sources(&path));
        }
    }
    found.sort();
    found
}

/// The code of a file: comments and tests left out.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("reads");
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .and_then(|text| text.split("#[cfg(test)]\npub(crate) mod tests {").next())
        .unwrap_or_default()
        .to_owned();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        name == "tests" || name.ends_with("tests.rs")
    })
}

/// The first names after `crate_name::`, braces looked into.
fn named(code: &str, crate_name: &str) -> BTreeSet<String> {
    let start = format!("{crate_name}::");
    let mut names = BTreeSet::new();
    for behind in code.split(&start).skip(1) {
        let group = match behind.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![behind.to_owned()],
        };
        for name in group {
            let name: String = name
                .trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            names.insert(name);
        }
    }
    names
}

/// The items of a `{…}` group, up to its end.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(String::new()),
            _ => {}
        }
        if let Some(item) = items.last_mut()
            && depth == 0
            && c != ','
        {
            item.push(c);
        }
    }
    items
}

#[test]
fn each_module_of_the_core_knows_only_whom_it_may() {
    let core = root().join("bot-core/src");
    let modules: BTreeMap<&str, &[&str]> = MODULES.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for path in sources(&core).iter().filter(|path| !is_test(path)) {
        let inside = path.strip_prefix(&core).expect("below the core");
        let module = inside
            .iter()
            .next()
            .expect("a name")
            .to_string_lossy()
            .trim_end_matches(".rs")
            .to_owned();
        if module == "lib" {
            continue;
        }
        let allowed = modules
            .get(module.as_str())
            .unwrap_or_else(|| panic!("{module} is in no plan"));
        seen.insert(module.clone());
        for other in named(&code(path), "crate") {
            let fine = other == module
                || allowed.contains(&other.as_str())
                || !modules.contains_key(other.as_str());
            assert!(
                fine,
                "{} names crate::{other}, which {module} may not know",
                path.display()
            );
        }
    }
    let all = modules.keys().map(|module| (*module).to_owned()).collect();
    assert_eq!(seen, all);
}

#[test]
fn no_module_of_the_core_knows_one_that_stands_above_it() {
    let mut below = BTreeSet::new();
    for (module, allowed) in MODULES {
        for other in *allowed {
            assert!(
                below.contains(other),
                "{module} would know {other} above it"
            );
        }
        below.insert(*module);
    }
}

/// The modules of the core whose files know each other in one direction only. Their own file, which lists them all, counts as
/// one above them.
const WITHOUT_CIRCLES: &[&str] = &["command", "document", "search"];

#[test]
fn files_of_a_module_know_each_other_in_one_direction_only() {
    let core = root().join("bot-core/src");
    for module in WITHOUT_CIRCLES {
        let known = known_files(&core.join(module));
        if let Some(circle) = circle(&known) {
            panic!("{module} has a circle of files: {}", circle.join(" → "));
        }
    }
}

/// Which of its files each file of a folder names.
fn known_files(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    // A folder in it counts as one file.
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for path in sources(folder).iter().filter(|path| !is_test(path)) {
        let inside = path.strip_prefix(folder).expect("below it");
        let first = Path::new(inside.iter().next().expect("a name"));
        let name = first.file_stem().expect("a name").to_string_lossy();
        files
            .entry(name.into_owned())
            .or_default()
            .push_str(&code(path));
    }
    // What the folder's own file hands on is of the file that it has it from.
    let mut handed_on = BTreeMap::new();
    for from in files.keys() {
        for name in named(&files["mod"], &format!("use {from}")) {
            handed_on.insert(name, from.clone());
        }
    }
    let module = folder.file_name().expect("a name").to_string_lossy();
    let mut known = BTreeMap::new();
    for (file, code) in files.iter().filter(|(file, _)| *file != "mod") {
        let names = named(code, "super")
            .into_iter()
            .chain(named(code, &format!("crate::{module}")));
        let known_here = names.map(|name| match handed_on.get(&name) {
            Some(from) => from.clone(),
            None if files.contains_key(&name) => name,
            None => "mod".to_owned(),
        });
        let others = known_here.filter(|known| known != file);
        known.insert(file.clone(), others.collect());
    }
    // It lists them all: whoever needs something of its own needs them.
    let all = files.keys().filter(|file| *file != "mod").cloned();
    known.insert("mod".to_owned(), all.collect());
    known
}

/// A way by which something leads back to itself.
fn circle(known: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn leads<'a>(
        known: &'a BTreeMap<String, BTreeSet<String>>,
        from: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<Vec<String>> {
        if let Some(begin) = way.iter().position(|file| *file == from) {
            let circle = way[begin..].iter().chain([&from]);
            return Some(circle.map(|file| (*file).to_owned()).collect());
        }
        if !done.insert(from) {
            return None;
        }
        way.push(from);
        for to in known.get(from).into_iter().flatten() {
            if let Some(circle) = leads(known, to, way, done) {
                return Some(circle);
            }
        }
        way.pop();
        None
    }
    let mut done = BTreeSet::new();
    known
        .keys()
        .find_map(|from| leads(known, from, &mut Vec::new(), &mut done))
}

/// Whether code names a library: not a module or name of something else that ends like it.
fn names_library(code: &str, library: &str) -> bool {
    let part_of_a_name = |c: char| c == ':' || c == '_' || c.is_alphanumeric();
    code.match_indices(&format!("{library}::"))
        .any(|(at, _)| !code[..at].ends_with(part_of_a_name))
}

#[test]
fn only_their_own_rooms_name_the_libraries() {
    let core = root().join("bot-core/src");
    for (library, at) in [
        ("rusqlite", &["store/db"][..]),
        ("rusqlite_migration", &["store/db"]),
        ("tantivy", &["search"]),
        ("fluent_bundle", &["text"]),
        // Whoever writes Markdown reads it again as those do who show it.
        ("pulldown_cmark", &["card", "html"]),
        ("quick_xml", &["transfer"]),
        ("html5gum", &["html"]),
        ("config", &["settings"]),
        ("unicode_security", &["forum"]),
    ] {
        for path in sources(&core) {
            let inside = path.strip_prefix(&core).expect("below the core");
            let names = names_library(&code(&path), library);
            assert!(
                !names || at.iter().any(|module| inside.starts_with(module)),
                "{} names {library}",
                path.display()
            );
        }
    }
    // The rules are pure.
    for path in sources(&core.join("forum"))
        .iter()
        .filter(|path| !is_test(path))
    {
        for foreign in [
            "std::io",
            "std::fs",
            "std::time::Instant",
            "SystemTime",
            "async ",
            "tokio",
            "serde_json",
            "impl Serialize",
            "Serializer",
            "SELECT ",
        ] {
            assert!(
                !code(path).contains(foreign),
                "{} has {foreign:?} in it",
                path.display()
            );
        }
        // Of serde, plain data has its derives, and no code of its own.
        for line in code(path).lines().filter(|line| line.contains("serde")) {
            let line = line.trim();
            assert!(
                line == "use serde::{Deserialize, Serialize};" || line.starts_with("#[serde("),
                "{} has {line:?} in it",
                path.display()
            );
        }
    }
}

/// What of the core may name a chat.
const NAMING_CHATS: &[&str] = &[
    // They have a section for each.
    "settings",
    // Some of them only one shows.
    "text",
    // A scheme of addresses is called so.
    "card/markdown.rs",
    // Nobody's name may say that it is known from elsewhere.
    "forum/name.rs",
    // An adapter keeps a folder of its own.
    "store/private.rs",
];

#[test]
fn nothing_else_of_the_core_knows_which_chats_there_are() {
    let core = root().join("bot-core/src");
    for path in sources(&core).iter().filter(|path| !is_test(path)) {
        let inside = path.strip_prefix(&core).expect("below the core");
        if NAMING_CHATS.iter().any(|module| inside.starts_with(module)) {
            continue;
        }
        let code = code(path);
        let code = code.split("#[cfg(test)]").next().expect("a beginning");
        for chat in [
            "\"discord\"",
            "\"matrix\"",
            "\"terminal\"",
            "'discord'",
            "'matrix'",
        ] {
            assert!(!code.contains(chat), "{} names {chat}", path.display());
        }
    }
}

#[test]
fn an_adapter_knows_only_the_cores_face_and_the_terminal_no_more() {
    for adapter in ["matrix-adapter/src", "discord-adapter/src"] {
        for path in sources(&root().join(adapter))
            .iter()
            .filter(|path| !is_test(path))
        {
            for name in named(&code(path), "bot_core") {
                assert!(
                    FACE.contains(&name.as_str()),
                    "{} names bot_core::{name}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn the_core_knows_no_chat_and_nobody_knows_the_executable() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's metadata");
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let dependencies = package["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter();
        let names = dependencies.filter(|dependency| dependency["kind"].is_null());
        let names = names
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect();
        needs.insert(package["name"].as_str().expect("a name").to_owned(), names);
    }
    for chat in [
        "matrix-sdk",
        "serenity",
        "matrix-adapter",
        "discord-adapter",
        "stoa",
    ] {
        assert!(!needs["bot-core"].contains(chat), "the core needs {chat}");
    }
    for foreign in ["rusqlite", "tantivy", "stoa"] {
        for adapter in ["matrix-adapter", "discord-adapter"] {
            assert!(
                !needs[adapter].contains(foreign),
                "{adapter} needs {foreign}"
            );
        }
    }
    assert!(!needs["matrix-adapter"].contains("discord-adapter"));
    assert!(!needs["discord-adapter"].contains("matrix-adapter"));
    for server in ["synapse", "discord", "postgresql", "environment"] {
        for ours in ["bot-core", "matrix-adapter", "discord-adapter"] {
            assert!(!needs[server].contains(ours), "{server} needs {ours}");
        }
    }
}
