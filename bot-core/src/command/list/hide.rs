//! `hide #42.1` hides a post.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post],
    who: Who::Author,
    ..Command::act("hide")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Hide { post: given.post? })
}
