//! A map that keeps so many entries: those that nobody asked for lately are forgotten. Pure.

use std::collections::HashMap;
use std::hash::Hash;

/// At most so many entries. Who is forgotten was not asked for while half as many others were.
#[derive(Debug)]
pub(crate) struct RecentMap<K, V> {
    most: usize,
    young: HashMap<K, V>,
    /// Those that were not asked for since the young ones were begun anew.
    old: HashMap<K, V>,
}

impl<K: Clone + Hash + Eq, V> RecentMap<K, V> {
    /// No entry yet.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// Keeps an entry; gives what was there before.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let old = self.old.remove(&key);
        let young = self.young.insert(key, value);
        if self.young.len() >= self.most / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        young.or(old)
    }

    /// An entry, which is young again by that.
    pub(crate) fn get(&mut self, key: &K) -> Option<&mut V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.insert(key, value);
        }
        self.young.get_mut(key).or_else(|| self.old.get_mut(key))
    }

    /// Forgets an entry.
    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    /// Forgets those that are not so.
    pub(crate) fn retain(&mut self, is_so: impl Fn(&V) -> bool) {
        self.young.retain(|_, value| is_so(value));
        self.old.retain(|_, value| is_so(value));
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_so_many_and_those_that_are_asked_for() {
        let mut kept = RecentMap::new(10);
        assert_eq!(kept.insert(0, "first"), None);
        for number in 1..1_000 {
            kept.insert(number, "other");
            assert!(kept.len() <= 10);
            assert_eq!(kept.get(&0), Some(&mut "first"), "after {number}");
        }
        assert_eq!(kept.get(&999), Some(&mut "other"));
        assert_eq!(kept.get(&500), None);
        assert_eq!(kept.insert(0, "again"), Some("first"));
        kept.remove(&0);
        assert_eq!(kept.get(&0), None);
        kept.retain(|value| *value != "other");
        assert_eq!(kept.len(), 0);
    }
}
