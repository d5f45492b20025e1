//! Hiding, tried as people would.

use super::*;

fn hidden(kind: PostKind, by: Hider) -> Post {
    let hiding = Hiding {
        by,
        withdrawal: None,
    };
    Post {
        condition: Condition::Hidden(hiding),
        ..post(kind)
    }
}

/// The post after these changes.
fn after(on: &Post, changes: &[Change]) -> Post {
    let condition = match changes {
        [Change::Hidden { hiding, .. }] => Condition::Hidden(*hiding),
        [Change::Unhidden { .. }] => Condition::Visible,
        [.., Change::Withdrawn { .. }] => Condition::Withdrawn,
        [] => on.condition,
        other => panic!("{other:?} neither hides nor shows"),
    };
    Post {
        condition,
        ..on.clone()
    }
}

#[test]
fn a_post_is_hidden_by_its_author_or_a_moderator_who_says_more() {
    let on = post(PostKind::Answer);
    let address = on.address;
    assert_eq!(hide(&on, &SOL, NOW), Err(Refusal::NotYours { address }));
    let own = hide(&on, &MIRA, NOW).expect("may hide");
    assert_eq!(
        own,
        [Change::Hidden {
            post: on.id,
            hiding: Hiding {
                by: Hider::Author,
                withdrawal: None
            },
            by: Some(MIRA.identity),
            at: NOW,
        }]
    );
    let by_author = after(&on, &own);
    assert_eq!(
        by_author.condition,
        hidden(on.kind, Hider::Author).condition
    );
    assert_eq!(
        hide(&by_author, &MIRA, NOW),
        Err(Refusal::AlreadyHidden { address })
    );
    let by_moderator = after(&on, &hide(&by_author, &KEEPER, NOW).expect("may hide"));
    assert_eq!(
        by_moderator.condition,
        hidden(on.kind, Hider::Moderator).condition
    );
    for by in [MIRA, KEEPER] {
        assert_eq!(
            hide(&by_moderator, &by, NOW),
            Err(Refusal::AlreadyHidden { address })
        );
    }
    let gone = withdrawn(PostKind::Answer);
    assert_eq!(hide(&gone, &MIRA, NOW), Err(Refusal::Withdrawn { address }));
    // A moderator's own post is hidden as its author's.
    let theirs = Post {
        author: KEEPER.author(),
        ..on
    };
    let changes = hide(&theirs, &KEEPER, NOW).expect("may hide");
    assert_eq!(
        after(&theirs, &changes).condition,
        hidden(PostKind::Answer, Hider::Author).condition
    );
}

#[test]
fn moderators_of_its_side_have_the_message_of_a_hidden_post_taken_away() {
    let on = hidden(PostKind::Answer, Hider::Author);
    let address = on.address;
    let removed = Ok(vec![Change::MessagesRemoved {
        post: on.id,
        by: KEEPER.identity,
    }]);
    assert_eq!(remove_message(&on, true, &KEEPER), removed);
    assert_eq!(
        remove_message(&on, false, &KEEPER),
        Err(Refusal::NoMessage { address })
    );
    for by in [MIRA, SOL] {
        let refused = Err(Refusal::ModeratorsOnly { address });
        assert_eq!(remove_message(&on, true, &by), refused);
    }
    let other_side = By {
        side: ForumId(KEEPER.side.0 + 1),
        ..KEEPER
    };
    assert_eq!(
        remove_message(&on, true, &other_side),
        Err(Refusal::OtherSide { address })
    );
    assert_eq!(
        remove_message(&post(PostKind::Answer), true, &KEEPER),
        Err(Refusal::HideFirst { address })
    );
    assert_eq!(
        remove_message(&withdrawn(PostKind::Answer), true, &KEEPER),
        Err(Refusal::Withdrawn { address })
    );
}

#[test]
fn what_moderators_hid_its_author_cannot_show_again() {
    let address = post(PostKind::Question).address;
    let shown = |by: By| {
        Ok(vec![Change::Unhidden {
            post: PostId(1),
            by: by.identity,
        }])
    };
    for (hider, by, expected) in [
        (Hider::Author, MIRA, shown(MIRA)),
        (
            Hider::Unknown,
            MIRA,
            Err(Refusal::HiddenByUnknown { address }),
        ),
        (
            Hider::Moderator,
            MIRA,
            Err(Refusal::HiddenByModerator { address }),
        ),
        (Hider::Author, KEEPER, shown(KEEPER)),
        (Hider::Unknown, KEEPER, shown(KEEPER)),
        (Hider::Moderator, KEEPER, shown(KEEPER)),
        (Hider::Author, SOL, Err(Refusal::NotYours { address })),
    ] {
        let on = hidden(PostKind::Question, hider);
        assert_eq!(unhide(&on, &by), expected, "{hider:?} {:?}", by.role);
    }
    assert_eq!(
        unhide(&post(PostKind::Question), &MIRA),
        Err(Refusal::NotHidden { address })
    );
    assert_eq!(
        unhide(&withdrawn(PostKind::Question), &MIRA),
        Err(Refusal::Withdrawn { address })
    );
}

#[test]
fn what_its_author_took_away_as_it_turned_out_they_can_show_again() {
    let gone = hidden(PostKind::Question, Hider::Unknown);
    let known = after(&gone, &gone_by_author(&gone, NOW));
    assert!(unhide(&known, &MIRA).is_ok());
    for hider in [Hider::Author, Hider::Moderator] {
        let other = hidden(PostKind::Question, hider);
        assert_eq!(gone_by_author(&other, NOW), []);
    }
    assert_eq!(gone_by_author(&post(PostKind::Question), NOW), []);
}

#[test]
fn what_is_hidden_takes_nothing_but_edits_and_its_end() {
    let on = hidden(PostKind::Question, Hider::Unknown);
    let address = on.address;
    let refused = Refusal::Hidden { address };
    let text = || body(PostKind::Answer, "Two weeks.");
    assert_eq!(answer(&on, text(), &SOL, NOW), Err(refused.clone()));
    assert_eq!(comment(&on, text(), &SOL, NOW), Err(refused.clone()));
    let ballot = Ballot(vec![VoteEntry {
        id: SayingId(1),
        identity: SOL.identity,
        source: Source::Command,
        vote: Vote::Up,
    }]);
    assert_eq!(
        cast(&on, &SOL, &ballot, Source::Command, Vote::Down),
        Err(refused.clone())
    );
    assert_eq!(
        unvote(&on, MemberId(9), &ballot).len(),
        2,
        "taking back is always free"
    );
    assert_eq!(take_back(&on, MemberId(9), &ballot, SayingId(1)).len(), 2);
    let seen = post(PostKind::Answer);
    assert_eq!(accept(&on, &seen, None, &MIRA, None), Err(refused));
    let question = post(PostKind::Question);
    let on = hidden(PostKind::Answer, Hider::Author);
    let address = on.address;
    for by in [MIRA, KEEPER] {
        assert_eq!(
            accept(&question, &on, None, &by, None),
            Err(Refusal::Hidden { address })
        );
    }
    assert!(
        unaccept(&question, Some(on.id), &MIRA).is_ok(),
        "what was accepted before can be taken back"
    );
    let now = Text {
        title: None,
        body: body(PostKind::Answer, "old"),
        tags: Tags::default(),
    };
    let change = Edit {
        body: Some(body(PostKind::Answer, "new")),
        ..Edit::default()
    };
    assert!(edit(&on, now, change, &MIRA, NOW).is_ok());
    assert_eq!(withdraw(&on, None, &MIRA, NOW).map(|all| all.len()), Ok(1));
}

#[test]
fn a_post_whose_source_is_gone_is_hidden_and_withdrawn_a_day_later() {
    let day = std::time::Duration::from_secs(86_400);
    let on = post(PostKind::Answer);
    let gone = after(&on, &source_gone(&on, NOW));
    let due = NOW.plus(day);
    let waiting = |by| {
        Condition::Hidden(Hiding {
            by,
            withdrawal: Some(due),
        })
    };
    assert_eq!(gone.condition, waiting(Hider::Unknown));
    assert_eq!(withdraw_due(&gone, None, Timestamp(due.0 - 1)), []);
    let ended = withdraw_due(&gone, Some(gone.id), due);
    assert_eq!(
        ended,
        [
            Change::Unaccepted {
                question: on.question,
                by: None
            },
            Change::Withdrawn {
                post: on.id,
                by: None,
                at: due
            }
        ]
    );
    assert_eq!(withdraw_due(&after(&gone, &ended), None, due), []);

    // Shown again, its time is forgotten.
    let shown = after(&gone, &unhide(&gone, &KEEPER).expect("may show it"));
    assert_eq!(withdraw_due(&shown, None, due), []);

    // Another source that goes puts nothing off; a moderator who hides it doesn't either.
    assert_eq!(source_gone(&gone, due), []);
    let kept = after(&gone, &hide(&gone, &KEEPER, due).expect("may hide"));
    assert_eq!(kept.condition, waiting(Hider::Moderator));

    // Who hid it before still says who may show it again.
    for by in [Hider::Author, Hider::Moderator] {
        let on = hidden(PostKind::Answer, by);
        assert_eq!(after(&on, &source_gone(&on, NOW)).condition, waiting(by));
        assert_eq!(withdraw_due(&on, None, due), [], "its source is there");
    }
    assert_eq!(source_gone(&withdrawn(PostKind::Answer), NOW), []);
}
