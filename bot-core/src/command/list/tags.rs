//! `tags ho` lists the tags that begin so.

use serde::{Deserialize, Serialize};

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::paged::Paged;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Tag { marked: false }, Param::Page],
    ..Command::view("tags")
};

/// The tags of a forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// Only those that begin so.
    pub begin: Option<String>,
    /// The page, from 1.
    pub page: u32,
}

impl Paged for Tags {
    fn at_page(self, page: u32) -> Self {
        Self { page, ..self }
    }
}

pub(super) fn build(given: Given) -> Option<Tags> {
    let page = given.page();
    let begin = given.tag;
    Some(Tags { begin, page })
}
