//! `unvote #42.1` takes a vote back.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post],
    ..Command::act("unvote")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Unvote { post: given.post? })
}
