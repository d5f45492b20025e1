//! The database as the rest of the store sees it: connections, statements, rows and errors of its own. The only place
//! that names SQLite's library, so that another database can stand behind the same words.
//!
//! Everything here is a thin cover: a vote goes through it dozens of times. It knows nothing of the forum.

mod columns;
mod connection;
#[cfg(test)]
mod dialect;
mod error;
mod migrate;
mod params;
mod row;
mod statement;
mod value;

pub(super) use columns::{column, column_number};
pub(super) use connection::Connection;
#[cfg(test)]
pub(super) use dialect::postgresql;
pub use error::Error;
pub(super) use error::{ErrorKind, OptionalExtension, Result};
pub(super) use migrate::{Migrations, Version};
pub(super) use params::{Params, params};
pub(super) use row::Row;
pub(super) use statement::CachedStatement;
pub(super) use value::ToValue;
