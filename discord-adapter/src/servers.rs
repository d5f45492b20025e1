//! The servers that the bot is in, with their roles: who can view which channel. Which places share a forum is the core's to know.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bot_core::engine::SharedPlace;
use serenity::http::Route;
use serenity::model::id::{ChannelId, GuildId, RoleId};

use crate::permissions::{Server, ServerRole};
use crate::rest::{Failure, Rest};

/// The servers that were seen.
#[derive(Default)]
pub(crate) struct Servers {
    known: Mutex<HashMap<GuildId, Server>>,
    /// The channels of each server that the log says are served.
    logged: Mutex<HashMap<u64, Vec<ChannelId>>>,
}

impl Servers {
    /// Learns of a server, or that it has changed.
    pub(crate) fn learn(&self, server: Server) {
        self.map().insert(server.id, server);
    }

    /// Forgets a server that the bot is not in any more.
    pub(crate) fn forget(&self, id: GuildId) {
        self.map().remove(&id);
    }

    /// Notes which channels of a server are served; whether these are others than were noted before.
    pub(crate) fn newly_served(&self, guild: u64, channels: Vec<ChannelId>) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.insert(guild, channels.clone()) != Some(channels)
    }

    /// What people call a server, if that was told.
    pub(crate) fn name(&self, guild: u64) -> Option<String> {
        let known = self.map();
        let server = known.values().find(|server| server.id.get() == guild);
        server.map(|server| server.name.clone())
    }

    /// What people call a role of a server, if that was told.
    pub(crate) fn role_name(&self, guild: u64, role: u64) -> Option<String> {
        let known = self.map();
        let server = known.values().find(|server| server.id.get() == guild)?;
        let role = server.roles.iter().find(|known| known.id.get() == role)?;
        Some(role.name.clone())
    }

    /// Learns of a role, or that it has changed.
    pub(crate) fn learn_role(&self, server: GuildId, role: ServerRole) {
        if let Some(known) = self.map().get_mut(&server) {
            known.roles.retain(|other| other.id != role.id);
            known.roles.push(role);
        }
    }

    /// Forgets a role that is gone.
    pub(crate) fn forget_role(&self, server: GuildId, role: RoleId) {
        if let Some(known) = self.map().get_mut(&server) {
            known.roles.retain(|other| other.id != role);
        }
    }

    /// A server, asked for where it is not known.
    pub(crate) async fn get(&self, rest: &Rest, id: GuildId) -> Result<Server, Failure> {
        let known = self.map().get(&id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let told = rest.get(Route::Guild { guild_id: id }, Vec::new()).await?;
        let server: Server = serde_json::from_value(told).map_err(|error| Failure::Trouble {
            why: format!("Discord says of the server {id} what can't be read: {error}"),
        })?;
        self.learn(server.clone());
        Ok(server)
    }

    fn map(&self) -> MutexGuard<'_, HashMap<GuildId, Server>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place of a server, and who can view it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ViewedPlace {
    /// The place.
    pub(crate) place: SharedPlace,
    /// Its channel.
    pub(crate) channel: ChannelId,
    /// What people call it.
    pub(crate) name: String,
    /// The roles that view it; see [`crate::permissions::viewers`].
    pub(crate) viewers: BTreeSet<RoleId>,
}

impl ViewedPlace {
    /// Whether somebody who can view the other can't view this one.
    pub(crate) fn is_narrower_than(&self, other: &Self) -> bool {
        !other.viewers.is_subset(&self.viewers)
    }
}

/// The first place of the same forum that this one is narrower than.
pub(crate) fn wider<'a>(all: &'a [ViewedPlace], place: &ViewedPlace) -> Option<&'a ViewedPlace> {
    all.iter()
        .find(|other| other.place.forum == place.place.forum && place.is_narrower_than(other))
}

/// Where a channel is opened whose admin said nothing of sharing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opening<'a> {
    /// In the forum of these others, all of which are viewed by just the same.
    With(&'a ViewedPlace),
    /// In the server's own, since nothing is open there yet.
    First,
    /// In a forum of its own: not everybody who can view this one can view it.
    Narrower(&'a ViewedPlace),
    /// In a forum of its own: some can view it who can't view this one.
    Wider(&'a ViewedPlace),
}

/// Where a channel is opened that these roles view, beside other places of its server.
pub(crate) fn opening<'a>(viewers: &BTreeSet<RoleId>, others: &'a [ViewedPlace]) -> Opening<'a> {
    let fits = |forum| {
        let mut of_forum = others.iter().filter(|other| other.place.forum == forum);
        of_forum.all(|other| other.viewers == *viewers)
    };
    if let Some(peer) = others.iter().find(|other| fits(other.place.forum)) {
        return Opening::With(peer);
    }
    let wider = others
        .iter()
        .find(|other| !other.viewers.is_subset(viewers));
    match (wider, others.first()) {
        (Some(other), _) => Opening::Narrower(other),
        (None, Some(other)) => Opening::Wider(
            others
                .iter()
                .find(|other| other.viewers != *viewers)
                .unwrap_or(other),
        ),
        (None, None) => Opening::First,
    }
}

#[cfg(test)]
mod tests {
    use bot_core::engine::Narrowness;
    use bot_core::forum::ForumId;
    use bot_core::platform::PlaceKey;

    use super::*;

    /// A place of a forum that these roles view.
    fn place(channel: u64, forum: i64, viewers: &[u64]) -> ViewedPlace {
        ViewedPlace {
            place: SharedPlace {
                key: PlaceKey(channel.to_string()),
                forum: ForumId(forum),
                home: format!("forum {forum}"),
                open: true,
                narrowness: Narrowness::Unsaid,
            },
            channel: ChannelId::new(channel),
            name: format!("channel {channel}"),
            viewers: roles(viewers),
        }
    }

    fn roles(ids: &[u64]) -> BTreeSet<RoleId> {
        ids.iter().copied().map(RoleId::new).collect()
    }

    #[test]
    fn a_channel_shares_the_forum_of_those_that_just_the_same_people_view() {
        let general = place(1, 7, &[100, 101, 102]);
        let mods = place(2, 8, &[102]);
        let all = [general.clone(), mods.clone()];
        let open = |ids: &[u64]| opening(&roles(ids), &all);
        assert_eq!(opening(&roles(&[100]), &[]), Opening::First);
        assert_eq!(open(&[100, 101, 102]), Opening::With(&general));
        assert_eq!(open(&[102]), Opening::With(&mods));
        assert_eq!(open(&[101]), Opening::Narrower(&general));
        assert_eq!(open(&[]), Opening::Narrower(&general));
        let only_mods = [mods.clone()];
        let wide = opening(&roles(&[100, 102]), &only_mods);
        assert_eq!(wide, Opening::Wider(&mods));
    }

    #[test]
    fn a_forum_that_was_shared_by_agreement_is_nobody_else_s_by_that() {
        let all = [place(1, 7, &[100, 102]), place(2, 7, &[102])];
        assert_eq!(
            opening(&roles(&[102]), &all),
            Opening::Narrower(&all[0]),
            "its admin was not asked"
        );
    }

    #[test]
    fn a_place_is_narrower_if_some_role_views_the_other_and_not_it() {
        let general = place(1, 7, &[100, 101]);
        let verified = place(2, 7, &[101]);
        let elsewhere = place(3, 8, &[]);
        let all = [general.clone(), verified.clone(), elsewhere.clone()];
        assert_eq!(wider(&all, &verified), Some(&general));
        assert_eq!(wider(&all, &general), None);
        assert_eq!(wider(&all, &elsewhere), None, "they share no forum");
    }
}
