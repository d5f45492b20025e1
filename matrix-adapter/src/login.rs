//! Getting a session from a homeserver: by password, or by whose an access token is.

use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::settings::{Login, MatrixSettings};
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::ruma::{DeviceId, OwnedDeviceId, UserId};
use matrix_sdk::{SessionMeta, SessionTokens};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::rest::{Logout, Refusal, Rest};

/// How often a log-in is tried while the homeserver asks to be slower.
const TRIES: usize = 6;
/// The waits where it does not say how long.
const WAITS: Doubling = Doubling::new(Duration::from_secs(5), Duration::from_secs(60));

/// The user of the settings, if it may be one: a whole id, or its first part.
pub(crate) fn user(text: &str) -> Result<String, MatrixFault> {
    let whole = || UserId::parse(text).is_ok();
    let part = || {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == ':' || c == '@';
        !text.is_empty() && !text.contains(odd)
    };
    if whole() || part() {
        Ok(text.to_owned())
    } else {
        Err(MatrixFault::User {
            user: text.to_owned(),
        })
    }
}

/// Logs in: again on this device, or on a new one.
pub(crate) async fn password(
    rest: &Rest,
    settings: &MatrixSettings,
    user: &str,
    password: &str,
    device: Option<&DeviceId>,
) -> Result<MatrixSession, MatrixFault> {
    let mut request = json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": user },
        "password": password,
        "initial_device_display_name": settings.device_name,
        // Where the homeserver lets access tokens expire, they are then renewed without the password.
        "refresh_token": true,
    });
    if let Some(device) = device {
        request["device_id"] = json!(device);
    }
    let mut tries = 1;
    let mut backoff = Backoff::new(WAITS, System);
    let answer = loop {
        match rest.post("v3/login", &request).await {
            Ok(answer) => break answer,
            Err(Refusal {
                failure: Failure::Slower { after, .. },
                ..
            }) if tries < TRIES => {
                tries += 1;
                tracing::info!("the homeserver asks to wait before the log-in");
                tokio::time::sleep(backoff.wait(after)).await;
            }
            Err(refusal) => return Err(refused(settings, refusal)),
        }
    };
    let token = text(&answer, "access_token");
    session(settings, user, &answer, token)
}

/// The session of an access token.
pub(crate) async fn token(
    rest: &Rest,
    settings: &MatrixSettings,
    user: &str,
    token: &str,
) -> Result<MatrixSession, MatrixFault> {
    let answer = rest.with_token(token).get("v3/account/whoami").await;
    let answer = answer.map_err(|refusal| refused(settings, refusal))?;
    session(settings, user, &answer, Some(token))
}

/// How a session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// It is one, as far as anybody can say.
    Good,
    /// It has expired; its device is still there.
    Expired,
    /// It has ended, and its device with it.
    Ended {
        /// What the homeserver said.
        why: String,
    },
}

/// Asks the homeserver how a session stands. Where nobody can say, it is taken to be good.
pub(crate) async fn standing(rest: &Rest, access_token: &str) -> SessionState {
    let answer = rest.with_token(access_token).get("v3/account/whoami").await;
    match answer {
        Err(Refusal {
            failure: Failure::LoggedOut { why },
            logout,
            ..
        }) => match logout {
            Logout::Soft => SessionState::Expired,
            Logout::Hard => SessionState::Ended { why },
        },
        Ok(_) | Err(_) => SessionState::Good,
    }
}

/// What a refused log-in says to the operator.
pub(crate) fn refused(settings: &MatrixSettings, refusal: Refusal) -> MatrixFault {
    let address = settings.homeserver.clone();
    let why = refusal.failure.why().to_owned();
    match (refusal.failure, refusal.code, &settings.login) {
        // It may be over soon; a proxy that says so knows no error codes of Matrix.
        (Failure::Unreachable { .. } | Failure::Slower { .. } | Failure::Trouble { .. }, ..) => {
            MatrixFault::Unreachable { address, why }
        }
        (_, None, _) => MatrixFault::NotMatrix { address, why },
        (_, Some(_), Login::Password(_)) => MatrixFault::Password {
            user: settings.user.clone(),
            why,
        },
        (_, Some(_), Login::Token(_)) => MatrixFault::Token { why },
    }
}

/// Whether an account is the one of the settings; homeservers fold the case of names.
pub(crate) fn is(id: &UserId, user: &str) -> bool {
    id.as_str().eq_ignore_ascii_case(user) || id.localpart().eq_ignore_ascii_case(user)
}

/// Reads a session from what the homeserver answered, and sees that a token is the right account's.
fn session(
    settings: &MatrixSettings,
    user: &str,
    answer: &Value,
    token: Option<&str>,
) -> Result<MatrixSession, MatrixFault> {
    let missing = |what: &str| MatrixFault::NotMatrix {
        address: settings.homeserver.clone(),
        why: format!("its answer to the log-in names no {what}"),
    };
    let id = text(answer, "user_id").and_then(|id| UserId::parse(id).ok());
    let id = id.ok_or_else(|| missing("user"))?;
    if matches!(settings.login, Login::Token(_)) && !is(&id, user) {
        return Err(MatrixFault::OtherUser {
            user: user.to_owned(),
            found: id.to_string(),
        });
    }
    let device = text(answer, "device_id").ok_or_else(|| missing("device"))?;
    let token = token.ok_or_else(|| missing("access token"))?;
    Ok(MatrixSession {
        meta: SessionMeta {
            user_id: id,
            device_id: OwnedDeviceId::from(device),
        },
        tokens: SessionTokens {
            access_token: token.to_owned(),
            refresh_token: text(answer, "refresh_token").map(str::to_owned),
        },
    })
}

fn text<'a>(answer: &'a Value, key: &str) -> Option<&'a str> {
    answer.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn a_user_is_a_whole_id_or_its_first_part() {
        for good in ["@stoa:example.org", "stoa", "@stoa:localhost:8008"] {
            assert!(user(good).is_ok(), "{good}");
        }
        for bad in ["", "@stoa", "stoa:example.org", "sto a", "@:"] {
            assert!(user(bad).is_err(), "{bad}");
        }
    }
}
