//! Posts and the texts they are made of, checked and cleaned: a [`Title`] or [`Body`] that exists is a good one.
//!
//! Lengths are in grapheme clusters, characters as people see them; the numbers are those of the forum's rules.

use unicode_segmentation::UnicodeSegmentation;

use super::{Address, IdentityId, MemberId, PostId, Refusal, Timestamp};

/// The fewest and most characters of a title.
pub const TITLE: (usize, usize) = (5, 120);
/// The most bytes of a title: 4 KB, so that 120 of the widest characters in use fit (a family of four is 25 bytes), and
/// letters under heaps of marks do not.
pub const TITLE_BYTES: usize = 4 * 1024;
/// The most characters of a question's or answer's body.
pub const BODY_MAX: usize = 12_000;
/// The most characters of a comment.
pub const COMMENT_MAX: usize = 1_000;
/// The fewest characters of an answer or comment.
pub const BODY_MIN: usize = 2;
/// The most bytes of any body: 48 KB, so that it fits into a Matrix event however it is written.
pub const BODY_BYTES: usize = 48 * 1024;
/// The most tags of a question.
pub const TAGS_MAX: usize = 5;
/// The most characters of a tag.
pub const TAG_MAX: usize = 35;
/// The most characters of an edit's reason.
pub const REASON_MAX: usize = 200;

/// What a post is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostKind {
    /// Has a title and tags; answers and comments hang on it.
    Question,
    /// Hangs on a question; comments hang on it.
    Answer,
    /// Hangs on a question or an answer.
    Comment,
}

/// A question's title: one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// Checks a title as a person wrote it.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let text = one_line(text);
        let have = characters(&text);
        let (least, most) = TITLE;
        if have < least {
            return Err(Refusal::TitleTooShort { least, have });
        }
        if have > most {
            return Err(Refusal::TitleTooLong { most, have });
        }
        if text.len() > TITLE_BYTES {
            return Err(Refusal::TitleTooLarge {
                most: TITLE_BYTES / 1024,
            });
        }
        Ok(Self(text))
    }

    /// A title as the store keeps it, not checked again.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The title.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A post's text: Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Checks the text of a post of this kind as a person wrote it.
    pub fn new(kind: PostKind, text: &str) -> Result<Self, Refusal> {
        let text = clean(text);
        let (least, most) = match kind {
            PostKind::Question => (0, BODY_MAX),
            PostKind::Answer => (BODY_MIN, BODY_MAX),
            PostKind::Comment => (BODY_MIN, COMMENT_MAX),
        };
        let have = characters(&text);
        if have < least {
            return Err(Refusal::BodyTooShort { least, have });
        }
        if have > most {
            return Err(Refusal::BodyTooLong { most, have });
        }
        if text.len() > BODY_BYTES {
            return Err(Refusal::BodyTooLarge {
                most: BODY_BYTES / 1024,
            });
        }
        Ok(Self(text))
    }

    /// A text as the store keeps it, not checked again.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A question's tags: lower-case words, each once, in the order they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<String>);

impl Tags {
    /// Checks tags as a person wrote them.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, Refusal> {
        let mut tags: Vec<String> = Vec::new();
        for word in words {
            let tag = clean(word).to_lowercase();
            if tag.is_empty() {
                continue;
            }
            let fits = tag.graphemes(true).count() <= TAG_MAX
                && tag
                    .chars()
                    .all(|c| c.is_alphanumeric() || "+-#.".contains(c))
                && tag.chars().next().is_some_and(char::is_alphanumeric);
            if !fits {
                return Err(Refusal::BadTag { tag, most: TAG_MAX });
            }
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > TAGS_MAX {
            return Err(Refusal::TooManyTags {
                most: TAGS_MAX,
                have: tags.len(),
            });
        }
        Ok(Self(tags))
    }

    /// Tags as the store keeps them, not checked again.
    #[must_use]
    pub fn kept(tags: Vec<String>) -> Self {
        Self(tags)
    }

    /// The tags.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// Why a post was edited, in the editor's words: one line, cut off at 200 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// A reason, if the text says any.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let line: String = one_line(text).graphemes(true).take(REASON_MAX).collect();
        (!line.is_empty()).then_some(Self(line))
    }

    /// The reason.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The facts about a post that rules ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The post.
    pub id: PostId,
    /// Its forum.
    pub forum: super::ForumId,
    /// The question that it is, or hangs on.
    pub question: PostId,
    /// What it is.
    pub kind: PostKind,
    /// How people speak of it.
    pub address: Address,
    /// Who wrote it.
    pub author: Author,
    /// Whether its text can be seen.
    pub condition: super::Condition,
    /// Of a question, whether it takes answers.
    pub standing: super::Standing,
    /// When it was posted.
    pub at: Timestamp,
    /// The forum from whose place it was written, whatever that has joined.
    pub side: super::ForumId,
}

/// Who wrote a post: the account, and the person whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account.
    pub identity: IdentityId,
    /// The person.
    pub member: MemberId,
}

/// Takes out what no text may hold: control characters but tab and newline, and the invisible characters that turn the
/// direction of the text around them (overrides, embeddings and isolates). Line ends become `\n`; blank ends go.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept: String = text.chars().filter(|&c| may_hold(c)).collect();
    // Leading spaces of the first line are kept: four of them begin a block of code.
    kept.trim_end().trim_start_matches('\n').to_owned()
}

/// Cleans text that is one line: white space of every kind becomes single spaces.
#[must_use]
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many characters of a text people see: none where there is nothing in it to be seen.
fn characters(text: &str) -> usize {
    if text.chars().all(is_blank) {
        return 0;
    }
    text.graphemes(true).count()
}

/// Whether nothing is to be seen of a character by itself: white space, what Unicode has to be ignored (`Default_Ignorable_Code_Point`),
/// and what is drawn blank.
pub(super) fn is_blank(c: char) -> bool {
    match c {
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => {
            true
        }
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' => true,
        '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' => true,
        '\u{1D159}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' => true,
        _ => c.is_whitespace() || c.is_control(),
    }
}

/// Whether a text may hold a character: none that controls but tab and newline, none that reorders the text around it
/// (Unicode's explicit directional formatting) or marks an object that is not there; private use is for Stoa's own marks.
#[must_use]
pub fn may_hold(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
        '\u{E000}'..='\u{F8FF}' | '\u{FFF9}'..='\u{FFFC}' => false,
        _ => !c.is_control(),
    }
}

/// Title and body as they are compared with earlier questions: case and white space folded.
#[must_use]
pub fn folded(title: &Title, body: &Body) -> String {
    let fold = |text: &str| {
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    format!("{}\n{}", fold(title.as_str()), fold(body.as_str()))
}
