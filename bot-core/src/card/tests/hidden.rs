//! Cards of hidden posts.

use insta::assert_snapshot;

use super::*;
use crate::forum::{Hider, Hiding};

fn hidden_by(by: Hider, withdrawal: Option<Timestamp>) -> Condition {
    Condition::Hidden(Hiding { by, withdrawal })
}

#[test]
fn a_hidden_post_s_card_says_that_it_is_and_nothing_else() {
    let texts = texts();
    let mut view = answered_question();
    view.post.condition = hidden_by(Hider::Author, None);
    let card = question(&texts, "!", &view);
    assert_snapshot!(shown(&card), @"#42 is hidden by its author.");
    // What a platform puts beside the card neither.
    let subject = Subject {
        address: view.post.address,
        kind: PostKind::Question,
        title: None,
        tags: Vec::new(),
        accepted: false,
    };
    assert_eq!(card.subject, Some(subject));
    assert_eq!(card.actions, []);
    let mut view = post("42.1", "sol", "Use a *scope*.");
    view.condition = hidden_by(Hider::Moderator, None);
    assert_snapshot!(shown(&answer(&texts, "!", &view, true)), @"#42.1 is hidden by a moderator.");
    view.condition = hidden_by(Hider::Unknown, Some(minute(24 * 60)));
    assert_snapshot!(shown(&answer(&texts, "!", &view, false)), @"#42.1 is hidden, because the message it was made from was deleted. It is withdrawn for good 24 Nov 2026, 11:40 UTC, unless `!unhide #42.1` shows it again.");
    let mut view = post("42/c1", "sol", "Which edition?");
    view.condition = hidden_by(Hider::Moderator, Some(minute(0)));
    assert_snapshot!(shown(&comment(&texts, "/", &view)), @"#42/c1 is hidden by a moderator. It is withdrawn for good 23 Nov 2026, 11:40 UTC, unless `/unhide #42/c1` shows it again.");
}

#[test]
fn what_hangs_on_a_hidden_question_is_still_shown() {
    let mut thread = thread();
    thread.question.post.condition = hidden_by(Hider::Author, None);
    thread.answers.truncate(1);
    thread.answers[0].post.condition = hidden_by(Hider::Moderator, None);
    thread.comments.clear();
    assert_snapshot!(shown(&show(&texts(), "!", &thread, fold::PAGE, 1)), @"
    #42 is hidden by its author.

    ---

    #42.1 is hidden by a moderator.

    > #42.1/c1 ada · +1 vote · 23 Nov 2026, 11:40 UTC
    >
    > Thanks!
    ");
}
