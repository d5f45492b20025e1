//! What is found equals what reading every text finds, whatever the query and however the index is cut into segments.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

const WORDS: [&str; 5] = ["red", "blue", "green", "amber", "violet"];

/// Questions of few words, posted over many commits, some changed and some taken back.
struct Garden {
    world: World,
    running: Running,
    /// The texts of each question that is there, title first.
    texts: Vec<(PostId, Vec<String>)>,
}

fn garden() -> Garden {
    let world = World::new();
    let running = world.open();
    let mut left = 7_usize;
    let mut words = |least: usize| {
        left = left.wrapping_mul(6_364_136_223_846_793_005) >> 3;
        let count = least + left % 4;
        let words = (0..count).map(|place| WORDS[(left >> (3 * place + 5)) % WORDS.len()]);
        words.collect::<Vec<_>>().join(" ")
    };
    let mut texts = Vec::new();
    for number in 0..60 {
        let mut said = vec![words(2), words(0)];
        let question = world.ask(&said[0], &said[1]);
        for _ in 0..number % 4 {
            said.push(words(1));
            world.answer(question, &said[said.len() - 1]);
        }
        match number % 7 {
            0 => world.withdraw(question),
            1 => {
                said[0] = words(3);
                said[1].clear();
                world.retitle(question, &said[0]);
                texts.push((question, said));
            }
            _ => texts.push((question, said)),
        }
        if number % 5 != 0 {
            world.settle(&running);
        }
    }
    world.settle(&running);
    Garden {
        world,
        running,
        texts,
    }
}

impl Garden {
    fn found(&self, query: &str) -> Vec<PostId> {
        let query = Query::parse(query);
        let found = self.running.search.find(self.world.forum, &query, 0, 100);
        let mut ids: Vec<_> = found.unwrap().hits.iter().map(|hit| hit.0).collect();
        ids.sort();
        ids
    }

    /// Questions that have one of the words, if there are any, all of the exact words and none of the unwanted ones.
    fn read(&self, words: &[&str], exact: &[String], unwanted: &[String]) -> Vec<PostId> {
        let has = |texts: &[String], run: &str| {
            let run = format!(" {run} ");
            texts.iter().any(|text| format!(" {text} ").contains(&run))
        };
        let fitting = self.texts.iter().filter(|(_, texts)| {
            (words.is_empty() || words.iter().any(|word| has(texts, word)))
                && exact.iter().all(|run| has(texts, run))
                && !unwanted.iter().any(|run| has(texts, run))
        });
        fitting.map(|(question, _)| *question).collect()
    }
}

fn run() -> impl Strategy<Value = String> {
    let words = proptest::collection::vec(proptest::sample::select(&WORDS[..]), 1..4);
    words.prop_map(|words| words.join(" "))
}

#[test]
fn what_is_found_is_what_reading_everything_finds() {
    let garden = garden();
    let some = |from| proptest::collection::vec(from, 0..3);
    let words = proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..3);
    let queries = (words, some(run().boxed()), some(run().boxed()));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    let outcome = runner.run(&queries, |(words, exact, unwanted)| {
        let quoted = |runs: &[String], sign: &str| -> String {
            let runs = runs.iter().map(|run| format!("{sign}\"{run}\" "));
            runs.collect()
        };
        let query = words.join(" ") + " " + &quoted(&exact, "") + &quoted(&unwanted, "-");
        prop_assume!(!query.trim().is_empty());
        let any = if exact.is_empty() { words } else { Vec::new() };
        prop_assert_eq!(
            garden.found(&query),
            garden.read(&any, &exact, &unwanted),
            "{}",
            query
        );
        Ok(())
    });
    outcome.unwrap();
}
