//! What came of an action. The inbox keeps it as JSON, so that the same event again gets the same reply: what later versions must be
//! able to read, each variant's is pinned by a line of `outcome/kept.jsonl` and `outcome/kept_refusals.jsonl`.

use serde::{Deserialize, Serialize};

use super::stored_json;
use crate::command::Act;
use crate::forum::{Address, ForumId, Refusal, Score, Tags, Vote};
use crate::platform::{MessageKey, PlaceKey, Platform};
use crate::store::{Community, OpenPlace, Whereabouts};

/// What came of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    Voted {
        /// On what.
        on: Address,
        /// Their vote from now on.
        #[serde(rename = "up", with = "is_up")]
        vote: Option<Vote>,
        /// The votes that the post has with it.
        #[serde(flatten)]
        score: Score,
    },
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
    #[serde(rename = "which_of")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(PlaceKey, String)", into = "(PlaceKey, String)")]
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

impl From<(PlaceKey, String)> for NamedPlace {
    fn from((key, name): (PlaceKey, String)) -> Self {
        Self { key, name }
    }
}

impl From<NamedPlace> for (PlaceKey, String) {
    fn from(NamedPlace { key, name }: NamedPlace) -> Self {
        (key, name)
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
        let shortened = match self {
            Self::Refused(Refusal::BadTag { most, .. }) => &Self::Refused(Refusal::BadTag {
                tag: String::new(),
                most: *most,
            }),
            other => other,
        };
        stored_json::write(shortened)
    }

    /// The same with what was not kept of it, when the same act comes again.
    pub(super) fn of_again(self, act: Option<&Act>) -> Self {
        let tags = match act {
            Some(Act::Ask { tags, .. }) => Some(tags),
            Some(Act::Edit { tags, .. }) => tags.as_ref(),
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

    /// From the row of the inbox that has this key. A row whose time is over says nothing, and one that can't be read neither.
    pub(super) fn decode(kept: &str, platform: Platform, event: &MessageKey) -> Self {
        if kept.is_empty() {
            return Self::Nothing;
        }
        stored_json::read(kept, platform, event).unwrap_or(Self::Nothing)
    }
}

/// A vote as an outcome has it: whether it is up.
mod is_up {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::forum::Vote;

    pub(super) fn serialize<S: Serializer>(vote: &Option<Vote>, to: S) -> Result<S::Ok, S::Error> {
        vote.map(|vote| vote == Vote::Up).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Vote>, D::Error> {
        let up = Option::<bool>::deserialize(from)?;
        Ok(up.map(|up| if up { Vote::Up } else { Vote::Down }))
    }
}

#[cfg(test)]
mod tests;
