//! Trying a request again until it is through, is refused for good, or the stop comes.

use std::future::Future;
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::Stop;

use crate::failure::Failure;

/// The first wait.
const FIRST: Duration = Duration::from_millis(500);
/// The waits between tries.
const WAITS: Doubling = Doubling::new(FIRST, Duration::from_secs(30));
/// How often a server that answers, but only with its own trouble, is asked the same.
const TRIES: u32 = 6;

/// How long one that asks to be slower is obeyed before something is left unsaid: everybody behind it waits too.
const SLOWER: Duration = Duration::from_secs(30);

/// What is done about a server that goes on having trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Given up after a while: a reply is not worth holding everybody up.
    Some,
    /// Never given up: what was missed must not be lost.
    Endless,
}

/// The stop came first, or the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

/// Tries until it is through. What was refused for good is said in the log, and none is given: who calls goes on without.
///
/// An unreachable server is waited for: nothing else could be done meanwhile.
pub(crate) async fn persist<T, F>(
    user_event: &'static str,
    stop: &Stop,
    attempt: impl FnMut() -> F,
) -> Result<Option<T>, Stopped>
where
    F: Future<Output = Result<T, Failure>>,
{
    persevere(user_event, stop, Patience::Some, attempt).await
}

/// [`persist`], with this patience.
pub(crate) async fn persevere<T, F>(
    user_event: &'static str,
    stop: &Stop,
    patience: Patience,
    mut attempt: impl FnMut() -> F,
) -> Result<Option<T>, Stopped>
where
    F: Future<Output = Result<T, Failure>>,
{
    let mut backoff = Backoff::new(WAITS, System);
    let mut troubles = 0;
    let mut slowed = Duration::ZERO;
    loop {
        let failure = match attempt().await {
            Ok(done) => return Ok(Some(done)),
            Err(failure) => failure,
        };
        match &failure {
            Failure::Unreachable { why } => tracing::debug!(user_event, why, "trying again"),
            Failure::Slower { why, after } => {
                tracing::debug!(user_event, why, "trying again");
                slowed += after.unwrap_or(FIRST);
                if patience == Patience::Some && slowed > SLOWER {
                    tracing::warn!(
                        user_event,
                        why,
                        "left unsaid; lift the rate limit of the bot's account"
                    );
                    return Ok(None);
                }
            }
            // Whoever reads the sync finds out what can be done; what was heard comes again after it.
            Failure::LoggedOut { .. } => return Err(Stopped),
            Failure::Trouble { why } => {
                troubles += 1;
                if troubles >= TRIES && patience == Patience::Some {
                    tracing::warn!(user_event, why, "given up");
                    return Ok(None);
                }
            }
            Failure::Closed { why } => {
                tracing::debug!(user_event, why, "the room does not take it");
                return Ok(None);
            }
            Failure::Refused { why } => {
                tracing::warn!(user_event, why, "refused");
                return Ok(None);
            }
        }
        tokio::select! {
            () = stop.requested() => return Err(Stopped),
            () = tokio::time::sleep(backoff.wait(failure.after())) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use bot_core::engine;

    use super::*;

    fn why() -> String {
        "why".to_owned()
    }

    #[tokio::test]
    async fn what_is_refused_is_not_tried_again() {
        let (_stopper, stop) = engine::stop();
        let mut tries = 0;
        for failure in [
            Failure::Closed { why: why() },
            Failure::Refused { why: why() },
        ] {
            let done: Result<Option<()>, _> = persist("testing", &stop, || {
                tries += 1;
                std::future::ready(Err(failure.clone()))
            })
            .await;
            assert_eq!(done, Ok(None));
        }
        assert_eq!(tries, 2);
        let done = persist("testing", &stop, || std::future::ready(Ok(7))).await;
        assert_eq!(done, Ok(Some(7)));
    }

    #[tokio::test]
    async fn the_stop_and_the_sessions_end_leave_it_undone() {
        let (stopper, stop) = engine::stop();
        stopper.request();
        for failure in [
            Failure::Unreachable { why: why() },
            Failure::LoggedOut { why: why() },
        ] {
            let done: Result<Option<()>, _> = persist("testing", &stop, || {
                std::future::ready(Err(failure.clone()))
            })
            .await;
            assert_eq!(done, Err(Stopped));
        }
    }
}
