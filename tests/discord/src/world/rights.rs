//! Who may do what where: roles, then the channel's overwrites, as Discord computes it.

use super::{World, channels::Kind};
use crate::{Id, permissions as may};

/// What a channel says differently for a role or somebody.
#[derive(Debug, Clone)]
pub(crate) struct Overwrite {
    pub(crate) target: Id,
    pub(crate) is_member: bool,
    pub(crate) allow: u64,
    pub(crate) deny: u64,
}

/// What is left to who is timed out.
const LOOKING: u64 = may::VIEW_CHANNEL | may::READ_MESSAGE_HISTORY;

impl World {
    /// What somebody may do in a guild at large.
    pub(crate) fn guild_rights(&self, guild: Id, user: Id) -> u64 {
        let Some(guild) = self.guilds.get(&guild) else {
            return 0;
        };
        let Some(member) = guild.members.get(&user) else {
            return 0;
        };
        let of = |role: &Id| guild.roles.get(role).map_or(0, |role| role.permissions);
        let rights = member
            .roles
            .iter()
            .fold(of(&guild.id), |all, role| all | of(role));
        if guild.owner == user || rights & may::ADMINISTRATOR != 0 {
            return may::ALL;
        }
        match member.is_timed_out {
            true => rights & LOOKING,
            false => rights,
        }
    }

    /// What somebody may do in a channel; in a thread, what its channel says.
    pub(crate) fn rights(&self, channel: Id, user: Id) -> u64 {
        let Some(channel) = self.channels.get(&channel) else {
            return 0;
        };
        let Some(guild) = channel.guild else {
            let is_in = user == self.bot || channel.recipient == Some(user);
            return if is_in { may::EVERYONE } else { 0 };
        };
        if channel.kind == Kind::Thread {
            let rights = channel.parent.map_or(0, |parent| self.rights(parent, user));
            let private_to = channel.thread.as_ref();
            let private_to = private_to.and_then(|thread| thread.private_to.as_ref());
            let is_seen = private_to.is_none_or(|members| members.contains(&user))
                || rights & may::MANAGE_THREADS != 0;
            return if is_seen { rights } else { 0 };
        }
        let rights = self.guild_rights(guild, user);
        if rights == may::ALL || rights == 0 {
            return rights;
        }
        let roles = self
            .guilds
            .get(&guild)
            .and_then(|guild| guild.members.get(&user));
        let roles = roles.map_or(&[][..], |member| &member.roles);
        let apply = |rights: u64, is_it: &dyn Fn(&Overwrite) -> bool| {
            let (mut allow, mut deny) = (0, 0);
            for overwrite in channel
                .overwrites
                .iter()
                .filter(|overwrite| is_it(overwrite))
            {
                allow |= overwrite.allow;
                deny |= overwrite.deny;
            }
            rights & !deny | allow
        };
        let rights = apply(rights, &|o| !o.is_member && o.target == guild);
        let rights = apply(rights, &|o| !o.is_member && roles.contains(&o.target));
        let rights = apply(rights, &|o| o.is_member && o.target == user);
        if rights & may::VIEW_CHANNEL == 0 {
            0
        } else {
            rights
        }
    }

    /// Whether somebody may do all of this in a channel.
    pub(crate) fn may(&self, channel: Id, user: Id, what: u64) -> bool {
        self.rights(channel, user) & what == what
    }
}
