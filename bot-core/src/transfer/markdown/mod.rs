//! HTML, as a post of another site is kept there, into the Markdown that a forum keeps.
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

/// The post's HTML as CommonMark, with strikethrough and spoilers (`||like this||`) as Stoa reads them.
///
/// `site` is where relative links lead, as `https://beer.stackexchange.com`; without it they stay relative. HTML that is wrong
/// is read as far as it can be; this never fails.
#[must_use]
pub fn markdown(html: &str, site: Option<&str>) -> String {
    write::written(&tags::read(html, site))
}

#[cfg(test)]
mod tests;
