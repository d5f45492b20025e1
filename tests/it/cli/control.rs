//! What an operator does from the shell while the bot runs, and while it does not.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use discord::{Channel, Discord};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Shell, undated};
use crate::world::Bot;

/// A running bot whose forum `main` is in a channel.
struct Running {
    discord: Discord,
    help: Channel,
    bot: Bot,
}

impl Running {
    async fn new() -> Self {
        let discord = Discord::start().await;
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let mut bot = Bot::on_discord(&discord);
        bot.set(&format!("channels = [\"{}\"]", help.id()));
        bot.environment("USER", "mod");
        bot.start();
        discord.wait_connected(1).await;
        Self { discord, help, bot }
    }

    /// What a command prints, and whether it is content.
    async fn says(&self, arguments: &[&str]) -> (bool, String) {
        self.pipes(arguments, "").await
    }

    /// The same of one to which something is said.
    async fn pipes(&self, arguments: &[&str], text: &str) -> (bool, String) {
        let (command, text) = (self.bot.command(arguments), text.to_owned());
        let said = tokio::task::spawn_blocking(move || piped(command, &text));
        said.await.expect("no panic")
    }

    /// Waits until the channel's first card says something.
    async fn card_says(&self, part: &str) {
        let help = self.help.clone();
        let says = |_: &Discord| {
            let card = help.messages().first().cloned()?;
            card.shown().contains(part).then_some(())
        };
        self.discord.wait_until(part, says).await;
    }
}

fn piped(mut command: Command, text: &str) -> (bool, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that ends before it has read all of it shows in what it says.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        undated(&String::from_utf8_lossy(&text)),
    )
}

#[test]
fn without_a_running_bot_posts_are_hidden_and_shown_all_the_same() {
    let shell = Shell::new();
    shell.pipe(&["console", "--as", "sol"], "!ask Is this spam?\n");
    assert_snapshot!(shell.says(&["hide", "1"]).out, @"#1 is hidden. `!unhide #1` shows it again. What its author wrote themselves still stands; `!remove #1` takes it away.");
    assert_snapshot!(shell.fails(&["hide", "#1"]), @"#1 is hidden already. `!unhide #1` shows it again.");
    assert_snapshot!(shell.says(&["show", "#1"]).out, @"#1 is shown again.");
    assert_snapshot!(shell.fails(&["hide", "7"]), @"There is no #7. `!search` finds questions, `!questions` lists them.");
    assert_snapshot!(shell.fails(&["hide", "everything"]), @"everything is no post; write its number, as in #42, #42.1 or #42/c1");
    assert_snapshot!(shell.fails(&["hide", "1", "--forum", "beer"]), @"there is no forum called beer, only main");
    let status = shell.says(&["status"]);
    assert_eq!(status.code, Some(1));
    let said = status
        .out
        .lines()
        .filter(|line| !line.starts_with("newest"));
    let said: Vec<_> = said.collect();
    assert_eq!(
        said,
        ["writer     not running", "index      not running, 0 behind"]
    );
}

#[tokio::test]
async fn beside_a_running_bot_posts_are_hidden_by_it_and_its_status_is_told() {
    let running = Running::new().await;
    let said = running
        .pipes(&["console", "--as", "sol"], "!ask Is this spam?\n")
        .await;
    assert!(said.0, "{}", said.1);
    assert_snapshot!(said.1, @r"
    #1 Is this spam?

    0 votes · no answers yet · asked DATE by sol
    Answer with `!answer #1 …` · 👍 👎 vote
    ");
    running.card_says("Is this spam?").await;
    let hidden = running.says(&["hide", "1"]).await;
    assert!(hidden.0, "{}", hidden.1);
    running.card_says("hidden").await;
    let again = running.says(&["hide", "1"]).await;
    assert!(!again.0);
    assert_snapshot!(again.1, @"stoa: #1 is hidden already. `!unhide #1` shows it again.");
    let shown = running.says(&["show", "1"]).await;
    assert!(shown.0, "{}", shown.1);
    running.card_says("Is this spam?").await;
    let code = running.says(&["forum", "code"]).await;
    assert!(code.0 && code.1.starts_with("forum join "), "{}", code.1);
    let (content, said) = running.says(&["status", "--json"]).await;
    assert!(content, "{said}");
    let status: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&status["running"], &status["writer"], &status["index"]),
        (&json!(true), &json!(true), &json!(true))
    );
    let discord = &status["platforms"][0];
    assert_eq!(
        (&discord["platform"], &discord["serving"]),
        (&json!("discord"), &json!("yes"))
    );
    let (content, said) = running.says(&["status"]).await;
    assert!(content && said.contains("discord    served, "), "{said}");
}

#[tokio::test]
async fn one_console_is_open_beside_a_running_bot() {
    let running = Running::new().await;
    running.says(&["status"]).await;
    let mut command = running.bot.command(&["console", "--as", "sol"]);
    let mut first = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = first.stdin.take().expect("piped");
    let mut shown = BufReader::new(first.stdout.take().expect("piped"));
    let line = tokio::task::spawn_blocking(move || {
        // What begins no message ends the one before it.
        stdin
            .write_all(b"!ask Who is first?\n!help\n")
            .expect("reads");
        let mut line = String::new();
        shown.read_line(&mut line).expect("reads");
        (line, stdin, shown)
    });
    let (line, stdin, shown) = line.await.expect("no panic");
    assert_eq!(line, "#1 Who is first?\n");
    let second = running.pipes(&["console"], "!help\n").await;
    assert!(!second.0);
    assert_snapshot!(second.1, @"stoa: somebody else has a console open on this forum; close that first");
    drop((stdin, shown));
    tokio::task::spawn_blocking(move || first.wait())
        .await
        .expect("no panic")
        .expect("ends");
    let third = running.pipes(&["console"], "!show #1\n").await;
    assert!(third.0 && third.1.contains("Who is first?"), "{}", third.1);
    let demo = running.pipes(&["console", "--demo"], "").await;
    assert!(!demo.0);
    assert_snapshot!(demo.1, @"stoa: `stoa run` serves this forum, and --demo fills an empty one; stop it first");
}

#[tokio::test]
async fn the_control_socket_is_its_owners_and_says_what_it_does_not_understand() {
    let mut running = Running::new().await;
    running.says(&["status"]).await;
    let path = running.bot.storage().join("control.sock");
    let mode = std::fs::metadata(&path)
        .expect("is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let asks = async |line: Vec<u8>| {
        let path = path.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = UnixStream::connect(path).expect("connects");
            // It may be closed before all of it is sent.
            let _ = stream.write_all(&line);
            let mut answer = String::new();
            let _ = BufReader::new(stream).take(4_096).read_line(&mut answer);
            answer
        });
        asked.await.expect("no panic")
    };
    for (line, part) in [
        ("{\"do\":\"hide\"}\n", "missing field"),
        ("{\"do\":\"shout\"}\n", "unknown variant"),
        ("hide #1\n", "this is no request"),
        ("{\"do\":\"say\",\"text\":\"!help\"}\n", "nobody sits"),
    ] {
        let answer = asks(line.as_bytes().to_vec()).await;
        assert!(
            answer.contains(part) && answer.contains("refused"),
            "{answer}"
        );
    }
    // One that never ends is given up.
    let answer = asks(vec![b' '; 3 << 20]).await;
    assert!(
        answer.is_empty() || answer.contains("this is no request"),
        "{answer}"
    );
    running.bot.kill();
    running.discord.wait_connected(0).await;
    // What a process that was killed left is in nobody's way.
    let (content, said) = running.says(&["status"]).await;
    assert!(!content && said.contains("not running"), "{said}");
    running.bot.start();
    running.discord.wait_connected(1).await;
    let (content, said) = running.says(&["status"]).await;
    assert!(content, "{said}");
    running.bot.stop().await;
    assert!(!path.exists(), "it goes with its process");
}

#[test]
fn the_log_names_what_is_heard_done_posted_and_edited_and_nothing_that_people_wrote() {
    let shell = Shell::new();
    let mut command = shell.stoa(&["console", "--as", "sol"]);
    command.env("STOA__LOG__LEVEL", "bot_core=debug");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin
        .write_all(b"!ask What is xyzzy?\nIt is plugh.\n!answer #1 It is plugh.\n")
        .expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    let logged = String::from_utf8_lossy(&output.stderr);
    for part in [
        " hear: bot_core::engine::submit: close time.busy=",
        " platform=terminal place=console event=\"",
        " hear:act: bot_core::engine::submit: close",
        " platform=terminal place=console person=sol",
        " deliver: bot_core::engine::deliver: close",
        " platform=terminal place=console post=1 key=",
        " edit: bot_core::engine::refresh: close",
        " platform=terminal place=console post=1 card=",
    ] {
        assert!(logged.contains(part), "{part} is not in\n{logged}");
    }
    for written in ["xyzzy", "plugh"] {
        assert!(!logged.contains(written), "{written} is in\n{logged}");
    }
}
