//! Queries, what people judged of them, and what a search found.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Queries in their order: id and text.
#[derive(Clone, Debug, Default)]
pub struct Queries(pub Vec<(String, String)>);

impl Queries {
    /// Reads lines `id<TAB>text`.
    pub fn read(path: &Path) -> Result<Self> {
        let lines = lines(path)?;
        let queries = lines.iter().map(|(number, line)| {
            let Some((id, text)) = line.split_once('\t') else {
                bail!("line {number} of {} has no tab", path.display());
            };
            Ok((id.to_owned(), text.to_owned()))
        });
        Ok(Self(queries.collect::<Result<_>>()?))
    }
}

/// Which documents answer which query, and how well.
#[derive(Clone, Debug, Default)]
pub struct Judgements {
    /// The queries that have a document at all, in their order.
    pub queries: Vec<String>,
    grades: HashMap<String, HashMap<String, u32>>,
}

impl Judgements {
    /// Reads lines `query document grade`, or `query iteration document grade` as TREC has them.
    pub fn read(path: &Path) -> Result<Self> {
        let mut read = Self::default();
        for (number, line) in lines(path)? {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (query, document, grade) = match fields.as_slice() {
                [query, document, grade] | [query, _, document, grade] => (query, document, grade),
                _ => bail!("line {number} of {} is no judgement", path.display()),
            };
            let grade: i64 = grade
                .parse()
                .with_context(|| format!("the grade in line {number} of {}", path.display()))?;
            if let Ok(grade @ 1..) = u32::try_from(grade) {
                read.add(query, document, grade);
            }
        }
        Ok(read)
    }

    /// Says that a document answers a query so well; 0 is not at all.
    pub fn add(&mut self, query: &str, document: &str, grade: u32) {
        if !self.grades.contains_key(query) {
            self.queries.push(query.to_owned());
        }
        let grades = self.grades.entry(query.to_owned()).or_default();
        grades.insert(document.to_owned(), grade);
    }

    /// How well a document answers a query; 0 where nobody said that it does.
    #[must_use]
    pub fn grade(&self, query: &str, document: &str) -> u32 {
        let grades = self.grades.get(query);
        grades.and_then(|g| g.get(document)).copied().unwrap_or(0)
    }

    /// The documents that answer a query, by name.
    #[must_use]
    pub fn documents(&self, query: &str) -> Vec<&str> {
        let grades = self.grades.get(query);
        let mut documents: Vec<&str> = grades
            .map(|grades| grades.keys().map(String::as_str).collect())
            .unwrap_or_default();
        documents.sort_unstable();
        documents
    }

    /// The grades of all documents that answer a query, best first.
    #[must_use]
    pub fn ideal(&self, query: &str) -> Vec<u32> {
        let mut grades: Vec<u32> = self
            .grades
            .get(query)
            .map(|grades| grades.values().copied().collect())
            .unwrap_or_default();
        grades.sort_unstable_by(|one, other| other.cmp(one));
        grades
    }
}

/// What a search found for each query, best first, with its scores.
#[derive(Clone, Debug, Default)]
pub struct Run {
    found: HashMap<String, Vec<(String, f64)>>,
}

impl Run {
    /// Reads lines `query Q0 document rank score name`: the TREC run format. They are taken by score, as TREC's own
    /// evaluation does, or by rank; of equal ones the one that stands first.
    pub fn read(path: &Path, order: Order) -> Result<Self> {
        let mut lined: HashMap<String, Vec<(f64, String, f64)>> = HashMap::new();
        for (number, line) in lines(path)? {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [query, _, document, rank, score, _] = fields.as_slice() else {
                bail!("line {number} of {} is no line of a run", path.display());
            };
            let value = |text: &str| {
                text.parse::<f64>()
                    .with_context(|| format!("line {number} of {}", path.display()))
            };
            let (rank, score) = (value(rank)?, value(score)?);
            let place = match order {
                Order::Score => -score,
                Order::Rank => rank,
            };
            let found = lined.entry((*query).to_owned()).or_default();
            found.push((place, (*document).to_owned(), score));
        }
        let mut run = Self::default();
        for (query, mut found) in lined {
            found.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
            let found = found
                .into_iter()
                .map(|(_, document, score)| (document, score));
            run.add(query, found.collect());
        }
        Ok(run)
    }

    /// Says what was found for a query, best first; a document that comes again counts once.
    pub fn add(&mut self, query: String, mut documents: Vec<(String, f64)>) {
        let mut seen = HashSet::new();
        documents.retain(|(document, _)| seen.insert(document.clone()));
        self.found.insert(query, documents);
    }

    /// The same without what each query is itself: query `q29` and document `29`, where `prefix` is `q`.
    #[must_use]
    pub fn without_own(mut self, prefix: &str) -> Self {
        for (query, documents) in &mut self.found {
            let own = query.strip_prefix(prefix).unwrap_or(query);
            documents.retain(|(document, _)| document != own);
        }
        self
    }

    /// What was found for a query, best first.
    pub fn found(&self, query: &str) -> impl Iterator<Item = &str> {
        let found = self.found.get(query).map_or(&[][..], Vec::as_slice);
        found.iter().map(|(document, _)| document.as_str())
    }

    /// The first document that was found for a query, and its score.
    #[must_use]
    pub fn first(&self, query: &str) -> Option<(&str, f64)> {
        let (document, score) = self.found.get(query)?.first()?;
        Some((document, *score))
    }
}

/// By what a run is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The greatest score first.
    Score,
    /// The least rank first.
    Rank,
}

/// The lines that aren't blank, by their numbers.
fn lines(path: &Path) -> Result<Vec<(usize, String)>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Ok((1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number, line.to_owned()))
        .collect())
}
