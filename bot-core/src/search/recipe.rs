//! What each thing that a question has in common with a search counts. What search uses is the default; the measurements
//! in `docs/search.md` take one part out at a time.

/// How questions are ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// What a word counts in the title, beside the 1 that it counts in the field of all texts.
    pub title: f32,
    /// What a stop word counts, in the title.
    pub stop: f32,
    /// How many words are looked for: those that say most.
    pub rarest: usize,
    /// How often a word counts at most that is said several times.
    pub times: u16,
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

impl Recipe {
    /// Another recipe: `proximity=0,spelling=0`. What is not named stays; `spelling` and `compounds` are off at 0.
    ///
    /// The fault is what can't be understood.
    pub fn with(mut self, changes: &str) -> Result<Self, String> {
        for change in changes.split(',').filter(|change| !change.is_empty()) {
            let (part, value) = change.split_once('=').ok_or(change)?;
            let value: f32 = value.parse().map_err(|_| change)?;
            match part {
                "title" => self.title = value,
                "stop" => self.stop = value,
                "rarest" => self.rarest = value as usize,
                "times" => self.times = value as u16,
                "reranked" => self.reranked = value as usize,
                "proximity" => self.proximity = value,
                "likeness" => self.likeness = value,
                "spelling" => self.spelling = value != 0.0,
                "compounds" => self.compounds = value != 0.0,
                _ => return Err(change.to_owned()),
            }
        }
        Ok(self)
    }
}

impl Recipe {
    /// What a word counts that is said so often.
    pub(super) fn times(&self, said: u16) -> f32 {
        f32::from(said.min(self.times))
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            title: 0.7,
            stop: 0.6,
            rarest: 25,
            times: 10,
            reranked: 30,
            proximity: 0.5,
            likeness: 0.3,
            spelling: true,
            compounds: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_changed_part_by_part() {
        let changed = Recipe::default().with("proximity=0,rarest=7,spelling=0");
        let wanted = Recipe {
            proximity: 0.0,
            rarest: 7,
            spelling: false,
            ..Recipe::default()
        };
        assert_eq!(changed, Ok(wanted));
        assert_eq!(Recipe::default().with(""), Ok(Recipe::default()));
        for wrong in ["salt=1", "title", "title=much"] {
            assert_eq!(Recipe::default().with(wrong), Err(wrong.to_owned()));
        }
    }
}
