//! Discord's REST interface: requests as JSON, and what can go wrong with one.

use std::sync::Arc;
use std::time::Duration;

use bot_core::platform::SendError;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::{ApplicationId, InteractionId};
use tokio::time::Instant;

use crate::way::Way;

/// How long is waited before a response is sent again.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a response that was put off is tried again.
const TRIES: u32 = 6;

/// Discord's numbers of errors: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>.
pub(crate) const UNKNOWN_CHANNEL: isize = 10_003;
pub(crate) const UNKNOWN_MEMBER: isize = 10_007;
pub(crate) const UNKNOWN_MESSAGE: isize = 10_008;
pub(crate) const MISSING_ACCESS: isize = 50_001;
pub(crate) const MISSING_PERMISSIONS: isize = 50_013;
const ALREADY_ANSWERED: isize = 40_060;
pub(crate) const THREAD_ARCHIVED: isize = 50_083;
pub(crate) const THREAD_EXISTS: isize = 160_004;

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
            Failure::Refused { code, status, .. } => match (code, status) {
                (UNKNOWN_CHANNEL, _) => Self::PlaceClosed { why },
                // What the bot may not just now, or its token: nothing is refused for good.
                (MISSING_ACCESS | MISSING_PERMISSIONS, _) | (_, 401) => {
                    Self::Later { after: None, why }
                }
                _ => Self::Refused { why },
            },
        }
    }
}

/// The interface, with the bot's token.
#[derive(Clone)]
pub(crate) struct Rest {
    way: Arc<Way>,
    application: ApplicationId,
}

impl Rest {
    /// Asks on this way, as nobody's application yet.
    pub(crate) fn new(way: Way) -> Self {
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
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let body = body.map(|body| body.to_string().into_bytes());
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
        (kind, data): (u8, Option<Value>),
        last: Instant,
    ) -> Result<(), Failure> {
        let mut body = json!({ "type": kind });
        if let Some(data) = data {
            body["data"] = data;
        }
        let mut before = false;
        loop {
            let route = Route::InteractionResponse {
                interaction_id: interaction,
                token,
            };
            match self.call(LightMethod::Post, route, Some(&body)).await {
                // Of a try before, only the answer was lost.
                Err(failure) if before && failure.is(ALREADY_ANSWERED) => return Ok(()),
                Err(Failure::Trouble { why }) if Instant::now() + PAUSE < last => {
                    tracing::debug!(%why, "a response is sent again");
                    tokio::time::sleep(PAUSE).await;
                    before = true;
                }
                done => return done.map(drop),
            }
        }
    }

    /// Fills in the response that an interaction was put off with; there are minutes for it.
    pub(crate) async fn fill_in(&self, token: &str, body: &Value) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            let route = Route::WebhookOriginalInteractionResponse {
                application_id: self.application,
                token,
            };
            match self.call(LightMethod::Patch, route, Some(body)).await {
                Err(Failure::Trouble { why }) if tries < TRIES => {
                    tracing::debug!(%why, "a response is filled in again");
                    tokio::time::sleep(PAUSE * 2_u32.pow(tries)).await;
                    tries += 1;
                }
                done => return done.map(drop),
            }
        }
    }

    /// Sends a message after the response to an interaction. It has no name to be known again by, so it is tried once.
    pub(crate) async fn follow_up(&self, token: &str, body: &Value) -> Result<(), Failure> {
        let route = Route::WebhookFollowupMessages {
            application_id: self.application,
            token,
        };
        self.call(LightMethod::Post, route, Some(body)).await?;
        Ok(())
    }

    /// Registers the application's commands in the place of all that it had.
    pub(crate) async fn register(&self, commands: &Value) -> Result<(), Failure> {
        let route = Route::Commands {
            application_id: self.application,
        };
        self.call(LightMethod::Put, route, Some(commands)).await?;
        Ok(())
    }
}
