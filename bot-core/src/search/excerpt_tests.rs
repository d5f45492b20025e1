use proptest::prelude::*;

use super::*;

/// The excerpt as text, marks in brackets.
fn shown(query: &str, text: &str, most: usize) -> String {
    Excerpts::new(&Query::parse(query), &SharedStems::default())
        .of(text, most)
        .into_iter()
        .map(|piece| {
            if piece.marked {
                format!("[{}]", piece.text)
            } else {
                piece.text
            }
        })
        .collect()
}

#[test]
fn words_are_marked_by_their_stems() {
    assert_eq!(
        shown("brewing beers", "I brewed a beer.", 80),
        "I [brewed] a [beer]."
    );
    assert_eq!(
        shown("cafe", "The Café’s  \n door", 80),
        "The [Café’s] door"
    );
    assert_eq!(
        shown("foo_bar", "call foo_bar, foo or bar", 80),
        "call [foo_bar], [foo] or [bar]"
    );
}

#[test]
fn words_whose_stems_begin_otherwise_are_marked_too() {
    assert_eq!(shown("die", "Dying skies", 80), "[Dying] skies");
    assert_eq!(shown("sky", "Dying skies", 80), "Dying [skies]");
    assert_eq!(shown("oclock", "at six o'clock", 80), "at six [o'clock]");
}

#[test]
fn stop_words_are_marked_only_where_there_are_no_others() {
    assert_eq!(shown("the keg", "the keg", 80), "the [keg]");
    assert_eq!(shown("to be", "to be or not", 80), "[to] [be] or not");
}

#[test]
fn the_passage_with_most_different_words_is_shown() {
    let far = "word ".repeat(40);
    let text = format!("keg keg keg {far} an open keg lasts a month {far}");
    assert_eq!(
        shown("how long does an open keg last", &text, 40),
        "…word an [open] [keg] [lasts] a month word word…"
    );
}

#[test]
fn an_excerpt_is_cut_between_words_and_says_so() {
    assert_eq!(
        shown("malt", "pale malt and crystal sugar", 14),
        "…[malt] and…"
    );
    assert_eq!(
        shown("sugar", "pale malt and crystal sugar", 14),
        "…crystal [sugar]"
    );
    assert_eq!(shown("malt", "pale malt", 9), "pale [malt]");
}

#[test]
fn nothing_found_nothing_shown() {
    assert_eq!(shown("hops", "pale malt", 80), "");
    assert_eq!(shown("?!", "pale malt", 80), "");
    assert_eq!(shown("malt", "", 80), "");
}

#[test]
fn a_text_without_spaces_is_cut_between_characters() {
    let text = "👩‍👩‍👧".repeat(50) + "malt" + &"e\u{301}".repeat(50);
    assert_eq!(shown("nothing", &text, 10), "");
    let long = "x".repeat(500);
    assert_eq!(shown(&long, &long, 10), format!("[{}]…", "x".repeat(10)));
}

proptest! {
    /// That endings are all that stemming changes is taken for granted where words are left unstemmed.
    #[test]
    fn every_word_that_has_a_stem_of_the_query_may_be_sought(
        word in "[a-zA-Z]{1,4}(at|bl|iz|enc|anc|log|i|y|s|ss|e|l)?(e|s|es|ies|ing|ying|ed|ly|ational|tional|biliti|bility|iveness|fulness|alism|ization|ously|y|ied|ogi|ement)?",
    ) {
        let query = Query::parse(&word);
        prop_assert!(query.marked_stems().is_empty() || Excerpts::new(&query, &SharedStems::default()).may_be_sought(&word), "{}", word);
    }

    #[test]
    fn an_excerpt_is_never_longer_than_asked_and_always_of_the_text(
        text in "([a-e]{1,3}[ _.\n👍é]?){0,60}",
        query in "[a-e]{1,2} [a-e]{1,2}",
        most in 0_usize..40,
    ) {
        let pieces = Excerpts::new(&Query::parse(&query), &SharedStems::default()).of(&text, most);
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let bare = whole.trim_start_matches(CUT).trim_end_matches(CUT);
        prop_assert!(bare.graphemes(true).count() <= most);
        prop_assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(bare));
    }
}
