//! What came of an action, and the form in which the inbox keeps it, so that the same event again gets the same reply.

use serde::{Deserialize, Serialize};

use crate::command::Intent;
use crate::forum::{Address, Counted, ForumId, Refusal, Score, Tags, Timestamp, Vote};
use crate::platform::{PlaceKey, Seclusion};
use crate::store::{Community, OpenPlace, Whereabouts};

/// What came of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing: it was nothing of the forum's.
    Nothing,
    /// Nothing was done: they were told how it is said, or that there is no such post.
    Hinted,
    /// A post was added.
    Posted(Address),
    /// A post was changed.
    Edited(Address),
    /// A post was taken back.
    Withdrawn(Address),
    /// A post was hidden.
    Hidden(Address),
    /// A moderator hid a post of somebody else's, and their own message of it still stands.
    Screened(Address),
    /// The messages that a hidden post was made from are being taken away.
    MessageRemoved(Address),
    /// A moderator took away a card of a post that can be seen still.
    CardRemoved(Address),
    /// A hidden post was shown again.
    Unhidden(Address),
    /// A vote was said or taken back.
    Voted(Address, Option<Vote>, Score),
    /// An answer was accepted.
    Accepted(Address),
    /// The accepting was taken back, of the question at this address.
    Unaccepted(Address),
    /// A code was made, by which an account joins this one.
    LinkCode(String),
    /// Whether another account is theirs too has yet to be agreed to.
    LinkAsked {
        /// By saying this code again.
        code: String,
        /// The other account.
        other: Account,
    },
    /// It was agreed to that another account is theirs too, and the other has yet to.
    LinkWaits {
        /// By saying this code.
        code: String,
        /// The other account.
        other: Account,
    },
    /// Another account is theirs too.
    Linked(Account),
    /// This account is on its own again.
    Unlinked,
    /// A code was made, by which a forum joins this one.
    ForumCode(String),
    /// Whether two forums become one has yet to be agreed to.
    JoinAsked {
        /// By saying this code again.
        code: String,
        /// Whether this is the one that joins the other.
        joins: bool,
        /// This one.
        mine: Community,
        /// Who made or said the code there; none where whoever runs the bot did.
        by: Option<Account>,
        /// The other.
        other: Community,
    },
    /// It was agreed to on this side that two forums become one.
    JoinWaits {
        /// The other side agrees by saying this code.
        code: String,
        /// The other.
        other: Community,
    },
    /// Two forums are one.
    Joined {
        /// The other, as it was before.
        other: Community,
        /// Who agreed there; none where whoever runs the bot did.
        by: Option<Account>,
        /// How many questions have new numbers.
        brought: u64,
    },
    /// Whether a forum is to leave the one that it joined has yet to be said once more.
    LeaveAsked(Community),
    /// A forum left the one that it had joined.
    Left {
        /// The one that it left.
        other: Community,
        /// How many questions have their old numbers again.
        took: u64,
    },
    /// Whether a forum that joined this one is to be parted from it has yet to be said once more.
    PartAsked {
        /// It.
        other: Community,
        /// Its own name, by which it is meant.
        which: String,
    },
    /// A forum that had joined this one was parted from it.
    Parted {
        /// It.
        other: Community,
        /// How many questions have their old numbers again.
        took: u64,
    },
    /// Several forums joined this one, and which is meant has yet to be said: by their own names.
    WhichJoined(Vec<(Community, String)>),
    /// The rules say no.
    Refused(Refusal),
    /// It broke on our side and is not tried again; this code is in the log.
    Broken(String),
    /// It was said where no post was meant, but one is needed.
    WhichPost,
    /// It was said in a conversation that shares several forums, and which one is meant has yet to be said: each by a place of it.
    WhichForum(Vec<(ForumId, NamedPlace)>),
    /// From now on a conversation is about the forum of this place.
    Chosen(NamedPlace),
    /// Whether what was said in a conversation is published has yet to be agreed to.
    Confirm {
        /// Where it would be: the places that the person and the bot share.
        places: Vec<NamedPlace>,
        /// How many other places show it.
        others: u32,
        /// Under this name. People's text.
        name: String,
    },
    /// What waited to be agreed to is forgotten.
    Dropped,
    /// Whether a post is deleted for good has yet to be agreed to.
    ConfirmDelete(Address),
    /// It was not agreed to: nothing is deleted.
    NotDeleted,
    /// Nothing waits to be agreed to.
    NothingWaits,
    /// What came of several actions that had waited.
    All(Vec<Outcome>),
}

/// A place as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedPlace {
    /// The platform's name for it.
    pub key: PlaceKey,
    /// What people call it. People's text.
    pub name: String,
}

impl From<OpenPlace> for NamedPlace {
    fn from(OpenPlace { key, name }: OpenPlace) -> Self {
        Self { key, name }
    }
}

/// An account as another is told of it. People's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    /// What it is called.
    pub name: String,
    /// The platform's name.
    pub platform: String,
    /// The name that no other account there has.
    #[serde(default)]
    pub account: String,
    /// The platform's name for it.
    #[serde(default)]
    pub id: String,
    /// Where its person was, where that says who they are.
    #[serde(default)]
    pub place: Option<Whereabouts>,
}

impl Outcome {
    /// Whether the message that it came of can be changed, and is then said again.
    pub(super) fn can_be_mended(&self) -> bool {
        matches!(
            self,
            Self::Refused(_)
                | Self::Broken(_)
                | Self::Confirm { .. }
                | Self::ConfirmDelete(_)
                | Self::WhichForum(_)
                | Self::WhichPost
                | Self::Hinted
        )
    }

    /// As the inbox keeps it: JSON, with nothing of what people wrote for a post: that can be taken back. [`Self::of_again`] has it
    /// from what is said again.
    pub(super) fn encode(&self) -> String {
        let kept = match self {
            Self::Refused(Refusal::BadTag { most, .. }) => &Self::Refused(Refusal::BadTag {
                tag: String::new(),
                most: *most,
            }),
            other => other,
        };
        serde_json::to_string(&Form::from(kept)).unwrap_or_default()
    }

    /// The same with what was not kept of it, when the same intent comes again.
    pub(super) fn of_again(self, intent: Option<&Intent>) -> Self {
        let tags = match intent {
            Some(Intent::Ask { tags, .. }) => Some(tags),
            Some(Intent::Edit { tags, .. }) => tags.as_ref(),
            Some(_) | None => None,
        };
        match (self, tags) {
            (Self::Refused(Refusal::BadTag { tag, most }), Some(tags)) if tag.is_empty() => {
                let again = Tags::new(tags.iter().map(String::as_str)).err();
                Self::Refused(again.unwrap_or(Refusal::BadTag { tag, most }))
            }
            (other, _) => other,
        }
    }

    /// From the inbox; what can't be read (another version wrote it) is nothing to say again.
    pub(super) fn decode(text: &str) -> Self {
        serde_json::from_str::<Form>(text).map_or(Self::Nothing, Self::from)
    }
}

/// [`Outcome`] as JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Nothing,
    Hinted,
    Posted(Spot),
    Edited(Spot),
    Withdrawn(Spot),
    Hidden(Spot),
    Screened(Spot),
    MessageRemoved(Spot),
    CardRemoved(Spot),
    Unhidden(Spot),
    Voted {
        on: Spot,
        up: Option<bool>,
        ups: u32,
        downs: u32,
    },
    Accepted(Spot),
    Unaccepted(Spot),
    LinkCode(String),
    LinkAsked {
        code: String,
        other: Account,
    },
    LinkWaits {
        code: String,
        other: Account,
    },
    Linked(Account),
    Unlinked,
    ForumCode(String),
    JoinAsked {
        code: String,
        joins: bool,
        mine: Told,
        #[serde(default)]
        by: Option<Account>,
        other: Told,
    },
    JoinWaits {
        code: String,
        other: Told,
    },
    Joined {
        other: Told,
        #[serde(default)]
        by: Option<Account>,
        brought: u64,
    },
    LeaveAsked(Told),
    Left {
        other: Told,
        took: u64,
    },
    PartAsked {
        other: Told,
        which: String,
    },
    Parted {
        other: Told,
        took: u64,
    },
    WhichJoined(Vec<(Told, String)>),
    Refused(#[serde(with = "RefusalForm")] Refusal),
    Broken(String),
    WhichPost,
    WhichOf(Vec<(i64, Named)>),
    Chosen(Named),
    Confirm {
        places: Vec<Named>,
        others: u32,
        name: String,
    },
    Dropped,
    ConfirmDelete(Spot),
    NotDeleted,
    NothingWaits,
    All(Vec<Form>),
}

/// A place as JSON: its key and its name.
#[derive(Serialize, Deserialize)]
struct Named(String, String);

impl From<NamedPlace> for Named {
    fn from(place: NamedPlace) -> Self {
        Self(place.key.0, place.name)
    }
}

impl From<Named> for NamedPlace {
    fn from(Named(key, name): Named) -> Self {
        Self {
            key: PlaceKey(key),
            name,
        }
    }
}

/// A forum as JSON: its name, how many questions, whether a place of it is encrypted, whether one is not public, where it is.
#[derive(Serialize, Deserialize)]
struct Told(
    String,
    u64,
    bool,
    bool,
    #[serde(default)] Option<Whereabouts>,
);

impl From<Community> for Told {
    fn from(forum: Community) -> Self {
        let Seclusion { encrypted, private } = forum.seclusion;
        Self(forum.name, forum.questions, encrypted, private, forum.place)
    }
}

impl From<Told> for Community {
    fn from(Told(name, questions, encrypted, private, place): Told) -> Self {
        let seclusion = Seclusion { encrypted, private };
        Self {
            name,
            place,
            questions,
            seclusion,
        }
    }
}

/// An address as JSON: question, answer, comment.
#[derive(Serialize, Deserialize, Clone, Copy)]
struct Spot(u32, Option<u32>, Option<u32>);

impl From<Address> for Spot {
    fn from(address: Address) -> Self {
        Self(address.question, address.answer, address.comment)
    }
}

impl From<Spot> for Address {
    fn from(Spot(question, answer, comment): Spot) -> Self {
        Self {
            question,
            answer,
            comment,
        }
    }
}

impl From<&Outcome> for Form {
    fn from(outcome: &Outcome) -> Self {
        match outcome.clone() {
            Outcome::Nothing => Self::Nothing,
            Outcome::Hinted => Self::Hinted,
            Outcome::Posted(address) => Self::Posted(address.into()),
            Outcome::Edited(address) => Self::Edited(address.into()),
            Outcome::Withdrawn(address) => Self::Withdrawn(address.into()),
            Outcome::Hidden(address) => Self::Hidden(address.into()),
            Outcome::Screened(address) => Self::Screened(address.into()),
            Outcome::MessageRemoved(address) => Self::MessageRemoved(address.into()),
            Outcome::CardRemoved(address) => Self::CardRemoved(address.into()),
            Outcome::Unhidden(address) => Self::Unhidden(address.into()),
            Outcome::Voted(on, vote, Score { ups, downs }) => Self::Voted {
                on: on.into(),
                up: vote.map(|vote| vote == Vote::Up),
                ups,
                downs,
            },
            Outcome::Accepted(address) => Self::Accepted(address.into()),
            Outcome::Unaccepted(address) => Self::Unaccepted(address.into()),
            Outcome::LinkCode(code) => Self::LinkCode(code),
            Outcome::LinkAsked { code, other } => Self::LinkAsked { code, other },
            Outcome::LinkWaits { code, other } => Self::LinkWaits { code, other },
            Outcome::Linked(other) => Self::Linked(other),
            Outcome::Unlinked => Self::Unlinked,
            Outcome::ForumCode(code) => Self::ForumCode(code),
            Outcome::JoinAsked {
                code,
                joins,
                mine,
                by,
                other,
            } => Self::JoinAsked {
                code,
                joins,
                mine: mine.into(),
                by,
                other: other.into(),
            },
            Outcome::JoinWaits { code, other } => Self::JoinWaits {
                code,
                other: other.into(),
            },
            Outcome::Joined { other, by, brought } => Self::Joined {
                other: other.into(),
                by,
                brought,
            },
            Outcome::LeaveAsked(other) => Self::LeaveAsked(other.into()),
            Outcome::Left { other, took } => Self::Left {
                other: other.into(),
                took,
            },
            Outcome::PartAsked { other, which } => Self::PartAsked {
                other: other.into(),
                which,
            },
            Outcome::Parted { other, took } => Self::Parted {
                other: other.into(),
                took,
            },
            Outcome::WhichJoined(several) => {
                let told = several
                    .into_iter()
                    .map(|(forum, name)| (forum.into(), name));
                Self::WhichJoined(told.collect())
            }
            Outcome::Refused(refusal) => Self::Refused(refusal),
            Outcome::Broken(code) => Self::Broken(code),
            Outcome::WhichPost => Self::WhichPost,
            Outcome::WhichForum(forums) => {
                let forums = forums.into_iter();
                Self::WhichOf(forums.map(|(id, place)| (id.0, place.into())).collect())
            }
            Outcome::Chosen(place) => Self::Chosen(place.into()),
            Outcome::Confirm {
                places,
                others,
                name,
            } => Self::Confirm {
                places: places.into_iter().map(Named::from).collect(),
                others,
                name,
            },
            Outcome::Dropped => Self::Dropped,
            Outcome::ConfirmDelete(address) => Self::ConfirmDelete(address.into()),
            Outcome::NotDeleted => Self::NotDeleted,
            Outcome::NothingWaits => Self::NothingWaits,
            Outcome::All(outcomes) => Self::All(outcomes.iter().map(Self::from).collect()),
        }
    }
}

impl From<Form> for Outcome {
    fn from(form: Form) -> Self {
        match form {
            Form::Nothing => Self::Nothing,
            Form::Hinted => Self::Hinted,
            Form::Posted(spot) => Self::Posted(spot.into()),
            Form::Edited(spot) => Self::Edited(spot.into()),
            Form::Withdrawn(spot) => Self::Withdrawn(spot.into()),
            Form::Hidden(spot) => Self::Hidden(spot.into()),
            Form::Screened(spot) => Self::Screened(spot.into()),
            Form::MessageRemoved(spot) => Self::MessageRemoved(spot.into()),
            Form::CardRemoved(spot) => Self::CardRemoved(spot.into()),
            Form::Unhidden(spot) => Self::Unhidden(spot.into()),
            Form::Voted { on, up, ups, downs } => {
                let vote = up.map(|up| if up { Vote::Up } else { Vote::Down });
                Self::Voted(on.into(), vote, Score { ups, downs })
            }
            Form::Accepted(spot) => Self::Accepted(spot.into()),
            Form::Unaccepted(spot) => Self::Unaccepted(spot.into()),
            Form::LinkCode(code) => Self::LinkCode(code),
            Form::LinkAsked { code, other } => Self::LinkAsked { code, other },
            Form::LinkWaits { code, other } => Self::LinkWaits { code, other },
            Form::Linked(other) => Self::Linked(other),
            Form::Unlinked => Self::Unlinked,
            Form::ForumCode(code) => Self::ForumCode(code),
            Form::JoinAsked {
                code,
                joins,
                mine,
                by,
                other,
            } => Self::JoinAsked {
                code,
                joins,
                mine: mine.into(),
                by,
                other: other.into(),
            },
            Form::JoinWaits { code, other } => Self::JoinWaits {
                code,
                other: other.into(),
            },
            Form::Joined { other, by, brought } => Self::Joined {
                other: other.into(),
                by,
                brought,
            },
            Form::LeaveAsked(other) => Self::LeaveAsked(other.into()),
            Form::Left { other, took } => Self::Left {
                other: other.into(),
                took,
            },
            Form::PartAsked { other, which } => Self::PartAsked {
                other: other.into(),
                which,
            },
            Form::Parted { other, took } => Self::Parted {
                other: other.into(),
                took,
            },
            Form::WhichJoined(several) => {
                let told = several
                    .into_iter()
                    .map(|(forum, name)| (forum.into(), name));
                Self::WhichJoined(told.collect())
            }
            Form::Refused(refusal) => Self::Refused(refusal),
            Form::Broken(code) => Self::Broken(code),
            Form::WhichPost => Self::WhichPost,
            Form::WhichOf(forums) => {
                let forums = forums.into_iter();
                Self::WhichForum(
                    forums
                        .map(|(id, place)| (ForumId(id), place.into()))
                        .collect(),
                )
            }
            Form::Chosen(place) => Self::Chosen(place.into()),
            Form::Confirm {
                places,
                others,
                name,
            } => Self::Confirm {
                places: places.into_iter().map(NamedPlace::from).collect(),
                others,
                name,
            },
            Form::Dropped => Self::Dropped,
            Form::ConfirmDelete(address) => Self::ConfirmDelete(address.into()),
            Form::NotDeleted => Self::NotDeleted,
            Form::NothingWaits => Self::NothingWaits,
            Form::All(outcomes) => Self::All(outcomes.into_iter().map(Self::from).collect()),
        }
    }
}

/// [`Address`] as JSON inside a refusal.
mod spot {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Address, Spot};

    pub(super) fn serialize<S: Serializer>(address: &Address, to: S) -> Result<S::Ok, S::Error> {
        Spot::from(*address).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
        Spot::deserialize(from).map(Address::from)
    }
}

/// [`Refusal`] as JSON; the compiler holds it to the rules' own list.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Refusal", rename_all = "snake_case")]
enum RefusalForm {
    TitleTooShort {
        least: usize,
        have: usize,
    },
    TitleTooLong {
        most: usize,
        have: usize,
    },
    TitleTooLarge {
        most: usize,
    },
    BodyTooShort {
        least: usize,
        have: usize,
    },
    BodyTooLong {
        most: usize,
        have: usize,
    },
    BodyTooLarge {
        most: usize,
    },
    TooManyTags {
        most: usize,
        have: usize,
    },
    BadTag {
        tag: String,
        most: usize,
    },
    AskedBefore {
        #[serde(with = "spot")]
        earlier: Address,
    },
    AlreadyPost {
        #[serde(with = "spot")]
        address: Address,
    },
    NoSuchPost {
        #[serde(with = "spot")]
        address: Address,
    },
    Withdrawn {
        #[serde(with = "spot")]
        address: Address,
    },
    Hidden {
        #[serde(with = "spot")]
        address: Address,
    },
    Closed {
        #[serde(with = "spot")]
        address: Address,
    },
    AlreadyHidden {
        #[serde(with = "spot")]
        address: Address,
    },
    NotHidden {
        #[serde(with = "spot")]
        address: Address,
    },
    HideFirst {
        #[serde(with = "spot")]
        address: Address,
    },
    NoMessage {
        #[serde(with = "spot")]
        address: Address,
    },
    ModeratorsOnly {
        #[serde(with = "spot")]
        address: Address,
    },
    HiddenByModerator {
        #[serde(with = "spot")]
        address: Address,
    },
    HiddenByUnknown {
        #[serde(with = "spot")]
        address: Address,
    },
    AnswerNeedsQuestion {
        #[serde(with = "spot")]
        address: Address,
    },
    NoCommentOnComment {
        #[serde(with = "spot")]
        address: Address,
    },
    NotYours {
        #[serde(with = "spot")]
        address: Address,
    },
    NothingChanged {
        #[serde(with = "spot")]
        address: Address,
    },
    ChangedSince {
        #[serde(with = "spot")]
        address: Address,
    },
    NoTitle {
        #[serde(with = "spot")]
        address: Address,
    },
    OwnPost {
        #[serde(with = "spot")]
        address: Address,
    },
    CommentsOnlyUp {
        #[serde(with = "spot")]
        address: Address,
    },
    NotAnAnswer {
        #[serde(with = "spot")]
        address: Address,
    },
    NotTheAsker {
        #[serde(with = "spot")]
        address: Address,
    },
    NothingAccepted {
        #[serde(with = "spot")]
        address: Address,
    },
    NotAdmin,
    OnlyEncrypted,
    NoSuchCode,
    CodeUsed,
    CodeTooLate,
    CodeOwn,
    CodeTaken,
    OneAlready,
    NotLinked,
    NotJoined,
    TooMany {
        #[serde(with = "CountedForm")]
        what: Counted,
        most: u32,
        #[serde(with = "TimestampForm")]
        until: Timestamp,
    },
    CodeOverheard,
    TooManyCodes {
        #[serde(with = "TimestampForm")]
        until: Timestamp,
    },
    OtherSide {
        #[serde(with = "spot")]
        address: Address,
    },
}

/// [`Counted`] as JSON.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Counted", rename_all = "snake_case")]
enum CountedForm {
    Question,
    Answer,
    Comment,
    Edit,
    Vote,
}

/// [`Timestamp`] as JSON: milliseconds since 1970 in UTC.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Timestamp")]
struct TimestampForm(i64);

#[cfg(test)]
mod tests;
