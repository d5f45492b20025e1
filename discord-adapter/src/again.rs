//! Which messages' reactions are to be read again, and when. Events of reactions come late, twice or not at all, and have no
//! numbers to tell: a while after the last of them what hangs on the message is read, and that is the truth. Pure.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use bot_core::platform::MessageKey;
use tokio::time::Instant;

/// The messages that are to be read again.
#[derive(Debug)]
pub(crate) struct Again {
    /// How long a message has to be quiet.
    quiet: Duration,
    /// At once, as far as there is time, in this order.
    soon: VecDeque<MessageKey>,
    /// When each may have been quiet for long enough, the first first; there can be a later moment of the same message behind.
    later: VecDeque<(Instant, MessageKey)>,
    /// The latest moment of each.
    latest: HashMap<MessageKey, Instant>,
}

impl Again {
    /// Nothing yet; messages are read when they have been quiet for so long.
    pub(crate) fn after(quiet: Duration) -> Self {
        Self {
            quiet,
            soon: VecDeque::new(),
            later: VecDeque::new(),
            latest: HashMap::new(),
        }
    }

    /// These are to be read as soon as possible.
    pub(crate) fn soon(&mut self, messages: Vec<MessageKey>) {
        self.soon.retain(|message| !messages.contains(message));
        self.soon.extend(messages);
    }

    /// The reactions of a message changed just now, or could not be read.
    pub(crate) fn later(&mut self, message: MessageKey, now: Instant) {
        let at = now + self.quiet;
        if self.latest.insert(message.clone(), at) != Some(at) {
            self.later.push_back((at, message));
        }
    }

    /// When something is to be read; none where nothing is.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Instant> {
        if !self.soon.is_empty() {
            return Some(now);
        }
        while let Some((at, message)) = self.later.front() {
            if self.latest.get(message) == Some(at) {
                return Some(*at);
            }
            self.later.pop_front();
        }
        None
    }

    /// What is to be read now.
    pub(crate) fn take(&mut self, now: Instant) -> Option<MessageKey> {
        if let Some(message) = self.soon.pop_front() {
            return Some(message);
        }
        if self.next(now)? > now {
            return None;
        }
        let (_, message) = self.later.pop_front()?;
        self.latest.remove(&message);
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str) -> MessageKey {
        MessageKey(name.to_owned())
    }

    #[test]
    fn a_message_is_read_when_it_has_been_quiet() {
        let begin = Instant::now();
        let second = |seconds| begin + Duration::from_secs(seconds);
        let mut again = Again::after(Duration::from_secs(30));
        assert_eq!(again.next(begin), None);
        again.later(message("one"), begin);
        again.later(message("two"), second(20));
        again.later(message("one"), second(20));
        assert_eq!(again.next(second(20)), Some(second(50)));
        assert_eq!(again.take(second(30)), None, "it was not quiet");
        again.soon(vec![message("three")]);
        assert_eq!(again.next(second(30)), Some(second(30)));
        assert_eq!(again.take(second(30)), Some(message("three")));
        assert_eq!(again.take(second(50)), Some(message("two")));
        assert_eq!(again.take(second(50)), Some(message("one")));
        assert_eq!(again.take(second(50)), None);
        assert_eq!(again.next(second(50)), None);
    }
}
