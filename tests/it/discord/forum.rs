//! A forum in a channel, as people use it.

use discord::{Channel, Discord, Guild, Message, Person};
use insta::assert_snapshot;

use crate::world::Bot;

/// The first input for a text.
const TEXT: &str = "text.0.line";

/// A server with a channel in which the forum is open.
struct Scene {
    discord: Discord,
    guild: Guild,
    help: Channel,
    mira: Person,
    sol: Person,
    bot: Bot,
}

impl Scene {
    async fn new() -> Self {
        let discord = Discord::start().await;
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let mira = guild.person("mira").await.admin().await;
        let sol = guild.person("sol").await;
        let mut bot = Bot::on_discord(&discord);
        bot.start();
        discord.wait_connected(1).await;
        let scene = Self {
            discord,
            guild,
            help,
            mira,
            sol,
            bot,
        };
        let opened = scene.mira.command(&scene.help, "forum open", &[]).await;
        assert!(
            opened
                .message()
                .await
                .shown()
                .contains("a place of the forum now")
        );
        scene
    }

    /// Somebody asks; gives the question's card.
    async fn asks(&self, who: &Person, title: &str, text: &str) -> Message {
        let before = self.help.messages().len();
        let asked = who.command(&self.help, "ask", &[("title", title)]).await;
        let dialog = asked.modal().await;
        let said = who.submit(&dialog, &[(TEXT, text)]).await;
        said.message().await;
        let help = self.help.clone();
        self.discord
            .wait_until("the question's card", move |_| {
                let messages = help.messages();
                (messages.len() > before)
                    .then(|| messages.last().cloned())
                    .flatten()
            })
            .await
    }

    async fn over(mut self) {
        assert!(self.bot.stop().await.success());
        let violations = self.discord.violations();
        assert!(violations.is_empty(), "{violations:#?}");
    }
}

/// What is shown, without the moments in it.
fn timeless(shown: &str) -> String {
    let mut parts = shown.split("<t:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        text.push_str("<t:…");
        text.push_str(rest);
    }
    text
}

#[tokio::test]
async fn a_question_is_asked_answered_voted_for_and_accepted() {
    let scene = Scene::new().await;
    let card = scene
        .asks(
            &scene.mira,
            "How long does an opened keg keep?",
            "It is a *pilsner*.",
        )
        .await;
    assert_snapshot!(timeless(&card.shown()));
    let answering = scene.sol.click(&card, "Answer").await;
    let dialog = answering.modal().await;
    let said = scene
        .sol
        .submit(&dialog, &[(TEXT, "About six weeks, if it is kept cold.")])
        .await;
    said.message().await;
    let thread = card.thread();
    let answer = scene
        .discord
        .wait_until("the answer's card", move |_| {
            thread.messages().last().cloned()
        })
        .await;
    scene.mira.react(&answer, "👍").await;
    scene.mira.click(&answer, "Accept").await.message().await;
    let (shown, above) = (answer.clone(), card.clone());
    scene
        .discord
        .wait_until("the vote and the acceptance", move |_| {
            let shown = shown.shown();
            let counted = shown.contains("+1 vote") && shown.contains("Accepted answer");
            (counted && above.shown().contains("Answered")).then_some(())
        })
        .await;
    assert_snapshot!(timeless(&scene.help.transcript()));
    assert_snapshot!(timeless(&card.thread().transcript()));
    let _ = &scene.guild;
    scene.over().await;
}
