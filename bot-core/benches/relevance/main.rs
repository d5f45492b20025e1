//! How well the search finds what people judged, by several recipes, and how true its certainty about similar questions is.
//!
//! `cargo bench -p bot-core --bench relevance` measures all of the judged sets in the folder of shared data (`STOA_SHARED`, by
//! default `../shared` beside the workspace). `STOA_RECIPES=';rarest=15,times=1'` compares recipes with the first one.
//! The weights of the certainty are fitted to the sets together, and to all but one to see how true they are of that one.
//! `STOA_EVIDENCE=rows.tsv` keeps what they are fitted to.

mod fit;
mod sets;

use std::fmt::Write as _;

use bot_core::search::{Evidence, Query, Recipe, Search};
use relevance::{MEASURES, Measured, Run, calibration, difference, measure};

use fit::{Row, Weights};
use sets::Set;

/// How many are looked at of each query.
const FOUND: usize = 100;
/// How many similar questions.
const SIMILAR: usize = 10;
/// How far the said may be from what was so, on average, on a set that was not fitted.
const ERROR: f64 = 0.06;
/// Of fewer rows the error says little: chance alone makes it this large.
const ENOUGH: usize = 300;

fn main() {
    let Some(sets) = Set::all() else {
        println!("the judged sets are not there: set STOA_SHARED to the folder of shared data");
        return;
    };
    let recipes = std::env::var("STOA_RECIPES").unwrap_or_default();
    for set in &sets {
        compare(set, &recipes);
    }
    let judged: Vec<(&Set, Vec<Row>)> = sets
        .iter()
        .filter(|set| set.is_asked)
        .map(|set| (set, rows(set)))
        .collect();
    keep(&judged);
    println!("\ncertainty, said to be so, beside what was so; as it is now");
    for (set, rows) in &judged {
        tell(set.name, rows, |row| f64::from(row.said));
    }
    println!("\nfitted to all sets but the one it is held to");
    for (left_out, rows) in &judged {
        let others = judged.iter().filter(|(set, _)| set.name != left_out.name);
        let others: Vec<&[Row]> = others.map(|(_, rows)| rows.as_slice()).collect();
        let weights = Weights::fit(&others);
        let error = tell(left_out.name, rows, |row| weights.certainty(row));
        if rows.len() >= ENOUGH {
            println!(
                "budget: error of the certainty on {}, not fitted: {error:.3} (at most {ERROR})",
                left_out.name
            );
        }
    }
    let all: Vec<&[Row]> = judged.iter().map(|(_, rows)| rows.as_slice()).collect();
    let weights = Weights::fit(&all);
    println!("\nfitted to all of them: {weights}");
    for (set, rows) in &judged {
        tell(set.name, rows, |row| weights.certainty(row));
    }
}

/// Measures the recipes, and says whether each differs from the first one.
fn compare(set: &Set, recipes: &str) {
    println!("\n{}: {} queries", set.name, set.queries.len());
    let names: Vec<String> = MEASURES.iter().map(|name| format!("{name:>8}")).collect();
    println!("{:24} {}", "", names.join(" "));
    let mut first: Option<Measured> = None;
    for changes in recipes.split(';') {
        let recipe = Recipe::default().with(changes.trim()).expect("a recipe");
        let measured = measure(&set.judged, &run(set, recipe));
        let values: Vec<String> = measured.each().iter().map(|v| format!("{v:8.4}")).collect();
        let mut line = format!("{:24} {}", changes.trim(), values.join(" "));
        if let Some(first) = &first {
            let found = difference(&first.of(0), &measured.of(0));
            let _ = write!(
                line,
                "  MAP {:+.4}, better {}, worse {}, p {:.4}",
                found.mean, found.better, found.worse, found.p
            );
        }
        println!("{line}");
        first.get_or_insert(measured);
    }
}

fn run(set: &Set, recipe: Recipe) -> Run {
    let search: Search = set.search.clone().with(recipe);
    let mut run = Run::default();
    for (id, text) in &set.queries {
        let found = search.find(set.forum, &Query::parse(text), 0, FOUND);
        let hits = found.expect("the index is sound").hits.into_iter();
        let named = hits.map(|(question, fit)| (set.name_of(question), f64::from(fit)));
        run.add(
            id.clone(),
            named.filter(|(name, _)| !set.is_own(id, name)).collect(),
        );
    }
    run
}

/// What the first question has in common with each query, and the first of those that answer it not, as if these were all.
fn rows(set: &Set) -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, text) in &set.queries {
        let is_answered = set.judged.ideal(id).first() >= Some(&set.least);
        let found = set.search.similar(set.forum, text, SIMILAR);
        let found = found.expect("the index is sound").into_iter();
        let found: Vec<(u32, Row)> = found
            .map(|similar| (set.name_of(similar.question), similar))
            .filter(|(name, _)| is_answered && !set.is_own(id, name))
            // A title that is the query is known to be one.
            .filter(|(_, similar)| similar.evidence.weight < 1.0)
            .map(|(name, similar)| {
                let grade = set.judged.grade(id, &name);
                let row = Row {
                    query: id.clone(),
                    so: grade >= set.least,
                    said: similar.certainty,
                    parts: similar.evidence.parts(),
                };
                (grade, row)
            })
            .collect();
        // What is related may be an answer or not: nobody said.
        let first = found.first().filter(|(grade, row)| row.so || *grade == 0);
        let without = found.iter().find(|(grade, _)| *grade == 0);
        rows.extend(
            [first, without]
                .into_iter()
                .flatten()
                .map(|(_, row)| row.clone()),
        );
    }
    rows
}

/// Prints what was said and what was so; gives how far that is apart.
fn tell(name: &str, rows: &[Row], said: impl Fn(&Row) -> f64) -> f64 {
    let (mut judged, mut run, mut queries) =
        (relevance::Judgements::default(), Run::default(), Vec::new());
    for (number, row) in rows.iter().enumerate() {
        let query = number.to_string();
        if row.so {
            judged.add(&query, "it", 1);
        }
        run.add(query.clone(), vec![("it".to_owned(), said(row))]);
        queries.push(query);
    }
    let found = calibration(&judged, &run, &queries, 1);
    let parts: Vec<String> = found
        .parts
        .iter()
        .map(|(many, said, so)| format!("{said:.2}→{so:.2} ({many})"))
        .collect();
    println!(
        "{name:16} error {:.3}, Brier's score {:.3}: {}",
        found.error,
        found.brier,
        parts.join(" ")
    );
    found.error
}

/// Writes the rows to a file, where one is named.
fn keep(judged: &[(&Set, Vec<Row>)]) {
    let Some(path) = std::env::var_os("STOA_EVIDENCE") else {
        return;
    };
    let mut text = String::new();
    for (set, rows) in judged {
        for row in rows {
            let parts: Vec<String> = row.parts.iter().map(f32::to_string).collect();
            let so = u8::from(row.so);
            let _ = writeln!(
                text,
                "{}\t{}\t{so}\t{}",
                set.name,
                row.query,
                parts.join("\t")
            );
        }
    }
    std::fs::write(path, text).expect("the file can be written");
}

/// How many parts the evidence has.
const PARTS: usize = {
    const fn count<const N: usize>(_: fn(&Evidence) -> [f32; N]) -> usize {
        N
    }
    count(Evidence::parts)
};
