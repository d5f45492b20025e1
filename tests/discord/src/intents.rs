//! The gateway intents, as Discord numbers them.

/// Guilds, channels, threads and roles.
pub const GUILDS: u64 = 1 << 0;
/// People who come, go and change. Privileged.
pub const GUILD_MEMBERS: u64 = 1 << 1;
/// Bans, and the audit log.
pub const GUILD_MODERATION: u64 = 1 << 2;
/// Who is there. Privileged.
pub const GUILD_PRESENCES: u64 = 1 << 8;
/// Messages in guilds.
pub const GUILD_MESSAGES: u64 = 1 << 9;
/// Reactions in guilds.
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
/// Direct messages.
pub const DIRECT_MESSAGES: u64 = 1 << 12;
/// Reactions in direct messages.
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
/// What other people's messages say. Privileged.
pub const MESSAGE_CONTENT: u64 = 1 << 15;

pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

/// Every bit that Discord knows.
pub(crate) const KNOWN: u64 = 0x0331_FFFF;
