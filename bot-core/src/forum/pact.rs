//! One-time codes, by which two sides become one: two accounts one person, or two forums one. Each has to agree, knowing the other.

use super::{Refusal, Timestamp};

/// How long a code is good for, in milliseconds.
pub const GOOD_FOR: i64 = 30 * 60 * 1000;

/// What is known of a code. `S` is what its sides are: accounts or forums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pact<S> {
    /// The side that made it.
    pub maker: S,
    /// The side that said it.
    pub taker: Option<S>,
    /// Whether the one that made it agrees.
    pub maker_agrees: bool,
    /// Whether the one that said it agrees.
    pub taker_agrees: bool,
    /// From when on it is too late.
    pub until: Timestamp,
    /// Whether it was used.
    pub used: bool,
}

/// What saying a code comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement<S> {
    /// The side is to be told of the other, and to agree.
    Asked(S),
    /// The side agrees, and the other has not yet.
    Waits(S),
    /// Both agree: `taker` and `maker` become one.
    Sealed {
        /// The side that said the code.
        taker: S,
        /// The side that made it.
        maker: S,
    },
}

impl<S: Copy + PartialEq> Pact<S> {
    /// A new code of this side's. `agrees`: it need not be asked any more.
    #[must_use]
    pub fn made(maker: S, agrees: bool, now: Timestamp) -> Self {
        Self {
            maker,
            taker: None,
            maker_agrees: agrees,
            taker_agrees: false,
            until: Timestamp(now.0.saturating_add(GOOD_FOR)),
            used: false,
        }
    }

    /// A side says the code, and that it agrees or not yet. Whoever says it first, other than its maker, is the other side; that
    /// alone agrees to nothing, since nobody agrees to what they have not been told of.
    pub fn say(&mut self, side: S, agrees: bool, now: Timestamp) -> Result<Agreement<S>, Refusal> {
        if self.used {
            return Err(Refusal::CodeUsed);
        }
        if now >= self.until {
            return Err(Refusal::CodeTooLate);
        }
        let taker = match self.taker {
            None if side == self.maker => return Err(Refusal::CodeOwn),
            None => {
                self.taker = Some(side);
                return Ok(Agreement::Asked(self.maker));
            }
            Some(taker) => taker,
        };
        let (mine, other) = if side == self.maker {
            (&mut self.maker_agrees, taker)
        } else if side == taker {
            (&mut self.taker_agrees, self.maker)
        } else {
            return Err(Refusal::CodeTaken);
        };
        *mine |= agrees;
        if self.maker_agrees && self.taker_agrees {
            self.used = true;
            let maker = self.maker;
            return Ok(Agreement::Sealed { taker, maker });
        }
        Ok(match agrees {
            true => Agreement::Waits(other),
            false => Agreement::Asked(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);
    const LATE: Timestamp = Timestamp(1_000 + GOOD_FOR);

    #[test]
    fn both_sides_are_asked_and_agree() {
        let mut pact = Pact::made("mira", false, NOW);
        assert_eq!(pact.say("sol", true, NOW), Ok(Agreement::Asked("mira")));
        assert_eq!(pact.say("sol", true, NOW), Ok(Agreement::Waits("mira")));
        assert_eq!(pact.say("mira", false, NOW), Ok(Agreement::Asked("sol")));
        let (taker, maker) = ("sol", "mira");
        assert_eq!(
            pact.say("mira", true, NOW),
            Ok(Agreement::Sealed { taker, maker })
        );
        assert_eq!(pact.say("mira", true, NOW), Err(Refusal::CodeUsed));
        assert_eq!(pact.say("sol", true, NOW), Err(Refusal::CodeUsed));
    }

    #[test]
    fn a_code_is_no_good_to_others_too_late_or_to_its_maker_alone() {
        let mut pact = Pact::made("mira", false, NOW);
        assert_eq!(pact.say("mira", true, NOW), Err(Refusal::CodeOwn));
        assert_eq!(pact.say("sol", false, LATE), Err(Refusal::CodeTooLate));
        assert!(pact.say("sol", false, NOW).is_ok());
        assert_eq!(pact.say("ivo", true, NOW), Err(Refusal::CodeTaken));
        assert_eq!(pact.say("sol", true, LATE), Err(Refusal::CodeTooLate));
    }

    #[test]
    fn who_runs_the_bot_agreed_by_making_the_code() {
        let mut pact = Pact::made(1, true, NOW);
        assert_eq!(pact.say(2, false, NOW), Ok(Agreement::Asked(1)));
        let (taker, maker) = (2, 1);
        assert_eq!(
            pact.say(2, true, NOW),
            Ok(Agreement::Sealed { taker, maker })
        );
    }
}
