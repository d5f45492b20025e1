//! `link`, `link CODE yes`: two accounts become one person.

use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::command::link::Link;

pub(super) const COMMAND: Command = Command {
    params: &[Param::Code { needed: false }],
    ..Command::link("link")
};

pub(super) fn build(given: Given) -> Option<Link> {
    Some(Link::Account {
        code: given.code,
        agrees: given.agrees,
    })
}
