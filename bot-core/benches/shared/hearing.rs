//! An imported forum, and somebody who says things to it in one room, one after the other: no chat is in it, the drawing of the reply is.

use std::hint::black_box;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use bot_core::chance::System;
use bot_core::conventions::Conventions;
use bot_core::engine::{self, Core, MAIN, Options, Source};
use bot_core::forum::{InTen, Limits, Retention, Role, Timestamp};
use bot_core::platform::{
    Actor, Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Platform,
    Seclusion,
};
use bot_core::transfer::{self, Flow};
use tokio::runtime::Runtime;

/// The chat that is measured.
const CHAT: Platform = Platform::new(&Conventions::of_chat("matrix"));

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A forum that hears what is said.
pub struct Hearing {
    core: Core,
    runtime: Runtime,
    heard: usize,
}

impl Hearing {
    /// Takes lines of JSON into an empty folder, and opens it.
    pub fn of(dir: &Path, lines: impl BufRead + Send + 'static) -> Self {
        let source = Source::Lines {
            from: Box::new(lines),
            total: 0,
            name: "a made-up forum".to_owned(),
        };
        let taking = transfer::Options {
            forum: MAIN.to_owned(),
            source: "made".to_owned(),
            site: None,
            trust: false,
            now: NOW,
        };
        engine::import(dir, source, &taking, &mut |_| Flow::On).expect("imports");
        let options = Options {
            dir: dir.to_owned(),
            prefix: "!".to_owned(),
            language: "en".to_owned(),
            similar: InTen::default(),
            limits: Limits::default(),
            retention: Retention::default(),
        };
        Self {
            core: Core::open(options, Arc::new(System), Box::new(System)).expect("opens"),
            runtime: Runtime::new().expect("a runtime starts"),
            heard: 0,
        }
    }

    /// Somebody says something, and is replied to.
    pub fn hears(&mut self, text: &str) {
        self.heard += 1;
        let message = MessageKey(format!("$event{}", self.heard));
        let incoming = Incoming {
            platform: CHAT,
            id: Some(message.clone()),
            actor: Actor {
                key: PersonKey("@mira:example.org".to_owned()),
                name: "mira".to_owned(),
                account: None,
                role: Role::Member,
            },
            place: Place {
                key: PlaceKey("!room".to_owned()),
                name: Some("Room".to_owned()),
                kind: PlaceKind::Named,
                seclusion: Seclusion::default(),
            },
            at: NOW,
            what: IncomingEvent::Said {
                message,
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        };
        let response = self.runtime.block_on(self.core.hear(incoming));
        let response = black_box(response).expect("the store works");
        assert!(response.reply.is_some(), "{text} is replied to");
    }

    /// Closes the store.
    pub fn ends(self) {
        self.runtime.block_on(self.core.close());
    }
}
