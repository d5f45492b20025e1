//! The port between the core and a chat: what adapters tell the core, what the core asks of them. No SDK's types here.

use std::future::Future;
use std::time::Duration;

use crate::command::Intent;
use crate::document::{Card, Subject};
use crate::forum::{Address, ForumId, Role, Timestamp};

pub use crate::names::{MessageKey, PersonKey, PlaceKey, Platform, SendKey};

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The platform's name for them.
    pub key: PersonKey,
    /// What people call them there. People's text.
    pub name: String,
    /// The name that no other account there has, where the key is not one that people know: a Discord username.
    pub account: Option<String>,
    /// What they may where they are, as the platform has it.
    pub role: Role,
}

/// Where something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The platform's name for it.
    pub key: PlaceKey,
    /// What people call it. People's text.
    pub name: Option<String>,
    /// Who is there.
    pub kind: PlaceKind,
    /// Who else can read there.
    pub seclusion: Seclusion,
}

/// What keeps others from reading in a place, of which the admins are told before it shares a forum with other places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seclusion {
    /// What is said there is encrypted.
    pub encrypted: bool,
    /// Not everybody can come in and read.
    pub private: bool,
}

/// What kind of place it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// One that the settings name: it belongs to the forum `main`.
    Named,
    /// Any other that several people share: it has a forum of its own.
    Shared,
    /// One of several that share a forum of their own, which has this name: the channels of a Discord server.
    Grouped {
        /// The forum's name.
        forum: String,
    },
    /// A conversation of one person with the bot: no prefix is needed, and the forum is that of a place that both share.
    Direct {
        /// The places that both are in, as the platform says. Conversations among them count for nothing.
        common: Vec<CommonPlace>,
    },
}

/// A place that the person of a conversation and the bot are both in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonPlace {
    /// The platform's name for it.
    pub key: PlaceKey,
    /// What the person may write there: no more is written there for them.
    pub writes: Writes,
}

/// What a platform lets somebody write in a place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Writes {
    /// Nothing: they may not send there, are timed out, or are no full member yet.
    Nothing,
    /// What belongs to something that is there, but nothing new of their own: Discord has a permission for each.
    Below,
    /// Anything.
    All,
}

/// Something that happened in a chat. The bot's own doings are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Which chat.
    pub platform: Platform,
    /// The platform's name for the event: the same event again gets the same outcome. None where it has no name.
    pub id: Option<MessageKey>,
    /// Who.
    pub actor: Actor,
    /// Where.
    pub place: Place,
    /// When, as the platform says it; only ever shown, never used for order.
    pub at: Timestamp,
    /// What.
    pub what: IncomingEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncomingEvent {
    /// Somebody wrote.
    Said {
        /// The message.
        message: MessageKey,
        /// What they wrote: Markdown, reply fallback taken out.
        text: String,
        /// The message they replied to.
        reply_to: Option<MessageKey>,
        /// The root of the thread they wrote in.
        thread: Option<MessageKey>,
    },
    /// Somebody used a command, a button or a dialog of the platform's own.
    Commanded {
        /// What they want.
        intent: Intent,
        /// The message that it is about: the card whose button it is, or the root of the thread it was said in.
        on: Option<MessageKey>,
        /// The message that a new post is made from, if it is made from one.
        from: Option<MessageKey>,
    },
    /// Somebody decided, by a button of the platform's own, what they were asked in a conversation.
    Decided {
        /// What they decided.
        decision: Decision,
    },
    /// Somebody changed a message of their own.
    Rewrote {
        /// The message that was changed.
        message: MessageKey,
        /// What it says now.
        text: String,
    },
    /// Somebody reacted.
    Reacted {
        /// The reaction itself.
        reaction: MessageKey,
        /// The message they reacted to.
        on: MessageKey,
        /// The emoji, as it came.
        emoji: String,
    },
    /// Somebody took back a message or a reaction; on Matrix it is not said which. The actor did it: an author's own doing
    /// withdraws the post that was made from the message, a moderator's hides it.
    Removed {
        /// What is gone.
        gone: MessageKey,
    },
    /// A single message is gone, and the platform does not say by whose hand: the actor counts for nothing. The post that was made
    /// from it is hidden, and withdrawn 24 h later unless it is shown again; a card's surface ends.
    MessageGone {
        /// What is gone.
        gone: MessageKey,
    },
    /// Somebody was banned, and with it all is taken away that they wrote in the place. The actor did it: a moderator's doing hides the posts
    /// that were made from it.
    WordsRemoved {
        /// Whose words.
        of: PersonKey,
    },
    /// Messages are gone together, as by a bulk deletion or with their thread; the actor counts for nothing. Their surfaces end,
    /// and no post is hidden, withdrawn or posted again, whatever was made from them.
    SurfacesGone {
        /// What is gone.
        gone: Vec<MessageKey>,
    },
}

/// What somebody decides in a conversation, where the bot asked before it published anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// What waits is published, and what they want published from this conversation in this forum from then on.
    Publish,
    /// What waits is forgotten.
    Drop,
    /// They want to see which forums they share with the bot.
    Which,
    /// What they say in this conversation is about this forum, of several that they share with the bot.
    Forum(ForumId),
}

/// What a reply asks of the person in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Whether what they want is published where the reply says: [`Decision::Publish`] or [`Decision::Drop`].
    Publish,
    /// Which of these forums is meant, by names for people: [`Decision::Forum`].
    Forum(Vec<(ForumId, String)>),
    /// Whether a moderator wants the messages to be taken away that a hidden post was made from: [`Act::RemoveMessage`](crate::command::Act::RemoveMessage).
    RemoveMessage(Address),
}

/// What the adapter does about something that it told the core.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// What to say to the person, if anything.
    pub reply: Option<Reply>,
    /// A refused reaction, to be taken away where the bot may.
    pub unreact: Option<MessageKey>,
    /// Whether what was wanted is done: not where it was refused, is still to be said more exactly, or was only to be shown.
    pub done: bool,
    /// Whether it was refused because its post was changed since it was seen; the reply tells what that says now.
    pub stale: bool,
}

/// An answer to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What it says.
    pub card: Card,
    /// Who sees it.
    pub audience: Audience,
    /// The same event again gets the same key, so that nothing is said twice.
    pub key: SendKey,
    /// What it asks of the person, if anything. Where they can react to it, the core wants to hear which message it is
    /// (`Core::sent`).
    pub asks: Option<Asks>,
}

/// Who sees a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those where it was said: as a quiet reply to what was said, in the same thread.
    Place,
    /// The person alone, in a direct room.
    Person,
}

/// A message that is to be sent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Where.
    pub place: PlaceKey,
    /// The root of the thread it goes to; none roots one itself.
    pub thread: Option<MessageKey>,
    /// The question in whose thread it goes, where it does: the thread may have to be opened first.
    pub about: Option<Subject>,
    /// What it shows.
    pub card: Card,
    /// Its name: sent again under the same key it is still one message.
    pub key: SendKey,
}

/// A change of a message that the bot sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// Where.
    pub place: PlaceKey,
    /// The message.
    pub message: MessageKey,
    /// What it shows from now on.
    pub card: Card,
    /// The change's own name.
    pub key: SendKey,
}

/// Taking away a message, with all its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removing {
    /// Whose message it is.
    pub whose: Whose,
    /// Where.
    pub place: PlaceKey,
    /// The message.
    pub message: MessageKey,
    /// The removal's own name.
    pub key: SendKey,
}

/// Whose a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The bot's own.
    Own,
    /// Somebody else's: it goes only where the bot may take such messages away.
    Theirs,
}

/// Naming the thread, or the post of a forum channel, that hangs on a question's card, with whatever else it tells of the question beside
/// the card, such as its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// Where.
    pub place: PlaceKey,
    /// The card.
    pub message: MessageKey,
    /// The question.
    pub subject: Subject,
}

/// A word to one person alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The place that it is about; links lead there.
    pub place: PlaceKey,
    /// Who is told.
    pub person: PersonKey,
    /// What.
    pub card: Card,
    /// Its name: under the same key it is said once.
    pub key: SendKey,
}

/// Why something could not be sent. The text of `why` is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not now: the network, a rate limit, the server. Try again.
    #[error("not now: {why}")]
    Later {
        /// How long the platform asked to wait.
        after: Option<Duration>,
        /// What it said.
        why: String,
    },
    /// Not now, for a reason of this message's own, such as a thread that can't be opened: try again, and let no other wait for it.
    #[error("not now: {why}")]
    Stuck {
        /// What the platform said.
        why: String,
    },
    /// Not as long as nobody allows it to the bot: try again.
    #[error("not allowed: {why}")]
    NotAllowed {
        /// What the platform said.
        why: String,
    },
    /// Never in this place: the bot is not in it (kicked, banned, left).
    #[error("the place does not take it: {why}")]
    PlaceClosed {
        /// What the platform said.
        why: String,
    },
    /// Never: this message is refused, or the one to change is gone.
    #[error("refused: {why}")]
    Refused {
        /// What the platform said.
        why: String,
    },
}

impl SendError {
    /// How long the platform asked to wait.
    #[must_use]
    pub const fn after(&self) -> Option<Duration> {
        match self {
            Self::Later { after, .. } => *after,
            Self::Stuck { .. }
            | Self::NotAllowed { .. }
            | Self::PlaceClosed { .. }
            | Self::Refused { .. } => None,
        }
    }
}

/// How often a card may be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditRate {
    /// The pause after an edit.
    pub least: Duration,
    /// What the pause grows to while changes keep coming.
    pub most: Duration,
}

/// A chat as the core sees it. All calls are safe to repeat with the same key.
pub trait ChatPlatform: Send + Sync + 'static {
    /// Which one it is.
    fn platform(&self) -> Platform;

    /// How often a card may be edited there.
    fn pace(&self) -> EditRate;

    /// Sends a message and gives its name.
    fn post(&self, posting: &Posting)
    -> impl Future<Output = Result<MessageKey, SendError>> + Send;

    /// Looks for a message that an earlier try may have sent, by its key: in `place`, in the thread below `thread` if it was to go
    /// there.
    fn find(
        &self,
        place: &PlaceKey,
        thread: Option<&MessageKey>,
        key: &SendKey,
    ) -> impl Future<Output = Result<Option<MessageKey>, SendError>> + Send;

    /// Changes a message.
    fn edit(&self, editing: &Editing) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Takes a message away, with its edits.
    fn remove(&self, removing: &Removing) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Gives the thread below a question's card the question's name, and what else it tells of the question, where threads have
    /// that and it is another. No edit of the card does.
    fn name(&self, naming: &Naming) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Tells one person something alone. Who can't be told in private is left in peace.
    fn tell(&self, telling: &Telling) -> impl Future<Output = Result<(), SendError>> + Send;
}
