//! What the operator got wrong, said in one sentence.

use synapse::Synapse;

use crate::world::Bot;

/// Runs the bot, which ends by itself; gives what it said last.
fn fails(bot: &Bot) -> String {
    let (good, said) = bot.says(&["run"]);
    assert!(!good, "{said}");
    said.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_server_that_is_not_there_name_the_setting() {
    let server = Synapse::shared().await;
    let mut bot = Bot::new(server, server.url()).await;
    bot.replace("password = \"", "password = \"wrong-");
    let said = tokio::task::block_in_place(|| fails(&bot));
    assert!(said.contains("matrix.password"), "{said}");
    // What speaks no TLS may not answer at all: that is not waited for.
    let without = server.url().replace("http://", "https://");
    let bot = Bot::new(server, &without).await;
    let (good, said) = tokio::task::block_in_place(|| bot.says(&["check", "--online"]));
    assert!(!good, "{said}");
    let line = said.lines().last().unwrap_or_default();
    let begin = format!("problem matrix: access: {without} does not speak TLS");
    assert!(line.starts_with(&begin), "{said}");
    let bot = Bot::new(server, "http://127.0.0.1:9").await;
    let (good, said) = tokio::task::block_in_place(|| bot.says(&["check", "--online"]));
    assert!(!good, "{said}");
    assert!(
        said.contains("matrix.homeserver") && said.contains("http://127.0.0.1:9"),
        "{said}"
    );
}
