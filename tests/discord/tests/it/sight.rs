//! People see only what they may see, and do nothing with the rest.

use discord::{Channel, Discord, Guild, Interaction, Message, Person, permissions as may};
use futures_util::FutureExt as _;
use serde_json::json;

use crate::rest::{ask, silent};

struct Scene {
    discord: Discord,
    guild: Guild,
    staff: Channel,
    mira: Person,
    sol: Person,
}

/// Mira may look into #staff, and sol may not.
async fn scene() -> Scene {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let staff = guild.text_channel("staff").await;
    let (mira, sol) = (guild.person("mira").await, guild.person("sol").await);
    staff.forbid(&sol, may::VIEW_CHANNEL).await;
    let path = format!("/applications/{}/commands", discord.application_id());
    let where_to = json!({ "name": "place", "description": "Where", "type": 7 });
    let commands = json!([
        { "name": "ask", "description": "Ask", "options": [where_to] },
        { "name": "Keep", "type": 3 },
    ]);
    ask(&discord, "PUT", &path, commands).await;
    Scene {
        discord,
        guild,
        staff,
        mira,
        sol,
    }
}

/// What stops somebody from doing something.
async fn stops<T>(action: impl Future<Output = T>) -> String {
    let stopped = std::panic::AssertUnwindSafe(action).catch_unwind().await;
    match stopped.err().map(|panic| panic.downcast::<String>()) {
        Some(Ok(text)) => *text,
        Some(Err(_)) => "something unreadable".to_owned(),
        None => "nothing".to_owned(),
    }
}

/// The bot answers with a button, for all or for one.
async fn answered(discord: &Discord, asked: &Interaction, flags: u64) -> Message {
    let path = format!(
        "/interactions/{0}/interaction-token-{0}/callback",
        asked.id()
    );
    let mut data = silent("here");
    data["flags"] = json!(flags);
    data["components"] = json!([{ "type": 1, "components": [
        { "type": 2, "style": 1, "label": "Close", "custom_id": "close" },
    ] }]);
    ask(discord, "POST", &path, json!({ "type": 4, "data": data })).await;
    asked.message().await
}

#[tokio::test]
async fn nobody_does_a_thing_where_they_may_not_look() {
    let scene = scene().await;
    let Scene {
        staff, mira, sol, ..
    } = &scene;
    let asked = mira.command(staff, "ask", &[]).await;
    let card = answered(&scene.discord, &asked, 0).await;
    let said = mira.says(staff, "hello").await;
    assert!(mira.sees(staff) && mira.sees_message(&card));
    assert!(!sol.sees(staff) && !sol.sees_message(&card));
    let may_not_look = "sol may not look there";
    assert_eq!(stops(sol.react(&card, "👍")).await, may_not_look);
    assert_eq!(stops(sol.unreact(&card, "👍")).await, may_not_look);
    assert_eq!(stops(sol.click(&card, "Close")).await, may_not_look);
    assert_eq!(stops(sol.edits(&said, "x")).await, may_not_look);
    assert_eq!(stops(sol.deletes(&said)).await, may_not_look);
    assert_eq!(stops(sol.opens_thread(&said, "x")).await, may_not_look);
    assert_eq!(
        stops(sol.menu(&said, "Keep")).await,
        "sol may not use commands there"
    );
    assert_eq!(
        stops(sol.command(staff, "ask", &[])).await,
        "sol may not use commands there"
    );
    assert_eq!(stops(sol.says(staff, "x")).await, "sol may not write there");
    assert_eq!(stops(sol.reads(staff)).await, "sol may not read there");
    let help = scene.guild.text_channel("help").await;
    let named = stops(sol.command(&help, "ask", &[("place", "staff")])).await;
    assert!(
        named.starts_with("nothing here is called \"staff\""),
        "{named}"
    );
    mira.command(&help, "ask", &[("place", "staff")]).await;
    mira.leaves().await;
    assert_eq!(
        stops(mira.react(&card, "👍")).await,
        "mira may not look there"
    );
    assert_eq!(scene.discord.violations(), []);
}

#[tokio::test]
async fn what_is_for_one_is_for_nobody_else() {
    let scene = scene().await;
    let Scene {
        guild, mira, sol, ..
    } = &scene;
    let help = guild.text_channel("help").await;
    mira.says(&help, "hello").await;
    let asked = mira.command(&help, "ask", &[]).await;
    let card = answered(&scene.discord, &asked, 64).await;
    assert!(mira.sees_message(&card) && !sol.sees_message(&card));
    insta::assert_snapshot!(mira.reads(&help).await, @"
    mira: hello
    bot (only mira sees this): here
      [Close]
    ");
    insta::assert_snapshot!(sol.reads(&help).await, @"mira: hello");
    assert_eq!(
        stops(sol.click(&card, "Close")).await,
        "sol presses what is on a message that only mira sees"
    );
    assert_eq!(
        stops(sol.menu(&card, "Keep")).await,
        "sol opens the menu of a message that only mira sees"
    );
    mira.click(&card, "Close").await;
    assert_eq!(scene.discord.violations(), []);
}
