//! Carries requests out on the forum.

use anyhow::Result;
use bot_core::card::{Style, plain};
use bot_core::chance::{self, Clock, Rng, System};
use bot_core::engine::{Alive, Core, MAIN, PlatformStatus, Serving, Status, Stop};
use bot_core::forum::Address;
use bot_core::platform::{Incoming, IncomingEvent, MessageKey};

use super::{Answer, OnPost, PlatformReport, Report, Request, Sit};
use crate::console::{self, Sitting};

/// Who carries requests out that come one after the other: what a person says is said where they sit.
pub struct Performer {
    core: Core,
    prefix: String,
    stop: Stop,
    sitting: Option<Sitting>,
}

impl Performer {
    /// On this forum, whose commands begin with `prefix`; nothing is waited for after the stop.
    pub fn new(core: &Core, prefix: &str, stop: &Stop) -> Self {
        Self {
            core: core.clone(),
            prefix: prefix.to_owned(),
            stop: stop.clone(),
            sitting: None,
        }
    }

    /// Carries a request out; `may_sit` is whether the seat at the terminal is free.
    pub async fn answer(&mut self, request: Request, may_sit: bool) -> Result<Answer> {
        match request {
            Request::Sit(_) if !may_sit || self.sitting.is_some() => Ok(Answer::Refused {
                why: "somebody else has a console open on this forum; close that first".to_owned(),
            }),
            Request::Sit(sit) => self.sit(&sit).await,
            Request::Say { text } => match &mut self.sitting {
                Some(sitting) => Ok(Answer::Said {
                    texts: sitting.say(text, &self.stop).await?,
                }),
                None => Ok(Answer::Refused {
                    why: "nobody sits at the terminal; say `sit` first".to_owned(),
                }),
            },
            other => answer(&self.core, &self.prefix, &other).await,
        }
    }

    async fn sit(&mut self, sit: &Sit) -> Result<Answer> {
        if !is_forum(&self.core, &sit.forum).await? {
            return no_forum(&self.core, &sit.forum).await;
        }
        let style = match sit.colours {
            true => Style::Ansi,
            false => Style::Plain,
        };
        let mut sitting = Sitting::begin(&self.core, &sit.forum, &sit.name, style).await?;
        let texts = sitting.news(&self.stop).await?;
        self.sitting = Some(sitting);
        Ok(Answer::Seated {
            prefix: self.prefix.clone(),
            texts,
        })
    }

    /// Whoever sat at the terminal gets up.
    pub async fn end(self) -> Result<()> {
        match self.sitting {
            Some(sitting) => sitting.end().await,
            None => Ok(()),
        }
    }
}

/// Carries out a request that needs no seat at the terminal.
pub async fn answer(core: &Core, prefix: &str, request: &Request) -> Result<Answer> {
    match request {
        Request::Status {} => Ok(Answer::Status(report(core.status().await?))),
        Request::Hide(on) => command(core, on, &format!("{prefix}hide")).await,
        Request::Show(on) => command(core, on, &format!("{prefix}unhide")).await,
        Request::ForumCode { forum } => match core.forum_code(forum).await? {
            Some(code) => Ok(Answer::Code { code }),
            None => no_forum(core, forum).await,
        },
        Request::Sit(_) | Request::Say { .. } => Ok(Answer::Refused {
            why: "this needs a seat at the terminal".to_owned(),
        }),
    }
}

/// Says a command about a post at the terminal, as whoever owns the store.
async fn command(core: &Core, on: &OnPost, command: &str) -> Result<Answer> {
    let refused = |why: String| Ok(Answer::Refused { why });
    let post = on.post.trim_start_matches('#');
    let Ok(address) = format!("#{post}").parse::<Address>() else {
        return refused(format!(
            "{} is no post; write its number, as in #42, #42.1 or #42/c1",
            on.post
        ));
    };
    if !is_forum(core, &on.forum).await? {
        return no_forum(core, &on.forum).await;
    }
    let message = MessageKey(chance::token(&mut System as &mut dyn Rng));
    let incoming = Incoming {
        platform: console::TERMINAL,
        id: Some(message.clone()),
        actor: console::actor(&on.name),
        place: console::place(&on.forum),
        at: System.now(),
        what: IncomingEvent::Said {
            message,
            text: format!("{command} {address}"),
            reply_to: None,
            thread: None,
        },
    };
    let response = core.hear(incoming).await?;
    let text = response.reply.map(|reply| plain(&reply.card, Style::Plain));
    let text = text.unwrap_or_default().trim_end().to_owned();
    match response.done {
        true => Ok(Answer::Done { text }),
        false => refused(text),
    }
}

/// Whether there is a forum of this name; the main one comes to be when it is used.
async fn is_forum(core: &Core, name: &str) -> Result<bool> {
    Ok(name == MAIN || forums(core).await?.iter().any(|known| known == name))
}

async fn no_forum(core: &Core, name: &str) -> Result<Answer> {
    let why = crate::cli::no_forum(name, &forums(core).await?);
    Ok(Answer::Refused { why })
}

async fn forums(core: &Core) -> Result<Vec<String>> {
    let reading = core.reading().clone();
    Ok(tokio::task::spawn_blocking(move || reading.forums()).await??)
}

fn report(status: Status) -> Report {
    let alive = |alive| Some(alive == Alive::Yes);
    Report {
        running: true,
        writer: alive(status.writer),
        newest: status.newest.0,
        index: alive(status.index),
        index_behind: status.index_behind,
        platforms: status.platforms.into_iter().map(platform).collect(),
    }
}

fn platform(status: PlatformStatus) -> PlatformReport {
    let (serving, behind) = match status.serving {
        Serving::No => ("no", None),
        Serving::Begun => ("begun", None),
        Serving::Behind(changes) => ("yes", Some(changes)),
        Serving::Ended => ("ended", None),
    };
    PlatformReport {
        platform: status.platform,
        serving: serving.to_owned(),
        behind,
        cards: status.cards,
        stale: status.stale,
        removals: status.removals,
    }
}
