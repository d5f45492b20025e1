//! Discord's REST interface: requests as JSON, and what can go wrong with one.

use std::sync::Arc;
use std::time::Duration;

use bot_core::platform::SendError;
use serde_json::{Value, json};
use serenity::Error;
use serenity::http::{Http, HttpError, LightMethod, Request, Route};
use serenity::model::id::{ApplicationId, InteractionId};

/// Discord's numbers of errors: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>.
pub(crate) const UNKNOWN_CHANNEL: isize = 10_003;
const UNKNOWN_MESSAGE: isize = 10_008;
pub(crate) const MISSING_ACCESS: isize = 50_001;
const MISSING_PERMISSIONS: isize = 50_013;
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

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Http(HttpError::UnsuccessfulRequest(refused)) => {
                let status = refused.status_code.as_u16();
                match status {
                    429 => Self::Slower { after: None },
                    500.. => Self::Trouble {
                        why: format!("Discord answers {status}"),
                    },
                    _ => Self::Refused {
                        status,
                        code: refused.error.code,
                        why: refused.error.message,
                    },
                }
            }
            error => Self::Trouble {
                why: error.to_string(),
            },
        }
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        let why = failure.to_string();
        match failure {
            Failure::Trouble { .. } => Self::Later { after: None, why },
            Failure::Slower { after } => Self::Later { after, why },
            Failure::Refused { code, status, .. } => match code {
                UNKNOWN_CHANNEL | MISSING_ACCESS | MISSING_PERMISSIONS => Self::PlaceClosed { why },
                UNKNOWN_MESSAGE => Self::Refused { why },
                // Its token is no good just now, say: nothing is refused for good.
                _ if status == 401 => Self::Later { after: None, why },
                _ => Self::Refused { why },
            },
        }
    }
}

/// The interface, with the bot's token.
#[derive(Clone)]
pub(crate) struct Rest {
    http: Arc<Http>,
    application: ApplicationId,
}

impl Rest {
    /// Asks through this.
    pub(crate) fn new(http: Arc<Http>, application: ApplicationId) -> Self {
        Self { http, application }
    }

    /// One request, once; none where the answer has no body.
    pub(crate) async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        self.ask(Request::new(route, method).body(body.map(|body| body.to_string().into_bytes())))
            .await
    }

    /// Reads something, with parameters.
    pub(crate) async fn get(
        &self,
        route: Route<'_>,
        params: Vec<(&'static str, String)>,
    ) -> Result<Value, Failure> {
        let params = (!params.is_empty()).then_some(params);
        self.ask(Request::new(route, LightMethod::Get).params(params))
            .await
    }

    async fn ask(&self, request: Request<'_>) -> Result<Value, Failure> {
        let answer = self.http.request(request).await?;
        let text = answer.text().await.map_err(|error| Failure::Trouble {
            why: error.without_url().to_string(),
        })?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| Failure::Trouble {
            why: format!("Discord's answer can't be read: {error}"),
        })
    }

    /// The first response to an interaction.
    pub(crate) async fn respond(
        &self,
        interaction: InteractionId,
        token: &str,
        kind: u8,
        data: Option<Value>,
    ) -> Result<(), Failure> {
        let mut body = json!({ "type": kind });
        if let Some(data) = data {
            body["data"] = data;
        }
        let route = Route::InteractionResponse {
            interaction_id: interaction,
            token,
        };
        self.call(LightMethod::Post, route, Some(&body)).await?;
        Ok(())
    }

    /// Fills in the response that an interaction was put off with.
    pub(crate) async fn fill_in(&self, token: &str, body: &Value) -> Result<(), Failure> {
        let route = Route::WebhookOriginalInteractionResponse {
            application_id: self.application,
            token,
        };
        self.call(LightMethod::Patch, route, Some(body)).await?;
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
