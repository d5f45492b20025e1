//! `remove #42.1` takes the messages away that a hidden post was made from.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post],
    who: Who::Moderators,
    is_final: true,
    ..Command::act("remove")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::RemoveMessage { post: given.post? })
}
