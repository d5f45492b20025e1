//! What the fake notes for tests: requests, and what they should fail for.

use std::fmt;

use serde_json::Value;

use crate::Discord;

/// Something that a bot must not do, or that the fake itself got wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Of which kind: `event`, `gateway`, `route`, `agent`, `body`, `unknown field`, `mention`, `twice`, `refused` or `schema`.
    pub kind: &'static str,
    /// What happened.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.text)
    }
}

/// A request and how it was answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path below `/api/v10`, with its query.
    pub path: String,
    /// What was sent, `null` for nothing.
    pub body: Value,
    /// The status of the answer, 0 when there was none.
    pub status: u16,
    /// Discord's own code for what was wrong, 0 when nothing was.
    pub code: u32,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.method, self.path, self.status)?;
        if self.code != 0 {
            write!(f, " ({})", self.code)?;
        }
        Ok(())
    }
}

impl Discord {
    /// All REST requests so far, in the order in which they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests_that(|_| true)
    }

    /// The REST requests so far that are so, in the order in which they were answered. Only those are copied: where there are
    /// many, to look for one is cheap.
    #[must_use]
    pub fn requests_that(&self, are_so: impl Fn(&Request) -> bool) -> Vec<Request> {
        self.shared.look(|world| {
            let found = world.requests.iter().filter(|request| are_so(request));
            found.cloned().collect()
        })
    }

    /// Forgets all REST requests so far.
    pub fn forget_requests(&self) {
        self.shared.change(|world| world.requests.clear());
    }

    /// Keeps only so many REST requests, the newest, from now on: for long runs.
    pub fn keep_requests(&self, most: usize) {
        self.shared.change(|world| {
            world.requests_kept = most;
            let many = world.requests.len().saturating_sub(most);
            world.requests.drain(..many);
        });
    }
}
