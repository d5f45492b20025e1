//! `accept #42.1` accepts an answer.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    tried: &["solved", "solve", "resolve"],
    params: &[Param::Post],
    who: Who::Asker,
    is_common: true,
    ..Command::act("accept")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Accept {
        answer: given.post?,
    })
}
