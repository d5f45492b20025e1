//! `answer #42 text` answers a question.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    aliases: &["a"],
    params: &[Param::Post, Param::Text { needed: true }],
    is_common: true,
    ..Command::act("answer")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Answer {
        question: given.post?,
        body: given.text?,
    })
}
