//! Discord's REST interface: requests as JSON, and what can go wrong with one.

use std::sync::Arc;
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::platform::SendError;
use serde::Serialize;
use serde_json::Value;
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::{ApplicationId, InteractionId};
use tokio::time::Instant;

use crate::body::{InteractionResponse, MessageBody};
use crate::commands::ApplicationCommand;
use crate::transport::Transport;

/// How often a response that was put off is tried again.
const TRIES: u32 = 6;
/// The waits before a response is sent again: whoever waits for it does so for three seconds.
const SOON: Doubling = Doubling::new(Duration::from_millis(100), Duration::from_millis(200));
/// The waits before one that was put off is filled in again.
const PAUSES: Doubling = Doubling::new(Duration::from_millis(100), Duration::from_secs(4));

/// Discord's numbers of errors: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>.
pub(crate) const UNKNOWN_CHANNEL: isize = 10_003;
pub(crate) const UNKNOWN_MEMBER: isize = 10_007;
pub(crate) const UNKNOWN_MESSAGE: isize = 10_008;
pub(crate) const MISSING_ACCESS: isize = 50_001;
pub(crate) const MISSING_PERMISSIONS: isize = 50_013;
const ALREADY_ANSWERED: isize = 40_060;
pub(crate) const THREAD_ARCHIVED: isize = 50_083;
pub(crate) const THREAD_EXISTS: isize = 160_004;

/// What a refusal means for whatever was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// It passes by itself.
    NotNow,
    /// It passes by itself, and concerns this message alone.
    NoRoom,
    /// It passes when somebody acts who manages the server or runs the bot.
    NotAllowed,
    /// The channel is gone.
    NoPlace,
    /// The same is refused whenever it is sent.
    Never,
}

/// What Discord's refusals mean, by HTTP status and number. What is in no line is final.
const fn meaning(status: u16, code: isize) -> Means {
    match (status, code) {
        (_, UNKNOWN_CHANNEL) => Means::NoPlace,
        // The most active threads of a server, and of its announcement channels.
        (_, 160_006 | 160_007) => Means::NoRoom,
        (
            _,
            // Slow mode; limits of announcements, of a channel, of a server; too many edits of messages older than an hour.
            20_016 | 20_022 | 20_028 | 20_029 | 30_046
            // Direct messages opened too fast; sending, or a feature, switched off for a while.
            | 40_003 | 40_004 | 40_006
            // A service that is limited; Cloudflare; an application not yet available; an overload.
            | 40_062 | 40_333 | 110_001 | 130_000,
        ) => Means::NotNow,
        (401, _)
        | (
            _,
            // An account, token or permission that is not good; tags that only moderators set, or that a post lacks.
            40_001 | 40_002 | 40_066 | 40_067 | MISSING_ACCESS | 50_009 | MISSING_PERMISSIONS
            | 50_014
            // Two factors are wanted of whoever runs the bot; earlier messages can't be read.
            | 60_003 | 160_002,
        ) => Means::NotAllowed,
        // Discord gives a number to whatever it refuses but for what it can't read: something on the way said this.
        (400 | 413, 0) => Means::Never,
        (_, 0) => Means::NotNow,
        _ => Means::Never,
    }
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The network, or a server that is in trouble.
    #[error("{why}")]
    Trouble {
        /// What went wrong.
        why: String,
    },
    /// Too many requests.
    #[error("too many requests")]
    Slower {
        /// How long Discord asked to wait, where it is known.
        after: Option<Duration>,
    },
    /// Its body can't be written as JSON.
    #[error("{why}")]
    Unwritten {
        /// What went wrong.
        why: String,
    },
    /// Discord refused it.
    #[error("{status} {code}: {why}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's number for the reason.
        code: isize,
        /// What it said.
        why: String,
    },
}

impl Failure {
    /// Whether it passes by itself: the same is worth another try.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Trouble { .. } | Self::Slower { .. } => true,
            Self::Unwritten { .. } => false,
            Self::Refused { status, code, .. } => match meaning(*status, *code) {
                Means::NotNow | Means::NoRoom => true,
                Means::NotAllowed | Means::NoPlace | Means::Never => false,
            },
        }
    }

    /// Whether Discord refused it for this reason.
    pub(crate) fn is(&self, reason: isize) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == reason)
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        let why = failure.to_string();
        match failure {
            Failure::Trouble { .. } => Self::Later { after: None, why },
            Failure::Slower { after } => Self::Later { after, why },
            Failure::Unwritten { .. } => Self::Refused { why },
            Failure::Refused { code, status, .. } => match meaning(status, code) {
                Means::NotNow => Self::Later { after: None, why },
                Means::NotAllowed => Self::NotAllowed { why },
                Means::NoRoom => Self::Stuck { why },
                Means::NoPlace => Self::PlaceClosed { why },
                Means::Never => Self::Refused { why },
            },
        }
    }
}

/// The interface, with the bot's token.
#[derive(Clone)]
pub(crate) struct Rest {
    way: Arc<Transport>,
    application: ApplicationId,
}

impl Rest {
    /// Asks on this way, as nobody's application yet.
    pub(crate) fn new(way: Transport) -> Self {
        Self {
            way: Arc::new(way),
            application: ApplicationId::default(),
        }
    }

    /// As this application.
    pub(crate) fn of(self, application: ApplicationId) -> Self {
        Self {
            application,
            ..self
        }
    }

    /// Its application.
    pub(crate) fn application(&self) -> ApplicationId {
        self.application
    }

    /// One request, sent again only where it was one too many; none where the answer has no body.
    pub(crate) async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&(impl Serialize + Sync + ?Sized)>,
    ) -> Result<Value, Failure> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|error| Failure::Unwritten {
            why: error.to_string(),
        })?;
        self.way.ask(Request::new(route, method).body(body)).await
    }

    /// Reads something, with parameters.
    pub(crate) async fn get(
        &self,
        route: Route<'_>,
        params: Vec<(&'static str, String)>,
    ) -> Result<Value, Failure> {
        let params = (!params.is_empty()).then_some(params);
        let request = Request::new(route, LightMethod::Get).params(params);
        self.way.ask(request).await
    }

    /// The first response to an interaction, until `last`: whoever waits has gone then.
    pub(crate) async fn respond(
        &self,
        interaction: InteractionId,
        token: &str,
        response: &InteractionResponse,
        last: Instant,
    ) -> Result<(), Failure> {
        let mut before = false;
        let mut backoff = Backoff::new(SOON, System);
        loop {
            let pause = backoff.wait(None);
            let route = Route::InteractionResponse {
                interaction_id: interaction,
                token,
            };
            match self.call(LightMethod::Post, route, Some(response)).await {
                // Of a try before, only the answer was lost.
                Err(failure) if before && failure.is(ALREADY_ANSWERED) => return Ok(()),
                Err(failure) if is_worth_it(&failure) && Instant::now() + pause < last => {
                    tracing::debug!(%failure, "a response is sent again");
                    tokio::time::sleep(pause).await;
                    before = true;
                }
                done => return done.map(drop),
            }
        }
    }

    /// Fills in the response that an interaction was put off with; there are minutes for it.
    pub(crate) async fn fill_in(&self, token: &str, body: &MessageBody) -> Result<(), Failure> {
        let mut tries = 0;
        let mut backoff = Backoff::new(PAUSES, System);
        loop {
            let route = Route::WebhookOriginalInteractionResponse {
                application_id: self.application,
                token,
            };
            match self.call(LightMethod::Patch, route, Some(body)).await {
                Err(failure) if is_worth_it(&failure) && tries < TRIES => {
                    tracing::debug!(%failure, "a response is filled in again");
                    tokio::time::sleep(backoff.wait(None)).await;
                    tries += 1;
                }
                done => return done.map(drop),
            }
        }
    }

    /// Sends a message after the response to an interaction. It has no name to be known again by, so it is tried once.
    pub(crate) async fn follow_up(&self, token: &str, body: &MessageBody) -> Result<(), Failure> {
        let route = Route::WebhookFollowupMessages {
            application_id: self.application,
            token,
        };
        self.call(LightMethod::Post, route, Some(body)).await?;
        Ok(())
    }

    /// Registers the application's commands in the place of all that it had.
    pub(crate) async fn register(&self, commands: &[ApplicationCommand]) -> Result<(), Failure> {
        let route = Route::Commands {
            application_id: self.application,
        };
        self.call(LightMethod::Put, route, Some(commands)).await?;
        Ok(())
    }
}

/// Whether a response is sent again that failed so: what was too many was waited out before.
fn is_worth_it(failure: &Failure) -> bool {
    failure.passes() && !matches!(failure, Failure::Slower { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: isize) -> SendError {
        let why = "why".to_owned();
        Failure::Refused { status, code, why }.into()
    }

    #[test]
    fn what_passes_waits_and_what_is_final_does_not() {
        for (status, code) in [
            (403, 0),
            (404, 0),
            (400, 20_016),
            (400, 30_046),
            (403, 40_004),
            (503, 130_000),
        ] {
            let later = matches!(refused(status, code), SendError::Later { .. });
            assert!(later, "{status} {code}");
        }
        for (status, code) in [
            (401, 0),
            (400, 40_067),
            (403, 50_001),
            (403, 50_013),
            (403, 60_003),
        ] {
            let not_yet = matches!(refused(status, code), SendError::NotAllowed { .. });
            assert!(not_yet, "{status} {code}");
        }
        for (status, code) in [
            (400, 0),
            (413, 0),
            (404, 10_008),
            (400, 50_006),
            (403, 50_007),
            (400, 50_008),
            (400, 50_024),
            (400, 50_035),
            (400, 200_000),
        ] {
            let never = matches!(refused(status, code), SendError::Refused { .. });
            assert!(never, "{status} {code}");
        }
        assert!(matches!(refused(400, 160_006), SendError::Stuck { .. }));
        let gone = refused(404, 10_003);
        assert!(matches!(gone, SendError::PlaceClosed { .. }));
    }
}
