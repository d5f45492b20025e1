//! Panics, caught where one thing is done, so that this one fails and nothing else does: an action, a card, a question that is
//! indexed, an event. Whoever catches one says what was being done; the payload is never logged, since it can quote what people
//! wrote.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;

thread_local! {
    /// How many [`caught`] this thread is in.
    static CATCHING: Cell<u32> = const { Cell::new(0) };
    /// Where this thread panicked last.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Something panicked: a mistake in the program. What it was working on is to be left as it was before.
#[derive(Clone, Debug, thiserror::Error)]
#[error("a panic at {at}")]
pub struct Panicked {
    /// The file, line and column, as far as [`report`] was called.
    at: String,
}

/// Has each panic that nobody catches logged with its place, and each that is caught say its place. Once a process.
pub fn report() {
    std::panic::set_hook(Box::new(|info| {
        let at = place(info);
        if CATCHING.get() > 0 {
            LAST.set(Some(at));
            return;
        }
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or_default();
        let said = literal(info.payload());
        tracing::error!(at, thread, said, "a panic");
    }));
}

/// Does `work`; a panic in it is an error. What `work` had in hand may be half changed: the caller drops it or undoes it.
///
/// # Errors
/// When `work` panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    CATCHING.set(CATCHING.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(CATCHING.get() - 1);
    done.map_err(|_| Panicked {
        at: LAST.take().unwrap_or_else(|| "an unknown place".to_owned()),
    })
}

/// [`caught`] of a future, which is dropped where it panics.
///
/// # Errors
/// When `work` panicked.
pub async fn caught_while<F: Future>(work: F) -> Result<F::Output, Panicked> {
    let mut work = pin!(work);
    poll_fn(|context| match caught(|| work.as_mut().poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        Err(panicked) => Poll::Ready(Err(panicked)),
    })
    .await
}

fn place(info: &PanicHookInfo<'_>) -> String {
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    let trace = Backtrace::capture();
    match trace.status() {
        // Somebody asked for it by RUST_BACKTRACE.
        BacktraceStatus::Captured => format!("{at}\n{trace}"),
        _ => at,
    }
}

/// What a panic says, where it is a text of the program: one that was formatted can quote what people wrote.
fn literal(payload: &(dyn Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or_default()
}

/// Steps at which a test has the program panic, by a word in the text that it works on. A release knows none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanicPoint {
    /// An action is done, inside the writer.
    Action,
    /// A question is answered from the readers.
    View,
    /// An adapter makes of an event what the core is told.
    Adapter,
    /// An event is read before it is known what it means.
    Event,
    /// A card is drawn.
    Card,
    /// A question is put into the index.
    Index,
    /// A word of it is.
    Token,
    /// A platform makes a message of a card.
    Message,
}

/// Panics if a test put the word for this step into the text: `panic-at-action`, say. In a debug build that was started with
/// `STOA_PANICS` set, and in the core's own tests.
#[inline]
pub fn here(step: PanicPoint, text: &str) {
    #[cfg(debug_assertions)]
    if is_wanted(step, text) {
        // As the standard library does when text is cut in the middle of a character.
        panic!("a panic over {text:?}, as a test wants it");
    }
    #[cfg(not(debug_assertions))]
    let _ = (step, text);
}

#[cfg(debug_assertions)]
fn is_wanted(step: PanicPoint, text: &str) -> bool {
    use std::sync::LazyLock;
    static WANTED: LazyLock<bool> =
        LazyLock::new(|| cfg!(test) || std::env::var_os("STOA_PANICS").is_some());
    *WANTED && text.contains(&format!("panic-at-{step:?}").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_what_comes_after_is_done() {
        assert!(caught(|| here(PanicPoint::Action, "panic-at-action")).is_err());
        assert!(caught(|| here(PanicPoint::Action, "panic-at-view")).is_ok());
        let half = async {
            tokio::task::yield_now().await;
            here(PanicPoint::Card, "panic-at-card");
        };
        assert!(caught_while(half).await.is_err());
        assert_eq!(caught_while(async { 7 }).await.ok(), Some(7));
    }
}
