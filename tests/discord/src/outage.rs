//! What can go wrong with the gateway, as a test asks for it.

use serde_json::{Value, json};

use crate::{Discord, gateway::Out};

impl Discord {
    /// How many gateway sessions are connected.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.shared.look(|world| world.gateway.connected())
    }

    /// How often a bot has identified.
    #[must_use]
    pub fn identifies(&self) -> u64 {
        self.shared.look(|world| world.gateway.identifies)
    }

    /// How often a bot has resumed.
    #[must_use]
    pub fn resumes(&self) -> u64 {
        self.shared.look(|world| world.gateway.resumes)
    }

    /// How many heartbeats have come.
    #[must_use]
    pub fn heartbeats(&self) -> u64 {
        self.shared.look(|world| world.gateway.heartbeats)
    }

    /// The intents that the newest session asked for.
    #[must_use]
    pub fn intents(&self) -> Option<u64> {
        self.shared
            .look(|world| world.gateway.sessions.last().map(|session| session.intents))
    }

    /// Ends all gateway sockets with a close code, or with a close frame that has none. Gives how many there were.
    pub fn close_sockets(&self, code: Option<u16>) -> usize {
        self.shared
            .change(|world| world.gateway.disconnect(&Out::Close(code)))
    }

    /// Lets all gateway sockets go dead without a close frame. Gives how many there were.
    pub fn drop_sockets(&self) -> usize {
        self.shared
            .change(|world| world.gateway.disconnect(&Out::Drop))
    }

    /// Asks all to reconnect (op 7).
    pub fn ask_reconnect(&self) -> usize {
        self.shared.change(|world| {
            world
                .gateway
                .say(&json!({ "op": 7, "d": Value::Null, "s": null, "t": null }))
        })
    }

    /// Tells all that their session is invalid (op 9), and whether it may be resumed.
    pub fn invalidate_sessions(&self, can_resume: bool) -> usize {
        self.shared.change(|world| {
            let told = world
                .gateway
                .say(&json!({ "op": 9, "d": can_resume, "s": null, "t": null }));
            if !can_resume {
                world.gateway.forget_sessions();
            }
            told
        })
    }

    /// Whether each RESUME is answered with op 9 `false` from now on.
    pub fn refuse_resume(&self, refuse: bool) {
        self.shared
            .change(|world| world.gateway.refuse_resume = refuse);
    }

    /// Whether heartbeats stay unanswered from now on.
    pub fn mute_heartbeats(&self, mute: bool) {
        self.shared
            .change(|world| world.gateway.mute_heartbeats = mute);
    }

    /// Sends the next dispatch of a kind, such as `MESSAGE_REACTION_ADD`, twice with the same number.
    pub fn duplicate_next(&self, kind: &str) {
        self.shared
            .change(|world| world.gateway.duplicate_next(kind));
    }

    /// Sends the newest dispatch of a kind once more, as it was: a late duplicate.
    ///
    /// # Panics
    /// When nobody is connected who got one.
    pub fn repeat_last(&self, kind: &str) {
        let any = self.shared.change(|world| world.gateway.repeat_last(kind));
        assert!(any, "nobody is connected who was sent {kind}");
    }

    /// Holds all dispatches back from now on.
    pub fn hold_events(&self) {
        self.shared.change(|world| world.gateway.hold());
    }

    /// Sends what was held back, in order.
    pub fn release_events(&self) {
        self.shared.change(crate::world::World::release_events);
    }

    /// Forgets what was held back, so that nobody is ever told.
    pub fn lose_events(&self) {
        self.shared.change(crate::world::World::lose_events);
    }
}
