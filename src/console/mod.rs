//! The terminal as a platform: one person talks with the forum, by hand or from a pipe.
//!
//! What is said is answered in order: first the reply, then the cards that came of it. Knows the core's public face only.

mod complete;
mod input;
mod terminal;
mod wrap;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use bot_core::card::{Style, plain};
use bot_core::chance::{self, Clock, Rng, System};
use bot_core::command::{AGREED, Bare, DECLINED, Intent, Parsed, Speech, parse};
use bot_core::engine::{Core, MAIN, Stop, stop};
use bot_core::forum::Role;
use bot_core::platform::{
    Actor, Incoming, MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Seclusion, What,
};

pub use terminal::TERMINAL;
pub use wrap::fitted;

use crate::log::colours;
use complete::Completing;
use input::{Input, Read, Source};
use terminal::Terminal;

/// What is said at the beginning on a terminal.
const WELCOME: &str = "This is your forum. Try !ask, !answer #1, !search, !questions; !help shows everything.\n\
    A \\ at the end of a line goes on with the next, Tab completes; `exit` or Ctrl-D ends.";

/// What is asked and said at a terminal before something that can't be undone.
const ASKED: &str = "That can’t be undone. `yes` does it; anything else leaves it as it is.";
const LEFT: &str = "Nothing was done.";

/// Who sits at the terminal, and where they want to be.
pub struct Seat<'a> {
    /// Their name.
    pub name: &'a str,
    /// The forum, which exists or is `main`.
    pub forum: &'a str,
    /// What commands begin with.
    pub prefix: &'a str,
    /// The storage folder, in which the history is kept.
    pub dir: &'a Path,
}

/// The place that the terminal is, for a forum.
pub fn place(forum: &str) -> Place {
    let (key, kind) = match forum {
        MAIN => ("console", PlaceKind::Named),
        // A shared place's forum is called by the place's key.
        other => (other, PlaceKind::Shared),
    };
    Place {
        key: PlaceKey(key.to_owned()),
        name: None,
        kind,
        seclusion: Seclusion::default(),
    }
}

/// Talks until the input, the person or the stop ends it.
pub async fn talk(core: &Core, seat: &Seat<'_>, asked: &Stop) -> Result<()> {
    let at_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let style = if colours(&io::stdout()) {
        Style::Ansi
    } else {
        Style::Plain
    };
    let source = if at_terminal {
        let completing = Completing::new(core, &place(seat.forum).key, seat.prefix);
        Source::prompt(&seat.dir.join("console-history"), seat.prefix, completing)?
    } else {
        Source::pipe(seat.prefix)
    };
    let terminal = Arc::new(Terminal::new(style));
    let place = place(seat.forum);
    // What an earlier session was killed before printing is not news any more.
    core.place_closed(TERMINAL, &place.key).await?;
    core.place_opened(TERMINAL, &place).await?;
    let (stopper, stop) = stop();
    let served = tokio::spawn({
        let (core, terminal) = (core.clone(), terminal.clone());
        async move { core.serve(terminal, stop).await }
    });
    let session = Session {
        core,
        terminal: &terminal,
        style,
        place: place.clone(),
        actor: Actor {
            key: PersonKey(seat.name.to_owned()),
            name: seat.name.to_owned(),
            account: None,
            role: Role::Admin,
        },
        // Names of this session's messages, which no other session has.
        session: chance::token(&mut System as &mut dyn Rng),
        prefix: seat.prefix.to_owned(),
        asks: at_terminal,
    };
    if at_terminal {
        print(WELCOME)?;
    }
    let talked = session.run(source, asked).await;
    // Closed also where the talk broke off, so that nothing waits to be posted to a terminal that nobody looks at.
    let closed = core.place_closed(TERMINAL, &place.key).await;
    stopper.request();
    let served = served.await.context("serving the terminal")?;
    talked?;
    closed?;
    Ok(served?)
}

/// A talk.
struct Session<'a> {
    core: &'a Core,
    terminal: &'a Terminal,
    style: Style,
    place: Place,
    actor: Actor,
    session: String,
    prefix: String,
    /// Whether somebody is there who can be asked.
    asks: bool,
}

impl Session<'_> {
    async fn run(&self, source: Source, stop: &Stop) -> Result<()> {
        self.settle(stop).await?;
        let mut input = Input::start(source)?;
        let mut number: u64 = 0;
        // What can't be undone, and waits for a yes.
        let mut waiting: Option<String> = None;
        loop {
            let read = tokio::select! {
                read = input.next() => read?,
                () = stop.requested() => return Ok(()),
            };
            let text = match read {
                Read::Message(text) => text,
                Read::Nothing => {
                    if waiting.take().is_some() {
                        print(LEFT)?;
                    }
                    continue;
                }
                Read::End => return Ok(()),
            };
            let said = text.trim().to_lowercase();
            let agreed = waiting.take().map(|act| (said == AGREED).then_some(act));
            if let Some(None) = agreed {
                print(LEFT)?;
                if said == DECLINED {
                    continue;
                }
            }
            let text = match agreed.flatten() {
                Some(act) => act,
                // Also what is said instead of an answer may be what can't be undone.
                None if self.asks && self.is_final(&text) => {
                    print(ASKED)?;
                    waiting = Some(text);
                    continue;
                }
                None => text,
            };
            number = number.saturating_add(1);
            self.hear(text, number, stop).await?;
        }
    }

    /// Whether what is said can't be undone.
    fn is_final(&self, text: &str) -> bool {
        let speech = Speech {
            prefix: &self.prefix,
            bare: Bare::Command,
            hangs: false,
        };
        matches!(
            parse(text, speech),
            Parsed::Intent(Intent::Act(act)) if act.command().is_final
        )
    }

    /// Tells the core what was said, prints what it says, then what it posts.
    async fn hear(&self, text: String, number: u64, stop: &Stop) -> Result<()> {
        let message = MessageKey(format!("{}-{number}", self.session));
        let incoming = Incoming {
            platform: TERMINAL,
            id: Some(message.clone()),
            actor: self.actor.clone(),
            place: self.place.clone(),
            at: System.now(),
            what: What::Said {
                message,
                text,
                reply_to: None,
                thread: None,
            },
        };
        let response = self.core.hear(incoming).await?;
        if let Some(reply) = response.reply {
            print(&plain(&reply.card, self.style))?;
        }
        self.settle(stop).await
    }

    /// Waits until everything that is to be posted is, and prints it; where the stop is asked for, what is there by then.
    async fn settle(&self, stop: &Stop) -> Result<()> {
        tokio::select! {
            settled = self.core.settled(TERMINAL) => settled?,
            () = stop.requested() => {}
        }
        for drawn in self.terminal.take() {
            print(&drawn)?;
        }
        Ok(())
    }
}

/// Prints a text with an empty line after it.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", fitted(text))?;
    out.flush()
}
