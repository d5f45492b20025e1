//! English words that say how a thing is said rather than what it is about. They count a little in titles and nothing
//! elsewhere ("soft" stop words), unless a search has no others.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tokens::Stems;

/// The words by their kinds: articles and pronouns, prepositions, conjunctions, auxiliaries, question words, fillers.
const WORDS: &[&str] = &[
    "a an the this that these those i me my mine myself we us our ours you your yours yourself he him his she her hers it its \
     itself they them their theirs one ones someone something anyone anything everyone everything",
    "about after against at before between by down during for from in into of off on onto out over through to under until up \
     upon with within without",
    "and or but nor so than then if else because as while although though",
    "am is are was were be been being do does did doing done have has had having can could may might must shall should will \
     would dont doesnt didnt cant couldnt isnt arent wasnt werent havent hasnt hadnt wont wouldnt shouldnt im ive id ill youre \
     theyre thats",
    "how what when where which who whom whose why whats hows",
    "any some all both each few many more most much other such no not only own same just also even too very again ever there \
     here now please possible way get got like want need use using know",
];

/// The stems of [`WORDS`].
static STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut stems = Stems::new();
    WORDS
        .iter()
        .flat_map(|line| line.split_whitespace())
        .map(|word| stems.stem(word).to_owned())
        .collect()
});

/// Whether a stem is that of a stop word.
pub(super) fn is_stop(stem: &str) -> bool {
    STEMS.contains(stem)
}
