//! What each thing that a question has in common with a search counts. What search uses is the default; the measurements
//! in `docs/search.md` take one part out at a time.

/// How questions are ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// What a word counts in the title, beside the 1 that it counts in the field of all texts.
    pub title: f32,
    /// What a stop word counts, in the title.
    pub stop: f32,
    /// How many words are looked for: those that the fewest questions have.
    pub rarest: usize,
    /// How many of the best are looked at once more.
    pub reranked: usize,
    /// What two of the words count where they stand together as in the search, beside how rare they are.
    pub proximity: f32,
    /// What a title counts that is the search itself, in parts of what the best question has.
    pub likeness: f32,
    /// Whether words that nobody wrote are taken for misspelt ones.
    pub spelling: bool,
    /// Whether `home brew` finds `homebrew`, and the other way round.
    pub compounds: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            title: 0.7,
            stop: 0.6,
            rarest: 15,
            reranked: 30,
            proximity: 0.5,
            likeness: 0.3,
            spelling: true,
            compounds: true,
        }
    }
}
