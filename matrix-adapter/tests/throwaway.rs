#![recursion_limit = "256"]
#![allow(clippy::all)]
use bot_core::chance::System;
use bot_core::engine::{Core, Options, Stopper, stop};
use bot_core::settings::{Login, MatrixSettings, Patterns, Secret};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use synapse::{Account, Person, RoomOptions, Synapse};

struct Bot {
    core: Core,
    stopper: Stopper,
    task: tokio::task::JoinHandle<Result<(), matrix_adapter::MatrixFault>>,
}

fn settings(url: &str, account: &Account, rooms: Vec<String>) -> MatrixSettings {
    MatrixSettings {
        homeserver: url.to_owned(),
        user: account.user_id.to_string(),
        login: Login::Password(Secret(account.password.clone())),
        device_name: "Stoa".into(),
        allow_invites_from: Patterns::new(vec!["*".into()]),
        ignore: Patterns::default(),
        rooms,
    }
}

async fn start(dir: &Path, settings: MatrixSettings) -> Bot {
    let options = Options {
        dir: dir.to_owned(),
        prefix: "!".into(),
        language: "en".into(),
    };
    let core = tokio::task::spawn_blocking(move || {
        Core::open(options, Arc::new(System), Box::new(System)).unwrap()
    })
    .await
    .unwrap();
    let (stopper, stop) = stop();
    let task = tokio::spawn(matrix_adapter::run(
        settings,
        dir.to_owned(),
        core.clone(),
        stop,
    ));
    Bot {
        core,
        stopper,
        task,
    }
}
impl Bot {
    async fn end(self) {
        self.stopper.request();
        let at = Instant::now();
        self.task.await.unwrap().unwrap();
        println!("stop took {:?}", at.elapsed());
        self.core.close().await;
    }
}
fn log() {
    let _ =
        tracing_subscriber::fmt()
            .with_env_filter(std::env::var("RUST_LOG").unwrap_or(
                "matrix_adapter=debug,bot_core=debug,matrix_sdk_crypto=error,warn".into(),
            ))
            .with_test_writer()
            .try_init();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn session() {
    log();
    let synapse = Synapse::shared().await;
    let account = synapse.account("stoa").await;
    let mira = synapse.person("mira").await;
    let sol = synapse.person("sol").await;
    let dir = tempfile::tempdir().unwrap();
    let room = mira
        .create_room(
            "Bakery",
            RoomOptions::public()
                .invite(sol.user_id())
                .invite(&account.user_id),
        )
        .await;
    sol.join(&room).await;
    mira.send(&room, "!ask Before you came?").await;
    let t = Instant::now();
    let bot = start(dir.path(), settings(synapse.url(), &account, vec![])).await;
    mira.wait_joined(&room, &account.user_id).await;
    println!("joined after {:?}", t.elapsed());
    mira.set_power(&room, &account.user_id, 50).await;
    let t = Instant::now();
    let ask = mira.send(&room, "!ask Why does my <img src=x> dough not rise? @room\nIt is **cold** and `flat`.\n\n```rust\nfn a() {}\n```\n--tag dough,cold").await;
    let card = mira
        .wait_message(&room, "the card", |m| m.body.contains("#1"))
        .await;
    println!(
        "card after {:?}\n{}\n{:?}",
        t.elapsed(),
        card.body,
        card.formatted_body
    );
    println!(
        "{}",
        serde_json::to_string_pretty(&mira.events(&room).await.last().unwrap()).unwrap()
    );
    let t = Instant::now();
    sol.in_thread(&room, &card.id, "!answer Put it near the oven.")
        .await;
    let answer = sol
        .wait_message(&room, "the answer", |m| m.body.contains("#1.1"))
        .await;
    println!(
        "answer after {:?}, thread {:?} card {:?}",
        t.elapsed(),
        answer.thread,
        card.id
    );
    let up = sol.react(&room, &card.id, "👍️").await;
    mira.react(&room, &answer.id, "👍🏽").await;
    mira.react(&room, &answer.id, "✅").await;
    mira.react(&room, &ask, "👍").await; // own: refused
    let t = Instant::now();
    mira.wait_for(&room, "votes", |s| {
        let c = s.iter().find(|m| m.id == card.id)?;
        (c.body.contains("+1 vote") && c.body.contains("✅")).then_some(())
    })
    .await;
    println!("votes after {:?}", t.elapsed());
    // own vote refused -> reaction taken away and a DM
    let dm = mira.wait_invite(&account.user_id).await;
    mira.join(&dm).await;
    mira.wait_message(&dm, "dm", |m| {
        println!("DM: {} {}", m.msgtype, m.body);
        true
    })
    .await;
    mira.wait_for(&room, "own vote away", |s| {
        let c = s.iter().find(|m| m.id == ask)?;
        (c.count("👍") == 0).then_some(())
    })
    .await;
    sol.redact(&room, &up).await;
    mira.wait_for(&room, "vote back", |s| {
        let c = s.iter().find(|m| m.id == card.id)?;
        (c.body.contains("0 votes")).then_some(())
    })
    .await;
    let t = Instant::now();
    sol.send(&room, "!search dough").await;
    let found = sol
        .wait_message(&room, "found", |m| {
            m.msgtype == "m.notice" && m.body.contains("dough")
        })
        .await;
    println!(
        "search after {:?}: {}\n{:?} reply_to {:?}",
        t.elapsed(),
        found.body,
        found.formatted_body,
        found.reply_to
    );
    mira.edit(&room, &ask, "!ask Why is my dough flat?\nNew text")
        .await;
    mira.wait_for(&room, "edited", |s| {
        let c = s.iter().find(|m| m.id == card.id)?;
        (c.body.contains("New text")).then_some(())
    })
    .await;
    sol.edit(&room, &ask, "!ask Hijacked?\nhijack").await;
    // DM of the person with the bot
    mira.send(&dm, "search dough").await;
    mira.wait_message(&dm, "dm search", |m| m.body.contains("flat"))
        .await;
    mira.send(&dm, "!ask What of salt?\nIn a DM").await;
    mira.wait_message(&room, "asked by dm", |m| m.body.contains("What of salt"))
        .await;
    println!("--- DM\n{}", mira.transcript(&dm).await);
    // withdraw
    mira.redact(&room, &ask).await;
    bot.core
        .settled(bot_core::platform::Platform::Matrix)
        .await
        .unwrap();
    mira.send(&room, "!questions").await;
    mira.wait_message(&room, "list", |m| {
        m.msgtype == "m.notice" && m.body.contains("Newest")
    })
    .await;
    println!("--- room\n{}", mira.transcript(&room).await);
    for m in sol.shown(&room).await {
        assert!(
            m.sender != *account.user_id || m.mentions == serde_json::json!({}),
            "{m:?}"
        );
    }
    println!("highlights {} ", sol.highlights(&room).await);
    bot.end().await;
    println!(
        "{:#?}",
        matrix_adapter::check(
            settings(synapse.url(), &account, vec!["#nope:localhost".into()]),
            dir.path().to_owned()
        )
        .await
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn down() {
    log();
    let synapse = Synapse::shared().await;
    let account = synapse.account("stoa").await;
    let mira = synapse.person("mira").await;
    let dir = tempfile::tempdir().unwrap();
    let room = mira
        .create_room("Bakery", RoomOptions::public().invite(&account.user_id))
        .await;
    let bot = start(
        dir.path(),
        settings(synapse.url(), &account, vec![room.to_string()]),
    )
    .await;
    mira.wait_joined(&room, &account.user_id).await;
    mira.send(&room, "!ask Why does it not rise?").await;
    let card = mira
        .wait_message(&room, "the card", |m| m.body.contains("#1"))
        .await;
    bot.end().await;
    let people = synapse.people(50, "p").await;
    for p in &people {
        p.join(&room).await;
    }
    for p in &people {
        let a = p.react(&room, &card.id, "👍").await;
        p.redact(&room, &a).await;
        p.react(&room, &card.id, "👎").await;
        p.react(&room, &card.id, "👍").await;
    }
    println!("start again");
    let t = Instant::now();
    let bot = start(
        dir.path(),
        settings(synapse.url(), &account, vec![room.to_string()]),
    )
    .await;
    mira.wait_for(&room, "votes", |s| {
        let c = s.iter().find(|m| m.id == card.id)?;
        (c.body.contains("+50 votes")).then_some(())
    })
    .await;
    println!("after {:?}", t.elapsed());
    // a burst
    let t = Instant::now();
    for _ in 0..20 {
        mira.send(&room, "!questions").await;
    }
    mira.wait_for(&room, "lists", |s| {
        (s.iter().filter(|m| m.msgtype == "m.notice").count() == 20).then_some(())
    })
    .await;
    println!("20 lists after {:?}", t.elapsed());
    // kicked while running, comes back
    mira.kick(&room, &account.user_id).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    mira.send(&room, "!questions").await;
    mira.invite(&room, &account.user_id).await;
    mira.wait_joined(&room, &account.user_id).await;
    mira.send(&room, "!ask And again?\nx").await;
    mira.wait_message(&room, "the card", |m| m.body.contains("#2"))
        .await;
    bot.end().await;
    // the SDK's store is lost
    for e in std::fs::read_dir(dir.path().join("matrix")).unwrap() {
        println!("{:?}", e.unwrap().path());
    }
    std::fs::remove_dir_all(dir.path().join("matrix")).unwrap();
    mira.send(&room, "!ask While it was down and lost?\nx")
        .await;
    let bot = start(
        dir.path(),
        settings(synapse.url(), &account, vec![room.to_string()]),
    )
    .await;
    mira.wait_message(&room, "the card", |m| m.body.contains("#3"))
        .await;
    bot.end().await;
    println!("--- room\n{}", mira.transcript(&room).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn faults() {
    log();
    let synapse = Synapse::start().await;
    let account = synapse.account("stoa").await;
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        dir: dir.path().to_owned(),
        prefix: "!".into(),
        language: "en".into(),
    };
    let core = tokio::task::spawn_blocking(move || {
        Core::open(options, Arc::new(System), Box::new(System)).unwrap()
    })
    .await
    .unwrap();
    let (_stopper, stop) = stop();
    let good = settings(synapse.url(), &account, vec![]);
    for bad in [
        MatrixSettings {
            homeserver: "localhost".into(),
            ..good.clone()
        },
        MatrixSettings {
            homeserver: "http://127.0.0.1:1".into(),
            ..good.clone()
        },
        MatrixSettings {
            homeserver: format!("{}/nowhere", synapse.url()),
            ..good.clone()
        },
        MatrixSettings {
            user: "@stoa".into(),
            ..good.clone()
        },
        MatrixSettings {
            user: "nobody".into(),
            ..good.clone()
        },
        MatrixSettings {
            login: Login::Password(Secret("wrong".into())),
            ..good.clone()
        },
        MatrixSettings {
            login: Login::Token(Secret("wrong".into())),
            ..good.clone()
        },
    ] {
        let t = Instant::now();
        println!(
            "{} ({:?})",
            matrix_adapter::run(
                bad.clone(),
                dir.path().to_owned(),
                core.clone(),
                stop.clone()
            )
            .await
            .unwrap_err(),
            t.elapsed()
        );
        println!(
            "   {:?}",
            matrix_adapter::check(bad, dir.path().to_owned()).await
        );
    }
    // token login
    let mira = synapse.person("mira").await;
    let rest: serde_json::Value = mira.post("/_matrix/client/v3/login", &serde_json::json!({"type":"m.login.password","identifier":{"type":"m.id.user","user":account.localpart},"password":account.password})).await.unwrap();
    let token = rest["access_token"].as_str().unwrap().to_owned();
    println!(
        "{}",
        matrix_adapter::run(
            MatrixSettings {
                user: "other".into(),
                login: Login::Token(Secret(token.clone())),
                ..good.clone()
            },
            dir.path().to_owned(),
            core.clone(),
            stop.clone()
        )
        .await
        .unwrap_err()
    );
    core.close().await;
    let room = mira
        .create_room("Bakery", RoomOptions::public().invite(&account.user_id))
        .await;
    let s = MatrixSettings {
        login: Login::Token(Secret(token)),
        ..good.clone()
    };
    let bot = start(dir.path(), s.clone()).await;
    mira.wait_joined(&room, &account.user_id).await;
    mira.send(&room, "!ask Why does it not rise?").await;
    let card = mira
        .wait_message(&room, "the card", |m| m.body.contains("#1"))
        .await;
    synapse.restart().await;
    mira.react(&room, &card.id, "👎").await;
    mira.send(&room, "!help").await;
    mira.wait_message(&room, "help", |m| m.msgtype == "m.notice")
        .await;
    bot.end().await;
    synapse.stop().await;
    let bot = start(dir.path(), s.clone()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    synapse.restart().await;
    mira.send(&room, "!help answer").await;
    mira.wait_for(&room, "help", |s| {
        (s.iter().filter(|m| m.msgtype == "m.notice").count() == 2).then_some(())
    })
    .await;
    // logged out while running
    let out: serde_json::Value = synapse::Synapse::log_in(&synapse, &account)
        .await
        .post("/_matrix/client/v3/logout/all", &serde_json::json!({}))
        .await
        .unwrap();
    println!("{out}");
    println!("{}", bot.task.await.unwrap().unwrap_err());
    bot.core.close().await;
}
