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
    let votes = |votes: fn(&Post) -> u32| {
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
    for (line, question) in large.iter().zip(Forum::new(30, 1)) {
        let read: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(read["title"], question.title);
        assert_eq!(
            read["answers"].as_array().unwrap().len(),
            question.answers.len()
        );
    }
}
