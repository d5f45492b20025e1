//! Accounts that become one person, forums that become one, and both undone.

mod counts;
mod forums;
mod persons;

use std::sync::atomic::Ordering;

use insta::assert_snapshot;

use super::world::{SeededRng, World, place, said};
use crate::command::{Bare, Intent, Parsed, Speech, parse};
use crate::forum::{Body, Change, NewPost, PostId, PostKind, Role, Tags, Timestamp, Title};
use crate::platform::{
    Actor, Audience, Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKey, PlaceKind,
    Platform, Response, Seclusion,
};

/// A channel of a server on Discord, whose forum is its own.
fn channel() -> Place {
    Place {
        key: PlaceKey("77".to_owned()),
        name: Some("help".to_owned()),
        kind: PlaceKind::Grouped {
            forum: "server".to_owned(),
        },
        seclusion: Seclusion::default(),
    }
}

/// The same forum as in the room.
fn named_channel() -> Place {
    Place {
        kind: PlaceKind::Named,
        ..channel()
    }
}

impl World {
    /// Somebody says something in a channel on Discord; gives what they are told.
    async fn types(&self, who: &str, place: &Place, text: &str) -> String {
        let message = self.event();
        let role = match who {
            "boss" => Role::Admin,
            _ => Role::Member,
        };
        // Commands of the platform's own are between the bot and whoever uses them.
        let own = ["!link", "!forum"].iter().any(|own| text.starts_with(own));
        let what = match commanded(text) {
            Some(intent) if own => IncomingEvent::Commanded {
                intent,
                on: None,
                from: None,
            },
            _ => IncomingEvent::Said {
                message: message.clone(),
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        };
        let incoming = Incoming {
            platform: Platform::DISCORD,
            id: Some(message),
            actor: Actor {
                key: PersonKey(format!("9{who}")),
                name: who.to_owned(),
                account: Some(format!("{who}.x")),
                role,
            },
            place: place.clone(),
            at: Timestamp(i64::MAX),
            what,
        };
        said(&self.core.hear(incoming).await.expect("the store works"))
    }

    /// The admin of the room says something there.
    async fn chief(&self, text: &str) -> String {
        said(&self.chief_hears(text).await)
    }

    /// Who sees what the admin of the room is told.
    async fn chiefs(&self, text: &str) -> Audience {
        self.chief_hears(text)
            .await
            .reply
            .expect("a reply")
            .audience
    }

    async fn chief_hears(&self, text: &str) -> Response {
        let message = self.event();
        let incoming = Incoming {
            platform: Platform::MATRIX,
            id: Some(message.clone()),
            actor: Actor {
                key: PersonKey("@chief:x".to_owned()),
                name: "chief".to_owned(),
                account: None,
                role: Role::Admin,
            },
            place: place(),
            at: Timestamp(i64::MAX),
            what: IncomingEvent::Said {
                message,
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        };
        self.core.hear(incoming).await.expect("the store works")
    }

    /// Joins sol's account on Discord with the one on Matrix, as they are told to.
    async fn links(&self, channel: &Place, on_discord: &str, on_matrix: &str) -> String {
        let told = self.types(on_discord, channel, "!link").await;
        let code = code_in(&told);
        self.alone(on_matrix, &format!("link {code}")).await;
        self.alone(on_matrix, &format!("link {code} yes")).await;
        self.types(on_discord, channel, &format!("!link {code}"))
            .await;
        self.types(on_discord, channel, &format!("!link {code} yes"))
            .await
    }

    /// Somebody of the room says something to the bot alone.
    async fn alone(&self, who: &str, text: &str) -> String {
        self.whispers(who, text, &["!room"], None).await
    }

    /// The forum of a channel becomes one with the room's, as the admins of both want it.
    async fn is_joined_by(&self, channel: &Place) {
        let code = code_in(&self.chief("!forum code").await);
        for yes in ["", " yes"] {
            let join = format!("!forum join {code}{yes}");
            self.types("boss", channel, &join).await;
            self.chief(&join).await;
        }
    }

    /// The votes on a post, as a reader is told.
    async fn votes(&self, post: &str) -> String {
        let shown = self.says("reader", &format!("!show {post}")).await;
        let line = shown.lines().find(|line| line.contains("vote"));
        line.and_then(|line| line.split('·').next())
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
}

/// What a text wants.
fn commanded(text: &str) -> Option<Intent> {
    let speech = Speech {
        prefix: "!",
        bare: Bare::Talk,
        hangs: false,
        own: None,
    };
    match parse(text, speech) {
        Parsed::Intent(intent) => Some(intent),
        Parsed::Nothing
        | Parsed::Talk
        | Parsed::Several
        | Parsed::Incomplete(_)
        | Parsed::Misread { .. }
        | Parsed::Unknown { .. } => None,
    }
}

/// The code that somebody was told.
pub(super) fn code_in(told: &str) -> String {
    told.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|word| word.len() == 9 && word.chars().nth(4) == Some('-'))
        .unwrap_or_else(|| panic!("a code in {told:?}"))
        .to_owned()
}
