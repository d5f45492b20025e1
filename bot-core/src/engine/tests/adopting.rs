//! Messages that somebody else makes posts of.

use super::world::{World, place, said};
use crate::command::{Act, Intent};
use crate::engine::{Adoption, DraftKey};
use crate::forum::{Address, Role};
use crate::platform::{Actor, Incoming, IncomingEvent, MessageKey, PersonKey, PlaceKey, Platform};

fn actor(who: &str, role: Role) -> Actor {
    Actor {
        key: PersonKey(format!("@{who}:x")),
        name: who.to_owned(),
        account: None,
        role,
    }
}

fn question(title: &str, body: &str, tags: &[&str]) -> Act {
    Act::Ask {
        title: title.to_owned(),
        body: body.to_owned(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

impl World {
    /// A moderator makes a question of mira's message; gives what they are told.
    async fn adopts(&self, own: Act, wanted: Act) -> String {
        let (id, message) = (self.event(), MessageKey("$talk".to_owned()));
        let incoming = Incoming {
            platform: Platform::MATRIX,
            id: Some(id),
            actor: actor("keeper", Role::Moderator),
            place: place(),
            at: self.core.inner.clock.now(),
            what: IncomingEvent::Commanded {
                intent: Intent::Act(wanted.clone()),
                on: None,
                from: Some(message.clone()),
            },
        };
        let adoption = Adoption {
            author: actor("mira", Role::Member),
            own,
            wanted,
            message,
        };
        let response = self.core.adopt(&incoming, adoption).await;
        let response = response.expect("the store works");
        self.core.settled(Platform::MATRIX).await.expect("settles");
        said(&response)
    }
}

#[tokio::test]
async fn what_a_moderator_changes_on_the_way_is_a_revision_of_theirs() {
    let world = World::new().await;
    let own = question("my keg is flat what now", "my keg is flat what now", &[]);
    let wanted = question("Why is my keg flat?", "My keg is flat. What now?", &["keg"]);
    let told = world.adopts(own, wanted).await;
    assert!(told.contains("#1 is asked."), "{told}");
    let history = world.says("reader", "!history #1").await;
    let (first, second) = history.split_once("Revision 2").expect("two texts");
    assert!(first.contains("Revision 1 by mira"), "{history}");
    assert!(first.contains("my keg is flat what now"), "{history}");
    assert!(!first.contains("Why is my keg flat?"), "{history}");
    assert!(second.contains("by keeper"), "{history}");
    assert!(second.contains("My keg is flat. What now?"), "{history}");
    let shown = world.says("reader", "!show #1").await;
    assert!(
        shown.contains("by mira") && shown.contains("edited by keeper"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_message_becomes_one_post_and_no_other() {
    let world = World::new().await;
    let own = || question("Why is my keg flat?", "It was full yesterday.", &[]);
    assert_eq!(world.adopts(own(), own()).await, "#1 is asked.");
    let again = question("Why is it flat again?", "And again.", &[]);
    let told = world.adopts(again, own()).await;
    assert_eq!(told, "That message is #1 already.");
    let answer = || Act::Answer {
        question: crate::command::Target::At(crate::forum::Address::question(1)),
        body: "It was full yesterday.".to_owned(),
    };
    let told = world.adopts(answer(), answer()).await;
    assert_eq!(told, "That message is #1 already.");
    assert_eq!(world.core.reading().totals().expect("reads").questions, 1);
}

#[tokio::test]
async fn a_message_that_is_taken_over_as_it_is_has_one_text_of_its_authors() {
    let world = World::new().await;
    let own = || question("Why is my keg flat?", "It was full yesterday.", &[]);
    world.adopts(own(), own()).await;
    let history = world.says("reader", "!history #1").await;
    assert!(history.contains("Revision 1 by mira"), "{history}");
    assert!(!history.contains("keeper"), "{history}");
}

#[tokio::test]
async fn nothing_is_posted_where_what_is_wanted_is_refused() {
    let world = World::new().await;
    let own = question("Why is my keg flat?", "", &[]);
    let told = world.adopts(own, question("Why", "", &[])).await;
    assert!(told.contains("at least 5"), "{told}");
    let list = world.says("reader", "!questions").await;
    assert!(list.contains("none yet"), "{list}");
}

#[tokio::test]
async fn a_draft_is_its_writers_alone_in_that_place_for_a_day_and_goes_with_its_post() {
    let world = World::new().await;
    world.says("mira", "!ask Whose words are these?").await;
    let core = &world.core;
    let key = |who: &str, about: &str| DraftKey {
        platform: Platform::MATRIX,
        person: PersonKey(format!("@{who}:x")),
        place: place().key,
        about: about.to_owned(),
    };
    let about = async |who: &str, about: &str| {
        let kept = core.draft_about(&key(who, about)).await;
        kept.expect("reads")
    };
    let named = async |who: &str, place: &PlaceKey, id: &str| {
        let who = PersonKey(format!("@{who}:x"));
        let kept = core.draft(Platform::MATRIX, (&who, place), id).await;
        kept.expect("reads").map(|(_, filled)| filled)
    };
    let keep = async |who: &str, about: &str, filled: &str, text_of| {
        let kept = core.keep_draft(key(who, about), filled.to_owned(), text_of);
        kept.await.expect("the store works")
    };
    let (here, there) = (place().key, PlaceKey("!other".to_owned()));
    let first = keep("mira", "answer", "Mine.", None).await;
    let id = keep("mira", "answer", "Mine, better.", None).await;
    assert_eq!(
        named("mira", &here, &first).await,
        None,
        "another took its place"
    );
    assert_eq!(
        named("mira", &here, &id).await.as_deref(),
        Some("Mine, better.")
    );
    assert_eq!(named("mira", &there, &id).await, None);
    assert_eq!(named("sol", &here, &id).await, None);
    assert_eq!(about("sol", "answer").await, None);
    // What was to be the text of a post goes with it.
    let edit = Some(Address::question(1));
    keep("mira", "edit", "Secretly.", edit).await;
    world.says("mira", "!delete #1").await;
    assert_eq!(about("mira", "edit").await, None);
    assert_eq!(
        about("mira", "answer").await.as_deref(),
        Some("Mine, better.")
    );
    let day = 24 * 60 * 60 * 1000;
    world
        .clock
        .0
        .fetch_add(day, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(about("mira", "answer").await, None);
    let done = core.drop_draft(&key("mira", "answer")).await;
    done.expect("the store works");
}

#[tokio::test]
async fn words_are_kept_for_whom_makes_a_post_of_them_in_that_place_and_a_day_at_most() {
    let world = World::new().await;
    let (here, there) = (PlaceKey("7".to_owned()), PlaceKey("8".to_owned()));
    let message = MessageKey("7/9".to_owned());
    let (keeper, eve) = (PersonKey("1".to_owned()), PersonKey("2".to_owned()));
    let core = &world.core;
    let kept = core.keep_words(Platform::DISCORD, (&here, &message), &keeper, "Why?");
    kept.await.expect("the store works");
    let said = async |place: &PlaceKey, by: &PersonKey| {
        let kept = core.kept_words(Platform::DISCORD, (place, &message), by);
        kept.await.expect("the store works")
    };
    assert_eq!(said(&here, &keeper).await.as_deref(), Some("Why?"));
    assert_eq!(said(&there, &keeper).await, None);
    assert_eq!(said(&here, &eve).await, None);
    let day = 24 * 60 * 60 * 1000 + 1;
    world
        .clock
        .0
        .fetch_add(day, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(said(&here, &keeper).await, None);
}

#[tokio::test]
async fn what_is_covered_is_not_read_in_what_a_search_finds() {
    let world = World::new().await;
    world
        .says(
            "mira",
            "!ask Who did it in the end?\nIt was ||the butler|| in the cellar.",
        )
        .await;
    world
        .says("sol", "!answer #1 Surely ||the gardener|| in the cellar.")
        .await;
    let found = [
        world.says("reader", "!search cellar").await,
        world.says("reader", "!search butler").await,
        world
            .says("reader", "!similar Who did it in the end?")
            .await,
    ];
    for found in found {
        assert!(found.contains("#1"), "{found}");
        assert!(
            !found.contains("the butler") && !found.contains("gardener"),
            "{found}"
        );
    }
}
