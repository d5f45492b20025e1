//! Patterns of names, as the settings list them.

use std::fmt;

/// A list of patterns in which `*` stands for any characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns(Vec<String>);

impl Patterns {
    /// These patterns.
    #[must_use]
    pub fn new(patterns: Vec<String>) -> Self {
        Self(patterns)
    }

    /// Whether one of them fits the whole name.
    #[must_use]
    pub fn fit(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, name))
    }
}

impl fmt::Display for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("nobody"),
            patterns => f.write_str(&patterns.join(", ")),
        }
    }
}

/// Whether the pattern's fixed parts stand in the name in order, the first and the last at its ends.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        match left.split_once(part) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fit) in [
            ("*", "@mira:example.org", true),
            ("@*:example.org", "@mira:example.org", true),
            ("@*:example.org", "@mira:example.net", false),
            ("@discord_*:*", "@discord_17:example.org", true),
            ("@discord_*:*", "@discord:example.org", false),
            ("@mira:example.org", "@mira:example.org", true),
            ("a*a", "a", false),
            ("*b*c*", "abcd", true),
            ("*c*b*", "abcd", false),
        ] {
            assert_eq!(
                Patterns::new(vec![pattern.to_owned()]).fit(name),
                fit,
                "{pattern} {name}"
            );
        }
    }
}
