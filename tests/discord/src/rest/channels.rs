//! Channels and threads themselves: to look at them, change and delete them. What is below them is handed on.

use serde_json::json;

use super::{
    Answer, Call, Reply, id,
    refusal::{
        ARCHIVED, MISSING_ACCESS, MISSING_PERMISSIONS, NO_ROUTE, Refusal, UNKNOWN_CHANNEL,
        WRONG_KIND,
    },
};
use crate::{
    Id,
    check::{Problems, as_id},
    permissions as may,
    world::{World, channels::Kind},
};

/// Refuses when the bot lacks any of these rights in a channel.
pub(super) fn need(world: &World, channel: Id, rights: u64) -> Result<(), Refusal> {
    if !world.may(channel, world.bot, may::VIEW_CHANNEL) {
        return Err(MISSING_ACCESS);
    }
    if !world.may(channel, world.bot, rights) {
        return Err(MISSING_PERMISSIONS);
    }
    Ok(())
}

/// Refuses in an archived thread.
pub(super) fn need_open(world: &World, channel: Id) -> Result<(), Refusal> {
    if world.channel(channel).is_archived() {
        return Err(ARCHIVED);
    }
    Ok(())
}

impl Call {
    /// Below `/channels/{channel}`.
    pub(super) fn channel(self, world: &mut World, channel: &str, steps: &[&str]) -> Answer {
        let channel = id(channel).filter(|id| world.channels.contains_key(id));
        let channel = channel.ok_or(UNKNOWN_CHANNEL)?;
        need(world, channel, 0)?;
        match (self.method.as_str(), steps) {
            ("GET", []) => Ok(Reply::Json(world.channel_json(channel))),
            ("PATCH", []) => self.change_channel(world, channel),
            ("DELETE", []) => {
                let is_thread = world.channel(channel).kind == Kind::Thread;
                let right = if is_thread {
                    may::MANAGE_THREADS
                } else {
                    may::MANAGE_CHANNELS
                };
                need(world, channel, right)?;
                if world.channel(channel).kind == Kind::Direct {
                    return Err(WRONG_KIND);
                }
                Ok(Reply::Json(world.delete_channel(channel)))
            }
            ("POST", ["typing"]) => Ok(Reply::Nothing),
            ("POST", ["threads"]) => self.new_thread(world, channel),
            ("GET", ["threads", "archived", "public"]) => self.archived(world, channel),
            (_, ["messages", steps @ ..]) => self.messages(world, channel, steps),
            _ => Err(NO_ROUTE),
        }
    }

    fn change_channel(self, world: &mut World, channel: Id) -> Answer {
        match world.channel(channel).kind {
            Kind::Thread => self.change_thread(world, channel),
            Kind::Direct => Err(WRONG_KIND),
            Kind::Text | Kind::Forum | Kind::Voice | Kind::Stage | Kind::Media => {
                need(world, channel, may::MANAGE_CHANNELS)?;
                let mut problems = Problems::default();
                let known = [
                    "name",
                    "topic",
                    "rate_limit_per_user",
                    "available_tags",
                    "flags",
                    "type",
                ];
                problems.only("", &self.body, &known);
                let name = problems
                    .text("", &self.body, "name", 1..=100)
                    .map(str::to_owned);
                let topic = problems
                    .text("", &self.body, "topic", 0..=4096)
                    .map(str::to_owned);
                let slow = problems.number("", &self.body, "rate_limit_per_user", 0..=21_600);
                let has_tags = self.body.contains_key("available_tags");
                let mut tags = Vec::new();
                for (at, tag) in problems.objects("", &self.body, "available_tags", 20) {
                    problems.only(
                        &at,
                        tag,
                        &["id", "name", "moderated", "emoji_id", "emoji_name"],
                    );
                    let name = problems.need(&at, tag, "name", 1..=20).unwrap_or_default();
                    let moderated = problems.flag(&at, tag, "moderated") == Some(true);
                    tags.push((tag.get("id").and_then(as_id), name.to_owned(), moderated));
                }
                problems.finish(world, "a change of a channel")?;
                let mut kept = Vec::new();
                for (id, name, is_moderated) in tags {
                    let id = id.unwrap_or_else(|| world.new_id());
                    kept.push(crate::world::channels::Tag {
                        id,
                        name,
                        is_moderated,
                    });
                }
                let state = world.channel_mut(channel);
                state.name = name.unwrap_or_else(|| std::mem::take(&mut state.name));
                state.topic = topic.or_else(|| state.topic.take());
                state.slow = slow.unwrap_or(state.slow);
                if has_tags {
                    state.tags = kept;
                }
                world.dispatch_channel(channel);
                Ok(Reply::Json(world.channel_json(channel)))
            }
        }
    }

    fn change_thread(self, world: &mut World, thread: Id) -> Answer {
        let mut problems = Problems::default();
        let known = [
            "name",
            "archived",
            "auto_archive_duration",
            "locked",
            "invitable",
            "rate_limit_per_user",
            "flags",
            "applied_tags",
        ];
        problems.only("", &self.body, &known);
        let name = problems
            .text("", &self.body, "name", 1..=100)
            .map(str::to_owned);
        let archived = problems.flag("", &self.body, "archived");
        let locked = problems.flag("", &self.body, "locked");
        problems.flag("", &self.body, "invitable");
        let slow = problems.number("", &self.body, "rate_limit_per_user", 0..=21_600);
        let minutes = super::threads::minutes(&mut problems, &self.body);
        let parent = world.channel(thread).parent;
        let tags = super::threads::tags(&mut problems, world, parent, &self.body);
        problems.finish(world, "a change of a thread")?;
        let Some(state) = &world.channel(thread).thread else {
            return Err(WRONG_KIND);
        };
        let (was_archived, is_owner) = (state.is_archived, state.owner == world.bot);
        let only_opens = archived == Some(false) && self.body.len() == 1;
        // Anybody who may write opens an archived thread that is not locked; the owner may rename and archive.
        let is_free = only_opens && !state.is_locked || is_owner && locked.is_none();
        let right = if is_free {
            may::SEND_MESSAGES_IN_THREADS
        } else {
            may::MANAGE_THREADS
        };
        need(world, thread, right)?;
        if was_archived && archived != Some(false) {
            return Err(ARCHIVED);
        }
        if was_archived {
            super::threads::need_room(world, thread)?;
        }
        let channel = world.channel_mut(thread);
        channel.name = name.unwrap_or_else(|| std::mem::take(&mut channel.name));
        channel.slow = slow.unwrap_or(channel.slow);
        if let Some(state) = &mut channel.thread {
            state.archive_minutes = minutes.unwrap_or(state.archive_minutes);
            state.tags = tags.unwrap_or_else(|| std::mem::take(&mut state.tags));
        }
        world.set_archived(thread, archived.unwrap_or(was_archived), locked);
        Ok(Reply::Json(world.channel_json(thread)))
    }

    fn archived(&self, world: &World, channel: Id) -> Answer {
        need(world, channel, may::READ_MESSAGE_HISTORY)?;
        let limit = self
            .asked("limit")
            .and_then(|it| it.parse().ok())
            .unwrap_or(50);
        let before = self
            .asked("before")
            .and_then(|it| it.parse::<jiff::Timestamp>().ok());
        let mut threads: Vec<(i64, Id)> = world
            .threads_of(channel)
            .into_iter()
            .filter_map(|id| {
                let state = world.channel(id).thread.as_ref()?;
                state.is_archived.then_some((state.archive_changed, id))
            })
            .filter(|(at, _)| before.is_none_or(|before| *at < before.as_millisecond()))
            .collect();
        threads.sort_by(|a, b| b.cmp(a));
        let has_more = threads.len() > limit;
        threads.truncate(limit);
        let threads: Vec<_> = threads
            .iter()
            .map(|(_, id)| world.channel_json(*id))
            .collect();
        Ok(Reply::Json(
            json!({ "threads": threads, "members": [], "has_more": has_more }),
        ))
    }
}
