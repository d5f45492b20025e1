//! What can go wrong with requests, as a test asks for it.

use std::time::Duration;

use crate::gate::Gate;

/// How a request fails.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    TooMany {
        after: Duration,
        scope: Scope,
    },
    Html {
        status: u16,
        is_done: bool,
    },
    HangUp {
        is_done: bool,
    },
    Hold {
        gate: Gate,
        is_done: bool,
    },
    /// It is done at once, and answered after so long.
    Slow {
        by: Duration,
    },
}

/// Whose limit it is that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The bot's, on one route.
    Route,
    /// The bot's, on all routes.
    Global,
    /// All bots' together, on one resource.
    Shared,
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
        let scope = Scope::Route;
        Self::new(method, path, Kind::TooMany { after, scope })
    }

    /// Like [`Fault::too_many`], but for all of the API.
    #[must_use]
    pub fn too_many_globally(method: &str, path: &str, after: Duration) -> Self {
        let scope = Scope::Global;
        Self::new(method, path, Kind::TooMany { after, scope })
    }

    /// Like [`Fault::too_many`], but it is not the bot's own doing: others have used the resource too often.
    #[must_use]
    pub fn too_many_shared(method: &str, path: &str, after: Duration) -> Self {
        let scope = Scope::Shared;
        Self::new(method, path, Kind::TooMany { after, scope })
    }

    /// The next such request is done at once, but answered only after so long of wall time.
    #[must_use]
    pub fn slow(method: &str, path: &str, by: Duration) -> Self {
        Self::new(method, path, Kind::Slow { by })
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
            Kind::Slow { .. } => {}
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

impl Kind {
    /// Whether what was asked is done, whatever is answered.
    pub(crate) const fn is_done(&self) -> bool {
        match self {
            Self::TooMany { .. } => false,
            Self::Html { is_done, .. } | Self::HangUp { is_done } => *is_done,
            Self::Hold { .. } | Self::Slow { .. } => true,
        }
    }

    /// Whether the bot is told what came of it.
    pub(crate) const fn is_told(&self) -> bool {
        match self {
            Self::TooMany { .. } | Self::Html { .. } | Self::HangUp { .. } => false,
            Self::Hold { .. } | Self::Slow { .. } => true,
        }
    }
}
