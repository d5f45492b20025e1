//! Who was told lately why a reaction was refused. Kept in memory: what a restart forgets is said once more.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::forum::Timestamp;
use crate::platform::{PersonKey, Platform};

/// How long nobody is told again.
const SILENCE: Duration = Duration::from_secs(3600);
/// How many people's last such moment is remembered; whoever was told longest ago is forgotten first.
const MOST: usize = 10_000;

/// Somebody's account.
type Account = (Platform, PersonKey);

/// When people were told last.
#[derive(Debug, Default)]
pub(super) struct LastTold {
    by_account: HashMap<Account, Timestamp>,
    /// The same in the order in which they were told.
    order: VecDeque<(Account, Timestamp)>,
}

impl LastTold {
    /// Whether somebody may be told now: at most once an hour. If so, they are taken to be.
    pub(super) fn may_tell(&mut self, account: Account, now: Timestamp) -> bool {
        let last = self.by_account.get(&account);
        if last.is_some_and(|last| now.since(*last) < SILENCE) {
            return false;
        }
        if self.order.len() >= MOST {
            self.forget_first();
        }
        self.by_account.insert(account.clone(), now);
        self.order.push_back((account, now));
        true
    }

    fn forget_first(&mut self) {
        let Some((account, told)) = self.order.pop_front() else {
            return;
        };
        // They may have been told again since.
        if self.by_account.get(&account) == Some(&told) {
            self.by_account.remove(&account);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: usize) -> Account {
        (Platform::DISCORD, PersonKey(number.to_string()))
    }

    fn minute(number: i64) -> Timestamp {
        Timestamp(number * 60_000)
    }

    #[test]
    fn nobody_is_told_twice_within_an_hour() {
        let mut told = LastTold::default();
        assert!(told.may_tell(account(1), minute(0)));
        assert!(!told.may_tell(account(1), minute(59)));
        assert!(told.may_tell(account(2), minute(59)));
        assert!(told.may_tell(account(1), minute(60)));
        assert!(!told.may_tell(account(1), minute(119)));
    }

    #[test]
    fn of_a_crowd_that_is_told_within_an_hour_the_first_are_forgotten() {
        let mut told = LastTold::default();
        for number in 0..MOST + 10 {
            assert!(told.may_tell(account(number), minute(0)));
        }
        assert_eq!((told.by_account.len(), told.order.len()), (MOST, MOST));
        assert!(told.may_tell(account(9), minute(1)), "it is forgotten");
        assert!(!told.may_tell(account(20), minute(1)));
        // Whoever is told again and again has one moment, the last.
        for hour in 1..20_000 {
            assert!(told.may_tell(account(MOST + 9), minute(hour * 60 + 2)));
        }
        assert_eq!((told.by_account.len(), told.order.len()), (1, MOST));
    }
}
