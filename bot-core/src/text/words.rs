//! Words made of values: votes, counts, moments.

use jiff::tz::TimeZone;

use super::{Arg, Key, Texts};
use crate::document::{Inline, Walk, in_line};
use crate::forum::{Score, Timestamp};

/// The months as the message `moment` chooses them, from January on.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl Texts {
    /// A moment as it is shown: absolute, in UTC, like `23 Nov 2026, 11:40 UTC`. Beyond the years that calendars know, the
    /// nearest that they do.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        let seconds = at.0.div_euclid(1000).clamp(
            jiff::Timestamp::MIN.as_second(),
            jiff::Timestamp::MAX.as_second(),
        );
        let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
        let at = at.to_zoned(TimeZone::UTC);
        let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
        let month = MONTHS.get(month).copied().unwrap_or_default();
        let (day, year) = (at.day().to_string(), at.strftime("%Y").to_string());
        let time = at.strftime("%H:%M").to_string();
        self.say(
            Key::Moment,
            &[
                ("day", Arg::Choice(&day)),
                ("month", Arg::Choice(month)),
                ("year", Arg::Choice(&year)),
                ("time", Arg::Choice(&time)),
            ],
        )
    }

    /// A moment, as a part of a line.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> Inline {
        let words = self.moment(at);
        Inline::Time { at, words }
    }

    /// A score in words: `+84 votes`, `+1 vote`, `0 votes`, `–1 vote`.
    #[must_use]
    pub fn votes(&self, score: Score) -> String {
        let net = score.net();
        let sign = match net.signum() {
            1 => "plus",
            -1 => "minus",
            _ => "zero",
        };
        self.say(
            Key::Votes,
            &[
                ("sign", Arg::Choice(sign)),
                ("count", Arg::Number(net.abs())),
            ],
        )
    }

    /// How many answers: `3 answers`, `1 answer`, `no answers yet`.
    #[must_use]
    pub fn answers(&self, count: u32) -> String {
        self.say(Key::Answers, &[("count", Arg::Number(i64::from(count)))])
    }
}

/// Adds the words of a line, their markup left out.
pub(super) fn flatten(line: &[Inline], into: &mut String) {
    in_line(line, &mut |part| {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => into.push_str(text),
            Inline::Address(address) => into.push_str(&address.to_string()),
            Inline::Place { name, .. } => into.push_str(name),
            Inline::Time { words, .. } => into.push_str(words),
            Inline::Break => into.push('\n'),
            Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Spoiler(_)
            | Inline::Fact(..)
            | Inline::Link { .. } => {}
        }
        Walk::Into
    });
}
