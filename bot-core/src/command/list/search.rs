//! `search words page:2` finds questions.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;

pub(super) const COMMAND: Command = Command {
    aliases: &["find", "s"],
    params: &[Param::Words],
    is_common: true,
    ..Command::view("search")
};

/// Questions that are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// What for.
    pub query: String,
    /// The page, from 1.
    pub page: u32,
}

impl Paged for Search {
    fn at_page(self, page: u32) -> Self {
        Self { page, ..self }
    }
}

pub(super) fn build(given: Given) -> Option<Search> {
    let page = given.page();
    let query = given.text?;
    Some(Search { query, page })
}
