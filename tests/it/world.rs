//! The bot as the operator starts it, on a real homeserver or the fake Discord, or on both.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;

use discord::Discord;
use synapse::{Account, Person, RoomId, RoomOptions, Synapse, UserId};

/// The executable that was built for these tests.
pub const STOA: &str = env!("CARGO_BIN_EXE_stoa");

/// The bot: its account, its settings, its storage folder, and the process while it runs.
pub struct Bot {
    /// On Matrix.
    account: Option<Account>,
    folder: tempfile::TempDir,
    child: Option<Child>,
    /// The end of its standard output that is closed when it ends.
    output: Option<Receiver>,
    settings: String,
    /// Where its crash points are armed.
    points: Option<PathBuf>,
    /// What its environment has besides.
    environment: Vec<(String, String)>,
}

/// Tests have few people, who do as much as many would. What limits do has tests of its own, in memory.
const NO_LIMITS: &str =
    "[limits]\nquestions = 0\nanswers = 0\ncomments = 0\nedits = 0\nvotes = 0\n\n";

impl Bot {
    /// A bot with an account on the server, not started; `homeserver` is how it reaches the server.
    pub async fn new(server: &Synapse, homeserver: &str) -> Self {
        let account = server.account("stoa").await;
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[storage]\ndir = {:?}\n\n[matrix]\nhomeserver = {homeserver:?}\nuser = {:?}\npassword = {:?}\n",
            folder.path().join("run"),
            account.user_id.as_str(),
            account.password,
        );
        Self::with(folder, settings, Some(account))
    }

    /// A bot on the fake Discord, not started.
    pub fn on_discord(discord: &Discord) -> Self {
        let mut bot = Self::set_up("");
        bot.joins_discord(discord);
        bot
    }

    /// It is on the fake Discord, too: the settings' last section is that of Discord now.
    pub fn joins_discord(&mut self, discord: &Discord) {
        self.set(&format!(
            "\n[discord]\ntoken = {:?}\nproxy = {:?}",
            discord.token(),
            discord.rest_url(),
        ));
    }

    /// A bot with these lines in its settings behind the storage folder, not started.
    pub fn set_up(lines: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[storage]\ndir = {:?}\n\n{lines}\n",
            folder.path().join("run")
        );
        Self::with(folder, settings, None)
    }

    /// Writes a file beside its settings.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("writes");
    }

    fn with(folder: tempfile::TempDir, settings: String, account: Option<Account>) -> Self {
        let settings = format!("{NO_LIMITS}{settings}");
        Self {
            account,
            folder,
            child: None,
            output: None,
            settings,
            points: None,
            environment: Vec::new(),
        }
    }

    /// A bot that runs.
    pub async fn running(server: &Synapse) -> Self {
        let mut bot = Self::new(server, server.url()).await;
        bot.start();
        bot
    }

    /// Adds lines to the settings' last section.
    pub fn set(&mut self, lines: &str) {
        self.settings.push_str(lines);
        self.settings.push('\n');
    }

    /// Replaces a part of the settings.
    pub fn replace(&mut self, part: &str, by: &str) {
        assert!(self.settings.contains(part), "the settings have {part:?}");
        self.settings = self.settings.replace(part, by);
    }

    /// Sets a variable of its environment.
    pub fn environment(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Makes it die or stand still at the crash points that have a file or pipe in this folder.
    pub fn stops_at(&mut self, points: &Path) {
        self.points = Some(points.to_owned());
    }

    /// Its user.
    pub fn user(&self) -> &UserId {
        &self.account().user_id
    }

    /// Its account.
    pub fn account(&self) -> &Account {
        self.account.as_ref().expect("it is on Matrix")
    }

    /// Its storage folder.
    pub fn storage(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// Its settings file.
    pub fn config(&self) -> PathBuf {
        let path = self.folder.path().join("stoa.toml");
        // A bot that is just starting reads it.
        if std::fs::read_to_string(&path).ok().as_ref() != Some(&self.settings) {
            std::fs::write(&path, &self.settings).expect("writes");
        }
        path
    }

    /// A command line of the bot's own settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(STOA);
        command
            .arg("--config")
            .arg(self.config())
            .args(arguments)
            .current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("STOA__")) {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        if let Some(points) = &self.points {
            command.env("STOA_CRASH_AT", points);
        }
        command
    }

    /// What a command prints, and whether it is content.
    pub fn says(&self, arguments: &[&str]) -> (bool, String) {
        let output = self
            .command(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("runs");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    /// Starts `stoa run`.
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_file())
            .expect("a log");
        let run = self.command(&["run"]);
        // The signal by which a limit on files is told is ignored: a disk that is full sends none.
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(run.get_program())
            .args(run.get_args())
            .current_dir(self.folder.path());
        for (name, value) in run.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut child = shell
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("starts");
        let output = OwnedFd::from(child.stdout.take().expect("it is piped"));
        self.output = Some(Receiver::from_owned_fd(output).expect("a pipe"));
        self.child = Some(child);
    }

    /// Whether it was started and has not ended.
    pub fn runs(&self) -> bool {
        self.child.is_some()
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Ends it as the kernel or a power cut would.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("kills");
        child.wait().expect("ends");
    }

    /// Waits until it has ended by itself. May be given up and begun anew.
    pub async fn ended(&mut self) -> ExitStatus {
        let output = self.output.as_mut().expect("it was started");
        let mut said = [0; 1024];
        while output.read(&mut said).await.expect("a pipe") > 0 {}
        let mut child = self.child.take().expect("it runs");
        child.wait().expect("ends")
    }

    /// Ends it as an operator would, and waits for it.
    pub async fn stop(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        let asked = Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .expect("runs");
        assert!(asked.success());
        tokio::task::spawn_blocking(move || child.wait())
            .await
            .expect("no panic")
            .expect("ends")
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// A room of this person that the bot is in.
    pub async fn room_of(&self, person: &Person, name: &str) -> RoomId {
        let room = person
            .create_room(name, RoomOptions::public().invite(self.user()))
            .await;
        person.wait_joined(&room, self.user().as_str()).await;
        room
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself, which the test has said already if it matters.
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- the bot's log ---\n{}", self.log());
        }
    }
}
