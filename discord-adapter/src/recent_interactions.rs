//! The latest interactions, by which one is known that the gateway tells again. Pure.

use std::collections::{HashSet, VecDeque};

use serenity::model::id::InteractionId;

/// How many are known; one that is told again comes soon after.
const KNOWN: usize = 1_000;

/// The latest interactions.
#[derive(Debug, Default)]
pub(crate) struct Latest {
    known: HashSet<InteractionId>,
    order: VecDeque<InteractionId>,
}

impl Latest {
    /// Whether it was not told before.
    pub(crate) fn is_new(&mut self, id: InteractionId) -> bool {
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once_among_the_latest() {
        let mut latest = Latest::default();
        let new = |latest: &mut Latest, id| latest.is_new(InteractionId::new(id));
        assert!(new(&mut latest, 1));
        assert!(!new(&mut latest, 1));
        assert!((2..=1_000).all(|id| new(&mut latest, id)));
        assert!(!new(&mut latest, 1));
        assert!(new(&mut latest, 1_001));
        assert!(new(&mut latest, 1), "it was long ago");
        assert_eq!(latest.known.len(), KNOWN);
    }
}
