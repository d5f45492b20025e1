//! Why something may not be done: a message for each refusal of the rules, which says what to do instead.

use super::parts::{at, command, count, said, sentence};
use crate::document::Card;
use crate::forum::{Address, Counted, Refusal};
use crate::text::{Arg, Key, Texts};

/// What a person is told who may not. `prefix` stands before commands.
#[must_use]
pub fn refusal(texts: &Texts, prefix: &str, refusal: &Refusal) -> Card {
    let say = |key, args: &[(&str, Arg<'_>)]| sentence(texts, key, args);
    let of = |key, address: &Address| say(key, &[("address", at(*address))]);
    let range = |key, limit, number: &usize, have: &usize| {
        say(key, &[(limit, count(*number)), ("have", count(*have))])
    };
    let commenting = |key, address: &Address| {
        let on = Address {
            comment: None,
            ..*address
        };
        let comment = command(prefix, format_args!("comment {on} …"));
        say(key, &[("address", at(*address)), ("comment", comment)])
    };
    match refusal {
        Refusal::TitleTooShort { least, have } => {
            range(Key::RefusedTitleTooShort, "least", least, have)
        }
        Refusal::TitleTooLong { most, have } => range(Key::RefusedTitleTooLong, "most", most, have),
        Refusal::TitleTooLarge { most } => {
            say(Key::RefusedTitleTooLarge, &[("most", count(*most))])
        }
        Refusal::BodyTooShort { least, have } => {
            range(Key::RefusedBodyTooShort, "least", least, have)
        }
        Refusal::BodyTooLong { most, have } => range(Key::RefusedBodyTooLong, "most", most, have),
        Refusal::BodyTooLarge { most } => say(Key::RefusedBodyTooLarge, &[("most", count(*most))]),
        Refusal::TooManyTags { most, have } => range(Key::RefusedTooManyTags, "most", most, have),
        Refusal::BadTag { tag, most } => say(
            Key::RefusedBadTag,
            &[("tag", Arg::Text(&said(tag))), ("most", count(*most))],
        ),
        Refusal::AskedBefore { earlier } => {
            say(Key::RefusedAskedBefore, &[("earlier", at(*earlier))])
        }
        Refusal::AlreadyPost { address } => {
            say(Key::RefusedAlreadyPost, &[("address", at(*address))])
        }
        Refusal::NoSuchPost { address } => say(
            Key::RefusedNoSuchPost,
            &[
                ("address", at(*address)),
                ("search", command(prefix, "search")),
                ("list", command(prefix, "questions")),
            ],
        ),
        Refusal::Withdrawn { address } => of(Key::RefusedWithdrawn, address),
        Refusal::Hidden { address } => of(Key::RefusedHidden, address),
        Refusal::Closed { address } => commenting(Key::RefusedClosed, address),
        Refusal::AlreadyHidden { address } => say(
            Key::RefusedAlreadyHidden,
            &[
                ("address", at(*address)),
                ("command", command(prefix, format_args!("unhide {address}"))),
            ],
        ),
        Refusal::NotHidden { address } => of(Key::RefusedNotHidden, address),
        Refusal::HideFirst { address } => say(
            Key::RefusedHideFirst,
            &[
                ("address", at(*address)),
                ("command", command(prefix, format_args!("hide {address}"))),
            ],
        ),
        Refusal::NoMessage { address } => of(Key::RefusedNoMessage, address),
        Refusal::ModeratorsOnly { address } => of(Key::RefusedModeratorsOnly, address),
        Refusal::HiddenByModerator { address } => of(Key::RefusedHiddenByModerator, address),
        Refusal::HiddenByUnknown { address } => of(Key::RefusedHiddenByUnknown, address),
        Refusal::AnswerNeedsQuestion { address } => {
            commenting(Key::RefusedAnswerNeedsQuestion, address)
        }
        Refusal::NoCommentOnComment { address } => {
            commenting(Key::RefusedNoCommentOnComment, address)
        }
        Refusal::NotYours { address } => of(Key::RefusedNotYours, address),
        Refusal::NothingChanged { address } => of(Key::RefusedNothingChanged, address),
        Refusal::ChangedSince { address } => of(Key::RefusedChangedSince, address),
        Refusal::ChangedElsewhere { address } => say(
            Key::RefusedChangedElsewhere,
            &[
                ("address", at(*address)),
                ("command", command(prefix, format_args!("edit {address} …"))),
            ],
        ),
        Refusal::MayNotWrite => say(Key::RefusedMayNotWrite, &[]),
        Refusal::MayNotAsk => say(Key::RefusedMayNotAsk, &[]),
        Refusal::NoTitle { address } => of(Key::RefusedNoTitle, address),
        Refusal::OwnPost { address } => of(Key::RefusedOwnPost, address),
        Refusal::CommentsOnlyUp { address } => of(Key::RefusedCommentsOnlyUp, address),
        Refusal::NotAnAnswer { address } => {
            let first = Address::question(address.question).with_answer(1);
            say(
                Key::RefusedNotAnAnswer,
                &[
                    ("address", at(*address)),
                    ("command", command(prefix, format_args!("accept {first}"))),
                ],
            )
        }
        Refusal::NotTheAsker { address } => of(Key::RefusedNotTheAsker, address),
        Refusal::StrayTick { address } => say(
            Key::RefusedStrayTick,
            &[
                ("address", at(*address)),
                ("command", command(prefix, format_args!("accept {address}"))),
            ],
        ),
        Refusal::NoVote { address } => of(Key::RefusedNoVote, address),
        Refusal::OtherCommand { address } => of(Key::RefusedOtherCommand, address),
        Refusal::NothingAccepted { address } => of(Key::RefusedNothingAccepted, address),
        Refusal::NotAdmin => say(Key::RefusedNotAdmin, &[]),
        Refusal::OnlyEncrypted => say(Key::RefusedOnlyEncrypted, &[]),
        Refusal::NoSuchCode => say(Key::RefusedNoSuchCode, &[]),
        Refusal::CodeUsed => say(Key::RefusedCodeUsed, &[]),
        Refusal::CodeTooLate => say(Key::RefusedCodeTooLate, &[]),
        Refusal::CodeOwn => say(Key::RefusedCodeOwn, &[]),
        Refusal::CodeTaken => say(Key::RefusedCodeTaken, &[]),
        Refusal::OneAlready => say(Key::RefusedOneAlready, &[]),
        Refusal::NotLinked => say(
            Key::RefusedNotLinked,
            &[("command", command(prefix, "link"))],
        ),
        Refusal::NotJoined => say(Key::RefusedNotJoined, &[]),
        Refusal::TooMany { what, most, until } => {
            let key = match what {
                Counted::Question => Key::RefusedTooManyQuestions,
                Counted::Answer => Key::RefusedTooManyAnswers,
                Counted::Comment => Key::RefusedTooManyComments,
                Counted::Edit => Key::RefusedTooManyEdits,
                Counted::Vote => Key::RefusedTooManyVotes,
            };
            let until = Arg::Node(texts.time(*until));
            say(key, &[("most", count(*most)), ("until", until)])
        }
        Refusal::CodeOverheard => say(Key::RefusedCodeOverheard, &[]),
        Refusal::TooManyCodes { until } => say(
            Key::RefusedTooManyCodes,
            &[("at", Arg::Node(texts.time(*until)))],
        ),
        Refusal::OtherSide { address } => say(
            Key::RefusedOtherSide,
            &[
                ("address", at(*address)),
                ("command", command(prefix, format_args!("hide {address}"))),
            ],
        ),
    }
}
