//! What has several pages is asked for anew when one is turned: what was asked is kept in the ledger, since it does not fit into
//! a button. There is room for so many; who turns a page of one that was overwritten is told that it is too old.

use bot_core::command::Intent;
use bot_core::engine::{Core, Fault};
use bot_core::platform::Platform;
use serde_json::{Value, json};

use crate::commands::OptionValue;
use crate::inbound::Used;

/// How many are kept.
const ROOM: u64 = 4_096;

/// Keeps what was asked; gives its name, which buttons have in them.
pub(crate) async fn keep(
    core: &Core,
    used: &Used,
    name: &str,
    options: &[(String, OptionValue)],
) -> Result<String, Fault> {
    // Discord's numbers end in a count that begins anew each millisecond: what is before it is spread better.
    let number = used.id.get();
    let slot = (number >> 12) % ROOM;
    let options: Vec<Value> = options
        .iter()
        .map(|(option, value)| match value {
            OptionValue::Text(text) => json!([option, text]),
            OptionValue::Number(number) => json!([option, number]),
            OptionValue::Subcommand => json!([option]),
        })
        .collect();
    let id = format!("{slot}-{number}");
    let kept = json!({ "id": id, "name": name, "options": options });
    core.ledger(Platform::Discord)
        .set(&ledger(slot), &kept.to_string())
        .await?;
    Ok(id)
}

/// What was asked under a name, if it is kept still.
pub(crate) async fn kept(
    core: &Core,
    id: &str,
) -> Result<Option<(String, Vec<(String, OptionValue)>)>, Fault> {
    let slot = id.split_once('-').and_then(|(slot, _)| slot.parse().ok());
    let Some(slot) = slot else { return Ok(None) };
    let kept = core.ledger(Platform::Discord).get(&ledger(slot)).await?;
    Ok(kept.and_then(|kept| read(id, &kept)))
}

fn read(id: &str, kept: &str) -> Option<(String, Vec<(String, OptionValue)>)> {
    let kept: Value = serde_json::from_str(kept).ok()?;
    if kept["id"] != json!(id) {
        return None;
    }
    let option = |option: &Value| {
        let name = option.get(0)?.as_str()?.to_owned();
        let value = match option.get(1) {
            Some(Value::String(text)) => OptionValue::Text(text.clone()),
            Some(number) => OptionValue::Number(number.as_i64()?),
            None => OptionValue::Subcommand,
        };
        Some((name, value))
    };
    let options = kept["options"].as_array()?.iter().map(option);
    Some((
        kept["name"].as_str()?.to_owned(),
        options.collect::<Option<_>>()?,
    ))
}

/// The same at another page.
pub(crate) fn turned(intent: Intent, page: u32) -> Intent {
    match intent {
        Intent::Search { query, .. } => Intent::Search { query, page },
        Intent::Show { post, .. } => Intent::Show { post, page },
        Intent::History { post, .. } => Intent::History { post, page },
        Intent::Questions { order, tag, .. } => Intent::Questions { order, tag, page },
        other => other,
    }
}

fn ledger(slot: u64) -> String {
    format!("page.{slot}")
}
