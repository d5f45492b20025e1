//! The adapter's own texts: the labels of buttons and dialogs, what the slash commands say of themselves.
//!
//! The texts themselves are Fluent messages of the core, which this only names: whoever draws passes them in.

use bot_core::command::Command;

/// Where texts come from: the words of a Fluent message, by its id, without variables.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub &'a dyn Fn(&'static str) -> String);

impl Words<'_> {
    /// The words of a message.
    pub(crate) fn say(&self, word: Word) -> String {
        (self.0)(word.id())
    }

    /// What a command does, as the help says it.
    pub(crate) fn summary(&self, command: &Command) -> String {
        (self.0)(command.summary.id())
    }
}

/// The core, as far as it gives words.
#[derive(Clone)]
pub(crate) struct Speak(std::sync::Arc<dyn Fn(&'static str) -> String + Send + Sync>);

impl Speak {
    /// In the language of this core.
    pub(crate) fn of(core: &bot_core::engine::Core) -> Self {
        let core = core.clone();
        Self(std::sync::Arc::new(move |id| core.words(id)))
    }

    /// The words.
    pub(crate) fn words(&self) -> Words<'_> {
        Words(&*self.0)
    }
}

/// Declares [`Word`].
macro_rules! words {
    ($($variant:ident => $id:literal),+ $(,)?) => {
        /// A message of the adapter's own; what it is for is told in `data/locales/en/discord.ftl`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Word {
            $(#[doc = concat!("`", $id, "`")] $variant,)+
        }

        impl Word {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The message's name in the locale files.
            pub(crate) const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }
        }
    };
}

words! {
    ButtonAnswer => "discord-button-answer",
    ButtonComment => "discord-button-comment",
    ButtonAccept => "discord-button-accept",
    ButtonEdit => "discord-button-edit",
    ButtonHistory => "discord-button-history",
    ButtonWhole => "discord-button-whole",
    ButtonShare => "discord-button-share",
    MenuQuestion => "discord-menu-question",
    MenuAnswer => "discord-menu-answer",
    MenuAccept => "discord-menu-accept",
    Forum => "discord-forum",
    ForumOpen => "discord-forum-open",
    ForumClose => "discord-forum-close",
    ForumCode => "discord-forum-code",
    ForumJoin => "discord-forum-join",
    ForumLeave => "discord-forum-leave",
    OptionWhich => "discord-option-which",
    ForumWhich => "discord-forum-which",
    OneForum => "discord-one-forum",
    OptionCode => "discord-option-code",
    OptionAgree => "discord-option-agree",
    OptionPost => "discord-option-post",
    OptionTitle => "discord-option-title",
    OptionWords => "discord-option-words",
    OptionPage => "discord-option-page",
    OptionList => "discord-option-list",
    OptionTag => "discord-option-tag",
    OptionCommand => "discord-option-command",
    OptionTags => "discord-option-tags",
    OptionReason => "discord-option-reason",
    ListRecent => "list-recent",
    ListUnanswered => "list-unanswered",
    ListHot => "list-hot",
    ListVotes => "list-votes",
    DialogAsk => "discord-dialog-ask",
    DialogAnswer => "discord-dialog-answer",
    DialogComment => "discord-dialog-comment",
    DialogEdit => "discord-dialog-edit",
    InputTitle => "discord-input-title",
    InputTitleHint => "discord-input-title-hint",
    InputTags => "discord-input-tags",
    InputTagsHint => "discord-input-tags-hint",
    InputText => "discord-input-text",
    InputTextHint => "discord-input-text-hint",
    InputMore => "discord-input-more",
    InputAnswer => "discord-input-answer",
    InputComment => "discord-input-comment",
    InputReason => "discord-input-reason",
    InputReasonHint => "discord-input-reason-hint",
    NoPlace => "discord-no-place",
    Unseen => "discord-unseen",
    Lacks => "discord-lacks",
    UnfitChannel => "discord-unfit-channel",
    Locked => "discord-locked",
    MayNotWrite => "discord-may-not-write",
    NoCard => "discord-no-card",
    NoThread => "discord-no-thread",
    CardRemoved => "discord-card-removed",
    Alone => "discord-alone",
    MayNotOpen => "discord-may-not-open",
    Opened => "discord-opened",
    Closed => "discord-closed",
    Outdated => "discord-outdated",
    TooSlow => "discord-too-slow",
    Busy => "discord-busy",
    Done => "discord-done",
    NotRead => "discord-not-read",
    TooLong => "discord-too-long",
    Files => "message-files",
    More => "discord-more",
    NotYours => "discord-not-yours",
    ButtonPublish => "discord-button-publish",
    ButtonDrop => "discord-button-drop",
    ButtonDraft => "discord-button-draft",
    ButtonRemove => "discord-button-remove",
    ButtonShareForum => "discord-button-share-forum",
    ButtonOwnForum => "discord-button-own-forum",
    PrivateThread => "discord-private-thread",
    MayNotShare => "discord-may-not-share",
    NothingThere => "discord-nothing-there",
    NoQuestion => "discord-no-question",
}

#[cfg(test)]
pub(crate) mod tests {
    use bot_core::text::{Key, Texts};

    use super::*;

    /// Calls with the English texts.
    pub(crate) fn with_english<T>(call: impl FnOnce(Words<'_>) -> T) -> T {
        let texts = Texts::new("en");
        call(Words(&|id| {
            let key = Key::ALL.iter().find(|key| key.id() == id);
            texts.say(
                *key.unwrap_or_else(|| panic!("no message is called {id}")),
                &[],
            )
        }))
    }

    #[test]
    fn every_word_is_a_message() {
        with_english(|words| {
            for word in Word::ALL {
                assert!(!words.say(*word).is_empty(), "{word:?}");
            }
        });
    }
}
