//! What can go wrong with requests, as a test asks for it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

/// How a request fails.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    TooMany { after: Duration, is_global: bool },
    Html { status: u16, is_done: bool },
    HangUp { is_done: bool },
    Hold { gate: Gate, is_done: bool },
}

/// What happens to the next requests that match. Nothing is done for them, unless it says so.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) left: usize,
    pub(crate) kind: Kind,
}

impl Fault {
    fn new(method: &str, path: &str, kind: Kind) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            left: 1,
            kind,
        }
    }

    /// The next request with this method, whose path has this in it, is answered 429: wait so long.
    #[must_use]
    pub fn too_many(method: &str, path: &str, after: Duration) -> Self {
        let is_global = false;
        Self::new(method, path, Kind::TooMany { after, is_global })
    }

    /// Like [`Fault::too_many`], but for all of the API.
    #[must_use]
    pub fn too_many_globally(method: &str, path: &str, after: Duration) -> Self {
        let is_global = true;
        Self::new(method, path, Kind::TooMany { after, is_global })
    }

    /// The next such request is answered with a page of HTML and this status, and not done.
    #[must_use]
    pub fn html(method: &str, path: &str, status: u16) -> Self {
        let is_done = false;
        Self::new(method, path, Kind::Html { status, is_done })
    }

    /// The next such request gets no answer at all, and is not done.
    #[must_use]
    pub fn hang_up(method: &str, path: &str) -> Self {
        Self::new(method, path, Kind::HangUp { is_done: false })
    }

    /// It is done all the same; only the answer tells otherwise.
    #[must_use]
    pub fn but_done(mut self) -> Self {
        match &mut self.kind {
            Kind::Html { is_done, .. } | Kind::HangUp { is_done } | Kind::Hold { is_done, .. } => {
                *is_done = true;
            }
            Kind::TooMany { .. } => panic!("a request that was too many is never done"),
        }
        self
    }

    /// So many requests, instead of one.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    pub(crate) fn hold(method: &str, path: &str, gate: Gate) -> Self {
        let is_done = false;
        Self::new(method, path, Kind::Hold { gate, is_done })
    }

    pub(crate) fn fits(&self, method: &str, path: &str) -> bool {
        self.left > 0 && (self.method == "*" || self.method == method) && path.contains(&self.path)
    }
}

/// What a gate knows.
#[derive(Debug, Clone, Copy, Default)]
struct GateState {
    reached: usize,
    abandoned: usize,
    is_open: bool,
}

/// A gate in front of requests: how many have come to it, how many clients went away there, and whether it is open.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    state: Arc<watch::Sender<GateState>>,
}

/// Somebody at a closed gate. Who is gone before it opens has abandoned the request.
struct Waiting<'a>(&'a Gate);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state.send_modify(|state| {
            if !state.is_open {
                state.abandoned += 1;
            }
        });
    }
}

impl Gate {
    pub(crate) fn closed() -> Self {
        let state = Arc::new(watch::Sender::new(GateState::default()));
        Self { state }
    }

    pub(crate) fn open(&self) {
        self.state.send_modify(|state| state.is_open = true);
    }

    pub(crate) async fn pass(&self) {
        let _waiting = Waiting(self);
        self.state.send_modify(|state| state.reached += 1);
        self.wait(|state| state.is_open).await;
    }

    pub(crate) async fn reached(&self) {
        self.wait(|state| state.reached > 0).await;
    }

    pub(crate) async fn abandoned(&self) {
        self.wait(|state| state.abandoned > 0).await;
    }

    async fn wait(&self, is_so: impl Fn(GateState) -> bool) {
        // The sender lives as long as this does, so that waiting cannot fail.
        let _ = self.state.subscribe().wait_for(|state| is_so(*state)).await;
    }
}
