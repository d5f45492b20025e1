//! Plain requests to a homeserver outside of any session: logging in, asking whose a token is, and what `check` looks at.
//! Never used for what people say.

use std::time::Duration;

use matrix_sdk::{Client, reqwest};
use serde_json::Value;

use crate::failure::{Failure, network, sort};
use crate::fault::MatrixFault;

/// The longest that a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A homeserver, and who asks.
#[derive(Clone)]
pub(crate) struct Rest {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
}

/// Why a request came to nothing.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What can be done about it.
    pub failure: Failure,
    /// Matrix' own code for it, such as `M_FORBIDDEN`; none where it was not Matrix that answered.
    pub code: Option<String>,
    /// How far a session that is refused has ended.
    pub logout: Logout,
}

/// How far a session has ended, in Matrix' own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logout {
    /// It has only expired: a log-in on the same device goes on with it, keys and all.
    Soft,
    /// The device is gone.
    Hard,
}

impl Rest {
    /// Of the homeserver in the settings; checks that it is an address.
    pub(crate) async fn new(homeserver: &str) -> Result<Self, MatrixFault> {
        let address = homeserver.trim_end_matches('/').to_owned();
        let fault = || MatrixFault::Address {
            address: homeserver.to_owned(),
        };
        if !(address.starts_with("http://") || address.starts_with("https://")) {
            return Err(fault());
        }
        // The SDK's own client, for its settings of TLS.
        let client = Client::builder().homeserver_url(&address).build().await;
        let client = client.map_err(|_| fault())?;
        Ok(Self {
            http: client.http_client().clone(),
            address,
            token: None,
        })
    }

    /// The same with an access token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same homeserver, asked without TLS; none where it is asked so already.
    pub(crate) fn without_tls(&self) -> Option<Self> {
        let host = self.address.strip_prefix("https://")?;
        Some(Self {
            address: format!("http://{host}"),
            token: None,
            ..self.clone()
        })
    }

    /// Asks for what is at a path.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Refusal> {
        self.send(self.http.get(self.at(path))).await
    }

    /// Sends JSON to a path.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let request = self.http.post(self.at(path));
        let request = request.header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}/_matrix/client/{path}", self.address)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Refusal> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let unreachable = |error: reqwest::Error| Refusal {
            failure: Failure::Unreachable {
                why: network(&error),
            },
            code: None,
            logout: Logout::Hard,
        };
        let response = request.timeout(TIMEOUT).send().await.map_err(unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(unreachable)?;
        let value = serde_json::from_str::<Value>(&text).unwrap_or_default();
        if status.is_success() && value.is_object() {
            return Ok(value);
        }
        let said = |key| value.get(key).and_then(Value::as_str);
        let code = said("errcode").map(str::to_owned);
        let why = match (&code, said("error")) {
            (Some(code), Some(error)) => format!("{code}: {error}"),
            (Some(code), None) => code.clone(),
            (None, _) => format!("status {}", status.as_u16()),
        };
        let after = value.get("retry_after_ms").and_then(Value::as_u64);
        let after = after.map(Duration::from_millis);
        Err(Refusal {
            failure: sort(status.as_u16(), code.as_deref(), after, why),
            code,
            logout: match value.get("soft_logout").and_then(Value::as_bool) {
                Some(true) => Logout::Soft,
                Some(false) | None => Logout::Hard,
            },
        })
    }
}

/// A part of a path, so escaped that it stays one.
pub(crate) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn a_segment_stays_one() {
        assert_eq!(segment("!a/b?c#d:e.org"), "%21a%2Fb%3Fc%23d%3Ae.org");
    }
}
