//! What a rule decided: the changes that the store then makes, all or none of them.

use super::{
    Author, Body, ClosingReason, ForumId, Hiding, IdentityId, MemberId, PostId, Reason, Role,
    SayingId, Source, Tags, Timestamp, Title, Vote,
};

/// Who does something, as the forum knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The account that acts.
    pub identity: IdentityId,
    /// The person whose account it is.
    pub member: MemberId,
    /// What they may do here.
    pub role: Role,
    /// The forum that the place where they act is of, whatever that has joined.
    pub side: ForumId,
}

impl By {
    /// The same as a post's author.
    #[must_use]
    pub fn author(&self) -> Author {
        Author {
            identity: self.identity,
            member: self.member,
        }
    }
}

/// A new post. Its number is the store's to give: the next in its forum, or under its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewPost {
    /// A question.
    Question {
        /// Its title.
        title: Title,
        /// Its text.
        body: Body,
        /// Its tags.
        tags: Tags,
    },
    /// An answer.
    Answer {
        /// The question it answers.
        question: PostId,
        /// Its text.
        body: Body,
    },
    /// A comment.
    Comment {
        /// The question or answer it hangs on.
        on: PostId,
        /// The question that it belongs to.
        question: PostId,
        /// Its text.
        body: Body,
    },
}

/// A post's text before or after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// A question's title; none for answers and comments.
    pub title: Option<Title>,
    /// The text.
    pub body: Body,
    /// A question's tags; empty for answers and comments.
    pub tags: Tags,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A post is added.
    Posted {
        /// Who wrote it.
        author: Author,
        /// When.
        at: Timestamp,
        /// It.
        post: NewPost,
    },
    /// A post's text is replaced; the earlier one is kept as a revision.
    Edited {
        /// The post.
        post: PostId,
        /// Its text from now on.
        text: Text,
        /// Who edited.
        by: IdentityId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: Option<Reason>,
    },
    /// An edit is taken back: its text goes, from the history too, and the post shows the text before it.
    EditRemoved {
        /// The post.
        post: PostId,
        /// The platform's name for the event that made the edit.
        event: String,
        /// By whom; none where what a backup brought back is erased again.
        by: Option<IdentityId>,
    },
    /// A post is hidden, or hidden in another way than it was.
    Hidden {
        /// The post.
        post: PostId,
        /// How.
        hiding: Hiding,
        /// By whom, where that is known.
        by: Option<IdentityId>,
        /// When.
        at: Timestamp,
    },
    /// A hidden post is shown again.
    Unhidden {
        /// The post.
        post: PostId,
        /// By whom.
        by: IdentityId,
    },
    /// The messages that a hidden post was made from are to be taken away.
    MessagesRemoved {
        /// The post.
        post: PostId,
        /// The moderator who wants it.
        by: IdentityId,
    },
    /// A post is taken back: its text and its revisions go, its number stays.
    Withdrawn {
        /// The post.
        post: PostId,
        /// By whom, where that is known.
        by: Option<IdentityId>,
        /// When.
        at: Timestamp,
    },
    /// A vote was said.
    Said {
        /// On what.
        post: PostId,
        /// By whom.
        identity: IdentityId,
        /// By what.
        source: Source,
        /// Which way.
        vote: Vote,
    },
    /// A saying was taken back by who said it.
    TookBack {
        /// On what.
        post: PostId,
        /// By which account.
        identity: IdentityId,
        /// It.
        saying: SayingId,
    },
    /// A saying is used up: kept, so that its reaction is known, but it counts no more.
    Spent {
        /// On what.
        post: PostId,
        /// By which account.
        identity: IdentityId,
        /// It.
        saying: SayingId,
    },
    /// A member's vote on a post is another than before.
    Scored {
        /// The post.
        post: PostId,
        /// What it was.
        before: Option<Vote>,
        /// What it is.
        after: Option<Vote>,
    },
    /// An answer is the accepted one, in place of any other.
    Accepted {
        /// The question.
        question: PostId,
        /// The answer.
        answer: PostId,
        /// The reaction by which it was accepted, if it was one: taken back, the accepting is.
        via: Option<String>,
        /// By whom; none where an import says so.
        by: Option<IdentityId>,
    },
    /// No answer is accepted any more.
    Unaccepted {
        /// The question.
        question: PostId,
        /// By whom; none where an import says so, or the answer is withdrawn because its time has come.
        by: Option<IdentityId>,
    },
    /// A question is closed, or closed for another reason.
    Closed {
        /// The question.
        question: PostId,
        /// When.
        at: Timestamp,
        /// Why.
        why: ClosingReason,
        /// By whom; none where an import says so.
        by: Option<IdentityId>,
    },
    /// A closed question takes answers again.
    Reopened {
        /// The question.
        question: PostId,
        /// By whom; none where an import says so.
        by: Option<IdentityId>,
    },
}
