//! By whose hand a message is gone that a post was made from. Discord does not say; but a server's audit log tells what people took away
//! that others had written, where the bot may read it.

use std::time::Duration;

use bot_core::command::Target;
use bot_core::engine::Fault;
use bot_core::forum::Role;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::id::{AuditLogEntryId, GuildId, UserId};

use crate::PLATFORM;
use crate::channels::Location;
use crate::conventions::role;
use crate::event_handler::EventHandler;
use crate::inbound::Used;
use crate::names;
use crate::rest::Failure;

/// Discord's number for a message that somebody took away who had not written it.
const MESSAGE_DELETED: u8 = 72;
/// How long before a message was gone its entry may have been made: Discord counts several that one person takes away in one.
const BEGUN: Duration = Duration::from_secs(24 * 60 * 60);

impl EventHandler {
    /// Finds out whether somebody took their own message away, of which a post was made that is hidden since; then they can show it again.
    pub(super) async fn finds_out(
        &self,
        used: &Used,
        location: &Location,
        post: Target,
    ) -> Result<(), Fault> {
        let (None, Some(guild)) = (&location.common, location.guild) else {
            return Ok(());
        };
        if role(used.permissions) >= Role::Moderator {
            return Ok(());
        }
        let (place, person) = (location.key(), names::person(used.user));
        let here = location.root.as_ref();
        let gone = self.core.gone_source(PLATFORM, &place, &person, post, here);
        let Some(gone) = gone.await? else {
            return Ok(());
        };
        // By Discord's own clock.
        let now = used.id.created_at().unix_timestamp();
        let ago = i64::try_from((gone.ago + BEGUN).as_secs()).unwrap_or(i64::MAX);
        match self
            .others_took(guild, used.user, now.saturating_sub(ago))
            .await
        {
            Ok(false) => self.core.gone_by_author(gone).await,
            Ok(true) => Ok(()),
            Err(failure) => {
                tracing::debug!(%failure, "a server's audit log can't be read");
                Ok(())
            }
        }
    }

    /// Whether others took away anything of somebody's since a moment, in seconds, as the server's audit log says.
    async fn others_took(&self, guild: u64, user: UserId, since: i64) -> Result<bool, Failure> {
        let route = Route::GuildAuditLogs {
            guild_id: GuildId::new(guild),
        };
        let params = vec![
            ("action_type", MESSAGE_DELETED.to_string()),
            ("target_id", user.to_string()),
            ("limit", "1".to_owned()),
        ];
        let log = self.rest.get(route, params).await?;
        let unread = || Failure::Trouble {
            why: "Discord gives a server's audit log without entries".to_owned(),
        };
        let entries = log["audit_log_entries"].as_array().ok_or_else(unread)?;
        let newest = entries.iter().filter_map(made).max();
        Ok(newest.is_some_and(|made| made >= since))
    }
}

/// When an entry was made, in seconds.
fn made(entry: &Value) -> Option<i64> {
    let id = entry["id"].as_str().and_then(names::id)?;
    Some(AuditLogEntryId::new(id).created_at().unix_timestamp())
}
