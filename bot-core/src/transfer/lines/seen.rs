//! Which questions a file has had so far, so that one that is in it twice is told. On disk: memory does not grow with the file.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::read::Wrong;
use crate::store::record::{Item, Question};
use crate::store::{self, Scratch};

/// The questions that a file has had so far.
pub(super) struct SeenQuestions(Scratch);

/// By what a question is known within its file.
#[derive(Hash)]
enum QuestionName<'q> {
    Id(&'q str),
    Origin(&'q str, &'q str),
    Number(u32),
}

impl SeenQuestions {
    pub(super) fn new() -> Result<Self, store::Fault> {
        Scratch::new().map(Self)
    }

    /// An item, if it is none of a question that came before.
    pub(super) fn first(
        &self,
        item: Option<Item>,
    ) -> Result<Result<Option<Item>, Wrong>, store::Fault> {
        let Some(Item::Question(question)) = &item else {
            return Ok(Ok(item));
        };
        let Some(name) = name(question) else {
            return Ok(Ok(item));
        };
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let is_first = self
            .0
            .see(hasher.finish().cast_signed(), store::SeenPost::Question)?;
        Ok(match is_first {
            true => Ok(item),
            false => Err(Wrong::new(match name {
                QuestionName::Id(_) | QuestionName::Origin(..) => "a line before has the same `id`",
                QuestionName::Number(_) => "a line before has the same `number`",
            })),
        })
    }
}

fn name(question: &Question) -> Option<QuestionName<'_>> {
    let id = question.id.as_deref().map(QuestionName::Id);
    let origin = question.origin.as_ref();
    id.or_else(|| origin.map(|origin| QuestionName::Origin(&origin.source, &origin.id)))
        .or_else(|| question.number.map(QuestionName::Number))
}
