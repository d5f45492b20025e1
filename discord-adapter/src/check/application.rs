//! What is said of the bot's application and of its commands. Pure.

use bot_core::command::COMMANDS;
use bot_core::finding::Finding;
use serde::Deserialize;
use serenity::model::id::ApplicationId;

use crate::commands::FORUM;
use crate::permissions::PERMISSIONS;

/// An application, as far as it matters.
#[derive(Debug, Deserialize)]
pub(super) struct ApplicationInfo {
    name: String,
    #[serde(default)]
    bot_require_code_grant: bool,
    interactions_endpoint_url: Option<String>,
    approximate_guild_count: Option<u64>,
}

/// A command that is registered.
#[derive(Debug, Deserialize)]
pub(super) struct Registered {
    name: String,
}

impl ApplicationInfo {
    /// In how many servers the bot is.
    pub(super) fn servers(&self) -> Option<u64> {
        self.approximate_guild_count
    }
}

/// What is said of the application.
pub(super) fn said(told: &ApplicationInfo, id: ApplicationId) -> Vec<Finding> {
    let what = format!("the application {:?}", told.name);
    let mut findings = vec![match &told.interactions_endpoint_url {
        Some(url) if !url.is_empty() => Finding::wrong(
            what,
            "it has an Interactions Endpoint URL, so Discord sends the commands there and not to the bot; empty that field under General Information in the developer portal".to_owned(),
        ),
        _ => Finding::good(format!("{what} needs no privileged intent")),
    }];
    if told.bot_require_code_grant {
        findings.push(Finding::wrong(
            "invitations",
            "the bot can’t be invited by a link alone; switch Requires OAuth2 Code Grant off under Bot in the developer portal".to_owned(),
        ));
    }
    findings.push(match told.servers() {
        Some(0) => Finding::wrong(
            "servers",
            format!("the bot is in none; invite it with {}", invitation(id)),
        ),
        Some(_) | None => Finding::good(format!("invitation: {}", invitation(id))),
    });
    findings
}

/// Where the bot is invited to a server, with the permissions that it needs.
fn invitation(id: ApplicationId) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )
}

/// What is said of the commands that are registered.
pub(super) fn commands(registered: &[Registered]) -> Finding {
    let mut names = COMMANDS.iter().map(|command| command.name).chain([FORUM]);
    let lacking = names.find(|name| registered.iter().all(|command| command.name != *name));
    match (registered.len(), lacking) {
        (0, _) => Finding::good("commands: none yet; `stoa run` registers them"),
        (count, None) => Finding::good(format!("commands: {count} are registered")),
        (_, Some(name)) => Finding::good(format!(
            "commands: /{name} is not among them; `stoa run` registers its own"
        )),
    }
}
