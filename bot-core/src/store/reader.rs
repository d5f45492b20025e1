//! Readers: a small pool of connections that only read. Blocking: async callers use a blocking thread.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::db::{self, Connection};
use super::fault::{During, Fault, ReadFailed};
use super::{backup, open};

/// How many connections read at the same time.
const READERS: usize = 4;
/// After how many of SQLite's steps a copy looks whether it is stopped: some milliseconds.
const STEPS: i32 = 10_000;

/// Reads the store; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    pool: Arc<Pool>,
}

struct Pool {
    dir: PathBuf,
    idle: Mutex<Idle>,
    returned: Condvar,
}

struct Idle {
    /// By their numbers. The first that is idle is taken: it has most of what is asked for prepared, and in its cache.
    connections: BTreeMap<usize, Connection>,
    open: usize,
    /// The number of the next that is opened.
    next: usize,
}

impl Reader {
    /// Opens a store for reading, beside whoever writes.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let first = open::readable(dir)?;
        open::check_version(&first, dir)
            .map_err(|fault| fault.about_reading(&dir.join(open::DATABASE)))?;
        Ok(Self::with_first(first, dir))
    }

    /// Opens a store of whatever version, which may lack what is asked for.
    pub(super) fn open_any(dir: &Path) -> Result<Self, Fault> {
        Ok(Self::with_first(open::readable(dir)?, dir))
    }

    fn with_first(first: Connection, dir: &Path) -> Self {
        let idle = Idle {
            connections: BTreeMap::from([(0, first)]),
            open: 1,
            next: 1,
        };
        let pool = Pool {
            dir: dir.to_owned(),
            idle: Mutex::new(idle),
            returned: Condvar::new(),
        };
        Self {
            pool: Arc::new(pool),
        }
    }

    /// Reads with one of the connections, in a transaction of its own, so that all of it is of one moment. Waits
    /// until one is free.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> db::Result<T>,
    ) -> Result<T, ReadFailed> {
        self.read(read).map_err(|source| ReadFailed {
            source,
            path: self.pool.dir.join(open::DATABASE),
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> db::Result<T>) -> db::Result<T> {
        let borrowed = self.pool.take()?;
        let conn = borrowed.conn();
        conn.prepare_cached("BEGIN")?.execute([])?;
        let value = read(conn)?;
        conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(value)
    }

    /// Writes a copy of the whole store to a file.
    pub fn backup(&self, to: &Path) -> Result<(), Fault> {
        self.backup_until(to, || false).map(drop)
    }

    /// Writes a copy of the whole store to a file, unless it `is_stopped` before that is whole: then there is none. Says whether it was
    /// written.
    pub fn backup_until(
        &self,
        to: &Path,
        is_stopped: impl FnMut() -> bool + Send + 'static,
    ) -> Result<bool, Fault> {
        let borrowed = self.pool.take().during("opening the database")?;
        let conn = borrowed.conn();
        // VACUUM INTO only reads this database, but counts as writing.
        conn.execute_batch("PRAGMA query_only = OFF")
            .during("copying the database")?;
        conn.stop_when(STEPS, is_stopped);
        let copied = backup::copy(conn, to);
        conn.never_stop();
        conn.execute_batch("PRAGMA query_only = ON")
            .during("copying the database")?;
        match copied {
            Ok(()) => Ok(true),
            Err(fault) if fault.is_interruption() => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Says whether SQLite finds the file whole: the first complaint, if there is one.
    pub fn integrity(&self) -> Result<Option<String>, Fault> {
        self.with(|conn| conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)))
            .during("checking the database")
            .map(|said| (said != "ok").then_some(said))
    }

    /// Sees that SQLite finds the file whole: it takes as long as reading all of it.
    ///
    /// # Errors
    /// When it does not.
    pub fn expect_whole(&self) -> Result<(), Fault> {
        match self.integrity()? {
            None => Ok(()),
            Some(_) => Err(Fault::Damaged {
                path: self.pool.dir.join(open::DATABASE),
            }),
        }
    }
}

impl Pool {
    fn take(&self) -> db::Result<Borrowed<'_>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some((number, conn)) = idle.connections.pop_first() {
                return Ok(Borrowed::new(self, number, conn));
            }
            if idle.open < READERS {
                let number = idle.next;
                idle.next += 1;
                idle.open += 1;
                drop(idle);
                let opened = open::readable(&self.dir);
                return opened
                    .map(|conn| Borrowed::new(self, number, conn))
                    .map_err(|fault| {
                        self.idle
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .open -= 1;
                        match fault {
                            Fault::Sql { source, .. } => Arc::into_inner(source)
                                .unwrap_or_else(|| db::Error::unopened(self.dir.clone())),
                            _ => db::Error::unopened(self.dir.clone()),
                        }
                    });
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give(&self, number: usize, conn: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .connections
            .insert(number, conn);
        self.returned.notify_one();
    }
}

/// A connection that goes back to the pool however the reading ends.
struct Borrowed<'p> {
    number: usize,
    conn: Option<Connection>,
    pool: &'p Pool,
}

impl<'p> Borrowed<'p> {
    fn new(pool: &'p Pool, number: usize, conn: Connection) -> Self {
        Self {
            number,
            conn: Some(conn),
            pool,
        }
    }

    fn conn(&self) -> &Connection {
        self.conn
            .as_ref()
            .expect("taken back only when it is dropped")
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        // The reading broke off in the middle: the next begins anew.
        if !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
            tracing::error!("a reading that broke off could not be ended");
        }
        self.pool.give(self.number, conn);
    }
}
