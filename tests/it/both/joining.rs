//! A server on Discord and a room on Matrix make one forum of theirs, and people one person of their two accounts.

use bot_core::crash::Point;
use discord::{Channel, Discord, Person as Discordian};
use insta::assert_snapshot;
use synapse::{Person, RoomId, RoomOptions, Synapse};

use super::context::Both;
use crate::matrix::{card, notice};
use crate::trap::{SIGABRT, Trap};
use crate::world::Bot;

const KEG: &str = "How long does a keg keep?";
const TAP: &str = "How do I clean a tap?";

/// The code in what somebody was told.
fn code_in(told: &str) -> String {
    let words = told.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let mut codes = words.filter(|word| word.len() == 9 && word.chars().nth(4) == Some('-'));
    let code = codes.next();
    code.unwrap_or_else(|| panic!("a code in {told:?}"))
        .to_owned()
}

/// What somebody on Discord is told who uses a command.
async fn told(who: &Discordian, channel: &Channel, name: &str, options: &[(&str, &str)]) -> String {
    let used = who.command(channel, name, options).await;
    used.message().await.shown()
}

/// What somebody in a room is told who says something there; `begins` is how it begins.
async fn answered(who: &Person, room: &RoomId, bot: &Bot, text: &str, begins: &str) -> String {
    who.send(room, text).await;
    notice(who, room, bot.user(), begins).await.body
}

/// A forum in `#help` and another in the room, each with a question; mira and ivo are their admins.
async fn apart(server: &Synapse, points: Option<&std::path::Path>) -> Both {
    let mut bot = Bot::new(server, server.url()).await;
    if let Some(points) = points {
        bot.stops_at(points);
    }
    let (ivo, uma) = (server.person("ivo").await, server.person("uma").await);
    let options = RoomOptions::public().invite(bot.user());
    let room = ivo.create_room("Cellar", options).await;
    uma.join(&room).await;
    let discord = Discord::start().await;
    bot.joins_discord(&discord);
    let mut here = crate::discord::context::TestContext::of(discord, bot).await;
    here.bot.start();
    here.discord.wait_connected(1).await;
    let help = here.help.clone();
    here.opens(&help).await;
    ivo.wait_joined(&room, here.bot.user().as_str()).await;
    ivo.send(&room, &format!("!ask {KEG}")).await;
    card(&ivo, &room, here.bot.user(), "#1", |_| true).await;
    here.asks(&here.mira, TAP, "").await;
    Both {
        here,
        room,
        ivo,
        uma,
    }
}

impl Both {
    /// Ivo asks for a code, which he is told alone; gives what he is told, and where.
    async fn code(&self) -> (String, RoomId) {
        let bot = self.here.bot.user();
        self.ivo.send(&self.room, "!forum code").await;
        let alone = self.ivo.wait_invite(bot.as_str()).await;
        self.ivo.join(&alone).await;
        (notice(&self.ivo, &alone, bot, "To let").await.body, alone)
    }

    /// What ivo is told alone who says something in the room.
    async fn told_alone(&self, alone: &RoomId, text: &str, begins: &str) -> String {
        self.ivo.send(&self.room, text).await;
        notice(&self.ivo, alone, self.here.bot.user(), begins)
            .await
            .body
    }

    /// Ivo lets mira's forum join his, as each is told to; gives all that they were told.
    async fn join(&self) -> String {
        let (here, bot) = (&self.here, &self.here.bot);
        let (made, alone) = self.code().await;
        let code = code_in(&made);
        let said = [("code", code.as_str())];
        let asked = told(&here.mira, &here.help, "forum join", &said).await;
        let agreed = [said[0], ("agree", "yes")];
        let waits = told(&here.mira, &here.help, "forum join", &agreed).await;
        let joins = format!("!forum join {code}");
        let other = self.told_alone(&alone, &joins, "“Kitchen” in").await;
        let joins = format!("{joins} yes");
        let done = answered(&self.ivo, &self.room, bot, &joins, "“Kitchen” and this").await;
        let ids = [
            (self.room.as_str(), "ROOM"),
            (self.ivo.user_id().as_str(), "IVO"),
            (&here.guild.id().to_string(), "SERVER"),
            (&here.mira.id().to_string(), "MIRA"),
            (&code, "CODE-CODE"),
        ];
        // Discord's text has backslashes before signs that could be markup, and ids have such signs.
        let told = [made, asked, waits, other, done]
            .join("\n---\n")
            .replace('\\', "");
        ids.iter()
            .fold(told, |told, (id, name)| told.replace(id, name))
    }
}

#[tokio::test]
async fn two_forums_are_joined_from_both_sides_and_left_again() {
    let both = apart(Synapse::shared().await, None).await;
    let here = &both.here;
    assert_snapshot!(both.join().await, @r#"
    To let another forum join this one, an admin of it says `forum join CODE-CODE` in one of its places within half an hour. An admin of each side then has to agree.
    ---
    bot (only mira sees this): | This forum would join “Cellar” in ROOM (1 question). Its question gets a new number there and is found by the old one too. Whoever is in the places of either can read the questions of both from then on.
      | 
      | The code was made by ivo (IVO on Matrix), in ROOM. Anybody can take any name: make sure that this is who you mean.
      | 
      | Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `/forum leave`.
      | 
      | To agree, say `/forum join code:CODE-CODE agree:yes` in a place of this forum.
    ---
    bot (only mira sees this): | You agree. Now an admin of “Cellar” in ROOM says `forum join CODE-CODE` there, and agrees too.
    ---
    “Kitchen” in the server SERVER (1 question) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on.

    The code was said by mira (mira on Discord, id MIRA), in the server SERVER. Anybody can take any name: make sure that this is who you mean.

    Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `!forum leave`.

    To agree, say `!forum join CODE-CODE yes` in a place of this forum.
    ---
    “Kitchen” and this are one forum now. One question has a new number. `!forum leave`, said by an admin of either side, undoes it.

    For the other side mira (mira on Discord, id MIRA) agreed, in the server SERVER.
    "#);

    // What is asked from now on is shown on both sides; what was there before, when it is shown or answered.
    both.uma.send(&both.room, "!ask Is foam good?").await;
    both.in_channel("#3", "Is foam good?").await;
    assert!(both.cards("#1").is_empty(), "no old question was posted");
    let answer = [("post", "#1")];
    let dialog = here.sol.command(&here.help, "answer", &answer).await;
    let text = [(crate::discord::context::TEXT, "Six weeks.")];
    let done = here.sol.submit(&dialog.modal().await, &text).await;
    done.message().await;
    both.in_room("#1.1", "Six weeks.").await;
    both.in_channel("#1", KEG).await;
    // The card on Discord tells its new number, and the old one finds it.
    both.in_channel("#2", "here was #1").await;
    let shown = told(&here.sol, &here.help, "show", &[("post", "#1")]).await;
    assert!(shown.contains("here was #1"), "{shown}");

    // An admin's act is refused to others, plainly; on Discord the command is not even there for them.
    answered(
        &both.uma,
        &both.room,
        &here.bot,
        "!forum leave yes",
        "Only an admin",
    )
    .await;
    let left = told(&here.mira, &here.help, "forum leave", &[("agree", "yes")]).await;
    assert!(left.contains("a forum of its own again"), "{left}");
    let list = told(&here.sol, &here.help, "questions", &[]).await;
    assert!(
        list.contains("#1") && list.contains(TAP) && !list.contains(KEG),
        "{list}"
    );
    both.over().await;
}

#[tokio::test]
async fn two_accounts_become_one_person_in_private() {
    let both = Both::new().await;
    let (here, bot) = (&both.here, &both.here.bot);
    let question = here.asks(&here.mira, KEG, "").await;
    let there = both.in_room("#1", KEG).await;
    here.sol.react(&question, "👍").await;
    both.uma.react(&both.room, &there.id, "👍").await;
    both.in_room("#1", "+2 votes").await;

    let made = told(&here.sol, &here.help, "link", &[]).await;
    // Said in the room it is refused, in private, and spent.
    let lost = code_in(&made);
    both.uma.send(&both.room, &format!("!link {lost}")).await;
    let alone = both.uma.wait_invite(bot.user().as_str()).await;
    both.uma.join(&alone).await;
    notice(&both.uma, &alone, bot.user(), "Others can read here").await;
    both.uma.send(&alone, &format!("link {lost}")).await;
    notice(&both.uma, &alone, bot.user(), "That code was used").await;
    let made = told(&here.sol, &here.help, "link", &[]).await;
    let code = code_in(&made);
    both.uma.send(&alone, &format!("link {code}")).await;
    let asked = notice(&both.uma, &alone, bot.user(), "sol (sol on Discord").await;
    assert!(
        asked.body.contains(&format!("id {})", here.sol.id())),
        "{}",
        asked.body
    );
    both.uma.send(&alone, &format!("link {code} yes")).await;
    notice(&both.uma, &alone, bot.user(), "You agree.").await;
    let said = [("code", code.as_str())];
    let asked = told(&here.sol, &here.help, "link", &said).await;
    let uma = format!("uma ({} on Matrix)", both.uma.user_id());
    assert!(asked.contains(&uma), "{asked}");
    let agreed = [said[0], ("agree", "yes")];
    let done = told(&here.sol, &here.help, "link", &agreed).await;
    assert!(done.contains("and you are one person now"), "{done}");

    both.in_room("#1", "+1 vote ").await;
    here.shows(&question, "+1 vote ").await;
    // The later one counts, from whichever side.
    here.sol.unreact(&question, "👍").await;
    here.sol.react(&question, "👎").await;
    both.in_room("#1", "–1 vote ").await;
    // Taken back, the earlier one stands again.
    here.sol.unreact(&question, "👎").await;
    both.in_room("#1", "+1 vote ").await;
    let parted = told(&here.sol, &here.help, "unlink", &[]).await;
    assert!(parted.contains("a person of its own again"), "{parted}");
    both.over().await;
}

/// Killed just before and just after the joining is on disk: it is whole, and was done once.
#[tokio::test]
async fn a_joining_is_never_half() {
    let server = Synapse::shared().await;
    for point in [
        Point::ActionApplied,
        Point::BeforeCommit,
        Point::AfterHearing,
    ] {
        let points = tempfile::tempdir().expect("a folder");
        let mut both = apart(server, Some(points.path())).await;
        let (made, alone) = both.code().await;
        let code = code_in(&made);
        let agreed = [("code", code.as_str()), ("agree", "yes")];
        told(&both.here.mira, &both.here.help, "forum join", &agreed).await;
        told(&both.here.mira, &both.here.help, "forum join", &agreed).await;
        let joins = format!("!forum join {code}");
        both.told_alone(&alone, &joins, "“Kitchen” in").await;
        let trap = Trap::new(point, points.path());
        trap.set_death();
        both.ivo.send(&both.room, &format!("{joins} yes")).await;
        let died = both.here.bot.ended().await;
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&died),
            Some(SIGABRT)
        );
        let (ok, forums) = both.here.bot.says(&["forum", "list"]);
        assert!(ok, "{forums}");
        let joined = forums.contains(", joined ");
        assert_eq!(joined, point == Point::AfterHearing, "{point:?}: {forums}");
        both.here.bot.start();
        let bot = &both.here.bot;
        notice(&both.ivo, &both.room, bot.user(), "“Kitchen” and this").await;
        both.uma.send(&both.room, "!show #2").await;
        notice(&both.uma, &both.room, bot.user(), TAP).await;
        both.over().await;
    }
}

/// Killed just before and just after the linking is on disk.
#[tokio::test]
async fn a_linking_is_never_half() {
    let server = Synapse::shared().await;
    for point in [Point::ActionApplied, Point::AfterHearing] {
        let points = tempfile::tempdir().expect("a folder");
        let mut both = apart(server, Some(points.path())).await;
        let (here, help) = (&both.here, &both.here.help);
        let made = told(&here.sol, help, "link", &[]).await;
        let code = code_in(&made);
        let alone = both.uma.create_direct(here.bot.user()).await;
        both.uma.wait_joined(&alone, here.bot.user().as_str()).await;
        answered(
            &both.uma,
            &alone,
            &here.bot,
            &format!("link {code}"),
            "sol (",
        )
        .await;
        told(&here.sol, help, "link", &[("code", code.as_str())]).await;
        let agreed = [("code", code.as_str()), ("agree", "yes")];
        let waits = told(&here.sol, help, "link", &agreed).await;
        assert!(waits.contains("You agree."), "{waits}");
        let trap = Trap::new(point, points.path());
        trap.set_death();
        both.uma.send(&alone, &format!("link {code} yes")).await;
        both.here.bot.ended().await;
        both.here.bot.start();
        let bot = &both.here.bot;
        notice(&both.uma, &alone, bot.user(), "sol (sol on Discord").await;
        let again = format!("link {code} yes");
        answered(&both.uma, &alone, bot, &again, "That code was used already").await;
        both.over().await;
    }
}
