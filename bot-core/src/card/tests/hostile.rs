//! Texts that want to be more than text, longer than a card or another way round.

use insta::assert_snapshot as snapshot;

use super::*;
use crate::forum::{Body, Refusal, Title};

/// A refusal as its person reads it.
fn refused<T>(checked: Result<T, Refusal>) -> String {
    match checked {
        Ok(_) => panic!("not refused"),
        Err(why) => shown(&refusal(&texts(), "!", &why)),
    }
}

#[test]
fn a_title_of_32_kb_is_refused_and_says_what_to_do() {
    snapshot!(refused(Title::new(&"Why? ".repeat(32 * 1024 / 5))), @"A title has at most 120 characters, this one has 32764. Put the rest on the lines below it.");
    snapshot!(refused(Title::new(&"x".repeat(32 * 1024))), @"A title has at most 120 characters, this one has 32768. Put the rest on the lines below it.");
    snapshot!(refused(Title::new(&"👍🏽".repeat(4 * 1024))), @"A title has at most 120 characters, this one has 4096. Put the rest on the lines below it.");
    snapshot!(refused(Title::new(&"\u{202E}\u{0}\n".repeat(8 * 1024))), @"A title needs at least 5 characters, this one has 0. Say in a few words what you want to know.");
    snapshot!(refused(Body::new(PostKind::Question, &"x".repeat(32 * 1024))), @"That is too long: 32768 characters of at most 12000. Shorten it, or put a part of it elsewhere and link to it.");
    // Few characters, each with marks by the thousand.
    let zalgo = "x"
        .repeat(5)
        .replace('x', &format!("x{}", "\u{301}".repeat(6_000)));
    snapshot!(refused(Body::new(PostKind::Question, &zalgo)), @"That is too large: at most 48 KB fit. Shorten it, or put a part of it elsewhere and link to it.");
}

#[test]
fn an_imported_title_of_32_kb_is_cut_off_on_its_card() {
    for title in [
        "Why? ".repeat(6_000),
        "<>&\"'".repeat(6_000),
        "x".repeat(32 * 1024),
        format!("x{}", "\u{301}".repeat(16_000)),
        "\u{202E}\n".repeat(8_000),
    ] {
        let mut view = asked_question();
        view.title.clone_from(&title);
        let card = shown(&question(&texts(), "!", &view));
        let line = card.lines().next().expect("a title");
        assert!(line.len() <= 620, "{} bytes", line.len());
        assert!(card.contains("It says *no*:") && card.contains("Answer with"));
    }
}

#[test]
fn names_that_turn_the_direction_or_look_like_markup_are_text() {
    let names = [
        "@<script>:x",
        "\u{202E}\u{2066}arim\u{2069}",
        "a\u{200F}b",
        "@room **a** [b](https://x.org) `c`",
        "a\nb\u{0}\u{1b}[2J",
        "\u{202E}\u{0}\n",
    ];
    let cards = names.map(|name| {
        let card = answer(&texts(), "!", &post("42.1", name, "Yes."), false);
        let drawn = shown(&card);
        drawn.lines().next().expect("a title").to_owned()
    });
    snapshot!(cards.join("\n").replace('\u{200F}', "RLM"), @"
    #42.1 Answer by @<script>:x
    #42.1 Answer by arim
    #42.1 Answer by aRLMb
    #42.1 Answer by @room **a** [b](https://x.org) `c`
    #42.1 Answer by a b[2J
    #42.1 Answer by someone
    ");
}

#[test]
fn markup_a_thousand_deep_stays_within_a_card_and_keeps_its_text() {
    let deep =
        |open: &str, close: &str| format!("{}end{}", open.repeat(1_000), close.repeat(1_000));
    for body in [
        deep("<div>", "</div>"),
        deep("> ", ""),
        deep("*", "*"),
        deep("[", "](https://x.org)"),
        deep("- ", ""),
    ] {
        let thread = ThreadView {
            question: QuestionView {
                post: post("42", "mira", &body),
                ..asked_question()
            },
            comments: vec![post("42/c1", "sol", &body)],
            answers: vec![AnswerView {
                post: post("42.1", "sol", &body),
                accepted: false,
                comments: vec![post("42.1/c1", "sol", &body)],
            }],
        };
        let mut ends = 0;
        for page in 1.. {
            let card = show(&texts(), "!", &thread, fold::PAGE, page);
            // Two levels are the card's own: a comment is a quotation.
            assert!(fold::depth(&card.blocks) <= DEPTH + 2);
            let text = shown(&card);
            ends += text.matches("end").count();
            if !text.contains(&format!("!show #42 page:{}", page + 1)) {
                break;
            }
        }
        assert_eq!(ends, 4, "{}", &body[..10]);
    }
}
