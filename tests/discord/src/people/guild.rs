//! A guild, as its owner handles it.

use std::sync::Arc;

use super::{Channel, Person};
use crate::{Id, shared::Shared, world::channels::Kind};

/// A guild.
#[derive(Debug, Clone)]
pub struct Guild {
    shared: Arc<Shared>,
    id: Id,
    name: String,
}

impl Guild {
    pub(crate) fn new(shared: Arc<Shared>, id: Id, name: &str) -> Self {
        let name = name.to_owned();
        Self { shared, id, name }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// Which of so many shards is told of it.
    #[must_use]
    pub const fn shard_of(&self, count: u64) -> u64 {
        (self.id.get() >> 22) % count
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a text channel.
    pub async fn text_channel(&self, name: &str) -> Channel {
        self.channel(Kind::Text, name, &[])
    }

    /// Makes a forum with these tags.
    pub async fn forum_channel(&self, name: &str, tags: &[&str]) -> Channel {
        self.channel(Kind::Forum, name, tags)
    }

    /// Makes a voice channel, in which people can write, too.
    pub async fn voice_channel(&self, name: &str) -> Channel {
        self.channel(Kind::Voice, name, &[])
    }

    /// Makes a stage.
    pub async fn stage_channel(&self, name: &str) -> Channel {
        self.channel(Kind::Stage, name, &[])
    }

    /// Makes a media channel.
    pub async fn media_channel(&self, name: &str) -> Channel {
        self.channel(Kind::Media, name, &[])
    }

    fn channel(&self, kind: Kind, name: &str, tags: &[&str]) -> Channel {
        let id = self
            .shared
            .change(|world| world.new_channel(self.id, kind, name, tags));
        Channel::new(Arc::clone(&self.shared), id)
    }

    /// Somebody comes into the guild: the person of that name, who is made when there is none yet.
    pub async fn person(&self, name: &str) -> Person {
        let id = self.shared.change(|world| {
            let known = world
                .users
                .values()
                .find(|user| user.name == name && !user.is_bot);
            let known = known.map(|user| user.id);
            let id = known.unwrap_or_else(|| world.new_user(name, false));
            if !world.guild_mut(self.id).members.contains_key(&id) {
                world.join(self.id, id);
            }
            id
        });
        Person::new(Arc::clone(&self.shared), id, self.id, name)
    }

    /// Makes a role with these rights.
    pub async fn role(&self, name: &str, permissions: u64) -> Id {
        self.shared
            .change(|world| world.new_role(self.id, name, permissions, false))
    }

    /// Changes what a role may do in the whole guild.
    pub async fn set_role_permissions(&self, role: Id, permissions: u64) {
        self.shared.change(|world| {
            let id = self.id;
            if let Some(role) = world.guild_mut(id).roles.get_mut(&role) {
                role.permissions = permissions;
            }
            let data = serde_json::json!({ "guild_id": id, "role": world.role_json(id, role) });
            world.dispatch("GUILD_ROLE_UPDATE", crate::intents::GUILDS, data);
        });
    }

    /// Who owns it.
    #[must_use]
    pub fn owner(&self) -> Person {
        let (id, name) = self.shared.look(|world| {
            let owner = world.guilds[&self.id].owner;
            (owner, world.name_of(owner).to_owned())
        });
        Person::new(Arc::clone(&self.shared), id, self.id, &name)
    }

    /// Takes a role from everybody, for good.
    pub async fn delete_role(&self, role: Id) {
        self.shared.change(|world| world.delete_role(self.id, role));
    }

    /// Renames it. This handle keeps the name that it was made with.
    pub async fn rename(&self, name: &str) {
        self.shared.change(|world| {
            name.clone_into(&mut world.guild_mut(self.id).name);
            let data = world.guild_json(self.id);
            world.dispatch("GUILD_UPDATE", crate::intents::GUILDS, data);
        });
    }

    /// Changes what the bot may do in the whole guild.
    pub async fn set_bot_permissions(&self, permissions: u64) {
        self.shared.change(|world| {
            let roles = world.guild_mut(self.id).roles.values_mut();
            let own = roles.filter(|role| role.is_managed);
            own.for_each(|role| role.permissions = permissions);
            let role = world.guild_mut(self.id).roles.values().find(|role| role.is_managed).map(|role| role.id);
            if let Some(role) = role {
                let data = serde_json::json!({ "guild_id": self.id, "role": world.role_json(self.id, role) });
                world.dispatch("GUILD_ROLE_UPDATE", crate::intents::GUILDS, data);
            }
        });
    }

    /// Changes what everybody may do in the whole guild.
    pub async fn set_everyone_permissions(&self, permissions: u64) {
        self.shared.change(|world| {
            let id = self.id;
            if let Some(role) = world.guild_mut(id).roles.get_mut(&id) {
                role.permissions = permissions;
            }
            let data = serde_json::json!({ "guild_id": id, "role": world.role_json(id, id) });
            world.dispatch("GUILD_ROLE_UPDATE", crate::intents::GUILDS, data);
        });
    }

    /// Lets no more than so many threads be active at once.
    pub async fn limit_threads(&self, most: usize) {
        self.shared
            .change(|world| world.guild_mut(self.id).most_threads = most);
    }

    /// Puts the bot out.
    pub async fn kick_bot(&self) {
        self.shared.change(|world| world.remove_bot(self.id));
    }

    /// Lets the bot in again.
    pub async fn invite_bot(&self) {
        self.shared.change(|world| world.readd_bot(self.id));
    }

    /// An outage: the guild is there for nobody.
    pub async fn goes_down(&self) {
        self.shared
            .change(|world| world.set_available(self.id, false));
    }

    /// The outage ends.
    pub async fn comes_back(&self) {
        self.shared
            .change(|world| world.set_available(self.id, true));
    }
}
