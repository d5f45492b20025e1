//! The world as Discord writes it down: the JSON of users, members, channels, messages and guilds.

use serde_json::{Value, json};

use super::{
    World,
    channels::{Channel, Kind},
    interactions::{Asked, First, Interaction},
    messages::{HAS_THREAD, Message},
};
use crate::{Id, clock::written};

impl World {
    pub(crate) fn user_json(&self, id: Id) -> Value {
        let user = self.user(id);
        json!({
            "id": id,
            "username": user.name,
            "global_name": null,
            "discriminator": "0",
            "avatar": null,
            "banner": null,
            "accent_color": null,
            "avatar_decoration_data": null,
            "primary_guild": null,
            "public_flags": 0,
            "bot": user.is_bot,
        })
    }

    /// Somebody as a member, without the user: what is beside one elsewhere.
    pub(crate) fn partial_member_json(&self, guild: Id, user: Id) -> Value {
        let member = self
            .guilds
            .get(&guild)
            .and_then(|guild| guild.members.get(&user));
        json!({
            "nick": member.and_then(|member| member.nick.as_deref()),
            "roles": member.map_or(&[][..], |member| &member.roles),
            "joined_at": written(member.map_or(self.now, |member| member.joined)),
            "premium_since": null,
            "communication_disabled_until": member
                .filter(|member| member.is_timed_out)
                .map(|_| "2099-01-01T00:00:00.000000+00:00"),
            "avatar": null,
            "banner": null,
            "deaf": false,
            "mute": false,
            "pending": false,
            "flags": 0,
        })
    }

    pub(crate) fn member_json(&self, guild: Id, user: Id) -> Value {
        let mut member = self.partial_member_json(guild, user);
        member["user"] = self.user_json(user);
        member
    }

    pub(crate) fn role_json(&self, guild: Id, role: Id) -> Value {
        let guild = self.guilds.get(&guild);
        let role = guild
            .and_then(|guild| guild.roles.get(&role))
            .expect("who asks has found it");
        let mut data = json!({
            "id": role.id,
            "name": role.name,
            "color": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false,
            "icon": null,
            "unicode_emoji": null,
            "position": i32::from(guild.is_some_and(|guild| guild.id != role.id)),
            "permissions": role.permissions.to_string(),
            "managed": role.is_managed,
            "mentionable": false,
            "flags": 0,
        });
        if role.is_managed {
            data["tags"] = json!({ "bot_id": self.bot });
        }
        data
    }

    pub(crate) fn roles_json(&self, guild: Id) -> Vec<Value> {
        let roles = self.guilds.get(&guild).map(|guild| guild.roles.keys());
        let roles = roles.into_iter().flatten();
        roles.map(|role| self.role_json(guild, *role)).collect()
    }

    pub(crate) fn channel_json(&self, id: Id) -> Value {
        let channel = self.channel(id);
        let mut data = json!({
            "id": id,
            "type": channel.number(),
            "last_message_id": channel.last_message,
            "flags": channel.flags,
        });
        if channel.kind == Kind::Direct {
            let recipient = channel.recipient.map(|user| self.user_json(user));
            data["recipients"] = json!(recipient.into_iter().collect::<Vec<_>>());
            return data;
        }
        data["guild_id"] = json!(channel.guild);
        data["name"] = json!(channel.name);
        data["rate_limit_per_user"] = json!(channel.slow);
        data["parent_id"] = json!(channel.parent);
        match channel.kind {
            Kind::Thread => self.add_thread(channel, &mut data),
            _ => add_place(channel, &mut data),
        }
        data
    }

    fn add_thread(&self, channel: &Channel, data: &mut Value) {
        let Some(thread) = &channel.thread else {
            return;
        };
        let standing = self
            .messages
            .get(&channel.id)
            .map_or(0, |messages| messages.len());
        data["owner_id"] = json!(thread.owner);
        data["applied_tags"] = json!(thread.tags);
        data["message_count"] = json!(standing);
        data["total_message_sent"] = json!(thread.total_messages);
        data["member_count"] = json!(1);
        data["thread_metadata"] = json!({
            "archived": thread.is_archived,
            "locked": thread.is_locked,
            "auto_archive_duration": thread.archive_minutes,
            "archive_timestamp": written(thread.archive_changed),
            "create_timestamp": written(thread.created),
        });
    }

    /// A message as REST gives it.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let guild = self
            .channels
            .get(&message.channel)
            .and_then(|channel| channel.guild);
        let mentions: Vec<Value> = message
            .mentions
            .iter()
            .map(|user| {
                let mut json = self.user_json(*user);
                if let Some(guild) = guild {
                    json["member"] = self.partial_member_json(guild, *user);
                }
                json
            })
            .collect();
        let mut data = json!({
            "id": message.id,
            "channel_id": message.channel,
            "author": self.user_json(message.author),
            "type": message.kind,
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": self.files_json(message),
            "timestamp": written(message.created),
            "edited_timestamp": message.edited.map(written),
            "flags": message.flags,
            "mentions": mentions,
            "mention_roles": message.mention_roles,
            "mention_everyone": message.mention_everyone,
            "pinned": false,
            "tts": false,
        });
        if !message.reactions.is_empty() {
            data["reactions"] = self.reactions_json(message);
        }
        if message.author == self.bot && message.interaction.is_some() {
            data["application_id"] = json!(self.app);
            data["webhook_id"] = json!(self.app);
        }
        self.add_links(message, &mut data);
        data
    }

    fn add_links(&self, message: &Message, data: &mut Value) {
        if let Some(interaction) = message
            .interaction
            .and_then(|id| self.interactions.get(&id))
        {
            data["interaction_metadata"] = self.metadata_json(interaction);
        }
        if let Some(replied) = message.reply_to {
            data["message_reference"] = json!({
                "type": 0,
                "channel_id": message.channel,
                "message_id": replied,
            });
            let shown = self.message(message.channel, replied);
            data["referenced_message"] = json!(shown.map(|shown| self.message_json(shown)));
        }
        if message.flags & HAS_THREAD != 0 && self.channels.contains_key(&message.id) {
            data["thread"] = self.channel_json(message.id);
        }
        if let Some(nonce) = &message.nonce {
            data["nonce"] = nonce.clone();
        }
    }

    /// What is told of an interaction with the message that answers it; of a dialog, what opened it besides.
    fn metadata_json(&self, interaction: &Interaction) -> Value {
        let guild = self
            .channels
            .get(&interaction.channel)
            .and_then(|it| it.guild);
        let mut metadata = json!({
            "id": interaction.id,
            "type": interaction.asked as u8,
            "user": self.user_json(interaction.user),
            "authorizing_integration_owners": { "0": guild.map_or("0".to_owned(), |guild| guild.to_string()) },
        });
        if let Some(source) = interaction.source {
            metadata["interacted_message_id"] = json!(source);
        }
        if interaction.asked == Asked::Modal {
            let opener = self.interactions.values().filter(|it| {
                it.id < interaction.id
                    && it.user == interaction.user
                    && it.channel == interaction.channel
                    && matches!(it.first, Some(First::Modal(_)))
            });
            if let Some(opener) = opener.max_by_key(|it| it.id) {
                metadata["triggering_interaction_metadata"] = self.metadata_json(opener);
            }
        }
        metadata
    }

    fn files_json(&self, message: &Message) -> Vec<Value> {
        let one = |file: &super::messages::File| {
            let url = format!(
                "https://cdn.discordapp.com/attachments/{}/{}/{}",
                message.channel, file.id, file.name
            );
            json!({
                "id": file.id,
                "filename": file.name,
                "size": file.bytes.len(),
                "url": url,
                "proxy_url": url,
            })
        };
        message.files.iter().map(one).collect()
    }

    fn reactions_json(&self, message: &Message) -> Value {
        let one = |reaction: &super::reactions::Reaction| {
            let (normal, burst) = (reaction.users.len(), reaction.bursts.len());
            let colors = if burst > 0 { &["#ffcc4d"][..] } else { &[] };
            json!({
                "emoji": reaction.emoji.json(),
                "count": normal + burst,
                "count_details": { "burst": burst, "normal": normal },
                "burst_colors": colors,
                "me": reaction.users.contains(&self.bot),
                "me_burst": reaction.bursts.contains(&self.bot),
            })
        };
        message.reactions.iter().map(one).collect()
    }

    /// A message as the gateway gives it: with its guild and its author's place there.
    pub(crate) fn message_event_json(&self, message: &Message) -> Value {
        let mut data = self.message_json(message);
        if let Some(guild) = self.channel(message.channel).guild {
            data["guild_id"] = json!(guild);
            data["member"] = self.partial_member_json(guild, message.author);
        }
        data
    }

    pub(crate) fn guild_json(&self, id: Id) -> Value {
        let guild = self.guilds.get(&id).expect("who asks has found it");
        json!({
            "id": id,
            "name": guild.name,
            "owner_id": guild.owner,
            "roles": self.roles_json(id),
            "afk_channel_id": null,
            "afk_timeout": 300,
            "application_id": null,
            "banner": null,
            "default_message_notifications": 1,
            "description": null,
            "discovery_splash": null,
            "emojis": [],
            "explicit_content_filter": 0,
            "features": [],
            "icon": null,
            "max_members": 500_000,
            "max_presences": null,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "mfa_level": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": false,
            "premium_subscription_count": 0,
            "premium_tier": 0,
            "public_updates_channel_id": null,
            "rules_channel_id": null,
            "safety_alerts_channel_id": null,
            "splash": null,
            "stickers": [],
            "system_channel_flags": 0,
            "system_channel_id": null,
            "vanity_url_code": null,
            "verification_level": 0,
            "widget_enabled": false,
            "widget_channel_id": null,
        })
    }

    /// A guild as the gateway gives it. Like Discord, it shows only what the bot may see, and only threads that are not archived.
    pub(crate) fn guild_create_json(&self, id: Id) -> Value {
        let guild = self.guilds.get(&id).expect("who asks has found it");
        let seen = self
            .channels
            .values()
            .filter(|channel| channel.guild == Some(id) && self.rights(channel.id, self.bot) != 0);
        let (threads, places): (Vec<_>, Vec<_>) =
            seen.partition(|channel| channel.kind == Kind::Thread);
        let joined = guild
            .members
            .get(&self.bot)
            .map_or(self.now, |bot| bot.joined);
        let mut data = self.guild_json(id);
        let all = |channels: &[&Channel]| -> Vec<Value> {
            channels
                .iter()
                .map(|channel| self.channel_json(channel.id))
                .collect()
        };
        data["channels"] = json!(all(&places));
        let threads: Vec<_> = threads
            .into_iter()
            .filter(|thread| !thread.is_archived())
            .collect();
        data["threads"] = json!(all(&threads));
        let members: Vec<Value> = guild
            .members
            .keys()
            .map(|user| self.member_json(id, *user))
            .collect();
        data["member_count"] = json!(members.len());
        data["members"] = json!(members);
        data["joined_at"] = json!(written(joined));
        data["large"] = json!(false);
        data["unavailable"] = json!(false);
        for key in [
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        ] {
            data[key] = json!([]);
        }
        data
    }
}

fn add_place(channel: &Channel, data: &mut Value) {
    let overwrites = channel.overwrites.iter().map(|overwrite| {
        json!({
            "id": overwrite.target,
            "type": u8::from(overwrite.is_member),
            "allow": overwrite.allow.to_string(),
            "deny": overwrite.deny.to_string(),
        })
    });
    data["permission_overwrites"] = overwrites.collect();
    data["position"] = json!(0);
    data["topic"] = json!(channel.topic);
    data["nsfw"] = json!(false);
    if channel.kind == Kind::Forum {
        let tags = channel.tags.iter().map(|tag| {
            json!({
                "id": tag.id,
                "name": tag.name,
                "moderated": tag.is_moderated,
                "emoji_id": null,
                "emoji_name": null,
            })
        });
        data["available_tags"] = tags.collect();
        data["default_reaction_emoji"] = Value::Null;
        data["default_sort_order"] = Value::Null;
        data["default_forum_layout"] = json!(0);
    }
}
