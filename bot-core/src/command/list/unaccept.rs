//! `unaccept #42` takes the accepting back.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post],
    who: Who::Asker,
    ..Command::act("unaccept")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Unaccept {
        question: given.post?,
    })
}
