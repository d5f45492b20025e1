//! What has several pages is asked for anew when one is turned or shared: what was asked is kept for a day, with its owner, since it
//! does not fit into a button. Only views are kept and found again, so that turning and sharing never do anything.

use std::time::Duration;

use bot_core::command::Intent;
use bot_core::engine::{Core, Fault, Stop};
use bot_core::platform::Platform;
use serde_json::{Value, json};

use crate::commands::{self, Asked, OptionValue};
use crate::fault::DiscordFault;
use crate::inbound::Used;
use crate::names;

/// How often it is looked for what is too old.
const HOUR: Duration = Duration::from_secs(3600);

/// Keeps what somebody asked to see; gives its name, which buttons have in them.
pub(crate) async fn keep(
    core: &Core,
    used: &Used,
    name: &str,
    options: &[(String, OptionValue)],
) -> Result<String, Fault> {
    let asked = written(name, options);
    core.keep_view(Platform::Discord, &names::person(used.user), asked)
        .await
}

/// Another page of what the same person asked to see under a name, if it is kept still.
pub(crate) async fn kept(
    core: &Core,
    used: &Used,
    id: &str,
    page: u32,
) -> Result<Option<Intent>, Fault> {
    let person = names::person(used.user);
    let asked = core.kept_view(Platform::Discord, &person, id).await?;
    Ok(asked.and_then(|asked| view(&asked, page)))
}

/// Deletes what is too old, also while nobody asks for anything, until the stop.
pub(crate) async fn tidy(core: Core, stop: Stop) -> Result<(), DiscordFault> {
    let mut hours = tokio::time::interval(HOUR);
    loop {
        tokio::select! {
            () = stop.requested() => return Ok(()),
            _ = hours.tick() => {}
        }
        let tidied = match core.drop_old_views().await {
            Ok(()) => core.drop_old_drafts().await,
            fault => fault,
        };
        match tidied {
            Err(fault) if fault.is_fatal() => return Err(fault.into()),
            Err(fault) => tracing::warn!(
                error = &fault as &dyn std::error::Error,
                "old pages and drafts are deleted an hour later"
            ),
            Ok(()) => {}
        }
    }
}

fn written(name: &str, options: &[(String, OptionValue)]) -> String {
    let options: Vec<Value> = options
        .iter()
        .map(|(option, value)| match value {
            OptionValue::Text(text) => json!([option, text]),
            OptionValue::Number(number) => json!([option, number]),
            OptionValue::Subcommand => json!([option]),
        })
        .collect();
    json!({ "name": name, "options": options }).to_string()
}

/// The view that was asked for, at a page; none where it was no view.
fn view(asked: &str, page: u32) -> Option<Intent> {
    let asked: Value = serde_json::from_str(asked).ok()?;
    let option = |option: &Value| {
        let name = option.get(0)?.as_str()?.to_owned();
        let value = match option.get(1) {
            Some(Value::String(text)) => OptionValue::Text(text.clone()),
            Some(number) => OptionValue::Number(number.as_i64()?),
            None => OptionValue::Subcommand,
        };
        Some((name, value))
    };
    let options = asked["options"].as_array()?.iter().map(option);
    let options = options.collect::<Option<Vec<_>>>()?;
    match commands::intent(asked["name"].as_str()?, &options) {
        Ok(Asked::Intent(intent)) => intent.at_page(page),
        Ok(Asked::Dialog(..) | Asked::Forum(_) | Asked::Which) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use bot_core::command::{COMMANDS, ListOrder};

    use super::*;

    fn option(name: &str, value: &str) -> (String, OptionValue) {
        (name.to_owned(), OptionValue::Text(value.to_owned()))
    }

    #[test]
    fn a_view_is_found_again_at_the_page_that_is_asked_for() {
        let options = [
            option("list", "votes"),
            option("tag", "keg"),
            ("page".to_owned(), OptionValue::Number(7)),
        ];
        let listed = Intent::Questions {
            order: ListOrder::Votes,
            tag: Some("keg".to_owned()),
            page: 2,
        };
        assert_eq!(view(&written("questions", &options), 2), Some(listed));
    }

    #[test]
    fn nothing_but_a_view_is_ever_turned_or_shared() {
        let options = [
            option("post", "#1"),
            option("title", "Another title"),
            option("words", "keg"),
            option("code", "K7QDM2XA"),
        ];
        let mut views: Vec<_> = COMMANDS
            .iter()
            .filter(|command| view(&written(command.name, &options), 1).is_some())
            .map(|command| command.name)
            .collect();
        views.sort_unstable();
        assert_eq!(
            views,
            ["help", "history", "questions", "search", "show", "similar"]
        );
        let code = [("code".to_owned(), OptionValue::Subcommand)];
        assert_eq!(view(&written("forum", &code), 1), None);
        for other in [
            "",
            "{}",
            r#"{"name":"show"}"#,
            r#"{"name":"show","options":[[]]}"#,
        ] {
            assert_eq!(view(other, 1), None, "{other}");
        }
    }
}
