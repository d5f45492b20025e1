//! The attributes of a row, and what they must be.

use std::borrow::Cow;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attributes;

use super::{ExpectedValue, SkipReason, SourceUser};
use crate::forum::Timestamp;

/// The longest part of a bad value that is told, in characters.
const TOLD: usize = 40;

/// The attributes of one row, as they are written.
pub struct Fields<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// Splits a row: its name, which is passed over, and its attributes.
    pub(super) fn of(row: &'a str) -> Result<Self, SkipReason> {
        let mut fields = Vec::with_capacity(24);
        for field in attributes(row) {
            let (name, value) = field.ok_or(SkipReason::Syntax)?;
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// A text with its references replaced and its lines ended by `\n`, if it is there.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        let text = plain(self.raw(name)?);
        Some(match text.contains('\r') {
            true => text.replace("\r\n", "\n").replace('\r', "\n"),
            false => text.into_owned(),
        })
    }

    /// A text that must be there.
    pub(super) fn needed_text(&self, name: &'static str) -> Result<String, SkipReason> {
        self.text(name).ok_or(SkipReason::Missing(name))
    }

    /// A whole number, if it is there.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<i64>, SkipReason> {
        self.parsed(name, ExpectedValue::Number, |value| value.parse().ok())
    }

    /// A whole number that must be there.
    pub(super) fn needed_number(&self, name: &'static str) -> Result<i64, SkipReason> {
        self.number(name)?.ok_or(SkipReason::Missing(name))
    }

    /// A moment, if it is there. A dump's are UTC, and say no zone.
    pub(super) fn date(&self, name: &'static str) -> Result<Option<Timestamp>, SkipReason> {
        self.parsed(name, ExpectedValue::Date, moment)
    }

    /// A moment that must be there.
    pub(super) fn needed_date(&self, name: &'static str) -> Result<Timestamp, SkipReason> {
        self.date(name)?.ok_or(SkipReason::Missing(name))
    }

    /// A user, if one is there.
    pub(super) fn user(&self, name: &'static str) -> Result<Option<SourceUser>, SkipReason> {
        Ok(self.number(name)?.map(SourceUser))
    }

    fn raw(&self, wanted: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(name, _)| *name == wanted)?;
        Some(value)
    }

    fn parsed<T>(
        &self,
        name: &'static str,
        wanted: ExpectedValue,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, SkipReason> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let bad = || SkipReason::Bad {
            name,
            wanted,
            found: plain(raw).chars().take(TOLD).collect(),
        };
        parse(raw.trim()).map(Some).ok_or_else(bad)
    }
}

/// The `Id` of a row, of which only the beginning need be there.
pub(super) fn id(row: &str) -> Option<i64> {
    let mut known = attributes(row).map_while(|field| field);
    let (_, value) = known.find(|(name, _)| *name == "Id")?;
    value.trim().parse().ok()
}

/// The attributes of a row; none for what is not written as one.
fn attributes(row: &str) -> impl Iterator<Item = Option<(&str, Cow<'_, str>)>> {
    let row = row.strip_suffix('/').unwrap_or(row);
    let mut attributes = Attributes::new(row, "row".len());
    // Two of one name: the first stands. Looking for them would be slow.
    attributes.with_checks(false);
    attributes.map(|field| {
        let field = field.ok()?;
        Some((field.key.into_inner(), field.value))
    })
}

/// A value with its references replaced. One that says nothing known stays as it is written.
fn plain(raw: &str) -> Cow<'_, str> {
    if let Ok(plain) = unescape(raw) {
        return plain;
    }
    let mut plain = String::with_capacity(raw.len());
    for part in raw.split_inclusive(';') {
        let (before, reference) = match part.rfind('&') {
            Some(at) => part.split_at_checked(at).unwrap_or((part, "")),
            None => (part, ""),
        };
        plain.push_str(before);
        match unescape(reference) {
            Ok(known) => plain.push_str(&known),
            Err(_) => plain.push_str(reference),
        }
    }
    Cow::Owned(plain)
}

/// A date of a dump.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let date: DateTime = text.parse().ok()?;
    let moment = TimeZone::UTC.to_timestamp(date).ok()?;
    Some(Timestamp(moment.as_millisecond()))
}
