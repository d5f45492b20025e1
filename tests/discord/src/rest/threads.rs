//! Threads and forum posts.

use serde_json::{Value, json};

use super::{
    Answer, Call, Reply,
    channels::{need, need_open},
    refusal::{HAS_THREAD, Refusal, TAG_REQUIRED, TOO_MANY_THREADS, UNKNOWN_MESSAGE, WRONG_KIND},
};
use crate::{
    Id,
    check::{
        Object, Problems, as_id,
        message::{self, For},
    },
    permissions as may,
    world::{World, channels::Kind, messages},
};

/// A forum whose posts must have a tag.
const REQUIRE_TAG: u64 = 1 << 4;

/// After how many minutes without talk a thread is archived: one of four.
pub(super) fn minutes(problems: &mut Problems, body: &Object) -> Option<u64> {
    let minutes = problems.number("", body, "auto_archive_duration", 0..=10_080)?;
    if ![60, 1440, 4320, 10_080].contains(&minutes) {
        let text = "Value must be one of (60, 1440, 4320, 10080).";
        problems.bad("auto_archive_duration", "BASE_TYPE_CHOICES", text);
    }
    Some(minutes)
}

/// The tags of a post: at most five, all of the forum's.
pub(super) fn tags(
    problems: &mut Problems,
    world: &World,
    forum: Option<Id>,
    body: &Object,
) -> Option<Vec<Id>> {
    let given = problems.list("", body, "applied_tags", 5)?;
    let known = forum.map_or(&[][..], |forum| &world.channel(forum).tags);
    let mut tags = Vec::with_capacity(given.len());
    for (index, tag) in given.iter().enumerate() {
        match as_id(tag).filter(|tag| known.iter().any(|known| known.id == *tag)) {
            Some(tag) => tags.push(tag),
            None => problems.bad(
                &format!("applied_tags.{index}"),
                "TAG_INVALID",
                "no tag of this forum",
            ),
        }
    }
    Some(tags)
}

/// Refuses where as many threads are active as a guild may have.
pub(super) fn need_room(world: &World, channel: Id) -> Result<(), Refusal> {
    match world.has_room_for_thread(channel) {
        true => Ok(()),
        false => Err(TOO_MANY_THREADS),
    }
}

impl Call {
    /// `POST /channels/{channel}/threads`: a post in a forum, or a thread of a channel.
    pub(super) fn new_thread(self, world: &mut World, channel: Id) -> Answer {
        match world.channel(channel).kind {
            Kind::Forum => self.new_post(world, channel),
            Kind::Text => {
                need(world, channel, may::CREATE_PUBLIC_THREADS)?;
                let (name, minutes) = self.read_thread(world, true)?;
                need_room(world, channel)?;
                let id = world.new_id();
                let bot = world.bot;
                world.new_thread(channel, id, &name, bot, minutes);
                world.dispatch_new_thread(id);
                let mut notice = world.draft(channel, bot);
                notice.kind = 18;
                notice.content = name;
                world.post(notice);
                Ok(Reply::Created(world.channel_json(id)))
            }
            Kind::Thread | Kind::Direct | Kind::Voice | Kind::Stage | Kind::Media => {
                Err(WRONG_KIND)
            }
        }
    }

    fn read_thread(&self, world: &mut World, has_type: bool) -> Result<(String, u64), Refusal> {
        let mut problems = Problems::default();
        let known = [
            "name",
            "auto_archive_duration",
            "rate_limit_per_user",
            "type",
            "invitable",
        ];
        let known = if has_type { &known[..] } else { &known[..3] };
        problems.only("", &self.body, known);
        let name = problems
            .need("", &self.body, "name", 1..=100)
            .unwrap_or_default()
            .to_owned();
        if has_type && problems.number("", &self.body, "type", 11..=11).is_none() {
            problems.required("type");
        }
        let minutes = minutes(&mut problems, &self.body).unwrap_or(1440);
        problems.finish(world, "a new thread")?;
        Ok((name, minutes))
    }

    fn new_post(mut self, world: &mut World, forum: Id) -> Answer {
        need(world, forum, may::SEND_MESSAGES)?;
        let mut problems = Problems::default();
        let known = [
            "name",
            "auto_archive_duration",
            "rate_limit_per_user",
            "message",
            "applied_tags",
            "type",
        ];
        problems.only("", &self.body, &known);
        let name = problems
            .need("", &self.body, "name", 1..=100)
            .unwrap_or_default()
            .to_owned();
        problems.number("", &self.body, "type", 11..=11);
        let slow = problems.number("", &self.body, "rate_limit_per_user", 0..=21_600);
        let minutes = minutes(&mut problems, &self.body).unwrap_or(1440);
        let tags = tags(&mut problems, world, Some(forum), &self.body).unwrap_or_default();
        let first = problems.object("", &self.body, "message").cloned();
        if first.is_none() {
            problems.required("message");
        }
        problems.finish(world, "a forum post")?;
        if tags.is_empty() && world.channel(forum).flags & REQUIRE_TAG != 0 {
            return Err(TAG_REQUIRED);
        }
        need_room(world, forum)?;
        let files = std::mem::take(&mut self.files);
        let mut draft = message::read(
            world,
            &first.unwrap_or_default(),
            files,
            For::Post,
            "a forum post",
        )
        .map_err(|mut refusal| {
            for trouble in &mut refusal.errors {
                trouble.at = crate::check::join("message", &trouble.at);
            }
            refusal
        })?;
        let id = world.new_id();
        let bot = world.bot;
        let mut starter = messages::Message::new(id, id, bot, world.now);
        draft.reply_to = None;
        draft.apply(world, &mut starter)?;
        world.new_thread(forum, id, &name, bot, minutes);
        let channel = world.channel_mut(id);
        channel.slow = slow.unwrap_or(0);
        if let Some(thread) = &mut channel.thread {
            thread.tags = tags;
        }
        world.channel_mut(forum).last_message = Some(id);
        world.dispatch_new_thread(id);
        world.post(starter);
        let mut answer = world.channel_json(id);
        let starter = world
            .message(id, id)
            .map(|starter| world.message_json(starter));
        answer["message"] = json!(starter);
        Ok(Reply::Created(answer))
    }

    /// `POST /channels/{channel}/messages/{message}/threads`: its id is the message's.
    pub(super) fn thread_from(self, world: &mut World, channel: Id, message: Id) -> Answer {
        need(world, channel, may::CREATE_PUBLIC_THREADS)?;
        if world.channel(channel).kind != Kind::Text {
            return Err(WRONG_KIND);
        }
        if world.message(channel, message).is_none() {
            return Err(UNKNOWN_MESSAGE);
        }
        if world.channels.contains_key(&message) {
            return Err(HAS_THREAD);
        }
        need_open(world, channel)?;
        let (name, minutes) = self.read_thread(world, false)?;
        need_room(world, channel)?;
        let bot = world.bot;
        world.thread_at(channel, message, &name, bot, minutes);
        Ok(Reply::Created(world.channel_json(message)))
    }
}

impl World {
    /// Opens a thread at a message, whoever does it.
    pub(crate) fn thread_at(
        &mut self,
        channel: Id,
        message: Id,
        name: &str,
        owner: Id,
        minutes: u64,
    ) {
        self.new_thread(channel, message, name, owner, minutes);
        self.dispatch_new_thread(message);
        if let Some(starter) = self.message_mut(channel, message) {
            starter.flags |= messages::HAS_THREAD;
        }
        self.changed(channel, message);
    }
}

/// What a reply of a list is.
pub(super) fn list(values: impl Iterator<Item = Value>) -> Answer {
    Ok(Reply::Json(values.collect()))
}
