//! How people speak of posts: `#42` a question, `#42.1` its first answer, `#42/c1` and `#42.1/c2` comments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a post stands in its forum. Printed everywhere, accepted everywhere, with or without `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Numbers", into = "Numbers")]
pub struct Address {
    /// The question's number in its forum, from 1.
    pub question: u32,
    /// The answer's number under its question, from 1; none for the question itself and its comments.
    pub answer: Option<u32>,
    /// The comment's number under the question or answer that it hangs on, from 1.
    pub comment: Option<u32>,
}

/// An address as it is serialised: question, answer, comment.
type Numbers = (u32, Option<u32>, Option<u32>);

/// The text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl Address {
    /// The address of a question.
    #[must_use]
    pub const fn question(number: u32) -> Self {
        Self {
            question: number,
            answer: None,
            comment: None,
        }
    }

    /// The address of this question's answer.
    #[must_use]
    pub const fn with_answer(self, number: u32) -> Self {
        Self {
            answer: Some(number),
            comment: None,
            ..self
        }
    }

    /// The address of a comment on this post.
    #[must_use]
    pub const fn with_comment(self, number: u32) -> Self {
        Self {
            comment: Some(number),
            ..self
        }
    }

    /// Reads an address that begins with `#`, as needed where an address may be left out.
    pub fn parse_marked(text: &str) -> Result<Self, NotAnAddress> {
        text.strip_prefix('#').ok_or(NotAnAddress)?.parse()
    }
}

impl From<Numbers> for Address {
    fn from((question, answer, comment): Numbers) -> Self {
        Self {
            question,
            answer,
            comment,
        }
    }
}

impl From<Address> for Numbers {
    fn from(address: Address) -> Self {
        (address.question, address.answer, address.comment)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.question)?;
        if let Some(answer) = self.answer {
            write!(f, ".{answer}")?;
        }
        if let Some(comment) = self.comment {
            write!(f, "/c{comment}")?;
        }
        Ok(())
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.strip_prefix('#').unwrap_or(text);
        let (post, comment) = match text.split_once('/') {
            Some((post, comment)) => (post, Some(comment.strip_prefix('c').ok_or(NotAnAddress)?)),
            None => (text, None),
        };
        let (question, answer) = match post.split_once('.') {
            Some((question, answer)) => (question, Some(answer)),
            None => (post, None),
        };
        Ok(Self {
            question: number(question)?,
            answer: answer.map(number).transpose()?,
            comment: comment.map(number).transpose()?,
        })
    }
}

/// A number from 1, in plain ASCII digits without a sign or leading zeros.
fn number(text: &str) -> Result<u32, NotAnAddress> {
    let plain = !text.is_empty()
        && !text.starts_with('0')
        && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return Err(NotAnAddress);
    }
    text.parse().map_err(|_| NotAnAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_printed_with_or_without_its_mark() {
        for text in ["#42", "#42.1", "#42/c1", "#42.1/c2"] {
            assert_eq!(
                text.parse::<Address>().map(|a| a.to_string()),
                Ok(text.to_owned())
            );
            let bare = &text[1..];
            assert_eq!(
                bare.parse::<Address>().map(|a| a.to_string()),
                Ok(text.to_owned())
            );
            assert_eq!(Address::parse_marked(bare), Err(NotAnAddress));
        }
    }

    #[test]
    fn what_is_no_address_is_said_to_be_none() {
        for text in [
            "",
            "#",
            "#0",
            "#01",
            "#-1",
            "#+1",
            "#1.",
            "#1/",
            "#1/2",
            "#1.x",
            "#1.2.3",
            "#4294967296",
            "#٣",
            "#1/c1/c2",
        ] {
            assert_eq!(text.parse::<Address>(), Err(NotAnAddress), "{text}");
        }
    }
}
