//! What a forum channel or a thread shows of a question beside its card: a name, and tags. Pure.

use bot_core::document::Subject;
use bot_core::forum::may_hold;

use super::escape;
use crate::channels::ForumTags;

/// The most of a name of a post or thread, in UTF-16 units; Discord's number.
const NAME: usize = 100;
/// The most tags of a post in a forum channel; Discord's number.
pub(crate) const TAGS: usize = 5;
/// What a tag is called by which a forum channel tells the questions that are answered, in lower case.
const SOLVED: &[&str] = &["solved", "answered", "resolved"];

/// The name of a post in a forum channel, or of a thread: `#42 ClosingReason does it rise?`. It is never empty. Names have no markup.
pub(crate) fn post_name(subject: &Subject) -> String {
    let title: String = subject
        .title
        .as_deref()
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| may_hold(c))
        .collect();
    let name = format!("{} {}", subject.address, title.trim());
    escape::cut(&name, NAME, str::to_owned)
}

/// The tags that a question gets in a forum channel, by their ids: of those that there are (`available`, id and name), the one
/// for answered questions if it is, then those that it is tagged with, at most five. Where a post must have one and there is
/// none of these, the first that says nothing of an answer.
pub(crate) fn applied_tags(subject: &Subject, tags: &ForumTags) -> Vec<String> {
    let available = tags.available.as_slice();
    let solved = available
        .iter()
        .filter(|(_, name)| subject.accepted && is_solved(name))
        .take(1);
    let tagged = subject.tags.iter().filter_map(|tag| {
        available
            .iter()
            .find(|(_, name)| folded(name) == folded(tag) && !is_solved(name))
    });
    let mut ids: Vec<String> = Vec::new();
    for (id, _) in solved.chain(tagged) {
        if ids.len() < TAGS && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    if ids.is_empty() && tags.required {
        let any = available.iter().find(|(_, name)| !is_solved(name));
        ids.extend(any.or(available.first()).map(|(id, _)| id.clone()));
    }
    ids
}

/// Whether a tag is called as one that tells the questions that are answered.
pub(crate) fn is_solved(name: &str) -> bool {
    SOLVED.contains(&folded(name).as_str())
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use bot_core::forum::{Address, PostKind};
    use proptest::prelude::*;

    use super::*;

    fn question(title: &str, tags: &[&str], accepted: bool) -> Subject {
        Subject {
            address: Address::question(42),
            kind: PostKind::Question,
            title: Some(title.to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            accepted,
        }
    }

    #[test]
    fn a_name_is_number_and_title() {
        let name = |title: &str| post_name(&question(title, &[], false));
        assert_eq!(name("Why *me*?"), "#42 Why *me*?");
        assert_eq!(name(" \u{202E}\n"), "#42");
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(
            name(&family.repeat(20)),
            format!("#42 {}…", family.repeat(11))
        );
        let untitled = Subject {
            title: None,
            ..question("", &[], false)
        };
        assert_eq!(post_name(&untitled), "#42");
    }

    proptest! {
        #[test]
        fn a_name_fits_and_is_there(title in ".{0,300}") {
            let name = post_name(&question(&title, &[], false));
            prop_assert!(name.starts_with("#42") && name.encode_utf16().count() <= NAME);
            prop_assert!(!name.contains('\n') && name.trim() == name);
        }
    }

    #[test]
    fn tags_are_found_by_their_names() {
        let available = ["Rust", "solved", "C++", "Answered", "a", "b", "c", "d"]
            .iter()
            .enumerate()
            .map(|(id, name)| (id.to_string(), (*name).to_owned()))
            .collect();
        let mut there = ForumTags {
            available,
            ..ForumTags::default()
        };
        let said = |there: &ForumTags, tags: &[&str], accepted| {
            applied_tags(&question("Why?", tags, accepted), there).join(" ")
        };
        let applied = |tags: &[&str], accepted| said(&there, tags, accepted);
        assert_eq!(applied(&["rust", "c++", "none", "RUST"], false), "0 2");
        assert_eq!(applied(&["c++", "rust"], true), "1 2 0");
        assert_eq!(applied(&["solved", "answered"], false), "");
        assert_eq!(applied(&["a", "b", "c", "d", "rust"], true), "1 4 5 6 7");
        assert_eq!(said(&ForumTags::default(), &["rust"], true), "");
        there.required = true;
        assert_eq!(said(&there, &["c++"], false), "2");
        assert_eq!(said(&there, &["none"], false), "0");
        assert_eq!(said(&there, &["none"], true), "1");
    }
}
