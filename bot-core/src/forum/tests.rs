//! The rules, tried as people would.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::vote::{cast, press, take_back, unvote};
use super::*;

const NOW: Timestamp = Timestamp(1_000);
const MIRA: By = By {
    identity: IdentityId(1),
    member: MemberId(1),
    role: Role::Member,
};
const SOL: By = By {
    identity: IdentityId(2),
    member: MemberId(2),
    role: Role::Member,
};
const KEEPER: By = By {
    identity: IdentityId(3),
    member: MemberId(3),
    role: Role::Moderator,
};

/// A post by mira.
fn post(kind: PostKind) -> Post {
    let question = Address::question(42);
    let (id, address) = match kind {
        PostKind::Question => (PostId(1), question),
        PostKind::Answer => (PostId(2), question.with_answer(1)),
        PostKind::Comment => (PostId(3), question.with_comment(1)),
    };
    Post {
        id,
        forum: ForumId(1),
        question: PostId(1),
        kind,
        address,
        author: MIRA.author(),
        condition: Condition::Visible,
        at: NOW,
    }
}

fn withdrawn(kind: PostKind) -> Post {
    Post {
        condition: Condition::Withdrawn,
        ..post(kind)
    }
}

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

fn body(kind: PostKind, text: &str) -> Body {
    Body::new(kind, text).expect("a good text")
}

#[test]
fn titles_are_counted_as_people_see_them_and_cleaned() {
    assert_eq!(
        Title::new("Why?"),
        Err(Refusal::TitleTooShort { least: 5, have: 4 })
    );
    assert!(Title::new("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦").is_ok());
    assert_eq!(
        Title::new(&"x".repeat(121)),
        Err(Refusal::TitleTooLong {
            most: 120,
            have: 121
        })
    );
    let cleaned =
        Title::new("  a\u{0}\tb\u{202E}\n c\u{2066}d   e ").map(|title| title.as_str().to_owned());
    assert_eq!(cleaned, Ok("a b cd e".to_owned()));
}

#[test]
fn a_title_of_few_characters_is_still_no_larger_than_its_bytes() {
    assert!(Title::new(&"👩‍👩‍👧‍👦".repeat(120)).is_ok());
    for marks in [1_000, 4_000, 20_000] {
        let tower = format!("a{}", "\u{301}".repeat(marks)).repeat(5);
        assert_eq!(
            Title::new(&tower),
            Err(Refusal::TitleTooLarge { most: 4 }),
            "{marks} marks on each of five letters"
        );
    }
    let full = "x".repeat(5) + &"\u{301}".repeat((post::TITLE_BYTES - 5) / 2);
    assert!(Title::new(&full).is_ok());
    assert!(Title::new(&(full + "\u{301}")).is_err());
}

#[test]
fn bodies_keep_their_lines_and_their_limits() {
    let kept = body(PostKind::Answer, "\n\n    code\r\nmore\u{0}\n\n");
    assert_eq!(kept.as_str(), "    code\nmore");
    assert_eq!(
        Body::new(PostKind::Answer, "x"),
        Err(Refusal::BodyTooShort { least: 2, have: 1 })
    );
    assert!(Body::new(PostKind::Question, "").is_ok());
    assert!(Body::new(PostKind::Answer, &"x".repeat(12_000)).is_ok());
    assert_eq!(
        Body::new(PostKind::Comment, &"x".repeat(1_001)),
        Err(Refusal::BodyTooLong {
            most: 1_000,
            have: 1_001
        })
    );
    assert_eq!(
        Body::new(PostKind::Answer, &"x".repeat(60 * 1024)),
        Err(Refusal::BodyTooLong {
            most: 12_000,
            have: 61_440
        })
    );
    assert_eq!(
        Body::new(PostKind::Answer, &"👩‍👩‍👧‍👦".repeat(3_000)),
        Err(Refusal::BodyTooLarge { most: 48 })
    );
}

#[test]
fn tags_are_lower_case_words_each_once() {
    let tags = Tags::new(["Rust", "c++", "rust", "", "größe", ".net"]);
    assert_eq!(
        tags,
        Err(Refusal::BadTag {
            tag: ".net".to_owned(),
            most: 35
        })
    );
    let tags = Tags::new(["Rust", "c++", "rust", "größe"]).map(|tags| tags.as_slice().join(" "));
    assert_eq!(tags, Ok("rust c++ größe".to_owned()));
    assert_eq!(
        Tags::new(["a", "b", "c", "d", "e", "f"]),
        Err(Refusal::TooManyTags { most: 5, have: 6 })
    );
}

#[test]
fn the_same_question_again_is_refused() {
    let title = Title::new("Is this  ASKED once?").expect("a good title");
    let draft = Draft {
        title,
        body: body(PostKind::Question, "Yes"),
        tags: Tags::default(),
    };
    let other = Title::new("is this asked Once?").expect("a good title");
    assert_eq!(
        folded(&draft.title, &draft.body),
        folded(&other, &body(PostKind::Question, " yes"))
    );
    let earlier = Address::question(7);
    assert_eq!(
        ask(draft.clone(), Some(earlier), &MIRA, NOW),
        Err(Refusal::AskedBefore { earlier })
    );
    assert!(ask(draft, None, &MIRA, NOW).is_ok());
}

#[test]
fn answers_go_to_questions_and_comments_to_both() {
    let text = || body(PostKind::Answer, "Two weeks.");
    assert!(
        answer(&post(PostKind::Question), text(), &MIRA, NOW).is_ok(),
        "the asker may answer"
    );
    for kind in [PostKind::Answer, PostKind::Comment] {
        let on = post(kind);
        let address = on.address;
        assert_eq!(
            answer(&on, text(), &SOL, NOW),
            Err(Refusal::AnswerNeedsQuestion { address })
        );
    }
    assert!(comment(&post(PostKind::Answer), text(), &SOL, NOW).is_ok());
    let on = post(PostKind::Comment);
    assert_eq!(
        comment(&on, text(), &SOL, NOW),
        Err(Refusal::NoCommentOnComment {
            address: on.address
        })
    );
    let gone = withdrawn(PostKind::Question);
    assert_eq!(
        answer(&gone, text(), &SOL, NOW),
        Err(Refusal::Withdrawn {
            address: gone.address
        })
    );
    assert_eq!(
        comment(&gone, text(), &SOL, NOW),
        Err(Refusal::Withdrawn {
            address: gone.address
        })
    );
}

#[test]
fn a_post_is_its_authors_and_the_moderators() {
    let on = post(PostKind::Answer);
    let now = Text {
        title: None,
        body: body(PostKind::Answer, "old"),
        tags: Tags::default(),
    };
    let change = || Edit {
        body: Some(body(PostKind::Answer, "new")),
        ..Edit::default()
    };
    let address = on.address;
    assert!(edit(&on, now.clone(), change(), &MIRA, NOW).is_ok());
    assert!(edit(&on, now.clone(), change(), &KEEPER, NOW).is_ok());
    assert_eq!(
        edit(&on, now.clone(), change(), &SOL, NOW),
        Err(Refusal::NotYours { address })
    );
    assert_eq!(
        edit(&on, now.clone(), Edit::default(), &MIRA, NOW),
        Err(Refusal::NothingChanged { address })
    );
    let titled = Edit {
        title: Title::new("A new title").ok(),
        ..Edit::default()
    };
    assert_eq!(
        edit(&on, now, titled, &MIRA, NOW),
        Err(Refusal::NoTitle { address })
    );
    assert_eq!(
        withdraw(&on, None, &SOL, NOW),
        Err(Refusal::NotYours { address })
    );
    let changes = withdraw(&on, Some(on.id), &KEEPER, NOW).map(|changes| changes.len());
    assert_eq!(changes, Ok(2), "what was accepted is no longer");
}

#[test]
fn an_answer_is_accepted_by_the_asker_or_a_moderator() {
    let (question, on) = (post(PostKind::Question), post(PostKind::Answer));
    assert_eq!(
        accept(&question, &on, None, &SOL, None),
        Err(Refusal::NotTheAsker {
            address: question.address
        })
    );
    assert!(accept(&question, &on, None, &KEEPER, None).is_ok());
    assert_eq!(
        accept(&question, &on, Some(on.id), &MIRA, None),
        Ok(Vec::new())
    );
    let comment = post(PostKind::Comment);
    assert_eq!(
        accept(&question, &comment, None, &MIRA, None),
        Err(Refusal::NotAnAnswer {
            address: comment.address
        })
    );
    assert_eq!(
        unaccept(&question, None, &MIRA),
        Err(Refusal::NothingAccepted {
            address: question.address
        })
    );
    assert!(unaccept(&question, Some(on.id), &MIRA).is_ok());
}

#[test]
fn nobody_votes_on_their_own_post_and_comments_take_only_ups() {
    let vote = |on: &Post, by: &By, vote| cast(on, by, &Ballot::default(), Source::Command, vote);
    let address = Address::question(42);
    let question = post(PostKind::Question);
    assert_eq!(
        vote(&question, &MIRA, Vote::Up),
        Err(Refusal::OwnPost { address })
    );
    assert!(vote(&question, &SOL, Vote::Down).is_ok());
    let comment = post(PostKind::Comment);
    assert!(vote(&comment, &SOL, Vote::Up).is_ok());
    assert_eq!(
        vote(&comment, &SOL, Vote::Down),
        Err(Refusal::CommentsOnlyUp {
            address: comment.address
        })
    );
    assert_eq!(
        vote(&withdrawn(PostKind::Question), &SOL, Vote::Up),
        Err(Refusal::Withdrawn { address })
    );
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
fn what_moderators_hid_its_author_cannot_show_again() {
    let address = post(PostKind::Question).address;
    let shown = Ok(vec![Change::Unhidden { post: PostId(1) }]);
    for (hider, by, expected) in [
        (Hider::Author, MIRA, shown.clone()),
        (Hider::Unknown, MIRA, shown.clone()),
        (
            Hider::Moderator,
            MIRA,
            Err(Refusal::HiddenByModerator { address }),
        ),
        (Hider::Author, KEEPER, shown.clone()),
        (Hider::Unknown, KEEPER, shown.clone()),
        (Hider::Moderator, KEEPER, shown),
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
fn what_is_hidden_takes_nothing_but_edits_and_its_end() {
    let on = hidden(PostKind::Question, Hider::Unknown);
    let address = on.address;
    let refused = Refusal::Hidden { address };
    let text = || body(PostKind::Answer, "Two weeks.");
    assert_eq!(answer(&on, text(), &SOL, NOW), Err(refused.clone()));
    assert_eq!(comment(&on, text(), &SOL, NOW), Err(refused.clone()));
    let ballot = Ballot(vec![Saying {
        id: SayingId(1),
        identity: SOL.identity,
        source: Source::Command,
        vote: Vote::Up,
    }]);
    assert_eq!(
        cast(&on, &SOL, &ballot, Source::Command, Vote::Down),
        Err(refused.clone())
    );
    assert_eq!(unvote(&on, &ballot).len(), 2, "taking back is always free");
    assert_eq!(take_back(&on, &ballot, SayingId(1)).len(), 2);
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
                question: on.question
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
    let shown = after(&gone, &unhide(&gone, &MIRA).expect("may show it"));
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

/// One thing that a person does about a vote.
#[derive(Clone, Copy, Debug)]
enum Step {
    Command(Vote),
    React(u8, Vote),
    Unreact(u8),
    Unvote,
    Press(Vote),
}

/// What the store would do with the changes; gives the score's own count besides.
fn apply(ballot: &mut Ballot, counted: &mut Option<Vote>, next: &mut i64, changes: Vec<Change>) {
    for change in changes {
        match change {
            Change::TookBack { saying } | Change::Spent { saying } => {
                ballot.0.retain(|said| said.id != saying)
            }
            Change::Said {
                identity,
                source,
                vote,
                ..
            } => {
                *next += 1;
                ballot.0.push(Saying {
                    id: SayingId(*next),
                    identity,
                    source,
                    vote,
                });
            }
            Change::Scored { before, after, .. } => {
                assert_eq!(before, *counted);
                *counted = after;
            }
            other => panic!("no vote changes {other:?}"),
        }
    }
}

/// Sol does these things; gives the vote after each.
fn check(steps: &[Step]) -> String {
    let question = post(PostKind::Question);
    let (mut ballot, mut counted, mut next) = (Ballot::default(), None, 0);
    let mut votes = Vec::new();
    for step in steps {
        let changes = match step {
            Step::Command(vote) => {
                cast(&question, &SOL, &ballot, Source::Command, *vote).expect("may vote")
            }
            Step::React(reaction, vote) => {
                let source = Source::Reaction(reaction.to_string());
                cast(&question, &SOL, &ballot, source, *vote).expect("may vote")
            }
            Step::Unreact(reaction) => {
                let source = Source::Reaction(reaction.to_string());
                let said = ballot
                    .0
                    .iter()
                    .find(|said| said.source == source)
                    .map(|said| said.id);
                said.map(|said| take_back(&question, &ballot, said))
                    .unwrap_or_default()
            }
            Step::Unvote => unvote(&question, &ballot),
            Step::Press(vote) => press(&question, &SOL, &ballot, *vote).expect("may vote"),
        };
        apply(&mut ballot, &mut counted, &mut next, changes);
        assert_eq!(ballot.vote(), counted, "the count is the vote that stands");
        votes.push(match counted {
            Some(Vote::Up) => "up",
            Some(Vote::Down) => "down",
            None => "none",
        });
    }
    votes.join(" ")
}

#[test]
fn pressing_the_button_that_stands_spends_every_saying() {
    use Step::{Press, React, Unreact};
    assert_snapshot!(check(&[Press(Vote::Up), Press(Vote::Down), Press(Vote::Down)]), @"up down none");
    assert_snapshot!(check(&[React(1, Vote::Up), Press(Vote::Down), Press(Vote::Down), Unreact(1)]), @"up down none none");
    assert_snapshot!(check(&[React(1, Vote::Up), Press(Vote::Up), Press(Vote::Up)]), @"up none up");
}

#[test]
fn the_latest_saying_counts_and_taking_it_back_restores_the_one_before() {
    use Step::{Command, React, Unreact, Unvote};
    assert_snapshot!(check(&[React(1, Vote::Up), React(2, Vote::Down), Unreact(2), Unreact(1)]), @"up down up none");
    assert_snapshot!(check(&[React(1, Vote::Up), React(2, Vote::Down), Unreact(1)]), @"up down down");
    assert_snapshot!(check(&[Command(Vote::Up), Command(Vote::Up), Command(Vote::Down)]), @"up up down");
    assert_snapshot!(check(&[React(1, Vote::Up), Command(Vote::Down), React(3, Vote::Up), Unvote, Unreact(1)]), @"up down up none none");
    assert_snapshot!(check(&[Command(Vote::Up), React(1, Vote::Down), Command(Vote::Up), Unreact(1)]), @"up down up up");
}

fn step() -> impl Strategy<Value = Step> {
    let vote = prop_oneof![Just(Vote::Up), Just(Vote::Down)];
    prop_oneof![
        vote.clone().prop_map(Step::Command),
        (0..4_u8, vote).prop_map(|(reaction, vote)| Step::React(reaction, vote)),
        (0..4_u8).prop_map(Step::Unreact),
        Just(Step::Unvote),
    ]
}

/// With those that are another thing the second time.
fn any_step() -> impl Strategy<Value = Step> {
    let press = prop_oneof![Just(Vote::Up), Just(Vote::Down)].prop_map(Step::Press);
    prop_oneof![4 => step(), 1 => press]
}

proptest! {
    #[test]
    fn the_count_is_always_the_vote_that_stands(steps in proptest::collection::vec(any_step(), 0..40)) {
        check(&steps);
    }

    #[test]
    fn hearing_a_saying_twice_changes_nothing(steps in proptest::collection::vec(step(), 1..20)) {
        let twice: Vec<Step> = steps.iter().flat_map(|step| [*step, *step]).collect();
        let every_second = check(&twice).split(' ').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(every_second, check(&steps));
    }

    #[test]
    fn no_text_gets_through_with_what_no_text_may_hold(text in "\\PC*|[\u{0}-\u{20}\u{202a}-\u{202e}a-z]*") {
        let cleaned = clean(&text);
        let forbidden = |c: char| {
            (c.is_control() && c != '\n' && c != '\t') || ('\u{202A}'..='\u{202E}').contains(&c)
        };
        let found = cleaned.chars().find(|&c| forbidden(c));
        prop_assert_eq!(found, None);
        prop_assert_eq!(clean(&cleaned), cleaned);
    }
}

#[test]
fn a_score_moves_with_its_votes() {
    let score = Score { ups: 2, downs: 1 };
    assert_eq!(score.moved(None, Some(Vote::Up)).net(), 2);
    assert_eq!(
        score.moved(Some(Vote::Up), Some(Vote::Down)),
        Score { ups: 1, downs: 2 }
    );
    assert_eq!(score.moved(Some(Vote::Down), None).net(), 2);
    assert_eq!(
        Score::default().moved(Some(Vote::Up), None),
        Score::default()
    );
}
