//! Hears what happened in a chat: reads it, has it done by the writer or answered from the readers, and says what to reply.

use super::acts::{self, Scene};
use super::fault::blocking;
use super::outcome::Outcome;
use super::{Core, Fault};
use crate::command::{Command, Intent, Parsed, Reaction, Speech, parse};
use crate::crash::{self, Point};
use crate::forum::{By, ForumId, PlaceId, PostId, Role, Timestamp, Vote};
use crate::platform::{
    Audience, Incoming, MessageKey, Place, PlaceKind, Platform, Reply, Response, SendKey, What,
};
use crate::store::{self, PlaceRow, Tx};

/// How often an action is tried again while another program holds the database; each try waits 5 s itself.
const TRIES: u32 = 12;

/// Something to be done by the writer.
#[derive(Clone, Debug)]
enum Act {
    /// Somebody said so, in a message that is kept as a new post's source.
    Command { intent: Intent, message: MessageKey },
    /// Somebody reacted.
    Vote { reaction: MessageKey, vote: Vote },
    /// Somebody reacted with ✅.
    Accept { reaction: MessageKey },
    /// Somebody changed the message that a post was made from.
    Rewrite { post: PostId, intent: Intent },
    /// Something is gone.
    Remove { gone: MessageKey },
}

impl Act {
    /// Whether the person is told what came of it; the others see it by the card.
    fn is_told(&self) -> bool {
        matches!(self, Self::Command { .. })
    }
}

/// What the readers found out about a message before anything is done.
struct Context {
    place: Option<PlaceRow>,
    /// The post that the message hangs on.
    here: Option<PostId>,
    /// The post that was made from the message that this is about.
    about: Option<PostId>,
    /// Whether what this is about was refused before.
    refused: bool,
}

impl Core {
    /// Hears of something that happened; gives what to do about it. The same event again gets the same response.
    ///
    /// Fails only where nothing can be kept any more (the disk is full, the store has stopped): the process should end.
    pub async fn hear(&self, incoming: Incoming) -> Result<Response, Fault> {
        match self.heard(&incoming).await {
            Ok(response) => Ok(response),
            Err(fault) if fault.is_fatal() => Err(fault),
            Err(fault) => {
                let code = self.code();
                tracing::error!(%code, platform = %incoming.platform, error = &fault as &dyn std::error::Error, "an action failed");
                let card = self.inner.cards().fault(&code);
                Ok(reply(&incoming, card, Audience::Place))
            }
        }
    }

    async fn heard(&self, incoming: &Incoming) -> Result<Response, Fault> {
        match &incoming.what {
            What::Said {
                message,
                text,
                reply_to,
                thread,
            } => {
                let speech = self.speech(incoming, true);
                if parse(text, speech) == Parsed::Nothing {
                    return Ok(Response::default());
                }
                let context = self
                    .context(incoming, reply_to.as_ref().or(thread.as_ref()), None)
                    .await?;
                self.said(incoming, text, message, &context).await
            }
            What::Rewrote { message, text } => {
                let context = self.context(incoming, None, Some(message)).await?;
                match context.about {
                    Some(post) => self.rewrote(incoming, post, text).await,
                    None if context.refused => self.said(incoming, text, message, &context).await,
                    None => Ok(Response::default()),
                }
            }
            What::Reacted {
                reaction,
                on,
                emoji,
            } => {
                let Some(said) = Reaction::read(emoji) else {
                    return Ok(Response::default());
                };
                let context = self.context(incoming, Some(on), None).await?;
                if context.here.is_none() {
                    return Ok(Response::default());
                }
                let reaction = reaction.clone();
                let act = match said {
                    Reaction::Vote(vote) => Act::Vote { reaction, vote },
                    Reaction::Accept => Act::Accept { reaction },
                };
                self.act(incoming, act, context.here).await
            }
            What::Removed { gone } => {
                if !self.matters(incoming.platform, gone).await? {
                    return Ok(Response::default());
                }
                self.act(incoming, Act::Remove { gone: gone.clone() }, None)
                    .await
            }
        }
    }

    /// Somebody said something to the bot, perhaps.
    async fn said(
        &self,
        incoming: &Incoming,
        text: &str,
        message: &MessageKey,
        context: &Context,
    ) -> Result<Response, Fault> {
        let cards = self.inner.cards();
        let card = match parse(text, self.speech(incoming, context.here.is_some())) {
            Parsed::Nothing => return Ok(Response::default()),
            Parsed::Talk => cards.talk(),
            Parsed::Incomplete(command) => cards.incomplete(command),
            Parsed::Unknown { said, near } => cards.did_you_mean(&said, near),
            Parsed::Intent(intent) if is_view(&intent) => {
                return self.look(incoming, intent, context).await;
            }
            Parsed::Intent(intent) => {
                let act = Act::Command {
                    intent,
                    message: message.clone(),
                };
                return self.act(incoming, act, context.here).await;
            }
        };
        Ok(reply(incoming, card, Audience::Place))
    }

    /// Somebody changed a message that a post was made from.
    async fn rewrote(
        &self,
        incoming: &Incoming,
        post: PostId,
        text: &str,
    ) -> Result<Response, Fault> {
        match parse(text, self.speech(incoming, true)) {
            Parsed::Intent(intent) => {
                self.act(incoming, Act::Rewrite { post, intent }, None)
                    .await
            }
            Parsed::Nothing | Parsed::Talk | Parsed::Incomplete(_) | Parsed::Unknown { .. } => {
                Ok(Response::default())
            }
        }
    }

    /// Answers from the readers.
    async fn look(
        &self,
        incoming: &Incoming,
        intent: Intent,
        context: &Context,
    ) -> Result<Response, Fault> {
        let found = match self.forum_for(incoming, context).await? {
            Found::Forum(forum) => forum,
            Found::Several(names) => {
                return Ok(reply(
                    incoming,
                    self.inner.cards().which_forum(&names),
                    Audience::Place,
                ));
            }
        };
        let (core, here) = (self.clone(), context.here);
        let card = blocking(move || core.inner.view(found, &intent, here)).await?;
        let card = self
            .linked(card, found, context.place.map(|place| place.id))
            .await?;
        Ok(reply(incoming, card, Audience::Place))
    }

    /// Has something done by the writer and makes the response.
    async fn act(
        &self,
        incoming: &Incoming,
        act: Act,
        here: Option<PostId>,
    ) -> Result<Response, Fault> {
        let outcome = self.write(incoming, act.clone(), here).await?;
        let unreact = match (&act, &outcome) {
            (Act::Vote { reaction, .. }, Outcome::Refused(_)) => Some(reaction.clone()),
            _ => None,
        };
        let audience = if unreact.is_some() {
            Audience::Person
        } else {
            Audience::Place
        };
        let refused = matches!(
            outcome,
            Outcome::Refused(_) | Outcome::WhichForum(_) | Outcome::WhichPost
        );
        // A card tells of a new post in the place itself; elsewhere it is said.
        let posted_here = matches!(outcome, Outcome::Posted(_))
            && !matches!(incoming.place.kind, PlaceKind::Direct { .. });
        let told = refused || (act.is_told() && !posted_here && outcome != Outcome::Nothing);
        if !told || (unreact.is_some() && !self.may_complain(incoming)) {
            return Ok(Response {
                reply: None,
                unreact,
            });
        }
        let command = match &act {
            Act::Command { intent, .. } => Some(named(intent)),
            Act::Vote { .. } | Act::Accept { .. } | Act::Rewrite { .. } | Act::Remove { .. } => {
                None
            }
        };
        let card = self.inner.cards().outcome(&outcome, command);
        let place = self.place_row(incoming).await?;
        let card = match place {
            Some(PlaceRow {
                id,
                forum: Some(forum),
                ..
            }) => self.linked(card, forum, Some(id)).await?,
            Some(_) | None => card,
        };
        Ok(Response {
            unreact,
            ..reply(incoming, card, audience)
        })
    }

    /// One action, durable when this returns.
    async fn write(
        &self,
        incoming: &Incoming,
        act: Act,
        here: Option<PostId>,
    ) -> Result<Outcome, Fault> {
        let now = self.inner.clock.now();
        let mut tries = 0;
        loop {
            let (incoming, act) = (incoming.clone(), act.clone());
            let written = self
                .inner
                .store
                .act(move |tx| once(tx, &incoming, &act, here, now))
                .await;
            tries += 1;
            match written {
                Err(store::Fault::Locked { .. }) if tries < TRIES => {}
                written => return Ok(written?),
            }
        }
    }

    fn speech<'a>(&'a self, incoming: &Incoming, hangs: bool) -> Speech<'a> {
        let alone = matches!(incoming.place.kind, PlaceKind::Direct { .. });
        let bare = alone || incoming.platform == Platform::Terminal;
        Speech {
            prefix: &self.inner.prefix,
            bare,
            hangs,
        }
    }

    /// Looks up what a message is about: `hangs_on` is the message it replies to, `about` the one it changes.
    async fn context(
        &self,
        incoming: &Incoming,
        hangs_on: Option<&MessageKey>,
        about: Option<&MessageKey>,
    ) -> Result<Context, Fault> {
        let reader = self.inner.store.reader().clone();
        let (platform, key) = (incoming.platform, incoming.place.key.clone());
        let (hangs_on, about) = (hangs_on.cloned(), about.cloned());
        let person = incoming.actor.key.clone();
        blocking(move || {
            let place = reader.place(platform, &key)?;
            let surface = |message: Option<&MessageKey>| match (place, message) {
                (Some(place), Some(message)) => reader.surface(place.id, message),
                _ => Ok(None),
            };
            let outcome = about
                .as_ref()
                .map(|about| reader.outcome(platform, about))
                .transpose()?
                .flatten();
            let refused = outcome.is_some_and(|(heard_of, kept)| {
                heard_of == person && matches!(Outcome::decode(&kept), Outcome::Refused(_))
            });
            Ok(Context {
                here: surface(hangs_on.as_ref())?,
                about: surface(about.as_ref())?,
                refused,
                place,
            })
        })
        .await
    }

    async fn place_row(&self, incoming: &Incoming) -> Result<Option<PlaceRow>, Fault> {
        let reader = self.inner.store.reader().clone();
        let (platform, key) = (incoming.platform, incoming.place.key.clone());
        blocking(move || Ok(reader.place(platform, &key)?)).await
    }

    /// The forum that is looked at from a place; makes the place known where it is not.
    async fn forum_for(&self, incoming: &Incoming, context: &Context) -> Result<Found, Fault> {
        if let (
            Some(PlaceRow {
                forum: Some(forum),
                direct: false,
                ..
            }),
            PlaceKind::Shared,
        ) = (context.place, &incoming.place.kind)
        {
            return Ok(Found::Forum(forum));
        }
        let (platform, place, at) = (
            incoming.platform,
            incoming.place.clone(),
            self.inner.clock.now(),
        );
        Ok(self
            .inner
            .store
            .act(move |tx| find_place(tx, platform, &place, at).map(|(_, found)| found))
            .await?)
    }
}

/// The forum that a place belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Forum(ForumId),
    /// It is a conversation that shares several, and which one is meant has yet to be said.
    Several(Vec<String>),
}

/// The whole of one action, inside its savepoint: heard before? who, where? the act; what came of it.
fn once(
    tx: &Tx<'_>,
    incoming: &Incoming,
    act: &Act,
    here: Option<PostId>,
    now: Timestamp,
) -> Result<Outcome, store::Fault> {
    if let Some(event) = &incoming.id
        && let Some(kept) = tx.heard(incoming.platform, event)?
    {
        return Ok(Outcome::decode(&kept));
    }
    let (place, found) = find_place(tx, incoming.platform, &incoming.place, now)?;
    let outcome = match found {
        Found::Several(names) => Outcome::WhichForum(names),
        Found::Forum(forum) => {
            let name = crate::forum::one_line(&incoming.actor.name);
            let author = tx.person(forum, incoming.platform, &incoming.actor.key, &name, now)?;
            let role = role(incoming);
            let by = By {
                identity: author.identity,
                member: author.member,
                role,
            };
            let message = match act {
                Act::Command { message, .. } => Some(message.clone()),
                Act::Vote { .. }
                | Act::Accept { .. }
                | Act::Rewrite { .. }
                | Act::Remove { .. } => None,
            };
            let here = of_this_forum(tx, forum, here)?;
            let scene = Scene {
                forum,
                place,
                by,
                at: incoming.at.min(now),
                message,
                here,
            };
            match act {
                Act::Command { intent, .. } => acts::perform(tx, &scene, intent)?,
                Act::Vote { reaction, vote } => acts::react_vote(tx, &scene, reaction, *vote)?,
                Act::Accept { reaction } => acts::react_accept(tx, &scene, reaction)?,
                Act::Rewrite { post, intent } => acts::rewrite(tx, &scene, *post, intent)?,
                Act::Remove { gone } => acts::removed(tx, &scene, gone)?,
            }
        }
    };
    if let (What::Rewrote { message, .. }, Act::Command { .. }) = (&incoming.what, act) {
        // A refused message was mended, or refused again.
        tx.mend(incoming.platform, message, &outcome.encode())?;
    }
    if let Some(event) = &incoming.id {
        tx.hear(
            incoming.platform,
            event,
            &incoming.actor.key,
            &outcome.encode(),
            now,
        )?;
    }
    crash::here(Point::ActionApplied);
    Ok(outcome)
}

/// A place's row and forum, both made where they are missing. A conversation's forum is that of a place which both
/// share, looked at anew each time.
pub(super) fn find_place(
    tx: &Tx<'_>,
    platform: Platform,
    place: &Place,
    now: Timestamp,
) -> Result<(PlaceId, Found), store::Fault> {
    let direct = matches!(place.kind, PlaceKind::Direct { .. });
    // A conversation that others have come into is a place of its own: they need not share what the first two did.
    let known = tx.place(platform, &place.key)?;
    let same = known.filter(|known| known.direct == direct);
    let name = place.name.as_deref().map(crate::forum::one_line);
    let forum = match (&place.kind, same.and_then(|known| known.forum)) {
        (PlaceKind::Shared, Some(forum)) => forum,
        // A place that the settings name only now brings no questions along: numbers don't change.
        (PlaceKind::Named, Some(forum)) if !tx.is_empty(forum)? => forum,
        (PlaceKind::Named, _) => tx.forum(super::MAIN, now)?,
        (PlaceKind::Shared, None) => tx.forum(&place.key.0, now)?,
        (PlaceKind::Direct { common }, _) => {
            let forums = tx.forums_of(platform, common)?;
            match forums.as_slice() {
                // Who shares nothing any more is on their own.
                [] => tx.forum(&place.key.0, now)?,
                [(only, _)] => *only,
                several => {
                    let row = tx.set_place(platform, &place.key, None, name.as_deref(), true)?;
                    return Ok((
                        row.id,
                        Found::Several(several.iter().map(|(_, name)| name.clone()).collect()),
                    ));
                }
            }
        }
    };
    if let Some(known) = same.filter(|known| known.forum == Some(forum)) {
        return Ok((known.id, Found::Forum(forum)));
    }
    let row = tx.set_place(platform, &place.key, Some(forum), name.as_deref(), direct)?;
    Ok((row.id, Found::Forum(forum)))
}

/// What the actor may do. Whoever made a conversation has all power in it, which says nothing of the forum.
fn role(incoming: &Incoming) -> Role {
    match incoming.place.kind {
        PlaceKind::Direct { .. } => Role::Member,
        PlaceKind::Named | PlaceKind::Shared => Role::from_claims(incoming.actor.claims),
    }
}

/// The post that a message hangs on, if it is one of this forum: a conversation's forum can be another than it was.
fn of_this_forum(
    tx: &Tx<'_>,
    forum: ForumId,
    here: Option<PostId>,
) -> Result<Option<PostId>, store::Fault> {
    let post = here.map(|here| tx.post(here)).transpose()?.flatten();
    Ok(post.filter(|post| post.forum == forum).map(|post| post.id))
}

/// A reply under a key that is made from the event's own name.
fn reply(incoming: &Incoming, card: crate::card::Card, audience: Audience) -> Response {
    let event = incoming.id.as_ref().map_or("", |id| id.0.as_str());
    let key = SendKey(format!(
        "r{:016x}",
        store::fingerprint(&format!("{}\n{event}", incoming.platform))
    ));
    Response {
        reply: Some(Reply {
            card,
            audience,
            key,
        }),
        unreact: None,
    }
}

fn is_view(intent: &Intent) -> bool {
    match intent {
        Intent::History { .. }
        | Intent::Search { .. }
        | Intent::Show { .. }
        | Intent::Questions { .. }
        | Intent::Help { .. } => true,
        Intent::Ask { .. }
        | Intent::Answer { .. }
        | Intent::Comment { .. }
        | Intent::Edit { .. }
        | Intent::Delete { .. }
        | Intent::SetVote { .. }
        | Intent::Unvote { .. }
        | Intent::Accept { .. }
        | Intent::Unaccept { .. } => false,
    }
}

/// The command that says an intent.
fn named(intent: &Intent) -> &'static Command {
    use crate::command::{COMMANDS, Verb};
    let verb = match intent {
        Intent::Ask { .. } => Verb::Ask,
        Intent::Answer { .. } => Verb::Answer,
        Intent::Comment { .. } => Verb::Comment,
        Intent::Edit { .. } => Verb::Edit,
        Intent::Delete { .. } => Verb::Delete,
        Intent::SetVote { vote: Vote::Up, .. } => Verb::Up,
        Intent::SetVote {
            vote: Vote::Down, ..
        } => Verb::Down,
        Intent::Unvote { .. } => Verb::Unvote,
        Intent::Accept { .. } => Verb::Accept,
        Intent::Unaccept { .. } => Verb::Unaccept,
        Intent::History { .. } => Verb::History,
        Intent::Search { .. } => Verb::Search,
        Intent::Show { .. } => Verb::Show,
        Intent::Questions { .. } => Verb::Questions,
        Intent::Help { .. } => Verb::Help,
    };
    COMMANDS
        .iter()
        .find(|command| command.verb == verb)
        .expect("every verb is in the table")
}
