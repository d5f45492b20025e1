//! Messages of a channel.

use serde_json::Value;

use super::{
    Answer, Call, Reply,
    channels::{need, need_open},
    id,
    refusal::{
        INVALID_BODY, MISSING_PERMISSIONS, NO_ROUTE, NO_TEXT, OF_OTHERS, Refusal, Trouble,
        UNKNOWN_MESSAGE, UNKNOWN_REFERENCE, UNREACHABLE,
    },
    threads::list,
};
use crate::{
    Id,
    check::{
        Problems, as_id,
        message::{self, For},
    },
    intents, permissions as may,
    world::{
        World,
        channels::Kind,
        messages::{EPHEMERAL, Message, blanked},
    },
};

impl Call {
    /// Below `/channels/{channel}/messages`.
    pub(super) fn messages(self, world: &mut World, channel: Id, steps: &[&str]) -> Answer {
        if world.channel(channel).kind == Kind::Forum {
            return Err(NO_TEXT);
        }
        match (self.method.as_str(), steps) {
            ("POST", []) => self.create(world, channel),
            ("GET", []) => self.page(world, channel),
            ("POST", ["bulk-delete"]) => self.bulk_delete(world, channel),
            (_, [message, steps @ ..]) => {
                let found = id(message).and_then(|id| world.message(channel, id));
                // What only one person sees is not in the channel for others, nor for the bot.
                let found = found.filter(|message| message.ephemeral_to.is_none());
                let (message, author) =
                    found.map(|it| (it.id, it.author)).ok_or(UNKNOWN_MESSAGE)?;
                match (self.method.as_str(), steps) {
                    ("GET", []) => {
                        need(world, channel, may::READ_MESSAGE_HISTORY)?;
                        Ok(Reply::Json(shown(world, channel, message)))
                    }
                    ("PATCH", []) => self.edit(world, channel, message),
                    ("DELETE", []) => {
                        if author != world.bot {
                            need(world, channel, may::MANAGE_MESSAGES)?;
                        }
                        need_open(world, channel)?;
                        if author != world.bot {
                            let bot = world.bot;
                            world.log_deletion(channel, author, bot);
                        }
                        world.delete_message(channel, message);
                        Ok(Reply::Nothing)
                    }
                    ("POST", ["threads"]) => self.thread_from(world, channel, message),
                    (_, ["reactions", steps @ ..]) => {
                        self.reactions(world, channel, message, steps)
                    }
                    _ => Err(NO_ROUTE),
                }
            }
            _ => Err(NO_ROUTE),
        }
    }

    fn create(mut self, world: &mut World, channel: Id) -> Answer {
        may_write(world, channel)?;
        let files = std::mem::take(&mut self.files);
        rights_for(world, channel, &self.body, !files.is_empty())?;
        let what = "a message";
        let draft = message::read(world, &self.body, files, For::Channel, what)?;
        if draft.enforces_nonce && draft.nonce.is_none() {
            world.violation("body", "enforce_nonce without a nonce");
        }
        if let Some(same) = draft.nonce.as_ref().filter(|_| draft.enforces_nonce) {
            let bot = world.bot;
            let sent = world.messages.get(&channel).into_iter().flatten();
            let sent = sent.map(|(_, message)| message);
            let twin = sent
                .rev()
                .find(|it| it.author == bot && it.nonce.as_ref() == Some(same));
            if let Some(twin) = twin {
                return Ok(Reply::Json(world.message_json(twin)));
            }
        }
        let bot = world.bot;
        let mut new = world.draft(channel, bot);
        new.nonce = draft.nonce.clone();
        if let Some(replied) = draft.reply_to {
            need(world, channel, may::READ_MESSAGE_HISTORY)?;
            let is_sure =
                self.body["message_reference"]["fail_if_not_exists"] != Value::Bool(false);
            match world.message(channel, replied) {
                Some(_) => {
                    new.reply_to = Some(replied);
                    new.kind = 19;
                }
                None if is_sure => {
                    return Err(invalid(
                        "message_reference",
                        UNKNOWN_REFERENCE,
                        "Unknown message",
                    ));
                }
                None => {}
            }
        }
        draft.apply(world, &mut new)?;
        let id = world.post(new);
        Ok(Reply::Json(shown(world, channel, id)))
    }

    fn edit(mut self, world: &mut World, channel: Id, id: Id) -> Answer {
        let old = world.message(channel, id).ok_or(UNKNOWN_MESSAGE)?.clone();
        if old.author != world.bot {
            return Err(OF_OTHERS);
        }
        need_open(world, channel)?;
        let files = std::mem::take(&mut self.files);
        rights_for(world, channel, &self.body, !files.is_empty())?;
        let draft = message::read(world, &self.body, files, For::Edit, "an edit")?;
        change(world, old, draft)?;
        Ok(Reply::Json(shown(world, channel, id)))
    }

    fn page(&self, world: &World, channel: Id) -> Answer {
        if !world.may(channel, world.bot, may::READ_MESSAGE_HISTORY) {
            return list(std::iter::empty());
        }
        let limit = match self.asked("limit").map(str::parse) {
            None => 50,
            Some(Ok(limit @ 1..=100)) => limit,
            Some(_) => {
                return Err(invalid(
                    "limit",
                    "NUMBER_TYPE_MAX",
                    "int value should be in 1..=100.",
                ));
            }
        };
        let all = world.messages.get(&channel);
        let all = all.into_iter().flat_map(|messages| messages.values());
        let all: Vec<&Message> = all.filter(|it| it.ephemeral_to.is_none()).collect();
        let (before, after) = (self.asked_id("before"), self.asked_id("after"));
        let mut page: Vec<&Message> = if let Some(around) = self.asked_id("around") {
            let middle = all.partition_point(|it| it.id < around);
            let start = middle.saturating_sub(limit / 2);
            all.into_iter().skip(start).take(limit).collect()
        } else if let Some(after) = after {
            all.into_iter()
                .filter(|it| it.id > after)
                .take(limit)
                .collect()
        } else {
            let mut newest: Vec<_> = all.into_iter().rev().collect();
            newest.retain(|it| before.is_none_or(|before| it.id < before));
            newest.truncate(limit);
            newest
        };
        page.sort_by_key(|it| std::cmp::Reverse(it.id));
        list(page.into_iter().map(|it| shown(world, channel, it.id)))
    }

    fn bulk_delete(self, world: &mut World, channel: Id) -> Answer {
        need(world, channel, may::MANAGE_MESSAGES)?;
        let mut problems = Problems::default();
        problems.only("", &self.body, &["messages"]);
        let given = problems
            .list("", &self.body, "messages", 100)
            .unwrap_or_default();
        let ids: Vec<Id> = given.iter().filter_map(as_id).collect();
        if ids.len() < 2 {
            problems.bad(
                "messages",
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 2 and 100 in length.",
            );
        }
        problems.finish(world, "a bulk delete")?;
        world.delete_messages(channel, &ids);
        Ok(Reply::Nothing)
    }
}

/// Changes a message of the bot's as a draft says.
pub(super) fn change(
    world: &mut World,
    old: Message,
    draft: message::Draft,
) -> Result<(), Refusal> {
    let (channel, id) = (old.channel, old.id);
    let mut new = old;
    draft.apply(world, &mut new)?;
    new.edited = Some(world.now);
    world.messages.entry(channel).or_default().insert(id, new);
    world.changed(channel, id);
    Ok(())
}

/// A message as the bot may read it: without the privilege, not what others write.
pub(super) fn shown(world: &World, channel: Id, id: Id) -> Value {
    let Some(message) = world.message(channel, id) else {
        return Value::Null;
    };
    let json = world.message_json(message);
    let is_open = message.author == world.bot
        || message.mentions.contains(&world.bot)
        || world.channel(channel).kind == Kind::Direct
        || world.privileged & intents::MESSAGE_CONTENT != 0;
    if is_open { json } else { blanked(json) }
}

fn may_write(world: &World, channel: Id) -> Result<(), Refusal> {
    let state = world.channel(channel);
    if let Some(user) = state.recipient {
        let shares_guild = world
            .guilds
            .values()
            .any(|guild| guild.has_bot && guild.members.contains_key(&user));
        return if shares_guild && !world.closed_to_direct.contains(&user) {
            Ok(())
        } else {
            Err(UNREACHABLE)
        };
    }
    let is_thread = state.kind == Kind::Thread;
    let right = if is_thread {
        may::SEND_MESSAGES_IN_THREADS
    } else {
        may::SEND_MESSAGES
    };
    need(world, channel, right)?;
    need_open(world, channel)
}

/// Embeds and files need rights of their own. Discord drops embeds in silence; here that is refused.
fn rights_for(
    world: &World,
    channel: Id,
    body: &crate::check::Object,
    has_files: bool,
) -> Result<(), Refusal> {
    let has_embeds = body
        .get("embeds")
        .and_then(Value::as_array)
        .is_some_and(|it| !it.is_empty());
    let embeds_fine = !has_embeds || world.may(channel, world.bot, may::EMBED_LINKS);
    let files_fine = !has_files || world.may(channel, world.bot, may::ATTACH_FILES);
    if embeds_fine && files_fine {
        Ok(())
    } else {
        Err(MISSING_PERMISSIONS)
    }
}

pub(super) fn invalid(at: &str, code: &'static str, text: &str) -> Refusal {
    let at = at.to_owned();
    let text = text.to_owned();
    Refusal {
        errors: vec![Trouble { at, code, text }],
        ..INVALID_BODY
    }
}

/// Whether a message is seen by one person only.
pub(super) const fn is_ephemeral(flags: u64) -> bool {
    flags & EPHEMERAL != 0
}
