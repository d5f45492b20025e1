//! Accounts that become one person, forums that become one, and both undone.

use std::sync::atomic::Ordering;

use insta::assert_snapshot;

use super::world::{World, place, said};
use crate::forum::{
    Body, Change, Claims, NewPost, PostId, PostKind, Power, Tags, Timestamp, Title,
};
use crate::platform::{
    Actor, Incoming, PersonKey, Place, PlaceKey, PlaceKind, Platform, Seclusion, What,
};

/// A channel of a server on Discord, whose forum is its own.
fn channel() -> Place {
    Place {
        key: PlaceKey("77".to_owned()),
        name: Some("help".to_owned()),
        kind: PlaceKind::Grouped {
            forum: "server".to_owned(),
        },
        seclusion: Seclusion::default(),
    }
}

/// The same forum as in the room.
fn named_channel() -> Place {
    Place {
        kind: PlaceKind::Named,
        ..channel()
    }
}

impl World {
    /// Somebody says something in a channel on Discord; gives what they are told.
    async fn types(&self, who: &str, place: &Place, text: &str) -> String {
        let message = self.event();
        let admin = if who == "boss" { 1 << 5 } else { 0 };
        let what = What::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        let incoming = Incoming {
            platform: Platform::Discord,
            id: Some(message),
            actor: Actor {
                key: PersonKey(format!("9{who}")),
                name: who.to_owned(),
                claims: Claims::Discord {
                    permissions: admin,
                    roles: Vec::new(),
                },
            },
            place: place.clone(),
            at: Timestamp(i64::MAX),
            what,
        };
        said(&self.core.hear(incoming).await.expect("the store works"))
    }

    /// The admin of the room says something there.
    async fn chief(&self, text: &str) -> String {
        let message = self.event();
        let incoming = Incoming {
            platform: Platform::Matrix,
            id: Some(message.clone()),
            actor: Actor {
                key: PersonKey("@chief:x".to_owned()),
                name: "chief".to_owned(),
                claims: Claims::Matrix(Power::Level(100)),
            },
            place: place(),
            at: Timestamp(i64::MAX),
            what: What::Said {
                message,
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        };
        said(&self.core.hear(incoming).await.expect("the store works"))
    }

    /// Joins sol's account on Discord with the one on Matrix, as they are told to.
    async fn links(&self, channel: &Place, on_discord: &str, on_matrix: &str) -> String {
        let told = self.types(on_discord, channel, "!link").await;
        let code = code_in(&told);
        self.says(on_matrix, &format!("!link {code}")).await;
        self.says(on_matrix, &format!("!link {code} yes")).await;
        self.types(on_discord, channel, &format!("!link {code} yes"))
            .await
    }

    /// The votes on a post, as a reader is told.
    async fn votes(&self, post: &str) -> String {
        let shown = self.says("reader", &format!("!show {post}")).await;
        let line = shown.lines().find(|line| line.contains("vote"));
        line.and_then(|line| line.split('·').next())
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
}

/// The code that somebody was told.
fn code_in(told: &str) -> String {
    told.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|word| word.len() == 9 && word.chars().nth(4) == Some('-'))
        .unwrap_or_else(|| panic!("a code in {told:?}"))
        .to_owned()
}

#[tokio::test]
async fn two_accounts_are_one_person_and_have_one_vote() {
    let world = World::new().await;
    let here = named_channel();
    world.says("mira", "!ask How long does a keg last?").await;
    world.says("sol", "!up #1").await;
    world.types("sol99", &here, "!down #1").await;
    assert_eq!(world.votes("#1").await, "0 votes");

    assert_snapshot!(world.links(&here, "sol99", "sol").await, @"sol on Matrix and you are one person now. `/unlink` undoes it.");
    assert_eq!(world.votes("#1").await, "–1 vote", "the later one counts");
    world.types("sol99", &here, "!unvote #1").await;
    assert_eq!(world.votes("#1").await, "0 votes");
    world.says("sol", "!up #1").await;
    world.types("sol99", &here, "!up #1").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    assert!(
        world
            .types("sol99", &here, "!unlink")
            .await
            .contains("of its own")
    );
    assert_eq!(world.votes("#1").await, "+2 votes", "each their own saying");
}

#[tokio::test]
async fn votes_on_what_becomes_ones_own_post_drop_out() {
    let world = World::new().await;
    let here = named_channel();
    world.says("mira", "!ask How long does a keg last?").await;
    world.types("mira99", &here, "!up #1").await;
    world.says("sol", "!up #1").await;
    assert_eq!(world.votes("#1").await, "+2 votes");
    world.links(&here, "mira99", "mira").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    assert!(
        world
            .types("mira99", &here, "!down #1")
            .await
            .contains("your own")
    );
    // Taking back what does not count changes nothing.
    world.types("mira99", &here, "!unvote #1").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    // What the asker says on either side is the asker's.
    world.says("sol", "!answer #1 Two weeks.").await;
    assert!(
        world
            .types("mira99", &here, "!accept #1.1")
            .await
            .contains("accepted")
    );
    world.says("mira", "!unlink").await;
    assert_eq!(
        world.votes("#1").await,
        "+1 vote",
        "the vote was taken back meanwhile"
    );
}

#[tokio::test]
async fn a_name_that_another_has_elsewhere_says_which_is_meant() {
    let world = World::new().await;
    let here = named_channel();
    world.says("ada", "!ask How long does a keg last?").await;
    assert!(
        world.card("$card1").contains("by ada\n"),
        "{}",
        world.shown()
    );
    world.types("ada", &here, "!answer #1 Two weeks.").await;
    world.types("sol", &here, "!answer #1 Three.").await;
    world.core.settled(Platform::Matrix).await.expect("settles");
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by ada (Matrix)"), "{shown}");
    assert!(shown.contains("Answer by ada (Discord)"), "{shown}");
    assert!(shown.contains("Answer by sol\n"), "{shown}");
    // One person's two accounts may be called the same.
    world.links(&here, "ada", "ada").await;
    let shown = world.says("reader", "!show #1").await;
    assert!(
        !shown.contains("(Matrix)") && !shown.contains("(Discord)"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_code_is_for_one_use_by_two_in_time() {
    let world = World::new().await;
    let here = named_channel();
    let told = world.types("sol99", &here, "!link").await;
    let code = code_in(&told);
    let mut talk = vec![told];
    for text in [
        format!("!link {code}"),
        format!("!link {code} yes"),
        "!link ABCD-EFGH".to_owned(),
    ] {
        talk.push(world.types("sol99", &here, &text).await);
    }
    talk.push(
        world
            .says("sol", &format!("!link {}", code.to_lowercase()))
            .await,
    );
    talk.push(world.says("eve", &format!("!link {code} yes")).await);
    talk.push(world.says("sol", &format!("!link {code} yes")).await);
    talk.push(world.types("sol99", &here, &format!("!link {code}")).await);
    talk.push(
        world
            .types("sol99", &here, &format!("!link {code} yes"))
            .await,
    );
    talk.push(world.says("sol", &format!("!link {code} yes")).await);
    let again = code_in(&world.says("sol", "!link").await);
    talk.push(world.types("sol99", &here, &format!("!link {again}")).await);
    world.clock.0.fetch_add(31 * 60 * 1000, Ordering::SeqCst);
    talk.push(world.says("eve", &format!("!link {again}")).await);
    talk.push(world.says("eve", "!unlink").await);
    assert_snapshot!(talk.join("\n---\n"), @r#"
    To let your other account count as yours too, say `link WRCZ-QB2X` with it, alone with me, within half an hour. I then tell each of the two of the other, and both have to agree.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    I know no such code. Look whether it is typed as it was given, or get a new one.
    ---
    sol99 on Discord and you would be one person in every forum here: one vote, and none on the other’s posts. If that account is yours, say `!link WRCZ-QB2X yes`. If it is not, say nothing.
    ---
    Somebody else has said that code first, so it is no good here. Get a new one.
    ---
    You agree. Now say `link WRCZ-QB2X` with sol99 on Discord to agree there too.
    ---
    sol on Matrix and you would be one person in every forum here: one vote, and none on the other’s posts. If that account is yours, say `/link code:WRCZ-QB2X agree:yes`. If it is not, say nothing.
    ---
    sol on Matrix and you are one person now. `/unlink` undoes it.
    ---
    That code was used already; each is good for one time. Get a new one.
    ---
    The two are one already.
    ---
    That code is too old: it was good for half an hour. Get a new one.
    ---
    This account is not joined with another. `!link` joins them.
    "#);
}

#[tokio::test]
async fn forums_become_one_and_two_again() {
    let world = World::new().await;
    let there = channel();
    world
        .says("mira", "!ask How long does a keg last? --tag keg")
        .await;
    world.says("mira", "!ask How warm is a cellar?").await;
    world
        .types(
            "ivo",
            &there,
            "!ask Which glass for wheat beer? --tag glass",
        )
        .await;
    world
        .types("ivo", &there, "!ask How do I clean a tap?")
        .await;
    world
        .types("una", &there, "!answer #2 With hot water.")
        .await;
    world.types("ivo", &there, "!up #2.1").await;
    let posted = world.room.messages.lock().expect("no panic").len();

    let mut talk = vec![world.says("mira", "!forum code").await];
    let told = world.chief("!forum code").await;
    let code = code_in(&told);
    talk.push(told);
    talk.push(
        world
            .types("ivo", &there, &format!("!forum join {code}"))
            .await,
    );
    for text in [
        format!("!forum join {code}"),
        format!("!forum join {code} yes"),
    ] {
        talk.push(world.types("boss", &there, &text).await);
    }
    for text in [
        format!("!forum join {code}"),
        format!("!forum join {code} yes"),
    ] {
        talk.push(world.chief(&text).await);
    }
    talk.push(world.chief(&format!("!forum join {code} yes")).await);
    world.core.settled(Platform::Matrix).await.expect("settles");
    assert_eq!(
        world.room.messages.lock().expect("no panic").len(),
        posted,
        "no card is posted"
    );
    talk.push(world.types("boss", &there, "!show #2").await);
    talk.push(world.types("boss", &there, "!show #4").await);
    talk.push(world.says("mira", "!show #4").await);
    assert_snapshot!(talk.join("\n---\n"), @r#"
    Only an admin of this forum does that, in one of its rooms or channels.
    ---
    To let another forum join this one, an admin of it says `forum join A36P-6FN3` in one of its places within half an hour. An admin of each side then has to agree.
    ---
    Only an admin of this forum does that, in one of its rooms or channels.
    ---
    This forum would join “Room” (2 questions). Its 2 questions get new numbers there, and are found by the old ones too. Whoever is in the places of either can read the questions of both from then on. To agree, say `/forum join code:A36P-6FN3 agree:yes`.
    ---
    You agree. Now an admin of “Room” says `forum join A36P-6FN3` there, and agrees too.
    ---
    “help” (2 questions) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on. To agree, say `!forum join A36P-6FN3 yes`.
    ---
    “help” and this are one forum now. 2 questions have new numbers. `!forum leave`, said by an admin of the side that joined, undoes it.
    ---
    That code was used already; each is good for one time. Get a new one.
    ---
    #2 How warm is a cellar?

    #4 here was #2.
    0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    ---
    #4 How do I clean a tap?

    #4 here was #2.
    0 votes · 1 answer · asked 14 Nov 2023, 22:13 UTC by ivo

    ---

    #4.1 Answer by una

    With hot water.

    +1 vote · 14 Nov 2023, 22:13 UTC
    ---
    #4 How do I clean a tap?

    0 votes · 1 answer · asked 14 Nov 2023, 22:13 UTC by ivo

    ---

    #4.1 Answer by una

    With hot water.

    +1 vote · 14 Nov 2023, 22:13 UTC
    "#);

    // Found on both sides, by both numbers where only one has it.
    for found in [
        world.says("mira", "!search wheat").await,
        world.types("ivo", &there, "!questions tag:glass").await,
        world.types("ivo", &there, "!search keg").await,
    ] {
        assert!(
            found.contains("#3") || found.contains("#1 How long"),
            "{found}"
        );
    }
    world.types("ivo", &there, "!ask Is foam good?").await;
    assert!(
        world
            .says("mira", "!show #5")
            .await
            .contains("Is foam good?")
    );

    let asked = world.types("boss", &there, "!forum leave").await;
    let left = world.types("boss", &there, "!forum leave yes").await;
    let here = world.says("mira", "!questions").await;
    let away = world.types("ivo", &there, "!questions").await;
    let again = world.types("boss", &there, "!forum leave yes").await;
    world.types("ivo", &there, "!ask And what is next?").await;
    let next = world.types("ivo", &there, "!show #3").await;
    assert_snapshot!([asked, left, here, away, again, next].join("\n---\n"), @r#"
    This forum would leave “Room”, with the questions that it brought along, under their old numbers, and what hangs on them. What was asked since stays there. To do that, say `/forum leave agree:yes`.
    ---
    This is a forum of its own again. 2 questions have their old numbers again. What was asked since it joined stayed with “Room”.
    ---
    Newest questions

    - #5 Is foam good?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by ivo
    - #2 How warm is a cellar?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    - #1 How long does a keg last?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    ---
    Newest questions

    - #2 How do I clean a tap?
      0 votes · 1 answer · asked 14 Nov 2023, 22:13 UTC by ivo
    - #1 Which glass for wheat beer?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by ivo
    ---
    This place’s forum has not joined another one.
    ---
    #3 And what is next?

    0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by ivo
    "#);
}

#[tokio::test]
async fn both_sides_are_warned_of_places_that_not_everybody_can_read_in() {
    let world = World::new().await;
    let sealed = Place {
        seclusion: Seclusion {
            encrypted: true,
            private: true,
        },
        ..place()
    };
    let opened = world.core.place_opened(Platform::Matrix, &sealed).await;
    opened.expect("the store works");
    let code = code_in(&world.chief("!forum code").await);
    let joins = format!("!forum join {code}");
    let there = world.types("boss", &channel(), &joins).await;
    let here = world.chief(&joins).await;
    assert_snapshot!(format!("{there}\n---\n{here}"), @r#"
    This forum would join “Room” (0 questions). It brings no questions along. Whoever is in the places of either can read the questions of both from then on. To agree, say `/forum join code:WRCZ-QB2X agree:yes`.

    ⚠️ A place of “Room” is encrypted. What is asked and answered here is shown there too, and what is said there is shown here.

    ⚠️ A place of “Room” is not public. What is asked and answered there is shown here too.
    ---
    “help” (0 questions) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on. To agree, say `!forum join WRCZ-QB2X yes`.

    ⚠️ A place of this forum is encrypted. What is asked and answered in it is shown in the places of “help” too, which may not be.

    ⚠️ A place of this forum is not public. What is asked and answered in it is shown in the places of “help” too, which others may read.
    "#);
}

#[tokio::test]
async fn reactions_stay_with_the_question_that_left() {
    let world = World::new().await;
    let there = channel();
    world
        .types("ivo", &there, "!ask Which glass for wheat beer?")
        .await;
    let code = code_in(&world.chief("!forum code").await);
    for text in [
        format!("!forum join {code}"),
        format!("!forum join {code} yes"),
    ] {
        world.types("boss", &there, &text).await;
        world.chief(&text).await;
    }
    // An old question gets a card when it is shown.
    world.says("mira", "!show #1").await;
    let (thumb, _) = world.reacts("mira", "$card1", "👍").await;
    assert!(
        world.card("$card1").contains("+1 vote"),
        "{}",
        world.card("$card1")
    );
    world.types("boss", &there, "!forum leave yes").await;
    world.core.settled(Platform::Matrix).await.expect("settles");
    // Nothing more comes of the card that is left there, but what was said is still its sayer's to take back.
    let (_, response) = world.reacts("sol", "$card1", "👍").await;
    assert_eq!(response.reply, None);
    assert!(
        world
            .types("ivo", &there, "!show #1")
            .await
            .contains("+1 vote")
    );
    world.removes("mira", &thumb).await;
    assert!(
        world
            .types("ivo", &there, "!show #1")
            .await
            .contains("0 votes")
    );
}

/// So many questions in the forum of a place, with an answer to every tenth; nothing of it is posted anywhere.
async fn fill(world: &World, platform: Platform, place: &Place, many: u32, about: &'static str) {
    let closed = world.core.place_closed(platform, &place.key);
    closed.await.expect("the store works");
    for begin in (0..many).step_by(500) {
        let key = place.key.clone();
        let filled = world.core.inner.store.act(move |tx| {
            let row = tx.place(platform, &key)?.expect("a place");
            let forum = row.forum.expect("a forum");
            for number in begin + 1..=begin + 500 {
                let asker = PersonKey(format!("{about}{}", number % 97));
                let author = tx.person(forum, platform, &asker, "asker", Timestamp(0))?;
                let title = format!("How about {about} number{number}?");
                let question = NewPost::Question {
                    title: Title::new(&title).expect("a title"),
                    body: Body::new(PostKind::Question, "").expect("a text"),
                    tags: Tags::new([about]).expect("tags"),
                };
                let at = Timestamp(i64::from(number));
                let posted = |post| Change::Posted { author, at, post };
                let question = tx.apply(forum, &[posted(question)], at)?.expect("added");
                if number % 10 == 0 {
                    let body = Body::new(PostKind::Answer, "Like this.").expect("a text");
                    tx.apply(forum, &[posted(NewPost::Answer { question, body })], at)?;
                }
            }
            Ok(())
        });
        filled.await.expect("the store works");
    }
    let opened = world.core.place_opened(platform, place);
    opened.await.expect("the store works");
}

#[tokio::test]
async fn ten_thousand_questions_join_ten_thousand_and_each_old_number_is_found() {
    const MANY: u32 = 10_000;
    let world = World::new().await;
    let there = channel();
    world.types("boss", &there, "!questions").await;
    fill(&world, Platform::Matrix, &place(), MANY, "kegs").await;
    fill(&world, Platform::Discord, &there, MANY, "glasses").await;
    let code = code_in(&world.chief("!forum code").await);
    for text in [
        format!("!forum join {code}"),
        format!("!forum join {code} yes"),
    ] {
        world.types("boss", &there, &text).await;
        world.chief(&text).await;
    }
    world.core.settled(Platform::Matrix).await.expect("settles");
    assert_eq!(world.shown(), "", "no card is posted");
    let totals = world.core.reading().totals().expect("reads");
    assert_eq!((totals.questions, totals.outbox), (u64::from(MANY) * 2, 0));
    for number in 1..=MANY {
        let now = MANY + number;
        // All of them by the store, some by what people are told.
        let row = world.core.inner.store.reader();
        let id = row
            .place(Platform::Discord, &there.key)
            .expect("reads")
            .expect("a place")
            .id;
        let found = row.formerly(id, number).expect("reads").map(|(_, now)| now);
        assert_eq!(found, Some(now));
        if number % 997 == 0 {
            let shown = world
                .types("ivo", &there, &format!("!show #{number}"))
                .await;
            assert!(
                shown.contains(&format!("#{now} here was #{number}.")),
                "{shown}"
            );
            let here = world.says("mira", &format!("!search number{number}")).await;
            let away = world
                .types("ivo", &there, &format!("!search number{number}"))
                .await;
            for found in [here, away] {
                assert!(
                    found.contains(&format!("#{number} How about kegs")),
                    "{found}"
                );
                assert!(
                    found.contains(&format!("#{now} How about glasses")),
                    "{found}"
                );
            }
        }
    }
}

/// Whatever is said, joined and parted in any order: the votes are those that a count from nothing gives.
#[tokio::test]
async fn votes_are_as_counted_from_nothing_whoever_is_one() {
    const PEOPLE: [&str; 4] = ["mira", "sol", "ivo", "una"];
    for seed in [1, 2, 3] {
        let world = World::new().await;
        let here = named_channel();
        for who in PEOPLE {
            world.says(who, &format!("!ask What does {who} ask?")).await;
            world
                .types(who, &here, &format!("!answer #1 {who} answers."))
                .await;
        }
        let mut dice: u64 = seed;
        let mut roll = |sides: usize| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(dice >> 33).unwrap_or(0) % sides
        };
        for _ in 0..150 {
            let who = PEOPLE[roll(4)];
            let post = ["#1", "#2", "#3", "#4", "#1.1", "#1.2", "#1.3", "#1.4"][roll(8)];
            match roll(10) {
                0 => {
                    world.links(&here, who, PEOPLE[roll(4)]).await;
                }
                1 => {
                    world.types(who, &here, "!unlink").await;
                }
                2 => {
                    world.says(who, &format!("!unvote {post}")).await;
                }
                3 | 4 => {
                    world.says(who, &format!("!down {post}")).await;
                }
                5 | 6 => {
                    world.says(who, &format!("!up {post}")).await;
                }
                7 => {
                    world.types(who, &here, &format!("!down {post}")).await;
                }
                _ => {
                    world.types(who, &here, &format!("!up {post}")).await;
                }
            }
        }
        let counted = world.core.inner.store.act(|tx| {
            (1..=8)
                .map(|post| tx.recounted_for_test(PostId(post)))
                .collect::<Result<Vec<_>, _>>()
        });
        for (kept, counted) in counted.await.expect("the store works") {
            assert_eq!(kept, counted, "seed {seed}");
        }
    }
}
