//! A gate in front of requests, which a test opens.

use std::sync::Arc;

use tokio::sync::watch;

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
