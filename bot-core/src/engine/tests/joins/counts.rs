//! Whatever people do, in whatever order: all that is counted is what a count from nothing gives.

use proptest::prelude::*;

use super::*;
use crate::store::tests::recount::miscounted;
use crate::transfer::{self, Flow, Options};

const PEOPLE: [&str; 4] = ["mira", "sol", "ivo", "mod"];

/// What is meant by what people say; some of it is never there.
const POSTS: [&str; 12] = [
    "#1", "#2", "#3", "#5", "#1.1", "#1.2", "#2.1", "#2.2", "#3.1", "#3.2", "#1/c1", "#2.1/c1",
];

/// What comes from elsewhere, with the votes that stood there at the time.
fn lines(ups: u8, accepted: bool, closed: bool) -> String {
    let accepts = if accepted { r#","accepts":"11""# } else { "" };
    let closed = if closed {
        r#","closed":{"at":"2014-02-01T00:00:00.000Z","why":"duplicate"}"#
    } else {
        ""
    };
    format!(
        r##"{{"id":"1","title":"How long does a keg last?","body":"It is opened.","tags":["keg"],"at":"2014-01-21T20:26:05.383Z","carried":{{"ups":{ups},"downs":1}}{accepts}{closed},"answers":[{{"id":"11","body":"Two weeks."}},{{"id":"12","body":"Three weeks.","carried":{{"ups":0,"downs":{ups}}}}}]}}"##
    )
}

/// What somebody does, and where: in the room, or by their account in the channel.
#[derive(Clone, Debug)]
enum Act {
    Says(&'static str),
    SaysOf(&'static str, usize),
    Reacts(&'static str, usize),
    TakesBack,
    Rewrites,
    Links(usize),
    Unlinks,
    Imports(u8, bool, bool),
    Joins,
    Leaves,
    Waits,
}

fn act() -> impl Strategy<Value = Act> {
    let of =
        |say: &'static str| (Just(say), 0..POSTS.len()).prop_map(|(say, on)| Act::SaysOf(say, on));
    let react = |emoji: &'static str| {
        (Just(emoji), 0..12_usize).prop_map(|(emoji, on)| Act::Reacts(emoji, on))
    };
    prop_oneof![
        2 => Just(Act::Says("!ask What is asked here?")),
        6 => of("!up"),
        4 => of("!down"),
        2 => of("!unvote"),
        5 => of("!answer {} It is answered."),
        3 => of("!comment {} It is said."),
        2 => of("!edit {} It is another text. --reason it was wrong"),
        3 => of("!accept"),
        1 => of("!unaccept"),
        4 => of("!hide"),
        4 => of("!unhide"),
        2 => of("!delete"),
        3 => react("👍"),
        2 => react("👎"),
        2 => react("✅"),
        4 => Just(Act::TakesBack),
        1 => Just(Act::Rewrites),
        2 => (0..PEOPLE.len()).prop_map(Act::Links),
        1 => Just(Act::Unlinks),
        2 => (0..5_u8, any::<bool>(), any::<bool>()).prop_map(|(ups, accepted, closed)| Act::Imports(ups, accepted, closed)),
        1 => Just(Act::Joins),
        1 => Just(Act::Leaves),
        2 => Just(Act::Waits),
    ]
}

/// One who acts, whether in the room, and what they do.
type Turn = (usize, bool, Act);

async fn play(turns: &[Turn]) -> Vec<String> {
    let world = World::new().await;
    let there = channel();
    world.types("boss", &there, "!questions").await;
    for who in &PEOPLE[..3] {
        let asks = format!("!ask What does {who} ask?");
        world.says(who, &asks).await;
        world.types(who, &there, &asks).await;
    }
    for (nth, who) in PEOPLE.iter().enumerate() {
        for on in [(nth + 1) % 3 + 1, (nth + 2) % 3 + 1] {
            let answers = format!("!answer #{on} {who} answers.");
            world.says(who, &answers).await;
            world.types(who, &there, &answers).await;
        }
    }
    let mut events: Vec<MessageKey> = Vec::new();
    for (nth, (who, in_room, act)) in turns.iter().enumerate() {
        // A moderator can do more, so does more.
        let who = PEOPLE.get(*who).copied().unwrap_or("mod");
        let say = async |text: &str| match in_room {
            true => Some(world.writes(who, text, None).await.0),
            false => {
                let who = if who == "mod" { "boss" } else { who };
                world.types(who, &there, text).await;
                None
            }
        };
        match act {
            Act::Says(text) => events.extend(say(&format!("{text} {nth}")).await),
            Act::SaysOf(text, on) => {
                let said = match text.contains("{}") {
                    true => format!("{} {nth}", text.replace("{}", POSTS[*on])),
                    false => format!("{text} {}", POSTS[*on]),
                };
                events.extend(say(&said).await);
            }
            Act::Reacts(emoji, on) => {
                let card = format!("$card{}", on + 1);
                events.push(world.reacts(who, &card, emoji).await.0);
            }
            Act::TakesBack => {
                if let Some(event) = events.pop() {
                    world.removes(who, &event).await;
                }
            }
            Act::Rewrites => {
                if let Some(event) = events.last() {
                    let text = format!("!ask Is it asked otherwise? {nth}\nIt is.");
                    world.rewrites(who, event, &text).await;
                }
            }
            Act::Links(other) => {
                let told = world.types(who, &there, "!link").await;
                if told.contains('-') && !told.contains("wait") {
                    world.links(&there, who, PEOPLE[*other]).await;
                }
            }
            Act::Unlinks => {
                world.types(who, &there, "!unlink").await;
            }
            Act::Imports(ups, accepted, closed) => {
                let lines = lines(*ups, *accepted, *closed);
                let core = world.core.clone();
                let taken = tokio::task::spawn_blocking(move || {
                    let options = Options {
                        forum: "main".to_owned(),
                        source: "beer".to_owned(),
                        site: None,
                        trust: false,
                        now: core.inner.clock.now(),
                    };
                    let store = &core.inner.store;
                    transfer::lines(store, lines.as_bytes(), 0, "test", &options, &mut |_| {
                        Flow::On
                    })
                });
                taken.await.expect("no panic").expect("imports");
            }
            Act::Joins => {
                if world.chief("!forum code").await.contains('-') {
                    world.is_joined_by(&there).await;
                }
            }
            Act::Leaves => {
                world.types("boss", &there, "!forum leave").await;
                world.types("boss", &there, "!forum leave yes").await;
            }
            Act::Waits => {
                world.clock.0.fetch_add(13 * 3_600_000, Ordering::SeqCst);
                world.core.settled(Platform::MATRIX).await.expect("settles");
            }
        }
    }
    miscounted(world.core.inner.store.reader())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn all_that_is_counted_is_what_a_count_from_nothing_gives(
        turns in proptest::collection::vec((0..PEOPLE.len() + 3, prop::bool::weighted(0.7), act()), 60..120)
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let wrong = runtime.block_on(play(&turns));
        prop_assert_eq!(wrong, Vec::<String>::new());
    }
}
