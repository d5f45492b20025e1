//! The versions of a database: which one it is of, and how it is brought up to the newest.

use rusqlite_migration::{M, SchemaVersion};

use super::connection::Connection;
use super::error::{Error, Result};

/// What brings a database from each version to the next.
pub struct Migrations(rusqlite_migration::Migrations<'static>);

/// Which version a database is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// None: nothing is in it.
    Empty,
    /// One before the newest.
    Older,
    /// The newest.
    Current,
    /// One that is not known here.
    Newer,
    /// Its version makes no sense.
    Unknown,
}

impl Migrations {
    /// These, oldest first.
    pub fn new(all: &[&'static str]) -> Self {
        let all = all.iter().map(|sql| M::up(sql)).collect();
        Self(rusqlite_migration::Migrations::new(all))
    }

    /// The version that a database is of, where `known` are known.
    pub fn version(&self, conn: &Connection, known: usize) -> Result<Version> {
        match self.0.current_version(&conn.0) {
            Ok(SchemaVersion::NoneSet) => Ok(Version::Empty),
            Ok(SchemaVersion::Inside(found)) if found.get() == known => Ok(Version::Current),
            Ok(SchemaVersion::Inside(_)) => Ok(Version::Older),
            Ok(SchemaVersion::Outside(_)) => Ok(Version::Newer),
            Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(Error::from(err)),
            Err(_) => Ok(Version::Unknown),
        }
    }

    /// Brings a database to the newest version. False where its own makes no sense.
    pub fn to_latest(&self, conn: &mut Connection) -> Result<bool> {
        match self.0.to_latest(&mut conn.0) {
            Ok(()) => Ok(true),
            Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(Error::from(err)),
            Err(_) => Ok(false),
        }
    }
}
