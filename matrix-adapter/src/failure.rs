//! What the homeserver or the way to it did wrong, sorted by what can be done about it. The SDK's errors end here.

use std::error::Error as _;
use std::time::Duration;

use bot_core::platform::SendError;
use matrix_sdk::ruma::api::client::uiaa::UiaaResponse;
use matrix_sdk::ruma::api::error::{
    Error as ApiError, ErrorKind, FromHttpResponseError, RetryAfter,
};
use matrix_sdk::{Error, HttpError, RefreshTokenError, reqwest};

/// A request that failed. `why` is for the log and the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing answered.
    Unreachable { why: String },
    /// The server asks to be slower.
    Slower {
        after: Option<Duration>,
        why: String,
    },
    /// The server, or something of ours on the way, has trouble.
    Trouble { why: String },
    /// The session has ended.
    LoggedOut { why: String },
    /// Not in this room, or not allowed there.
    Closed { why: String },
    /// Never, whoever asks.
    Refused { why: String },
}

impl Failure {
    /// What was said.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::Unreachable { why }
            | Self::Slower { why, .. }
            | Self::Trouble { why }
            | Self::LoggedOut { why }
            | Self::Closed { why }
            | Self::Refused { why } => why,
        }
    }

    /// How long the server asked to wait.
    pub(crate) const fn after(&self) -> Option<Duration> {
        match self {
            Self::Slower { after, .. } => *after,
            Self::Unreachable { .. }
            | Self::Trouble { .. }
            | Self::LoggedOut { .. }
            | Self::Closed { .. }
            | Self::Refused { .. } => None,
        }
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Slower { after, why } => Self::Later { after, why },
            Failure::Unreachable { why }
            | Failure::Trouble { why }
            | Failure::LoggedOut { why } => Self::Later { after: None, why },
            // In a room that it is in: that it is in none, the sync says.
            Failure::Closed { why } => Self::NotAllowed { why },
            Failure::Refused { why } => Self::Refused { why },
        }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let why = error.to_string();
        match error {
            Error::Http(error) => Self::from(error.as_ref()),
            Error::WrongRoomState(_) => Self::Closed { why },
            Error::AuthenticationRequired => Self::LoggedOut { why },
            Error::SerdeJson(_) | Error::Identifier(_) => Self::Refused { why },
            _ => Self::Trouble { why },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        Self::from(&error)
    }
}

impl From<&HttpError> for Failure {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::Reqwest(error) => Self::Unreachable {
                why: network(error),
            },
            HttpError::Api(error) => match error.as_ref() {
                FromHttpResponseError::Server(UiaaResponse::MatrixError(error)) => answered(error),
                other => Self::Trouble {
                    why: other.to_string(),
                },
            },
            HttpError::Cached(error) => Self::from(error.as_ref()),
            HttpError::IntoHttp(error) => Self::Refused {
                why: error.to_string(),
            },
            HttpError::RefreshToken(error) => not_refreshed(error),
        }
    }
}

/// What it means that the access token could not be renewed: the homeserver may only not have answered just then.
fn not_refreshed(error: &RefreshTokenError) -> Failure {
    let failure = match error {
        RefreshTokenError::MatrixAuth(error) => Failure::from(error.as_ref()),
        other => Failure::LoggedOut {
            why: other.to_string(),
        },
    };
    match failure {
        Failure::Closed { why } | Failure::Refused { why } => Failure::LoggedOut { why },
        Failure::Unreachable { .. }
        | Failure::Slower { .. }
        | Failure::Trouble { .. }
        | Failure::LoggedOut { .. } => failure,
    }
}

/// What a server's error answer means.
fn answered(error: &ApiError) -> Failure {
    let kind = error.error_kind();
    let after = match kind {
        Some(ErrorKind::LimitExceeded(limit)) => match limit.retry_after {
            Some(RetryAfter::Delay(delay)) => Some(delay),
            Some(RetryAfter::DateTime(_)) | None => None,
        },
        _ => None,
    };
    let code = kind.map(|kind| kind.errcode().to_string());
    let (status, why) = (error.status_code.as_u16(), error.to_string());
    match (status, &code) {
        // A homeserver gives a code to whatever it refuses: something on the way said this, and it passes.
        (403..=405, None) => Failure::Trouble { why },
        _ => sort(status, code.as_deref(), after, why),
    }
}

/// Sorts an answer by its status and error code.
pub(crate) fn sort(
    status: u16,
    code: Option<&str>,
    after: Option<Duration>,
    why: String,
) -> Failure {
    match (status, code.unwrap_or_default()) {
        (429, _) | (_, "M_LIMIT_EXCEEDED") => Failure::Slower { after, why },
        (_, "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN") | (401, _) => Failure::LoggedOut { why },
        // Something on the way says that the server is not there.
        (502..=504, _) => Failure::Unreachable { why },
        // The account or the server as a whole; the room has nothing to do with it.
        (
            _,
            "M_RESOURCE_LIMIT_EXCEEDED"
            | "M_USER_LIMIT_EXCEEDED"
            | "M_USER_SUSPENDED"
            | "M_USER_LOCKED"
            | "M_CONSENT_NOT_GIVEN",
        )
        | (408 | 500.., _) => Failure::Trouble { why },
        (403, _) | (_, "M_FORBIDDEN") => Failure::Closed { why },
        _ => Failure::Refused { why },
    }
}

/// Why nothing answered: the innermost cause, which says it plainly ("Connection refused"), without the address.
pub(crate) fn network(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut cause = error.source();
    let mut why = None;
    while let Some(inner) = cause {
        why = Some(inner.to_string());
        cause = inner.source();
    }
    why.unwrap_or_else(|| "the connection failed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(status: u16, code: &str) -> SendError {
        let after = Some(Duration::from_secs(7));
        sort(status, Some(code), after, "why".to_owned()).into()
    }

    #[test]
    fn answers_are_sorted_by_what_can_be_done() {
        let why = || "why".to_owned();
        let later = |after| SendError::Later { after, why: why() };
        for (status, code, meant) in [
            (429, "M_LIMIT_EXCEEDED", later(Some(Duration::from_secs(7)))),
            (500, "M_UNKNOWN", later(None)),
            (502, "", later(None)),
            (401, "M_UNKNOWN_TOKEN", later(None)),
            (403, "M_RESOURCE_LIMIT_EXCEEDED", later(None)),
            (403, "M_CONSENT_NOT_GIVEN", later(None)),
            (403, "M_FORBIDDEN", SendError::NotAllowed { why: why() }),
            (413, "M_TOO_LARGE", SendError::Refused { why: why() }),
            (400, "M_BAD_JSON", SendError::Refused { why: why() }),
            (404, "M_NOT_FOUND", SendError::Refused { why: why() }),
        ] {
            assert_eq!(sorted(status, code), meant, "{status} {code}");
        }
    }
}
