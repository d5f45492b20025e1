use proptest::prelude::*;

use super::*;

fn content(text: &str) -> Vec<String> {
    Query::parse(text)
        .stems(Weight::Content)
        .map(str::to_owned)
        .collect()
}

fn wanted(what: ConditionKind) -> QueryCondition {
    QueryCondition {
        sense: Sense::Wanted,
        what,
    }
}

fn unwanted(what: ConditionKind) -> QueryCondition {
    QueryCondition {
        sense: Sense::Unwanted,
        what,
    }
}

fn exact(words: &[&str]) -> ConditionKind {
    ConditionKind::Exact(words.iter().map(|&word| word.to_owned()).collect())
}

#[test]
fn words_are_kept_once_and_stop_words_known() {
    let query = Query::parse("How do I brew beer, brewing BEER?");
    assert_eq!(
        query.stems(Weight::Content).collect::<Vec<_>>(),
        ["brew", "beer"]
    );
    assert_eq!(
        query.stems(Weight::Stop).collect::<Vec<_>>(),
        ["how", "do", "i"]
    );
    assert!(query.conditions.is_empty());
}

#[test]
fn every_filter_is_understood() {
    let query = Query::parse(
        "tag:Rust by:@Mira BY:\"Sol  Luna\" is:answered IS:Unanswered is:closed score:5 score:-3",
    );
    assert_eq!(
        query.conditions,
        [
            wanted(ConditionKind::Tag("rust".to_owned())),
            wanted(ConditionKind::By("mira".to_owned())),
            wanted(ConditionKind::By("sol luna".to_owned())),
            wanted(ConditionKind::Is(State::Answered)),
            wanted(ConditionKind::Is(State::Unanswered)),
            wanted(ConditionKind::Is(State::Closed)),
            wanted(ConditionKind::Score(5)),
            wanted(ConditionKind::Score(-3)),
        ]
    );
    assert!(query.words.is_empty());
}

#[test]
fn exact_words_and_exclusions_are_understood() {
    let query = Query::parse("\"cold crash\" -lager -\"dry hopping\" -tag:cider -foo_bar");
    assert_eq!(
        query.conditions,
        [
            wanted(exact(&["cold", "crash"])),
            unwanted(exact(&["lager"])),
            unwanted(exact(&["dri", "hop"])),
            unwanted(ConditionKind::Tag("cider".to_owned())),
            unwanted(exact(&["foo", "bar"])),
        ]
    );
    assert_eq!(content("“cold crash”"), ["cold", "crash"]);
}

#[test]
fn what_is_not_understood_is_searched_as_words() {
    assert_eq!(content("is:purple"), ["purpl"]);
    assert_eq!(content("score:x"), ["score", "x"]);
    assert_eq!(content("\"never closed"), ["never", "close"]);
    assert_eq!(content("in:setup"), ["setup"]);
    assert_eq!(content("tag:"), ["tag"]);
    assert_eq!(content("tag:\"\""), ["tag"]);
    assert_eq!(
        content("http://example.com"),
        ["http", "example.com", "exampl", "com"]
    );
    assert_eq!(content("--release"), ["releas"]);
    for text in [
        "is:purple",
        "\"never closed",
        "in:setup",
        "tag:",
        "--release",
        "- lager",
    ] {
        assert_eq!(Query::parse(text).conditions, [], "{text}");
    }
}

#[test]
fn a_question_is_called_by_its_number() {
    assert_eq!(Query::parse("#42 beer #42").numbers, [42]);
    assert_eq!(Query::parse("42 #x").numbers, [] as [u32; 0]);
}

#[test]
fn nothing_but_punctuation_is_blank() {
    for text in [
        "",
        "   ",
        "?!… —",
        "\"\"",
        "\"",
        "-",
        "--",
        ":",
        "- -",
        "-\"\"",
        "😀",
    ] {
        assert!(Query::parse(text).is_blank(), "{text}");
    }
    assert!(!Query::parse("the").is_blank());
    assert!(!Query::parse("-lager").is_blank());
}

#[test]
fn a_query_of_any_size_is_kept_small() {
    let page = (0..3_000).map(|n| format!("w{n} ")).collect::<String>();
    assert_eq!(Query::parse(&page).words.len(), WORDS_MAX);
    let filters = (0..1_000).map(|n| format!("tag:t{n} ")).collect::<String>();
    assert_eq!(Query::parse(&filters).conditions.len(), CONDITIONS_MAX);
    let quote = format!("\"{page}\"");
    assert_eq!(
        Query::parse(&quote)
            .conditions
            .first()
            .map(|condition| match &condition.what {
                ConditionKind::Exact(words) => words.len(),
                ConditionKind::Tag(_)
                | ConditionKind::By(_)
                | ConditionKind::Is(_)
                | ConditionKind::Score(_) => 0,
            }),
        Some(EXACT_MAX)
    );
    let _ = Query::parse(&"\" -\"".repeat(3_000));
}

proptest! {
    #[test]
    fn any_text_is_a_query(text in "\\PC*", marked in "[-\":a-z#@ \t]{0,60}") {
        let _ = Query::parse(&text);
        let _ = Query::parse(&marked);
    }
}
