//! Forums that become one, and part again.

use std::time::Duration;

use super::*;

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
    let (platform, server) = (Platform::DISCORD, "4711".to_owned());
    let named = world
        .core
        .of_server(platform, vec![there.key.clone()], server, "Beer Friends");
    named.await.expect("the store works");

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
    world.core.settled(Platform::MATRIX).await.expect("settles");
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
    This forum would join “Room” in !room (2 questions). Its 2 questions get new numbers there, and are found by the old ones too. Whoever is in the places of either can read the questions of both from then on.

    The code was made by chief (@chief:x on Matrix), in !room. Anybody can take any name: make sure that this is who you mean.

    Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `/forum leave`.

    To agree, say `/forum join code:A36P-6FN3 agree:yes` in a place of this forum.
    ---
    You agree. Now an admin of “Room” in !room says `forum join A36P-6FN3` there, and agrees too.
    ---
    “Beer Friends” in the server 4711 (2 questions) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on.

    The code was said by boss (boss.x on Discord, id 9boss), in the server 4711. Anybody can take any name: make sure that this is who you mean.

    Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `!forum leave`.

    To agree, say `!forum join A36P-6FN3 yes` in a place of this forum.
    ---
    “Beer Friends” and this are one forum now. 2 questions have new numbers. `!forum leave`, said by an admin of either side, undoes it.

    For the other side boss (boss.x on Discord, id 9boss) agreed, in the server 4711.
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
    As of 14 Nov 2023, 22:13 UTC, and not kept up to date. Reactions and replies here are about #4.
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
    This place’s forum has not joined another one, and none has joined it.
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
    let opened = world.core.place_opened(Platform::MATRIX, &sealed).await;
    opened.expect("the store works");
    let code = code_in(&world.chief("!forum code").await);
    let joins = format!("!forum join {code}");
    let there = world.types("boss", &channel(), &joins).await;
    let here = world.chief(&joins).await;
    assert_snapshot!(format!("{there}\n---\n{here}"), @r#"
    This forum would join “Room” in !room (0 questions). It brings no questions along. Whoever is in the places of either can read the questions of both from then on.

    The code was made by chief (@chief:x on Matrix), in !room. Anybody can take any name: make sure that this is who you mean.

    Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `/forum leave`.

    ⚠️ A place of “Room” is encrypted. What is asked and answered here is shown there too, and what is said there is shown here.

    ⚠️ A place of “Room” is not public. What is asked and answered there is shown here too.

    To agree, say `/forum join code:WRCZ-QB2X agree:yes` in a place of this forum.
    ---
    “help” in 77 (0 questions) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on.

    The code was said by boss (boss.x on Discord, id 9boss), in 77. Anybody can take any name: make sure that this is who you mean.

    Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with `!forum leave`.

    ⚠️ A place of this forum is encrypted. What is asked and answered in it is shown in the places of “help” too, which may not be.

    ⚠️ A place of this forum is not public. What is asked and answered in it is shown in the places of “help” too, which others may read.

    To agree, say `!forum join WRCZ-QB2X yes` in a place of this forum.
    "#);
}

#[tokio::test]
async fn either_side_ends_a_joining() {
    let world = World::new().await;
    let there = channel();
    world
        .types("ivo", &there, "!ask Which glass for wheat beer?")
        .await;
    world.is_joined_by(&there).await;
    world.says("mira", "!ask How long does a keg last?").await;
    world.types("ivo", &there, "!answer #2 Six weeks.").await;
    let asked = world.chief("!forum leave").await;
    assert!(
        asked.contains("“help” in 77 would leave this forum")
            && asked.contains("`!forum leave server yes`"),
        "{asked}"
    );
    let done = world.chief("!forum leave server yes").await;
    assert!(
        done.contains("“help” is a forum of its own again. It took one question along."),
        "{done}"
    );
    let here = world.says("mira", "!questions").await;
    assert!(here.contains("keg") && !here.contains("glass"), "{here}");
    let away = world.types("ivo", &there, "!questions").await;
    assert!(away.contains("glass") && !away.contains("keg"), "{away}");
    let none = world.chief("!forum leave yes").await;
    assert!(none.contains("none has joined it"), "{none}");
    // What was written from the other side stays, and is this side's to moderate.
    let deleted = world.says("mod", "!delete #2.1").await;
    assert!(deleted.contains("withdrawn"), "{deleted}");
}

#[tokio::test]
async fn moderators_of_one_side_hide_posts_of_the_other_and_delete_none() {
    let world = World::new().await;
    let there = channel();
    world.says("mira", "!ask How long does a keg last?").await;
    world
        .types("ivo", &there, "!ask Which glass for wheat beer?")
        .await;
    world.is_joined_by(&there).await;
    // Written after, on either side's question.
    world.types("ivo", &there, "!answer #1 Six weeks.").await;
    world.says("mira", "!answer #2 A tall one.").await;
    world.types("ivo", &there, "!ask Is foam good?").await;
    for post in ["#2", "#1.1", "#3"] {
        let refused = world.says("mod", &format!("!delete {post}")).await;
        assert!(
            refused.contains("its own moderators alone delete it"),
            "{post}: {refused}"
        );
        let hidden = world.says("mod", &format!("!hide {post}")).await;
        assert!(hidden.contains("is hidden"), "{post}: {hidden}");
        world.says("mod", &format!("!unhide {post}")).await;
    }
    for post in ["#1", "#2.1"] {
        let refused = world
            .types("boss", &there, &format!("!delete {post}"))
            .await;
        assert!(
            refused.contains("its own moderators alone delete it"),
            "{post}: {refused}"
        );
    }
    // Each side's own, and everybody's own.
    for done in [
        world.says("mod", "!delete #2.1").await,
        world.types("boss", &there, "!delete #1.1").await,
        world.types("ivo", &there, "!delete #3").await,
        world.types("boss", &there, "!delete #2").await,
    ] {
        assert!(done.contains("withdrawn"), "{done}");
    }
}

#[tokio::test]
async fn a_forums_code_is_said_to_its_admin_alone_and_spent_where_others_read_it() {
    let world = World::new().await;
    let there = channel();
    let code = code_in(&world.chief("!forum code").await);
    let refused = world.chief(&format!("!forum join {code}")).await;
    assert!(refused.contains("Others can read here"), "{refused}");
    let spent = world
        .types("boss", &there, &format!("!forum join {code}"))
        .await;
    assert!(spent.contains("used already"), "{spent}");
    for (text, audience) in [
        ("!forum code", Audience::Person),
        ("!forum leave", Audience::Place),
    ] {
        assert_eq!(world.chiefs(text).await, audience, "{text}");
    }
}

#[tokio::test]
async fn reactions_stay_with_the_question_that_left() {
    let world = World::new().await;
    let there = channel();
    world
        .types("ivo", &there, "!ask Which glass for wheat beer?")
        .await;
    world.is_joined_by(&there).await;
    // An old question gets a card when it is shown.
    world.says("mira", "!show #1").await;
    let (thumb, _) = world.reacts("mira", "$card1", "👍").await;
    assert!(
        world.card("$card1").contains("+1 vote"),
        "{}",
        world.card("$card1")
    );
    world.types("boss", &there, "!forum leave yes").await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
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
    fill(&world, Platform::MATRIX, &place(), MANY, "kegs").await;
    fill(&world, Platform::DISCORD, &there, MANY, "glasses").await;
    world.is_joined_by(&there).await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.shown(), "", "no card is posted");
    // The index follows as fast as the machine is; nobody waits for it that long but here.
    let (inner, minutes) = (&world.core.inner, Duration::from_secs(600));
    let seq = inner.store.reader().last_seq().expect("reads");
    assert!(inner.reading.search.caught_up(seq, minutes));
    let totals = world.core.reading().totals().expect("reads");
    assert_eq!((totals.questions, totals.outbox), (u64::from(MANY) * 2, 0));
    for number in 1..=MANY {
        let now = MANY + number;
        // All of them by the store, some by what people are told.
        let row = world.core.inner.store.reader();
        let id = row
            .place(Platform::DISCORD, &there.key)
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
