//! The rules, tried as people would.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::vote::{cast, press, take_back, unvote};
use super::*;

mod hiding;
pub(crate) mod variants;

const NOW: Timestamp = Timestamp(1_000);
const MIRA: By = By {
    identity: IdentityId(1),
    member: MemberId(1),
    role: Role::Member,
    side: ForumId(1),
};
const SOL: By = By {
    identity: IdentityId(2),
    member: MemberId(2),
    role: Role::Member,
    side: ForumId(1),
};
const KEEPER: By = By {
    identity: IdentityId(3),
    member: MemberId(3),
    role: Role::Moderator,
    side: ForumId(1),
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
        standing: Standing::Open,
        at: NOW,
        side: ForumId(1),
    }
}

fn withdrawn(kind: PostKind) -> Post {
    Post {
        condition: Condition::Withdrawn,
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
fn an_edit_of_an_earlier_text_changes_only_what_it_changed_or_is_refused() {
    let on = post(PostKind::Question);
    let text = |title: &str, words: &str| Text {
        title: Some(Title::new(title).expect("a title")),
        body: body(PostKind::Question, words),
        tags: Tags::default(),
    };
    let seen = text("Why is it flat?", "It is.");
    let made = |title: &str, words: &str, basis| Edit {
        title: Title::new(title).ok(),
        body: Some(body(PostKind::Question, words)),
        basis,
        ..Edit::default()
    };
    let edited = |now: Text, edit_: Edit| {
        let changes = edit(&on, now, edit_, &MIRA, NOW)?;
        let Some(Change::Edited { text, .. }) = changes.into_iter().next() else {
            panic!("no edit");
        };
        Ok(text)
    };
    let earlier = || Basis::Earlier(seen.clone());
    let address = on.address;
    let clash = Err(Refusal::ChangedSince { address });
    // The other part was changed since: both changes stand.
    let now = text("Why is my keg flat?", "It is.");
    let body_changed = made("Why is it flat?", "It is, since Monday.", earlier());
    assert_eq!(
        edited(now.clone(), body_changed),
        Ok(text("Why is my keg flat?", "It is, since Monday."))
    );
    // The same part was.
    assert_eq!(
        edited(now.clone(), made("Why is it so flat?", "It is.", earlier())),
        clash
    );
    // Both made the same of it.
    assert_eq!(
        edited(
            now.clone(),
            made("Why is my keg flat?", "It was.", earlier())
        ),
        Ok(text("Why is my keg flat?", "It was."))
    );
    assert_eq!(
        edited(now.clone(), made("Why is it flat?", "It is.", earlier())),
        Err(Refusal::NothingChanged { address })
    );
    // What was seen is gone: nobody knows what was changed.
    assert_eq!(
        edited(now.clone(), made("Why is it flat?", "It was.", Basis::Gone)),
        clash
    );
    assert_eq!(
        edited(now, made("Why is it flat?", "It was.", Basis::Present)),
        Ok(text("Why is it flat?", "It was."))
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

#[test]
fn what_nobody_sees_is_no_text() {
    for blank in [
        " \u{200B}\n\u{200B}",
        "\u{2800}\u{2800}\u{2800}",
        "\u{FEFF}\u{AD}\u{3164}",
        "\u{E0041}\u{E0042}",
    ] {
        for kind in [PostKind::Answer, PostKind::Comment] {
            let refused = Body::new(kind, blank);
            assert_eq!(
                refused,
                Err(Refusal::BodyTooShort { least: 2, have: 0 }),
                "{blank:?}"
            );
        }
        assert!(matches!(
            Title::new(&blank.repeat(5)),
            Err(Refusal::TitleTooShort { have: 0, .. })
        ));
    }
    assert!(Body::new(PostKind::Answer, "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}").is_ok());
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
            Change::TookBack { saying, .. } | Change::Spent { saying, .. } => {
                ballot.0.retain(|said| said.id != saying)
            }
            Change::Said {
                identity,
                source,
                vote,
                ..
            } => {
                *next += 1;
                ballot.0.push(VoteEntry {
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
                said.map(|said| take_back(&question, SOL.member, &ballot, said))
                    .unwrap_or_default()
            }
            Step::Unvote => unvote(&question, SOL.member, &ballot),
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
