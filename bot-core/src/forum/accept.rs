//! The accepted answer: one a question, by the asker or a moderator; it can be moved and taken back.

use super::write::can_be_seen;
use super::{By, Change, Post, PostId, PostKind, Refusal};

/// Accepts an answer of a question whose accepted answer is `accepted`; `via` names the reaction that says so.
pub fn accept(
    question: &Post,
    answer: &Post,
    accepted: Option<PostId>,
    by: &By,
    via: Option<String>,
) -> Result<Vec<Change>, Refusal> {
    if answer.kind != PostKind::Answer {
        return Err(Refusal::NotAnAnswer {
            address: answer.address,
        });
    }
    may_accept(question, by)?;
    can_be_seen(answer)?;
    if accepted == Some(answer.id) {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Accepted {
        question: question.id,
        answer: answer.id,
        via,
        by: Some(by.identity),
    }])
}

/// Takes the accepting back.
pub fn unaccept(
    question: &Post,
    accepted: Option<PostId>,
    by: &By,
) -> Result<Vec<Change>, Refusal> {
    may_accept(question, by)?;
    if accepted.is_none() {
        return Err(Refusal::NothingAccepted {
            address: question.address,
        });
    }
    Ok(vec![Change::Unaccepted {
        question: question.id,
        by: Some(by.identity),
    }])
}

/// Whether this person may say which answer of the question is the accepted one.
fn may_accept(question: &Post, by: &By) -> Result<(), Refusal> {
    can_be_seen(question)?;
    if question.author.member == by.member || by.role.moderates() {
        return Ok(());
    }
    Err(Refusal::NotTheAsker {
        address: question.address,
    })
}
