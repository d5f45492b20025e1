//! What follows from each kind of change: the row of the change log, the answers that are counted, which cards and threads are not
//! true any more, what becomes of the messages that hold a text, and what is to be forgotten.
//!
//! A kind of change is in [`Consequences::of`] alone; [`Tx::precede`] and [`Tx::follow`] are where a consequence is carried out.

use super::Made;
use crate::forum::{
    Change, ClosingReason, ForumId, IdentityId, NewPost, PostId, Reason, Timestamp,
};
use crate::store::change_log::{Entry, LogRow};
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::forget::Gone;
use crate::store::tx::Tx;

/// What becomes of the count of a question's visible answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Same,
    /// One was written at this moment.
    OneMore {
        question: PostId,
        at: Timestamp,
    },
    /// Those that can be seen are others, where the post is an answer.
    Anew,
}

/// What becomes of the text that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Readable {
    Same,
    /// One of the post's texts goes, and with it every message that holds it.
    Removed(Gone),
    /// The post can be read no more, and no message may hold what could be.
    Covered {
        post: PostId,
        gone: Gone,
    },
    /// It can be read again.
    Back,
}

/// What becomes of the messages by people that a post was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Messages {
    Stay,
    /// They are to be taken away with the post.
    Go,
    /// A moderator wants them taken away while the post is hidden.
    Removed {
        by: IdentityId,
    },
}

/// What becomes of the cards that are to be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cards {
    Same,
    /// Those of a new post are, below that of its question.
    Post {
        question: Option<PostId>,
    },
    /// Those that were not tried yet are not.
    Drop,
}

/// All that follows from one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Consequences<'c> {
    row: LogRow<'c>,
    answers: Answers,
    readable: Readable,
    messages: Messages,
    cards: Cards,
    /// The question whose threads may have to be called otherwise.
    names: Option<PostId>,
}

impl<'c> Consequences<'c> {
    /// What follows from a change; none from a part of a vote, whose score is changed beside it.
    pub(super) fn of(change: &'c Change) -> Option<Self> {
        Some(match change {
            Change::Said { .. } | Change::TookBack { .. } | Change::Spent { .. } => return None,
            Change::Scored { .. } => Self::logged(Entry::Voted, None),
            Change::Posted { author, at, post } => Self {
                answers: match post {
                    NewPost::Answer { question, .. } => Answers::OneMore {
                        question: *question,
                        at: *at,
                    },
                    NewPost::Question { .. } | NewPost::Comment { .. } => Answers::Same,
                },
                cards: Cards::Post {
                    question: match post {
                        NewPost::Question { .. } => None,
                        NewPost::Answer { question, .. } | NewPost::Comment { question, .. } => {
                            Some(*question)
                        }
                    },
                },
                ..Self::logged(Entry::Posted, Some(author.identity))
            },
            Change::Edited {
                post, by, reason, ..
            } => Self {
                names: Some(*post),
                ..Self::logged(Entry::Edited, Some(*by))
                    .because(reason.as_ref().map(Reason::as_str))
            },
            Change::EditRemoved { event, by, .. } => Self {
                readable: Readable::Removed(Gone::Edit(event.clone())),
                ..Self::logged(Entry::TextRemoved, *by)
            },
            Change::Hidden { post, by, .. } => Self {
                answers: Answers::Anew,
                readable: Readable::Covered {
                    post: *post,
                    gone: Gone::Hidden,
                },
                ..Self::logged(Entry::Hidden, *by)
            },
            Change::Unhidden { post, by } => Self {
                answers: Answers::Anew,
                readable: Readable::Back,
                names: Some(*post),
                ..Self::logged(Entry::Unhidden, Some(*by))
            },
            Change::MessagesRemoved { by, .. } => Self {
                messages: Messages::Removed { by: *by },
                ..Self::logged(Entry::MessagesRemoved, Some(*by))
            },
            Change::Withdrawn { post, by, .. } => Self {
                answers: Answers::Anew,
                readable: Readable::Covered {
                    post: *post,
                    gone: Gone::Withdrawn,
                },
                messages: Messages::Go,
                cards: Cards::Drop,
                ..Self::logged(Entry::Withdrawn, *by)
            },
            Change::Accepted { question, by, .. } => Self {
                names: Some(*question),
                ..Self::logged(Entry::Accepted, *by)
            },
            Change::Unaccepted { question, by } => Self {
                names: Some(*question),
                ..Self::logged(Entry::Unaccepted, *by)
            },
            Change::Closed { by, why, .. } => {
                Self::logged(Entry::Closed, *by).because(Some(reason_of_closing(*why)))
            }
            Change::Reopened { by, .. } => Self::logged(Entry::Reopened, *by),
        })
    }

    /// That it is logged, and nothing else.
    fn logged(entry: Entry, actor: Option<IdentityId>) -> Self {
        Self {
            row: LogRow {
                actor,
                ..entry.into()
            },
            answers: Answers::Same,
            readable: Readable::Same,
            messages: Messages::Stay,
            cards: Cards::Same,
            names: None,
        }
    }

    fn because(mut self, reason: Option<&'c str>) -> Self {
        self.row.reason = reason;
        self
    }
}

/// As the change log names it.
const fn reason_of_closing(why: ClosingReason) -> &'static str {
    match why {
        ClosingReason::Duplicate => "duplicate",
        ClosingReason::OffTopic => "off-topic",
        ClosingReason::Unclear => "unclear",
        ClosingReason::TooBroad => "too-broad",
        ClosingReason::Opinion => "opinion",
        ClosingReason::TooLocal => "too-local",
        ClosingReason::Reference => "reference",
        ClosingReason::Noise => "noise",
        ClosingReason::Unsaid => "unsaid",
    }
}

impl Tx<'_> {
    /// Carries out what has to be done as long as what is changed can still be seen.
    pub(super) fn precede(&self, consequences: &Consequences<'_>) -> Result<(), Fault> {
        match consequences.readable {
            Readable::Covered { post, .. } => self.take_text_away(post),
            Readable::Same | Readable::Removed(_) | Readable::Back => Ok(()),
        }
    }

    /// Carries out what follows from a change that was made.
    pub(super) fn follow(
        &self,
        forum: ForumId,
        made: Made,
        consequences: &Consequences<'_>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let Made { post, superseded } = made;
        match consequences.answers {
            Answers::Same => {}
            Answers::OneMore { question, at } => self.count_answer(question, at)?,
            Answers::Anew => self.count_answers(post)?,
        }
        match consequences.readable {
            Readable::Same | Readable::Covered { .. } => {}
            Readable::Removed(_) => self.take_text_away(post)?,
            Readable::Back => {
                self.show_again(post)?;
                self.let_theirs_stand(post)?;
            }
        }
        if let Some(question) = consequences.names {
            self.name_threads(question)?;
        }
        let seq = self.log(forum, post, consequences.row, now)?;
        if let Some(superseded) = superseded {
            self.mark_stale(superseded, seq)?;
        }
        match consequences.messages {
            Messages::Stay => {}
            Messages::Go => self.take_theirs_away(post, now)?,
            Messages::Removed { by } => self.remove_theirs(post, by, now)?,
        }
        match &consequences.readable {
            Readable::Same | Readable::Back => {}
            Readable::Covered { gone, .. } | Readable::Removed(gone) => {
                if *gone != Gone::Hidden {
                    self.forget_reasons(post)?;
                }
                self.forget_text(post, gone)?;
            }
        }
        match consequences.cards {
            Cards::Same => Ok(()),
            Cards::Post { question } => self.queue_cards(forum, question.unwrap_or(post), post),
            Cards::Drop => self.drop_cards(post),
        }
    }

    /// Counts a new answer that can be seen.
    fn count_answer(&self, question: PostId, at: Timestamp) -> Result<(), Fault> {
        self.run(
            "counting answers",
            "UPDATE post SET answers = answers + 1,
                 answered_at = CASE WHEN answered_at > ?2 THEN answered_at ELSE ?2 END
             WHERE id = ?1",
            params![question.0, at.0],
        )
        .map(drop)
    }

    /// Counts the visible answers of the question that a post answers, if it is an answer.
    fn count_answers(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "counting answers",
            "UPDATE post SET (answers, answered_at) =
                 (SELECT count(*), max(answer.at) FROM post AS answer
                  WHERE answer.question = post.id AND answer.kind = 1
                  AND answer.withdrawn_at IS NULL AND answer.hidden_at IS NULL)
             WHERE id = (SELECT question FROM post WHERE id = ?1 AND kind = 1)",
            [post.0],
        )
        .map(drop)
    }
}

#[cfg(test)]
impl Tx<'_> {
    /// Has what follows carried out when one of a post's texts was removed.
    pub(crate) fn text_removed_for_test(&self, forum: ForumId, post: PostId) -> Result<(), Fault> {
        let removed = Change::EditRemoved {
            post,
            event: String::new(),
            by: None,
        };
        let consequences = Consequences::of(&removed).expect("a text goes");
        self.follow(forum, post.into(), &consequences, Timestamp(0))
    }
}
