//! What an event says, read from its JSON: the SDK's types end here. Pure.
//!
//! Whatever can't be read is somebody's mistake or mischief, never a reason to stop. The time that an event carries is only
//! ever shown.

mod text;
mod wire;

use bot_core::forum::Timestamp;
use bot_core::platform::{IncomingEvent, MessageKey, PersonKey, SendKey};

use wire::{
    Encrypted, Event, Hanging, MemberContent, Message, OwnContent, ReactionContent, Redaction,
    RelatesTo, ReplacedContent,
};

/// The key in a message's content that holds the core's own name for it.
pub(crate) const KEY: &str = "stoa.key";

/// What stands for a message that is not in words.
const WORDLESS: &str = "…";

/// What an event means to the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventMeaning {
    /// The bot's own message, seen by everybody.
    Own {
        /// The core's name for it.
        key: SendKey,
        /// Its name on Matrix.
        message: MessageKey,
    },
    /// The bot itself came into the room here.
    Arrived,
    /// Somebody did something.
    UserEvent(UserEvent),
    /// Somebody did something that can't be decrypted yet.
    Undecrypted(UndecryptedEvent),
}

/// An event that can't be decrypted yet: what can be read of it all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UndecryptedEvent {
    /// The event.
    pub id: MessageKey,
    /// Who sent it.
    pub by: PersonKey,
    /// Whether the bot was there.
    pub witness: Witness,
    /// The session by whose key it can be read.
    pub session: String,
    /// The message that it changes, if it is such a change.
    pub changes: Option<MessageKey>,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserEvent {
    /// The event.
    pub id: MessageKey,
    /// Who.
    pub by: PersonKey,
    /// When, as their homeserver says.
    pub at: Timestamp,
    /// Whether the bot was there.
    pub witness: Witness,
    /// Whether pictures or files are with what was said.
    pub files: Files,
    /// What.
    pub what: IncomingEvent,
}

/// Whether a message has files, which stay where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Files {
    None,
    Some,
}

/// Whether the bot was in the room when something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Witness {
    /// The homeserver says so.
    Present,
    /// The homeserver does not say.
    Unsaid,
}

impl UserEvent {
    /// What it takes in memory, in bytes, about.
    pub(crate) fn size(&self) -> usize {
        let text = match &self.what {
            IncomingEvent::Said { text, .. } | IncomingEvent::Rewrote { text, .. } => text.len(),
            IncomingEvent::Decided { .. }
            | IncomingEvent::Commanded { .. }
            | IncomingEvent::Reacted { .. }
            | IncomingEvent::Removed { .. }
            | IncomingEvent::MessageGone { .. }
            | IncomingEvent::WordsRemoved { .. }
            | IncomingEvent::SurfacesGone { .. } => 0,
        };
        text + size_of::<Self>()
    }

    /// The event that it is about, where it means nothing if that one means nothing to the forum.
    pub(crate) const fn about(&self) -> Option<&MessageKey> {
        match &self.what {
            // Matrix says of everything that is gone by whose hand.
            IncomingEvent::Said { .. }
            | IncomingEvent::Decided { .. }
            | IncomingEvent::Commanded { .. }
            | IncomingEvent::MessageGone { .. }
            | IncomingEvent::WordsRemoved { .. }
            | IncomingEvent::SurfacesGone { .. } => None,
            IncomingEvent::Rewrote { message, .. } => Some(message),
            IncomingEvent::Reacted { on, .. } => Some(on),
            IncomingEvent::Removed { gone } => Some(gone),
        }
    }
}

/// Reads an event. None where it is nothing to the bot; an error where it is not what it says it is.
pub(crate) fn read(own: &str, json: &str) -> Result<Option<EventMeaning>, serde_json::Error> {
    // Most of a timeline is none of ours: look at the kind before anything is read.
    if !KINDS.contains(&wire::kind(json)?.as_str()) {
        return Ok(None);
    }
    let event: Event = serde_json::from_str(json)?;
    if event.is_redacted() {
        return Ok(None);
    }
    if event.kind == "m.room.member" && event.state_key.as_deref() == Some(own) {
        return arrival(&event);
    }
    let Some(witness) = event.witness() else {
        return Ok(None);
    };
    if event.sender == own {
        return own_message(event);
    }
    let id = MessageKey(event.event_id.clone());
    let by = PersonKey(event.sender.clone());
    let at = Timestamp(event.at());
    let mut files = Files::None;
    let what = match event.kind.as_str() {
        "m.room.message" => said(&id, &event)?.map(|(with, what)| {
            files = with;
            what
        }),
        "m.sticker" => Some(stuck(&id, &event)?),
        "m.reaction" => reacted(&id, &event.content()?),
        "m.room.redaction" => removed(&event)?,
        "m.room.member" => banned(&event)?,
        "m.room.encrypted" => {
            return Ok(Some(EventMeaning::Undecrypted(sealed(
                id, by, witness, &event,
            )?)));
        }
        _ => None,
    };
    Ok(what.map(|what| {
        EventMeaning::UserEvent(UserEvent {
            id,
            by,
            at,
            witness,
            files,
            what,
        })
    }))
}

/// The kinds of events that can mean something.
const KINDS: [&str; 6] = [
    "m.room.message",
    "m.sticker",
    "m.room.encrypted",
    "m.reaction",
    "m.room.redaction",
    "m.room.member",
];

/// The bot's own coming into the room; a change of its name there is none.
fn arrival(event: &Event) -> Result<Option<EventMeaning>, serde_json::Error> {
    let joined = |member: &MemberContent| member.membership == "join";
    let now: MemberContent = event.content()?;
    let was = event.content_before();
    let new = match &was {
        Some(was) => !joined(was),
        None => !event.replaces(),
    };
    Ok((joined(&now) && new).then_some(EventMeaning::Arrived))
}

/// A message that the bot sent under a name of the core's; its edits and notices have none.
fn own_message(event: Event) -> Result<Option<EventMeaning>, serde_json::Error> {
    if event.kind != "m.room.message" {
        return Ok(None);
    }
    let hanging: Hanging = event.content()?;
    let own: OwnContent = event.content()?;
    let replaces = matches!(hanging.relation(), RelatesTo::Replaces(_));
    let key = own.key.filter(|_| !replaces);
    Ok(key.map(|key| EventMeaning::Own {
        key: SendKey(key),
        message: MessageKey(event.event_id),
    }))
}

/// A message, or the change of one. Notices are never acted on: they are what bots say.
fn said(
    id: &MessageKey,
    event: &Event,
) -> Result<Option<(Files, IncomingEvent)>, serde_json::Error> {
    let hanging: Hanging = event.content()?;
    let (thread, reply_to) = match hanging.relation() {
        RelatesTo::Replaces(message) => return rewrote(message, event.content()?),
        RelatesTo::Thread { root, reply_to } => (Some(root), reply_to),
        RelatesTo::Reply(to) => (None, Some(to)),
        RelatesTo::None => (None, None),
    };
    let content: Message = event.content()?;
    let Some(files) = content.speech() else {
        let wordless = content.is_wordless();
        return Ok(wordless.then(|| (Files::None, without_words(id, reply_to, thread))));
    };
    let body = if hanging.reply().is_some() {
        text::without_fallback(&content.body)
    } else {
        content.body.clone()
    };
    let said = IncomingEvent::Said {
        message: id.clone(),
        text: text::marked(body, content.html()),
        reply_to: reply_to.map(MessageKey),
        thread: thread.map(MessageKey),
    };
    Ok(Some((files, said)))
}

/// A sticker.
fn stuck(id: &MessageKey, event: &Event) -> Result<IncomingEvent, serde_json::Error> {
    let hanging: Hanging = event.content()?;
    let (thread, reply_to) = match hanging.relation() {
        RelatesTo::Thread { root, reply_to } => (Some(root), reply_to),
        RelatesTo::Reply(to) => (None, Some(to)),
        RelatesTo::Replaces(_) | RelatesTo::None => (None, None),
    };
    Ok(without_words(id, reply_to, thread))
}

/// What can be no command, whatever stands in it: where somebody talks with the bot alone, they are told what it understands.
fn without_words(
    id: &MessageKey,
    reply_to: Option<String>,
    thread: Option<String>,
) -> IncomingEvent {
    IncomingEvent::Said {
        message: id.clone(),
        text: WORDLESS.to_owned(),
        reply_to: reply_to.map(MessageKey),
        thread: thread.map(MessageKey),
    }
}

/// What a message says from now on.
fn rewrote(
    message: String,
    change: ReplacedContent,
) -> Result<Option<(Files, IncomingEvent)>, serde_json::Error> {
    let Some(now) = change.now()? else {
        return Ok(None);
    };
    Ok(now.speech().map(|files| {
        let rewrote = IncomingEvent::Rewrote {
            message: MessageKey(message),
            text: text::marked(now.body.clone(), now.html()),
        };
        (files, rewrote)
    }))
}

fn reacted(id: &MessageKey, content: &ReactionContent) -> Option<IncomingEvent> {
    let (on, emoji) = content.annotation()?;
    Some(IncomingEvent::Reacted {
        reaction: id.clone(),
        on: MessageKey(on),
        emoji,
    })
}

/// What is encrypted still after the SDK tried to read it.
fn sealed(
    id: MessageKey,
    by: PersonKey,
    witness: Witness,
    event: &Event,
) -> Result<UndecryptedEvent, serde_json::Error> {
    let content: Encrypted = event.content()?;
    let hanging: Hanging = event.content()?;
    let changes = match hanging.relation() {
        RelatesTo::Replaces(message) => Some(MessageKey(message)),
        RelatesTo::None | RelatesTo::Reply(_) | RelatesTo::Thread { .. } => None,
    };
    Ok(UndecryptedEvent {
        id,
        by,
        witness,
        session: content.session_id,
        changes,
    })
}

/// What a redaction takes away is named in its content from room version 11 on, beside it before.
fn removed(event: &Event) -> Result<Option<IncomingEvent>, serde_json::Error> {
    let beside = event.redacts.clone();
    let gone = match (event.content::<Redaction>(), beside) {
        (Ok(Redaction { redacts }), beside) => redacts.or(beside),
        (Err(_), Some(beside)) => Some(beside),
        (Err(error), None) => return Err(error),
    };
    Ok(gone.map(|gone| IncomingEvent::Removed {
        gone: MessageKey(gone),
    }))
}

/// A ban or kick that takes away what somebody wrote: <https://github.com/matrix-org/matrix-spec-proposals/pull/4293>.
fn banned(event: &Event) -> Result<Option<IncomingEvent>, serde_json::Error> {
    let member: MemberContent = event.content()?;
    let of = event.state_key.as_ref().filter(|of| **of != event.sender);
    Ok(of
        .filter(|_| member.removes_words())
        .map(|of| IncomingEvent::WordsRemoved {
            of: PersonKey(of.clone()),
        }))
}

/// The key of a message of the bot's own, if the event is one: for finding what was sent.
pub(crate) fn own_key(own: &str, json: &str) -> Option<(SendKey, MessageKey)> {
    match read(own, json) {
        Ok(Some(EventMeaning::Own { key, message })) => Some((key, message)),
        Ok(_) | Err(_) => None,
    }
}

/// The root of the thread that a message is in.
pub(crate) fn thread(json: &str) -> Option<MessageKey> {
    let event: Event = serde_json::from_str(json).ok()?;
    let content: Hanging = event.content().ok()?;
    match content.relation() {
        RelatesTo::Thread { root, .. } => Some(MessageKey(root)),
        RelatesTo::None | RelatesTo::Reply(_) | RelatesTo::Replaces(_) => None,
    }
}

#[cfg(test)]
mod tests;
