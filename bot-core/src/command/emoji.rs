//! Reactions as intents: 👍 👎 ✅, in every skin tone, with and without variation selector.

use crate::forum::Vote;

/// What a reaction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReactionMeaning {
    /// A vote.
    Vote(Vote),
    /// This answer is the accepted one.
    Accept,
}

impl ReactionMeaning {
    /// What an emoji says; most say nothing to the forum.
    #[must_use]
    pub fn read(emoji: &str) -> Option<Self> {
        let mut plain = emoji.trim().chars().filter(|&c| !is_modifier(c));
        match (plain.next(), plain.next()) {
            (Some('\u{1F44D}'), None) => Some(Self::Vote(Vote::Up)),
            (Some('\u{1F44E}'), None) => Some(Self::Vote(Vote::Down)),
            (Some('\u{2705}' | '\u{2714}'), None) => Some(Self::Accept),
            _ => None,
        }
    }
}

/// Variation selectors 15 and 16, and the five skin tones.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skin_tone_and_selector_is_the_same_vote() {
        for up in ["👍", "👍\u{FE0F}", "👍🏻", "👍🏽", "👍🏿", "👍🏿\u{FE0F}"] {
            assert_eq!(
                ReactionMeaning::read(up),
                Some(ReactionMeaning::Vote(Vote::Up)),
                "{up}"
            );
        }
        assert_eq!(
            ReactionMeaning::read("👎🏼"),
            Some(ReactionMeaning::Vote(Vote::Down))
        );
        assert_eq!(ReactionMeaning::read("✅"), Some(ReactionMeaning::Accept));
        assert_eq!(ReactionMeaning::read("✔️"), Some(ReactionMeaning::Accept));
        for none in ["", "👍👍", "🎉", "\u{FE0F}", "up", "👍 x"] {
            assert_eq!(ReactionMeaning::read(none), None, "{none}");
        }
    }
}
