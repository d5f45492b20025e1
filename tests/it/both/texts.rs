//! What people write is in both places what they meant: marks in each platform's own, names for mentions, files where they are.

use insta::assert_snapshot;
use serde_json::json;

use super::context::Both;

const KEG: &str = "How long does a keg keep?";

const ALL: &str = "It is **cold**, ~~warm~~ and *dark*, `2 * 3`, [there](https://example.org/a_b).

> Six weeks,
> they say.

- beer
- ale
  1. brown

```rust
fn keg() { a || b }
```

It was ||the *butler* with `a||b`||.";

#[tokio::test]
async fn marks_are_each_platforms_own() {
    let both = Both::new().await;
    let here = &both.here;
    let question = here.asks(&here.mira, KEG, ALL).await;
    let there = both.in_room("#1", "brown").await;
    assert_snapshot!(marked(&there.formatted_body.expect("it has HTML")));
    let written = format!("!answer {ALL}");
    both.uma.in_thread(&both.room, &there.id, &written).await;
    let answer = both.in_channel("#1.1", "butler").await;
    // It is drawn alike, wherever it was written.
    let text = |message: &discord::Message| {
        let description = message.embeds()[0]["description"].clone();
        let description = description.as_str().unwrap_or_default().to_owned();
        let (text, _) = description.rsplit_once("\n\n-# ").expect("small print");
        text.to_owned()
    };
    here.shows(&question, "1 answer").await;
    assert_eq!(text(&question), text(&answer));
    assert_snapshot!(text(&answer));
    both.over().await;
}

#[tokio::test]
async fn marks_that_a_client_sends_as_html_alone_are_read_from_it() {
    let both = Both::new().await;
    let here = &both.here;
    here.asks(&here.mira, KEG, "").await;
    both.in_room("#1", KEG).await;
    let body = "!answer 1 About six weeks: the butler did it";
    let html = "!answer 1 About <b>six weeks</b>: <span data-mx-spoiler>the butler</span> did it";
    both.uma.send_html(&both.room, body, html).await;
    let answer = both.in_channel("#1.1", "butler").await;
    let shown = answer.shown();
    assert!(
        shown.contains("About **six weeks**: ||the butler|| did it"),
        "{shown}"
    );
    both.over().await;
}

#[tokio::test]
async fn whoever_is_mentioned_is_a_plain_name_on_the_other_side() {
    let both = Both::new().await;
    let here = &both.here;
    let text = format!("Does {} know?", here.sol.mention());
    let written = here.mira.says(&here.help, &text).await;
    here.asks_with(&here.mira, &written).await;
    let there = both.in_room("#1", "Does @sol know?").await;
    let ivo = both.ivo.user_id();
    let html =
        format!("!answer 1 Ask <a href=\"https://matrix.to/#/{ivo}\">ivo</a>, he <b>does</b>.");
    both.uma
        .send_html(&both.room, "!answer 1 Ask ivo, he does.", &html)
        .await;
    both.in_channel("#1.1", "Ask ivo, he **does**.").await;
    assert_eq!(there.mentions, json!({}));
    assert_eq!(here.discord.pings(), []);
    both.over().await;
}

#[tokio::test]
async fn a_picture_stays_in_its_message_and_is_linked() {
    let both = Both::new().await;
    let here = &both.here;
    let written = here
        .mira
        .sends(&here.help, "Is this foam?", "foam.png")
        .await;
    here.asks_with(&here.mira, &written).await;
    let said = "Pictures and files are in the original message";
    let there = both.in_room("#1", said).await;
    let to = format!("/{}/{}", here.help.id(), written.id());
    let html = there.formatted_body.expect("it has HTML");
    assert!(html.contains(&format!("{to}\">{said}</a>")), "{html}");
    let picture = json!({
        "msgtype": "m.image",
        "body": "!answer 1 Like this.",
        "filename": "beer.png",
        "url": "mxc://localhost/beer",
    });
    let answered = both
        .uma
        .send_raw(&both.room, "m.room.message", &picture)
        .await;
    let answer = both.in_channel("#1.1", said).await;
    let text = answer.embeds()[0]["description"].to_string();
    let to = format!("https://matrix.to/#/{}/{}", both.room, answered);
    assert!(
        text.contains(&format!("Like this.\\n\\n[{said}]({to})")),
        "{text}"
    );
    both.over().await;
}

/// HTML with a line a block.
fn marked(html: &str) -> String {
    let html = html.split("<p><em>").next().unwrap_or_default();
    let html = html.split_once("</h3>").map_or(html, |(_, text)| text);
    [
        "</p>",
        "</li>",
        "</ul>",
        "</ol>",
        "</pre>",
        "<ul>",
        "<ol>",
        "</blockquote>",
    ]
    .iter()
    .fold(html.to_owned(), |html, tag| {
        html.replace(tag, &format!("{tag}\n"))
    })
}
