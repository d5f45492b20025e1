//! `comment #42.1 text` comments on a post.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    aliases: &["c"],
    params: &[Param::Post, Param::Text { needed: true }],
    is_common: true,
    ..Command::act("comment")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Comment {
        on: given.post?,
        body: given.text?,
    })
}
