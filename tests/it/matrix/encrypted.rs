//! Encrypted rooms, with people whose client is the SDK's own.

use std::fs;
use std::path::Path;

use synapse::{RoomId, Synapse};

use crate::people::{self, Keyed, Lock, Read};
use crate::proxy::{Proxy, When};
use crate::trap;
use crate::world::Bot;

/// Waits for the bot's card that begins with `address`, and gives it once `is_it` holds.
async fn card(
    person: &Keyed,
    room: &RoomId,
    bot: &Bot,
    address: &str,
    is_it: impl Fn(&Read) -> bool,
) -> Read {
    let beginning = format!("{address} ");
    person
        .wait_message(room, &format!("the card of {address}"), |read| {
            read.sender == bot.user().as_str()
                && read.msgtype == "m.text"
                && read.body.trim_start_matches("✅ ").starts_with(&beginning)
                && is_it(read)
        })
        .await
}

/// Waits for the bot's notice that has these words in it.
async fn notice(person: &Keyed, room: &RoomId, bot: &Bot, words: &str) -> Read {
    person
        .wait_message(room, &format!("the notice {words:?}"), |read| {
            read.sender == bot.user().as_str()
                && read.msgtype == "m.notice"
                && read.body.contains(words)
        })
        .await
}

/// How many of the bot's messages show the card of an address.
async fn cards(person: &Keyed, room: &RoomId, bot: &Bot, address: &str) -> usize {
    let beginning = format!("{address} ");
    let read = person.read(room).await;
    let own = read.iter().filter(|read| {
        read.sender == bot.user().as_str()
            && read.msgtype == "m.text"
            && read.body.starts_with(&beginning)
    });
    own.count()
}

#[tokio::test]
async fn an_encrypted_room_works_as_a_plain_one_does() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let sol = Keyed::log_in(server.url(), &server.account("sol").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    let id = mira.room(&room).room_id().to_owned();
    sol.client().join_room_by_id(&id).await.expect("joins");
    sol.sync(std::time::Duration::ZERO).await;

    let asked = mira.send(&room, "!ask How long does a keg kep?").await;
    let question = card(&sol, &room, &bot, "#1", |_| true).await;
    assert_eq!(question.lock, Lock::Encrypted);
    mira.edit(&room, &asked, "!ask How long does a keg keep?")
        .await;
    card(&mira, &room, &bot, "#1", |read| read.body.contains("keep?")).await;
    sol.in_thread(&room, &question.id, "!answer Six weeks.")
        .await;
    let answer = card(&mira, &room, &bot, "#1.1", |_| true).await;
    assert_eq!(answer.thread.as_deref(), Some(question.id.as_str()));
    assert_eq!(answer.lock, Lock::Encrypted);

    let vote = mira.react(&room, &answer.id, "👍").await;
    card(&mira, &room, &bot, "#1.1", |read| {
        read.body.contains("+1 vote")
    })
    .await;
    mira.react(&room, &answer.id, "✅").await;
    card(&mira, &room, &bot, "#1.1", |read| read.body.contains("✅")).await;
    mira.redact(&room, &vote).await;
    card(&mira, &room, &bot, "#1.1", |read| {
        !read.body.contains("+1 vote")
    })
    .await;
    mira.send(&room, "!search kegs").await;
    let found = notice(&mira, &room, &bot, "#1 How long does a keg keep?").await;
    assert_eq!(found.lock, Lock::Encrypted);

    assert!(bot.stop().await.success(), "{}", bot.log());
    mira.send(&room, "!ask Is this read after a restart?").await;
    bot.start();
    let second = card(&sol, &room, &bot, "#2", |_| true).await;
    assert_eq!(second.lock, Lock::Encrypted);

    mira.react(&room, &second.id, "👍").await;
    let direct = mira.wait_invited().await;
    let told = notice(&mira, &direct, &bot, "nobody votes on their own posts").await;
    assert_eq!(told.lock, Lock::Encrypted);
    mira.redact(&room, &asked).await;
    card(&mira, &room, &bot, "#1", |read| {
        read.body.contains("withdrawn")
    })
    .await;
    assert_eq!(cards(&mira, &room, &bot, "#2").await, 1);
}

/// Waits until the bot says that its keys are in order.
async fn set_up(person: &Keyed, bot: &Bot) {
    let said = async || bot.log().contains("encryption is set up");
    person.wait_until("encryption to be set up", said).await;
}

/// Waits until the account's backup holds the keys of as many senders.
async fn backed_up(person: &Keyed, server: &Synapse, bot: &Bot, keys: u64) {
    let other = server.log_in(bot.account()).await;
    let path = "/_matrix/client/v3/room_keys/version";
    let holds = async || {
        let backup = other.get(path).await;
        backup.is_ok_and(|backup| backup["count"].as_u64() >= Some(keys))
    };
    person.wait_until("the keys to be backed up", holds).await;
    let out = serde_json::json!({});
    other
        .post("/_matrix/client/v3/logout", &out)
        .await
        .expect("logs out");
}

/// Loses the device: its keys and its session.
fn lose_device(bot: &Bot) {
    let folder = bot.storage().join("matrix");
    for entry in fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("goes");
        }
    }
    fs::remove_file(folder.join("session.json")).expect("goes");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

#[tokio::test]
async fn the_device_is_verified_and_the_recovery_key_is_kept_and_never_logged() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    set_up(&mira, &bot).await;
    let devices = mira.devices(bot.user()).await;
    assert_eq!(devices.values().collect::<Vec<_>>(), [&true], "{devices:?}");
    let path = bot.storage().join("matrix").join("recovery.key");
    let key = fs::read_to_string(&path).expect("the key is kept");
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o600);
    let log = bot.log();
    assert!(log.contains("recovery.key"), "{log}");
    assert!(!log.contains(key.trim()), "{log}");
    let (_, said) = bot.says(&["check", "--online"]);
    for good in [
        "is verified",
        "the backup of the rooms’ keys is on",
        "recovery.key: keep a copy elsewhere",
    ] {
        assert!(said.contains(good), "{said}");
    }
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    let twice = async || bot.log().matches("encryption is set up").count() == 2;
    mira.wait_until("the second start", twice).await;
    assert_eq!(fs::read_to_string(&path).expect("it is kept"), key);
    assert_eq!(bot.log().matches("a recovery key is made").count(), 1);

    // Who takes the key away keeps it good; who died before it was kept gets another.
    assert!(bot.stop().await.success(), "{}", bot.log());
    fs::remove_file(&path).expect("goes");
    bot.start();
    let missed = async || bot.log().contains("recovery key is not here");
    mira.wait_until("the key to be missed", missed).await;
    assert!(!path.exists());
    assert!(bot.stop().await.success(), "{}", bot.log());
    fs::write(path.with_extension("key.begun"), "").expect("writes");
    bot.start();
    let made = async || path.exists();
    mira.wait_until("another key", made).await;
    assert_ne!(fs::read_to_string(&path).expect("it is kept"), key);
}

#[tokio::test]
async fn what_the_bot_says_does_not_have_its_own_keys_asked_for_again_and_again() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    set_up(&mira, &bot).await;
    mira.send(&room, "!ask Is this the first of many?").await;
    card(&mira, &room, &bot, "#1", |_| true).await;
    let before = proxy.count("POST", "/keys/query");
    for number in 2..=12 {
        mira.send(&room, &format!("!ask Is this number {number} of many?"))
            .await;
        card(&mira, &room, &bot, &format!("#{number}"), |_| true).await;
    }
    // Each time, what is to be encrypted would wait for the answer.
    let asked = proxy.count("POST", "/keys/query") - before;
    assert!(asked <= 2, "{asked} times");
}

#[tokio::test]
async fn a_homeserver_that_asks_for_the_password_gets_it_or_the_log_says_that_it_is_missing() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    proxy.ask_for_passwords();
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    let password = format!("password = {:?}", bot.account().password);
    let token = people::token(server.url(), bot.account()).await;
    bot.replace(&password, &format!("access_token = {token:?}"));
    bot.start();
    let said = async || bot.log().contains("asks for the account’s password");
    mira.wait_until("what is missing to be said", said).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.replace(&format!("access_token = {token:?}"), &password);
    bot.start();
    set_up(&mira, &bot).await;
    let devices = mira.devices(bot.user()).await;
    assert_eq!(devices.values().collect::<Vec<_>>(), [&true], "{devices:?}");
}

#[tokio::test]
async fn what_can_not_be_decrypted_is_hinted_at_once_and_heard_when_its_key_comes() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let proxy = Proxy::start(server.url()).await;
    let mira = Keyed::log_in(proxy.url(), &server.account("mira").await).await;
    let sol = server.person("sol").await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    sol.join(&room).await;

    let withheld = proxy.withhold("PUT", "/sendToDevice/m.room.encrypted");
    let asked = mira.send(&room, "!ask Does a late key help?").await;
    let withheld = withheld.await.expect("mira gives the bot a key");
    mira.send(&room, "Good morning!").await;
    mira.edit(&room, &asked, "!ask Does a late key still help?")
        .await;
    let asked = synapse::EventId::from(asked.as_str());
    sol.react(&room, &asked, "👍").await;
    let hint = notice(&mira, &room, &bot, "can’t read this message").await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    // Others are heard meanwhile.
    sol.send(&room, "!questions").await;
    notice(&mira, &room, &bot, "There are none yet").await;

    mira.put(server.url(), &withheld).await;
    card(&mira, &room, &bot, "#1", |read| {
        read.body.contains("still help?") && read.body.contains("+1 vote")
    })
    .await;
    let read = mira.read(&room).await;
    let hints = read.iter().filter(|read| read.body == hint.body).count();
    assert_eq!(hints, 1);
}

#[tokio::test]
async fn a_lost_device_with_its_recovery_key_in_the_settings_says_what_it_missed() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    set_up(&mira, &bot).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    mira.send(&room, "!ask Is this said to nobody?").await;
    lose_device(&bot);
    let kept = bot.storage().join("matrix").join("recovery.key");
    let key = fs::read_to_string(&kept).expect("the key is kept");
    fs::remove_file(&kept).expect("goes");
    bot.set(&format!("recovery_key = {:?}", key.trim()));
    bot.start();
    notice(&mira, &room, &bot, "can’t read this message").await;
    mira.send(&room, "!ask Is this said again?").await;
    let question = card(&mira, &room, &bot, "#1", |_| true).await;
    assert!(question.body.contains("said again?"), "{}", question.body);
    assert!(bot.log().contains("are recovered"), "{}", bot.log());
    assert!(!kept.exists(), "no other key is made");
    let (_, said) = bot.says(&["check", "--online"]);
    assert!(
        said.contains("its key is in `matrix.recovery_key`"),
        "{said}"
    );
}

#[tokio::test]
async fn a_lost_device_comes_back_verified_and_finds_by_old_keys_what_it_sent() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    mira.send(&room, "!ask Is this asked before all is lost?")
        .await;
    card(&mira, &room, &bot, "#1", |_| true).await;
    set_up(&mira, &bot).await;
    // Those of mira's messages, and of the bot's own.
    backed_up(&mira, server, &bot, 2).await;

    let held = proxy.hold("PUT", "/send/m.room.encrypted/p", When::After);
    mira.send(&room, "!ask Is this card sent once?").await;
    held.await.expect("the bot sends a card");
    bot.kill();
    lose_device(&bot);
    bot.start();
    let recovered = async || bot.log().contains("are recovered");
    mira.wait_until("the recovery", recovered).await;
    mira.send(&room, "!ask Is the bot back again?").await;
    card(&mira, &room, &bot, "#3", |_| true).await;
    assert_eq!(cards(&mira, &room, &bot, "#2").await, 1, "{}", bot.log());
    let devices = mira.devices(bot.user()).await;
    let verified = devices.values().filter(|vouched| **vouched).count();
    assert_eq!(verified, 2, "{devices:?}");
}

#[tokio::test]
async fn what_is_taken_back_of_an_encrypted_room_stands_in_no_file_of_a_running_bot() {
    let server = Synapse::shared().await;
    let points = tempfile::tempdir().expect("a folder");
    let mut bot = Bot::new(server, server.url()).await;
    bot.stops_at(points.path());
    bot.start();
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    let asked = mira.send(&room, "!ask Where is the qvarktitle?").await;
    card(&mira, &room, &bot, "#1", |_| true).await;
    mira.edit(&room, &asked, "!ask Where is the qvarkedit?")
        .await;
    card(&mira, &room, &bot, "#1", |read| {
        read.body.contains("qvarkedit")
    })
    .await;
    let (storage, words) = (bot.storage(), ["qvarktitle", "qvarkedit"]);
    for word in words {
        assert!(!trap::holders(&storage, word).is_empty(), "{word}");
    }
    trap::cleaned(&storage, points.path(), &words, async {
        mira.send(&room, "!delete #1").await;
    })
    .await;
    assert!(bot.stop().await.success());
}
