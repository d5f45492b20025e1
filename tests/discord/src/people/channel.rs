//! A channel, forum, thread or direct channel, as people see it.

use std::sync::Arc;

use super::{Message, Person};
use crate::{
    Id,
    shared::Shared,
    world::{channels, rights::Overwrite},
};

/// A place to write in.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: Id,
}

impl Channel {
    pub(crate) const fn new(shared: Arc<Shared>, id: Id) -> Self {
        Self { shared, id }
    }

    /// Its id. A thread has that of its first message.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    fn get<T>(&self, look: impl FnOnce(&channels::Channel) -> T) -> T {
        self.shared.look(|world| {
            let channel = world.channels.get(&self.id);
            look(channel.unwrap_or_else(|| panic!("the channel {} was deleted", self.id)))
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        self.get(|channel| channel.name.clone())
    }

    /// Whether it is still there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.shared
            .look(|world| world.channels.contains_key(&self.id))
    }

    /// Whether it is a thread that is archived.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.get(channels::Channel::is_archived)
    }

    /// Whether it is a thread that is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.get(|channel| {
            channel
                .thread
                .as_ref()
                .is_some_and(|thread| thread.is_locked)
        })
    }

    /// The names of a post's tags.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        self.shared.look(|world| {
            let channel = world.channels.get(&self.id);
            let thread = channel.and_then(|channel| channel.thread.as_ref());
            let forum = channel
                .and_then(|channel| channel.parent)
                .and_then(|parent| world.channels.get(&parent));
            let (Some(thread), Some(forum)) = (thread, forum) else {
                return Vec::new();
            };
            let applied = forum
                .tags
                .iter()
                .filter(|tag| thread.tags.contains(&tag.id));
            applied.map(|tag| tag.name.clone()).collect()
        })
    }

    /// Its messages, oldest first, without those that only one person sees.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.shared.look(|world| {
            let messages = world.messages.get(&self.id).into_iter().flatten();
            let public = messages.filter(|(_, message)| message.ephemeral_to.is_none());
            let handle = |(id, _): (&Id, _)| Message::new(Arc::clone(&self.shared), self.id, *id);
            public.map(handle).collect()
        })
    }

    /// Its newest message that everybody sees.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn last(&self) -> Message {
        let last = self.messages().pop();
        last.unwrap_or_else(|| panic!("nothing stands in {}", self.name()))
    }

    /// Its threads or posts, oldest first.
    #[must_use]
    pub fn threads(&self) -> Vec<Self> {
        let threads = self.shared.look(|world| world.threads_of(self.id));
        let handle = |id| Self::new(Arc::clone(&self.shared), id);
        threads.into_iter().map(handle).collect()
    }

    /// Everything that stands in it, as readable text that is the same in each run.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared
            .look(|world| crate::transcript::write(world, self.id))
    }

    /// Takes rights from the bot here.
    pub async fn forbid_bot(&self, permissions: u64) {
        let bot = self.shared.look(|world| world.bot);
        self.overwrite(bot, true, 0, permissions);
    }

    /// Gives rights to the bot here.
    pub async fn allow_bot(&self, permissions: u64) {
        let bot = self.shared.look(|world| world.bot);
        self.overwrite(bot, true, permissions, 0);
    }

    /// Takes rights from somebody here.
    pub async fn forbid(&self, who: &Person, permissions: u64) {
        self.overwrite(who.id(), true, 0, permissions);
    }

    /// Gives rights to somebody here.
    pub async fn allow(&self, who: &Person, permissions: u64) {
        self.overwrite(who.id(), true, permissions, 0);
    }

    /// Takes rights from a role here.
    pub async fn forbid_role(&self, role: Id, permissions: u64) {
        self.overwrite(role, false, 0, permissions);
    }

    /// Gives rights to a role here.
    pub async fn allow_role(&self, role: Id, permissions: u64) {
        self.overwrite(role, false, permissions, 0);
    }

    /// Takes rights from everybody who has them by no other role.
    pub async fn forbid_everyone(&self, permissions: u64) {
        let guild = self.get(|channel| channel.guild);
        self.overwrite(
            guild.expect("direct channels have no rights to set"),
            false,
            0,
            permissions,
        );
    }

    /// Replaces what is said here about somebody or a role.
    fn overwrite(&self, target: Id, is_member: bool, allow: u64, deny: u64) {
        self.shared.change(|world| {
            let channel = world.channel_mut(self.id);
            channel.overwrites.retain(|it| it.target != target);
            if allow | deny != 0 {
                channel.overwrites.push(Overwrite {
                    target,
                    is_member,
                    allow,
                    deny,
                });
            }
            world.dispatch_channel(self.id);
        });
    }

    /// Posts need a tag from now on, or no longer.
    pub async fn require_tag(&self, required: bool) {
        self.shared.change(|world| {
            world.channel_mut(self.id).flags = if required { 1 << 4 } else { 0 };
            world.dispatch_channel(self.id);
        });
    }

    /// Only moderators give posts this tag from now on.
    ///
    /// # Panics
    /// When there is no such tag.
    pub async fn moderate_tag(&self, name: &str) {
        self.shared.change(|world| {
            let tags = &mut world.channel_mut(self.id).tags;
            let tag = tags.iter_mut().find(|tag| tag.name == name);
            tag.unwrap_or_else(|| panic!("there is no tag {name}"))
                .is_moderated = true;
            world.dispatch_channel(self.id);
        });
    }

    /// Somebody with the right to do so gives a post these tags, and no others.
    pub async fn retag(&self, names: &[&str]) {
        self.shared.change(|world| {
            let parent = world.channel(self.id).parent;
            let known = parent.map_or(&[][..], |parent| &world.channel(parent).tags);
            let given = known
                .iter()
                .filter(|tag| names.contains(&tag.name.as_str()));
            let given = given.map(|tag| tag.id).collect();
            if let Some(thread) = &mut world.channel_mut(self.id).thread {
                thread.tags = given;
            }
            world.dispatch_channel(self.id);
        });
    }

    /// Somebody with the right to do so archives a thread.
    pub async fn archive(&self) {
        self.shared
            .change(|world| world.set_archived(self.id, true, None));
    }

    /// Somebody opens a thread again.
    pub async fn unarchive(&self) {
        self.shared
            .change(|world| world.set_archived(self.id, false, None));
    }

    /// Somebody with the right to do so archives and locks a thread.
    pub async fn lock(&self) {
        self.shared
            .change(|world| world.set_archived(self.id, true, Some(true)));
    }

    /// A moderator unlocks and wakes the thread.
    pub async fn unlock(&self) {
        self.shared
            .change(|world| world.set_archived(self.id, false, Some(false)));
    }

    /// Somebody renames it.
    pub async fn rename(&self, name: &str) {
        self.shared.change(|world| {
            name.clone_into(&mut world.channel_mut(self.id).name);
            world.dispatch_channel(self.id);
        });
    }

    /// Somebody with the right to do so deletes it, with its threads.
    pub async fn delete(&self) {
        self.shared.change(|world| world.delete_channel(self.id));
    }
}
