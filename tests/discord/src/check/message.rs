//! A message that a bot sends or changes, wherever it goes.

use serde_json::{Value, json};

use super::{Object, Problems, components, embeds, mentions};
use crate::{
    Id,
    check::mentions::{Allowed, Mention},
    rest::refusal::{EMPTY_MESSAGE, Refusal},
    world::{
        World,
        messages::{EPHEMERAL, File, HAS_THREAD, LOADING, Message},
    },
};

/// What the body is for: each takes other fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// A new message of a channel.
    Channel,
    /// The first of a forum post.
    Post,
    /// A response or a follow-up.
    Response,
    /// A change.
    Edit,
}

/// A body that was found good. What is `None` was not given.
#[derive(Debug)]
pub(crate) struct Draft {
    content: Option<String>,
    embeds: Option<Vec<Value>>,
    components: Option<Vec<Value>>,
    pub(crate) flags: Option<u64>,
    pub(crate) reply_to: Option<Id>,
    pub(crate) nonce: Option<Value>,
    pub(crate) enforces_nonce: bool,
    files: Vec<(String, String, Vec<u8>)>,
    found: Vec<Mention>,
    allowed: Allowed,
}

const BOTH: [&str; 6] = [
    "content",
    "embeds",
    "allowed_mentions",
    "components",
    "flags",
    "attachments",
];

/// Checks a body. Its troubles are told with paths from the body's root.
pub(crate) fn read(
    world: &mut World,
    body: &Object,
    files: Vec<(String, String, Vec<u8>)>,
    used: For,
    what: &str,
) -> Result<Draft, Refusal> {
    let mut problems = Problems::default();
    let more: &[&str] = match used {
        For::Channel => &[
            "nonce",
            "enforce_nonce",
            "tts",
            "message_reference",
            "sticker_ids",
            "poll",
        ],
        For::Post => &["sticker_ids"],
        For::Response => &["tts", "poll"],
        For::Edit => &[],
    };
    problems.only("", body, &[&BOTH, more].concat());
    problems.text("", body, "content", 0..=2000);
    let embeds = embeds::read(&mut problems, body);
    let components = components::read(&mut problems, body);
    let allowed = Allowed::read(&mut problems, body);
    problems.flag("", body, "tts");
    let flags = problems.number("", body, "flags", 0..=u64::from(u32::MAX));
    let allowed_flags = if used == For::Response {
        4 | 4096 | EPHEMERAL
    } else {
        4 | 4096
    };
    if flags.is_some_and(|flags| flags & !allowed_flags != 0) {
        problems.bad("flags", "FLAGS_INVALID", "this flag cannot be set here");
    }
    for key in ["sticker_ids", "poll"] {
        let is_used = |value: &Value| !value.is_null() && *value != json!([]);
        if body.get(key).is_some_and(is_used) {
            world.violation("body", format!("{key}, which the fake lacks, in {what}"));
        }
    }
    problems.list("", body, "attachments", 10);
    let nonce = read_nonce(&mut problems, body);
    let enforces_nonce = problems.flag("", body, "enforce_nonce") == Some(true);
    let reply_to = read_reference(&mut problems, body);
    problems.finish(world, what)?;
    let given = |key: &str| body.contains_key(key);
    let found = mentions::of_content(body.get("content"));
    allowed.judge(world, &found, what);
    Ok(Draft {
        content: given("content").then(|| text_of(body.get("content"))),
        embeds: given("embeds").then_some(embeds),
        components: given("components").then_some(components),
        flags,
        reply_to,
        nonce,
        enforces_nonce,
        files,
        found,
        allowed,
    })
}

fn text_of(content: Option<&Value>) -> String {
    // Discord trims what it keeps.
    content
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn read_nonce(problems: &mut Problems, body: &Object) -> Option<Value> {
    let nonce = body.get("nonce").filter(|nonce| !nonce.is_null())?;
    match nonce {
        Value::String(text) if text.len() <= 25 => {}
        Value::Number(number) if number.is_i64() || number.is_u64() => {}
        _ => problems.bad(
            "nonce",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        ),
    }
    Some(nonce.clone())
}

fn read_reference(problems: &mut Problems, body: &Object) -> Option<Id> {
    let reference = problems.object("", body, "message_reference")?;
    let at = "message_reference";
    problems.only(
        at,
        reference,
        &[
            "type",
            "message_id",
            "channel_id",
            "guild_id",
            "fail_if_not_exists",
        ],
    );
    problems.id(at, reference, "message_id")
}

impl Draft {
    /// Lays the draft over a message, new or old.
    pub(crate) fn apply(self, world: &mut World, message: &mut Message) -> Result<(), Refusal> {
        if let Some(content) = self.content {
            message.content = content;
            message.mentions.clear();
            message.mention_roles.clear();
            message.mention_everyone = false;
        }
        message.embeds = self
            .embeds
            .unwrap_or_else(|| std::mem::take(&mut message.embeds));
        if let Some(components) = self.components {
            message.components = components;
        }
        for (_, name, bytes) in self.files {
            let id = world.new_id();
            message.files.push(File { id, name, bytes });
        }
        let kept = message.flags & (EPHEMERAL | HAS_THREAD | LOADING);
        message.flags = kept | self.flags.unwrap_or(message.flags);
        if message.content.is_empty()
            && message.embeds.is_empty()
            && message.components.is_empty()
            && message.files.is_empty()
        {
            return Err(EMPTY_MESSAGE);
        }
        let is_new =
            message.edited.is_none() && world.message(message.channel, message.id).is_none();
        for (mention, _) in self.allowed.pings(&self.found) {
            match mention {
                Mention::User(user) if world.users.contains_key(&user) => {
                    message.mentions.push(user)
                }
                Mention::User(_) => continue,
                Mention::Role(role) => message.mention_roles.push(role),
                Mention::Everyone | Mention::Here => message.mention_everyone = true,
            }
            if is_new {
                let name = world.mention_name(mention);
                world.pings.push((message.id, name));
            }
        }
        let replied = message
            .reply_to
            .and_then(|id| world.message(message.channel, id));
        if let Some(author) = replied
            .filter(|_| self.allowed.replied && is_new)
            .map(|it| it.author)
        {
            message.mentions.push(author);
            let name = world.mention_name(Mention::User(author));
            world.pings.push((message.id, name));
        }
        Ok(())
    }
}
