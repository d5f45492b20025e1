//! The messages' names: a variant for each message in `data/locales/en`, so that none can be misspelt or forgotten.

/// Declares [`Key`]: a variant for each message.
macro_rules! keys {
    ($($variant:ident => $id:literal),+ $(,)?) => {
        /// A message that people may read; its text is in `data/locales/<language>/*.ftl`, where its variables are told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $(#[doc = concat!("`", $id, "`")] $variant,)+
        }

        impl Key {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The message's name in the locale files.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }
        }
    };
}

keys! {
    Someone => "someone",
    Between => "between",
    Comma => "comma",
    Votes => "votes",
    Answers => "answers",
    QuestionTitle => "question-title",
    AnswerTitle => "answer-title",
    AnswerTitleAccepted => "answer-title-accepted",
    CommentTitle => "comment-title",
    CommentHead => "comment-head",
    Asked => "asked",
    EditedBy => "edited-by",
    Tags => "tags",
    Answered => "answered",
    Withdrawn => "withdrawn",
    Folded => "folded",
    QuestionHint => "question-hint",
    Page => "page",
    PageNext => "page-next",
    Hits => "hits",
    HitAnswer => "hit-answer",
    HitAnswerAccepted => "hit-answer-accepted",
    HitAnswerExcerpt => "hit-answer-excerpt",
    NothingFound => "nothing-found",
    ListRecent => "list-recent",
    ListUnanswered => "list-unanswered",
    ListHot => "list-hot",
    ListVotes => "list-votes",
    ListEmpty => "list-empty",
    ListAnswered => "list-answered",
    History => "history",
    Revision => "revision",
    RevisionReason => "revision-reason",
    DoneAsked => "done-asked",
    DoneAnswered => "done-answered",
    DoneCommented => "done-commented",
    DoneEdited => "done-edited",
    DoneWithdrawn => "done-withdrawn",
    DoneAccepted => "done-accepted",
    DoneUnaccepted => "done-unaccepted",
    DoneVotedUp => "done-voted-up",
    DoneVotedDown => "done-voted-down",
    DoneVotedNone => "done-voted-none",
    MissingArgument => "missing-argument",
    DidYouMean => "did-you-mean",
    WhichForum => "which-forum",
    Fault => "fault",
    Undecryptable => "undecryptable",
    RefusedTitleTooShort => "refused-title-too-short",
    RefusedTitleTooLong => "refused-title-too-long",
    RefusedTitleTooLarge => "refused-title-too-large",
    RefusedBodyTooShort => "refused-body-too-short",
    RefusedBodyTooLong => "refused-body-too-long",
    RefusedBodyTooLarge => "refused-body-too-large",
    RefusedTooManyTags => "refused-too-many-tags",
    RefusedBadTag => "refused-bad-tag",
    RefusedAskedBefore => "refused-asked-before",
    RefusedNoSuchPost => "refused-no-such-post",
    RefusedWithdrawn => "refused-withdrawn",
    RefusedAnswerNeedsQuestion => "refused-answer-needs-question",
    RefusedNoCommentOnComment => "refused-no-comment-on-comment",
    RefusedNotYours => "refused-not-yours",
    RefusedNothingChanged => "refused-nothing-changed",
    RefusedNoTitle => "refused-no-title",
    RefusedOwnPost => "refused-own-post",
    RefusedCommentsOnlyUp => "refused-comments-only-up",
    RefusedNotAnAnswer => "refused-not-an-answer",
    RefusedNotTheAsker => "refused-not-the-asker",
    RefusedNothingAccepted => "refused-nothing-accepted",
    HelpTitle => "help-title",
    HelpLine => "help-line",
    HelpExample => "help-example",
    HelpAddresses => "help-addresses",
    HelpReactions => "help-reactions",
    HelpAsk => "help-ask",
    HelpAnswer => "help-answer",
    HelpComment => "help-comment",
    HelpEdit => "help-edit",
    HelpHistory => "help-history",
    HelpDelete => "help-delete",
    HelpUp => "help-up",
    HelpDown => "help-down",
    HelpUnvote => "help-unvote",
    HelpAccept => "help-accept",
    HelpUnaccept => "help-unaccept",
    HelpSearch => "help-search",
    HelpShow => "help-show",
    HelpQuestions => "help-questions",
    HelpHelp => "help-help",
    ExampleAsk => "example-ask",
    ExampleAnswer => "example-answer",
    ExampleComment => "example-comment",
    ExampleSearch => "example-search",
    ExampleQuestions => "example-questions",
    ExamplePost => "example-post",
    ExampleAnswerAddress => "example-answer-address",
    ExampleEdit => "example-edit",
    ExampleHelp => "example-help",
    ParamPost => "param-post",
    ParamTitle => "param-title",
    ParamText => "param-text",
    ParamWords => "param-words",
    ParamPage => "param-page",
    ParamList => "param-list",
    ParamTopic => "param-topic",
    ParamTags => "param-tags",
    ParamReason => "param-reason",
    Talk => "talk",
}
