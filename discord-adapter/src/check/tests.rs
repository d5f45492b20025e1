use bot_core::finding::Verdict;
use serde_json::{Value, json};
use serenity::model::id::UserId;

use super::*;
use crate::permissions::PERMISSIONS;

const BOT: UserId = UserId::new(5);
const APPLICATION: ApplicationId = ApplicationId::new(6);

/// What is said, a line each.
fn lines(findings: impl IntoIterator<Item = Finding>) -> String {
    let line = |finding: Finding| match finding.verdict {
        Verdict::Good => format!("ok {}", finding.what),
        Verdict::Better(how) => format!("advice {}: {how}", finding.what),
        Verdict::Wrong(why) => format!("problem {}: {why}", finding.what),
    };
    let lines: Vec<_> = findings.into_iter().map(line).collect();
    lines.join("\n")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("it is as Discord writes it")
}

/// A channel of a server in which the bot's role has these permissions.
fn said(channel: Value, permissions: u64) -> String {
    let server = read(json!({
        "id": "1",
        "name": "Kitchen",
        "owner_id": "4",
        "roles": [
            { "id": "1", "permissions": "0" },
            { "id": "7", "permissions": permissions.to_string() },
        ],
    }));
    let told = read(channel);
    lines(channel::said("it", &told, &server, BOT, &[RoleId::new(7)]))
}

#[test]
fn what_is_missing_in_a_channel_is_named_as_its_settings_name_it() {
    let text = json!({ "type": 0, "guild_id": "1", "name": "help", "permission_overwrites": [] });
    let forum = json!({
        "type": 15, "guild_id": "1", "name": "questions", "permission_overwrites": [],
        "available_tags": [{ "id": "3", "name": "Solved" }],
    });
    insta::assert_snapshot!(said(text.clone(), PERMISSIONS), @"ok it lets the bot do what it must");
    insta::assert_snapshot!(said(forum.clone(), PERMISSIONS), @"ok it lets the bot do what it must");
    insta::assert_snapshot!(said(text, 1 << 10), @r#"
    problem it: the bot may not: Send Messages, Create Public Threads, Send Messages in Threads, Embed Links, Read Message History; allow it to the bot’s role, in the channel’s permissions or the server’s
    advice it: reactions that don’t count, such as a vote on one’s own post, stay to be seen; allow the bot’s role Manage Messages, in the channel’s permissions or the server’s
    advice it: posts of questions that were taken back stay, and cards in locked threads are not kept true; allow the bot’s role Manage Threads, in the channel’s permissions or the server’s
    "#);
    insta::assert_snapshot!(said(forum, 1 << 10), @r#"
    problem it: the bot may not: Create Posts, Send Messages in Posts, Embed Links, Read Message History; allow it to the bot’s role, in the channel’s permissions or the server’s
    advice it: reactions that don’t count, such as a vote on one’s own post, stay to be seen; allow the bot’s role Manage Messages, in the channel’s permissions or the server’s
    advice it: posts of questions that were taken back stay, and cards in locked threads are not kept true; allow the bot’s role Manage Posts, in the channel’s permissions or the server’s
    "#);
}

#[test]
fn a_forum_channel_is_asked_for_its_tags() {
    let forum = json!({
        "type": 15, "guild_id": "1", "name": "questions", "flags": 16,
        "available_tags": [{ "id": "3", "name": "rust" }],
    });
    insta::assert_snapshot!(said(forum, PERMISSIONS), @r#"
    ok it lets the bot do what it must
    advice it: posts need a tag there, so a question that has none of the channel’s gets the first of them; switch off “Require people to select tags when posting” in the channel’s settings
    advice it: no tag tells which questions are answered; make one called Solved in the channel’s settings
    "#);
}

#[test]
fn a_thread_and_what_can_have_none_are_no_places() {
    let thread = json!({ "type": 11, "guild_id": "1", "parent_id": "9" });
    insta::assert_snapshot!(said(thread, PERMISSIONS), @"problem it: it is a thread; name the channel 9 that it is in");
    insta::assert_snapshot!(said(json!({ "type": 2, "guild_id": "1" }), PERMISSIONS), @"problem it: questions can’t have threads in a channel of this kind; name a text channel or a forum");
}

#[test]
fn what_can_t_be_looked_at_is_told_by_how_it_is_known() {
    let all = [KnownBy::Named, KnownBy::Open];
    let what = |known| format!("the channel 3{known}");
    let gone = |known: &KnownBy| channel::gone(what(*known), *known);
    insta::assert_snapshot!(lines(all.iter().filter_map(gone)), @r#"
    problem the channel 3 of `discord.channels`: there is none with this number; see whether it is right: Discord’s developer mode has Copy Channel ID
    advice the channel 3: there is none with this number any more; nothing has to be done, the bot leaves it when it next has something to post there
    "#);
    let unseen = |known: &KnownBy| channel::unseen(what(*known), *known);
    insta::assert_snapshot!(lines(all.iter().filter_map(unseen)), @r#"
    problem the channel 3 of `discord.channels`: the bot can’t see it; allow the bot’s role View Channel in the channel’s permissions, or invite the bot to the server again
    problem the channel 3: the bot can’t see it; allow the bot’s role View Channel in the channel’s permissions, or invite the bot to the server again
    "#);
}

#[test]
fn an_application_that_gets_its_commands_elsewhere_can_t_be_served() {
    let plain = read(json!({ "name": "Stoa", "interactions_endpoint_url": null }));
    insta::assert_snapshot!(lines(application::said(&plain, APPLICATION)), @r#"
    ok the application "Stoa" needs no privileged intent
    ok invitation: https://discord.com/oauth2/authorize?client_id=6&scope=bot+applications.commands&permissions=326417607680
    "#);
    let lost = read(json!({
        "name": "Stoa",
        "interactions_endpoint_url": "https://example.org",
        "bot_require_code_grant": true,
        "approximate_guild_count": 0,
    }));
    insta::assert_snapshot!(lines(application::said(&lost, APPLICATION)), @r#"
    problem the application "Stoa": it has an Interactions Endpoint URL, so Discord sends the commands there and not to the bot; empty that field under General Information in the developer portal
    problem invitations: the bot can’t be invited by a link alone; switch Requires OAuth2 Code Grant off under Bot in the developer portal
    problem servers: the bot is in none; invite it with https://discord.com/oauth2/authorize?client_id=6&scope=bot+applications.commands&permissions=326417607680
    "#);
}

#[test]
fn commands_are_compared_with_those_there_are() {
    let all = json!(
        bot_core::command::COMMANDS
            .iter()
            .map(|command| command.name)
            .chain(["forum", "Make this a question"])
            .map(|name| json!({ "name": name }))
            .collect::<Vec<_>>()
    );
    let said = |registered: Value| {
        let registered: Vec<_> = read(registered);
        lines([application::commands(&registered)])
    };
    insta::assert_snapshot!(said(json!([])), @"ok commands: none yet; `stoa run` registers them");
    insta::assert_snapshot!(said(json!([{ "name": "ping" }])), @"ok commands: /ask is not among them; `stoa run` registers its own");
    let count = all.as_array().expect("an array").len();
    assert_eq!(said(all), format!("ok commands: {count} are registered"));
}

#[test]
fn a_bot_that_began_too_often_is_told_how_long_to_wait() {
    let said = |shards: u64, remaining: u64| {
        let limit = json!({ "total": 1000, "remaining": remaining, "reset_after": 5_400_001, "max_concurrency": 1 });
        let said =
            json!({ "url": "wss://gateway", "shards": shards, "session_start_limit": limit });
        lines([sessions(&read(said))])
    };
    insta::assert_snapshot!(said(1, 999), @"ok sessions: 999 of 1000 are left until the next day; one shard is enough");
    insta::assert_snapshot!(said(4, 1), @"ok sessions: 1 of 1000 are left until the next day; Discord recommends 4 shards, which `stoa run` uses");
    insta::assert_snapshot!(said(1, 0), @"problem sessions: the bot was started so often that Discord takes none of the 1000 of a day any more; leave it stopped for 1 h 31 min, and see in its log why it began anew so often");
}
