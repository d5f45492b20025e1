//! `up #42.1` votes for a post.

use crate::command::act::Act;
use crate::command::declaration::{Command, Param};
use crate::command::given::Given;
use crate::forum::Vote;

pub(super) const COMMAND: Command = Command {
    aliases: &["upvote"],
    tried: &["vote", "like", "thanks"],
    params: &[Param::Post],
    ..Command::act("up")
};

pub(super) fn build(given: Given) -> Option<Act> {
    Some(Act::SetVote {
        post: given.post?,
        vote: Vote::Up,
    })
}
