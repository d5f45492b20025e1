//! Texts, names and ids that mean no good.

use insta::assert_snapshot;

use super::context::{TEXT, TestContext, seen, timeless};

#[tokio::test]
async fn nothing_that_people_write_pings_or_smuggles_markup() {
    let context = TestContext::new().await;
    let cooks = context.guild.role("cooks", 0).await;
    let texts = [
        "@everyone @here hello".to_owned(),
        format!(
            "{} <@&{cooks}> <#1> </ask:1> <:x:1> <t:0>",
            context.mira.mention()
        ),
        "[a bank](https://evil.example) [https://good.example](https://evil.example)".to_owned(),
        "\u{202E}desrever\u{202C} a\u{200B}b\u{2066}c\u{2069} \u{0} \u{FEFF}".to_owned(),
        "```\nfence that is never closed\n@everyone".to_owned(),
        "> quote\n# heading\n-# small\n||spoiler|| __under__ ~~struck~~ `code`".to_owned(),
        "<img src=x onerror=alert(1)> <script>alert(1)</script> &lt;b&gt;".to_owned(),
        "discord.gg/invite https://discord.com/channels/@me".to_owned(),
        format!("{}!", "ẕ̴̛̇".repeat(200)),
        "👨‍👩‍👧".repeat(500),
    ];
    for (number, text) in texts.iter().enumerate() {
        let title = format!(
            "{number}: @everyone {}",
            text.lines().next().unwrap_or_default()
        );
        let title: String = title.chars().take(60).collect();
        let card = context.asks(&context.mira, &title, text).await;
        let answer = context.answers(&context.sol, &card, text).await;
        context.shows(&card, "1 answer").await;
        let shown = answer.shown();
        let words: String = text.chars().take(100).collect();
        assert!(
            !shown.contains('\u{202E}') && !shown.contains('\u{0}'),
            "{shown}"
        );
        let asked = context
            .sol
            .command(&context.help, "search", &[("words", words.as_str())])
            .await;
        asked.message().await;
    }
    assert_eq!(context.discord.pings(), []);
    assert_snapshot!(seen(&context.help));
    context.over().await;
}

#[tokio::test]
async fn a_name_that_means_no_good_is_only_a_name() {
    let context = TestContext::new().await;
    context.sol.nick("@everyone **[x](https://e)**").await;
    let card = context.asks(&context.sol, "What is in a name?", "").await;
    assert_snapshot!(timeless(&card.shown()));
    assert_eq!(context.discord.pings(), []);
    context.over().await;
}

#[tokio::test]
async fn ids_that_are_forged_cut_off_or_from_another_time_do_nothing() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Which id is this?", "").await;
    let before = card.shown();
    let mut said = Vec::new();
    for id in [
        "",
        "1",
        "1.up",
        "1.up.",
        "0.up.p1-1-x",
        "9.up.p1-1-x",
        "1.page.0.x",
        "1.page.99999999999.x",
        "1.share.1-2",
        "1.answer.p1\u{0}",
        "1.nothing.p1",
        "up",
        "1.accept.p999-999-zzz",
    ] {
        let pressed = context.sol.forges_click(&card, id).await;
        let shown = pressed.message().await.shown();
        said.push(format!("{id:?}: {shown}"));
    }
    assert_snapshot!(said.join("\n"));
    // A dialog whose id was changed on the way.
    let dialog = context.sol.click(&card, "Answer").await.modal().await;
    said.clear();
    for id in [
        "",
        "1.answer",
        "1.answer.at.#9999",
        "1.answer.on.1/2",
        "1.edit.at.#1",
        "2.answer.here",
        "1.ask.from.1/2",
    ] {
        let sent = context
            .sol
            .forges_submit(&dialog, id, &[(TEXT, "Forged.")])
            .await;
        let shown = sent.message().await.shown();
        said.push(format!("{id:?}: {shown}"));
    }
    assert_snapshot!(said.join("\n"));
    assert_eq!(card.shown(), before);
    assert!(card.thread().messages().is_empty());
    context.over().await;
}
