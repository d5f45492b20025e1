//! `delete #42.1` takes a post back.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    aliases: &["withdraw"],
    params: &[Param::Post],
    who: Who::Author,
    is_final: true,
    ..Command::act("delete")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Delete { post: given.post? })
}
