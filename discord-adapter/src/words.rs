//! The adapter's own texts: the labels of buttons and dialogs, what the slash commands say of themselves.
//!
//! The texts themselves are Fluent messages of the core, which this only names: whoever draws passes them in.

use bot_core::command::Command;

/// Where texts come from: the words of a Fluent message, by its id, without variables; none where there is no such message.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub &'a dyn Fn(&str) -> Option<String>);

impl Words<'_> {
    /// The words of a message.
    pub(crate) fn say(&self, word: Word) -> String {
        (self.0)(word.id()).unwrap_or_else(|| word.id().to_owned())
    }

    /// What a command says of itself: as a slash command where that has words of its own, else as the help does.
    pub(crate) fn command(&self, command: &Command) -> String {
        let name = command.name;
        self.first(&[&format!("slash-{name}"), &format!("help-{name}")])
    }

    /// What a subcommand says of itself.
    pub(crate) fn subcommand(&self, command: &Command, name: &str) -> String {
        self.first(&[&format!("slash-{}-{name}", command.name)])
    }

    /// What an option of a command is for: of that command's own where that has words of its own, else of any's.
    pub(crate) fn option(&self, command: &Command, name: &str) -> String {
        let own = format!("option-{}-{name}", command.name);
        self.first(&[&own, &format!("option-{name}")])
    }

    /// The words of the first of these messages that there is; a test holds that one is there.
    fn first(&self, ids: &[&str]) -> String {
        let mut found = ids.iter().filter_map(|id| (self.0)(id));
        found.next().unwrap_or_default()
    }
}

/// The words of a message, by its id.
type Find = dyn Fn(&str) -> Option<String> + Send + Sync;

/// The core, as far as it gives words.
#[derive(Clone)]
pub(crate) struct Speak(std::sync::Arc<Find>);

impl Speak {
    /// In the language of this core.
    pub(crate) fn of(core: &bot_core::engine::Core) -> Self {
        let core = core.clone();
        Self(std::sync::Arc::new(move |id: &str| core.find_words(id)))
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
    OneForum => "discord-one-forum",
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
    use bot_core::text::Texts;

    use super::*;

    /// Calls with the English texts.
    pub(crate) fn with_english<T>(call: impl FnOnce(Words<'_>) -> T) -> T {
        let texts = Texts::new("en");
        call(Words(&|id| texts.find(id)))
    }

    #[test]
    fn every_word_is_a_message() {
        with_english(|words| {
            for word in Word::ALL {
                assert_ne!(words.say(*word), word.id(), "{word:?}");
            }
        });
    }
}
