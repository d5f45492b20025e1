//! What people do, without a bot.
