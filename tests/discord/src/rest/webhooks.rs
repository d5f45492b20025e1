//! What follows the first response: the token of an interaction as a webhook.

use super::{
    Answer, Call, Reply,
    callbacks::respond,
    id,
    messages::change,
    refusal::{BAD_TOKEN, NO_ROUTE, Refusal, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK},
};
use crate::{
    Id,
    check::message::{self, For},
    world::{
        World,
        interactions::First,
        messages::{LOADING, Message},
    },
};

impl Call {
    /// Below `/webhooks/{app}/{token}`.
    pub(super) fn webhook(
        mut self,
        world: &mut World,
        app: &str,
        token: &str,
        steps: &[&str],
    ) -> Answer {
        if id(app) != Some(world.app) {
            return Err(UNKNOWN_WEBHOOK);
        }
        let interaction = world.by_token(token).ok_or(BAD_TOKEN)?;
        let (interaction, original) = (interaction.id, interaction.original);
        let (channel, first) = (
            world.interactions[&interaction].channel,
            &world.interactions[&interaction].first,
        );
        // Before the first response there is no webhook yet; dialogs and suggestions have none either.
        if matches!(first, None | Some(First::Modal(_) | First::Choices(_))) {
            return Err(UNKNOWN_WEBHOOK);
        }
        let files = std::mem::take(&mut self.files);
        match (self.method.as_str(), steps) {
            ("POST", []) => {
                let thinking = original
                    .and_then(|it| world.message(channel, it))
                    .filter(|it| it.flags & LOADING != 0);
                if let Some(thinking) = thinking.cloned() {
                    let draft =
                        message::read(world, &self.body, files, For::Response, "a follow-up")?;
                    return finish(world, thinking, draft);
                }
                let message =
                    respond(world, interaction, &self.body, files).map_err(out_of_data)?;
                Ok(Reply::Json(json_of(world, channel, message)))
            }
            (method, ["messages", which]) => {
                let message = if *which == "@original" {
                    original
                } else {
                    id(which)
                };
                let own = &world.interactions[&interaction];
                let message =
                    message.filter(|it| own.original == Some(*it) || own.followups.contains(it));
                let old = message.and_then(|it| world.message(channel, it)).cloned();
                let old = old.ok_or(UNKNOWN_MESSAGE)?;
                match method {
                    "GET" => Ok(Reply::Json(world.message_json(&old))),
                    "DELETE" => {
                        world.delete_message(channel, old.id);
                        Ok(Reply::Nothing)
                    }
                    "PATCH" => {
                        let draft = message::read(
                            world,
                            &self.body,
                            files,
                            For::Edit,
                            "an edit of a response",
                        )?;
                        finish(world, old, draft)
                    }
                    _ => Err(NO_ROUTE),
                }
            }
            _ => Err(NO_ROUTE),
        }
    }
}

fn finish(world: &mut World, mut old: Message, draft: message::Draft) -> Answer {
    let (channel, id) = (old.channel, old.id);
    old.flags &= !LOADING;
    change(world, old, draft)?;
    Ok(Reply::Json(json_of(world, channel, id)))
}

fn json_of(world: &World, channel: Id, id: Id) -> serde_json::Value {
    world
        .message(channel, id)
        .map_or(serde_json::Value::Null, |it| world.message_json(it))
}

/// A follow-up's body is the message itself.
fn out_of_data(mut refusal: Refusal) -> Refusal {
    for trouble in &mut refusal.errors {
        trouble.at = trouble
            .at
            .trim_start_matches("data")
            .trim_start_matches('.')
            .to_owned();
    }
    refusal
}
