//! The permissions that matter to the fake, as Discord numbers them.

/// May do everything.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// May change channels.
pub const MANAGE_CHANNELS: u64 = 1 << 4;
/// May change the guild.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// May be the first to react with an emoji.
pub const ADD_REACTIONS: u64 = 1 << 6;
/// May read the guild's audit log.
pub const VIEW_AUDIT_LOG: u64 = 1 << 7;
/// May see a channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// May write, and post in forums.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// May delete messages and reactions of others.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// May post embeds.
pub const EMBED_LINKS: u64 = 1 << 14;
/// May attach files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// May see what was written before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// May ping everyone.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// May use commands.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
/// May archive, lock, rename and delete threads of others.
pub const MANAGE_THREADS: u64 = 1 << 34;
/// May open threads.
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
/// May open threads that only those see who were added to them.
pub const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
/// May write in threads.
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// What everybody may do in a guild at first.
pub const EVERYONE: u64 = ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS;

/// What the bot may do in a guild at first.
pub const BOT: u64 = EVERYONE & !CREATE_PRIVATE_THREADS | MANAGE_MESSAGES | MANAGE_THREADS;

pub(crate) const ALL: u64 = (1 << 53) - 1;
