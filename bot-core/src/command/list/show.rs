//! `show #42` shows a question with all that hangs on it.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;
use crate::command::target::Target;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post, Param::Page],
    is_common: true,
    ..Command::view("show")
};

/// A question with all that hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Show {
    /// Which; any post of it.
    pub post: Target,
    /// The page, from 1.
    pub page: u32,
}

impl Paged for Show {
    fn at_page(self, page: u32) -> Self {
        Self { page, ..self }
    }
}

pub(super) fn build(given: Given) -> Option<Show> {
    let page = given.page();
    Some(Show {
        post: given.post?,
        page,
    })
}
