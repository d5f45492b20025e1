//! How much of what the homeserver told is dealt with. Rooms are heard side by side, so one response can be done before an earlier
//! one; the cursor may pass neither before all until then is.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// The responses that came, and up to which of them all is done.
#[derive(Debug)]
pub(crate) struct SyncProgress {
    open: Arc<Mutex<OpenResponse>>,
    done: watch::Receiver<Option<String>>,
}

#[derive(Debug)]
struct OpenResponse {
    /// The number of the first of the responses.
    first: u64,
    /// Those that are not dealt with, and what came after them.
    responses: VecDeque<Response>,
    /// The sync token up to which all is done.
    done: watch::Sender<Option<String>>,
}

#[derive(Debug)]
struct Response {
    next: String,
    parts: usize,
}

/// A part of a response that is still to be dealt with. Dropped, it stays so: it comes again after the next start.
#[derive(Debug)]
pub(crate) struct ResponsePart {
    open: Arc<Mutex<OpenResponse>>,
    number: u64,
}

impl SyncProgress {
    /// Nothing has come yet.
    pub(crate) fn new() -> Self {
        let (send, done) = watch::channel(None);
        let open = OpenResponse {
            first: 0,
            responses: VecDeque::new(),
            done: send,
        };
        Self {
            open: Arc::new(Mutex::new(open)),
            done,
        }
    }

    /// A response came, after which this sync token goes on.
    pub(crate) fn begin(&self, next: String) -> ResponsePart {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let number = open.first + open.responses.len() as u64;
        open.responses.push_back(Response { next, parts: 1 });
        ResponsePart {
            open: Arc::clone(&self.open),
            number,
        }
    }

    /// The sync token up to which all is done, once that is another than this.
    pub(crate) async fn beyond(&self, at: Option<&str>) -> String {
        let mut done = self.done.clone();
        let is_new = |done: &Option<String>| done.is_some() && done.as_deref() != at;
        let new = match done.wait_for(is_new).await {
            Ok(done) => done.clone(),
            Err(_) => None,
        };
        match new {
            Some(new) => new,
            // Nothing can come any more.
            None => std::future::pending().await,
        }
    }

    /// The sync token up to which all is done so far.
    pub(crate) fn done(&self) -> Option<String> {
        self.done.borrow().clone()
    }
}

impl ResponsePart {
    /// Another part of the same response.
    pub(crate) fn another(&self) -> Self {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(response) = open.response(self.number) {
            response.parts += 1;
        }
        Self {
            open: Arc::clone(&self.open),
            number: self.number,
        }
    }

    /// It is dealt with.
    pub(crate) fn done(self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(response) = open.response(self.number) {
            response.parts -= 1;
        }
        open.move_on();
    }
}

impl OpenResponse {
    fn response(&mut self, number: u64) -> Option<&mut Response> {
        let at = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.responses.get_mut(at)
    }

    fn move_on(&mut self) {
        let mut reached = None;
        while let Some(response) = self.responses.pop_front_if(|response| response.parts == 0) {
            self.first += 1;
            reached = Some(response.next);
        }
        if reached.is_some() {
            self.done.send_replace(reached);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_passes_nothing_that_is_not_done() {
        let progress = SyncProgress::new();
        let first = progress.begin("s1".to_owned());
        let second = progress.begin("s2".to_owned());
        let third = progress.begin("s3".to_owned());
        let more = first.another();
        second.done();
        first.done();
        assert_eq!(progress.done(), None, "a part of the first is open");
        more.done();
        assert_eq!(progress.done().as_deref(), Some("s2"));
        drop(third);
        progress.begin("s4".to_owned()).done();
        assert_eq!(
            progress.done().as_deref(),
            Some("s2"),
            "the third was not done"
        );
    }

    #[tokio::test]
    async fn whoever_keeps_the_cursor_hears_how_far_all_is_done() {
        let progress = SyncProgress::new();
        let first = progress.begin("s1".to_owned());
        let waits = progress.beyond(None);
        first.done();
        assert_eq!(waits.await, "s1");
        progress.begin("s2".to_owned()).done();
        assert_eq!(progress.beyond(Some("s1")).await, "s2");
    }
}
