//! Spoilers, which CommonMark does not know: what stands between two pairs of bars in the same line or mark, as on Discord.

use super::super::fold::depth_of;
use super::join;
use crate::document::Inline;

/// Stands for a pair of bars as long as the line is open. No text holds it otherwise: it may not be shown.
const BARS: char = '\u{1}';

/// Text with its pairs of bars marked.
pub(super) fn marked(text: String) -> String {
    match text.contains("||") {
        true => text.replace("||", "\u{1}"),
        false => text,
    }
}

/// The parts with the bars as they were typed.
pub(super) fn none(parts: Vec<Inline>) -> Vec<Inline> {
    covered(parts, 0)
}

/// The parts with what is between bars covered, where that makes nothing deeper than `most` levels.
pub(super) fn covered(parts: Vec<Inline>, most: usize) -> Vec<Inline> {
    let marked = |part: &Inline| matches!(part, Inline::Text(text) if text.contains(BARS));
    if !parts.iter().any(marked) {
        return parts;
    }
    let mut out = Vec::with_capacity(parts.len());
    // What came since bars that are not ended yet.
    let mut since: Option<Vec<Inline>> = None;
    for part in parts {
        let Inline::Text(text) = part else {
            join(since.as_mut().unwrap_or(&mut out), part);
            continue;
        };
        for (at, text) in text.split(BARS).enumerate() {
            if at > 0 {
                since = match since.take() {
                    None => Some(Vec::new()),
                    Some(inside) => {
                        close(inside, most, &mut out);
                        None
                    }
                };
            }
            if !text.is_empty() {
                let text = Inline::Text(text.to_owned());
                join(since.as_mut().unwrap_or(&mut out), text);
            }
        }
    }
    if let Some(inside) = since {
        join(&mut out, bars());
        inside.into_iter().for_each(|part| join(&mut out, part));
    }
    out
}

/// Adds what was between two pairs of bars.
fn close(inside: Vec<Inline>, most: usize, out: &mut Vec<Inline>) {
    if !inside.is_empty() && depth_of(&inside) < most {
        return out.push(Inline::Spoiler(inside));
    }
    join(out, bars());
    inside.into_iter().for_each(|part| join(out, part));
    join(out, bars());
}

fn bars() -> Inline {
    Inline::Text("||".to_owned())
}
