//! The homeserver itself: one for the whole test process, or one of a test's own.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, TcpListener},
    ops::Deref,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task};

use crate::{
    Account, Person,
    config::{self, Files, Ports},
    federation::Federation,
    launcher::{Launcher, Order},
    program, register,
    wire::Api,
};

/// Below what Linux (32768) and macOS (49152) give to outgoing connections, so that the port of a server that is down for a
/// moment is not taken by somebody's request.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Synapse works on one core: more registrations at once only wait for each other.
const REGISTRATIONS_AT_ONCE: usize = 8;

/// A homeserver on loopback, called `localhost` unless it federates. It ends when this process does, however that happens.
#[derive(Debug)]
pub struct Synapse {
    url: String,
    name: String,
    folder: PathBuf,
    launcher: Arc<Mutex<Launcher>>,
    /// Keeps the names of this server's people apart from those of any other server.
    tag: String,
    people: AtomicU64,
}

impl Synapse {
    /// The one server of this test process, started by the first who asks. Rooms and people of other tests are on it too.
    ///
    /// # Panics
    /// When it cannot be started, with a sentence that says why; for everybody who asks.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceLock<Result<Synapse, String>> = OnceLock::new();
        let start =
            || SHARED.get_or_init(|| Self::alone(&json!({})).map_err(|error| format!("{error:#}")));
        match task::spawn_blocking(start)
            .await
            .expect("starting a server gives errors, not panics")
        {
            Ok(server) => server,
            Err(sentence) => panic!("{sentence}"),
        }
    }

    /// A server of the caller's own, which may be stopped, killed and frozen. It ends when it is dropped.
    ///
    /// # Panics
    /// When it cannot be started, with a sentence that says why.
    pub async fn start() -> OwnSynapse {
        Self::start_with(json!({})).await
    }

    /// The same with these keys of `homeserver.yaml` set otherwise.
    ///
    /// # Panics
    /// When it cannot be started, with a sentence that says why.
    pub async fn start_with(settings: Value) -> OwnSynapse {
        match task::spawn_blocking(move || Self::alone(&settings))
            .await
            .expect("starting a server gives errors, not panics")
        {
            Ok(server) => OwnSynapse(server),
            Err(error) => panic!("{error:#}"),
        }
    }

    /// Where it answers, such as `http://127.0.0.1:20714`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The server name, which is the end of its people's user ids.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the server has logged so far, warnings and worse.
    #[must_use]
    pub fn log(&self) -> String {
        last_words(&self.folder)
    }

    /// Somebody new who is logged in. `name` is their display name, and the start of their unique user id.
    pub async fn person(&self, name: &str) -> Person {
        let account = self.account(name).await;
        self.log_in(&account).await
    }

    /// `count` people at once, called `name 1`, `name 2` and so on, in that order.
    pub async fn people(&self, count: usize, name: &str) -> Vec<Person> {
        let turns = Arc::new(Semaphore::new(REGISTRATIONS_AT_ONCE));
        let mut tasks = Vec::with_capacity(count);
        for number in 1..=count {
            let turns = Arc::clone(&turns);
            let account = self.new_account(&format!("{name} {number}"));
            let url = self.url.clone();
            tasks.push(tokio::spawn(async move {
                let _turn = turns.acquire_owned().await.expect("never closed");
                register::register(&url, &account).await;
                Person::log_in(&url, &account).await
            }));
        }
        let mut people = Vec::with_capacity(count);
        for task in tasks {
            people.push(task.await.expect("registering panicked, see above"));
        }
        people
    }

    /// An account for somebody who logs in on their own, such as the bot. `name` is its display name until it sets another,
    /// and the start of its unique user id.
    pub async fn account(&self, name: &str) -> Account {
        let account = self.new_account(name);
        register::register(&self.url, &account).await;
        account
    }

    /// Logs in with a password, on a new device. Several people may be one account's devices.
    pub async fn log_in(&self, account: &Account) -> Person {
        Person::log_in(&self.url, account).await
    }

    fn new_account(&self, name: &str) -> Account {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        Account::new(name, &format!("{}{number}", self.tag), &self.name)
    }

    fn alone(settings: &Value) -> Result<Self> {
        let files = |ports: Ports| config::alone(ports.client, settings);
        Self::boot(config::NAME, files).map(|(server, _)| server)
    }

    /// Starts a server with what `files` its data folder has to hold, on ports of which it may leave one unused.
    fn boot(name: &str, files: impl Fn(Ports) -> Files) -> Result<(Self, Ports)> {
        let python = program::python()?;
        let mut launcher = Launcher::spawn(&python)?;
        #[expect(
            clippy::disallowed_methods,
            reason = "test processes that run at once are not to begin at the same port"
        )]
        let random = RandomState::new().hash_one("");
        // Another test process may take a port between the look and the start: then the next ones.
        let first = u64::from(PORTS.start) + random % u64::from(PORTS.end - PORTS.start);
        let mut free = PORTS
            .cycle()
            .skip_while(|port| u64::from(*port) != first)
            .take(PORTS.len())
            .filter(is_free);
        while let (Some(client), Some(federation)) = (free.next(), free.next()) {
            let ports = Ports { client, federation };
            write(launcher.folder(), &files(ports))?;
            let Err(error) = launcher.order(Order::Start) else {
                let server = Self {
                    url: format!("http://127.0.0.1:{client}"),
                    name: name.to_owned(),
                    folder: launcher.folder().to_owned(),
                    launcher: Arc::new(Mutex::new(launcher)),
                    tag: format!("{:05x}", random >> 44),
                    people: AtomicU64::new(1),
                };
                return Ok((server, ports));
            };
            let words = last_words(launcher.folder());
            if !words.contains("ddress already in use") {
                return Err(
                    error.context(format!("Synapse did not start. Its last words:\n{words}"))
                );
            }
        }
        bail!(
            "Synapse found no free port from {} to {}.",
            PORTS.start,
            PORTS.end
        )
    }

    async fn order(&self, order: Order) {
        let launcher = Arc::clone(&self.launcher);
        let carry_out = move || {
            launcher
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .order(order)
        };
        let done = task::spawn_blocking(carry_out)
            .await
            .expect("orders give errors, not panics");
        if let Err(error) = done {
            panic!("{error:#}. Its last words:\n{}", self.log());
        }
    }
}

/// A server of one test's own. Everything that a [`Synapse`] can do, and to be taken down. People and rooms outlast that: the
/// address and the data stay until it is dropped.
#[derive(Debug)]
pub struct OwnSynapse(Synapse);

impl OwnSynapse {
    /// Starts one of those that federate; also gives the port on which it listens to the others. Blocks.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn federating(federation: &Federation) -> Result<(Self, u16)> {
        let files = |ports| config::federating(ports, federation);
        let (server, ports) = Synapse::boot(&federation.name, files)?;
        Ok((Self(server), ports.federation))
    }

    /// Ends it in order. Nothing happens when it does not run.
    pub async fn stop(&self) {
        self.0.order(Order::Stop).await;
    }

    /// Ends it at once, as by `kill -9`. Nothing happens when it does not run.
    pub async fn kill(&self) {
        self.0.order(Order::Kill).await;
    }

    /// Starts it again at the same address on the same data, stopping it first if it runs. It listens when this is done.
    pub async fn restart(&self) {
        self.0.order(Order::Stop).await;
        self.0.order(Order::Start).await;
        // Requests meet the new server, not a connection to the old one.
        Api::new(self.url())
            .get("/_matrix/client/versions")
            .await
            .expect("a server that just started answers");
    }

    /// Halts it: connections open, nothing answers.
    pub async fn freeze(&self) {
        self.0.order(Order::Freeze).await;
    }

    /// Lets it go on after [`OwnSynapse::freeze`].
    pub async fn thaw(&self) {
        self.0.order(Order::Thaw).await;
    }
}

impl Deref for OwnSynapse {
    type Target = Synapse;

    fn deref(&self) -> &Synapse {
        &self.0
    }
}

fn is_free(port: &u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
}

fn write(folder: &Path, files: &Files) -> Result<()> {
    for (name, content) in files {
        fs::write(folder.join(name), content)
            .with_context(|| format!("writing Synapse's {name}"))?;
    }
    Ok(())
}

fn last_words(folder: &Path) -> String {
    let read = |name| fs::read_to_string(folder.join(name)).unwrap_or_default();
    format!("{}{}", read("output"), read("homeserver.log"))
}
