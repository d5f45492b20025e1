//! `ask Title --tag a,b`, a text on the lines below: asks a question.

use crate::command::act::Act;
use crate::command::declaration::{Command, Opt, Param};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    aliases: &["question"],
    params: &[Param::Title, Param::Text { needed: false }],
    options: &[Opt::Tag],
    is_common: true,
    ..Command::act("ask")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::Ask {
        title: given.title?,
        body: given.text.unwrap_or_default(),
        tags: given.tags.unwrap_or_default(),
    })
}
