//! Connections to the database.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{OpenFlags, Transaction, TransactionBehavior};

use super::error::{Error, Result};
use super::params::Params;
use super::row::Row;
use super::statement::{CachedStatement, Prepared, Statement};

/// A connection.
pub struct Connection(pub(super) rusqlite::Connection);

impl Connection {
    /// Opens a database to read and write it; makes it where it is missing.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self(rusqlite::Connection::open(path)?))
    }

    /// Opens a database that is there, beside who writes it.
    pub fn open_beside(path: &Path) -> Result<Self> {
        Self::with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a database that nothing may change.
    pub fn open_unchanged(path: &Path) -> Result<Self> {
        Self::with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// A database of this process's own, on disk: without a name, its file has none either, and goes with the process.
    pub fn open_nameless() -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::with_flags(Path::new(""), flags)
    }

    /// A database in memory.
    #[cfg(test)]
    pub fn open_in_memory() -> Result<Self> {
        Ok(Self(rusqlite::Connection::open_in_memory()?))
    }

    fn with_flags(path: &Path, flags: OpenFlags) -> Result<Self> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self(rusqlite::Connection::open_with_flags(path, flags)?))
    }

    /// Prepares a statement, or takes the one that it was made into before.
    pub fn prepare_cached(&self, sql: &str) -> Result<CachedStatement<'_>> {
        self.0
            .prepare_cached(sql)
            .map(Prepared)
            .map_err(Error::from)
    }

    /// Prepares a statement for this once.
    pub fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        self.0.prepare(sql).map(Prepared).map_err(Error::from)
    }

    /// Runs a statement for this once; gives how many rows it changed.
    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare(sql)?.execute(params)
    }

    /// The first row of a statement that is run for this once, as `read` makes it.
    ///
    /// # Errors
    /// Also when there is none.
    pub fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare(sql)?.query_row(params, read)
    }

    /// Runs several statements.
    pub fn execute_batch(&self, sql: &str) -> Result<()> {
        self.0.execute_batch(sql).map_err(Error::from)
    }

    /// Runs `work` in a transaction that may write from its beginning; where it fails, nothing is changed.
    pub fn immediately<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = Transaction::new_unchecked(&self.0, TransactionBehavior::Immediate)?;
        let value = work()?;
        transaction.commit()?;
        Ok(value)
    }

    /// Whether no transaction is open.
    pub fn is_autocommit(&self) -> bool {
        self.0.is_autocommit()
    }

    /// How long a statement waits for another program that holds the database.
    pub fn busy_timeout(&self, timeout: Duration) -> Result<()> {
        self.0.busy_timeout(timeout).map_err(Error::from)
    }

    /// How many statements are kept prepared.
    pub fn set_prepared_statement_cache_capacity(&self, statements: usize) {
        self.0.set_prepared_statement_cache_capacity(statements);
    }

    /// Has plans follow from the statistics alone. Else, with statistics, a statement is prepared anew for each other value that is
    /// bound, which costs more than most of them do.
    pub fn plan_by_statistics(&self) -> Result<()> {
        let set = self
            .0
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        set.map(drop).map_err(Error::from)
    }

    /// Has what runs ask `is_stopped` after each so many of the database's steps, and end if it is.
    pub fn stop_when(&self, steps: i32, is_stopped: impl FnMut() -> bool + Send + 'static) {
        self.0.progress_handler(steps, Some(is_stopped));
    }

    /// Has what runs ask nobody any more.
    pub fn never_stop(&self) {
        self.0.progress_handler(0, None::<fn() -> bool>);
    }

    /// The database's file.
    pub fn path(&self) -> Option<&str> {
        self.0.path()
    }
}
