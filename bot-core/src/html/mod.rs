//! HTML into the Markdown that a forum keeps: as a post of another site is kept there, and as a chat's message comes.
//!
//! Pure, and linear in the text: tags become a flat tree of bounded depth (`build`, `tree`), which is written down block by block
//! (`write`) and line by line (`line`, `escape`). Each line is read again as Stoa reads it, so that what comes out says what went in.
//! What Stoa's reader has no mark for: a table stands in GFM's pipes, keys are code, digits set high are Unicode's, and what is set
//! low is plain.

mod build;
mod escape;
mod line;
mod link;
mod tags;
mod tree;
mod write;

use line::Breaks;
use tags::Source;

/// The post's HTML as CommonMark, with strikethrough and spoilers (`||like this||`) as Stoa reads them.
///
/// `site` is where relative links lead, as `https://beer.stackexchange.com`; without it they stay relative. HTML that is wrong
/// is read as far as it can be; this never fails.
#[must_use]
pub fn markdown(html: &str, site: Option<&str>) -> String {
    let (document, _) = tags::read(html, Source::Page(site));
    write::written(&document, Breaks::Hard)
}

/// The HTML of a chat's message as the same; none where it marks nothing. Line ends are line ends, mentions are their words,
/// pictures and what a reply quotes are left out, and headings are of one level.
#[must_use]
pub fn of_message(html: &str) -> Option<String> {
    let (document, marked) = tags::read(html, Source::Message);
    marked.then(|| write::written(&document, Breaks::Soft))
}

#[cfg(test)]
mod tests;
