//! `history #42.1` shows a post's earlier texts.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;
use crate::command::target::Target;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post, Param::Page],
    ..Command::view("history")
};

/// A post's earlier texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Which.
    pub post: Target,
    /// The page, from 1.
    pub page: u32,
}

impl Paged for History {
    fn at_page(self, page: u32) -> Self {
        Self { page, ..self }
    }
}

pub(super) fn build(given: Given) -> Option<History> {
    let page = given.page();
    Some(History {
        post: given.post?,
        page,
    })
}
