//! Where a post's words still stand on a server when it was hidden or withdrawn: in no message of the bot's and in no name of a thread.

use std::time::Duration;

use discord::{Channel, Discord, Fault, permissions};

use super::context::{TEXT, TestContext};
use crate::trap;
use crate::world::Bot;

/// Where a word stands in these channels and their threads: in a name, or in a message that everybody sees.
fn stands(channels: &[Channel], word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for channel in channels {
        let threads = channel.threads();
        for place in threads.iter().chain([channel]) {
            if place.name().contains(word) {
                found.push(format!("the name {:?}", place.name()));
            }
            for message in place.messages() {
                if message.json().to_string().contains(word) {
                    found.push(message.shown());
                }
            }
        }
    }
    found
}

impl TestContext {
    /// Waits until a word stands nowhere in these channels.
    async fn gone(&self, channels: &[Channel], word: &str) {
        let (channels, what) = (channels.to_vec(), format!("{word} to go"));
        let word = word.to_owned();
        let look = move |_: &Discord| stands(&channels, &word).is_empty().then_some(());
        self.discord.wait_until(&what, look).await;
    }

    /// Somebody uses a command on a post, and is told so.
    async fn does(&self, command: &str, post: &str) -> String {
        let options = [("post", post)];
        let done = self.sol.command(&self.help, command, &options).await;
        done.message().await.shown()
    }

    /// Sol changes a question's title.
    async fn retitles(&self, title: &str) {
        let options = [("post", "#1")];
        let edit = self.sol.command(&self.help, "edit", &options).await;
        let dialog = edit.modal().await;
        let done = self.sol.submit(&dialog, &[("title", title)]).await;
        done.message().await;
    }

    /// Waits until a thread has this name: names follow later than cards.
    pub(super) async fn is_named(&self, thread: &Channel, name: &str) {
        let (thread, wanted) = (thread.clone(), name.to_owned());
        let what = format!("a thread to be named {name:?}");
        let look = move |_: &Discord| (thread.name() == wanted).then_some(());
        self.discord.wait_until(&what, look).await;
    }
}

#[tokio::test]
async fn what_is_hidden_or_withdrawn_is_the_name_of_no_thread() {
    let context = TestContext::new().await;
    let forum = context.guild.forum_channel("board", &[]).await;
    context.opens(&forum).await;
    let all = [context.help.clone(), forum.clone()];
    let card = context
        .asks(&context.sol, "Where is the xyzzy?", "Here?")
        .await;
    let answer = context.answers(&context.mira, &card, "In the plugh.").await;
    context.shows(&card, "1 answer").await;
    let thread = card.thread();
    context.is_named(&thread, "#1 Where is the xyzzy?").await;
    // What is shared stands before all, and is no card.
    let options = [("post", "#1")];
    let page = context.mira.command(&context.help, "show", &options).await;
    let shared = context.mira.click(&page.message().await, "Share").await;
    let shared = shared.message().await;
    assert!(shared.shown().contains("xyzzy") && !shared.is_ephemeral());
    context.does("hide", "#1").await;
    context.gone(&all, "xyzzy").await;
    assert!(!shared.exists());
    context.is_named(&thread, "#1").await;
    context.does("unhide", "#1").await;
    context.is_named(&thread, "#1 Where is the xyzzy?").await;
    context.does("delete", "#1").await;
    context.gone(&all, "xyzzy").await;
    // An answer hangs on it: what is left says only that it was withdrawn.
    context.shows(&card, "was withdrawn").await;
    assert!(answer.shown().contains("plugh"));
    let options = [("post", "#1.1")];
    let deleted = context
        .mira
        .command(&context.help, "delete", &options)
        .await;
    deleted.message().await;
    context.gone(&all, "plugh").await;
    context.over().await;
}

#[tokio::test]
async fn a_title_that_was_edited_is_the_name_of_no_thread_however_often_names_may_be_changed() {
    let mut context = TestContext::new().await;
    let card = context.asks(&context.sol, "Where is the xyzzy?", "").await;
    let thread = card.thread();
    // A third name within ten minutes waits, longer than the bot waits for an answer; the card does not.
    let path = format!("/channels/{}", thread.id());
    let wait = Duration::from_secs(21);
    context.discord.fail(Fault::too_many("PATCH", &path, wait));
    context.retitles("Where is the plugh?").await;
    context.shows(&card, "plugh").await;
    assert!(thread.name().contains("xyzzy"));
    // It is not forgotten over a restart.
    assert!(context.bot.stop().await.success());
    context.discord.heal();
    context.bot.start();
    context.discord.wait_connected(1).await;
    let named = thread.clone();
    let look = move |_: &Discord| (named.name() == "#1 Where is the plugh?").then_some(());
    let within = Duration::from_secs(60);
    context
        .discord
        .wait_within(within, "the thread’s new name", look)
        .await;
    assert_eq!(stands(&[context.help.clone()], "xyzzy"), [""; 0]);
    context.over().await;
}

#[tokio::test]
async fn what_somebody_wrote_goes_when_it_is_withdrawn_or_they_are_told() {
    let context = TestContext::new().await;
    let here = [context.help.clone()];
    let written = context.sol.says(&context.help, "Where is the xyzzy?").await;
    context.asks_with(&context.sol, &written).await;
    context.does("hide", "#1").await;
    context.does("unhide", "#1").await;
    assert!(written.exists(), "what is hidden is not withdrawn");
    context.does("delete", "#1").await;
    context.gone(&here, "xyzzy").await;
    assert!(!written.exists());
    // Where the bot may not do that, it says so.
    context.help.forbid_bot(permissions::MANAGE_MESSAGES).await;
    let written = context.sol.says(&context.help, "Where is the plugh?").await;
    let card = context.asks_with(&context.sol, &written).await;
    context.does("delete", "#2").await;
    let direct = context.sol.direct().await;
    let told = move |_: &Discord| direct.last_shown();
    let told = context.discord.wait_until("a word in private", told).await;
    assert!(told.contains("still stands"), "{told}");
    assert!(written.exists());
    let look = move |_: &Discord| (!card.exists()).then_some(());
    context.discord.wait_until("the card to go", look).await;
    context.over().await;
}

#[tokio::test]
async fn what_is_taken_back_stands_in_no_file_of_a_running_bot_and_in_no_message() {
    let points = tempfile::tempdir().expect("a folder");
    let discord = Discord::start().await;
    let mut bot = Bot::on_discord(&discord);
    bot.stops_at(points.path());
    let mut context = TestContext::of(discord, bot).await;
    context.bot.start();
    context.discord.wait_connected(1).await;
    context.opens(&context.help).await;
    let here = [context.help.clone()];
    let options = [("title", "Where is the qvarktitle?"), ("tags", "qvarktag")];
    let asked = context.sol.command(&context.help, "ask", &options).await;
    let asked = context
        .sol
        .submit(&asked.modal().await, &[(TEXT, "By the qvarkbody.")])
        .await;
    asked.message().await;
    let help = context.help.clone();
    let look = move |_: &Discord| (!help.threads().is_empty()).then(|| help.last());
    let card = context.discord.wait_until("the card", look).await;
    let answer = context
        .answers(&context.mira, &card, "In the qvarkanswer.")
        .await;
    context.shows(&answer, "qvarkanswer").await;
    context.retitles("Where is the qvarkedit?").await;
    context.shows(&card, "qvarkedit").await;
    let shown = [("post", "#1")];
    let shown = context.mira.command(&context.help, "show", &shown).await;
    let shared = context.mira.click(&shown.message().await, "Share").await;
    shared.message().await;
    let words = [
        "qvarktitle",
        "qvarktag",
        "qvarkbody",
        "qvarkanswer",
        "qvarkedit",
    ];
    for word in words {
        assert!(
            !trap::holders(&context.bot.storage(), word).is_empty(),
            "{word}"
        );
    }
    trap::cleaned(&context.bot.storage(), points.path(), &words, async {
        let options = [("post", "#1.1")];
        let deleted = context
            .mira
            .command(&context.help, "delete", &options)
            .await;
        deleted.message().await;
        context.does("delete", "#1").await;
    })
    .await;
    context.gone(&here, "qvark").await;
    context.over().await;
}

#[tokio::test]
async fn a_moderator_has_the_message_of_a_hidden_post_taken_away_or_is_told() {
    let context = TestContext::new().await;
    let here = [context.help.clone()];
    let moderates = async |command: &str, post: &str| {
        let options = [("post", post)];
        let done = context.mira.command(&context.help, command, &options).await;
        done.message().await
    };
    let written = context.sol.says(&context.help, "Where is the xyzzy?").await;
    context.asks_with(&context.sol, &written).await;
    let hidden = moderates("hide", "#1").await;
    assert!(hidden.shown().contains("still stands") && hidden.is_ephemeral());
    assert!(written.exists());
    let pressed = context.mira.click(&hidden, "Take the message away").await;
    let done = pressed.message().await.shown();
    assert!(done.contains("I take away"), "{done}");
    context.gone(&here, "xyzzy").await;
    assert!(!written.exists());
    // The post is only hidden still, though Discord tells that its message is gone.
    let shown = moderates("unhide", "#1").await.shown();
    assert!(shown.contains("is shown again"), "{shown}");
    // Where the bot may not do that, it says so to both.
    context.help.forbid_bot(permissions::MANAGE_MESSAGES).await;
    let written = context.sol.says(&context.help, "Where is the plugh?").await;
    context.asks_with(&context.sol, &written).await;
    moderates("hide", "#2").await;
    moderates("remove", "#2").await;
    for (person, words) in [
        (&context.sol, "a moderator wants your own message"),
        (&context.mira, "still stands, because I may not"),
    ] {
        let direct = person.direct().await;
        let told = move |_: &Discord| direct.last_shown();
        let told = context.discord.wait_until("a word in private", told).await;
        assert!(told.contains(words) && told.contains("https://"), "{told}");
    }
    assert!(written.exists());
    context.over().await;
}

trait LastShown {
    fn last_shown(&self) -> Option<String>;
}

impl LastShown for Channel {
    fn last_shown(&self) -> Option<String> {
        self.messages().last().map(discord::Message::shown)
    }
}
