//! `help ask` shows what can be said.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;

pub(super) const COMMAND: Command = Command {
    aliases: &["h"],
    params: &[Param::Topic],
    is_common: true,
    ..Command::view("help")
};

/// What can be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// About the command of this name only.
    pub topic: Option<String>,
}

impl Paged for Help {
    fn at_page(self, _page: u32) -> Self {
        self
    }
}

pub(super) fn build(given: Given) -> Option<Help> {
    Some(Help { topic: given.topic })
}
