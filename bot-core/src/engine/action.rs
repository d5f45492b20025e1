//! One action inside its savepoint: heard before? who, and where? then the act, and what came of it is kept.

use std::cell::Cell;
use std::sync::Arc;

use super::acts::{self, ActContext};
use super::adopt::Adoption;
use super::conversations::{self, ConversationReply};
use super::joins;
use super::outcome::Outcome;
use super::recent::RecentActs;
use crate::command::{Act, Link};
use crate::conventions::Input;
use crate::crash::{self, Point};
use crate::forum::{
    By, ForumId, IdentityId, PlaceId, Post, PostId, Role, Speaker, Timestamp, Vote, one_line,
};
use crate::panics::{self, PanicPoint};
use crate::platform::{Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKind, Platform};
use crate::store::{self, Naming, PlaceRow, ReceivedEvent, SharedForum, Tx};

/// Something to be done by the writer.
#[derive(Clone, Debug)]
pub(super) enum Job {
    /// Somebody wants it; the message that it was said in, if it was, is kept as a new post's source.
    Command {
        act: Act,
        message: Option<MessageKey>,
        /// Whether they are asked first about what can't be undone.
        asks_first: bool,
    },
    /// A moderator makes a post of another's message.
    Adopt(Box<Adoption>),
    /// Somebody reacted.
    Vote { reaction: MessageKey, vote: Vote },
    /// Somebody reacted with ✅.
    Accept { reaction: MessageKey },
    /// Somebody changed the message that a post was made from.
    Rewrite { post: PostId, act: Act },
    /// Somebody took something back.
    Remove { gone: MessageKey },
    /// Something is gone by nobody knows whose hand.
    Vanish { gone: MessageKey },
    /// Somebody was banned, and all that they wrote is taken away.
    RemoveWords { of: PersonKey },
    /// Messages are gone together.
    EndSurfaces { gone: Vec<MessageKey> },
    /// Somebody joins or parts accounts or forums; `fresh` is a code that nobody knows yet.
    Link { link: Link, fresh: String },
    /// Somebody says something to what they were asked in a conversation.
    Decide(ConversationReply),
}

impl Job {
    /// Whether the person is told what came of it; the others see it by the card.
    pub(super) fn is_told(&self) -> bool {
        match self {
            Self::Command { .. } | Self::Adopt(_) | Self::Link { .. } | Self::Decide(_) => true,
            Self::Vote { .. }
            | Self::Accept { .. }
            | Self::Rewrite { .. }
            | Self::Remove { .. }
            | Self::Vanish { .. }
            | Self::RemoveWords { .. }
            | Self::EndSurfaces { .. } => false,
        }
    }
}

/// The forum that a place belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PlaceForum {
    Forum(ForumId),
    /// It is a conversation that shares several, and which one is meant has yet to be said.
    Several(Vec<SharedForum>),
}

/// The whole of one action, inside its savepoint: heard before? who, where? the act; what came of it.
pub(super) fn once(
    tx: &Tx<'_>,
    incoming: &Incoming,
    job: &Job,
    here: Option<PostId>,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<Outcome, store::Fault> {
    if let Some(event) = &incoming.id
        && let Some(kept) = tx.heard(incoming.platform, event)?
    {
        let act = match job {
            Job::Command { act, .. } | Job::Rewrite { act, .. } => Some(act),
            Job::Adopt(adoption) => Some(&adoption.wanted),
            Job::Vote { .. }
            | Job::Accept { .. }
            | Job::Remove { .. }
            | Job::Vanish { .. }
            | Job::RemoveWords { .. }
            | Job::EndSurfaces { .. }
            | Job::Link { .. }
            | Job::Decide(_) => None,
        };
        return Ok(Outcome::decode(&kept, incoming.platform, event).of_again(act));
    }
    if let Some(reaction) = vote_event(incoming, job)
        && let Some(post) = tx.voted_by(reaction)?
    {
        return acts::voted_before(tx, post);
    }
    let (place, found) = find_place(tx, incoming.platform, &incoming.place, now)?;
    let context = |forum| context(tx, incoming, (forum, place), job, here, now, recent);
    let Some(found) = conversations::about(tx, incoming, (place, found), job, here)? else {
        return keep(tx, incoming, job, (here, Outcome::Nothing), now);
    };
    if let PlaceForum::Forum(forum) = &found
        && let Some(refusal) = conversations::kept_from(tx, incoming, *forum, job)?
    {
        let outcome = conversations::told(refusal, job);
        if let (Job::Vote { reaction, .. }, Some(_)) = (job, &incoming.id) {
            tx.spend(reaction)?;
        }
        acts::keep_words(tx, incoming, place, &outcome, now)?;
        return keep(tx, incoming, job, (here, outcome), now);
    }
    if let Some(held) = conversations::hold(tx, incoming, (place, &found), job, here, now, recent)?
    {
        return keep(tx, incoming, job, (here, held), now);
    }
    let outcome = match (job, found) {
        (Job::Decide(said), found) => {
            conversations::decide(tx, incoming, (place, found), *said, now, recent)?
        }
        // Nobody's doing: it makes nobody known, and asks nobody which forum they mean.
        (Job::Vanish { gone }, PlaceForum::Forum(_) | PlaceForum::Several(_)) => {
            tx.forget_words(incoming.platform, gone)?;
            acts::vanished(tx, place, gone, now)?
        }
        (Job::EndSurfaces { gone }, PlaceForum::Forum(_) | PlaceForum::Several(_)) => {
            for gone in gone {
                tx.forget_words(incoming.platform, gone)?;
            }
            acts::ended(tx, place, gone)?
        }
        // Whose account it is depends on no forum.
        (
            Job::Link {
                link: Link::Account { code, agrees },
                fresh,
            },
            PlaceForum::Forum(_) | PlaceForum::Several(_),
        ) => {
            let said = joins::CodeUse {
                code: code.as_deref(),
                agrees: *agrees,
                overheard: overheard(incoming),
            };
            let by = Speaker {
                identity: identity(tx, incoming)?,
                place,
            };
            recent.regroup();
            let acted = joins::link(tx, by, said, fresh, now)?;
            acted.unwrap_or_else(Outcome::Refused)
        }
        (
            Job::Link {
                link: Link::Apart, ..
            },
            PlaceForum::Forum(_) | PlaceForum::Several(_),
        ) => {
            recent.regroup();
            let acted = joins::unlink(tx, identity(tx, incoming)?, now)?;
            acted.unwrap_or_else(Outcome::Refused)
        }
        (
            Job::Link {
                link: Link::Forum(union),
                fresh,
            },
            PlaceForum::Forum(forum),
        ) => {
            let said = (fresh.as_str(), overheard(incoming));
            recent.regroup();
            let acted = joins::forum(tx, &context(forum)?, union, said, now)?;
            acted.unwrap_or_else(Outcome::Refused)
        }
        (
            Job::Command { .. }
            | Job::Adopt(_)
            | Job::Link { .. }
            | Job::Vote { .. }
            | Job::Accept { .. }
            | Job::Rewrite { .. }
            | Job::RemoveWords { .. }
            | Job::Remove { .. },
            PlaceForum::Several(forums),
        ) => conversations::which(&forums),
        (Job::Command { act, .. }, PlaceForum::Forum(forum)) => {
            acts::perform(tx, &context(forum)?, act)?
        }
        (Job::Adopt(adoption), PlaceForum::Forum(forum)) => {
            let Adoption {
                author,
                own,
                wanted,
                message,
            } = adoption.as_ref();
            let name = one_line(&author.name);
            let named = Naming {
                name: &name,
                account: author.account.as_deref(),
            };
            let author = tx.person(forum, incoming.platform, &author.key, named, now)?;
            let outcome = acts::adopt(tx, &context(forum)?, author, own, wanted)?;
            // What was refused can be corrected.
            if !matches!(outcome, Outcome::Refused(_)) {
                tx.forget_words(incoming.platform, message)?;
            }
            outcome
        }
        (Job::Vote { reaction, vote }, PlaceForum::Forum(forum)) => {
            // Of an event it is known by now that it was not heard before.
            let is_spent = vote_event(incoming, job).is_none() && tx.is_spent(reaction)?;
            let outcome = match is_spent {
                true => Outcome::Nothing,
                false => acts::react_vote(tx, &context(forum)?, reaction, *vote)?,
            };
            // It may stay where it is, but is not asked about again. What has no name to be known again by is left to its
            // adapter: after a crash it has yet to be taken away.
            if incoming.id.is_some() && matches!(outcome, Outcome::Refused(_)) {
                tx.spend(reaction)?;
            }
            outcome
        }
        (Job::Accept { reaction }, PlaceForum::Forum(forum)) => {
            acts::react_accept(tx, &context(forum)?, reaction)?
        }
        (Job::Rewrite { post, act }, PlaceForum::Forum(forum)) => {
            acts::rewrite(tx, &context(forum)?, *post, act)?
        }
        (Job::RemoveWords { of }, PlaceForum::Forum(forum)) => {
            acts::words_removed(tx, &context(forum)?, incoming.platform, of)?
        }
        (Job::Remove { gone }, PlaceForum::Forum(forum)) => {
            tx.forget_said(place, gone)?;
            let was_vote = incoming.id.is_some() && tx.voted_by(gone)?.is_some();
            let outcome = acts::removed(tx, &context(forum)?, gone)?;
            // The vote is gone by which it was known that its event was heard.
            if was_vote {
                tx.hear_barely(incoming.platform, gone, now)?;
            }
            outcome
        }
    };
    acts::keep_words(tx, incoming, place, &outcome, now)?;
    keep(tx, incoming, job, (here, outcome), now)
}

/// The reaction by which somebody votes, where it is an event with that name.
fn vote_event<'a>(incoming: &Incoming, job: &'a Job) -> Option<&'a MessageKey> {
    match job {
        Job::Vote { reaction, .. } => {
            Some(reaction).filter(|_| incoming.id.as_ref() == Some(reaction))
        }
        Job::Command { .. }
        | Job::Adopt(_)
        | Job::Accept { .. }
        | Job::Rewrite { .. }
        | Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Link { .. }
        | Job::Decide(_) => None,
    }
}

/// Keeps what came of an event, so that the same event again gets the same.
fn keep(
    tx: &Tx<'_>,
    incoming: &Incoming,
    job: &Job,
    (here, outcome): (Option<PostId>, Outcome),
    now: Timestamp,
) -> Result<Outcome, store::Fault> {
    if let (IncomingEvent::Rewrote { message, .. }, Job::Command { .. }) = (&incoming.what, job) {
        // A refused message was mended, or refused again.
        tx.mend(incoming.platform, message, &outcome.encode())?;
    }
    // That a vote's event was heard is known by the vote.
    let is_known = matches!(outcome, Outcome::Voted { .. }) && vote_event(incoming, job).is_some();
    if let Some(event) = incoming.id.as_ref().filter(|_| !is_known) {
        let edits = match &incoming.what {
            IncomingEvent::Rewrote { message, .. } => Some(message),
            IncomingEvent::Said { .. }
            | IncomingEvent::Commanded { .. }
            | IncomingEvent::Decided { .. }
            | IncomingEvent::Reacted { .. }
            | IncomingEvent::Removed { .. }
            | IncomingEvent::MessageGone { .. }
            | IncomingEvent::WordsRemoved { .. }
            | IncomingEvent::SurfacesGone { .. } => None,
        };
        let heard = ReceivedEvent {
            person: incoming.actor.key.clone(),
            outcome: outcome.encode(),
            here: here.filter(|_| outcome.can_be_mended()),
        };
        tx.hear(incoming.platform, event, edits, &heard, now)?;
    }
    crash::here(Point::ActionApplied);
    if let IncomingEvent::Said { text, .. } | IncomingEvent::Rewrote { text, .. } = &incoming.what {
        panics::here(PanicPoint::Action, text);
    }
    Ok(outcome)
}

/// The account that acts, made known where it is not.
pub(super) fn identity(tx: &Tx<'_>, incoming: &Incoming) -> Result<IdentityId, store::Fault> {
    let name = one_line(&incoming.actor.name);
    tx.identity(
        incoming.platform,
        &incoming.actor.key,
        naming(incoming, &name),
    )
}

/// Whether others read what was said: a command of the platform's own is answered to its person alone, and so is the terminal.
fn overheard(incoming: &Incoming) -> bool {
    let alone = matches!(incoming.place.kind, PlaceKind::Direct { .. });
    let spoken = !matches!(incoming.what, IncomingEvent::Commanded { .. });
    spoken && !alone && incoming.platform.conventions().input == Input::Messages
}

/// The forum that a place is of, whatever that has joined: of a conversation, that of the first place which both share there.
fn side(
    tx: &Tx<'_>,
    incoming: &Incoming,
    forum: ForumId,
    place: PlaceId,
) -> Result<ForumId, store::Fault> {
    let mut of = place;
    if let PlaceKind::Direct { common } = &incoming.place.kind {
        for common in common {
            let shared = tx.place(incoming.platform, &common.key)?;
            if let Some(shared) = shared.filter(|shared| shared.forum == Some(forum)) {
                of = shared.id;
                break;
            }
        }
    }
    Ok(tx.home(of)?.unwrap_or(forum))
}

/// What the platform says of who acts; `name` is on one line.
fn naming<'n>(incoming: &'n Incoming, name: &'n str) -> Naming<'n> {
    Naming {
        name,
        account: incoming.actor.account.as_deref(),
    }
}

/// Who acts, in which forum and place; makes the person known where they are not.
pub(super) fn context(
    tx: &Tx<'_>,
    incoming: &Incoming,
    (forum, place): (ForumId, PlaceId),
    job: &Job,
    here: Option<PostId>,
    now: Timestamp,
    recent: &Arc<RecentActs>,
) -> Result<ActContext, store::Fault> {
    let name = one_line(&incoming.actor.name);
    let (platform, key) = (incoming.platform, &incoming.actor.key);
    let author = tx.person(forum, platform, key, naming(incoming, &name), now)?;
    let by = By {
        identity: author.identity,
        member: author.member,
        role: role(incoming),
        side: match job {
            // Nobody writes or deletes anything by these.
            Job::Vote { .. } | Job::Accept { .. } => forum,
            Job::Command { act, .. } if act.is_vote() => forum,
            Job::Command { .. }
            | Job::Adopt(_)
            | Job::Rewrite { .. }
            | Job::Remove { .. }
            | Job::Vanish { .. }
            | Job::RemoveWords { .. }
            | Job::EndSurfaces { .. }
            | Job::Link { .. }
            | Job::Decide(_) => side(tx, incoming, forum, place)?,
        },
    };
    let message = match job {
        Job::Command { message, .. } => message.clone(),
        Job::Adopt(adoption) => Some(adoption.message.clone()),
        Job::Vote { .. }
        | Job::Accept { .. }
        | Job::Rewrite { .. }
        | Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Link { .. }
        | Job::Decide(_) => None,
    };
    let heard = match incoming.what {
        IncomingEvent::Said { .. } | IncomingEvent::Rewrote { .. } => incoming.id.as_ref(),
        IncomingEvent::Commanded { .. }
        | IncomingEvent::Reacted { .. }
        | IncomingEvent::Removed { .. }
        | IncomingEvent::MessageGone { .. }
        | IncomingEvent::WordsRemoved { .. }
        | IncomingEvent::SurfacesGone { .. }
        | IncomingEvent::Decided { .. } => None,
    };
    Ok(ActContext {
        forum,
        place,
        by,
        at: incoming.at.min(now),
        event: made_by(job, heard),
        message,
        here: of_this_forum(tx, forum, here)?,
        now,
        recent: recent.clone(),
    })
}

/// The event by which a text is made, where whoever made it can take it away: of an edit, the message that said so; else what was
/// `heard`.
pub(super) fn made_by(job: &Job, heard: Option<&MessageKey>) -> Option<MessageKey> {
    match job {
        Job::Command {
            act: Act::Edit { .. },
            message,
            ..
        } => message.clone(),
        Job::Command { .. } | Job::Rewrite { .. } => heard.cloned(),
        Job::Adopt(_)
        | Job::Vote { .. }
        | Job::Accept { .. }
        | Job::Remove { .. }
        | Job::Vanish { .. }
        | Job::RemoveWords { .. }
        | Job::EndSurfaces { .. }
        | Job::Link { .. }
        | Job::Decide(_) => None,
    }
}

/// A place's row and forum, both made where they are missing. A conversation's forum is that of a place which both
/// share, looked at anew each time: if there are several, the one that was chosen.
pub(super) fn find_place(
    tx: &Tx<'_>,
    platform: Platform,
    place: &Place,
    now: Timestamp,
) -> Result<(PlaceId, PlaceForum), store::Fault> {
    let known = tx.place(platform, &place.key)?;
    // A place where a forum has begun stays that place, however few are left in it.
    let kind = match (&place.kind, known) {
        (
            PlaceKind::Direct { .. },
            Some(PlaceRow {
                forum: Some(forum),
                direct: false,
                ..
            }),
        ) if !tx.is_empty(forum)? => &PlaceKind::Shared,
        (kind, _) => kind,
    };
    let direct = matches!(kind, PlaceKind::Direct { .. });
    // A conversation that others have come into is a place of its own: they need not share what the first two did.
    let same = known.filter(|known| known.direct == direct);
    let name = place.name.as_deref().map(one_line);
    let home = Cell::new(None);
    // A forum that joined another brings its new places along.
    let own = |name: &str| {
        let own = tx.forum(name, now)?;
        home.set(Some(own));
        tx.joined(own)
    };
    let forum = match (kind, same.and_then(|known| known.forum)) {
        (PlaceKind::Shared | PlaceKind::Grouped { .. }, Some(forum)) => forum,
        // A place that the settings name only now brings no questions along: numbers don't change.
        (PlaceKind::Named, Some(forum)) if !tx.is_empty(forum)? => forum,
        (PlaceKind::Named, _) => own(super::MAIN)?,
        (PlaceKind::Shared, None) => own(&place.key.0)?,
        (PlaceKind::Grouped { forum }, None) => own(forum)?,
        (PlaceKind::Direct { common }, _) => {
            let forums = tx.shared_forums(platform, common)?;
            let chosen = match (same, forums.as_slice()) {
                (Some(known), [_, _, ..]) => tx.chosen(known.id)?,
                _ => None,
            };
            match forums.as_slice() {
                // Who shares nothing any more is on their own.
                [] => tx.forum(&place.key.0, now)?,
                [only] => only.forum,
                several => match chosen.filter(|of| several.iter().any(|one| one.forum == *of)) {
                    Some(chosen) => chosen,
                    None => {
                        let id = match same.filter(|known| known.forum.is_none()) {
                            Some(known) => known.id,
                            None => {
                                let name = name.as_deref();
                                tx.set_place(platform, &place.key, None, name, true)?.id
                            }
                        };
                        return Ok((id, PlaceForum::Several(forums)));
                    }
                },
            }
        }
    };
    if let Some(known) = same.filter(|known| known.forum == Some(forum)) {
        return Ok((known.id, PlaceForum::Forum(forum)));
    }
    let row = tx.set_place(platform, &place.key, Some(forum), name.as_deref(), direct)?;
    if let Some(home) = home.get() {
        tx.set_home(row.id, home)?;
    }
    Ok((row.id, PlaceForum::Forum(forum)))
}

/// What the actor may do. Whoever made a conversation has all power in it, which says nothing of the forum.
fn role(incoming: &Incoming) -> Role {
    match incoming.place.kind {
        PlaceKind::Direct { .. } => Role::Member,
        PlaceKind::Named | PlaceKind::Shared | PlaceKind::Grouped { .. } => incoming.actor.role,
    }
}

/// The post that a message hangs on, if it is one of this forum: a conversation's forum can be another than it was.
fn of_this_forum(
    tx: &Tx<'_>,
    forum: ForumId,
    here: Option<PostId>,
) -> Result<Option<Post>, store::Fault> {
    let post = here.map(|here| tx.post(here)).transpose()?.flatten();
    Ok(post.filter(|post| post.forum == forum))
}
