//! Reactions to a message.

use super::{
    Answer, Call, Reply,
    channels::{need, need_open},
    id,
    messages::invalid,
    refusal::{NO_ROUTE, TOO_MANY_REACTIONS, UNKNOWN_EMOJI, UNKNOWN_MESSAGE, UNKNOWN_USER},
    threads::list,
};
use crate::{
    Id, permissions as may,
    world::{
        World,
        reactions::{Emoji, Type},
    },
};

impl Call {
    /// Below `/channels/{channel}/messages/{message}/reactions`.
    pub(super) fn reactions(
        self,
        world: &mut World,
        channel: Id,
        message: Id,
        steps: &[&str],
    ) -> Answer {
        let Some((emoji, rest)) = steps.split_first() else {
            if self.method != "DELETE" {
                return Err(NO_ROUTE);
            }
            need(world, channel, may::MANAGE_MESSAGES)?;
            need_open(world, channel)?;
            world.clear_reactions(channel, message, None);
            return Ok(Reply::Nothing);
        };
        let emoji = Emoji::read(emoji).ok_or(UNKNOWN_EMOJI)?;
        match (self.method.as_str(), rest) {
            ("GET", []) => self.who_reacted(world, channel, message, &emoji),
            ("DELETE", []) => {
                need(world, channel, may::MANAGE_MESSAGES)?;
                need_open(world, channel)?;
                world.clear_reactions(channel, message, Some(&emoji));
                Ok(Reply::Nothing)
            }
            ("PUT", ["@me"]) => {
                let state = world.message(channel, message).ok_or(UNKNOWN_MESSAGE)?;
                let is_there = state.reactions.iter().any(|it| it.emoji == emoji);
                let count = state.reactions.len();
                let right = if is_there { 0 } else { may::ADD_REACTIONS };
                need(world, channel, may::READ_MESSAGE_HISTORY | right)?;
                need_open(world, channel)?;
                if !is_there && count >= 20 {
                    return Err(TOO_MANY_REACTIONS);
                }
                let bot = world.bot;
                world.react(channel, message, bot, &emoji, Type::Normal);
                Ok(Reply::Nothing)
            }
            ("DELETE", [who]) => {
                need_open(world, channel)?;
                let who = if *who == "@me" {
                    Some(world.bot)
                } else {
                    id(who)
                };
                let who = who
                    .filter(|who| world.users.contains_key(who))
                    .ok_or(UNKNOWN_USER)?;
                if who != world.bot {
                    need(world, channel, may::MANAGE_MESSAGES)?;
                }
                world.unreact(channel, message, who, &emoji);
                Ok(Reply::Nothing)
            }
            _ => Err(NO_ROUTE),
        }
    }

    fn who_reacted(&self, world: &World, channel: Id, message: Id, emoji: &Emoji) -> Answer {
        need(world, channel, may::READ_MESSAGE_HISTORY)?;
        let limit = match self.asked("limit").map(str::parse::<usize>) {
            None => 25,
            Some(Ok(limit @ 1..=100)) => limit,
            Some(_) => {
                return Err(invalid(
                    "limit",
                    "NUMBER_TYPE_MAX",
                    "int value should be in 1..=100.",
                ));
            }
        };
        // Each type has a list of its own; who asks for none gets the normal ones.
        let how = match self.asked("type") {
            None | Some("0") => Type::Normal,
            Some("1") => Type::Burst,
            Some(_) => {
                let text = "Value must be one of {0, 1}.";
                return Err(invalid("type", "BASE_TYPE_CHOICES", text));
            }
        };
        let after = self.asked_id("after").unwrap_or(Id(0));
        let state = world.message(channel, message).ok_or(UNKNOWN_MESSAGE)?;
        let reaction = state.reactions.iter().find(|it| it.emoji == *emoji);
        let mut users = reaction.map(|it| it.who(how).clone()).unwrap_or_default();
        users.sort_unstable();
        users.retain(|user| *user > after);
        users.truncate(limit);
        list(users.into_iter().map(|user| world.user_json(user)))
    }
}
