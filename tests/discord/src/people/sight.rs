//! What somebody sees: places that they may look into, and there what is for all or for them.

use super::{Channel, Message, Person};
use crate::{
    Id, permissions as may, transcript,
    world::{World, messages},
};

impl Person {
    /// Whether they may look into a channel.
    #[must_use]
    pub fn sees(&self, channel: &Channel) -> bool {
        self.shared
            .look(|world| world.may(channel.id, self.id, may::VIEW_CHANNEL))
    }

    /// Whether they see a message: it is still there, in a channel that they may look into, and not for somebody else only.
    #[must_use]
    pub fn sees_message(&self, message: &Message) -> bool {
        self.shared.look(|world| {
            let there = world.message(message.channel, message.id);
            let may_look = world.may(message.channel, self.id, may::VIEW_CHANNEL);
            may_look && there.is_some_and(|it| self.is_shown(it))
        })
    }

    /// Everything that they find in a channel, as readable text: as [`Channel::transcript`], without what only others see.
    ///
    /// # Panics
    /// When they may not look into it, or not read what was written before.
    pub async fn reads(&self, channel: &Channel) -> String {
        self.shared.look(|world| {
            self.must_be_able(world, channel.id, may::READ_MESSAGE_HISTORY, "read");
            transcript::write_those(world, channel.id, &|message| self.is_shown(message))
        })
    }

    fn is_shown(&self, message: &messages::Message) -> bool {
        message.ephemeral_to.is_none_or(|who| who == self.id)
    }

    /// Panics unless they may do this there: a test that has people do what they cannot would prove nothing.
    pub(crate) fn must_be_able(&self, world: &World, channel: Id, rights: u64, action: &str) {
        assert!(
            world.channels.contains_key(&channel),
            "{} {action} in a channel that was deleted",
            self.name
        );
        let may = world.may(channel, self.id, rights | may::VIEW_CHANNEL);
        assert!(may, "{} may not {action} there", self.name);
    }

    /// The message, which they must see.
    pub(crate) fn must_see<'a>(
        &self,
        world: &'a World,
        channel: Id,
        message: Id,
        action: &str,
    ) -> &'a messages::Message {
        self.must_be_able(world, channel, 0, "look");
        let there = world.message(channel, message);
        let there =
            there.unwrap_or_else(|| panic!("{} {action} a message that is gone", self.name));
        assert!(
            self.is_shown(there),
            "{} {action} a message that only {} sees",
            self.name,
            there
                .ephemeral_to
                .map_or("nobody", |who| world.name_of(who))
        );
        there
    }
}
