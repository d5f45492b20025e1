//! `questions hot tag:beer 2` lists questions.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;
use crate::command::target::ListOrder;

pub(super) const COMMAND: Command = Command {
    aliases: &["list"],
    params: &[Param::Order, Param::Tag { marked: true }, Param::Page],
    is_common: true,
    ..Command::view("questions")
};

/// A list of questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questions {
    /// Which.
    pub order: ListOrder,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// The page, from 1.
    pub page: u32,
}

impl Paged for Questions {
    fn at_page(self, page: u32) -> Self {
        Self { page, ..self }
    }
}

pub(super) fn build(given: Given) -> Option<Questions> {
    Some(Questions {
        order: given.order.unwrap_or_default(),
        page: given.page(),
        tag: given.tag,
    })
}
