//! What the core posts to the terminal: drawn at once, printed when the person's turn is over.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bot_core::card::{Style, fold, plain};
use bot_core::conventions::{Commands, Conventions, Edits, Input, Reactions, Replies, Threads};
use bot_core::platform::{
    ChatPlatform, EditRate, Editing, MessageKey, Naming, PlaceKey, Platform, Posting, Removing,
    SendError, SendKey, Telling,
};

/// The terminal, as the core knows it.
pub const TERMINAL: Platform = Platform::new(&Conventions {
    name: "terminal",
    commands: Commands::Typed,
    input: Input::Lines,
    replies: Replies::Pass,
    reactions: Reactions::ById,
    // What scrolled by can't be reached by anybody.
    edits: Edits::Replace,
    threads: Threads::Nameless,
    page_weight: fold::PAGE,
    hits_per_page: 10,
});

/// The terminal as the core sees it. What was printed stays as it is: edits and removals are told by replies.
pub struct Terminal {
    style: Style,
    posted: Mutex<Vec<String>>,
}

impl Terminal {
    /// A terminal on which nothing was printed yet.
    pub fn new(style: Style) -> Self {
        Self {
            style,
            posted: Mutex::default(),
        }
    }

    /// What was posted since this was called last, in order.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.posted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ChatPlatform for Terminal {
    fn platform(&self) -> Platform {
        TERMINAL
    }

    fn pace(&self) -> EditRate {
        EditRate {
            least: Duration::ZERO,
            most: Duration::ZERO,
        }
    }

    async fn post(&self, posting: &Posting) -> Result<MessageKey, SendError> {
        let drawn = plain(&posting.card, self.style);
        self.posted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(drawn);
        Ok(MessageKey(posting.key.0.clone()))
    }

    async fn find(
        &self,
        _: &PlaceKey,
        _: Option<&MessageKey>,
        _: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        // What an earlier session printed cannot be looked up; it is printed again.
        Ok(None)
    }

    async fn edit(&self, _: &Editing) -> Result<(), SendError> {
        Ok(())
    }

    async fn remove(&self, _: &Removing) -> Result<(), SendError> {
        Ok(())
    }

    async fn name(&self, _: &Naming) -> Result<(), SendError> {
        Ok(())
    }

    async fn tell(&self, _: &Telling) -> Result<(), SendError> {
        Ok(())
    }
}
