//! Two real Synapses that share rooms, and what becomes of these while the link between the two is cut.

use synapse::{EventId, Failed, Federated, Person, RoomOptions, Shown, Synapse};

#[tokio::test]
async fn people_of_two_servers_chat() {
    let [here, there] = Synapse::federating().await;
    let (mira, sol) = tokio::join!(here.person("mira"), there.person("sol"));
    assert!(mira.user_id().ends_with(here.name()) && sol.user_id().ends_with(there.name()));
    assert_ne!(here.name(), there.name());
    let room = mira.create_room("Bakery", RoomOptions::public()).await;
    sol.join_via(&room, &[here.name()]).await;
    mira.wait_joined(&room, sol.user_id()).await;

    let question = mira.send(&room, "Why does my dough not rise?").await;
    sol.wait_message(&room, "the question", |message| message.id == question)
        .await;
    let answer = sol.in_thread(&room, &question, "Too colt").await;
    sol.edit(&room, &answer, "Too cold").await;
    mira.wait_message(&room, "the answer's edit", |message| message.edits == 1)
        .await;
    mira.react(&room, &answer, "👍").await;
    let check = mira.react(&room, &answer, "✅").await;
    sol.wait_message(&room, "the check mark", |message| message.count("✅") == 1)
        .await;
    mira.redact(&room, &check).await;
    sol.wait_message(&room, "only the thumb", |message| {
        message.count("👍") == 1 && message.count("✅") == 0
    })
    .await;
    let expected = "\
mira: Why does my dough not rise?
  sol: Too cold (edited) [👍 mira]
";
    assert_eq!(mira.transcript(&room).await, expected);
    assert_eq!(sol.transcript(&room).await, expected);
}

#[tokio::test]
async fn an_invitation_a_kick_and_a_restart_reach_the_other_server() {
    let [here, there] = Synapse::federating().await;
    let (mira, sol) = tokio::join!(here.person("mira"), there.person("sol"));
    let room = mira
        .create_room("Bakery", RoomOptions::private().invite(sol.user_id()))
        .await;
    assert_eq!(sol.wait_invite(mira.user_id()).await, room);
    sol.join(&room).await;
    mira.wait_joined(&room, sol.user_id()).await;

    there.kill().await;
    let sent = mira.send(&room, "while you are away").await;
    there.restart().await;
    sol.wait_message(&room, "the message", |message| message.id == sent)
        .await;
    mira.kick(&room, sol.user_id()).await;
    sol.wait_event(&room, "the kick", |event| {
        event["state_key"] == sol.user_id().as_str() && event["content"]["membership"] == "leave"
    })
    .await;
    assert!(sol.try_send(&room, "I am here").await.is_err());
}

#[tokio::test]
async fn a_cut_link_keeps_both_sides_apart_until_it_is_whole_again() {
    let [here, there] = Synapse::federating().await;
    let (mira, sol) = tokio::join!(here.person("mira"), there.person("sol"));
    let room = mira.create_room("Bakery", RoomOptions::public()).await;
    sol.join_via(&room, &[here.name()]).await;
    let before = sol.send(&room, "before").await;
    mira.wait_message(&room, "the first message", |message| message.id == before)
        .await;
    assert!(is_linked(&mira, &there).await && is_linked(&sol, &here).await);

    for round in ["once", "twice"] {
        here.cut_off().await;
        let text = format!("cut off {round}");
        let (from_mira, from_sol) = tokio::join!(mira.send(&room, &text), sol.send(&room, &text));
        mira.react(&room, &before, round).await;
        sol.react(&room, &before, round).await;
        let (one, other) = tokio::join!(is_linked(&mira, &there), is_linked(&sol, &here));
        assert_eq!((one, other), (false, false));
        for (person, own, foreign) in [
            (&mira, &from_mira, &from_sol),
            (&sol, &from_sol, &from_mira),
        ] {
            let shown = person.shown(&room).await;
            assert!(shown.iter().any(|message| message.id == *own));
            assert!(shown.iter().all(|message| message.id != *foreign));
            assert_eq!(shown[0].count(round), 1);
        }

        there.reconnect().await;
        let has_all = |shown: &[Shown]| {
            let has = |id: &EventId| shown.iter().any(|message| message.id == *id);
            (has(&from_mira) && has(&from_sol) && shown[0].count(round) == 2).then_some(())
        };
        tokio::join!(
            mira.wait_for(&room, "everything", has_all),
            sol.wait_for(&room, "everything", has_all),
        );
    }
}

#[tokio::test]
async fn nobody_joins_over_a_cut_link() {
    let [here, there, elsewhere] = Synapse::federating().await;
    let (mira, sol, ada) = tokio::join!(
        here.person("mira"),
        there.person("sol"),
        elsewhere.person("ada")
    );
    let room = mira.create_room("Bakery", RoomOptions::public()).await;
    sol.join_via(&room, &[here.name()]).await;
    there.cut_off().await;
    ada.try_join_via(&room, &[here.name(), there.name()])
        .await
        .expect_err("the links are cut");
    there.reconnect().await;
    ada.join_via(&room, &[there.name()]).await;
    let sent = ada.send(&room, "hello").await;
    for person in [&mira, &sol] {
        person
            .wait_message(&room, "a greeting", |message| message.id == sent)
            .await;
    }
}

/// Whether the person's own server can ask the other one for somebody it does not know.
async fn is_linked(person: &Person, other: &Federated) -> bool {
    let path = format!("/_matrix/client/v3/profile/@nobody:{}", other.name());
    match person.get(&path).await {
        Err(Failed::Refused { status: 404, .. }) => true,
        Err(Failed::Refused { status, .. }) if status >= 500 => false,
        answer => panic!("an answer that tells nothing: {answer:?}"),
    }
}
