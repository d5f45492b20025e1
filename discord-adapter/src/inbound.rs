//! What the gateway tells, in the adapter's own words. Pure; serenity's events end here.

use serde_json::Value;
use serenity::model::application::{
    ActionRowComponent, CommandDataOption, CommandDataOptionValue, CommandInteraction, Interaction,
    MessageInteractionMetadata,
};
use serenity::model::channel::{Message, MessageType, PartialChannel, ReactionType};
use serenity::model::event::Event;
use serenity::model::guild::audit_log::{Action, AuditLogEntry, MessageAction};
use serenity::model::guild::{self, Member};
use serenity::model::id::{ChannelId, GuildId, InteractionId, MessageId, RoleId, UserId};
use serenity::model::user::User;

use bot_core::panics::{self, PanicPoint, Panicked};
use bot_core::platform::{MessageKey, SendKey};

use crate::channels::{Channel, ChannelKind};
use crate::commands::OptionValue;
use crate::custom_id;
use crate::names;
use crate::permissions::{RoleTags, Server, ServerRole};
use crate::spoken;

/// Something that happened on Discord.
#[derive(Debug)]
pub(crate) enum Inbound {
    /// A session begins: what happened before it was not told.
    Began,
    /// A channel is there, or has changed.
    Channel(ChannelId, Channel),
    /// A server is there with its roles, or has changed; its channels were told before.
    Server(Server),
    /// A server has a role, or one of it has changed.
    Role(GuildId, ServerRole),
    /// A server's role is gone.
    RoleGone(GuildId, RoleId),
    /// A channel of a server is gone.
    ChannelGone(ChannelId, GuildId),
    /// The bot was removed from a server.
    GuildGone(GuildId),
    /// A card of the bot's own, or an answer that all see, stands there now: what happens to it is told after this.
    Sent {
        /// The card.
        card: MessageKey,
        /// The name it was sent under.
        key: SendKey,
    },
    /// Somebody reacted, or took it back.
    Reaction {
        /// The channel of the message.
        channel: ChannelId,
        /// The message.
        on: MessageKey,
        /// Who.
        user: UserId,
        /// What they are called, where it is told.
        name: Option<PersonNames>,
        /// With what.
        emoji: String,
        /// Whether it was taken back.
        gone: bool,
    },
    /// All reactions, or all with one emoji, are gone.
    ReactionsGone {
        /// The channel of the message.
        channel: ChannelId,
        /// The message.
        on: MessageKey,
    },
    /// A message is gone; it is not told by whom.
    MessageGone {
        /// Its channel.
        channel: ChannelId,
        /// It.
        message: MessageKey,
    },
    /// Messages are gone together.
    MessagesGone {
        /// Their channel.
        channel: ChannelId,
        /// They.
        messages: Vec<MessageKey>,
    },
    /// Somebody took a message of the bot's away, as the server's audit log says.
    TookOurs {
        /// Its channel.
        channel: ChannelId,
        /// Who.
        user: UserId,
    },
    /// A thread is gone with all that is in it.
    ThreadGone {
        /// It.
        thread: ChannelId,
        /// The channel that it hung in.
        parent: ChannelId,
    },
    /// Somebody used something of the bot's and waits for what it says.
    Used(Box<Used>),
    /// Somebody did so, and it could not be read what.
    Unread(Unread),
}

/// Something that somebody used and that could not be read.
#[derive(Debug)]
pub(crate) struct Unread {
    /// The interaction.
    pub(crate) id: InteractionId,
    /// What it is answered with.
    pub(crate) token: String,
    /// Where.
    pub(crate) channel: ChannelId,
    /// Why it could not be read.
    pub(crate) why: Panicked,
}

/// What a person is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PersonNames {
    /// The name that the server's people see.
    pub(crate) name: String,
    /// The username, which no other account has.
    pub(crate) account: String,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageAuthor {
    /// Who.
    pub(crate) user: UserId,
    /// What they are called.
    pub(crate) name: String,
    /// Their username.
    pub(crate) account: String,
    /// Whether it is a program.
    pub(crate) bot: bool,
}

/// Somebody used a command, a button or a dialog.
#[derive(Clone, Debug)]
pub(crate) struct Used {
    /// The interaction.
    pub(crate) id: InteractionId,
    /// What it is answered with.
    pub(crate) token: String,
    /// Who.
    pub(crate) user: UserId,
    /// What they are called there.
    pub(crate) name: String,
    /// Their username.
    pub(crate) account: String,
    /// What they may in the channel.
    pub(crate) permissions: u64,
    /// Whether the server has timed them out.
    pub(crate) timed_out: bool,
    /// What the bot may in the channel, where Discord says it.
    pub(crate) app_permissions: Option<u64>,
    /// Their roles.
    pub(crate) roles: Vec<u64>,
    /// Where.
    pub(crate) channel: ChannelId,
    /// In which server; in none in a conversation.
    pub(crate) guild: Option<GuildId>,
    /// The thread that it was in: one that is private may be known by nothing else.
    pub(crate) thread: Option<Channel>,
    /// What.
    pub(crate) what: Use,
}

impl Used {
    /// As the author's doing, who may nothing special by what somebody else did for them.
    pub(crate) fn by(&self, author: &MessageAuthor) -> Self {
        let mut used = self.clone();
        if used.user != author.user {
            used.user = author.user;
            used.name.clone_from(&author.name);
            used.account.clone_from(&author.account);
            used.permissions = 0;
            used.roles.clear();
        }
        used
    }
}

/// What somebody used.
#[derive(Clone, Debug)]
pub(crate) enum Use {
    /// A slash command.
    Slash(String, Vec<(String, OptionValue)>),
    /// A slash command that is still being typed: the option that is typed, and what is there of it.
    Typing(String, String),
    /// What can be done with a message.
    Menu {
        /// Its name in the menu.
        name: String,
        /// The message.
        message: MessageKey,
        /// Who wrote it.
        author: MessageAuthor,
        /// What it says.
        text: String,
        /// Whether pictures or files are with it.
        files: bool,
        /// The message that it is a reply to.
        replies_to: Option<MessageKey>,
    },
    /// A button.
    Button {
        /// Its id.
        id: String,
        /// The message that it is below.
        message: MessageKey,
    },
    /// A dialog that was filled in.
    Dialog {
        /// Its id.
        id: String,
        /// What is in its inputs, by their ids.
        inputs: Vec<(String, String)>,
    },
}

/// The interaction by which somebody waits for an answer in words, what it is answered with, and where they are.
pub(crate) fn waits(event: &Event) -> Option<(InteractionId, String, ChannelId)> {
    let Event::InteractionCreate(event) = event else {
        return None;
    };
    match &event.interaction {
        Interaction::Command(used) => Some((used.id, used.token.clone(), used.channel_id)),
        Interaction::Component(used) => Some((used.id, used.token.clone(), used.channel_id)),
        Interaction::Modal(used) => Some((used.id, used.token.clone(), used.channel_id)),
        _ => None,
    }
}

/// What an event means; none where it means nothing to the forum. The bot's own doings are left out.
pub(crate) fn from_event(event: Event, own: UserId) -> Vec<Inbound> {
    match event {
        Event::Ready(_) => vec![Inbound::Began],
        Event::GuildCreate(guild) => {
            let guild_id = guild.guild.id;
            let told = &guild.guild;
            let server = server((guild_id, &told.name, told.owner_id), told.roles.values());
            let channels = guild.guild.channels.into_values();
            channels
                .chain(guild.guild.threads)
                .filter_map(|channel| known(&channel, Some(guild_id)))
                .chain([server])
                .collect()
        }
        Event::GuildUpdate(event) => {
            let told = &event.guild;
            let of = (told.id, told.name.as_str(), told.owner_id);
            vec![server(of, told.roles.values())]
        }
        Event::GuildRoleCreate(event) => {
            vec![Inbound::Role(event.role.guild_id, role(&event.role))]
        }
        Event::GuildRoleUpdate(event) => {
            vec![Inbound::Role(event.role.guild_id, role(&event.role))]
        }
        Event::GuildRoleDelete(event) => vec![Inbound::RoleGone(event.guild_id, event.role_id)],
        Event::GuildDelete(gone) if !gone.guild.unavailable => {
            vec![Inbound::GuildGone(gone.guild.id)]
        }
        Event::ChannelCreate(event) => known(&event.channel, None).into_iter().collect(),
        Event::ChannelUpdate(event) => known(&event.channel, None).into_iter().collect(),
        Event::ThreadCreate(event) => known(&event.thread, None).into_iter().collect(),
        Event::ThreadUpdate(event) => known(&event.thread, None).into_iter().collect(),
        Event::ChannelDelete(event) => {
            vec![Inbound::ChannelGone(
                event.channel.id,
                event.channel.guild_id,
            )]
        }
        Event::ThreadDelete(event) => vec![Inbound::ThreadGone {
            thread: event.thread.id,
            parent: event.thread.parent_id,
        }],
        Event::MessageCreate(event) if event.message.author.id == own => {
            sent(&event.message).into_iter().collect()
        }
        Event::ReactionAdd(event) => {
            let reaction = event.reaction;
            // Bots are not people.
            if reaction
                .member
                .as_ref()
                .is_some_and(|member| member.user.bot)
            {
                return Vec::new();
            }
            let name = reaction.member.as_ref();
            let name = name.map(|member| PersonNames {
                name: called(member),
                account: account(&member.user),
            });
            let on = names::message(reaction.channel_id, reaction.message_id);
            reacted(
                reaction.channel_id,
                on,
                reaction.user_id,
                name,
                &reaction.emoji,
                false,
                own,
            )
        }
        Event::ReactionRemove(event) => {
            let reaction = event.reaction;
            let on = names::message(reaction.channel_id, reaction.message_id);
            reacted(
                reaction.channel_id,
                on,
                reaction.user_id,
                None,
                &reaction.emoji,
                true,
                own,
            )
        }
        Event::ReactionRemoveAll(event) => vec![Inbound::ReactionsGone {
            channel: event.channel_id,
            on: names::message(event.channel_id, event.message_id),
        }],
        Event::GuildAuditLogEntryCreate(event) => took(&event.entry, own).into_iter().collect(),
        Event::MessageDelete(event) => vec![Inbound::MessageGone {
            channel: event.channel_id,
            message: names::message(event.channel_id, event.message_id),
        }],
        Event::MessageDeleteBulk(event) => {
            let gone = event.ids.into_iter();
            vec![Inbound::MessagesGone {
                channel: event.channel_id,
                messages: gone
                    .map(|message| names::message(event.channel_id, message))
                    .collect(),
            }]
        }
        Event::InteractionCreate(event) => used(event.interaction)
            .map(|used| Inbound::Used(Box::new(used)))
            .into_iter()
            .collect(),
        // Serenity wants of it what Discord does not send.
        Event::Unknown(event) if event.kind == "MESSAGE_REACTION_REMOVE_EMOJI" => {
            emoji_gone(&event.value).into_iter().collect()
        }
        Event::Unknown(event) => {
            tracing::debug!(kind = event.kind, "an event that is not known");
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A message of the bot's own that somebody took away.
fn took(entry: &AuditLogEntry, own: UserId) -> Option<Inbound> {
    let is_ours = entry
        .target_id
        .is_some_and(|target| target.get() == own.get());
    let deleted = matches!(entry.action, Action::Message(MessageAction::Delete));
    if !is_ours || !deleted || entry.user_id == own {
        return None;
    }
    Some(Inbound::TookOurs {
        channel: entry.options.as_ref()?.channel_id?,
        user: entry.user_id,
    })
}

/// A server as far as who can view what goes.
fn server<'a>(
    (id, name, owner_id): (GuildId, &str, UserId),
    roles: impl Iterator<Item = &'a guild::Role>,
) -> Inbound {
    Inbound::Server(Server {
        id,
        name: name.to_owned(),
        owner_id,
        roles: roles.map(role).collect(),
    })
}

fn role(role: &guild::Role) -> ServerRole {
    ServerRole {
        id: role.id,
        name: role.name.clone(),
        permissions: role.permissions,
        tags: RoleTags {
            bot_id: role.tags.bot_id,
        },
    }
}

fn sent(message: &Message) -> Option<Inbound> {
    let components = serde_json::to_value(&message.components).ok()?;
    let key = custom_id::send_key_of(&components).or_else(|| answers(message));
    Some(Inbound::Sent {
        card: names::message(message.channel_id, message.id),
        key: key?,
    })
}

/// The name of a message that answers somebody before all, such as a shared page.
fn answers(message: &Message) -> Option<SendKey> {
    let id = match message.interaction_metadata.as_deref()? {
        MessageInteractionMetadata::Command(of) => of.id,
        MessageInteractionMetadata::Component(of) => of.id,
        MessageInteractionMetadata::ModalSubmit(of) => of.id,
        _ => return None,
    };
    Some(names::answer(id))
}

fn known(channel: &impl serde::Serialize, guild: Option<GuildId>) -> Option<Inbound> {
    let mut channel = serde_json::to_value(channel).ok()?;
    if let (Some(guild), Some(fields)) = (guild, channel.as_object_mut()) {
        fields.insert("guild_id".to_owned(), Value::String(guild.to_string()));
    }
    let (id, channel) = Channel::read(&channel)?;
    Some(Inbound::Channel(id, channel))
}

fn reacted(
    channel: ChannelId,
    on: MessageKey,
    user: Option<UserId>,
    name: Option<PersonNames>,
    emoji: &ReactionType,
    gone: bool,
    own: UserId,
) -> Vec<Inbound> {
    // A server's own emoji means nothing to the forum.
    let (Some(user), ReactionType::Unicode(emoji)) = (user, emoji) else {
        return Vec::new();
    };
    if user == own {
        return Vec::new();
    }
    let emoji = emoji.clone();
    vec![Inbound::Reaction {
        channel,
        on,
        user,
        name,
        emoji,
        gone,
    }]
}

fn emoji_gone(event: &Value) -> Option<Inbound> {
    let id = |name: &str| event.get(name)?.as_str().and_then(names::id);
    let channel = ChannelId::new(id("channel_id")?);
    let on = names::message(channel, MessageId::new(id("message_id")?));
    Some(Inbound::ReactionsGone { channel, on })
}

fn called(member: &Member) -> String {
    member.nick.clone().unwrap_or_else(|| name(&member.user))
}

/// The name that no other account has.
fn account(user: &User) -> String {
    user.tag()
}

fn name(user: &User) -> String {
    user.global_name
        .clone()
        .unwrap_or_else(|| user.name.clone())
}

fn used(interaction: Interaction) -> Option<Used> {
    match interaction {
        Interaction::Ping(_) => None,
        Interaction::Command(command) => {
            let what = picked(&command)?;
            Some(command_used(command, what))
        }
        Interaction::Autocomplete(command) => {
            let typed = command.data.autocomplete()?;
            let what = Use::Typing(typed.name.to_owned(), typed.value.to_owned());
            Some(command_used(command, what))
        }
        Interaction::Component(pressed) => Some(Used {
            id: pressed.id,
            token: pressed.token,
            user: pressed.user.id,
            account: account(&pressed.user),
            name: pressed
                .member
                .as_ref()
                .map_or_else(|| name(&pressed.user), called),
            permissions: may(pressed.member.as_ref()),
            timed_out: timed_out(pressed.member.as_ref(), pressed.id),
            app_permissions: pressed.app_permissions.map(|all| all.bits()),
            roles: roles(pressed.member.as_ref()),
            channel: pressed.channel_id,
            guild: pressed.guild_id,
            thread: thread(pressed.channel.as_ref(), pressed.guild_id),
            what: Use::Button {
                id: pressed.data.custom_id,
                message: names::message(pressed.channel_id, pressed.message.id),
            },
        }),
        Interaction::Modal(filled) => {
            let inputs = filled
                .data
                .components
                .into_iter()
                .flat_map(|row| row.components);
            let inputs = inputs.filter_map(|input| match input {
                ActionRowComponent::InputText(input) => {
                    Some((input.custom_id, input.value.unwrap_or_default()))
                }
                _ => None,
            });
            Some(Used {
                id: filled.id,
                token: filled.token,
                user: filled.user.id,
                account: account(&filled.user),
                name: filled
                    .member
                    .as_ref()
                    .map_or_else(|| name(&filled.user), called),
                permissions: may(filled.member.as_ref()),
                timed_out: timed_out(filled.member.as_ref(), filled.id),
                app_permissions: filled.app_permissions.map(|all| all.bits()),
                roles: roles(filled.member.as_ref()),
                channel: filled.channel_id,
                guild: filled.guild_id,
                thread: thread(filled.channel.as_ref(), filled.guild_id),
                what: Use::Dialog {
                    id: filled.data.custom_id,
                    inputs: inputs.collect(),
                },
            })
        }
        _ => None,
    }
}

fn command_used(command: CommandInteraction, what: Use) -> Used {
    let member = command.member.as_deref();
    Used {
        id: command.id,
        user: command.user.id,
        account: account(&command.user),
        name: member.map_or_else(|| name(&command.user), called),
        permissions: may(member),
        timed_out: timed_out(member, command.id),
        app_permissions: command.app_permissions.map(|all| all.bits()),
        roles: roles(member),
        channel: command.channel_id,
        guild: command.guild_id,
        thread: thread(command.channel.as_ref(), command.guild_id),
        token: command.token,
        what,
    }
}

/// The thread that something was used in, as it came with it.
fn thread(channel: Option<&PartialChannel>, guild: Option<GuildId>) -> Option<Channel> {
    match known(channel?, guild)? {
        Inbound::Channel(_, channel) if matches!(channel.kind, ChannelKind::Thread(_)) => {
            Some(channel)
        }
        _ => None,
    }
}

/// What a member may in the channel, as Discord says it with each interaction.
fn may(member: Option<&Member>) -> u64 {
    member
        .and_then(|member| member.permissions)
        .map_or(0, |permissions| permissions.bits())
}

/// Whether a server had timed a member out when they used something: by Discord's clock, which is in the id of it.
fn timed_out(member: Option<&Member>, used: InteractionId) -> bool {
    let until = member.and_then(|member| member.communication_disabled_until);
    until.is_some_and(|until| until > used.created_at())
}

fn roles(member: Option<&Member>) -> Vec<u64> {
    let roles = member.map(|member| member.roles.as_slice());
    roles.into_iter().flatten().map(|role| role.get()).collect()
}

fn picked(command: &CommandInteraction) -> Option<Use> {
    let name = command.data.name.clone();
    if let Some(target) = command.data.target_id {
        let message: &Message = command
            .data
            .resolved
            .messages
            .get(&target.to_message_id())?;
        return Some(Use::Menu {
            name,
            message: names::message(command.channel_id, message.id),
            author: MessageAuthor {
                user: message.author.id,
                name: self::name(&message.author),
                account: account(&message.author),
                bot: message.author.bot || message.webhook_id.is_some(),
            },
            text: spoken::spoken(message),
            files: spoken::has_files(message),
            replies_to: replied_to(message),
        });
    }
    Some(Use::Slash(name, options(&command.data.options)))
}

/// The message of the same channel that one is a reply to: one that is forwarded is referred to, too.
fn replied_to(message: &Message) -> Option<MessageKey> {
    let to = message.message_reference.as_ref()?;
    if message.kind != MessageType::InlineReply || to.channel_id != message.channel_id {
        return None;
    }
    Some(names::message(to.channel_id, to.message_id?))
}

fn options(given: &[CommandDataOption]) -> Vec<(String, OptionValue)> {
    let mut options = Vec::new();
    for option in given {
        let value = match &option.value {
            CommandDataOptionValue::String(text) => {
                panics::here(PanicPoint::Event, text);
                OptionValue::Text(text.clone())
            }
            CommandDataOptionValue::Integer(number) => OptionValue::Number(*number),
            CommandDataOptionValue::SubCommand(below) => {
                options.push((option.name.clone(), OptionValue::Subcommand));
                options.extend(self::options(below));
                continue;
            }
            _ => continue,
        };
        options.push((option.name.clone(), value));
    }
    options
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serenity::model::application::ActionRow;

    /// Why dialogs have rows: once this fails, they can have labels, selects and checkboxes.
    #[test]
    fn what_was_filled_into_a_label_is_lost_before_it_is_handed_on() {
        let input = json!({ "type": 4, "id": 3, "custom_id": "title", "value": "Why?" });
        let row = json!({ "type": 1, "id": 2, "components": [input] });
        let label = json!({ "type": 18, "id": 2, "component": input });
        let read = |component| serde_json::from_value::<ActionRow>(component);
        assert_eq!(read(row).map(|row| row.components.len()).ok(), Some(1));
        assert_eq!(read(label).map(|row| row.components.len()).ok(), Some(0));
    }
}
