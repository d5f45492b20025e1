//! How much may wait at once: of one place a quarter of the room that is left, so that one flood leaves most of it to others, and
//! ever more floods leave some. Pure.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much room has to be left in all for each that waits of one place.
const SHARE: usize = 4;

/// Who waits, and how much may; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Admission<K: Hash + Eq> {
    room: usize,
    counts: Arc<Mutex<Counts<K>>>,
}

#[derive(Debug)]
struct Counts<K> {
    all: usize,
    of: HashMap<K, usize>,
}

/// Something that waits; it is counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Admitted<K: Hash + Eq> {
    key: K,
    weight: usize,
    counts: Arc<Mutex<Counts<K>>>,
}

impl<K: Clone + Hash + Eq> Admission<K> {
    /// Nothing waits yet; so much may in all, a fifth of it of one place if nobody else waits.
    pub(crate) fn new(room: usize) -> Self {
        let counts = Counts {
            all: 0,
            of: HashMap::new(),
        };
        Self {
            room,
            counts: Arc::new(Mutex::new(counts)),
        }
    }

    /// Lets something wait that counts for so many; none where there is no room for it.
    pub(crate) fn admit(&self, key: &K, weight: usize) -> Option<Admitted<K>> {
        let mut counts = lock(&self.counts);
        let own = counts.of.get(key).copied().unwrap_or_default();
        if SHARE * (own + weight) + counts.all > self.room {
            return None;
        }
        counts.all += weight;
        counts.of.insert(key.clone(), own + weight);
        Some(Admitted {
            key: key.clone(),
            weight,
            counts: Arc::clone(&self.counts),
        })
    }
}

impl<K: Hash + Eq> Drop for Admitted<K> {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.all -= self.weight;
        if let Some(own) = counts.of.get_mut(&self.key) {
            *own -= self.weight;
            if *own == 0 {
                counts.of.remove(&self.key);
            }
        }
    }
}

fn lock<K>(counts: &Mutex<Counts<K>>) -> MutexGuard<'_, Counts<K>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets as many wait as there is room for.
    fn flood(admission: &Admission<u32>, key: u32) -> Vec<Admitted<u32>> {
        std::iter::from_fn(|| admission.admit(&key, 1)).collect()
    }

    #[test]
    fn a_flood_fills_its_part_and_leaves_room_for_all_others() {
        let admission = Admission::new(1_000);
        let first = flood(&admission, 1);
        assert_eq!(first.len(), 200);
        let second = flood(&admission, 2);
        assert_eq!(second.len(), 160);
        let floods: Vec<_> = (3..20).map(|key| flood(&admission, key)).collect();
        assert!(floods.iter().all(|flood| !flood.is_empty()));
        assert!(admission.admit(&1, 1).is_none());
        assert!(admission.admit(&1_000, 1).is_some(), "who comes last");
        let many: Vec<_> = (20..2_000).map(|key| flood(&admission, key)).collect();
        assert!(lock(&admission.counts).all <= 1_000);
        drop((first, second, floods, many));
        assert!(lock(&admission.counts).of.is_empty());
        assert_eq!(lock(&admission.counts).all, 0);
    }

    #[test]
    fn what_counts_for_many_takes_the_room_of_many() {
        let admission = Admission::new(100);
        assert!(admission.admit(&1, 26).is_none());
        let bulk = admission.admit(&1, 16);
        assert!(bulk.is_some());
        assert!(admission.admit(&1, 6).is_none());
        assert!(admission.admit(&2, 20).is_some());
    }
}
