//! What has several pages is asked for anew when one is turned or shared: what was asked is kept for a day, with its owner, since it
//! does not fit into a button. Only views are kept and found again, so that turning and sharing never do anything.

use std::time::Duration;

use bot_core::command::View;
use bot_core::engine::{Core, Fault, Stop};

use crate::PLATFORM;
use crate::fault::DiscordFault;
use crate::inbound::Used;
use crate::names;

/// How often it is looked for what is too old.
const HOUR: Duration = Duration::from_secs(3600);

/// Keeps what somebody asked to see; gives its name, which buttons have in them.
pub(crate) async fn keep(core: &Core, used: &Used, view: &View) -> Result<String, Fault> {
    let asked =
        serde_json::to_string(view).expect("a view has no maps, whose keys could be no text");
    core.keep_view(PLATFORM, &names::person(used.user), asked)
        .await
}

/// Another page of what the same person asked to see under a name, if it is kept still.
pub(crate) async fn kept(
    core: &Core,
    used: &Used,
    id: &str,
    page: u32,
) -> Result<Option<View>, Fault> {
    let person = names::person(used.user);
    let asked = core.kept_view(PLATFORM, &person, id).await?;
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

/// The view that was asked for, at a page; none where it is none that this version knows.
fn view(asked: &str, page: u32) -> Option<View> {
    let view: View = serde_json::from_str(asked).ok()?;
    Some(view.at_page(page))
}

#[cfg(test)]
mod tests {
    use bot_core::command::view::Questions;
    use bot_core::command::{COMMANDS, Does, Given, Intent, ListOrder, Target, build};

    use super::*;

    fn written(view: &View) -> String {
        serde_json::to_string(view).expect("JSON")
    }

    #[test]
    fn a_view_is_found_again_at_the_page_that_is_asked_for() {
        let listed = |page| {
            View::Questions(Questions {
                order: ListOrder::Votes,
                tag: Some("keg".to_owned()),
                page,
            })
        };
        assert_eq!(view(&written(&listed(7)), 2), Some(listed(2)));
    }

    #[test]
    fn every_view_is_found_again_and_nothing_else() {
        let given = Given {
            post: Some(Target::Here),
            text: Some("keg".to_owned()),
            ..Given::default()
        };
        let views = COMMANDS.iter().filter(|command| command.does == Does::View);
        for command in views {
            let Some(Intent::View(built)) = build(command, given.clone()) else {
                panic!("{}", command.name);
            };
            assert_eq!(view(&written(&built), 1), Some(built));
        }
        for other in [
            "",
            "{}",
            r#"{"name":"show"}"#,
            r#"{"Delete":{"post":"Here"}}"#,
        ] {
            assert_eq!(view(other, 1), None, "{other}");
        }
    }
}
