//! The terminal as a platform: one person talks with the forum, by hand or from a pipe.
//!
//! What is said is answered in order: first the reply, then the cards that came of it. Where a process serves the forum, that hears it
//! ([`crate::control`]). Knows the core's public face only.

mod complete;
mod input;
mod sitting;
mod terminal;
mod wrap;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Result;
use bot_core::card::Style;
use bot_core::command::{AGREED, Bare, DECLINED, Intent, Parsed, Speech, parse};
use bot_core::engine::{Core, MAIN, Stop};
use bot_core::forum::Role;
use bot_core::platform::{Actor, PersonKey, Place, PlaceKey, PlaceKind, Seclusion};

pub use sitting::Sitting;
pub use terminal::TERMINAL;
pub use wrap::fitted;

#[cfg(unix)]
use crate::control::{self, Answer, Connection, Request, Sit};
use crate::log::colours;
use complete::Completing;
use input::{Input, Read, Source};

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

/// Who a person at the terminal is.
pub fn actor(name: &str) -> Actor {
    Actor {
        key: PersonKey(name.to_owned()),
        name: name.to_owned(),
        account: None,
        role: Role::Admin,
    }
}

/// Where what is said is heard.
pub enum Hearer {
    /// In this process.
    Here(Core),
    /// In the process that serves the forum.
    #[cfg(unix)]
    There(Connection),
}

/// Talks until the input, the person or the stop ends it.
pub async fn talk(hearer: Hearer, seat: &Seat<'_>, stop: &Stop) -> Result<()> {
    let at_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let colours = colours(&io::stdout());
    let place = place(seat.forum).key;
    let (mut peer, prefix, completing, texts) = match hearer {
        Hearer::Here(core) => {
            let style = if colours { Style::Ansi } else { Style::Plain };
            let mut sitting = Sitting::begin(&core, seat.forum, seat.name, style).await?;
            let texts = sitting.news(stop).await?;
            let completing = Completing::new(Some(&core), &place, seat.prefix);
            (
                Peer::Here(sitting),
                seat.prefix.to_owned(),
                completing,
                texts,
            )
        }
        #[cfg(unix)]
        Hearer::There(mut connection) => {
            let sit = Sit {
                forum: seat.forum.to_owned(),
                name: seat.name.to_owned(),
                colours,
            };
            match connection.ask(&Request::Sit(sit)).await? {
                Answer::Seated { prefix, texts } => {
                    let completing = Completing::new(None, &place, &prefix);
                    (Peer::There(connection), prefix, completing, texts)
                }
                answer => return control::done(answer).map(drop),
            }
        }
    };
    let source = if at_terminal {
        Source::prompt(&seat.dir.join("console-history"), &prefix, completing)?
    } else {
        Source::pipe(&prefix)
    };
    if at_terminal {
        print(WELCOME)?;
    }
    for text in texts {
        print(&text)?;
    }
    let session = Session {
        prefix,
        asks: at_terminal,
    };
    let talked = session.run(&mut peer, source, stop).await;
    // Also where the talk broke off, so that nothing waits to be posted to a terminal that nobody looks at.
    let ended = peer.end().await;
    talked?;
    ended
}

/// Whoever hears what is said.
enum Peer {
    Here(Sitting),
    #[cfg(unix)]
    There(Connection),
}

impl Peer {
    /// Says something; gives what is shown then.
    async fn say(&mut self, text: String, stop: &Stop) -> Result<Vec<String>> {
        match self {
            Self::Here(sitting) => sitting.say(text, stop).await,
            #[cfg(unix)]
            Self::There(connection) => match connection.ask(&Request::Say { text }).await? {
                Answer::Said { texts } => Ok(texts),
                answer => control::done(answer).map(|text| vec![text]),
            },
        }
    }

    async fn end(self) -> Result<()> {
        match self {
            Self::Here(sitting) => sitting.end().await,
            #[cfg(unix)]
            Self::There(_) => Ok(()),
        }
    }
}

/// A talk.
struct Session {
    prefix: String,
    /// Whether somebody is there who can be asked.
    asks: bool,
}

impl Session {
    async fn run(&self, peer: &mut Peer, source: Source, stop: &Stop) -> Result<()> {
        let mut input = Input::start(source)?;
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
            for text in peer.say(text, stop).await? {
                print(&text)?;
            }
        }
    }

    /// Whether what is said can't be undone.
    fn is_final(&self, text: &str) -> bool {
        let speech = Speech {
            prefix: &self.prefix,
            bare: Bare::Command,
            hangs: false,
            own: None,
        };
        matches!(
            parse(text, speech),
            Parsed::Intent(Intent::Act(act)) if act.command().is_final
        )
    }
}

/// Prints a text with an empty line after it.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", fitted(text))?;
    out.flush()
}
