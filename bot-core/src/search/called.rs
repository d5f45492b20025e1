//! What calls a question in a search otherwise than by its words: its address, that of a post of it (`#42.1`), or that of
//! its original where it was imported from. Pure.

use crate::forum::Address;

/// What stands beside an address in a sentence.
const BESIDE: &[char] = &[
    '(', ')', '<', '>', '[', ']', ',', '.', ';', ':', '!', '?', '"',
];

/// What a question is called by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Called {
    /// The address of one of its posts.
    Address(Address),
    /// A page of the site that it was imported from.
    Original {
        /// The site's name: `beer.stackexchange.com`.
        host: String,
        /// What one of its posts is called there.
        key: String,
    },
}

/// What is called by a word.
pub(super) fn called(word: &str) -> Option<Called> {
    let word = word.trim_matches(BESIDE);
    if let Ok(address) = Address::parse_marked(word) {
        return Some(Called::Address(address));
    }
    let (_, page) = word.split_once("://").unwrap_or(("", word));
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let mut parts = page.split('/');
    let host = parts.next().filter(|host| host.contains('.'))?;
    let key = match (parts.next()?, parts.next()?) {
        ("q" | "a" | "questions", number) if is_number(number) => number.to_owned(),
        ("posts", "comments") => {
            let number = parts.next().filter(|number| is_number(number))?;
            format!("c{number}")
        }
        _ => return None,
    };
    let host = host.to_ascii_lowercase();
    Some(Called::Original { host, key })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_called_by_the_address_of_any_post_of_it() {
        for (word, address) in [
            ("#42", "#42"),
            ("(#42.1)", "#42.1"),
            ("#42.1/c2,", "#42.1/c2"),
        ] {
            let address = address.parse().expect("an address");
            assert_eq!(called(word), Some(Called::Address(address)), "{word}");
        }
        for word in ["42", "1.1", "#x", "#", "C#"] {
            assert_eq!(called(word), None, "{word}");
        }
    }

    #[test]
    fn a_question_is_called_by_the_page_it_was_imported_from() {
        for (word, key) in [
            ("https://beer.stackexchange.com/q/1185", "1185"),
            ("beer.stackexchange.com/questions/1185/what-is-ipa", "1185"),
            ("<https://beer.stackexchange.com/a/1190/77>", "1190"),
            (
                "https://Beer.stackexchange.com/questions/1185?tab=votes#1190",
                "1185",
            ),
            ("https://beer.stackexchange.com/posts/comments/9", "c9"),
        ] {
            let original = Called::Original {
                host: "beer.stackexchange.com".to_owned(),
                key: key.to_owned(),
            };
            assert_eq!(called(word), Some(original), "{word}");
        }
        for word in [
            "https://beer.stackexchange.com/tags/ipa",
            "https://example.com/",
            "and/or",
            "q/1185",
        ] {
            assert_eq!(called(word), None, "{word}");
        }
    }
}
