//! What the README says of Discord: the permissions' number, and a channel as the tests see it.

use std::path::Path;

use discord_adapter::PERMISSIONS;

/// The channel after the talk of [`super::forum`], as its snapshot has it.
const SEEN: &str = include_str!(
    "snapshots/it__discord__forum__a_question_is_asked_answered_voted_for_and_accepted-2.snap"
);

const BEGIN: &str = "<!-- What the test `discord::forum` sees on its Discord. -->\n```text\n";
const END: &str = "```\n<!-- End of what it sees. -->";

fn readme() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).expect("the README");
    (path, text)
}

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
    let (_, text) = readme();
    let asked = format!("scope=bot+applications.commands&permissions={PERMISSIONS}\n");
    assert!(text.contains(&asked), "the README has {asked}");
}

#[test]
fn the_channel_is_as_it_is_seen() {
    let (_, seen) = SEEN.split_once("\n---\n").expect("a snapshot");
    let seen: Vec<_> = seen.lines().map(plain).collect();
    let seen = seen.join("\n");
    let (path, text) = readme();
    let (before, rest) = text.split_once(BEGIN).expect("the README has a place");
    let (shown, after) = rest.split_once(END).expect("it ends");
    if std::env::var_os("STOA_WRITE_README").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{seen}\n{END}{after}")).expect("writes");
        return;
    }
    assert_eq!(
        shown.trim_end(),
        seen,
        "write it anew with STOA_WRITE_README=1"
    );
}
