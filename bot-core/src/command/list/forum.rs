//! `forum code`, `forum join CODE yes`, `forum leave NAME yes`: two forums become one, or two again.

use crate::command::declaration::{Command, Param, Part, Who};
use crate::command::given::Given;
use crate::command::link::{Link, Union};

const CODE: Part = Part {
    name: "code",
    params: &[],
};
const JOIN: Part = Part {
    name: "join",
    params: &[Param::Code { needed: true }],
};
const LEAVE: Part = Part {
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
        Union::Code
    } else if part == JOIN.name {
        let code = given.code?;
        Union::Join { code, agrees }
    } else {
        let which = given.which;
        Union::Leave { which, agrees }
    }))
}
