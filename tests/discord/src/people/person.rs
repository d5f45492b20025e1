//! Who chats: what they write, change, react with, and open.

use std::sync::Arc;

use super::{Channel, Message};
use crate::{
    Id,
    check::mentions::{self, Mention},
    permissions as may,
    shared::Shared,
    world::{
        World,
        channels::Kind,
        reactions::{Emoji, Type},
    },
};

/// A human in a guild.
#[derive(Debug, Clone)]
pub struct Person {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: Id,
    pub(crate) guild: Id,
    pub(crate) name: String,
}

impl Person {
    pub(crate) fn new(shared: Arc<Shared>, id: Id, guild: Id, name: &str) -> Self {
        let name = name.to_owned();
        Self {
            shared,
            id,
            guild,
            name,
        }
    }

    /// The id of their account.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What pings them in a text.
    #[must_use]
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// They become an administrator of the guild.
    pub async fn admin(self) -> Self {
        self.with_permissions("admin", may::ADMINISTRATOR).await
    }

    /// They get a role of this name, which is made with these rights.
    pub async fn with_permissions(self, role: &str, permissions: u64) -> Self {
        self.shared.change(|world| {
            let role = world.new_role(self.guild, role, permissions, false);
            world.add_role(self.guild, self.id, role);
        });
        self
    }

    /// They get a role that there is.
    pub async fn gets_role(&self, role: Id) {
        self.shared
            .change(|world| world.add_role(self.guild, self.id, role));
    }

    /// They call themselves something else in the guild.
    pub async fn nick(&self, nick: &str) {
        self.shared.change(|world| {
            if let Some(member) = world.guild_mut(self.guild).members.get_mut(&self.id) {
                member.nick = Some(nick.to_owned());
            }
            world.dispatch_member(self.guild, self.id);
        });
    }

    /// A moderator times them out.
    pub async fn is_timed_out(&self) {
        self.shared.change(|world| {
            if let Some(member) = world.guild_mut(self.guild).members.get_mut(&self.id) {
                member.is_timed_out = true;
            }
            world.dispatch_member(self.guild, self.id);
        });
    }

    /// They leave the guild.
    pub async fn leaves(&self) {
        self.shared.change(|world| world.leave(self.guild, self.id));
    }

    /// Their direct channel with the bot.
    pub async fn direct(&self) -> Channel {
        let id = self.shared.change(|world| world.direct(self.id));
        Channel::new(Arc::clone(&self.shared), id)
    }

    /// Whether they take direct messages from now on.
    pub async fn takes_direct_messages(&self, takes: bool) {
        self.shared.change(|world| {
            if takes {
                world.closed_to_direct.remove(&self.id);
            } else {
                world.closed_to_direct.insert(self.id);
            }
        });
    }

    /// They write something.
    ///
    /// # Panics
    /// When they may not.
    pub async fn says(&self, channel: &Channel, text: &str) -> Message {
        self.write(channel, text, None)
    }

    /// They write something with a file.
    ///
    /// # Panics
    /// When they may not.
    pub async fn sends(&self, channel: &Channel, text: &str, file: &str) -> Message {
        let message = self.write(channel, text, None);
        self.shared.change(|world| {
            let id = world.new_id();
            let messages = world.messages.entry(channel.id).or_default();
            if let Some(message) = messages.get_mut(&message.id) {
                message.files.push(crate::world::messages::File {
                    id,
                    name: file.to_owned(),
                    bytes: b"of no matter".to_vec(),
                });
            }
        });
        message
    }

    /// They reply to a message, which mentions its author.
    ///
    /// # Panics
    /// When they may not.
    pub async fn replies(&self, to: &Message, text: &str) -> Message {
        self.write(&to.channel(), text, Some(to.id))
    }

    fn write(&self, channel: &Channel, text: &str, reply_to: Option<Id>) -> Message {
        let id = self.shared.change(|world| {
            let kind = world.channels.get(&channel.id).map(|channel| channel.kind);
            let right = if kind == Some(Kind::Thread) {
                may::SEND_MESSAGES_IN_THREADS
            } else {
                may::SEND_MESSAGES
            };
            self.must_be_able(world, channel.id, right, "write");
            let state = world.channel(channel.id);
            if state.is_archived() {
                let is_locked = state.thread.as_ref().is_some_and(|thread| thread.is_locked);
                assert!(!is_locked, "{} writes in a locked thread", self.name);
                world.set_archived(channel.id, false, None);
            }
            if let Some(replied) = reply_to {
                self.must_see(world, channel.id, replied, "replies to");
            }
            let mut new = world.draft(channel.id, self.id);
            self.set_text(world, &mut new, text);
            if let Some(replied) = reply_to {
                new.kind = 19;
                new.reply_to = Some(replied);
                let author = world.message(channel.id, replied).map(|it| it.author);
                new.mentions.extend(author);
            }
            world.post(new)
        });
        Message::new(Arc::clone(&self.shared), channel.id, id)
    }

    fn set_text(&self, world: &World, message: &mut crate::world::messages::Message, text: &str) {
        text.clone_into(&mut message.content);
        message.mentions.clear();
        for mention in mentions::find(text) {
            match mention {
                Mention::User(user) if world.users.contains_key(&user) => {
                    message.mentions.push(user)
                }
                Mention::User(_) => {}
                Mention::Role(role) => message.mention_roles.push(role),
                Mention::Everyone | Mention::Here => {
                    message.mention_everyone |=
                        world.may(message.channel, self.id, may::MENTION_EVERYONE);
                }
            }
        }
    }

    /// They change what they wrote.
    ///
    /// # Panics
    /// When it is not theirs, or gone.
    pub async fn edits(&self, message: &Message, text: &str) {
        self.shared.change(|world| {
            let mut new = self
                .must_see(world, message.channel, message.id, "edits")
                .clone();
            assert!(
                new.author == self.id,
                "{} edits what others wrote",
                self.name
            );
            self.set_text(world, &mut new, text);
            new.edited = Some(world.now);
            world
                .messages
                .entry(message.channel)
                .or_default()
                .insert(message.id, new);
            world.changed(message.channel, message.id);
        });
    }

    /// They delete a message.
    ///
    /// # Panics
    /// When it is not theirs and they may not, or gone.
    pub async fn deletes(&self, message: &Message) {
        self.shared.change(|world| {
            let author = self
                .must_see(world, message.channel, message.id, "deletes")
                .author;
            if author != self.id {
                self.must_be_able(
                    world,
                    message.channel,
                    may::MANAGE_MESSAGES,
                    "delete messages of others",
                );
                world.log_deletion(message.channel, author, self.id);
            }
            world.delete_message(message.channel, message.id);
        });
    }

    /// They delete several messages at once, as moderators do.
    ///
    /// # Panics
    /// When they may not.
    pub async fn purges(&self, messages: &[&Message]) {
        let Some(first) = messages.first() else {
            return;
        };
        let ids: Vec<Id> = messages.iter().map(|message| message.id).collect();
        self.shared.change(|world| {
            self.must_be_able(
                world,
                first.channel,
                may::MANAGE_MESSAGES,
                "delete messages of others",
            );
            world.delete_messages(first.channel, &ids);
        });
    }

    /// They react; nothing happens when they have so before.
    ///
    /// # Panics
    /// When they may not, or the message is gone or only theirs.
    pub async fn react(&self, message: &Message, emoji: &str) {
        self.reacts(message, emoji, Type::Normal);
    }

    /// They react with a super reaction.
    ///
    /// # Panics
    /// When they may not, or the message is gone or only theirs.
    pub async fn super_react(&self, message: &Message, emoji: &str) {
        self.reacts(message, emoji, Type::Burst);
    }

    fn reacts(&self, message: &Message, emoji: &str, how: Type) {
        let emoji = emoji_of(emoji);
        self.shared.change(|world| {
            let state = self.must_see(world, message.channel, message.id, "reacts to");
            assert!(
                state.ephemeral_to.is_none(),
                "nobody can react to what one person sees"
            );
            let is_there = state.reactions.iter().any(|it| it.emoji == emoji);
            let right = if is_there { 0 } else { may::ADD_REACTIONS };
            self.must_be_able(world, message.channel, right, "react");
            world.react(message.channel, message.id, self.id, &emoji, how);
        });
    }

    /// They take a reaction back.
    ///
    /// # Panics
    /// When there is none of theirs, or they do not see it.
    pub async fn unreact(&self, message: &Message, emoji: &str) {
        let emoji = emoji_of(emoji);
        let was_there = self.shared.change(|world| {
            self.must_see(world, message.channel, message.id, "takes a reaction from");
            world.unreact(message.channel, message.id, self.id, &emoji)
        });
        assert!(
            was_there,
            "{} takes back {} that is not there",
            self.name, emoji.name
        );
    }

    /// They take all reactions of a message away, or all with one emoji.
    ///
    /// # Panics
    /// When they may not.
    pub async fn clears_reactions(&self, message: &Message, emoji: Option<&str>) {
        let emoji = emoji.map(emoji_of);
        self.shared.change(|world| {
            self.must_be_able(
                world,
                message.channel,
                may::MANAGE_MESSAGES,
                "clear reactions",
            );
            world.clear_reactions(message.channel, message.id, emoji.as_ref());
        });
    }

    /// They open a thread at a message.
    ///
    /// # Panics
    /// When they may not.
    pub async fn opens_thread(&self, message: &Message, name: &str) -> Channel {
        self.shared.change(|world| {
            self.must_see(world, message.channel, message.id, "opens a thread at");
            self.must_be_able(
                world,
                message.channel,
                may::CREATE_PUBLIC_THREADS,
                "open threads",
            );
            world.thread_at(message.channel, message.id, name, self.id, 1440);
        });
        message.thread()
    }

    /// They open a thread that only they see, and whoever they add to it.
    ///
    /// # Panics
    /// When they may not.
    pub async fn opens_private_thread(&self, channel: &Channel, name: &str) -> Channel {
        let id = self.shared.change(|world| {
            let right = may::CREATE_PRIVATE_THREADS;
            self.must_be_able(world, channel.id, right, "open private threads");
            world.new_private_thread(channel.id, name, self.id)
        });
        Channel::new(Arc::clone(&self.shared), id)
    }

    /// They add somebody to a thread that only those see who were added.
    ///
    /// # Panics
    /// When they do not see it themselves.
    pub async fn adds(&self, thread: &Channel, who: &Self) {
        self.shared.change(|world| {
            self.must_be_able(world, thread.id, 0, "add somebody");
            world.add_to_thread(thread.id, who.id);
        });
    }

    /// They post in a forum.
    ///
    /// # Panics
    /// When they may not, or there is no such tag.
    pub async fn posts(&self, forum: &Channel, title: &str, text: &str, tags: &[&str]) -> Channel {
        let id = self.shared.change(|world| {
            self.must_be_able(world, forum.id, may::SEND_MESSAGES, "post");
            let known = &world.channel(forum.id).tags;
            let tag = |name: &&str| {
                let tag = known.iter().find(|tag| tag.name == *name);
                tag.unwrap_or_else(|| panic!("the forum has no tag {name}"))
                    .id
            };
            let tags: Vec<Id> = tags.iter().map(tag).collect();
            let id = world.new_id();
            world.new_thread(forum.id, id, title, self.id, 1440);
            if let Some(thread) = &mut world.channel_mut(id).thread {
                thread.tags = tags;
            }
            world.dispatch_new_thread(id);
            let mut starter = crate::world::messages::Message::new(id, id, self.id, world.now);
            self.set_text(world, &mut starter, text);
            world.post(starter)
        });
        Channel::new(Arc::clone(&self.shared), id)
    }
}

fn emoji_of(text: &str) -> Emoji {
    Emoji::read(text).unwrap_or_else(|| panic!("{text} is no emoji"))
}
