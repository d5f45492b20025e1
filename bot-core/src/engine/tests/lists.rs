//! Lists are made from memory: they have what a list from the store itself has.

use std::sync::atomic::Ordering;

use super::world::{SeededRng, World};
use crate::forum::{ForumId, Page, QuestionView};
use crate::store::{Listing, Order};

const ORDERS: [Order; 4] = [Order::Recent, Order::Unanswered, Order::Hot, Order::Votes];
const TAGS: [&str; 3] = ["keg", "tap", "yeast"];
const PEOPLE: [&str; 4] = ["mira", "sol", "ivo", "mod"];

impl World {
    /// Somebody does something that changes what lists have, a day after what was done before.
    async fn something_happens(&self, rng: &mut SeededRng) {
        self.clock.0.fetch_add(86_400_000, Ordering::SeqCst);
        let who = PEOPLE[rng.roll(PEOPLE.len())];
        let on = rng.roll(12) + 1;
        let tag = TAGS[rng.roll(TAGS.len())];
        let said = match rng.roll(14) {
            0..=2 => format!("!ask What is number {} of {tag}? --{tag}", rng.roll(1_000)),
            3..=5 => format!("!answer #{on} It is {}.", rng.roll(1_000)),
            6 | 7 => format!("!up #{on}"),
            8 => format!("!down #{on}"),
            9 => format!("!up #{on}.1"),
            10 => format!("!hide #{on}.1"),
            11 => format!("!unhide #{on}.1"),
            12 => format!("!hide #{on}"),
            _ => format!("!unhide #{on}"),
        };
        // Much of it is refused: one's own post is not voted on, and only a moderator hides.
        let who = if said.contains("hide") { "mod" } else { who };
        self.says(who, &said).await;
    }

    /// A page as it is made from memory, which is there at once, and from the store itself.
    fn pages(&self, listing: &Listing) -> [Page<QuestionView>; 2] {
        let forum = ForumId(1);
        let (reading, store) = (self.core.reading(), self.core.inner.store.reader());
        let listed = reading.search.list(forum, listing).expect("lists");
        let (ids, total) = listed.expect("what was done is taken over");
        let questions = store.questions(&ids).expect("reads");
        [
            listing.with(questions, total),
            store.list(forum, listing).expect("lists"),
        ]
    }
}

#[tokio::test]
async fn a_list_from_memory_has_what_one_from_the_store_has() {
    let world = World::new().await;
    let mut rng = SeededRng(11);
    let mut most = 0;
    for _ in 0..150 {
        world.something_happens(&mut rng).await;
        world.all_is_found();
        let tag = [None, Some("keg"), Some("unheard-of")][rng.roll(3)];
        for order in ORDERS {
            for page in 1..=3 {
                let listing = Listing {
                    order,
                    tag: tag.map(str::to_owned),
                    page,
                    items: 4,
                };
                let [memory, store] = world.pages(&listing);
                assert_eq!(memory, store, "{listing:?}");
                most = most.max(store.total);
            }
        }
    }
    assert!(most > 8, "three pages are looked at, not {most} questions");
}

#[tokio::test]
async fn a_list_has_what_the_index_has_not_taken_over() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg keep?").await;
    let world = world
        .restarted_after(|dir| {
            // Whoever starts anew has no index yet.
            std::fs::remove_dir_all(dir.join("index")).expect("it is there");
        })
        .await;
    for order in ["recent", "unanswered", "hot", "votes"] {
        let listed = world.says("sol", &format!("!questions {order}")).await;
        assert!(listed.contains("How long does a keg keep?"), "{listed}");
    }
}
