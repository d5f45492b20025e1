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
        did_you_mean(&texts, "!", "!serch", "search"),
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

/// Each refusal there is, as the inbox keeps it.
const KEPT_REFUSALS: &str = include_str!("../../engine/outcome/kept_refusals.jsonl");

#[derive(serde::Deserialize)]
struct Kept {
    refused: Refusal,
}

#[test]
fn each_refusal_says_why_and_what_to_do() {
    let kept = KEPT_REFUSALS.lines().map(serde_json::from_str);
    let kept = kept.map(|line| line.map(|Kept { refused }| refused).expect("a refusal"));
    let markup = Refusal::BadTag {
        tag: "<b>*x*".into(),
        most: 35,
    };
    let refusals = kept.chain([markup]);
    let said: Vec<_> = refusals
        .map(|one| shown(&refusal(&texts(), "!", &one)))
        .collect();
    assert_snapshot!(said.join("\n"), @"
    A title needs at least 5 characters, this one has 3. Say in a few words what you want to know.
    A title has at most 120 characters, this one has 121. Put the rest on the lines below it.
    That title is too large: at most 4 KB fit. It has few characters, but some of them are made of very many parts; write it in plainer ones.
    That is too short: at least 2 characters are needed.
    That is too long: 12001 characters of at most 12000. Shorten it, or put a part of it elsewhere and link to it.
    That is too large: at most 48 KB fit. Shorten it, or put a part of it elsewhere and link to it.
    A question has at most 5 tags, these are 6. Leave some out.
    “” can’t be a tag. A tag begins with a letter or digit, has at most 35 characters, and only letters, digits and + - # . in it.
    The same question was asked before: #42.1/c2. See there, or say what is different about yours.
    That message is #42.1/c2 already.
    There is no #42.1/c2. `!search` finds questions, `!questions` lists them.
    #42.1/c2 was withdrawn, so nothing more can be done with it.
    #42.1/c2 is hidden: until it is shown again, it can’t be read, voted on, answered or accepted.
    #42.1/c2 is closed, so it takes no answers. `!comment #42.1 …` comments on it; if yours is another question, ask it anew.
    #42.1/c2 is hidden already. `!unhide #42.1/c2` shows it again.
    #42.1/c2 is not hidden.
    #42.1/c2 is not hidden, so the message it was made from stays. `!hide #42.1/c2` hides it.
    I know no message that #42.1/c2 was made from: it was not made from one, or that is gone.
    Only a moderator has the message taken away that #42.1/c2 was made from. Your own you can delete yourself.
    #42.1/c2 was hidden by a moderator, and only a moderator can show it again.
    #42.1/c2 is hidden because the message it was made from was deleted, and I can’t tell by whom. A moderator can show it again.
    #42.1/c2 is not a question, so it can’t be answered. `!comment #42.1 …` comments on a question or an answer.
    #42.1/c2 is itself a comment. Comment on what it hangs on: `!comment #42.1 …`
    #42.1/c2 is not yours: only its author or a moderator can do that.
    #42.1/c2 says that already; nothing was changed.
    #42.1/c2 was changed while you were changing it, in the same part, so your change was not made.
    #42.1/c2 was changed otherwise after you wrote this message, in the same part, so it stays as it is. So does your message. To change what #42.1/c2 says now: `!edit #42.1/c2 …`
    You may not write now where this would be shown, so I don’t write, vote or accept there for you. You can look, and take back what you said.
    You may not begin anything now where this would be shown, so I don’t ask there for you. You can answer and comment.
    #42.1/c2 is not a question: only questions have a title and tags.
    #42.1/c2 is your own, and nobody votes on their own posts.
    #42.1/c2 is a comment; comments take only 👍.
    #42.1/c2 is not an answer, and only answers can be accepted. Name one like this: `!accept #42.1`
    Only the person who asked #42.1/c2, or a moderator, can decide which answer is accepted. You can vote for the answer that helped: 👍
    #42.1/c2 has no accepted answer.
    Only an admin of this forum does that, in one of its rooms or channels.
    Only encrypted rooms show what is in this forum, so it is not told in a conversation that is not encrypted. Ask in one of its rooms, or in an encrypted conversation with me.
    I know no such code. Look whether it is typed as it was given, or get a new one.
    That code was used already; each is good for one time. Get a new one.
    That code is too old: it was good for half an hour. Get a new one.
    That code was made on this side. Say it on the other side first.
    Somebody else has said that code first, so it is no good here. Get a new one.
    The two are one already.
    This account is not joined with another. `!link` joins them.
    This place’s forum has not joined another one, and none has joined it.
    You can ask at most 300 questions an hour. Try again later: 30 Nov 2026, 00:53 UTC.
    You can give at most 300 answers an hour. Try again later: 30 Nov 2026, 00:53 UTC.
    You can write at most 300 comments an hour. Try again later: 30 Nov 2026, 00:53 UTC.
    You can make at most 300 edits an hour. Try again later: 30 Nov 2026, 00:53 UTC.
    You can cast at most 300 votes an hour. Try again later: 30 Nov 2026, 00:53 UTC. Votes can be changed and taken back at any time.
    Others can read here, so that code is no good any more. Get a new one, and say it to me alone.
    You said too many wrong codes. You can try again 30 Nov 2026, 00:53 UTC.
    #42.1/c2 was written on the other side of this joint forum; its own moderators alone delete it. You can hide it: `!hide #42.1/c2`
    Your ✅ does not accept #42.1: only the person who asked accepts by ✅. A moderator says `!accept #42.1`. That an answer helped you, 👍 says.
    You have no vote on #42: there is nothing to take back.
    This message became #42 and stays its text: changed into another command, it does nothing. Say the command in a new message.
    “<b>*x*” can’t be a tag. A tag begins with a letter or digit, has at most 35 characters, and only letters, digits and + - # . in it.
    ");
}
