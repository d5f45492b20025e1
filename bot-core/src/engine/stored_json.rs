//! What the store keeps in the engine's words: JSON, which another version may have written.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::platform::{MessageKey, Platform};

/// As the store keeps it.
pub(super) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts and numbers always serialise")
}

/// What was kept of an event; none where it can't be read, which is logged with the event's key.
pub(super) fn read<T: DeserializeOwned>(
    kept: &str,
    platform: Platform,
    event: &MessageKey,
) -> Option<T> {
    let read = serde_json::from_str(kept);
    read.inspect_err(|error| {
        // The error's own words can quote what people wrote.
        let (why, column) = (error.classify(), error.column());
        tracing::warn!(%platform, %event, ?why, column, "what was kept of an event can’t be read");
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    enum Word {
        Yes(u32),
    }

    /// What is read, and what is logged of that.
    fn logged(kept: &str) -> (Option<Word>, String) {
        let log = tempfile::NamedTempFile::new().expect("a file");
        let file = Mutex::new(log.reopen().expect("the same file"));
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(file);
        let event = MessageKey("$ask".to_owned());
        let read = tracing::subscriber::with_default(subscriber.finish(), || {
            read(kept, Platform::MATRIX, &event)
        });
        let log = std::fs::read_to_string(log.path()).expect("it is read");
        (read, log)
    }

    #[test]
    fn what_cannot_be_read_is_logged_with_its_key_and_without_its_words() {
        for kept in [r#"{"qvark":1}"#, r#"{"Yes":"qvark"}"#, "qvark", ""] {
            let (read, log) = logged(kept);
            assert_eq!(read, None, "{kept}");
            assert!(log.contains("WARN"), "{kept}: {log}");
            assert!(log.contains("platform=matrix event=$ask"), "{kept}: {log}");
            assert!(!log.contains("qvark"), "{kept}: {log}");
        }
        assert_eq!(logged(r#"{"Yes":1}"#), (Some(Word::Yes(1)), String::new()));
    }
}
