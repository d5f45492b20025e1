//! `forum code`, `forum join CODE yes`, `forum leave NAME yes`: two forums become one, or two again.

use crate::command::declaration::{Command, Param, Subcommand, Who};
use crate::command::given::Given;
use crate::command::link::{JoinCommand, Link};

const CODE: Subcommand = Subcommand {
    name: "code",
    params: &[],
};
const JOIN: Subcommand = Subcommand {
    name: "join",
    params: &[Param::Code { needed: true }],
};
const LEAVE: Subcommand = Subcommand {
    name: "leave",
    params: &[Param::Which],
};

pub(super) const COMMAND: Command = Command {
    parts: &[CODE, JOIN, LEAVE],
    who: Who::Admins,
    ..Command::link("forum")
};

pub(super) fn build(given: Given) -> Option<Link> {
    let (part, agrees) = (given.part?, given.agrees);
    Some(Link::Forum(if part == CODE.name {
        JoinCommand::Code
    } else if part == JOIN.name {
        let code = given.code?;
        JoinCommand::Join { code, agrees }
    } else {
        let which = given.which;
        JoinCommand::Leave { which, agrees }
    }))
}
