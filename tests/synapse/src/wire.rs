//! One person's requests to the homeserver, as JSON over plain HTTP. It knows no Matrix but its errors.

use std::{fmt, time::Duration};

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

/// Longer than any answer takes; a frozen server does not hold a test for ever.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a request had no success.
#[derive(Clone, Debug)]
pub enum Failed {
    /// The server understood and said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Matrix's name for it, such as `M_FORBIDDEN`; empty when the answer had none.
        errcode: String,
        /// The server's explanation.
        error: String,
    },
    /// There was no answer.
    Unreachable(String),
}

impl Failed {
    /// Matrix's name for it, such as `M_FORBIDDEN`; empty when there was none.
    #[must_use]
    pub fn errcode(&self) -> &str {
        match self {
            Self::Refused { errcode, .. } => errcode,
            Self::Unreachable(_) => "",
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused {
                status,
                errcode,
                error,
            } => write!(f, "{status} {errcode} {error}"),
            Self::Unreachable(why) => write!(f, "no answer: {why}"),
        }
    }
}

impl std::error::Error for Failed {}

/// A client of one person, and of one runtime: its connections belong to whoever made it.
#[derive(Debug)]
pub(crate) struct Api {
    url: String,
    token: Option<String>,
    http: Client,
}

impl Api {
    /// For somebody who is not logged in yet.
    pub(crate) fn new(url: &str) -> Self {
        let http = Client::builder()
            .no_proxy()
            .timeout(REQUEST_TIMEOUT)
            .build();
        Self {
            url: url.to_owned(),
            token: None,
            http: http.expect("a client without TLS needs nothing"),
        }
    }

    pub(crate) fn with_token(self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failed> {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.call(Method::PUT, path, Some(body)).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(StatusCode, Vec<u8>)> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status(), answer.bytes().await?.to_vec()))
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failed> {
        // Asked twice, these are done once: a server that went while it was asked is asked again when it is back.
        let mut again = method == Method::GET || method == Method::PUT;
        let (status, bytes) = loop {
            match self.ask(method.clone(), path, body).await {
                Ok(answer) => break answer,
                Err(_) if again => again = false,
                Err(error) => return Err(unreachable(error)),
            }
        };
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let text = |key| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Err(Failed::Refused {
            status: status.as_u16(),
            errcode: text("errcode"),
            error: text("error"),
        })
    }
}

fn unreachable(error: reqwest::Error) -> Failed {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    Failed::Unreachable(words)
}

/// Text as one segment of a path or one value of a query.
pub(crate) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
