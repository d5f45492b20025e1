//! What can be wrong with the settings, and where it stands.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    /// The defaults that ship.
    Defaults,
    /// A settings file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => f.write_str("the defaults"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

/// The settings can't be used. The text is for the operator; it never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// The settings file can't be read.
    #[error("the settings file {} can’t be read; check its name and who may read it", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The settings file is not TOML.
    #[error("the settings file {} is not valid TOML at {at}: {why}", path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// The line and column.
        at: String,
        /// What the parser said.
        why: String,
    },
    /// There is no such section.
    #[error("[{name}] in {origin} is no section of the settings; {hint}")]
    UnknownSection {
        /// Its name.
        name: String,
        /// Where it stands.
        origin: SettingOrigin,
        /// The nearest right one, or all.
        hint: String,
    },
    /// There is no such key.
    #[error("{key} in {origin} is no setting; {hint}")]
    UnknownKey {
        /// `section.key`.
        key: String,
        /// Where it stands.
        origin: SettingOrigin,
        /// The nearest right one, or all.
        hint: String,
    },
    /// The value is not of the kind that the key takes.
    #[error("{key} in {origin} is {found}, but must be {expected}")]
    WrongKind {
        /// `section.key`.
        key: String,
        /// Where it stands.
        origin: SettingOrigin,
        /// What it is; not its value, which may be a secret.
        found: String,
        /// What it has to be.
        expected: String,
    },
    /// The value can't be meant.
    #[error("{key} in {origin} {wrong}; {remedy}")]
    WrongValue {
        /// `section.key`.
        key: &'static str,
        /// Where it stands.
        origin: SettingOrigin,
        /// What is wrong with it.
        wrong: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Something that another setting needs is missing.
    #[error("{missing} is not set, but {because} in {origin} needs it; set {set}")]
    Missing {
        /// `section.key`, or words for several.
        missing: &'static str,
        /// The key that needs it.
        because: &'static str,
        /// Where that stands.
        origin: SettingOrigin,
        /// What to set.
        set: &'static str,
    },
    /// Two settings exclude each other.
    #[error(
        "{one} (in {one_origin}) and {other} (in {other_origin}) are both set; keep one of them"
    )]
    Both {
        /// One key.
        one: &'static str,
        /// Where it stands.
        one_origin: SettingOrigin,
        /// The other key.
        other: &'static str,
        /// Where that stands.
        other_origin: SettingOrigin,
    },
    /// A file that a setting names can't be read.
    #[error("the file {} that {key} in {origin} names can’t be read; check its name and who may read it", path.display())]
    NamedFile {
        /// `section.key`.
        key: &'static str,
        /// Where it stands.
        origin: SettingOrigin,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What the layers hold can't be put together. Not reached by any file or variable known.
    #[error("the settings can’t be put together: {why}")]
    Layers {
        /// What the `config` crate said.
        why: String,
    },
}
