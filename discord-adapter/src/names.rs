//! Discord's names as the core keeps them. A message is `{channel}/{message}`, since nothing can be done with it without its
//! channel; a reaction, which has no name of its own, is `{channel}/{message}/{user}/{emoji}`. Pure.

use bot_core::platform::{MessageKey, PersonKey, PlaceKey, SendKey};
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

/// A channel.
pub(crate) fn place(channel: ChannelId) -> PlaceKey {
    PlaceKey(channel.to_string())
}

/// A person.
pub(crate) fn person(user: UserId) -> PersonKey {
    PersonKey(user.to_string())
}

/// Who did what nobody did, or nobody knows who, in the channel or server with this number: it takes turns with people.
pub(crate) fn nobody(there: u64) -> PersonKey {
    PersonKey(there.to_string())
}

/// A message.
pub(crate) fn message(channel: ChannelId, message: MessageId) -> MessageKey {
    MessageKey(format!("{channel}/{message}"))
}

/// A reaction.
pub(crate) fn reaction(on: &MessageKey, user: UserId, emoji: &str) -> MessageKey {
    MessageKey(format!("{on}/{user}/{emoji}"))
}

/// The core's name for a message by which somebody is answered before all.
pub(crate) fn answer(interaction: InteractionId) -> SendKey {
    SendKey(format!("i{interaction}"))
}

/// The channel of a place.
pub(crate) fn channel(place: &PlaceKey) -> Option<ChannelId> {
    id(&place.0).map(ChannelId::new)
}

/// The channel and the message of a message's name.
pub(crate) fn parts(message: &MessageKey) -> Option<(ChannelId, MessageId)> {
    let (channel, message) = message.0.split_once('/')?;
    Some((ChannelId::new(id(channel)?), MessageId::new(id(message)?)))
}

/// Where a message of a server is looked at.
pub(crate) fn link(message: &MessageKey, guild: Option<u64>) -> Option<String> {
    let (channel, message) = parts(message)?;
    let guild = guild?;
    Some(format!(
        "https://discord.com/channels/{guild}/{channel}/{message}"
    ))
}

/// Where a channel is looked at; a conversation is of no server.
pub(crate) fn channel_link(channel: ChannelId, guild: Option<u64>) -> String {
    let guild = guild.map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
    format!("https://discord.com/channels/{guild}/{channel}")
}

/// The thread below a message: it has the message's number.
pub(crate) fn thread(root: &MessageKey) -> Option<ChannelId> {
    parts(root).map(|(_, message)| ChannelId::new(message.get()))
}

/// Who reacted, and with what.
pub(crate) fn reacted(reaction: &MessageKey) -> Option<(UserId, &str)> {
    let mut parts = reaction.0.splitn(4, '/').skip(2);
    let user = UserId::new(id(parts.next()?)?);
    Some((user, parts.next()?))
}

/// The message that a reaction is on.
pub(crate) fn reacted_on(reaction: &MessageKey) -> Option<(ChannelId, MessageId)> {
    let mut names = reaction.0.split('/');
    let message = format!("{}/{}", names.next()?, names.next()?);
    parts(&MessageKey(message))
}

/// An emoji as it stands in an address.
pub(crate) fn encoded(emoji: &str) -> String {
    emoji.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// One of Discord's numbers.
pub(crate) fn id(written: &str) -> Option<u64> {
    written.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_were_written() {
        let (channel_id, message_id) = (ChannelId::new(7), MessageId::new(9));
        let card = message(channel_id, message_id);
        assert_eq!(card.0, "7/9");
        assert_eq!(parts(&card), Some((channel_id, message_id)));
        assert_eq!(thread(&card), Some(ChannelId::new(9)));
        let vote = reaction(&card, UserId::new(5), "👍");
        assert_eq!(reacted(&vote), Some((UserId::new(5), "👍")));
        assert_eq!(reacted_on(&vote), Some((channel_id, message_id)));
        assert_eq!(encoded("👍"), "%F0%9F%91%8D");
        assert_eq!(channel(&place(channel_id)), Some(channel_id));
        for wrong in ["", "7", "7/", "0/9", "7/x", "/"] {
            assert_eq!(parts(&MessageKey(wrong.to_owned())), None, "{wrong}");
        }
    }
}
