//! Conversations: what somebody says to the bot alone is about a forum that both share, and is published there only when they were
//! told where, and under which name, and agreed. What waits for their word is in the store, so that a crash in between loses nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::action::{self, Job, PlaceForum};
use super::acts;
use super::fault::blocking;
use super::outcome::{NamedPlace, Outcome};
use super::recent::RecentActs;
use super::stored_json;
use super::submit::reply_key;
use super::{Core, Fault};
use crate::command::{Act, OwnWords, ReactionMeaning, Target};
use crate::forum::{Address, ForumId, PlaceId, PostId, Refusal, Timestamp, own_name};
use crate::platform::{
    Asks, Decision, Incoming, IncomingEvent, MessageKey, Place, PlaceKey, PlaceKind, Platform,
    Writes,
};
use crate::store::{self, AccountRow, OpenPlace, PlaceRow, SharedForum, Tx, Waiting};

/// How long something waits to be agreed to: as long as a draft is kept.
const WAITS: Duration = Duration::from_secs(24 * 3600);
/// How much waits in a conversation; the oldest goes.
const MOST: usize = 20;
/// How many places are named to whom is asked; the others are counted.
const NAMED: usize = 3;

/// What somebody says to what they were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConversationReply {
    /// By a button.
    Decided(Decision),
    /// Which of the forums they share is meant, by its number in the list that they were shown, from 1.
    Nth(usize),
    /// They want to see that list.
    Which,
}

impl ConversationReply {
    /// What a message says to what was asked, if it does.
    pub(super) fn read(text: &str, prefix: &str, words: &OwnWords) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(prefix).unwrap_or(text);
        let word = text.trim_end_matches(['.', '!']);
        if words.agrees(word) || ReactionMeaning::read(text) == Some(ReactionMeaning::Accept) {
            return Some(Self::Decided(Decision::Publish));
        }
        if words.declines(word) {
            return Some(Self::Decided(Decision::Drop));
        }
        word.parse().ok().map(Self::Nth)
    }
}

/// What waits, as the store keeps it: JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PendingRequest {
    Ask {
        title: String,
        body: String,
        tags: Vec<String>,
    },
    Answer {
        on: On,
        body: String,
    },
    Comment {
        on: On,
        body: String,
    },
    Edit {
        on: On,
        title: Option<String>,
        body: Option<String>,
        tags: Option<Vec<String>>,
        reason: Option<String>,
        #[serde(default)]
        seen: Option<u32>,
    },
    Unhide {
        on: On,
    },
    Delete {
        on: On,
    },
    Rewrite {
        post: i64,
        to: Box<PendingRequest>,
    },
}

/// A target as JSON: an address; none for the post that the message hangs on.
#[derive(Serialize, Deserialize)]
struct On(Option<Address>);

impl From<Target> for On {
    fn from(target: Target) -> Self {
        Self(match target {
            Target::At(at) => Some(at),
            Target::Here => None,
        })
    }
}

impl From<On> for Target {
    fn from(On(at): On) -> Self {
        at.map_or(Self::Here, Self::At)
    }
}

impl PendingRequest {
    /// What an act would put before others, or take from them for good, if it would.
    fn by(job: &Job) -> Option<Self> {
        match job {
            Job::Command {
                act: Act::Delete { post },
                asks_first: true,
                ..
            } => Some(Self::Delete { on: (*post).into() }),
            Job::Command { act, .. } => Self::of(act),
            Job::Rewrite { post, act } => Self::of(act).map(|to| Self::Rewrite {
                post: post.0,
                to: Box::new(to),
            }),
            Job::Vote { .. }
            | Job::Accept { .. }
            | Job::Remove { .. }
            | Job::Vanish { .. }
            | Job::RemoveWords { .. }
            | Job::EndSurfaces { .. }
            | Job::Adopt(_)
            | Job::Link { .. }
            | Job::Decide(_) => None,
        }
    }

    fn of(act: &Act) -> Option<Self> {
        match act.clone() {
            Act::Ask { title, body, tags } => Some(Self::Ask { title, body, tags }),
            Act::Answer { question, body } => Some(Self::Answer {
                on: question.into(),
                body,
            }),
            Act::Comment { on, body } => Some(Self::Comment {
                on: on.into(),
                body,
            }),
            Act::Edit {
                post,
                title,
                body,
                tags,
                reason,
                seen,
            } => Some(Self::Edit {
                on: post.into(),
                title,
                body,
                tags,
                reason,
                seen,
            }),
            Act::Unhide { post } => Some(Self::Unhide { on: post.into() }),
            // Nothing that they wrote is shown by these.
            Act::Delete { .. }
            | Act::Hide { .. }
            | Act::RemoveMessage { .. }
            | Act::SetVote { .. }
            | Act::PressVote { .. }
            | Act::Unvote { .. }
            | Act::Accept { .. }
            | Act::Unaccept { .. } => None,
        }
    }

    /// The job, said in `message` if it was said in one.
    fn job(self, message: Option<MessageKey>) -> Job {
        let act = match self {
            Self::Ask { title, body, tags } => Act::Ask { title, body, tags },
            Self::Answer { on, body } => Act::Answer {
                question: on.into(),
                body,
            },
            Self::Comment { on, body } => Act::Comment {
                on: on.into(),
                body,
            },
            Self::Edit {
                on,
                title,
                body,
                tags,
                reason,
                seen,
            } => Act::Edit {
                post: on.into(),
                title,
                body,
                tags,
                reason,
                seen,
            },
            Self::Unhide { on } => Act::Unhide { post: on.into() },
            Self::Delete { on } => Act::Delete { post: on.into() },
            Self::Rewrite { post, to } => {
                return match to.job(None) {
                    Job::Command { act, .. } => Job::Rewrite {
                        post: PostId(post),
                        act,
                    },
                    other => other,
                };
            }
        };
        Job::Command {
            act,
            message,
            asks_first: false,
        }
    }
}

/// Whether it is a deletion that waits.
fn is_deletion(waiting: &Waiting) -> bool {
    matches!(
        serde_json::from_str(&waiting.wanted),
        Ok(PendingRequest::Delete { .. })
    )
}

/// The forum that an act in a conversation is about: that of the post that it is about where there is one, since a message stays that
/// post's whatever else is shared by now. None where there is no such post in what both share: the act is nothing then.
pub(super) fn about(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, found): (PlaceId, PlaceForum),
    job: &Job,
    here: Option<PostId>,
) -> Result<Option<PlaceForum>, store::Fault> {
    let PlaceKind::Direct { common } = &incoming.place.kind else {
        return Ok(Some(found));
    };
    let forum_of = |post: Option<PostId>| -> Result<Option<ForumId>, store::Fault> {
        let post = post.map(|post| tx.post(post)).transpose()?.flatten();
        Ok(post.map(|post| post.forum))
    };
    let meant = match job {
        // What somebody takes back is taken back, whatever they share by now.
        Job::Remove { gone } => {
            let made = forum_of(tx.made_from(place, gone)?)?;
            return Ok(match (made, found) {
                (Some(forum), _) => Some(PlaceForum::Forum(forum)),
                (None, PlaceForum::Several(forums)) => {
                    forums.first().map(|shared| PlaceForum::Forum(shared.forum))
                }
                (None, found @ PlaceForum::Forum(_)) => Some(found),
            });
        }
        Job::Rewrite { post, .. } => forum_of(Some(*post))?,
        Job::Vote { .. } | Job::Accept { .. } => forum_of(here)?,
        Job::Command { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Adopt(_)
        | Job::Link { .. }
        | Job::Decide(_) => return Ok(Some(found)),
    };
    if found == meant.map_or(PlaceForum::Several(Vec::new()), PlaceForum::Forum) {
        return Ok(Some(found));
    }
    let shared = tx.shared_forums(incoming.platform, common)?;
    let meant = meant.filter(|meant| shared.iter().any(|shared| shared.forum == *meant));
    Ok(meant.map(PlaceForum::Forum))
}

/// Why an act is not done for somebody from a conversation, if it isn't: they may not write in the places of that forum which both share. What
/// they said before they may take back, and what is said in a conversation of its own is nobody else's business.
pub(super) fn kept_from(
    tx: &Tx<'_>,
    incoming: &Incoming,
    forum: ForumId,
    job: &Job,
) -> Result<Option<Refusal>, store::Fault> {
    let (PlaceKind::Direct { common }, Some(needed)) = (&incoming.place.kind, needed(job)) else {
        return Ok(None);
    };
    let shared = tx.shared_forums(incoming.platform, common)?;
    let shared = shared.iter().find(|shared| shared.forum == forum);
    Ok(shared.and_then(|shared| lacking(shared.writes, needed)))
}

/// What is said to somebody for whom an act is not done. A ✅ is just a reaction where it does nothing.
pub(super) fn told(refusal: Refusal, job: &Job) -> Outcome {
    match job {
        Job::Accept { .. } => Outcome::Nothing,
        Job::Command { .. }
        | Job::Adopt(_)
        | Job::Vote { .. }
        | Job::Rewrite { .. }
        | Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Link { .. }
        | Job::Decide(_) => Outcome::Refused(refusal),
    }
}

/// Why somebody who may write so much may not do what needs so much.
fn lacking(writes: Writes, needed: Writes) -> Option<Refusal> {
    match (writes, needed) {
        (writes, needed) if writes >= needed => None,
        (Writes::Below, _) => Some(Refusal::MayNotAsk),
        (Writes::Nothing | Writes::All, _) => Some(Refusal::MayNotWrite),
    }
}

/// What somebody must be allowed to write for an act to be done for them; none where they need not.
fn needed(job: &Job) -> Option<Writes> {
    match job {
        Job::Command { act, .. } => match act {
            Act::Ask { .. } => Some(Writes::All),
            Act::Answer { .. }
            | Act::Comment { .. }
            | Act::Edit { .. }
            | Act::Unhide { .. }
            | Act::SetVote { .. }
            | Act::PressVote { .. }
            | Act::Accept { .. }
            | Act::Unaccept { .. } => Some(Writes::Below),
            // Nothing new is shown by these.
            Act::Delete { .. }
            | Act::Hide { .. }
            | Act::RemoveMessage { .. }
            | Act::Unvote { .. } => None,
        },
        Job::Adopt(_) => Some(Writes::All),
        Job::Rewrite { .. } | Job::Vote { .. } | Job::Accept { .. } => Some(Writes::Below),
        Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Link { .. }
        | Job::Decide(_) => None,
    }
}

/// What is to be said before an act publishes something from a conversation, where that has yet to be agreed to: it waits.
pub(super) fn hold(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, found): (PlaceId, &PlaceForum),
    job: &Job,
    here: Option<PostId>,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Option<Outcome>, store::Fault> {
    let (PlaceKind::Direct { common }, Some(mut wanted)) =
        (&incoming.place.kind, PendingRequest::by(job))
    else {
        return Ok(None);
    };
    let deletes = matches!(wanted, PendingRequest::Delete { .. });
    let (forum, asked) = match found {
        PlaceForum::Forum(forum) => {
            let shared = tx.shared_forums(incoming.platform, common)?;
            // What is said in a conversation of its own stays there.
            let is_own = shared.iter().all(|shared| shared.forum != *forum);
            if !deletes && (is_own || tx.has_agreed(place, *forum)?) {
                return Ok(None);
            }
            // Nobody is asked about what is refused anyway.
            let trial = recent.for_trial();
            let would = tx.tried(|tx| {
                let job = (job, None);
                done(tx, incoming, (place, *forum), job, here, now, &trial)
            })?;
            // What is published later was made from what the post says now.
            if let (Outcome::Edited(address), PendingRequest::Edit { seen, .. }) =
                (&would, &mut wanted)
                && seen.is_none()
                && let Some(post) = tx.post_at(*forum, *address)?
            {
                *seen = tx.revision(post.id)?;
            }
            let asked = match would {
                Outcome::Refused(_) | Outcome::WhichPost | Outcome::Nothing => {
                    return Ok(Some(would));
                }
                Outcome::Withdrawn(address) if deletes => Outcome::ConfirmDelete(address),
                // Any moderator undoes it.
                _ if deletes => return Ok(None),
                _ => confirm(tx, incoming, *forum)?,
            };
            (Some(*forum), asked)
        }
        PlaceForum::Several(forums) if deletes => return Ok(Some(which(forums))),
        PlaceForum::Several(forums) => (None, which(forums)),
    };
    let message = match job {
        Job::Command { message, .. } => message.clone(),
        _ => None,
    };
    let event = incoming.id.clone().or_else(|| message.clone());
    let waiting = Waiting {
        event: event.unwrap_or_else(|| MessageKey(String::new())),
        forum,
        message,
        here,
        wanted: stored_json::write(&wanted),
        reply: reply_key(incoming),
        prompt: None,
    };
    let before = to_publish(tx, place, now)?;
    for oldest in before.iter().take((before.len() + 1).saturating_sub(MOST)) {
        tx.forget_wanted(place, &oldest.event)?;
    }
    tx.wait_for_word(place, &waiting, now, now.plus(WAITS))?;
    Ok(Some(asked))
}

/// Somebody says something to what they were asked.
pub(super) fn decide(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, found): (PlaceId, PlaceForum),
    said: ConversationReply,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Outcome, store::Fault> {
    let PlaceKind::Direct { common } = &incoming.place.kind else {
        return Ok(Outcome::Nothing);
    };
    let shared = tx.shared_forums(incoming.platform, common)?;
    let chosen = match said {
        ConversationReply::Decided(Decision::Publish) => {
            return publish(tx, incoming, (place, found), now, recent);
        }
        ConversationReply::Decided(Decision::Drop) => {
            let waiting = meant(tx, incoming, place, now)?;
            for wanted in &waiting {
                tx.forget_wanted(place, &wanted.event)?;
            }
            return Ok(match waiting.as_slice() {
                [] => Outcome::NothingWaits,
                [only] if is_deletion(only) => Outcome::NotDeleted,
                _ => Outcome::Dropped,
            });
        }
        ConversationReply::Decided(Decision::Forum(forum)) => {
            shared.iter().find(|s| s.forum == forum)
        }
        ConversationReply::Nth(nth) => nth.checked_sub(1).and_then(|at| shared.get(at)),
        ConversationReply::Which | ConversationReply::Decided(Decision::Which) => None,
    };
    let (Some(chosen), true) = (chosen, shared.len() > 1) else {
        return Ok(match (shared.len() > 1, said) {
            (true, _) => which(&shared),
            (false, ConversationReply::Decided(_)) => Outcome::NothingWaits,
            (false, ConversationReply::Nth(_) | ConversationReply::Which) => Outcome::Nothing,
        });
    };
    tx.choose(place, chosen.forum)?;
    tx.set_place(
        incoming.platform,
        &incoming.place.key,
        Some(chosen.forum),
        None,
        true,
    )?;
    let waiting = to_publish(tx, place, now)?;
    if waiting.is_empty() {
        return Ok(Outcome::Chosen(named(chosen)));
    }
    if tx.has_agreed(place, chosen.forum)? {
        return perform(tx, incoming, (place, chosen.forum), waiting, now, recent);
    }
    tx.ask_about(place, chosen.forum, &reply_key(incoming))?;
    confirm(tx, incoming, chosen.forum)
}

/// Of what waits, what somebody says yes or no to: a deletion if that is what they were asked last, or react to; else all the rest.
fn meant(
    tx: &Tx<'_>,
    incoming: &Incoming,
    place: PlaceId,
    now: Timestamp,
) -> Result<Vec<Waiting>, store::Fault> {
    let reacted_to = match &incoming.what {
        IncomingEvent::Reacted { on, .. } => Some(on),
        _ => None,
    };
    let asked_last = tx.waiting(place, now)?.pop().filter(|last| {
        is_deletion(last) && (reacted_to.is_none() || last.prompt.as_ref() == reacted_to)
    });
    match asked_last {
        Some(deletion) => Ok(vec![deletion]),
        None => to_publish(tx, place, now),
    }
}

/// Of what waits, what would be published. Whoever wants that now has not agreed to a deletion: it is forgotten.
fn to_publish(tx: &Tx<'_>, place: PlaceId, now: Timestamp) -> Result<Vec<Waiting>, store::Fault> {
    let (deletions, others): (Vec<_>, Vec<_>) =
        tx.waiting(place, now)?.into_iter().partition(is_deletion);
    for deletion in deletions {
        tx.forget_wanted(place, &deletion.event)?;
    }
    Ok(others)
}

/// Publishes what waits, or deletes it, if that is what its person was asked.
fn publish(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, found): (PlaceId, PlaceForum),
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Outcome, store::Fault> {
    let forum = match found {
        PlaceForum::Forum(forum) => forum,
        PlaceForum::Several(forums) => return Ok(which(&forums)),
    };
    let waiting = meant(tx, incoming, place, now)?;
    if let [deletion] = waiting.as_slice()
        && is_deletion(deletion)
    {
        if deletion.forum == Some(forum) {
            return perform(tx, incoming, (place, forum), waiting, now, recent);
        }
        tx.forget_wanted(place, &deletion.event)?;
        return Ok(Outcome::NothingWaits);
    }
    if waiting.is_empty() {
        return Ok(Outcome::NothingWaits);
    }
    // What both share can be another forum by now than the one that they were told of.
    if waiting.iter().any(|wanted| wanted.forum != Some(forum)) {
        tx.ask_about(place, forum, &reply_key(incoming))?;
        return confirm(tx, incoming, forum);
    }
    tx.agree(place, forum, now)?;
    perform(tx, incoming, (place, forum), waiting, now, recent)
}

/// Does what waited, in the order it was said.
fn perform(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, forum): (PlaceId, ForumId),
    waiting: Vec<Waiting>,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Outcome, store::Fault> {
    // What can't be published now waits on.
    for Waiting {
        message, wanted, ..
    } in &waiting
    {
        let Ok(wanted) = serde_json::from_str::<PendingRequest>(wanted) else {
            continue;
        };
        let job = wanted.job(message.clone());
        if let Some(refusal) = kept_from(tx, incoming, forum, &job)? {
            return Ok(Outcome::Refused(refusal));
        }
    }
    let mut outcomes = Vec::new();
    for Waiting {
        event,
        message,
        here,
        wanted,
        ..
    } in waiting
    {
        tx.forget_wanted(place, &event)?;
        let Some(wanted) = stored_json::read::<PendingRequest>(&wanted, incoming.platform, &event)
        else {
            continue;
        };
        let job = wanted.job(message.clone());
        let said = (&job, Some(&event));
        let outcome = done(tx, incoming, (place, forum), said, here, now, recent)?;
        // What was refused is mended by changing the message that it was said in.
        for heard in [Some(event), message].into_iter().flatten() {
            tx.mend(incoming.platform, &heard, &outcome.encode())?;
        }
        outcomes.push(outcome);
    }
    Ok(match outcomes.len() {
        1 => outcomes.remove(0),
        _ => Outcome::All(outcomes),
    })
}

/// Does what somebody wants published.
fn done(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (place, forum): (PlaceId, ForumId),
    (job, event): (&Job, Option<&MessageKey>),
    here: Option<PostId>,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Outcome, store::Fault> {
    let context = acts::ActContext {
        // Their word was heard last; what they wanted, before.
        event: action::made_by(job, event),
        ..action::context(tx, incoming, (forum, place), job, here, now, recent)?
    };
    match job {
        Job::Command { act, .. } => acts::perform(tx, &context, act),
        Job::Rewrite { post, act } => acts::rewrite(tx, &context, *post, act),
        Job::Vote { .. }
        | Job::Accept { .. }
        | Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Adopt(_)
        | Job::Link { .. }
        | Job::Decide(_) => Ok(Outcome::Nothing),
    }
}

/// The question whether what waits is to be published in a forum.
fn confirm(tx: &Tx<'_>, incoming: &Incoming, forum: ForumId) -> Result<Outcome, store::Fault> {
    let common = match &incoming.place.kind {
        PlaceKind::Direct { common } => common.as_slice(),
        PlaceKind::Named | PlaceKind::Shared | PlaceKind::Grouped { .. } => &[],
    };
    let is_common = |place: &OpenPlace| common.iter().any(|common| common.key == place.key);
    let (both, others): (Vec<_>, Vec<_>) = tx
        .open_places(forum)?
        .into_iter()
        .partition(|(on, place)| on == incoming.platform.name() && is_common(place));
    let mut places: Vec<NamedPlace> = both.into_iter().map(|(_, place)| place.into()).collect();
    let mut others = others.len();
    if places.is_empty() {
        let shared = tx.shared_forums(incoming.platform, common)?;
        places.extend(shared.iter().filter(|s| s.forum == forum).map(named));
    }
    others += places.len().saturating_sub(NAMED);
    places.truncate(NAMED);
    let account = tx.account(action::identity(tx, incoming)?)?;
    Ok(Outcome::Confirm {
        places,
        others: u32::try_from(others).unwrap_or(u32::MAX),
        name: account.map(shown_as).unwrap_or_default(),
    })
}

/// What a person is shown as: a name of nothing visible is shown as the account.
fn shown_as(account: AccountRow) -> String {
    let name = own_name(&account.name);
    if name.is_empty() {
        account.account
    } else {
        name
    }
}

/// The question which of several forums is meant.
pub(super) fn which(forums: &[SharedForum]) -> Outcome {
    let forums = forums.iter().map(|shared| (shared.forum, named(shared)));
    Outcome::WhichForum(forums.collect())
}

fn named(shared: &SharedForum) -> NamedPlace {
    NamedPlace {
        key: shared.place.clone(),
        name: shared.name.clone(),
    }
}

/// Whether what somebody agreed to can't be published now, and waits on.
pub(super) fn waits_on(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Refused(Refusal::MayNotWrite | Refusal::MayNotAsk)
    )
}

/// What an outcome asks of the person.
pub(super) fn asks(outcome: &Outcome) -> Option<Asks> {
    match outcome {
        Outcome::Confirm { .. } => Some(Asks::Publish),
        Outcome::WhichForum(forums) => {
            let forums = forums.iter().map(|(id, place)| (*id, place.name.clone()));
            Some(Asks::Forum(forums.collect()))
        }
        Outcome::Screened(address) => Some(Asks::RemoveMessage(*address)),
        _ => None,
    }
}

impl Core {
    /// The event as of where it happened: a place where a forum has begun stays that place, however few are left in it.
    pub(super) async fn where_it_was(&self, mut incoming: Incoming) -> Result<Incoming, Fault> {
        if let PlaceKind::Direct { .. } = incoming.place.kind {
            let reader = self.inner.store.reader().clone();
            let (platform, key) = (incoming.platform, incoming.place.key.clone());
            let begun = blocking(move || match reader.place(platform, &key)? {
                Some(PlaceRow {
                    forum: Some(forum),
                    direct: false,
                    ..
                }) => Ok(!reader.is_empty(forum)?),
                Some(_) | None => Ok(false),
            });
            if begun.await? {
                incoming.place.kind = PlaceKind::Shared;
            }
        }
        Ok(incoming)
    }

    /// Whether something waits for somebody's word in a conversation: by the message that asked for it, if one is named. Or did, when
    /// the same event was heard before.
    pub(super) async fn is_waiting(
        &self,
        incoming: &Incoming,
        place: Option<PlaceRow>,
        prompt: Option<&MessageKey>,
    ) -> Result<bool, Fault> {
        let (PlaceKind::Direct { .. }, Some(place)) = (&incoming.place.kind, place) else {
            return Ok(false);
        };
        let (reader, now) = (self.inner.store.reader().clone(), self.inner.clock.now());
        let (prompt, platform, event) = (prompt.cloned(), incoming.platform, incoming.id.clone());
        blocking(move || {
            if reader.is_waiting(place.id, prompt.as_ref(), now)? {
                return Ok(true);
            }
            let heard = event.map(|event| reader.heard(platform, &event));
            Ok(heard.transpose()?.flatten().is_some())
        })
        .await
    }

    /// Whether a forum may not be told of there: only encrypted places show it, and this is a conversation that is not.
    pub(super) async fn is_kept_from(&self, place: &Place, forum: ForumId) -> Result<bool, Fault> {
        if !matches!(place.kind, PlaceKind::Direct { .. }) || place.seclusion.encrypted {
            return Ok(false);
        }
        let reader = self.inner.store.reader().clone();
        blocking(move || Ok(reader.is_only_encrypted(forum)?)).await
    }

    /// The place in whose forum a conversation is: one that both are in, for what an adapter asks of a forum besides, as completions.
    /// None where there is none, where it has yet to be said which is meant, and where the forum may not be told of there.
    pub async fn shared_place(
        &self,
        platform: Platform,
        place: &Place,
    ) -> Result<Option<PlaceKey>, Fault> {
        if !matches!(place.kind, PlaceKind::Direct { .. }) {
            return Ok(Some(place.key.clone()));
        }
        let Some(SharedForum {
            forum,
            place: shared,
            ..
        }) = self.forum_meant(platform, place).await?
        else {
            return Ok(None);
        };
        Ok((!self.is_kept_from(place, forum).await?).then_some(shared))
    }

    /// Why nothing of this is written from a conversation for its person, if it is known: see [`kept_from`].
    pub(super) async fn may_write_from(
        &self,
        platform: Platform,
        place: &Place,
        needed: Writes,
    ) -> Result<Result<(), Refusal>, Fault> {
        let meant = self.forum_meant(platform, place).await?;
        let lacking = meant.and_then(|meant| lacking(meant.writes, needed));
        Ok(lacking.map_or(Ok(()), Err))
    }

    /// The forum that a conversation is about, of those that both share; none where there is none, or it has yet to be said which.
    async fn forum_meant(
        &self,
        platform: Platform,
        place: &Place,
    ) -> Result<Option<SharedForum>, Fault> {
        let PlaceKind::Direct { common } = &place.kind else {
            return Ok(None);
        };
        let (conversation, common) = (place.key.clone(), common.clone());
        let find = move |tx: &Tx<'_>| {
            let shared = tx.shared_forums(platform, &common)?;
            let known = tx.place(platform, &conversation)?;
            let chosen = known.map(|known| tx.chosen(known.id)).transpose()?;
            let chosen = chosen.flatten();
            let one = (shared.len() == 1)
                .then(|| shared.first().cloned())
                .flatten();
            let found = shared.into_iter().find(|s| Some(s.forum) == chosen).or(one);
            Ok(found)
        };
        Ok(self.inner.store.act(find).await?)
    }
}
