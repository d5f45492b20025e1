//! `similar a question` finds questions that may be the same.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Words],
    ..Command::view("similar")
};

/// Questions that may be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Similar {
    /// What would be asked.
    pub text: String,
}

impl Paged for Similar {
    fn at_page(self, _page: u32) -> Self {
        self
    }
}

pub(super) fn build(given: Given) -> Option<Similar> {
    Some(Similar { text: given.text? })
}
