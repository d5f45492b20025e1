//! What people do in one place is shown in the other.

use insta::assert_snapshot;

use super::context::Both;

const KEG: &str = "How long does a keg keep?";

#[tokio::test]
async fn what_is_asked_and_answered_on_either_side_is_shown_on_both() {
    let both = Both::new().await;
    let here = &both.here;
    let question = here.asks(&here.mira, KEG, "It is a *pilsner*.").await;
    let there = both.in_room("#1", KEG).await;
    let text = "!answer About **six weeks**.";
    both.uma.in_thread(&both.room, &there.id, text).await;
    both.in_room("#1.1", "six weeks").await;
    both.in_channel("#1.1", "six weeks").await;
    both.ivo
        .send(&both.room, "!ask Does a bottle age?\nOf ale, I mean.")
        .await;
    let bottle = both.with_thread("#2", "Of ale, I mean.").await;
    here.answers(&here.sol, &bottle, "Some of them do.").await;
    both.in_room("#2.1", "Some of them do.").await;
    both.in_room("#1", "1 answer").await;
    both.in_room("#2", "1 answer").await;
    here.shows(&question, "1 answer").await;
    here.shows(&bottle, "1 answer").await;
    assert_snapshot!(both.transcripts().await);
    both.over().await;
}

#[tokio::test]
async fn a_vote_on_either_side_counts_on_both_until_it_is_taken_back() {
    let both = Both::new().await;
    let here = &both.here;
    let question = here.asks(&here.mira, KEG, "").await;
    let there = both.in_room("#1", KEG).await;
    here.sol.react(&question, "👍").await;
    both.in_room("#1", "+1 vote ").await;
    let vote = both.uma.react(&both.room, &there.id, "👍").await;
    here.shows(&question, "+2 votes").await;
    both.in_room("#1", "+2 votes").await;
    here.sol.unreact(&question, "👍").await;
    both.in_room("#1", "+1 vote ").await;
    here.shows(&question, "+1 vote ").await;
    both.uma.redact(&both.room, &vote).await;
    here.shows(&question, " 0 votes").await;
    both.in_room("#1", "0 votes").await;
    both.over().await;
}

#[tokio::test]
async fn accepting_editing_and_withdrawing_show_everywhere() {
    let both = Both::new().await;
    let here = &both.here;
    let question = here.asks(&here.mira, "How long does a keg kep?", "").await;
    let there = both.in_room("#1", "kep?").await;
    let six = both
        .uma
        .in_thread(&both.room, &there.id, "!answer Six weeks.")
        .await;
    both.in_room("#1.1", "Six").await;
    let answer = both.in_channel("#1.1", "Six").await;
    here.mira.click(&answer, "Accept").await.response().await;
    both.in_room("#1.1", "✅ #1.1 Accepted answer").await;
    both.in_room("#1", "✅ Answered").await;
    here.shows(&answer, "Accepted answer").await;

    both.uma
        .edit(&both.room, &six, "!answer Six weeks, if it is cold.")
        .await;
    here.shows(&answer, "if it is cold").await;
    both.in_room("#1.1", "if it is cold").await;
    let dialog = here
        .mira
        .command(&here.help, "edit", &[("post", "#1")])
        .await
        .modal()
        .await;
    let edited = here.mira.submit(&dialog, &[("title", KEG)]).await;
    edited.message().await;
    here.shows(&question, KEG).await;
    both.in_room("#1", KEG).await;

    both.uma.redact(&both.room, &six).await;
    both.gone("#1.1").await;
    here.shows(&question, "no answers").await;
    let deleted = here
        .mira
        .command(&here.help, "delete", &[("post", "#1")])
        .await;
    deleted.message().await;
    both.gone("#1").await;
    both.over().await;
}

#[tokio::test]
async fn the_links_in_a_card_lead_to_the_readers_own_side() {
    let both = Both::new().await;
    let here = &both.here;
    let question = here.asks(&here.mira, KEG, "").await;
    here.answers(&here.sol, &question, "Six weeks.").await;
    let answer = both.in_channel("#1.1", "Six").await;
    // What is not there yet can't be linked to.
    both.in_room("#1.1", "Six").await;
    here.mira.react(&answer, "✅").await;
    let answer_there = both.in_room("#1.1", "Accepted").await;
    here.shows(&question, "Answered").await;
    let question_there = both.in_room("#1", "Answered").await;
    let html = question_there.formatted_body.expect("it has HTML");
    let to = format!("{}/{}?", both.room.as_str(), answer_there.id.as_str());
    assert!(html.contains(&to), "{html} leads to {to}");
    assert!(!html.contains("discord"), "{html}");
    let shown = question.embeds()[0].to_string();
    let to = format!("/{}/{}", answer.channel().id(), answer.id());
    assert!(shown.contains(&to), "{shown} leads to {to}");
    assert!(!shown.contains("matrix"), "{shown}");
    both.over().await;
}
