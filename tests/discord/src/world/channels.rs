//! Channels, forums and threads.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{World, rights::Overwrite};
use crate::{Id, intents};

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Direct,
    Thread,
    Forum,
    Voice,
    Stage,
    Media,
}

impl Kind {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Direct => 1,
            Self::Thread => 11,
            Self::Forum => 15,
            Self::Voice => 2,
            Self::Stage => 13,
            Self::Media => 16,
        }
    }
}

/// A tag of a forum.
#[derive(Debug, Clone)]
pub(crate) struct Tag {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) is_moderated: bool,
}

/// What only a thread has.
#[derive(Debug, Clone)]
pub(crate) struct ThreadState {
    pub(crate) owner: Id,
    /// Who was added to it, where only they see it.
    pub(crate) private_to: Option<BTreeSet<Id>>,
    pub(crate) is_archived: bool,
    pub(crate) is_locked: bool,
    pub(crate) archive_minutes: u64,
    /// When something happened in it last that keeps it from being archived: it was opened, or somebody wrote.
    pub(crate) active: i64,
    pub(crate) archive_changed: i64,
    pub(crate) created: i64,
    pub(crate) tags: Vec<Id>,
    pub(crate) total_messages: u64,
}

/// A channel, forum, thread or direct channel.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) id: Id,
    pub(crate) kind: Kind,
    pub(crate) guild: Option<Id>,
    pub(crate) parent: Option<Id>,
    pub(crate) recipient: Option<Id>,
    pub(crate) name: String,
    pub(crate) topic: Option<String>,
    pub(crate) overwrites: Vec<Overwrite>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) flags: u64,
    pub(crate) slow: u64,
    pub(crate) last_message: Option<Id>,
    pub(crate) thread: Option<ThreadState>,
}

impl Channel {
    fn new(id: Id, kind: Kind, name: &str) -> Self {
        Self {
            id,
            kind,
            guild: None,
            parent: None,
            recipient: None,
            name: name.to_owned(),
            topic: None,
            overwrites: Vec::new(),
            tags: Vec::new(),
            flags: 0,
            slow: 0,
            last_message: None,
            thread: None,
        }
    }

    /// Discord's number for what it is.
    pub(crate) fn number(&self) -> u8 {
        let is_private = self
            .thread
            .as_ref()
            .is_some_and(|thread| thread.private_to.is_some());
        match is_private {
            true => 12,
            false => self.kind.number(),
        }
    }

    pub(crate) fn is_archived(&self) -> bool {
        self.thread
            .as_ref()
            .is_some_and(|thread| thread.is_archived)
    }
}

impl World {
    pub(crate) fn channel(&self, id: Id) -> &Channel {
        self.channels
            .get(&id)
            .expect("who asks has checked that it exists")
    }

    pub(crate) fn channel_mut(&mut self, id: Id) -> &mut Channel {
        self.channels
            .get_mut(&id)
            .expect("who asks has checked that it exists")
    }

    pub(crate) fn new_channel(&mut self, guild: Id, kind: Kind, name: &str, tags: &[&str]) -> Id {
        let id = self.new_id();
        let mut channel = Channel::new(id, kind, name);
        channel.guild = Some(guild);
        for name in tags {
            channel.tags.push(Tag {
                id: self.new_id(),
                name: (*name).to_owned(),
                is_moderated: false,
            });
        }
        self.channels.insert(id, channel);
        let data = self.channel_json(id);
        self.dispatch("CHANNEL_CREATE", intents::GUILDS, data);
        id
    }

    pub(crate) fn new_direct(&mut self, user: Id) -> Id {
        let id = self.new_id();
        let mut channel = Channel::new(id, Kind::Direct, "");
        channel.recipient = Some(user);
        self.channels.insert(id, channel);
        id
    }

    /// Opens a thread. Its id is the message's that it starts from, where there is one.
    pub(crate) fn new_thread(&mut self, parent: Id, id: Id, name: &str, owner: Id, minutes: u64) {
        let mut channel = Channel::new(id, Kind::Thread, name);
        channel.guild = self.channel(parent).guild;
        channel.parent = Some(parent);
        channel.thread = Some(ThreadState {
            owner,
            private_to: None,
            is_archived: false,
            is_locked: false,
            archive_minutes: minutes,
            active: self.now,
            archive_changed: self.now,
            created: self.now,
            tags: Vec::new(),
            total_messages: 0,
        });
        self.channels.insert(id, channel);
    }

    /// Opens a thread that only its owner sees, and whoever is added.
    pub(crate) fn new_private_thread(&mut self, parent: Id, name: &str, owner: Id) -> Id {
        let id = self.new_id();
        self.new_thread(parent, id, name, owner, 1440);
        if let Some(thread) = &mut self.channel_mut(id).thread {
            thread.private_to = Some(BTreeSet::from([owner]));
        }
        if self.rights(id, self.bot) != 0 {
            self.dispatch_new_thread(id);
        }
        id
    }

    /// Somebody is added to a thread that only those see who were; a bot is told of the thread then.
    pub(crate) fn add_to_thread(&mut self, id: Id, user: Id) {
        let (bot, saw) = (self.bot, self.rights(id, self.bot) != 0);
        if let Some(thread) = &mut self.channel_mut(id).thread
            && let Some(members) = &mut thread.private_to
        {
            members.insert(user);
        }
        if user == bot && !saw {
            let data = self.channel_json(id);
            self.dispatch("THREAD_CREATE", intents::GUILDS, data);
        }
    }

    pub(crate) fn dispatch_new_thread(&mut self, id: Id) {
        let mut data = self.channel_json(id);
        data["newly_created"] = json!(true);
        self.dispatch("THREAD_CREATE", intents::GUILDS, data);
    }

    pub(crate) fn dispatch_channel(&mut self, id: Id) {
        if self.channel(id).kind == Kind::Thread && self.rights(id, self.bot) == 0 {
            return;
        }
        let kind = match self.channel(id).kind {
            Kind::Thread => "THREAD_UPDATE",
            Kind::Text | Kind::Forum | Kind::Voice | Kind::Stage | Kind::Media => "CHANNEL_UPDATE",
            Kind::Direct => return,
        };
        let data = self.channel_json(id);
        self.dispatch(kind, intents::GUILDS, data);
    }

    /// Deletes a channel with its threads, or one thread.
    pub(crate) fn delete_channel(&mut self, id: Id) -> Value {
        let gone = self.channel_json(id);
        if self.channel(id).kind == Kind::Thread {
            let data = json!({
                "id": id,
                "guild_id": gone["guild_id"],
                "parent_id": gone["parent_id"],
                "type": gone["type"],
            });
            self.forget_channel(id);
            self.dispatch("THREAD_DELETE", intents::GUILDS, data);
            return gone;
        }
        for thread in self.threads_of(id) {
            self.forget_channel(thread);
        }
        self.forget_channel(id);
        self.dispatch("CHANNEL_DELETE", intents::GUILDS, gone.clone());
        gone
    }

    fn forget_channel(&mut self, id: Id) {
        self.channels.remove(&id);
        self.messages.remove(&id);
    }

    /// The threads of a channel, oldest first.
    pub(crate) fn threads_of(&self, parent: Id) -> Vec<Id> {
        self.channels
            .values()
            .filter(|channel| channel.kind == Kind::Thread && channel.parent == Some(parent))
            .map(|channel| channel.id)
            .collect()
    }

    /// Whether there is room for one more active thread in a channel's guild.
    pub(crate) fn has_room_for_thread(&self, channel: Id) -> bool {
        let Some(id) = self.channel(channel).guild else {
            return true;
        };
        let of_guild = self.channels.values().filter(|it| it.guild == Some(id));
        let threads = of_guild.filter_map(|channel| channel.thread.as_ref());
        let active = threads.filter(|thread| !thread.is_archived).count();
        self.guilds
            .get(&id)
            .is_none_or(|guild| active < guild.most_threads)
    }

    pub(crate) fn set_archived(&mut self, id: Id, archived: bool, locked: Option<bool>) {
        let now = self.now;
        if let Some(thread) = &mut self.channel_mut(id).thread {
            if thread.is_archived != archived {
                thread.archive_changed = now;
                thread.active = now;
            }
            thread.is_archived = archived;
            thread.is_locked = locked.unwrap_or(thread.is_locked);
        }
        self.dispatch_channel(id);
    }

    /// Moves the clock, and archives threads at the moments at which they have been quiet for as long as each says.
    pub(crate) fn advance(&mut self, by: i64) {
        let end = self.now + by;
        while let Some((due, thread)) = self.next_to_archive().filter(|(due, _)| *due <= end) {
            self.now = self.now.max(due);
            self.set_archived(thread, true, None);
        }
        self.now = end;
    }

    fn next_to_archive(&self) -> Option<(i64, Id)> {
        let open = self.channels.values().filter_map(|channel| {
            let thread = channel.thread.as_ref().filter(|it| !it.is_archived)?;
            let minutes = i64::try_from(thread.archive_minutes).ok()?;
            Some((thread.active + minutes * 60_000, channel.id))
        });
        open.min()
    }
}
