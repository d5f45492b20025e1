//! People on a real Synapse, and the server's own life and death.

use std::{
    env,
    io::{BufRead, BufReader, ErrorKind, Read, Write, stdin, stdout},
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;
use synapse::{RoomOptions, Synapse, UserId};

#[tokio::test]
async fn two_people_chat() {
    let synapse = Synapse::shared().await;
    let mira = synapse.person("mira").await;
    let sol = synapse.person("sol").await;
    let room = mira
        .create_room("Bakery", RoomOptions::private().invite(sol.user_id()))
        .await;
    sol.join(&room).await;
    assert_eq!(
        sol.state(&room, "m.room.name", "").await,
        Some(json!({ "name": "Bakery" }))
    );

    let question = mira.send(&room, "Why does my dough not rise?").await;
    let answer = sol.in_thread(&room, &question, "Too colt").await;
    sol.edit(&room, &answer, "Too cold").await;
    mira.edit(&room, &answer, "Too often asked").await;
    mira.react(&room, &answer, "👍").await;
    let check = mira.react(&room, &answer, "✅").await;
    mira.redact(&room, &check).await;
    let slip = mira.send(&room, "oops").await;
    mira.redact(&room, &slip).await;
    mira.reply(&room, &question, "It is winter.").await;
    sol.send_notice(&room, "heating on").await;

    let expected = "\
mira: Why does my dough not rise?
  sol: Too cold (edited) [👍 mira]
mira (to mira): It is winter.
sol (notice): heating on
";
    assert_eq!(mira.transcript(&room).await, expected);
    assert_eq!(sol.transcript(&room).await, expected);
    let shown = mira.shown(&room).await;
    assert_eq!(
        (&shown[1].id, shown[1].sender == *sol.user_id()),
        (&answer, true)
    );
    assert_eq!(shown[1].thread.as_ref(), Some(&question));
}

#[tokio::test]
async fn a_person_waits_for_another() {
    let synapse = Synapse::shared().await;
    let (mira, sol) = tokio::join!(synapse.person("mira"), synapse.person("sol"));
    let room = mira.create_room("Bakery", RoomOptions::public()).await;

    let waits = async {
        mira.wait_joined(&room, sol.user_id()).await;
        let hello = mira
            .wait_message(&room, "a greeting", |message| message.body == "hello")
            .await;
        mira.wait_for(&room, "three hearts", |shown| {
            shown
                .iter()
                .find(|message| message.id == hello.id && message.count("❤") == 1)?;
            shown
                .iter()
                .find(|message| message.body == "bye")
                .map(|_| ())
        })
        .await;
        mira.wait_event(&room, "a rename", |event| {
            event["content"]["name"] == "Kitchen"
        })
        .await;
    };
    let acts = async {
        sol.join(&room).await;
        let hello = sol.send(&room, "hello").await;
        sol.react(&room, &hello, "❤").await;
        // More than a sync gives at once.
        for number in 0..130 {
            sol.send(&room, &number.to_string()).await;
        }
        sol.send(&room, "bye").await;
        mira.set_power(&room, sol.user_id(), 50).await;
        sol.set_room_name(&room, "Kitchen").await;
    };
    tokio::join!(waits, acts);
    mira.wait_for(&room, "everything", |shown| {
        (shown.len() == 132).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_mention_rings_and_a_notice_does_not() {
    let synapse = Synapse::shared().await;
    let (mira, sol) = tokio::join!(synapse.person("mira"), synapse.person("sol"));
    let room = mira.create_direct(sol.user_id()).await;
    assert_eq!(sol.wait_invite(mira.user_id()).await, room);
    sol.join(&room).await;

    mira.send_notice(&room, "psst").await;
    mira.wait_message(&room, "the notice", |message| message.body == "psst")
        .await;
    assert_eq!(
        (sol.highlights(&room).await, sol.notifications(&room).await),
        (0, 0)
    );
    mira.send(&room, "hello").await;
    mira.wait_message(&room, "the message", |message| message.body == "hello")
        .await;
    assert_eq!(
        (sol.highlights(&room).await, sol.notifications(&room).await),
        (0, 1)
    );
    mira.mention(&room, sol.user_id(), "sol", "hello").await;
    mira.wait_message(&room, "the mention", |message| message.body == "sol: hello")
        .await;
    assert_eq!(
        (sol.highlights(&room).await, sol.notifications(&room).await),
        (1, 2)
    );
}

#[tokio::test]
async fn who_is_banned_stays_out() {
    let synapse = Synapse::shared().await;
    let (mira, sol) = tokio::join!(synapse.person("mira"), synapse.person("sol"));
    let room = mira
        .create_room("Bakery", RoomOptions::public().version("10"))
        .await;
    sol.join(&room).await;
    mira.ban(&room, sol.user_id()).await;
    let refused = sol.try_join(&room).await.expect_err("sol is banned");
    assert_eq!(refused.errcode(), "M_BAD_STATE", "{refused}");
    mira.unban(&room, sol.user_id()).await;
    sol.join(&room).await;
    mira.kick(&room, sol.user_id()).await;
    assert!(sol.try_send(&room, "I am here").await.is_err());
}

#[tokio::test]
async fn many_people_react_at_once() {
    let synapse = Synapse::shared().await;
    let people = synapse.people(50, "person").await;
    let host = synapse.person("host").await;
    let room = host.create_room("Crowd", RoomOptions::public()).await;
    let message = host.send(&room, "Who is there?").await;
    let mut tasks = tokio::task::JoinSet::new();
    for person in people {
        let (room, message) = (room.clone(), message.clone());
        tasks.spawn(async move {
            person.join(&room).await;
            person.react(&room, &message, "👋").await;
        });
    }
    let all = host.wait_for(&room, "50 waves", |shown| {
        Some(shown[0].count("👋")).filter(|count| *count == 50)
    });
    let (_, count) = tokio::join!(tasks.join_all(), all);
    assert_eq!(count, 50);
    assert_eq!(
        host.transcript(&room).await,
        "host: Who is there? [👋 ×50]\n"
    );
}

#[tokio::test]
async fn a_killed_server_goes_on_where_it_was() {
    let synapse = Synapse::start().await;
    let mira = synapse.person("mira").await;
    let room = mira.create_room("Bakery", RoomOptions::private()).await;
    mira.send(&room, "before").await;

    synapse.kill().await;
    assert!(mira.try_send(&room, "into the void").await.is_err());
    synapse.restart().await;
    mira.send(&room, "after").await;
    let both = "mira: before\nmira: after\n";
    assert_eq!(mira.transcript(&room).await, both);

    synapse.freeze().await;
    let (sent, ()) = tokio::join!(mira.send(&room, "at last"), async { synapse.thaw().await });
    mira.wait_message(&room, "the frozen message", |message| message.id == sent)
        .await;
    synapse.stop().await;
    assert!(mira.try_send(&room, "good night").await.is_err());
}

#[tokio::test]
async fn an_account_logs_in_by_itself() {
    let synapse = Synapse::shared().await;
    let account = synapse.account("bot").await;
    let (one, other) = tokio::join!(synapse.log_in(&account), synapse.log_in(&account));
    assert_eq!(one.user_id(), other.user_id());
    assert_eq!(
        account.user_id,
        UserId::from(format!("@{}:localhost", account.localpart))
    );
    assert_ne!(synapse.account("bot").await.user_id, account.user_id);
}

/// Runs itself once more as the process that is killed.
#[tokio::test]
async fn the_server_dies_with_the_test_process() {
    const VICTIM: &str = "STOA_TEST_VICTIM";
    if env::var_os(VICTIM).is_some() {
        let synapse = Synapse::start().await;
        writeln!(stdout(), "{}", synapse.url()).expect("the parent listens");
        stdin()
            .read_to_end(&mut Vec::new())
            .expect("the parent says nothing");
        return;
    }
    let mut victim = Command::new(env::current_exe().expect("this test"))
        .args([
            "--exact",
            "--nocapture",
            "the_server_dies_with_the_test_process",
        ])
        .env(VICTIM, "yes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test, once more");
    let said = BufReader::new(victim.stdout.take().expect("it is piped"));
    let address = said
        .lines()
        .map(|line| line.expect("text"))
        .find_map(|line| {
            line.split_once("http://")
                .map(|(_, address)| address.to_owned())
        })
        .expect("the victim says where its server is");
    let mut connection = TcpStream::connect(&address).expect("the server listens");

    victim.kill().expect("it runs");
    victim.wait().expect("it ended");
    // The server itself would keep a silent connection open for longer.
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("not zero");
    let end = connection.read(&mut [0; 16]).map_err(|error| error.kind());
    assert!(
        matches!(end, Ok(0) | Err(ErrorKind::ConnectionReset)),
        "the server still lives: {end:?}"
    );
}
