//! REST: which request does what. Each handler looks at the world, refuses or changes it, and answers.

mod applications;
mod callbacks;
mod channels;
mod guilds;
mod messages;
mod reactions;
pub(crate) mod refusal;
mod response;
pub(crate) mod server;
mod threads;
mod webhooks;

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value, json};

use crate::{Id, world::World};
use refusal::{NO_ROUTE, Refusal, UNAUTHORIZED};

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    pub(crate) body: Map<String, Value>,
    /// Field, file name and content of what came along.
    pub(crate) files: Vec<(String, String, Vec<u8>)>,
}

/// What is answered when all went well.
#[derive(Debug)]
pub(crate) enum Reply {
    Nothing,
    Json(Value),
    Created(Value),
}

pub(crate) type Answer = Result<Reply, Refusal>;

impl Reply {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::Nothing => 204,
            Self::Json(_) => 200,
            Self::Created(_) => 201,
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Json(json) | Self::Created(json) => json,
        }
    }
}

impl Call {
    fn new(method: &str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        };
        Self {
            method: method.to_owned(),
            segments: path
                .split('/')
                .filter(|it| !it.is_empty())
                .map(decoded)
                .collect(),
            query: query
                .split('&')
                .filter(|it| !it.is_empty())
                .map(pair)
                .collect(),
            body: Map::new(),
            files: Vec::new(),
        }
    }

    fn asked(&self, key: &str) -> Option<&str> {
        let found = self.query.iter().find(|(it, _)| it == key);
        found.map(|(_, value)| value.as_str())
    }

    fn asked_id(&self, key: &str) -> Option<Id> {
        self.asked(key)?.parse().ok()
    }

    /// Does what is asked.
    fn perform(mut self, world: &mut World, headers: &HeaderMap) -> Answer {
        let segments = std::mem::take(&mut self.segments);
        let steps: Vec<&str> = segments.iter().map(String::as_str).collect();
        let needs_token = !matches!(steps[..], ["interactions" | "webhooks", ..]);
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|it| it.to_str().ok());
        if needs_token && given != Some(&format!("Bot {}", world.token)) {
            return Err(UNAUTHORIZED);
        }
        match (self.method.as_str(), &steps[..]) {
            ("GET", ["gateway"]) => Ok(Reply::Json(json!({ "url": gateway_url(world) }))),
            ("GET", ["gateway", "bot"]) => Ok(Reply::Json(json!({
                "url": gateway_url(world),
                "shards": world.shards,
                "session_start_limit": {
                    "total": 1000,
                    "remaining": 1000_u64.saturating_sub(world.gateway.identifies),
                    "reset_after": 14_400_000,
                    "max_concurrency": world.max_concurrency,
                },
            }))),
            ("GET", ["users", "@me"]) => {
                let mut user = world.user_json(world.bot);
                user["verified"] = json!(true);
                user["mfa_enabled"] = json!(true);
                Ok(Reply::Json(user))
            }
            ("GET", ["users", user]) => {
                let user = id(user).filter(|user| world.users.contains_key(user));
                let user = user.ok_or(refusal::UNKNOWN_USER)?;
                Ok(Reply::Json(world.user_json(user)))
            }
            ("POST", ["users", "@me", "channels"]) => self.open_direct(world),
            (_, ["applications" | "oauth2", ..]) => self.application(world, &steps[1..]),
            (_, ["guilds", guild, rest @ ..]) => self.guild(world, guild, rest),
            (_, ["channels", channel, rest @ ..]) => self.channel(world, channel, rest),
            ("POST", ["interactions", id, token, "callback"]) => self.callback(world, id, token),
            (_, ["webhooks", app, token, rest @ ..]) => self.webhook(world, app, token, rest),
            _ => Err(NO_ROUTE),
        }
    }
}

fn gateway_url(world: &World) -> String {
    format!("ws://{}/gateway", world.authority)
}

fn id(text: &str) -> Option<Id> {
    text.parse().ok()
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
