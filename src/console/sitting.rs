//! A person at the terminal, as the core hears them: the terminal is served as long as they sit there.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use bot_core::card::{Style, plain};
use bot_core::chance::{self, Clock, Rng, System};
use bot_core::engine::{Core, Fault, Stop, Stopper, stop};
use bot_core::platform::{Actor, Incoming, IncomingEvent, MessageKey, Place};
use tokio::task::JoinHandle;

use super::terminal::{TERMINAL, Terminal};
use super::{actor, place};

/// Somebody at the terminal.
pub struct Sitting {
    core: Core,
    terminal: Arc<Terminal>,
    style: Style,
    place: Place,
    actor: Actor,
    /// Names of this session's messages, which no other session has.
    session: String,
    number: u64,
    stopper: Stopper,
    served: JoinHandle<Result<(), Fault>>,
}

impl Sitting {
    /// Somebody of this name sits down, in a forum that exists or is `main`.
    pub async fn begin(core: &Core, forum: &str, name: &str, style: Style) -> Result<Self> {
        let terminal = Arc::new(Terminal::new(style));
        let place = place(forum);
        // What an earlier session was killed before printing is not news any more.
        core.place_closed(TERMINAL, &place.key).await?;
        core.place_opened(TERMINAL, &place).await?;
        let (stopper, stop) = stop();
        let served = tokio::spawn({
            let (core, terminal) = (core.clone(), terminal.clone());
            async move { core.serve(terminal, stop).await }
        });
        Ok(Self {
            core: core.clone(),
            terminal,
            style,
            place,
            actor: actor(name),
            session: chance::token(&mut System as &mut dyn Rng),
            number: 0,
            stopper,
            served,
        })
    }

    /// Says something; gives what the core says, then what it posts.
    pub async fn say(&mut self, text: String, stop: &Stop) -> Result<Vec<String>> {
        self.number = self.number.saturating_add(1);
        let message = MessageKey(format!("{}-{}", self.session, self.number));
        let incoming = Incoming {
            platform: TERMINAL,
            id: Some(message.clone()),
            actor: self.actor.clone(),
            place: self.place.clone(),
            at: System.now(),
            what: IncomingEvent::Said {
                message,
                text,
                reply_to: None,
                thread: None,
            },
        };
        let response = self.core.hear(incoming).await?;
        let reply = response.reply.map(|reply| plain(&reply.card, self.style));
        let mut texts: Vec<String> = reply.into_iter().collect();
        texts.extend(self.news(stop).await?);
        Ok(texts)
    }

    /// Waits until everything that is to be posted is, and gives it; where the stop is asked for, what is there by then.
    pub async fn news(&mut self, stop: &Stop) -> Result<Vec<String>> {
        tokio::select! {
            settled = self.core.settled(TERMINAL) => settled?,
            () = stop.requested() => {}
        }
        Ok(self.terminal.take())
    }

    /// They get up: nothing is posted there any more.
    pub async fn end(self) -> Result<()> {
        let closed = self.core.place_closed(TERMINAL, &self.place.key).await;
        self.stopper.request();
        let served = self.served.await.context("serving the terminal")?;
        closed?;
        Ok(served?)
    }
}
