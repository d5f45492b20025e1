//! The fake itself: to look at it, to move its clock and to break it.

use std::{panic::Location, sync::Arc, time::Duration};

use tokio::{task::JoinHandle, time::timeout};

use crate::{
    Channel, Fault, Guild, Id, Message, Violation, gate::Gate, shared::Shared, start::Ports,
    world::World,
};

/// How long anything may take before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A running fake. Stops when it is dropped.
#[derive(Debug)]
pub struct Discord {
    pub(crate) shared: Arc<Shared>,
    pub(crate) token: String,
    pub(crate) ports: Ports,
    pub(crate) servers: [JoinHandle<()>; 3],
}

impl Discord {
    /// The id of the bot's account.
    #[must_use]
    pub fn bot_id(&self) -> Id {
        self.shared.look(|world| world.bot)
    }

    /// The id of the application.
    #[must_use]
    pub fn application_id(&self) -> Id {
        self.shared.look(|world| world.app)
    }

    /// Makes a guild where the bot is a member with the rights that [`crate::permissions::BOT`] names.
    pub async fn guild(&self, name: &str) -> Guild {
        let id = self.shared.change(|world| world.new_guild(name));
        Guild::new(Arc::clone(&self.shared), id, name)
    }

    /// The messages of a channel, oldest first, without those that only one person sees.
    #[must_use]
    pub fn messages(&self, channel: &Channel) -> Vec<Message> {
        channel.messages()
    }

    /// The threads or posts of a channel, oldest first.
    #[must_use]
    pub fn threads(&self, channel: &Channel) -> Vec<Channel> {
        channel.threads()
    }

    /// Everything that stands in a channel, as readable text that is the same in each run.
    #[must_use]
    pub fn transcript(&self, channel: &Channel) -> String {
        channel.transcript()
    }

    /// What the bot did that it must not do, and what the fake itself got wrong. A test should find none.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.look(|world| world.violations.clone())
    }

    /// Gives the violations and forgets them: for tests that provoke some.
    pub fn take_violations(&self) -> Vec<Violation> {
        self.shared
            .change(|world| std::mem::take(&mut world.violations))
    }

    /// Who was pinged by messages of the bot: the message, and `@name`, `@everyone` or `@&role`. Pings that the bot named in
    /// `allowed_mentions` are here only; others are violations, too.
    #[must_use]
    pub fn pings(&self) -> Vec<(Id, String)> {
        self.shared.look(|world| world.pings.clone())
    }

    /// The names of the commands that are registered, in their order.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let name =
            |command: &serde_json::Value| command["name"].as_str().unwrap_or_default().to_owned();
        self.shared
            .look(|world| world.commands.iter().map(name).collect())
    }

    /// The slash commands and their options as they are seen where Discord is in this language, such as `de`: name and
    /// description, those of a command's parts behind it.
    #[must_use]
    pub fn commands_in(&self, locale: &str) -> Vec<(String, String)> {
        fn gather(of: &serde_json::Value, locale: &str, into: &mut Vec<(String, String)>) {
            let seen = |field: &str| {
                let own = &of[format!("{field}_localizations")][locale];
                let text = own.as_str().or_else(|| of[field].as_str());
                text.unwrap_or_default().to_owned()
            };
            into.push((seen("name"), seen("description")));
            let parts = of["options"].as_array().into_iter().flatten();
            parts.for_each(|part| gather(part, locale, into));
        }
        let mut seen = Vec::new();
        self.shared.look(|world| {
            let slash = world.commands.iter().filter(|command| command["type"] == 1);
            slash.for_each(|command| gather(command, locale, &mut seen));
        });
        seen
    }

    /// The time there, in Unix milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.shared.look(|world| world.now)
    }

    /// Moves the clock forward. Nothing else does. Interactions run out of time by it (3 seconds for the first response, 15 minutes
    /// for the rest), and threads are archived that have been quiet for long enough.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).expect("a test moves the clock by minutes");
        self.shared.change(|world| world.advance(by));
    }

    /// Makes requests fail, from now on. Faults apply in the order in which they are given.
    pub fn fail(&self, fault: Fault) {
        self.shared.change(|world| world.faults.push(fault));
    }

    /// Holds the next request with this method whose path has this in it, before anything is done for it.
    #[must_use]
    pub fn hold(&self, method: &str, path: &str) -> Held {
        let gate = Gate::closed();
        self.fail(Fault::hold(method, path, gate.clone()));
        Held { gate }
    }

    /// Like [`Discord::hold`], but it is done, and only the answer is held.
    #[must_use]
    pub fn hold_answer(&self, method: &str, path: &str) -> Held {
        let gate = Gate::closed();
        self.fail(Fault::hold(method, path, gate.clone()).but_done());
        Held { gate }
    }

    /// Takes all faults back that have not happened yet.
    pub fn heal(&self) {
        self.shared.change(|world| world.faults.clear());
    }

    /// Waits until `look` finds something. It looks at once, and after each change.
    ///
    /// # Panics
    /// After 20 seconds, with `what` was waited for.
    #[track_caller]
    pub fn wait_until<T>(
        &self,
        what: &str,
        look: impl FnMut(&Self) -> Option<T>,
    ) -> impl Future<Output = T> {
        self.wait_within(PATIENCE, what, look)
    }

    /// The same for what may take so long.
    ///
    /// # Panics
    /// When the time is up, with `what` was waited for.
    #[track_caller]
    pub fn wait_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> impl Future<Output = T> {
        let here = Location::caller();
        async move {
            let mut bell = self.shared.listen();
            let waiting = async {
                loop {
                    bell.borrow_and_update();
                    if let Some(found) = look(self) {
                        return found;
                    }
                    bell.changed()
                        .await
                        .expect("the bell lives as long as the fake");
                }
            };
            match timeout(patience, waiting).await {
                Ok(found) => found,
                Err(_) => panic!(
                    "{here}: waited in vain for {what}\n{}",
                    last_words(&self.shared)
                ),
            }
        }
    }

    /// Waits until so many gateway sessions are connected.
    #[track_caller]
    pub fn wait_connected(&self, count: usize) -> impl Future<Output = ()> {
        self.wait_until("the bot to be connected", move |discord| {
            (discord.connected() == count).then_some(())
        })
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        self.shared.stop();
        self.servers.iter().for_each(JoinHandle::abort);
    }
}

/// A request that waits, or will.
#[derive(Debug)]
pub struct Held {
    gate: Gate,
}

impl Held {
    /// Comes back when the request is there.
    ///
    /// # Panics
    /// After 20 seconds.
    pub async fn reached(&self) {
        let reached = timeout(PATIENCE, self.gate.reached()).await;
        reached.expect("the request that is to be held comes within 20 seconds");
    }

    /// Comes back when the client has gone while its request waited, as when a bot is killed. What was held before it was done is
    /// then never done, also after a release; a release before this leaves that to chance.
    ///
    /// # Panics
    /// After 20 seconds.
    pub async fn abandoned(&self) {
        let gone = timeout(PATIENCE, self.gate.abandoned()).await;
        gone.expect("the client whose request is held goes within 20 seconds");
    }

    /// Lets it go on.
    pub fn release(&self) {
        self.gate.open();
    }
}

/// Waits for something in the world, for handles that have no [`Discord`] at hand.
pub(crate) async fn wait<T>(
    shared: &Shared,
    what: &str,
    here: &Location<'_>,
    look: impl Fn(&World) -> Option<T>,
) -> T {
    let mut bell = shared.listen();
    let waiting = async {
        loop {
            bell.borrow_and_update();
            if let Some(found) = shared.look(&look) {
                return found;
            }
            bell.changed()
                .await
                .expect("the bell lives as long as the fake");
        }
    };
    match timeout(PATIENCE, waiting).await {
        Ok(found) => found,
        Err(_) => panic!("{here}: waited in vain for {what}\n{}", last_words(shared)),
    }
}

/// What helps to see why nothing came.
pub(crate) fn last_words(shared: &Shared) -> String {
    shared.look(|world| {
        let mut text = format!(
            "connected sessions: {}\nlast requests:\n",
            world.gateway.connected()
        );
        let from = world.requests.len().saturating_sub(12);
        for request in world.requests.iter().skip(from) {
            text.push_str(&format!("  {request}\n"));
        }
        for line in world.chaos.iter().flat_map(|chaos| chaos.last(12)) {
            text.push_str(&format!("chaos: {line}\n"));
        }
        for violation in &world.violations {
            text.push_str(&format!("violation: {violation}\n"));
        }
        text
    })
}
