//! The acts, each done several times over by as many people.

use bot_core::engine::{Core, Fault, Options, Stopper, stop};
use bot_core::forum::{InTen, Limits, Retention};
use bot_core::made::Forum;
use bot_core::platform::{IncomingEvent, MessageKey, Response};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

use crate::room::{self, ManualClock, Numbers, Room};
use crate::{POSTS, valgrind};

/// How many times each is done before it is counted, and how many times while it is.
const BEFORE: usize = 4;
const TIMES: usize = 24;
/// How many there are of all: people, and questions with cards.
const ALL: usize = BEFORE + TIMES;
/// What is served, until it is stopped.
type Served = (Stopper, JoinHandle<Result<(), Fault>>);

struct Acts {
    core: Core,
    chat: Arc<Room>,
    clock: Arc<ManualClock>,
    events: usize,
}

/// Performs them all on the forum in a folder. One thread for all that waits, besides this one, which blocks until all is quiet after
/// each act; the core has threads of its own.
pub fn perform(dir: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.expect("a runtime starts").block_on(all(dir));
}

async fn all(dir: &Path) {
    let clock = Arc::new(ManualClock::new());
    let options = Options {
        dir: dir.to_owned(),
        prefix: "!".to_owned(),
        language: "en".to_owned(),
        similar: InTen::default(),
        limits: Limits::default(),
        retention: Retention::default(),
    };
    let core = Core::open(options, clock.clone(), Box::new(Numbers(7))).expect("opens");
    let opened = core.place_opened(room::CHAT, &room::place()).await;
    opened.expect("the store works");
    let mut acts = Acts {
        core,
        chat: Arc::default(),
        clock,
        events: 0,
    };
    let served = acts.serve();
    // The index is built.
    valgrind::until_quiet();
    let made = Forum::new(POSTS, 1);
    let queries: Vec<_> = made.queries(ALL).collect();
    let first = made.count() + 1;

    acts.count("an ask", is_done, |number| {
        format!("!ask How long does keg number {number} keep once it is opened?\nIt stands in the **cold**.")
    })
    .await;
    let own = |number: usize| first + number;
    acts.count("an answer", is_done, |number| {
        format!(
            "!answer #{}\nAbout six weeks, if it is kept *cold*.",
            own(number)
        )
    })
    .await;
    acts.count("an edit", is_done, |number| {
        format!(
            "!edit #{}\nIt stands in the **warm**, number {number}.",
            own(number)
        )
    })
    .await;
    acts.count("a vote", is_done, |number| {
        format!("!up #{}", 100 + number * 7)
    })
    .await;
    acts.count("a search", is_shown, |number| {
        format!("!search {}", queries[number])
    })
    .await;
    acts.count("a question shown", is_shown, |number| {
        format!("!show #{}", own(number))
    })
    .await;

    // Nothing is drawn while nobody serves.
    end(served).await;
    acts.count_reactions("a reaction", 1).await;
    let served = acts.serve();
    valgrind::until_quiet();
    acts.count_reactions("a reaction, and its card drawn and edited", 2)
        .await;
    end(served).await;
    acts.core.close().await;
}

impl Acts {
    fn serve(&self) -> Served {
        let (stopper, stop) = stop();
        let (core, chat) = (self.core.clone(), self.chat.clone());
        (
            stopper,
            tokio::spawn(async move { core.serve(chat, stop).await }),
        )
    }

    /// Counts what the people say, each of them once. What came of it has to be what was wanted.
    async fn count(
        &mut self,
        act: &str,
        succeeded: fn(&Response) -> bool,
        say: impl Fn(usize) -> String,
    ) {
        self.tidy().await;
        for number in 0..ALL {
            if number == BEFORE {
                valgrind::begin();
            }
            let text = say(number);
            let said = text.clone();
            let response = self
                .hear(number, |message| IncomingEvent::Said {
                    message,
                    text,
                    reply_to: None,
                    thread: None,
                })
                .await;
            assert!(succeeded(&response), "{said}: {response:?}");
            valgrind::until_quiet();
            if number >= BEFORE {
                valgrind::counted(act);
            }
        }
        valgrind::end();
    }

    /// Counts 👍, of each person on the question that was asked by so many people behind.
    async fn count_reactions(&mut self, act: &str, behind: usize) {
        self.tidy().await;
        for number in 0..ALL {
            if number == BEFORE {
                valgrind::begin();
            }
            let on = room::card(((number + behind) % ALL) as u64);
            let response = self
                .hear(number, |reaction| IncomingEvent::Reacted {
                    reaction,
                    on,
                    emoji: "👍".to_owned(),
                })
                .await;
            assert!(is_done(&response), "{response:?}");
            valgrind::until_quiet();
            if number >= BEFORE {
                valgrind::counted(act);
            }
        }
        valgrind::end();
    }

    /// Has all done that the core does from time to time: else it falls into the one act or into the other.
    async fn tidy(&self) {
        self.core.kept_house().await.expect("the store works");
        valgrind::until_quiet();
    }

    async fn hear(
        &mut self,
        person: usize,
        what: impl FnOnce(MessageKey) -> IncomingEvent,
    ) -> Response {
        self.clock.move_on();
        self.events += 1;
        let at = bot_core::chance::Clock::now(&*self.clock);
        let event = room::event(person, self.events, at, what);
        self.core.hear(event).await.expect("the store works")
    }
}

fn is_done(response: &Response) -> bool {
    response.done
}

fn is_shown(response: &Response) -> bool {
    response.reply.is_some()
}

async fn end((stopper, served): Served) {
    stopper.request();
    let served = served.await.expect("no panic");
    served.expect("the store works");
}
