use insta::assert_snapshot;

use super::*;
use crate::document::{Block, Card, Inline, Subject};
use crate::forum::{
    Address, AnswerView, Condition, EditedBy, Hit, HitAnswer, Page, Piece, PostId, PostKind,
    PostView, QuestionView, RevisionView, Score, ThreadView, Timestamp,
};
use crate::text::{Key, Texts};

mod hidden;
mod hostile;
mod replies;

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
        origin: None,
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
        closing: None,
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
    assert_snapshot!(shown(&card), @"
    #42 How do I borrow twice?

    It says *no*:

    ```sh
    let x;
    ```

    Tags: rust, borrowing
    0 votes · no answers yet · asked 23 Nov 2026, 11:40 UTC by mira
    Answer with `!answer #42 …` · 👍 👎 vote
    ");
}

#[test]
fn an_answered_question_says_where_its_answer_is() {
    let card = question(&texts(), "!", &answered_question());
    assert_snapshot!(shown(&card), @"
    #42 How do I borrow twice?

    It says *no*:

    ```sh
    let x;
    ```

    Tags: rust, borrowing
    +84 votes · 3 answers · asked 23 Nov 2026, 11:40 UTC by mira · edited by sol

    ✅ Answered: #42.1
    ");
}

#[test]
fn a_withdrawn_question_is_a_tombstone() {
    let mut view = asked_question();
    view.post = withdrawn_post("42");
    assert_snapshot!(shown(&question(&texts(), "!", &view)), @"#42 was withdrawn.");
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
    assert_snapshot!(shown(&answer(&texts, "!", &view, false)), @"
    #42.1 Answer by sol

    Use a *scope*.

    0 votes · 23 Nov 2026, 11:40 UTC
    ");
    view.score = Score { ups: 0, downs: 1 };
    view.edited = Some(EditedBy {
        name: " ".into(),
        at: minute(9),
    });
    assert_snapshot!(shown(&answer(&texts, "!", &view, true)), @"
    ✅ #42.1 Accepted answer by sol

    Use a *scope*.

    –1 vote · 23 Nov 2026, 11:40 UTC · edited by someone
    ");
    assert_snapshot!(shown(&answer(&texts, "!", &withdrawn_post("42.1"), true)), @"#42.1 was withdrawn.");
    assert_snapshot!(shown(&comment(&texts, "!", &post("42.1/c2", "mira", "Thanks!"))), @"
    #42.1/c2 Comment by mira

    Thanks!

    23 Nov 2026, 11:40 UTC
    ");
}

#[test]
fn show_has_all_that_hangs_on_a_question() {
    assert_snapshot!(shown(&show(&texts(), "!", &thread(), fold::PAGE, 1)), @"
    #42 How do I borrow twice?

    It says *no*:

    ```sh
    let x;
    ```

    Tags: rust, borrowing
    +84 votes · 3 answers · asked 23 Nov 2026, 11:40 UTC by mira · edited by sol

    ✅ Answered: #42.1

    > #42/c1 sol · 23 Nov 2026, 11:40 UTC
    >
    > Which edition?

    > #42/c2 was withdrawn.

    ---

    ✅ #42.1 Accepted answer by sol

    Use a *scope*.

    0 votes · 23 Nov 2026, 11:40 UTC

    > #42.1/c1 ada · +1 vote · 23 Nov 2026, 11:40 UTC
    >
    > Thanks!

    ---

    #42.2 was withdrawn.

    ---

    #42.3 Answer by someone

    Clone it.

    0 votes · 23 Nov 2026, 11:40 UTC
    ");
}

#[test]
fn what_hangs_on_a_withdrawn_question_is_still_shown() {
    let mut thread = thread();
    thread.question.post = withdrawn_post("42");
    thread.answers.truncate(1);
    thread.comments.clear();
    assert_snapshot!(shown(&show(&texts(), "!", &thread, fold::PAGE, 1)), @"
    #42 was withdrawn.

    ---

    ✅ #42.1 Accepted answer by sol

    Use a *scope*.

    0 votes · 23 Nov 2026, 11:40 UTC

    > #42.1/c1 ada · +1 vote · 23 Nov 2026, 11:40 UTC
    >
    > Thanks!
    ");
}

#[test]
fn a_long_thread_is_shown_in_pages() {
    let mut thread = thread();
    thread.answers[0].post.body = "All of it is important. ".repeat(1_000);
    let page = |number| shown(&show(&texts(), "!", &thread, fold::PAGE, number));
    let first = page(1);
    assert!(
        first.ends_with("Page 1 of 3 · `!show #42 page:2` shows the next"),
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
            id: PostId(2),
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
        more: false,
    };
    let card = hits(&texts(), "!", "borrow", &page, Some("!search borrow 2"));
    assert_snapshot!(shown(&card), @"
    23 questions found for “borrow”

    - #42 How do I borrow twice?
      … to borrow it twice …
      ✅ #42.1 by sol, +3 votes: Use a scope.
      +84 votes · 3 answers · asked 23 Nov 2026, 11:40 UTC by mira
    - #7 How do I borrow twice?
      +84 votes · 3 answers · asked 23 Nov 2026, 11:40 UTC by mira

    Page 1 of 3 · `!search borrow 2` shows the next
    ");
    assert!(plain(&card, Style::Ansi).contains("\u{1b}[22;1;31mborrow\u{1b}[0m"));
}

#[test]
fn what_is_not_counted_to_its_end_is_not_said_to_be() {
    let page = Page {
        items: vec![hit()],
        number: 1,
        pages: 10,
        total: 100,
        more: true,
    };
    let card = hits(
        &texts(),
        "!",
        "borrow",
        &page,
        Some("!search borrow page:2"),
    );
    let shown = shown(&card);
    assert!(
        shown.starts_with("100 or more questions found for “borrow”\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("Page 1 · `!search borrow page:2` shows the next"),
        "{shown}"
    );
}

#[test]
fn nothing_found_says_what_to_do() {
    let page = Page {
        items: vec![],
        number: 1,
        pages: 0,
        total: 0,
        more: false,
    };
    let card = hits(&texts(), "!", "{ $x } \u{202e}y\nz", &page, None);
    assert_snapshot!(shown(&card), @"Nothing was found for “{ $x } y z”. Other or fewer words may help; `!ask` asks it anew.");
}

#[test]
fn a_list_has_a_line_of_facts_for_each_question() {
    let page = Page {
        items: vec![answered_question(), asked_question()],
        number: 2,
        pages: 2,
        total: 12,
        more: false,
    };
    let card = list(&texts(), "!", (Key::ListRecent, None), &page, None);
    assert_snapshot!(shown(&card), @"
    Newest questions

    - #42 How do I borrow twice?
      +84 votes · 3 answers · ✅ answered · asked 23 Nov 2026, 11:40 UTC by mira
    - #42 How do I borrow twice?
      0 votes · no answers yet · asked 23 Nov 2026, 11:40 UTC by mira

    Page 2 of 2
    ");
    let none = Page {
        items: vec![],
        number: 1,
        pages: 0,
        total: 0,
        more: false,
    };
    assert_snapshot!(shown(&list(&texts(), "!", (Key::ListHot, None), &none, None)), @"
    Questions much talked about

    There are none yet. `!ask` asks the first.
    ");
    assert_snapshot!(shown(&list(&texts(), "!", (Key::ListHot, Some("keg")), &none, None)), @"
    Questions much talked about, tagged keg

    There are none with the tag keg.
    ");
    assert_snapshot!(shown(&list(&texts(), "!", (Key::ListUnanswered, None), &none, None)), @"
    Questions without an answer

    There are none: every question here has an answer.
    ");
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
    let card = history(
        &texts(),
        "!",
        Address::question(42),
        &revisions,
        fold::PAGE,
        1,
    );
    assert_snapshot!(shown(&card), @"
    What #42 said

    Revision 2 by sol, 23 Nov 2026, 11:49 UTC

    Reason: typo

    **How do I borrow twice?**

    It says *no*.

    Revision 1 by mira, 23 Nov 2026, 11:40 UTC

    **How do I borow twice?**
    ");
}

#[test]
fn help_lists_commands() {
    let lines = [
        HelpLine {
            usage: "!ask Title".into(),
            summary: texts().named("help-ask"),
            example: Some("!ask How do I borrow twice?".into()),
        },
        HelpLine {
            usage: "!up [#42]".into(),
            summary: texts().named("help-up"),
            example: None,
        },
    ];
    assert_snapshot!(shown(&help(&texts(), DecidedBy::Words, &lines, None)), @"
    What you can say

    - `!ask Title` – asks a question: the title on the first line, the rest below it
      For example: `!ask How do I borrow twice?`
    - `!up [#42]` – votes for a post

    👍 and 👎 on a post vote, ✅ on an answer accepts it.

    `#42` is a question, `#42.1` its first answer, `#42/c1` a comment. In a reply to one of them, or in its thread, you can leave the number out.
    ");
}

#[test]
fn whatever_people_send_a_card_fits_into_a_message() {
    let huge = format!("a{}", "\u{301}".repeat(20_000));
    let mut view = asked_question();
    view.title.clone_from(&huge);
    view.tags = vec![huge.clone(); 5];
    view.post.author = huge.as_str().into();
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
        more: false,
    };
    shown(&hits(&texts(), "!", &huge, &page, None));
    let mut thread = thread();
    thread.question = view;
    thread.comments = vec![post("42/c1", &huge, &huge); 10];
    for page in 1..10 {
        shown(&show(&texts(), "!", &thread, fold::PAGE, page));
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
