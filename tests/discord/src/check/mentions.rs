//! Who would be pinged by a text, given what its sender allows.

use serde_json::Value;

use super::{Object, Problems, as_id};
use crate::{Id, world::World};

/// What stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mention {
    User(Id),
    Role(Id),
    Everyone,
    Here,
}

/// Everything in a text that could ping, in its order and once each.
pub(crate) fn find(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '@']) {
        let here = &rest[at..];
        let (mention, length) = at_start(here);
        if let Some(mention) = mention.filter(|mention| !found.contains(mention)) {
            found.push(mention);
        }
        rest = &here[length..];
    }
    found
}

fn at_start(text: &str) -> (Option<Mention>, usize) {
    for (word, mention) in [("@everyone", Mention::Everyone), ("@here", Mention::Here)] {
        if text.starts_with(word) {
            return (Some(mention), word.len());
        }
    }
    let Some(inner) = text.strip_prefix("<@") else {
        return (None, 1);
    };
    let (kind, digits): (fn(Id) -> Mention, &str) = match inner.as_bytes().first() {
        Some(b'&') => (Mention::Role, &inner[1..]),
        Some(b'!') => (Mention::User, &inner[1..]),
        _ => (Mention::User, inner),
    };
    let id = digits.split_once('>').and_then(|(id, _)| id.parse().ok());
    (id.map(kind), 1)
}

/// What a sender allows.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    is_given: bool,
    parse: Vec<String>,
    users: Vec<Id>,
    roles: Vec<Id>,
    pub(crate) replied: bool,
}

impl Allowed {
    pub(crate) fn read(problems: &mut Problems, body: &Object) -> Self {
        let Some(given) = problems.object("", body, "allowed_mentions") else {
            return Self::default();
        };
        let at = "allowed_mentions";
        problems.only(at, given, &["parse", "users", "roles", "replied_user"]);
        let parse: Vec<String> = problems
            .list(at, given, "parse", 3)
            .unwrap_or_default()
            .iter()
            .map(|kind| kind.as_str().unwrap_or_default().to_owned())
            .collect();
        for kind in &parse {
            if !["users", "roles", "everyone"].contains(&kind.as_str()) {
                let text = "Value must be one of ('everyone', 'roles', 'users').";
                problems.bad("allowed_mentions.parse", "BASE_TYPE_CHOICES", text);
            }
        }
        let mut ids = |key: &str| -> Vec<Id> {
            let list = problems.list(at, given, key, 100).unwrap_or_default();
            let ids: Vec<Id> = list.iter().filter_map(as_id).collect();
            if parse.iter().any(|kind| kind == key) && !ids.is_empty() {
                let text = format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive.");
                problems.bad(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text);
            }
            ids
        };
        let (users, roles) = (ids("users"), ids("roles"));
        let replied = problems.flag(at, given, "replied_user") == Some(true);
        Self {
            is_given: true,
            parse,
            users,
            roles,
            replied,
        }
    }

    fn parses(&self, kind: &str) -> bool {
        !self.is_given || self.parse.iter().any(|it| it == kind)
    }

    /// Which of these would ping, and whether each was named, not just let through.
    pub(crate) fn pings(&self, found: &[Mention]) -> Vec<(Mention, bool)> {
        let ping = |mention: &Mention| match mention {
            Mention::User(id) if self.users.contains(id) => Some((*mention, true)),
            Mention::Role(id) if self.roles.contains(id) => Some((*mention, true)),
            Mention::User(_) if self.parses("users") => Some((*mention, false)),
            Mention::Role(_) if self.parses("roles") => Some((*mention, false)),
            Mention::Everyone | Mention::Here if self.parses("everyone") => Some((*mention, false)),
            Mention::User(_) | Mention::Role(_) | Mention::Everyone | Mention::Here => None,
        };
        found.iter().filter_map(ping).collect()
    }

    /// Notes what a bot must not leave to chance: a message that says nothing about mentions, and pings that it did not name.
    pub(crate) fn judge(&self, world: &mut World, found: &[Mention], what: &str) {
        if !self.is_given {
            world.violation("mention", format!("no allowed_mentions in {what}"));
        }
        for (mention, is_named) in self.pings(found) {
            if !is_named {
                world.violation(
                    "mention",
                    format!("{what} pings {}", world.mention_name(mention)),
                );
            }
        }
    }
}

impl World {
    pub(crate) fn mention_name(&self, mention: Mention) -> String {
        match mention {
            Mention::User(user) => format!("@{}", self.name_of(user)),
            Mention::Role(role) => format!("@&{role}"),
            Mention::Everyone => "@everyone".to_owned(),
            Mention::Here => "@here".to_owned(),
        }
    }
}

/// The mentions of a content that may be missing or `null`.
pub(crate) fn of_content(content: Option<&Value>) -> Vec<Mention> {
    content
        .and_then(Value::as_str)
        .map(find)
        .unwrap_or_default()
}
