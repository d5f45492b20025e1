//! `unhide #42.1` shows a hidden post again.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post],
    who: Who::Author,
    ..Command::act("unhide")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Unhide { post: given.post? })
}
