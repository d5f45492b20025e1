//! One-time codes, by which two sides become one: two accounts one person, or two forums one. Each has to agree, knowing the other.

use super::{IdentityId, PlaceId, Refusal, Timestamp};

/// How long a code is good for, in milliseconds.
pub const GOOD_FOR: i64 = 30 * 60 * 1000;
/// How many wrong codes somebody may say in [`WRONG_WITHIN`]; then they wait. Numbers of the forum's rules.
pub const WRONG_MOST: u32 = 10;
/// For how long a wrong code counts, in milliseconds.
pub const WRONG_WITHIN: i64 = 60 * 60 * 1000;

/// Who speaks for a side, and where they said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The account.
    pub identity: IdentityId,
    /// The place in which the code was made or said.
    pub place: PlaceId,
}

/// One of the two. `S` is what it is: an account or a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side<S> {
    /// What it is.
    pub is: S,
    /// Who made or said the code, or agreed last; none where whoever runs the bot did.
    pub by: Option<Speaker>,
    /// Who was told of the other side and what agreeing means: nobody else's `yes` counts.
    pub told: Option<IdentityId>,
    /// Whether it agrees.
    pub agrees: bool,
}

/// What is known of a code. `S` is what its sides are: accounts or forums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pact<S> {
    /// The side that made it.
    pub maker: Side<S>,
    /// The side that said it.
    pub taker: Option<Side<S>>,
    /// From when on it is too late.
    pub until: Timestamp,
    /// Whether it was used, or is good no more.
    pub used: bool,
}

/// What saying a code comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement<S> {
    /// The side is to be told of the other, and to agree.
    Asked(Side<S>),
    /// The side agrees, and the other has not yet.
    Waits(Side<S>),
    /// Both agree: `taker` and `maker` become one.
    Sealed {
        /// The side that said the code.
        taker: Side<S>,
        /// The side that made it.
        maker: Side<S>,
    },
}

impl<S: Copy + PartialEq> Pact<S> {
    /// A new code of this side's. `by` none: whoever runs the bot made it, who agrees by that.
    #[must_use]
    pub fn made(maker: S, by: Option<Speaker>, now: Timestamp) -> Self {
        Self {
            maker: Side {
                is: maker,
                by,
                told: None,
                agrees: by.is_none(),
            },
            taker: None,
            until: Timestamp(now.0.saturating_add(GOOD_FOR)),
            used: false,
        }
    }

    /// Somebody says the code for a side, and that they agree or not yet. Whoever says it first, other than its maker, is the other
    /// side. Nobody agrees to what they have not been told of: a `yes` counts from whom this was answered with
    /// [`Agreement::Asked`] before, and from nobody else of their side.
    pub fn say(
        &mut self,
        side: S,
        by: Speaker,
        agrees: bool,
        now: Timestamp,
    ) -> Result<Agreement<S>, Refusal> {
        if self.used {
            return Err(Refusal::CodeUsed);
        }
        if now >= self.until {
            return Err(Refusal::CodeTooLate);
        }
        let told = Some(by.identity);
        let Some(taker) = &mut self.taker else {
            if side == self.maker.is {
                return Err(Refusal::CodeOwn);
            }
            self.taker = Some(Side {
                is: side,
                by: Some(by),
                told,
                agrees: false,
            });
            return Ok(Agreement::Asked(self.maker));
        };
        let (mine, other) = if side == self.maker.is {
            (&mut self.maker, *taker)
        } else if side == taker.is {
            (taker, self.maker)
        } else {
            return Err(Refusal::CodeTaken);
        };
        if !agrees || mine.told != told {
            mine.told = told;
            return Ok(Agreement::Asked(other));
        }
        mine.by = Some(by);
        mine.agrees = true;
        if !other.agrees {
            return Ok(Agreement::Waits(other));
        }
        self.used = true;
        let (taker, maker) = match side == self.maker.is {
            true => (other, self.maker),
            false => (self.taker.unwrap_or(other), self.maker),
        };
        Ok(Agreement::Sealed { taker, maker })
    }
}

/// Until when somebody waits who said so many wrong codes, by the times of the last [`WRONG_MOST`], the newest first.
#[must_use]
pub fn waits_until(wrong: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let most = usize::try_from(WRONG_MOST).unwrap_or(usize::MAX);
    let oldest = wrong.get(most.checked_sub(1)?)?;
    let until = Timestamp(oldest.0.saturating_add(WRONG_WITHIN));
    (now < until).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);
    const LATE: Timestamp = Timestamp(1_000 + GOOD_FOR);

    fn who(identity: i64) -> Speaker {
        Speaker {
            identity: IdentityId(identity),
            place: PlaceId(identity + 70),
        }
    }

    /// What it came to, by the other side's name.
    fn said(
        pact: &mut Pact<&'static str>,
        side: &'static str,
        by: i64,
        agrees: bool,
    ) -> Result<String, Refusal> {
        Ok(match pact.say(side, who(by), agrees, NOW)? {
            Agreement::Asked(other) => format!("asked of {}", other.is),
            Agreement::Waits(other) => format!("waits for {}", other.is),
            Agreement::Sealed { taker, maker } => format!("{} joins {}", taker.is, maker.is),
        })
    }

    #[test]
    fn both_sides_are_asked_and_agree() {
        let mut pact = Pact::made("mira", Some(who(1)), NOW);
        assert_eq!(
            said(&mut pact, "sol", 2, true).as_deref(),
            Ok("asked of mira")
        );
        assert_eq!(
            said(&mut pact, "sol", 2, true).as_deref(),
            Ok("waits for mira")
        );
        assert_eq!(
            said(&mut pact, "mira", 1, false).as_deref(),
            Ok("asked of sol")
        );
        assert_eq!(
            said(&mut pact, "mira", 1, true).as_deref(),
            Ok("sol joins mira")
        );
        assert_eq!(said(&mut pact, "mira", 1, true), Err(Refusal::CodeUsed));
        assert_eq!(said(&mut pact, "sol", 2, true), Err(Refusal::CodeUsed));
    }

    #[test]
    fn a_yes_said_before_the_warning_was_shown_counts_for_nothing() {
        let mut pact = Pact::made("room", Some(who(1)), NOW);
        assert_eq!(
            said(&mut pact, "server", 2, true).as_deref(),
            Ok("asked of room")
        );
        assert_eq!(
            said(&mut pact, "server", 2, true).as_deref(),
            Ok("waits for room")
        );
        // The one that made it says yes at once, and another admin of theirs after they were told.
        assert_eq!(
            said(&mut pact, "room", 1, true).as_deref(),
            Ok("asked of server")
        );
        assert_eq!(
            said(&mut pact, "room", 3, true).as_deref(),
            Ok("asked of server")
        );
        assert_eq!(
            said(&mut pact, "room", 1, true).as_deref(),
            Ok("asked of server")
        );
        assert_eq!(
            said(&mut pact, "room", 1, true).as_deref(),
            Ok("server joins room")
        );
        assert_eq!(pact.maker.by, Some(who(1)));
        assert_eq!(pact.taker.and_then(|taker| taker.by), Some(who(2)));
    }

    #[test]
    fn a_code_is_no_good_to_others_too_late_or_to_its_maker_alone() {
        let mut pact = Pact::made("mira", Some(who(1)), NOW);
        assert_eq!(said(&mut pact, "mira", 1, true), Err(Refusal::CodeOwn));
        assert_eq!(
            pact.say("sol", who(2), false, LATE),
            Err(Refusal::CodeTooLate)
        );
        assert!(said(&mut pact, "sol", 2, false).is_ok());
        assert_eq!(said(&mut pact, "ivo", 3, true), Err(Refusal::CodeTaken));
        assert_eq!(
            pact.say("sol", who(2), true, LATE),
            Err(Refusal::CodeTooLate)
        );
    }

    #[test]
    fn who_runs_the_bot_agreed_by_making_the_code() {
        let mut pact = Pact::made("main", None, NOW);
        assert_eq!(
            said(&mut pact, "server", 2, false).as_deref(),
            Ok("asked of main")
        );
        assert_eq!(
            said(&mut pact, "server", 2, true).as_deref(),
            Ok("server joins main")
        );
        assert_eq!(pact.maker.by, None);
    }

    #[test]
    fn ten_wrong_codes_in_an_hour_and_the_person_waits() {
        let minutes = |minutes: i64| Timestamp(minutes * 60_000);
        let wrong: Vec<Timestamp> = (0..10).rev().map(minutes).collect();
        assert_eq!(waits_until(&wrong, minutes(9)), Some(minutes(60)));
        assert_eq!(waits_until(&wrong, minutes(60)), None);
        assert_eq!(waits_until(&wrong[..9], minutes(9)), None);
    }
}
