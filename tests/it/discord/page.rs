//! What the pages say of Discord: the permissions' number, and a channel as the tests see it.

use discord_adapter::PERMISSIONS;

use crate::pages;

/// The channel after the talk of [`super::forum`], as its snapshot has it.
const SEEN: &str = include_str!(
    "snapshots/it__discord__forum__a_question_is_asked_answered_voted_for_and_accepted-2.snap"
);

const BEGIN: &str = "<!-- What the test `discord::forum` sees on its Discord. -->\n```text\n";
const END: &str = "```\n<!-- End of what it sees. -->";

/// A line as people see it: without Discord's markup and the fake's signs for what is behind something.
pub fn plain(line: &str) -> String {
    let mut line = line.replace("| ", "").replace("-# ", "").replace("**", "");
    for (sign, word) in [("<t:…:R>", "a minute ago"), (" (link)", ""), (" | ", " ")] {
        line = line.replace(sign, word);
    }
    // Of a link, its words.
    while let Some((before, link)) = line.split_once("](") {
        let (Some((before, words)), Some((_, after))) =
            (before.rsplit_once('['), link.split_once(')'))
        else {
            break;
        };
        line = format!("{before}{words}{after}");
    }
    line.trim_end().to_owned()
}

#[test]
fn the_invitation_asks_for_what_the_bot_uses() {
    let text = pages::read("docs/discord.md");
    let asked = format!("scope=bot+applications.commands&permissions={PERMISSIONS}\n");
    assert!(text.contains(&asked), "docs/discord.md has {asked}");
}

#[test]
fn the_channel_is_as_it_is_seen() {
    let (_, seen) = SEEN.split_once("\n---\n").expect("a snapshot");
    let seen: Vec<_> = seen.lines().map(plain).collect();
    let seen = seen.join("\n");
    pages::hold("docs/using.md", BEGIN, END, &seen);
}
