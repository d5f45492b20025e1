//! `down #42.1` votes against a post.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::forum::Vote;

pub(super) const COMMAND: Command = Command {
    aliases: &["downvote"],
    tried: &["dislike"],
    params: &[Param::Post],
    ..Command::act("down")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::SetVote {
        post: given.post?,
        vote: Vote::Down,
    })
}
