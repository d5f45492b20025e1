//! The project's documents: links that lead somewhere, lines that fit, files that are there, names that mean something.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::architecture::sources;
use crate::pages;

/// The most characters of a line of prose.
const COLUMNS: usize = 100;
/// The most words of the README.
const README_WORDS: usize = 1_200;

/// Every Markdown file, by its path from the top.
fn documents() -> Vec<String> {
    let root = pages::path("");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".md") {
                let inside = path.strip_prefix(&root).expect("below the top");
                found.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "{found:?}");
    found
}

/// The lines outside of boxes of code, with their numbers.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut in_a_box = false;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_a_box = !in_a_box;
        } else if !in_a_box {
            lines.push((at + 1, line));
        }
    }
    lines
}

/// A text in which what stands between backticks is left out.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

/// What links lead to, as it is written.
fn links(text: &str) -> Vec<String> {
    let lines: Vec<&str> = prose(text).into_iter().map(|(_, line)| line).collect();
    let text = without_code(&lines.join("\n"));
    let behind = text.split("](").skip(1);
    let targets = behind.filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| target.to_owned())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

/// The file and the heading that a link on a page leads to.
fn target(page: &str, link: &str) -> (String, Option<String>) {
    let (file, heading) = match link.split_once('#') {
        Some((file, heading)) => (file, Some(heading.to_owned())),
        None => (link, None),
    };
    if file.is_empty() {
        return (page.to_owned(), heading);
    }
    let mut path: Vec<&str> = page.split('/').collect();
    path.pop();
    for step in file.split('/') {
        match step {
            ".." => assert!(path.pop().is_some(), "{page}: {link} leads out"),
            "." | "" => {}
            step => path.push(step),
        }
    }
    (path.join("/"), heading)
}

/// The names by which the headings of a page are linked to.
fn headings(text: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (_, line) in prose(text) {
        let words = line.trim_start_matches('#');
        if words.len() == line.len() || !words.starts_with(' ') {
            continue;
        }
        let name: String = words
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let before = seen.entry(name.clone()).or_default();
        names.insert(match *before {
            0 => name,
            more => format!("{name}-{more}"),
        });
        *before += 1;
    }
    names
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let mut wrong = Vec::new();
    for page in documents() {
        for link in links(&pages::read(&page)) {
            let (file, heading) = target(&page, &link);
            if !pages::path(&file).exists() {
                wrong.push(format!("{page}: {link}: no such file"));
            } else if let Some(heading) = heading
                && !headings(&pages::read(&file)).contains(&heading)
            {
                wrong.push(format!("{page}: {link}: no such heading"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether pages are for readers of the project, not notes beside data or a bench.
fn is_for_readers(page: &str) -> bool {
    !page.contains('/') || page.starts_with("docs/")
}

#[test]
fn every_page_is_two_clicks_from_the_readme() {
    let mut reached = BTreeSet::from(["README.md".to_owned()]);
    for _ in 0..2 {
        for page in reached.clone() {
            let linked = links(&pages::read(&page)).into_iter();
            let linked = linked.map(|link| target(&page, &link).0);
            reached.extend(linked.filter(|file| file.ends_with(".md")));
        }
    }
    let lost: Vec<String> = documents()
        .into_iter()
        .filter(|page| is_for_readers(page) && !reached.contains(page))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn lines_of_prose_have_at_most_100_characters() {
    let mut wrong = Vec::new();
    for page in documents() {
        for (at, line) in prose(&pages::read(&page)) {
            let line = line.trim_end();
            let is_table = line.trim_start().starts_with('|');
            // What can't be broken: an address, a title that is a link.
            let is_one_piece = !line.trim_start_matches("- ").trim().contains(' ')
                || line.trim_start().starts_with("- [") && line.ends_with(')');
            if line.chars().count() > COLUMNS && !is_table && !is_one_piece {
                wrong.push(format!("{page}:{at}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_readme_is_short() {
    let words = pages::read("README.md").split_whitespace().count();
    assert!(words <= README_WORDS, "{words} words");
}

/// The paths that a page names between backticks.
fn named_paths(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = prose(text).into_iter().map(|(_, line)| line).collect();
    let text = lines.join("\n");
    let code = text.split('`').skip(1).step_by(2);
    let paths = code.filter(|code| {
        let is_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        code.contains('/') && code.chars().all(is_path)
    });
    paths
        .map(str::to_owned)
        .filter(|path| path.ends_with('/') || Path::new(path).extension().is_some())
        .collect()
}

#[test]
fn every_file_that_contributors_are_led_to_is_there() {
    for page in ["CONTRIBUTING.md", "docs/glossary.md", "docs/style.md"] {
        for path in named_paths(&pages::read(page)) {
            assert!(pages::path(&path).exists(), "{page}: no {path}");
        }
    }
}

#[test]
fn every_type_in_the_glossary_is_in_the_code() {
    let mut files = Vec::new();
    for folder in ["bot-core/src", "matrix-adapter/src", "discord-adapter/src"] {
        files.extend(sources(&pages::path(folder)));
    }
    let code: String = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("reads"))
        .collect();
    let glossary = pages::read("docs/glossary.md");
    let names = glossary.split('`').skip(1).step_by(2);
    let types = names.filter(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
    });
    let mut held = 0;
    for name in types {
        let part_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_there = ["struct ", "enum ", "trait ", "    "].iter().any(|kind| {
            let declared = format!("{kind}{name}");
            code.match_indices(&declared)
                .any(|(at, _)| !code[at + declared.len()..].starts_with(part_of_a_name))
        });
        assert!(is_there, "no {name} in the code");
        held += 1;
    }
    assert!(held > 20, "{held}");
}

/// Names of Rust that stand behind this word in the sources: of functions behind `fn`.
fn declared(word: &str) -> BTreeSet<String> {
    let begin = format!("{word} ");
    let mut names = BTreeSet::new();
    let folders = [
        "bot-core",
        "matrix-adapter",
        "discord-adapter",
        "src",
        "tests",
    ];
    for path in folders
        .iter()
        .flat_map(|folder| sources(&pages::path(folder)))
    {
        let text = std::fs::read_to_string(&path).expect("reads");
        let behind = text.split(&begin).skip(1);
        names.extend(behind.map(|rest| {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            rest.chars().take_while(|c| name(*c)).collect::<String>()
        }));
    }
    names
}

#[test]
fn every_test_that_holds_a_promise_is_there() {
    let (functions, modules) = (declared("fn"), declared("mod"));
    let text = pages::read("docs/promises.md");
    let names = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::"));
    let is_there = |name: &&str| {
        let mut parts: Vec<&str> = name.split("::").collect();
        let last = parts.pop().unwrap_or_default();
        let last_is_there = match last.strip_suffix('…') {
            Some(begin) => functions.iter().any(|name| name.starts_with(begin)),
            None => last == "*" || functions.contains(last) || modules.contains(last),
        };
        let stands = |part: &&str| *part == "…" || modules.contains(*part);
        last_is_there && parts.iter().all(stands)
    };
    let lost: Vec<&str> = names.filter(|name| !is_there(name)).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn every_decision_is_in_their_list_and_numbered_without_a_gap() {
    let list = pages::read("docs/decisions/README.md");
    let listed: Vec<String> = links(&list)
        .into_iter()
        .filter(|link| !link.contains('/'))
        .collect();
    let mut there: Vec<String> = documents()
        .into_iter()
        .filter_map(|page| page.strip_prefix("docs/decisions/").map(str::to_owned))
        .filter(|page| page != "README.md")
        .collect();
    there.sort();
    assert_eq!(listed, there);
    for (at, file) in there.iter().enumerate() {
        let number = format!("{:03}", at + 1);
        assert!(file.starts_with(&number), "{file} is not {number}");
        let text = pages::read(&format!("docs/decisions/{file}"));
        for part in [
            "\n## Decided\n",
            "\n## Why\n",
            "\n## What else was considered\n",
        ] {
            assert!(text.contains(part), "{file} lacks {part:?}");
        }
    }
}
