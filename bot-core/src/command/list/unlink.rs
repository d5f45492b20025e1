//! `unlink` makes an account a person of its own again.

use crate::command::declaration::Command;
use crate::command::given::Given;
use crate::command::link::Link;

pub(super) const COMMAND: Command = Command::link("unlink");

pub(super) fn build(_: Given) -> Option<Link> {
    Some(Link::Apart)
}
