//! Hears what happens: each channel's events in a lane of its own, in order; what happens to a server in the server's. In between,
//! messages' reactions are read again, in the lane of their channel.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bot_core::command::ReactionMeaning;
use bot_core::engine::{Fault, Stop};
use bot_core::panics;
use bot_core::platform::MessageKey;
use bot_core::settings::Snowflake;
use serenity::model::id::{ChannelId, GuildId};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use crate::PLATFORM;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::inbound::Inbound;
use crate::lanes::{About, LaneKey, LanePosition, Pending, Put};
use crate::names;
use crate::recheck::{DueRecheck, Recheck};

/// How many messages' reactions are compared after a session began.
const COMPARED: u32 = 500;
/// How often it is said at most that there was no room for something.
const WARNINGS: Duration = Duration::from_secs(60);

/// What is done in a lane.
#[derive(Debug)]
pub(crate) enum LaneTask {
    /// Something that happened in the lane's channel.
    Told(Inbound),
    /// A message's reactions are read again.
    Recheck(Recheck),
    /// A channel that the settings name is opened, after what was told before of it.
    Open(ChannelId, Pending),
    /// A channel is gone, after what was told before of it.
    ChannelGone(ChannelId, Pending),
    /// The bot was removed from the lane's server, which had these channels, after what was told before of them.
    Left(Vec<ChannelId>, Pending),
    /// The lane's server has another name or other roles.
    Server,
    /// Who can view which channel of the lane's server may be different.
    Viewers,
}

impl EventHandler {
    /// Hears what nobody waits for until the stop.
    pub(crate) async fn hear_all(
        self: Arc<Self>,
        mut events: mpsc::Receiver<Inbound>,
        stop: Stop,
    ) -> Result<(), DiscordFault> {
        self.open_named().await?;
        let mut hearing = Hearing {
            handler: Arc::clone(&self),
            stop: stop.clone(),
            tasks: JoinSet::new(),
            warned: None,
        };
        loop {
            if self.rows.lost.swap(false, Ordering::AcqRel) {
                tracing::warn!("some of what happened was lost; reactions are read again");
                self.recheck_recent().await?;
            }
            // Nothing here waits for long: neither for Discord nor for a lane.
            tokio::select! {
                biased;
                () = stop.requested() => break,
                Some(lane) = hearing.tasks.join_next(), if !hearing.tasks.is_empty() => ended(lane)?,
                due = self.rechecks.next() => match due {
                    DueRecheck::Message(recheck) => hearing.recheck(recheck),
                    DueRecheck::Recent => self.recheck_recent().await?,
                },
                event = events.recv() => match event {
                    Some(Inbound::Began) => {
                        self.recheck_recent().await?;
                        self.told.send_modify(|told| *told += 1);
                    }
                    Some(event) => {
                        if let Err(panicked) = panics::caught(|| hearing.hear(event)) {
                            drop(self.core.trouble(PLATFORM, &panicked));
                        }
                        self.told.send_modify(|told| *told += 1);
                    }
                    None => break,
                },
            }
        }
        while let Some(lane) = hearing.tasks.join_next().await {
            ended(lane)?;
        }
        Ok(())
    }

    /// Has the latest messages' reactions read again: what happened before a session began was not told.
    async fn recheck_recent(&self) -> Result<(), DiscordFault> {
        match self.core.recent_surfaces(PLATFORM, COMPARED).await {
            Ok(recent) => {
                let messages = recent.into_iter().map(|(_, message)| message);
                self.rechecks.soon(messages.collect());
            }
            Err(fault) if fault.is_fatal() => return Err(fault.into()),
            Err(fault) => {
                drop(self.core.trouble(PLATFORM, &fault));
                self.rechecks.missed();
            }
        }
        Ok(())
    }

    /// Does what waits in a lane until it is empty. What breaks ends itself alone.
    async fn serve(self: Arc<Self>, lane: LaneKey, stop: Stop) -> Result<(), DiscordFault> {
        while let Some(work) = self.lanes.next(lane) {
            if stop.is_requested() {
                break;
            }
            let done = panics::caught_while(self.work(lane, work, &stop)).await;
            match done.unwrap_or_else(|panicked| Err(Fault::from(panicked).into())) {
                Ok(()) => {}
                // Nobody waits for it: the log has the code.
                Err(DiscordFault::Core(fault)) if !fault.is_fatal() => {
                    drop(self.core.trouble(PLATFORM, &fault));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    async fn work(&self, lane: LaneKey, work: LaneTask, stop: &Stop) -> Result<(), DiscordFault> {
        let waited = async |before: Pending| {
            tokio::select! {
                () = before.done() => true,
                () = stop.requested() => false,
            }
        };
        let server = match lane {
            LaneKey::Server(guild) => Some(guild),
            LaneKey::Channel(_) => None,
        };
        match (work, server) {
            (LaneTask::Told(event), _) => self.hear(event).await,
            (LaneTask::Recheck(recheck), _) => {
                tokio::select! {
                    read = self.read_again(&recheck.message) => if !read? {
                        self.rechecks.later(recheck.message.clone());
                    },
                    () = stop.requested() => {}
                }
                Ok(())
            }
            (LaneTask::Open(channel, before), _) => match waited(before).await {
                true => self.open(channel).await,
                false => Ok(()),
            },
            (LaneTask::ChannelGone(channel, before), _) => match waited(before).await {
                true => self.channel_gone(channel).await,
                false => Ok(()),
            },
            (LaneTask::Left(channels, before), server) => {
                if waited(before).await {
                    self.left(channels).await?;
                    self.forget_channels(server);
                }
                Ok(())
            }
            (LaneTask::Server, Some(guild)) => {
                let turn = self.turn_of_server(guild.get()).await;
                let places = self.channels.of_guild(guild.get());
                self.of_server(guild.get(), places).await?;
                drop(turn);
                self.warn_of_narrow(guild.get()).await
            }
            (LaneTask::Viewers, Some(guild)) => {
                let places = self.channels.of_guild(guild.get());
                let places = places.into_iter().map(names::place).collect();
                self.core.try_now(PLATFORM, places).await?;
                self.warn_of_narrow(guild.get()).await
            }
            (LaneTask::Server | LaneTask::Viewers, None) => Ok(()),
        }
    }

    /// The bot is in none of these channels any more.
    async fn left(&self, channels: Vec<ChannelId>) -> Result<(), DiscordFault> {
        for channel in channels {
            let key = names::place(channel);
            self.core.place_closed(PLATFORM, &key).await?;
        }
        Ok(())
    }

    /// Forgets the channels of a server that the bot left, unless it is back already.
    fn forget_channels(&self, server: Option<GuildId>) {
        if let Some(guild) = server
            && self.servers.name(guild.get()).is_none()
        {
            self.channels.forget_guild(guild.get());
        }
    }
}

/// Puts what happens into lanes, and owns their tasks.
struct Hearing {
    handler: Arc<EventHandler>,
    stop: Stop,
    tasks: JoinSet<Result<(), DiscordFault>>,
    /// When it was last said that there was no room for something.
    warned: Option<Instant>,
}

impl Hearing {
    /// Learns what an event says of channels and servers, and puts it into the lane in which it is done.
    fn hear(&mut self, event: Inbound) {
        let handler = Arc::clone(&self.handler);
        match event {
            Inbound::Channel(id, channel) => {
                let guild = channel.guild.map(GuildId::new);
                let (overwrites, locked) = (channel.overwrites.clone(), channel.locked);
                let before = handler.channels.learn(id, channel);
                // The bot may have been away, or have got to see it only now.
                if handler.settings.channels.contains(&Snowflake(id.get())) {
                    let lane = guild.map_or(LaneKey::Channel(id), LaneKey::Server);
                    // No lane waits for itself.
                    let told = guild.map(|_| LaneKey::Channel(id));
                    let told = handler.lanes.pending(told);
                    self.put(lane, itself(lane, About::Nothing), LaneTask::Open(id, told));
                }
                if let (Some(guild), Some(before)) = (guild, before)
                    && (before.overwrites != overwrites || before.locked && !locked)
                {
                    // Others may view it, or the bot may write what waits there.
                    self.server(guild, LaneTask::Viewers);
                }
            }
            Inbound::Server(server) => {
                let guild = server.id;
                handler.servers.learn(server);
                self.server(guild, LaneTask::Server);
            }
            Inbound::Role(guild, role) => {
                handler.servers.learn_role(guild, role);
                self.server(guild, LaneTask::Viewers);
            }
            Inbound::RoleGone(guild, role) => {
                handler.servers.forget_role(guild, role);
                self.server(guild, LaneTask::Viewers);
            }
            Inbound::ChannelGone(id, guild) => {
                let in_it = |channel: ChannelId| {
                    channel == id || handler.channels.parent_of(channel) == Some(id)
                };
                let told = self.pending(in_it);
                self.server(guild, LaneTask::ChannelGone(id, told));
            }
            Inbound::GuildGone(guild) => {
                handler.servers.forget(guild);
                let of_it = |channel| handler.channels.guild_of(channel) == Some(guild.get());
                let told = self.pending(of_it);
                let channels = handler.channels.of_guild(guild.get());
                self.server(guild, LaneTask::Left(channels, told));
            }
            Inbound::Reaction {
                user, ref emoji, ..
            } if handler.ignores(user) || ReactionMeaning::read(emoji).is_none() => {}
            event => {
                if let Some((channel, place)) = in_lane(&event) {
                    self.put(LaneKey::Channel(channel), place, LaneTask::Told(event));
                }
            }
        }
    }

    /// Has a message's reactions read again, in its channel's turn.
    fn recheck(&mut self, recheck: Recheck) {
        let lane = LaneKey::Channel(recheck.channel);
        self.put(
            lane,
            itself(lane, About::Nothing),
            LaneTask::Recheck(recheck),
        );
    }

    fn server(&mut self, guild: GuildId, work: LaneTask) {
        let lane = LaneKey::Server(guild);
        self.put(lane, itself(lane, About::Nothing), work);
    }

    fn put(&mut self, lane: LaneKey, place: LanePosition, work: LaneTask) {
        match self.handler.lanes.put(lane, place, work) {
            Put::Waits => {}
            Put::Begins => {
                let serve = Arc::clone(&self.handler).serve(lane, self.stop.clone());
                self.tasks.spawn(serve);
            }
            Put::Refused(work) => {
                if self.warned.is_none_or(|warned| warned.elapsed() > WARNINGS) {
                    self.warned = Some(Instant::now());
                    tracing::warn!(?lane, "too much happens at once; reactions are read again");
                }
                self.lost(work);
            }
        }
    }

    /// There was no room for something: what it is about is compared later.
    fn lost(&self, work: LaneTask) {
        let rechecks = &self.handler.rechecks;
        match work {
            LaneTask::Told(event) => match messages(event) {
                Some(messages) => {
                    for message in messages {
                        rechecks.later(message);
                    }
                }
                None => rechecks.missed(),
            },
            LaneTask::Recheck(recheck) => rechecks.later(recheck.message.clone()),
            // Those that wait already see to the same, and a channel that is gone is noticed when something is posted there.
            LaneTask::Open(..)
            | LaneTask::ChannelGone(..)
            | LaneTask::Left(..)
            | LaneTask::Server
            | LaneTask::Viewers => {}
        }
    }

    /// What waits now in the lanes of such channels.
    fn pending(&self, such: impl Fn(ChannelId) -> bool) -> Pending {
        let lanes = &self.handler.lanes;
        let channels = lanes.channels().into_iter();
        let such = channels.filter(|channel| such(*channel));
        lanes.pending(such.map(LaneKey::Channel))
    }
}

/// What nobody did, or nobody knows who: it takes turns with the lane's people.
fn itself(lane: LaneKey, about: About) -> LanePosition {
    let by = match lane {
        LaneKey::Channel(channel) => names::nobody(channel.get()),
        LaneKey::Server(guild) => names::nobody(guild.get()),
    };
    LanePosition {
        by,
        id: None,
        about,
    }
}

/// The channel in whose lane something is done, and how it waits there; none for what has no lane.
fn in_lane(event: &Inbound) -> Option<(ChannelId, LanePosition)> {
    let own = |channel: ChannelId, about| (channel, itself(LaneKey::Channel(channel), about));
    match event {
        Inbound::Sent { card, .. } => {
            let (channel, place) = own(names::parts(card)?.0, About::Nothing);
            let id = Some(card.clone());
            Some((channel, LanePosition { id, ..place }))
        }
        Inbound::Reaction {
            channel, on, user, ..
        } => {
            let place = LanePosition {
                by: names::person(*user),
                id: None,
                about: About::Message(on.clone()),
            };
            Some((*channel, place))
        }
        Inbound::ReactionsGone { channel, on } => Some(own(*channel, About::Message(on.clone()))),
        Inbound::MessageGone { channel, message } => {
            Some(own(*channel, About::Gone(vec![message.clone()])))
        }
        Inbound::MessagesGone { channel, messages } => {
            Some(own(*channel, About::Gone(messages.clone())))
        }
        Inbound::TookOurs { channel, .. } => Some(own(*channel, About::Nothing)),
        Inbound::ThreadGone { thread, .. } => Some(own(*thread, About::All)),
        Inbound::Began
        | Inbound::Channel(..)
        | Inbound::Server(_)
        | Inbound::Role(..)
        | Inbound::RoleGone(..)
        | Inbound::ChannelGone(..)
        | Inbound::GuildGone(_)
        | Inbound::Used(_)
        | Inbound::Unread(_) => None,
    }
}

/// The messages that something is about, where it names them.
fn messages(event: Inbound) -> Option<Vec<MessageKey>> {
    match event {
        Inbound::Sent { card, .. } => Some(vec![card]),
        Inbound::Reaction { on, .. } | Inbound::ReactionsGone { on, .. } => Some(vec![on]),
        Inbound::MessageGone { message, .. } => Some(vec![message]),
        Inbound::MessagesGone { messages, .. } => Some(messages),
        Inbound::ThreadGone { .. }
        | Inbound::TookOurs { .. }
        | Inbound::Began
        | Inbound::Channel(..)
        | Inbound::Server(_)
        | Inbound::Role(..)
        | Inbound::RoleGone(..)
        | Inbound::ChannelGone(..)
        | Inbound::GuildGone(_)
        | Inbound::Used(_)
        | Inbound::Unread(_) => None,
    }
}

/// How a lane ended.
fn ended(lane: Result<Result<(), DiscordFault>, JoinError>) -> Result<(), DiscordFault> {
    lane.unwrap_or_else(|error| {
        Err(DiscordFault::Gateway {
            why: format!("a part of the bot broke off: {error}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use serenity::model::id::{MessageId, UserId};

    use super::*;

    #[test]
    fn what_finds_no_room_names_the_messages_that_are_compared() {
        let channel = ChannelId::new(7);
        let message = |id| names::message(channel, MessageId::new(id));
        let lost = [
            Inbound::Reaction {
                channel,
                on: message(1),
                user: UserId::new(5),
                name: None,
                emoji: "👍".to_owned(),
                gone: false,
            },
            Inbound::ReactionsGone {
                channel,
                on: message(2),
            },
            Inbound::MessageGone {
                channel,
                message: message(3),
            },
            Inbound::MessagesGone {
                channel,
                messages: vec![message(4), message(5)],
            },
        ];
        for event in &lost {
            assert_eq!(in_lane(event).map(|(channel, _)| channel), Some(channel));
        }
        let lost: Vec<_> = lost.into_iter().filter_map(messages).flatten().collect();
        assert_eq!(lost, [1, 2, 3, 4, 5].map(message));
        // A thread that is gone can't be compared by itself: the recent messages are.
        let gone = Inbound::ThreadGone {
            thread: ChannelId::new(9),
            parent: channel,
        };
        assert_eq!(
            in_lane(&gone).map(|(channel, _)| channel),
            Some(ChannelId::new(9))
        );
        assert_eq!(messages(gone), None);
    }
}
