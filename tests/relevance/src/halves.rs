//! A corpus without the answers to about half of its queries: for measuring how sure a search is where there is nothing to
//! find.

use std::collections::{HashMap, HashSet};

use crate::judged::Judgements;

/// The documents to leave out: documents that answer one query go together, and about half of these groups go.
#[must_use]
pub fn left_out(judged: &Judgements) -> HashSet<String> {
    let mut group: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for query in &judged.queries {
        let documents = judged.documents(query);
        let joined: Vec<usize> = documents
            .iter()
            .filter_map(|d| group.get(d).copied())
            .collect();
        let mut whole: Vec<&str> = documents
            .iter()
            .copied()
            .filter(|document| !group.contains_key(document))
            .collect();
        for old in joined {
            if let Some(old) = groups.get_mut(old) {
                whole.append(old);
            }
        }
        for document in &whole {
            group.insert(document, groups.len());
        }
        groups.push(whole);
    }
    groups
        .into_iter()
        .filter(|group| !group.is_empty())
        .enumerate()
        .filter(|(place, _)| place % 2 == 1)
        .flat_map(|(_, group)| group.into_iter().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_one_query_stays_or_goes_together() {
        let mut judged = Judgements::default();
        for (query, document) in [
            ("q1", "a"),
            ("q1", "b"),
            ("q2", "c"),
            ("q3", "b"),
            ("q3", "d"),
            ("q4", "e"),
        ] {
            judged.add(query, document, 1);
        }
        let out = left_out(&judged);
        assert!(
            ["a", "b", "d"].iter().all(|one| out.contains(*one))
                || out.is_disjoint(&["a", "b", "d"].map(str::to_owned).into())
        );
        assert!(!out.is_empty() && out.len() < 5);
    }
}
