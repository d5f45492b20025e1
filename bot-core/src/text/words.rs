//! Words made of values: votes, counts, moments.

use jiff::tz::TimeZone;

use super::{Arg, Key, Texts};
use crate::document::{Inline, Walk, in_line};
use crate::forum::{Score, Timestamp};

/// A moment as it is shown: absolute, in UTC, like `23 Nov 2026, 11:40 UTC`. Beyond the years that calendars know, the
/// nearest that they do.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let seconds = at.0.div_euclid(1000).clamp(
        jiff::Timestamp::MIN.as_second(),
        jiff::Timestamp::MAX.as_second(),
    );
    let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    at.to_zoned(TimeZone::UTC)
        .strftime("%-d %b %Y, %H:%M UTC")
        .to_string()
}

impl Texts {
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
            Inline::Time(at) => into.push_str(&moment(*at)),
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
