//! The first response to an interaction.

use serde_json::{Value, json};

use super::{
    Answer, Call, Reply, id,
    messages::{change, is_ephemeral},
    refusal::{ALREADY_ACKNOWLEDGED, Refusal, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE},
};
use crate::{
    Id,
    check::{
        Object, Problems,
        message::{self, For},
        modal,
    },
    world::{
        World,
        interactions::{Asked, First},
        messages::{EPHEMERAL, LOADING},
    },
};

impl Call {
    /// `POST /interactions/{id}/{token}/callback`.
    pub(super) fn callback(mut self, world: &mut World, interaction: &str, token: &str) -> Answer {
        let found = id(interaction).and_then(|id| world.interactions.get(&id));
        let found = found
            .filter(|it| it.token == token)
            .ok_or(UNKNOWN_INTERACTION)?;
        if found.first.is_some() {
            return Err(ALREADY_ACKNOWLEDGED);
        }
        if !world.is_in_time(found) {
            return Err(UNKNOWN_INTERACTION);
        }
        let (id, asked, source) = (found.id, found.asked, found.source);
        let mut problems = Problems::default();
        problems.only("", &self.body, &["type", "data"]);
        let kind = problems.number("", &self.body, "type", 4..=9);
        if kind.is_none() {
            problems.required("type");
        }
        let data = problems
            .object("", &self.body, "data")
            .cloned()
            .unwrap_or_default();
        let kind = kind.unwrap_or_default();
        match kind {
            5 => problems.only("data", &data, &["flags"]),
            6 => problems.only("data", &data, &[]),
            8 => modal::choices(&mut problems, &data),
            9 => modal::read(&mut problems, &data),
            _ => {}
        }
        let fits = match kind {
            4 | 5 => asked != Asked::Autocomplete,
            6 | 7 => source.is_some() && matches!(asked, Asked::Component | Asked::Modal),
            8 => asked == Asked::Autocomplete,
            9 => matches!(asked, Asked::Command | Asked::Component),
            _ => false,
        };
        if !fits {
            let text = format!("a response of type {kind} does not go with this interaction");
            problems.bad("type", "INTERACTION_TYPE_MISMATCH", text);
        }
        problems.finish(world, "a response")?;
        let files = std::mem::take(&mut self.files);
        let first = match kind {
            4 => {
                respond(world, id, &data, files)?;
                First::Message
            }
            5 => {
                think(world, id, &data);
                First::Deferred
            }
            6 => First::DeferredUpdate,
            7 => {
                update(world, id, &data, files)?;
                First::Updated
            }
            8 => First::Choices(
                data.get("choices")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default(),
            ),
            _ => First::Modal(Value::Object(data)),
        };
        if let Some(interaction) = world.interactions.get_mut(&id) {
            if matches!(first, First::DeferredUpdate | First::Updated) {
                interaction.original = source;
            }
            interaction.first = Some(first);
        }
        if self.asked("with_response") != Some("true") {
            return Ok(Reply::Nothing);
        }
        Ok(Reply::Json(with_response(world, id, kind)))
    }
}

fn with_response(world: &World, id: Id, kind: u64) -> Value {
    let interaction = &world.interactions[&id];
    let message = interaction
        .original
        .and_then(|it| world.message(interaction.channel, it));
    let mut answer = json!({
        "interaction": { "id": id, "type": interaction.asked as u8 },
        "resource": { "type": kind },
    });
    if let Some(message) = message {
        answer["interaction"]["response_message_id"] = json!(message.id);
        answer["interaction"]["response_message_loading"] = json!(message.flags & LOADING != 0);
        answer["interaction"]["response_message_ephemeral"] = json!(is_ephemeral(message.flags));
        answer["resource"]["message"] = world.message_json(message);
    }
    answer
}

type Files = Vec<(String, String, Vec<u8>)>;

/// Puts `data.` before the paths of troubles.
fn in_data(mut refusal: Refusal) -> Refusal {
    for trouble in &mut refusal.errors {
        trouble.at = crate::check::join("data", &trouble.at);
    }
    refusal
}

/// Makes a message that answers an interaction.
pub(super) fn respond(
    world: &mut World,
    id: Id,
    data: &Object,
    files: Files,
) -> Result<Id, Refusal> {
    let draft = message::read(world, data, files, For::Response, "a response").map_err(in_data)?;
    let (channel, user) = (
        world.interactions[&id].channel,
        world.interactions[&id].user,
    );
    let bot = world.bot;
    let mut new = world.draft(channel, bot);
    new.interaction = Some(id);
    let flags = draft.flags.unwrap_or_default();
    draft.apply(world, &mut new)?;
    if is_ephemeral(flags) {
        new.ephemeral_to = Some(user);
    }
    Ok(place(world, id, new))
}

fn place(world: &mut World, id: Id, new: crate::world::messages::Message) -> Id {
    let message = world.post(new);
    if let Some(interaction) = world.interactions.get_mut(&id) {
        match interaction.original {
            None if interaction.first.is_none() => interaction.original = Some(message),
            _ => interaction.followups.push(message),
        }
    }
    message
}

/// "Stoa is thinking…"
fn think(world: &mut World, id: Id, data: &Object) {
    let (channel, user) = (
        world.interactions[&id].channel,
        world.interactions[&id].user,
    );
    let bot = world.bot;
    let mut new = world.draft(channel, bot);
    new.interaction = Some(id);
    new.kind = 20;
    new.flags = LOADING;
    if data
        .get("flags")
        .and_then(Value::as_u64)
        .is_some_and(is_ephemeral)
    {
        new.flags |= EPHEMERAL;
        new.ephemeral_to = Some(user);
    }
    place(world, id, new);
}

/// Changes the message whose button was clicked.
fn update(world: &mut World, id: Id, data: &Object, files: Files) -> Result<(), Refusal> {
    let draft = message::read(world, data, files, For::Edit, "an update").map_err(in_data)?;
    let interaction = &world.interactions[&id];
    let source = interaction
        .source
        .and_then(|it| world.message(interaction.channel, it))
        .cloned();
    let source = source.ok_or(UNKNOWN_MESSAGE)?;
    change(world, source, draft)
}
