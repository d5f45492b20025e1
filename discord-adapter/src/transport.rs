//! The way that requests go: with serenity's rate limiter, or straight where a proxy keeps to the limits. What Discord says was
//! too many is waited out here; when it says so of everything, everything waits but answers to people, of which there can't be too
//! many: <https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints>.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::Error;
use serenity::http::{HttpError, Ratelimiter, Request, Route};
use serenity_reqwest::{Client, Response, StatusCode};
use tokio::time::Instant;

use crate::rest::Failure;

/// The longest that one request waits for its turn; what has to wait longer, such as a third new name of a thread within ten
/// minutes, is put off, so that nothing else has to wait for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Of how many routes serenity remembers the limits at most: each thread and conversation has some of its own.
const ROUTES: usize = 10_000;
/// What is waited where Discord does not say how long.
const UNSAID: Duration = Duration::from_secs(1);

/// A way to Discord's REST interface.
pub(crate) struct Transport {
    client: Client,
    /// As it stands in the header.
    token: String,
    /// Where requests go in the place of Discord.
    proxy: Option<String>,
    /// What keeps to the limits; none where a proxy does.
    limiter: Option<Ratelimiter>,
    gate: Arc<Gate>,
}

impl Transport {
    /// Straight to Discord, or through a proxy that keeps to the limits.
    pub(crate) fn new(client: Client, token: &str, proxy: Option<String>) -> Self {
        let token = format!("Bot {token}");
        let gate = Arc::new(Gate::default());
        let limiter = proxy.is_none().then(|| {
            let mut limiter = Ratelimiter::new(client.clone(), token.clone());
            let closing = Arc::clone(&gate);
            // Serenity lets only that one request wait.
            limiter.set_ratelimit_callback(Box::new(move |limit| {
                if limit.global {
                    closing.close(limit.timeout);
                }
            }));
            limiter
        });
        Self {
            client,
            token,
            proxy,
            limiter,
            gate,
        }
    }

    /// Sends a request, again where it was one too many.
    pub(crate) async fn ask(&self, request: Request<'_>) -> Result<Value, Failure> {
        let begun = Instant::now();
        let counts = !answers_somebody(request.route_ref());
        loop {
            if counts {
                self.gate.pass().await;
            }
            let response = self.send(request.clone()).await?;
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                return read(response).await;
            }
            let (after, is_global) = waits(response).await;
            if is_global && counts {
                self.gate.close(after);
            }
            if begun.elapsed() + after > PATIENCE {
                return Err(Failure::Slower { after: Some(after) });
            }
            tracing::debug!(?after, is_global, "Discord asks to wait");
            tokio::time::sleep(after).await;
        }
    }

    async fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        // Serenity would remember the limits of each answer forever.
        let counts = !answers_somebody(request.route_ref());
        if let Some(limiter) = self.limiter.as_ref().filter(|_| counts) {
            forget_routes(limiter).await;
            let sent = tokio::time::timeout(PATIENCE, limiter.perform(request)).await;
            return sent
                .map_err(|_| Failure::Slower { after: None })?
                .map_err(trouble);
        }
        let built = request.build(&self.client, &self.token, self.proxy.as_deref());
        let sent = built.map_err(trouble)?.send().await;
        sent.map_err(|error| Failure::Trouble {
            why: chain(&error.without_url()),
        })
    }
}

/// Whether a request answers who used something: those have limits of their own, and the one for everything is not for them.
const fn answers_somebody(route: &Route<'_>) -> bool {
    matches!(
        route,
        Route::InteractionResponse { .. }
            | Route::WebhookOriginalInteractionResponse { .. }
            | Route::WebhookFollowupMessages { .. }
    )
}

/// Forgets the limits of routes that no request is on, where there are too many. What is one too many by that is waited out.
async fn forget_routes(limiter: &Ratelimiter) {
    let routes = limiter.routes();
    if routes.read().await.len() > ROUTES {
        let mut routes = routes.write().await;
        routes.retain(|_, limit| Arc::strong_count(limit) > 1);
    }
}

/// Holds all requests back for a while.
#[derive(Debug, Default)]
struct Gate {
    until: Mutex<Option<Instant>>,
}

impl Gate {
    fn close(&self, wait: Duration) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = (*until).max(Some(Instant::now() + wait));
    }

    async fn pass(&self) {
        loop {
            let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => tokio::time::sleep_until(until).await,
                None => return,
            }
        }
    }
}

/// What Discord answered.
async fn read(response: Response) -> Result<Value, Failure> {
    let status = response.status();
    if status.is_server_error() {
        return Err(Failure::Trouble {
            why: format!("Discord answers {}", status.as_u16()),
        });
    }
    let text = response.text().await.map_err(|error| Failure::Trouble {
        why: chain(&error.without_url()),
    })?;
    if !status.is_success() {
        let said: Value = serde_json::from_str(&text).unwrap_or_default();
        let code = said["code"].as_i64().and_then(|code| code.try_into().ok());
        return Err(Failure::Refused {
            status: status.as_u16(),
            code: code.unwrap_or_default(),
            why: said["message"].as_str().unwrap_or_default().to_owned(),
        });
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).map_err(|error| Failure::Trouble {
        why: format!("Discord's answer can't be read: {error}"),
    })
}

/// How long is to be waited after an answer that there were too many requests, and whether by all.
async fn waits(response: Response) -> (Duration, bool) {
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).ok();
    let mut is_global = header("x-ratelimit-global").is_some();
    let mut after = header("retry-after").and_then(|after| seconds(after.parse().ok()?));
    if let Ok(text) = response.text().await
        && let Ok(said) = serde_json::from_str::<Value>(&text)
    {
        is_global |= said["global"] == true;
        // To the millisecond, where the header has whole seconds.
        after = said["retry_after"].as_f64().and_then(seconds).or(after);
    }
    (after.unwrap_or(UNSAID), is_global)
}

fn trouble(error: Error) -> Failure {
    let why = match error {
        Error::Http(HttpError::Request(error)) => chain(&error.without_url()),
        error => chain(&error),
    };
    Failure::Trouble { why }
}

/// An error and its causes, without what is said twice and without addresses: they have tokens in them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !causes.iter().any(|before| before.contains(&said)) {
            causes.push(said);
        }
        next = cause.source();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use serenity::model::id::ChannelId;

    use super::*;

    #[tokio::test]
    async fn the_limits_of_routes_that_nobody_uses_are_forgotten() {
        let limiter = Ratelimiter::new(Client::new(), "Bot token");
        let routes = limiter.routes();
        let bucket = |channel| {
            let channel_id = ChannelId::new(channel);
            Route::Channel { channel_id }.ratelimiting_bucket()
        };
        for channel in 1..=ROUTES as u64 + 1 {
            routes.write().await.entry(bucket(channel)).or_default();
        }
        let used = routes.read().await.get(&bucket(7)).cloned();
        forget_routes(&limiter).await;
        assert_eq!(routes.read().await.len(), 1);
        drop(used);
        forget_routes(&limiter).await;
        assert_eq!(routes.read().await.len(), 1, "there is room");
    }
}
