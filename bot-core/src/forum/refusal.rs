//! Why a person may not: every reason by which the rules refuse. Each has one message in `data/locales`.

use serde::{Deserialize, Serialize};

use super::{Address, Counted, Timestamp};

/// A refusal: the person may not, or what they said can't be done. Never a fault of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The title has too few characters.
    TitleTooShort {
        /// The fewest allowed.
        least: usize,
        /// How many it has.
        have: usize,
    },
    /// The title has too many characters.
    TitleTooLong {
        /// The most allowed.
        most: usize,
        /// How many it has.
        have: usize,
    },
    /// The title is too large, though it has few enough characters.
    TitleTooLarge {
        /// The most allowed, in KB of 1,024 bytes.
        most: usize,
    },
    /// The text has too few characters.
    BodyTooShort {
        /// The fewest allowed.
        least: usize,
        /// How many it has.
        have: usize,
    },
    /// The text has too many characters.
    BodyTooLong {
        /// The most allowed.
        most: usize,
        /// How many it has.
        have: usize,
    },
    /// The text is too large, though it has few enough characters.
    BodyTooLarge {
        /// The most allowed, in KB of 1,024 bytes.
        most: usize,
    },
    /// More tags than a question may have.
    TooManyTags {
        /// The most allowed.
        most: usize,
        /// How many were given.
        have: usize,
    },
    /// No tag: too long, or with characters that tags don't have.
    BadTag {
        /// What was given. People's text.
        tag: String,
        /// The most characters allowed.
        most: usize,
    },
    /// The same question, word for word, was asked lately.
    AskedBefore {
        /// It.
        earlier: Address,
    },
    /// A post was made from the same message before.
    AlreadyPost {
        /// It.
        address: Address,
    },
    /// No post has this address.
    NoSuchPost {
        /// What was given.
        address: Address,
    },
    /// The post was taken back.
    Withdrawn {
        /// It.
        address: Address,
    },
    /// The post is hidden: it takes no votes, answers or comments, and can't be accepted or read.
    Hidden {
        /// It.
        address: Address,
    },
    /// The question is closed: it takes no answers.
    Closed {
        /// It.
        address: Address,
    },
    /// The post is hidden already.
    AlreadyHidden {
        /// It.
        address: Address,
    },
    /// The post is not hidden, so it can't be shown again.
    NotHidden {
        /// It.
        address: Address,
    },
    /// The post is not hidden, and only what a hidden one was made from is taken away.
    HideFirst {
        /// The post.
        address: Address,
    },
    /// No message is known that the post was made from.
    NoMessage {
        /// The post.
        address: Address,
    },
    /// Only moderators have the messages taken away that somebody's post was made from.
    ModeratorsOnly {
        /// The post.
        address: Address,
    },
    /// Moderators hid the post, and its author can't show it again.
    HiddenByModerator {
        /// It.
        address: Address,
    },
    /// The message that the post was made from is gone, nobody knows by whose hand, and so its author can't show it again.
    HiddenByUnknown {
        /// It.
        address: Address,
    },
    /// An answer can only be given to a question.
    AnswerNeedsQuestion {
        /// What was given.
        address: Address,
    },
    /// Comments hang on questions and answers, not on comments.
    NoCommentOnComment {
        /// What was given.
        address: Address,
    },
    /// Only the author or a moderator may change or take back a post.
    NotYours {
        /// It.
        address: Address,
    },
    /// The text is what it was.
    NothingChanged {
        /// The post.
        address: Address,
    },
    /// The text was changed since it was seen, in the same part.
    ChangedSince {
        /// The post.
        address: Address,
    },
    /// The message that the post was made from was changed, and the post was changed otherwise since, in the same part.
    ChangedElsewhere {
        /// The post.
        address: Address,
    },
    /// What people write is shown in places where the person may not write.
    MayNotWrite,
    /// The same of questions; in what others began they may write.
    MayNotAsk,
    /// Only questions have titles and tags.
    NoTitle {
        /// The post.
        address: Address,
    },
    /// Nobody votes on their own post.
    OwnPost {
        /// It.
        address: Address,
    },
    /// Comments take votes up only.
    CommentsOnlyUp {
        /// It.
        address: Address,
    },
    /// Only answers can be accepted.
    NotAnAnswer {
        /// What was given.
        address: Address,
    },
    /// Only the asker or a moderator accepts an answer.
    NotTheAsker {
        /// The question.
        address: Address,
    },
    /// Somebody who did not ask put ✅ on an answer, which accepts as the asker's alone.
    StrayTick {
        /// The answer.
        address: Address,
    },
    /// There is no vote on it to take back.
    NoVote {
        /// The post.
        address: Address,
    },
    /// The message that a post was made from was changed into another command, which is not carried out.
    OtherCommand {
        /// The post.
        address: Address,
    },
    /// There is no accepted answer to take back.
    NothingAccepted {
        /// The question.
        address: Address,
    },
    /// Only an admin of the forum does that.
    NotAdmin,
    /// Only encrypted places show what is to be told, and this is a conversation that is not.
    OnlyEncrypted,
    /// There is no such code.
    NoSuchCode,
    /// The code was used before.
    CodeUsed,
    /// The code was not used in time.
    CodeTooLate,
    /// Whoever made the code said it, and nobody on the other side has yet.
    CodeOwn,
    /// Another said the code first.
    CodeTaken,
    /// Both are one already.
    OneAlready,
    /// The account is not joined with another.
    NotLinked,
    /// The place's forum has not joined another, and none has joined it.
    NotJoined,
    /// As much of this as one member may do within an hour was done.
    TooMany {
        /// What.
        what: Counted,
        /// How many an hour has room for.
        most: u32,
        /// When there is room for one more.
        until: Timestamp,
    },
    /// The code was said where others read it, and is good no more.
    CodeOverheard,
    /// Too many wrong codes were said.
    TooManyCodes {
        /// When it can be tried again.
        until: Timestamp,
    },
    /// The post was written on the other side of two forums that joined: its moderators alone delete it.
    OtherSide {
        /// It.
        address: Address,
    },
}
