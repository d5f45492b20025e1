//! How much one member may do within an hour, and who is new to a forum.
//!
//! The hour slides: what counts is what was done in the hour before. Taking back and changing a vote are free.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Refusal, Role, Timestamp};

/// The time in which acts are counted.
pub const WINDOW: Duration = Duration::from_secs(3_600);

/// What is counted, each kind by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Questions asked.
    Question,
    /// Answers given.
    Answer,
    /// Comments written.
    Comment,
    /// Own posts edited. What moderators mend in others' posts is not counted.
    Edit,
    /// Votes on posts on which the member had none.
    Vote,
}

/// How much one member may do within an hour, and who counts as new. A limit of 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Questions.
    pub questions: u32,
    /// Questions of a newcomer.
    pub newcomer_questions: u32,
    /// Answers.
    pub answers: u32,
    /// Comments.
    pub comments: u32,
    /// Edits of own posts.
    pub edits: u32,
    /// Votes.
    pub votes: u32,
    /// With so many posts that can be seen, a member is no newcomer.
    pub newcomer_posts: u32,
    /// After so long in the forum, a member is no newcomer.
    pub newcomer_time: Duration,
}

/// What tells whether a member is new to a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experience {
    /// When the forum first heard of them.
    pub since: Timestamp,
    /// How many of their posts can be seen; counted no further than [`Limits::newcomer_posts`].
    pub posts: u32,
}

impl Limits {
    /// Whether a member is new to the forum; moderators never are.
    #[must_use]
    pub fn is_newcomer(&self, role: Role, experience: Experience, now: Timestamp) -> bool {
        !role.moderates()
            && experience.posts < self.newcomer_posts
            && now.since(experience.since) < self.newcomer_time
    }

    /// How many acts of a kind an hour has room for; none where there is no limit.
    #[must_use]
    pub fn most(&self, what: Counted, newcomer: bool) -> Option<u32> {
        let most = match what {
            Counted::Question if newcomer && self.newcomer_questions > 0 => {
                if self.questions == 0 {
                    self.newcomer_questions
                } else {
                    self.newcomer_questions.min(self.questions)
                }
            }
            Counted::Question => self.questions,
            Counted::Answer => self.answers,
            Counted::Comment => self.comments,
            Counted::Edit => self.edits,
            Counted::Vote => self.votes,
        };
        (most > 0).then_some(most)
    }
}

/// Refuses one more act where the hour before `now` has as many as it may. `recent` are the moments of the member's acts of this kind,
/// oldest first.
pub fn within(
    what: Counted,
    most: Option<u32>,
    recent: &[Timestamp],
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(most) = most else { return Ok(()) };
    let fits = usize::try_from(most).unwrap_or(usize::MAX);
    let oldest = recent.len().checked_sub(fits).map(|first| recent[first]);
    match oldest {
        Some(oldest) if now.since(oldest) < WINDOW => Err(Refusal::TooMany {
            what,
            most,
            until: oldest.plus(WINDOW),
        }),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000)
    }

    #[test]
    fn the_hour_slides_and_a_refusal_says_when_it_ends() {
        let recent = [at(0), at(10), at(20)];
        let asks = |minutes| within(Counted::Question, Some(3), &recent, at(minutes));
        assert_eq!(asks(21), refused(3, 60));
        assert_eq!(asks(59), refused(3, 60));
        assert_eq!(asks(60), Ok(()));
        assert_eq!(
            within(Counted::Question, Some(2), &recent, at(60)),
            refused(2, 70)
        );
        assert_eq!(within(Counted::Question, Some(4), &recent, at(21)), Ok(()));
        assert_eq!(within(Counted::Question, None, &recent, at(21)), Ok(()));
    }

    fn refused(most: u32, until: i64) -> Result<(), Refusal> {
        Err(Refusal::TooMany {
            what: Counted::Question,
            most,
            until: at(until),
        })
    }

    #[test]
    fn who_has_posts_or_a_day_behind_them_or_moderates_is_no_newcomer() {
        let limits = Limits {
            questions: 10,
            newcomer_questions: 3,
            newcomer_posts: 3,
            newcomer_time: Duration::from_secs(24 * 3_600),
            ..Limits::default()
        };
        let new = |role, posts, minutes| {
            let since = at(0);
            limits.is_newcomer(role, Experience { since, posts }, at(minutes))
        };
        assert!(new(Role::Member, 2, 24 * 60 - 1));
        assert!(!new(Role::Member, 3, 0));
        assert!(!new(Role::Member, 0, 24 * 60));
        assert!(!new(Role::Moderator, 0, 0));
        assert_eq!(limits.most(Counted::Question, true), Some(3));
        assert_eq!(limits.most(Counted::Question, false), Some(10));
        assert_eq!(limits.most(Counted::Vote, true), None);
    }
}
