//! What made-up forums are like.

use super::*;

#[test]
fn the_same_seed_makes_the_same_forum_and_another_one_another() {
    let forum = |seed| Forum::new(300, seed).collect::<Vec<_>>();
    assert_eq!(forum(1), forum(1));
    assert_ne!(forum(1), forum(2));
    let queries = |seed| Forum::new(300, seed).queries(20).collect::<Vec<_>>();
    assert_eq!(queries(1), queries(1));
}

#[test]
fn there_are_as_many_posts_as_were_asked_for() {
    for posts in [0, 1, 2, 100, 3_001] {
        let made = Forum::new(posts, 7);
        let sum: usize = made.map(|question| 1 + question.answers.len()).sum();
        assert_eq!(sum as u64, posts);
    }
}

#[test]
fn it_looks_like_a_forum() {
    let forum: Vec<Question> = Forum::new(3_000, 7).collect();
    assert!((700..1_500).contains(&forum.len()), "{}", forum.len());
    for question in &forum {
        let length = question.title.chars().count();
        assert!((5..=150).contains(&length), "{}", question.title);
        assert!(
            question
                .accepted
                .is_none_or(|at| at < question.answers.len())
        );
        assert!(
            question
                .answers
                .iter()
                .all(|answer| answer.at >= question.post.at)
        );
    }
    let votes = |votes: fn(&MadePost) -> u32| {
        let mut all: Vec<u32> = forum.iter().map(|question| votes(&question.post)).collect();
        all.sort_unstable();
        (all[all.len() / 2], all[all.len() - 1])
    };
    let (median, most) = votes(|post| post.ups);
    assert!(median <= 3 && most >= 20, "{median} {most}");
    let unanswered = forum.iter().filter(|question| question.answers.is_empty());
    assert!(unanswered.count() * 10 > forum.len());
}

#[test]
fn it_has_as_many_people_as_a_real_forum_and_most_of_them_never_post() {
    let made = Forum::new(3_087, 7);
    assert_eq!(made.people(), 6_863);
    let posts = made.flat_map(|question| [vec![question.post], question.answers].concat());
    let writers = posts.flat_map(|post| {
        let comments = post.comments.iter().map(|(author, ..)| *author);
        comments.chain([post.author]).collect::<Vec<_>>()
    });
    let writers: std::collections::BTreeSet<u64> = writers.collect();
    assert!(writers.last().is_some_and(|last| *last < 6_863));
    assert!((500..3_500).contains(&writers.len()), "{}", writers.len());
}

#[test]
fn its_lines_are_its_questions_however_they_are_read() {
    use std::io::{BufRead, BufReader};
    let lines = || Lines::of(Forum::new(30, 1));
    let small: Vec<String> = BufReader::with_capacity(7, lines())
        .lines()
        .map(Result::unwrap)
        .collect();
    let large: Vec<String> = BufReader::new(lines())
        .lines()
        .map(Result::unwrap)
        .collect();
    assert_eq!(small, large);
    let people = Forum::new(30, 1).people();
    let (people, questions) = large.split_at(usize::try_from(people).unwrap());
    for (number, line) in people.iter().enumerate() {
        let read: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(read["person"][0]["key"], number.to_string());
    }
    assert_eq!(questions.len(), Forum::new(30, 1).count());
    for (line, question) in questions.iter().zip(Forum::new(30, 1)) {
        let read: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(read["title"], question.title);
        assert_eq!(
            read["answers"].as_array().unwrap().len(),
            question.answers.len()
        );
    }
}
