//! `edit #42.1 text`, with `--title`, `--tag` and `--reason`: changes a post.

use crate::command::act::Act;
use crate::command::declaration::{Command, Opt, Param, Who};
use crate::command::given::Given;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Post, Param::Text { needed: false }],
    options: &[Opt::Title, Opt::Tag, Opt::Reason],
    who: Who::Author,
    ..Command::act("edit")
};

pub(super) fn build(given: Given) -> Option<Act> {
    let changes = given.text.is_some() || given.title.is_some() || given.tags.is_some();
    changes.then_some(Act::Edit {
        post: given.post?,
        title: given.title,
        body: given.text,
        tags: given.tags,
        reason: given.reason,
        seen: None,
    })
}
