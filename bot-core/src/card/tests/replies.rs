//! Short replies and refusals.

use insta::assert_snapshot;

use super::*;
use crate::forum::{Refusal, Vote};

#[test]
fn what_was_done_is_said_in_a_sentence() {
    let texts = texts();
    let at = Address::question(42);
    let score = Score { ups: 3, downs: 2 };
    let key = crate::platform::PlaceKey("!room:x".to_owned());
    let link = |name| PlaceLink { key: &key, name };
    let (bakers, home) = (link("Bakers"), link("Rust\nhome"));
    let cards = [
        asked(&texts, at),
        answered(&texts, at.with_answer(1)),
        commented(&texts, at.with_comment(1)),
        edited(&texts, at),
        withdrawn(&texts, at),
        hidden(&texts, "!", at),
        unhidden(&texts, at),
        accepted(&texts, at.with_answer(1)),
        unaccepted(&texts, at),
        voted(&texts, at, Some(Vote::Up), score),
        voted(&texts, at, Some(Vote::Down), score),
        voted(&texts, at, None, score),
        missing_argument(&texts, "!answer [#42] text"),
        unknown_option(&texts, "--foo", "!edit [#42] [text]"),
        empty_option(&texts, "--tag", "!ask Title [--tag a,b]"),
        did_you_mean(&texts, "!", "serch", "search"),
        which_forum(&texts, (DecidedBy::Words, "!"), [bakers, home]),
        forum_chosen(&texts, (DecidedBy::Buttons, "/"), home),
        confirm_publish(&texts, DecidedBy::Words, [bakers], 0, "mira", ("yes", "no")),
        confirm_publish(
            &texts,
            DecidedBy::Buttons,
            [bakers, home],
            2,
            "",
            ("yes", "no"),
        ),
        not_published(&texts),
        nothing_waits(&texts),
        fault(&texts, "K7Q2"),
    ];
    assert_snapshot!(cards.map(|card| shown(&card)).join("\n"), @"
    #42 is asked.
    #42.1 is posted.
    #42/c1 is posted.
    #42 is changed.
    #42 is withdrawn; its text is gone.
    #42 is hidden. `!unhide #42` shows it again.
    #42 is shown again.
    #42.1 is the accepted answer now.
    #42 has no accepted answer any more.
    👍 You voted for #42. It has +1 vote now.
    👎 You voted against #42. It has +1 vote now.
    Your vote on #42 is taken back. It has +1 vote now.
    Something is missing. It goes like this: `!answer [#42] text`
    Nothing was done: there is no option `--foo`. It goes like this: `!edit [#42] [text]`. A text that begins like an option goes on the lines below.
    Nothing was done: nothing stands behind `--tag`. It goes like this: `!ask Title [--tag a,b]`
    There is no `!serch`. Did you mean `!search`?
    We share several forums. Which one is meant here? Answer with its number; I keep to it from then on, and `!forum` shows this list again.

    1. Bakers
    2. Rust home
    This conversation is about the forum of Rust home from now on. `/forum which` shows the others.
    This would be published in Bakers, for all who can read there, under the name **mira**. To agree, reply `yes` or react to this message with ✅; `no` forgets it. I ask this only once for this forum.
    This would be published in Bakers, Rust home and in 2 other places that share its questions, for all who can read there, under the name **someone**. To agree, press the button below. I ask this only once for this forum.
    It is forgotten; nothing was published.
    Nothing waits for that any more. Please say what you wanted again.
    Something broke on our side, and nothing of it is your fault. Please try again; if it stays so, tell the people who run this bot the code `K7Q2`.
    ");
}

#[test]
fn each_refusal_says_why_and_what_to_do() {
    let address = Address::question(42);
    let comment = address.with_answer(1).with_comment(2);
    let refusals = [
        Refusal::TitleTooShort { least: 5, have: 2 },
        Refusal::TitleTooLong {
            most: 120,
            have: 121,
        },
        Refusal::TitleTooLarge { most: 4 },
        Refusal::BodyTooShort { least: 2, have: 1 },
        Refusal::BodyTooLong {
            most: 12_000,
            have: 12_001,
        },
        Refusal::BodyTooLarge { most: 48 },
        Refusal::TooManyTags { most: 5, have: 6 },
        Refusal::BadTag {
            tag: "<b>*x*".into(),
            most: 35,
        },
        Refusal::AskedBefore { earlier: address },
        Refusal::AlreadyPost { address },
        Refusal::NoSuchPost { address },
        Refusal::Withdrawn { address },
        Refusal::Hidden { address },
        Refusal::AlreadyHidden { address },
        Refusal::NotHidden { address },
        Refusal::HideFirst { address },
        Refusal::NoMessage { address },
        Refusal::ModeratorsOnly { address },
        Refusal::HiddenByModerator { address },
        Refusal::HiddenByUnknown { address },
        Refusal::AnswerNeedsQuestion { address: comment },
        Refusal::NoCommentOnComment { address: comment },
        Refusal::NotYours { address },
        Refusal::NothingChanged { address },
        Refusal::ChangedSince { address },
        Refusal::ChangedElsewhere { address },
        Refusal::MayNotWrite,
        Refusal::MayNotAsk,
        Refusal::NoTitle { address: comment },
        Refusal::OwnPost { address },
        Refusal::CommentsOnlyUp { address: comment },
        Refusal::NotAnAnswer { address },
        Refusal::NotTheAsker { address },
        Refusal::NothingAccepted { address },
    ];
    let said = refusals.map(|one| shown(&refusal(&texts(), "!", &one)));
    assert_snapshot!(said.join("\n"), @"
    A title needs at least 5 characters, this one has 2. Say in a few words what you want to know.
    A title has at most 120 characters, this one has 121. Put the rest on the lines below it.
    That title is too large: at most 4 KB fit. It has few characters, but some of them are made of very many parts; write it in plainer ones.
    That is too short: at least 2 characters are needed.
    That is too long: 12001 characters of at most 12000. Shorten it, or put a part of it elsewhere and link to it.
    That is too large: at most 48 KB fit. Shorten it, or put a part of it elsewhere and link to it.
    A question has at most 5 tags, these are 6. Leave some out.
    “<b>*x*” can’t be a tag. A tag begins with a letter or digit, has at most 35 characters, and only letters, digits and + - # . in it.
    The same question was asked before: #42. See there, or say what is different about yours.
    That message is #42 already.
    There is no #42. `!search` finds questions, `!questions` lists them.
    #42 was withdrawn, so nothing more can be done with it.
    #42 is hidden: until it is shown again, it can’t be read, voted on, answered or accepted.
    #42 is hidden already. `!unhide #42` shows it again.
    #42 is not hidden.
    #42 is not hidden, so the message it was made from stays. `!hide #42` hides it.
    I know no message that #42 was made from: it was not made from one, or that is gone.
    Only a moderator has the message taken away that #42 was made from. Your own you can delete yourself.
    #42 was hidden by a moderator, and only a moderator can show it again.
    #42 is hidden because the message it was made from was deleted, and I can’t tell by whom. A moderator can show it again.
    #42.1/c2 is not a question, so it can’t be answered. `!comment #42.1 …` comments on a question or an answer.
    #42.1/c2 is itself a comment. Comment on what it hangs on: `!comment #42.1 …`
    #42 is not yours: only its author or a moderator can do that.
    #42 says that already; nothing was changed.
    #42 was changed while you were changing it, in the same part, so your change was not made.
    #42 was changed otherwise after you wrote this message, in the same part, so it stays as it is. So does your message. To change what #42 says now: `!edit #42 …`
    You may not write now where this would be shown, so I don’t write, vote or accept there for you. You can look, and take back what you said.
    You may not begin anything now where this would be shown, so I don’t ask there for you. You can answer and comment.
    #42.1/c2 is not a question: only questions have a title and tags.
    #42 is your own, and nobody votes on their own posts.
    #42.1/c2 is a comment; comments take only 👍.
    #42 is not an answer, and only answers can be accepted. Name one like this: `!accept #42.1`
    Only the person who asked #42, or a moderator, can decide which answer is accepted. You can vote for the answer that helped: 👍
    #42 has no accepted answer.
    ");
}
