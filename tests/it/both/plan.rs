//! What twenty people do, by chance with a seed: the same seed is the same run. Also what the forum is to show in the end. Pure.

use std::collections::BTreeMap;
use std::fmt;

/// How many people are on each side.
pub const EACH: usize = 10;
/// The most questions.
const QUESTIONS: usize = 6;

/// Somebody: the first [`EACH`] are on Discord, the others on Matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who(pub usize);

impl Who {
    /// Whether they are on Discord.
    pub const fn is_on_discord(self) -> bool {
        self.0 < EACH
    }
}

/// A post: a question, or an answer to one; both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub usize, pub Option<usize>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            None => write!(f, "#{}", self.0),
            Some(answer) => write!(f, "#{}.{answer}", self.0),
        }
    }
}

/// What somebody does. Who reacts has taken back their other reaction before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserAction {
    Ask { at: At, title: String },
    Answer { at: At, text: String },
    Edit { at: At, text: String },
    Withdraw { at: At },
    Accept { at: At },
    React { at: At, emoji: &'static str },
    TakeBack { at: At, emoji: &'static str },
}

/// A post as it is to be in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub by: Who,
    /// A question's title, an answer's text.
    pub text: String,
    pub votes: BTreeMap<Who, &'static str>,
    pub accepted: bool,
    pub withdrawn: bool,
}

/// All that is done, in order, and what comes of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub actions: Vec<(Who, UserAction)>,
    pub posts: BTreeMap<At, Post>,
}

/// SplitMix64, by Sebastiano Vigna.
pub struct SeededRng(pub u64);

impl SeededRng {
    /// A number below so many.
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let sides = u64::try_from(sides.max(1)).expect("few");
        usize::try_from((mixed ^ (mixed >> 31)) % sides).expect("few")
    }
}

impl Plan {
    /// So many acts of this seed.
    pub fn new(seed: u64, acts: usize) -> Self {
        let mut plan = Self {
            actions: Vec::new(),
            posts: BTreeMap::new(),
        };
        let mut rng = SeededRng(seed);
        while plan.actions.len() < acts {
            let who = Who(rng.throw(2 * EACH));
            let kind = rng.throw(100);
            plan.act(who, kind, &mut rng);
        }
        plan.actions.truncate(acts);
        plan
    }

    fn act(&mut self, who: Who, kind: usize, rng: &mut SeededRng) {
        let number = self.actions.len();
        let questions: Vec<At> = self.living(|at, _| at.1.is_none());
        if questions.is_empty() || (kind < 4 && questions.len() < QUESTIONS) {
            let at = At(questions.len() + 1, None);
            let title = format!("What is it about number {number}?");
            self.add(at, who, title.clone());
            return self.actions.push((who, UserAction::Ask { at, title }));
        }
        let any = |of: &[At], rng: &mut SeededRng| of.get(rng.throw(of.len())).copied();
        let own = |at: &At, post: &Post| at.1.is_some() && post.by == who;
        match kind {
            4..14 => {
                let Some(question) = any(&questions, rng) else {
                    return;
                };
                let answers = self.posts.keys().filter(|at| at.0 == question.0).count();
                let at = At(question.0, Some(answers));
                let text = format!("It is so for reason {number}.");
                self.add(at, who, text.clone());
                self.actions.push((who, UserAction::Answer { at, text }));
            }
            // On Discord a post is edited in a dialog, which others test.
            14..20 if !who.is_on_discord() => {
                if let Some(at) = any(&self.living(own), rng) {
                    let text = format!("It is rather so for reason {number}.");
                    self.posts
                        .entry(at)
                        .and_modify(|post| post.text.clone_from(&text));
                    self.actions.push((who, UserAction::Edit { at, text }));
                }
            }
            20..23 if !who.is_on_discord() => {
                let own = self.living(|at, post| own(at, post) && !post.accepted);
                if let Some(at) = any(&own, rng) {
                    self.posts
                        .entry(at)
                        .and_modify(|post| post.withdrawn = true);
                    self.actions.push((who, UserAction::Withdraw { at }));
                }
            }
            23..30 => {
                let answers = self.living(|at, _| at.1.is_some());
                let Some(at) = any(&answers, rng) else {
                    return;
                };
                let all = self.living(|other, post| other.0 == at.0 && post.accepted);
                if all.is_empty() {
                    self.posts.entry(at).and_modify(|post| post.accepted = true);
                    let asker = self.posts[&At(at.0, None)].by;
                    self.actions.push((asker, UserAction::Accept { at }));
                }
            }
            _ => {
                let others = self.living(|_, post| post.by != who);
                let Some(at) = any(&others, rng) else {
                    return;
                };
                let Some(post) = self.posts.get_mut(&at) else {
                    return;
                };
                let emoji = if rng.throw(3) == 0 { "👎" } else { "👍" };
                if let Some(before) = post.votes.remove(&who) {
                    self.actions
                        .push((who, UserAction::TakeBack { at, emoji: before }));
                    if before == emoji {
                        return;
                    }
                }
                post.votes.insert(who, emoji);
                self.actions.push((who, UserAction::React { at, emoji }));
            }
        }
    }

    fn add(&mut self, at: At, by: Who, text: String) {
        let post = Post {
            by,
            text,
            votes: BTreeMap::new(),
            accepted: false,
            withdrawn: false,
        };
        self.posts.insert(at, post);
    }

    /// The posts that are there and are so.
    pub fn living(&self, is_so: impl Fn(&At, &Post) -> bool) -> Vec<At> {
        let there = self.posts.iter().filter(|(_, post)| !post.withdrawn);
        there
            .filter(|(at, post)| is_so(at, post))
            .map(|(at, _)| *at)
            .collect()
    }

    /// What a post's card is to say, beside the beginning of the line with its votes.
    pub fn says(&self, at: At) -> Vec<String> {
        let post = &self.posts[&at];
        let mut says = vec![post.text.clone()];
        if at.1.is_some() {
            says.extend(post.accepted.then(|| "Accepted answer".to_owned()));
            return says;
        }
        let answers = self.living(|other, _| other.0 == at.0 && other.1.is_some());
        says.push(match answers.len() {
            0 => "no answers yet".to_owned(),
            1 => "1 answer ·".to_owned(),
            count => format!("{count} answers ·"),
        });
        let accepted = answers.iter().find(|answer| self.posts[*answer].accepted);
        says.extend(accepted.map(|_| "Answered: ".to_owned()));
        says
    }

    /// How the line with a post's votes begins.
    pub fn votes(&self, at: At) -> String {
        let votes = self.posts[&at].votes.values();
        let sum: i64 = votes.map(|emoji| if *emoji == "👍" { 1 } else { -1 }).sum();
        let sign = match sum {
            0 => "",
            1.. => "+",
            ..0 => "–",
        };
        let s = if sum.abs() == 1 { "" } else { "s" };
        format!("{sign}{} vote{s} ·", sum.abs())
    }
}

#[test]
fn a_seed_is_a_run() {
    assert_eq!(Plan::new(7, 1_000), Plan::new(7, 1_000));
    assert_ne!(Plan::new(7, 1_000), Plan::new(8, 1_000));
    assert_eq!(
        Plan::new(7, 1_000).actions[..200],
        Plan::new(7, 200).actions
    );
}
