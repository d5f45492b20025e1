//! What the chaos does to requests. It hangs on the request and on how often it came, not on what else is asked meanwhile.

use std::time::Duration;

use super::{Sky, rng::SeededRng};
use crate::faults::{Kind, Scope};

/// How long a bot is told to wait after a 429.
const SHORT: Duration = Duration::from_millis(50);

/// Nearly the time that a first response may take.
const LONG: Duration = Duration::from_millis(2_800);

/// How it went with requests of one kind so far.
#[derive(Debug, Default)]
pub(crate) struct Streak {
    count: u64,
    /// How many have failed since the last that did not.
    failed: u64,
}

impl Sky {
    /// What goes wrong with a request.
    pub(crate) fn request(&mut self, method: &str, path: &str) -> Option<Kind> {
        if !self.how.requests || path.starts_with("/gateway") {
            return None;
        }
        let bare = path.split_once('?').map_or(path, |(bare, _)| bare);
        let interaction = interaction_in(bare);
        let name = interaction.map_or_else(|| format!("{method} {bare}"), str::to_owned);
        let most = if interaction.is_some() { 1 } else { 2 };
        let streak = self.streaks.entry(name.clone()).or_default();
        streak.count += 1;
        let mut rng = SeededRng::of(self.how.seed, &format!("{name} {}", streak.count));
        let drawn = rng
            .falls(self.how.strength * 10)
            .then(|| draw(&mut rng, interaction.is_some()));
        let is_failure = drawn
            .as_ref()
            .is_some_and(|kind| !matches!(kind, Kind::Slow { .. }));
        let drawn = drawn.filter(|_| !is_failure || streak.failed < most);
        match &drawn {
            Some(_) if is_failure => streak.failed += 1,
            _ => streak.failed = 0,
        }
        if let Some(kind) = &drawn {
            self.log.push(format!("{method} {bare}: {}", shown(kind)));
        }
        drawn
    }
}

/// The id in the path of a response or follow-up: all those are of one interaction.
fn interaction_in(path: &str) -> Option<&str> {
    let mut steps = path.split('/').skip(1);
    match steps.next()? {
        "interactions" => steps.next(),
        "webhooks" => steps.nth(1)?.rsplit('-').next(),
        _ => None,
    }
}

fn draw(rng: &mut SeededRng, is_interaction: bool) -> Kind {
    let after = SHORT;
    let too_many = |scope| {
        // The limit of all routes does not hold for interactions, nor do bots share theirs.
        let scope = if is_interaction { Scope::Route } else { scope };
        Kind::TooMany { after, scope }
    };
    match rng.throw(16) {
        0..=2 => too_many(Scope::Route),
        3 | 4 => too_many(Scope::Global),
        5 | 6 => too_many(Scope::Shared),
        7 => Kind::Html {
            status: 500,
            is_done: false,
        },
        8 => Kind::Html {
            status: 502,
            is_done: false,
        },
        9 => Kind::Html {
            status: 502,
            is_done: true,
        },
        10 => Kind::HangUp { is_done: false },
        11 => Kind::HangUp { is_done: true },
        12 if rng.throw(8) == 0 => Kind::Slow { by: LONG },
        _ => Kind::Slow {
            by: Duration::from_millis(20 + rng.throw(200)),
        },
    }
}

fn shown(kind: &Kind) -> String {
    let done = |is_done: bool| if is_done { "done" } else { "not done" };
    match kind {
        Kind::TooMany { scope, .. } => format!("429 {scope:?}"),
        Kind::Html { status, is_done } => format!("{status}, {}", done(*is_done)),
        Kind::HangUp { is_done } => format!("no answer, {}", done(*is_done)),
        Kind::Hold { .. } => "held".to_owned(),
        Kind::Slow { by } => format!("slow by {} ms", by.as_millis()),
    }
}
