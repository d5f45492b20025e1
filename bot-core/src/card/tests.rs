use insta::assert_snapshot;

use super::*;
use crate::forum::{
    Address, AnswerView, Condition, EditedBy, Hit, HitAnswer, Page, Piece, PostId, PostKind,
    PostView, QuestionView, Refusal, RevisionView, Score, ThreadView, Timestamp, Vote,
};
use crate::text::{Key, Texts};

/// 23 Nov 2026, 11:40 UTC, and some minutes.
fn minute(after: i64) -> Timestamp {
    Timestamp(1_795_434_000_000 + after * 60_000)
}

fn texts() -> Texts {
    Texts::new("en")
}

fn shown(card: &Card) -> String {
    assert!(card.links.is_empty());
    assert!(fold::weight(&card.blocks) <= fold::CARD);
    plain(card, Style::Plain)
}

fn post(address: &str, author: &str, body: &str) -> PostView {
    let address: Address = address.parse().expect("an address");
    PostView {
        id: PostId(1),
        address,
        kind: match (address.answer, address.comment) {
            (_, Some(_)) => PostKind::Comment,
            (Some(_), None) => PostKind::Answer,
            (None, None) => PostKind::Question,
        },
        condition: Condition::Visible,
        author: author.into(),
        body: body.into(),
        score: Score::default(),
        at: minute(0),
        edited: None,
    }
}

fn withdrawn_post(address: &str) -> PostView {
    PostView {
        condition: Condition::Withdrawn,
        ..post(address, "mira", "")
    }
}

fn asked_question() -> QuestionView {
    QuestionView {
        post: post("42", "mira", "It says *no*:\n\n```sh\nlet x;\n```"),
        title: "How do I borrow twice?".into(),
        tags: vec!["rust".into(), "borrowing".into()],
        answers: 0,
        accepted: None,
    }
}

fn answered_question() -> QuestionView {
    let mut question = asked_question();
    question.post.score = Score { ups: 90, downs: 6 };
    question.post.edited = Some(EditedBy {
        name: "sol".into(),
        at: minute(9),
    });
    question.answers = 3;
    question.accepted = Some(Address::question(42).with_answer(1));
    question
}

fn thread() -> ThreadView {
    let answer = |address, author, body, accepted, comments| AnswerView {
        post: post(address, author, body),
        accepted,
        comments,
    };
    let mut liked = post("42.1/c1", "ada", "Thanks!");
    liked.score = Score { ups: 1, downs: 0 };
    let mut gone = answer("42.2", "x", "", false, vec![]);
    gone.post = withdrawn_post("42.2");
    ThreadView {
        question: answered_question(),
        comments: vec![
            post("42/c1", "sol", "Which edition?"),
            withdrawn_post("42/c2"),
        ],
        answers: vec![
            answer("42.1", "sol", "Use a *scope*.", true, vec![liked]),
            gone,
            answer("42.3", "", "Clone it.", false, vec![]),
        ],
    }
}

#[test]
fn a_fresh_question_says_how_to_take_part() {
    let card = question(&texts(), "!", &asked_question());
    assert_snapshot!(shown(&card), @"");
}

#[test]
fn an_answered_question_says_where_its_answer_is() {
    let card = question(&texts(), "!", &answered_question());
    assert_snapshot!(shown(&card), @"");
}

#[test]
fn a_withdrawn_question_is_a_tombstone() {
    let mut view = asked_question();
    view.post = withdrawn_post("42");
    assert_snapshot!(shown(&question(&texts(), "!", &view)), @"");
}

#[test]
fn a_long_text_is_folded_and_says_where_all_of_it_is() {
    let mut view = asked_question();
    view.post.body = "All of it is important. ".repeat(400);
    let card = shown(&question(&texts(), "%", &view));
    assert!(card.contains("… `%show #42` shows all of it"), "{card}");
    assert!((2_500..3_500).contains(&card.len()), "{}", card.len());

    let card = shown(&answer(
        &texts(),
        "",
        &post("42.7", "mira", &view.post.body),
        false,
    ));
    assert!(card.contains("… `show #42` shows all of it"), "{card}");
}

#[test]
fn answers_and_comments_have_cards() {
    let texts = texts();
    let mut view = post("42.1", "sol", "Use a *scope*.");
    assert_snapshot!(shown(&answer(&texts, "!", &view, false)), @"");
    view.score = Score { ups: 0, downs: 1 };
    view.edited = Some(EditedBy {
        name: " ".into(),
        at: minute(9),
    });
    assert_snapshot!(shown(&answer(&texts, "!", &view, true)), @"");
    assert_snapshot!(shown(&answer(&texts, "!", &withdrawn_post("42.1"), true)), @"");
    assert_snapshot!(shown(&comment(&texts, "!", &post("42.1/c2", "mira", "Thanks!"))), @"");
}

#[test]
fn show_has_all_that_hangs_on_a_question() {
    assert_snapshot!(shown(&show(&texts(), "!", &thread(), 1)), @"");
}

#[test]
fn what_hangs_on_a_withdrawn_question_is_still_shown() {
    let mut thread = thread();
    thread.question.post = withdrawn_post("42");
    thread.answers.truncate(1);
    thread.comments.clear();
    assert_snapshot!(shown(&show(&texts(), "!", &thread, 1)), @"");
}

#[test]
fn a_long_thread_is_shown_in_pages() {
    let mut thread = thread();
    thread.answers[0].post.body = "All of it is important. ".repeat(1_000);
    let page = |number| shown(&show(&texts(), "!", &thread, number));
    let first = page(1);
    assert!(
        first.ends_with("Page 1 of 3 · `!show #42 2` shows the next"),
        "{first}"
    );
    assert_eq!(page(0), first);
    let last = page(3);
    assert!(last.starts_with("#42 How do I borrow twice?"), "{last}");
    assert!(last.ends_with("Page 3 of 3"), "{last}");
    assert_eq!(page(99), last);
}

fn piece(text: &str, marked: bool) -> Piece {
    Piece {
        text: text.into(),
        marked,
    }
}

fn hit() -> Hit {
    Hit {
        question: answered_question(),
        excerpt: vec![
            piece("… to ", false),
            piece("borrow", true),
            piece(" it\ntwice …", false),
        ],
        answer: Some(HitAnswer {
            address: Address::question(42).with_answer(1),
            author: "sol".into(),
            score: Score { ups: 3, downs: 0 },
            accepted: true,
            excerpt: vec![piece("Use a scope.", false)],
        }),
    }
}

#[test]
fn what_was_found_comes_with_its_answers() {
    let mut bare = hit();
    bare.question.post.address = Address::question(7);
    bare.excerpt.clear();
    bare.answer = None;
    let page = Page {
        items: vec![hit(), bare],
        number: 1,
        pages: 3,
        total: 23,
    };
    let card = hits(&texts(), "!", "borrow", &page, Some("!search borrow 2"));
    assert_snapshot!(shown(&card), @"");
    assert!(plain(&card, Style::Ansi).contains("\u{1b}[4mborrow\u{1b}[0m"));
}

#[test]
fn nothing_found_says_what_to_do() {
    let page = Page {
        items: vec![],
        number: 1,
        pages: 0,
        total: 0,
    };
    let card = hits(&texts(), "!", "{ $x } \u{202e}y\nz", &page, None);
    assert_snapshot!(shown(&card), @"");
}

#[test]
fn a_list_has_a_line_of_facts_for_each_question() {
    let page = Page {
        items: vec![answered_question(), asked_question()],
        number: 2,
        pages: 2,
        total: 12,
    };
    let card = list(&texts(), "!", Key::ListRecent, &page, None);
    assert_snapshot!(shown(&card), @"");
    let none = Page {
        items: vec![],
        ..page
    };
    assert_snapshot!(shown(&list(&texts(), "!", Key::ListHot, &none, None)), @"");
}

#[test]
fn history_tells_each_text_and_why() {
    let revisions = [
        RevisionView {
            number: 2,
            author: "sol".into(),
            at: minute(9),
            reason: Some("typo".into()),
            title: Some("How do I borrow twice?".into()),
            body: "It says *no*.".into(),
        },
        RevisionView {
            number: 1,
            author: "mira".into(),
            at: minute(0),
            reason: None,
            title: Some("How do I borow twice?".into()),
            body: String::new(),
        },
    ];
    let card = history(&texts(), "!", Address::question(42), &revisions, 1);
    assert_snapshot!(shown(&card), @"");
}

#[test]
fn help_lists_commands() {
    let lines = [
        HelpLine {
            usage: "!ask Title".into(),
            summary: Key::HelpAsk,
            example: Some("!ask How do I borrow twice?".into()),
        },
        HelpLine {
            usage: "!up [#42]".into(),
            summary: Key::HelpUp,
            example: None,
        },
    ];
    assert_snapshot!(shown(&help(&texts(), &lines)), @"");
}

#[test]
fn what_was_done_is_said_in_a_sentence() {
    let texts = texts();
    let at = Address::question(42);
    let score = Score { ups: 3, downs: 2 };
    let cards = [
        asked(&texts, at),
        answered(&texts, at.with_answer(1)),
        commented(&texts, at.with_comment(1)),
        edited(&texts, at),
        withdrawn(&texts, at),
        accepted(&texts, at.with_answer(1)),
        unaccepted(&texts, at),
        voted(&texts, at, Some(Vote::Up), score),
        voted(&texts, at, Some(Vote::Down), score),
        voted(&texts, at, None, score),
        missing_argument(&texts, "!answer [#42] text"),
        did_you_mean(&texts, "!", "serch", "search"),
        which_forum(&texts, ["Bakers", "Rust\nhome"]),
        fault(&texts, "K7Q2"),
    ];
    assert_snapshot!(cards.map(|card| shown(&card)).join("\n"), @"");
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
        Refusal::NoSuchPost { address },
        Refusal::Withdrawn { address },
        Refusal::AnswerNeedsQuestion { address: comment },
        Refusal::NoCommentOnComment { address: comment },
        Refusal::NotYours { address },
        Refusal::NothingChanged { address },
        Refusal::NoTitle { address: comment },
        Refusal::OwnPost { address },
        Refusal::CommentsOnlyUp { address: comment },
        Refusal::NotAnAnswer { address },
        Refusal::NotTheAsker { address },
        Refusal::NothingAccepted { address },
    ];
    let said = refusals.map(|one| shown(&refusal(&texts(), "!", &one)));
    assert_snapshot!(said.join("\n"), @"");
}

#[test]
fn whatever_people_send_a_card_fits_into_a_message() {
    let huge = format!("a{}", "\u{301}".repeat(20_000));
    let mut view = asked_question();
    view.title.clone_from(&huge);
    view.tags = vec![huge.clone(); 5];
    view.post.author.clone_from(&huge);
    view.post.body = "[".repeat(40_000);
    shown(&question(&texts(), "!", &view));
    let mut found = hit();
    found.question = view.clone();
    found.excerpt = vec![piece(&huge, true); 30];
    let page = Page {
        items: vec![found; 10],
        number: 1,
        pages: 1,
        total: 10,
    };
    shown(&hits(&texts(), "!", &huge, &page, None));
    let mut thread = thread();
    thread.question = view;
    thread.comments = vec![post("42/c1", &huge, &huge); 10];
    for page in 1..10 {
        shown(&show(&texts(), "!", &thread, page));
    }
}

#[test]
fn a_title_can_smuggle_nothing_onto_a_card() {
    let mut view = asked_question();
    view.title = "<img src=x> *a*\u{1b}[2J\u{202e}\u{e000}\nb { votes }".into();
    let card = question(&texts(), "!", &view);
    let [Block::Title(line), ..] = card.blocks.as_slice() else {
        panic!("{card:?}");
    };
    assert_eq!(
        line.last(),
        Some(&Inline::Text("<img src=x> *a*[2J b { votes }".into()))
    );
}
