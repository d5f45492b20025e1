//! The operator's page, `docs/matrix.md`, followed word for word on a real homeserver.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use synapse::{Account, RoomId, Synapse, UserId};

use crate::people::Keyed;
use crate::world::STOA;

/// The page's commands stand in boxes of this kind, its settings in the other.
const CONSOLE: &str = "```console\n";
const TOML: &str = "```toml\n";
const END: &str = "```\n";

/// A machine with its own folders, on which commands are carried out.
struct Machine {
    root: tempfile::TempDir,
    running: Option<Child>,
}

/// What stands on the page for what is real here.
struct Names {
    homeserver: String,
    account: Account,
    /// The folder that all machines have in common.
    backup: tempfile::TempDir,
}

impl Names {
    /// The page's words for one machine.
    fn real(&self, root: &Path, text: &str) -> String {
        text.replace("https://matrix.example.org", &self.homeserver)
            .replace("@stoa:example.org", self.account.user_id.as_str())
            .replace("/backup", &self.backup.path().display().to_string())
            .replace("/etc/stoa", &root.join("etc").display().to_string())
            .replace("/var/lib/stoa", &root.join("lib").display().to_string())
    }

    /// What a machine said in the page's words, the same in each run.
    fn shown(&self, root: &Path, text: &str) -> String {
        let text = text
            .replace(&self.homeserver, "https://matrix.example.org")
            .replace(self.account.user_id.as_str(), "@stoa:example.org")
            .replace("@*:localhost", "@*:example.org")
            .replace(&self.backup.path().display().to_string(), "/backup")
            .replace(&root.join("etc").display().to_string(), "/etc/stoa")
            .replace(&root.join("lib").display().to_string(), "/var/lib/stoa");
        let mut lines = String::new();
        for line in text.lines() {
            let words: Vec<String> = line.split(' ').map(steady).collect();
            lines.push_str(&words.join(" "));
            lines.push('\n');
        }
        lines
    }
}

/// A word without what is different in each run: devices, rooms, sizes.
fn steady(word: &str) -> String {
    let (before, rest) = word.split_at(word.find(|c| c != '(').unwrap_or(0));
    let core = rest.trim_end_matches([')', ',', ':', ';']);
    let after = &rest[core.len()..];
    let is_device = |name: &str| name.len() == 10 && name.chars().all(|c| c.is_ascii_uppercase());
    let steady = match core {
        _ if is_device(core) => "QWERTYUIOP",
        _ if core.strip_prefix("device-").is_some_and(is_device) => "device-QWERTYUIOP",
        _ if core.starts_with('!') && core.len() > 20 => "!kitchen:example.org",
        _ if !core.is_empty()
            && core.chars().all(|c| c.is_ascii_digit() || c == '.')
            && core.contains('.') =>
        {
            "1.23"
        }
        _ => core,
    };
    format!("{before}{steady}{after}")
}

impl Machine {
    /// A new one with the settings of the page.
    fn new(names: &Names, settings: &str) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        for folder in ["etc", "bin"] {
            fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        symlink(STOA, root.path().join("bin/stoa")).expect("a link");
        let etc = root.path().join("etc");
        let settings = names.real(root.path(), settings);
        fs::write(etc.join("stoa.toml"), settings).expect("writes");
        fs::write(etc.join("password"), &names.account.password).expect("writes");
        Self {
            root,
            running: None,
        }
    }

    /// Carries a command out as a shell does; gives what it prints.
    fn carry_out(&mut self, names: &Names, command: &str) -> String {
        match command {
            "systemctl start stoa" => {
                let log = fs::File::options()
                    .create(true)
                    .append(true)
                    .open(self.log());
                let run = "exec stoa --config /etc/stoa/stoa.toml run";
                let child = self.shell(names, run).stderr(log.expect("a log")).spawn();
                self.running = Some(child.expect("starts"));
                String::new()
            }
            "systemctl stop stoa" => {
                let mut child = self.running.take().expect("it runs");
                let asked = Command::new("kill").arg(child.id().to_string()).status();
                assert!(asked.expect("runs").success());
                let ended = child.wait().expect("ends");
                assert!(ended.success(), "{}", self.said());
                String::new()
            }
            _ => {
                let output = self.shell(names, command).output().expect("runs");
                let said = [output.stdout, output.stderr].concat();
                names.shown(self.root.path(), &String::from_utf8_lossy(&said))
            }
        }
    }

    fn shell(&self, names: &Names, command: &str) -> Command {
        let mut shell = Command::new("sh");
        let path = std::env::var("PATH").unwrap_or_default();
        shell
            .arg("-c")
            .arg(names.real(self.root.path(), command))
            .env(
                "PATH",
                format!("{}:{path}", self.root.path().join("bin").display()),
            )
            .env("LC_ALL", "C")
            .current_dir(self.root.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("STOA__")) {
            shell.env_remove(name);
        }
        shell
    }

    fn log(&self) -> PathBuf {
        self.root.path().join("log")
    }

    /// What its bot has logged.
    fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Ends its bot as a fire would.
    fn burn(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("kills");
            child.wait().expect("ends");
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.burn();
        if std::thread::panicking() {
            eprintln!("--- a bot's log ---\n{}", self.said());
        }
    }
}

/// Somebody in an encrypted room with the bot, who sees whether it is all right.
struct Guest {
    mira: Keyed,
    room: Option<RoomId>,
    bot: UserId,
}

impl Guest {
    /// After a start: the bot says that its keys are in order, and answers in the room.
    async fn look(&mut self, names: &Names, machine: &mut Machine, starts: usize) {
        let done = async || machine.said().contains("encryption is set up");
        self.mira.wait_until("the bot's keys", done).await;
        if self.room.is_none() {
            self.room = Some(self.mira.room_with("Kitchen", &self.bot).await);
        }
        let room = self.room.as_ref().expect("made");
        let asked = format!("Is this asked after start number {starts}?");
        self.mira.send(room, &format!("!ask {asked}")).await;
        let card = format!("#{starts} {asked}");
        let is_it = |read: &crate::people::Read| {
            read.sender == self.bot.as_str() && read.body.starts_with(&card)
        };
        self.mira.wait_message(room, "the card", is_it).await;
        // Once it is found, the index is up to date.
        let forum = room.as_str();
        let search =
            format!("stoa --config /etc/stoa/stoa.toml search --forum '{forum}' start {starts}");
        let found = async || machine.carry_out(names, &search).contains(&asked);
        self.mira.wait_until("it to be found", found).await;
    }
}

#[tokio::test]
async fn the_operators_page_is_true_word_for_word() {
    let server = Synapse::shared().await;
    let names = Names {
        homeserver: server.url().to_owned(),
        account: server.account("stoa").await,
        backup: tempfile::tempdir().expect("a folder"),
    };
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let mut guest = Guest {
        mira,
        room: None,
        bot: names.account.user_id.clone(),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/matrix.md");
    let page = fs::read_to_string(&path).expect("the page");
    let (_, settings) = page.split_once(TOML).expect("the page has settings");
    let (settings, _) = settings.split_once(END).expect("they end");

    let mut machines: BTreeMap<String, Machine> = BTreeMap::new();
    let mut starts = 0;
    let mut written = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once(CONSOLE) {
        let (console, after) = after.split_once(END).expect("the box ends");
        written.push_str(before);
        written.push_str(CONSOLE);
        for line in console.lines() {
            let Some((prompt, command)) = line.split_once("$ ") else {
                continue;
            };
            // The first machine is the old one later on.
            let name = if prompt.is_empty() { "old" } else { prompt };
            if name == "spare"
                && let Some(lost) = machines.get_mut("new")
            {
                lost.burn();
            }
            let machine = machines.entry(name.to_owned());
            let machine = machine.or_insert_with(|| Machine::new(&names, settings));
            let said = machine.carry_out(&names, command);
            written.push_str(&format!("{line}\n{said}"));
            if command == "systemctl start stoa" {
                starts += 1;
                guest.look(&names, machine, starts).await;
            }
        }
        written.push_str(END);
        rest = after;
    }
    written.push_str(rest);
    assert_eq!(
        starts, 3,
        "it is started at first, after moving, and after the loss"
    );
    if std::env::var_os("STOA_WRITE_README").is_some() {
        fs::write(&path, written).expect("writes");
        return;
    }
    assert_eq!(page, written, "write it anew with STOA_WRITE_README=1");
}
