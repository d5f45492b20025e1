//! Opening the database: the folder, the lock, the connection's settings, migrations.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::db::{self, Connection, Migrations, Version};
use super::fault::{During, Fault};
use super::{part, private};

/// The database's name in the storage folder.
pub const DATABASE: &str = "forum.db";

/// The migrations, oldest first; append only.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../data/migrations/0001_forum.sql"),
    include_str!("../../../data/migrations/0002_successor.sql"),
    include_str!("../../../data/migrations/0003_edits.sql"),
    include_str!("../../../data/migrations/0004_hidden.sql"),
    include_str!("../../../data/migrations/0005_spent.sql"),
    include_str!("../../../data/migrations/0006_joined.sql"),
    include_str!("../../../data/migrations/0007_imported.sql"),
    include_str!("../../../data/migrations/0008_conversations.sql"),
    include_str!("../../../data/migrations/0009_views_and_places.sql"),
    include_str!("../../../data/migrations/0010_names.sql"),
    include_str!("../../../data/migrations/0011_forgetting.sql"),
    include_str!("../../../data/migrations/0012_text_copies.sql"),
    include_str!("../../../data/migrations/0013_plans.sql"),
    include_str!("../../../data/migrations/0014_trusted.sql"),
    include_str!("../../../data/migrations/0015_moderator.sql"),
    include_str!("../../../data/migrations/0016_votes.sql"),
    include_str!("../../../data/migrations/0017_lists.sql"),
    include_str!("../../../data/migrations/0018_drafts.sql"),
    include_str!("../../../data/migrations/0019_exports.sql"),
    include_str!("../../../data/migrations/0020_mending.sql"),
    include_str!("../../../data/migrations/0021_written_in.sql"),
    include_str!("../../../data/migrations/0022_said.sql"),
    include_str!("../../../data/migrations/0023_counters.sql"),
    include_str!("../../../data/migrations/0024_log_actors.sql"),
    include_str!("../../../data/migrations/0025_named_threads.sql"),
];

/// How long a statement waits for another program that holds the database.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Proof that no other process of Stoa writes to the folder; let go when it is dropped.
pub(super) struct Lock(
    #[expect(dead_code, reason = "the lock lives as long as the file is open")] File,
);

/// Makes the folder and takes it for this process.
pub(super) fn lock(dir: &Path) -> Result<Lock, Fault> {
    let folder = |source| Fault::of_folder(dir, source);
    private::make(dir).map_err(folder)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("stoa.lock"))
        .map_err(folder)?;
    match file.try_lock() {
        Ok(()) => {
            if let Err(error) = part::sweep(dir) {
                tracing::warn!(%error, "what is left of a copy that was broken off can't be taken away");
            }
            match private::close(dir) {
                Ok(0) => {}
                Ok(closed) => {
                    tracing::info!(
                        closed,
                        "files of the storage folder could be read by others; now they can't"
                    );
                }
                Err(error) => {
                    tracing::warn!(%error, "the storage folder can't be closed to others; give it to the user that runs the bot");
                }
            }
            Ok(Lock(file))
        }
        Err(TryLockError::WouldBlock) => Err(Fault::InUse {
            path: dir.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(folder(source)),
    }
}

/// Opens the database for the writer: made where it is missing, migrated where it is older (a copy is kept beside it).
pub(super) fn writable(dir: &Path) -> Result<Connection, Fault> {
    let path = dir.join(DATABASE);
    if is_emptied(dir).map_err(|source| Fault::of_folder(dir, source))? {
        return Err(Fault::Empty { path });
    }
    let mut conn = Connection::open(&path)
        .during("opening the database")
        .map_err(|f| f.about(&path))?;
    prepare(&mut conn, &path).map_err(|fault| fault.about(&path))?;
    Ok(conn)
}

fn prepare(conn: &mut Connection, path: &Path) -> Result<(), Fault> {
    conn.busy_timeout(BUSY).during("setting the database up")?;
    // Before anything is deleted: what a migration takes away is gone as well.
    conn.execute_batch("PRAGMA secure_delete = ON")
        .during("setting the database up")?;
    migrate(conn, path)?;
    super::names::fill(conn)?;
    let settings = "PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA foreign_keys = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -8000;";
    conn.execute_batch(settings)
        .during("setting the database up")?;
    conn.plan_by_statistics()
        .during("setting the database up")?;
    conn.set_prepared_statement_cache_capacity(256);
    clean(conn)?;
    // A file that may not be written shows only at the first write. Cards that were stale when the process ended may have been edited:
    // nobody knows what they show.
    let first = "BEGIN IMMEDIATE; UPDATE store SET epoch = epoch; UPDATE surface SET shown = NULL WHERE stale IS NOT NULL; COMMIT;";
    conn.execute_batch(first)
        .during("writing to the database")?;
    keep_statistics(conn).during("keeping statistics")?;
    warn_of_shared_cache(conn).during("reading how SQLite was built")
}

/// Writes the database anew, once, where an older version left in its pages what it had deleted.
fn clean(conn: &Connection) -> Result<(), Fault> {
    let unclean = conn.query_row("SELECT unclean FROM store", [], |row| row.get(0));
    if !unclean.during("reading whether the database is clean")? {
        return Ok(());
    }
    tracing::info!("the database is written anew, without what was deleted; this is done once");
    // A copy of all of it in memory would be too much.
    let anew = "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY;
        UPDATE store SET unclean = 0; PRAGMA wal_checkpoint(TRUNCATE);";
    conn.execute_batch(anew).during("cleaning the database")
}

/// Opens the database for reading, beside whoever writes.
pub(super) fn readable(dir: &Path) -> Result<Connection, Fault> {
    let path = dir.join(DATABASE);
    let unusable = |source| Fault::of_folder(dir, source);
    if !path.try_exists().map_err(unusable)? {
        return Err(Fault::Missing {
            path: dir.to_owned(),
        });
    }
    if is_emptied(dir).map_err(unusable)? {
        return Err(Fault::Empty { path });
    }
    let open = || -> Result<Connection, Fault> {
        let conn = Connection::open_beside(&path).during("opening the database")?;
        conn.busy_timeout(BUSY).during("setting the database up")?;
        conn.execute_batch(
            "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;",
        )
        .during("setting the database up")?;
        conn.plan_by_statistics()
            .during("setting the database up")?;
        conn.set_prepared_statement_cache_capacity(128);
        Ok(conn)
    };
    open().map_err(|fault| fault.about_reading(&path))
}

/// Whether the database is an empty file and something beside it says that it was none. One that was only just made, by a process
/// that ended then, stands alone with the lock.
fn is_emptied(dir: &Path) -> io::Result<bool> {
    match fs::metadata(dir.join(DATABASE)) {
        Ok(file) if file.is_file() && file.len() == 0 => {}
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name == "index" || name == super::ERASED || name.starts_with("forum.before-") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a forum could be kept in a folder that may have to be made first: whether a folder can be made in it, or in the one above
/// that is there.
///
/// # Errors
/// When it can't.
pub fn could_keep(dir: &Path) -> io::Result<()> {
    let there = dir
        .ancestors()
        .find(|above| above.as_os_str().is_empty() || !matches!(above.try_exists(), Ok(false)));
    let there = match there {
        Some(there) if !there.as_os_str().is_empty() => there,
        _ => Path::new("."),
    };
    let token = crate::chance::token(&mut crate::chance::System);
    let probe = there.join(format!(".stoa-{token:.8}"));
    fs::create_dir(&probe)?;
    fs::remove_dir(&probe)
}

/// Says so where SQLite was compiled in another way than `.cargo/config.toml` wants it, as where it is built from another folder.
pub(super) fn warn_of_shared_cache(conn: &Connection) -> db::Result<()> {
    let shared = conn
        .prepare("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_MEMORY_MANAGEMENT'")?
        .exists([])?;
    if shared {
        tracing::warn!(
            "SQLite was built without the settings of .cargo/config.toml: each vote costs more; docs/operating.md says how to build"
        );
    }
    Ok(())
}

/// From how many rows on a table's statistics are kept: those of a small one would say that it is best read whole, and stay when it has grown.
const TELLING: u32 = 100;

/// Brings the statistics up to date by which this connection and those that are opened later plan: of each index whose table has grown
/// or shrunk much, how many rows a value has.
///
/// SQLite keeps values of indexed columns besides, such as tags, which would outlive the post that they are of. They go in the same
/// transaction: plans that follow from the statistics alone do not use them.
pub(super) fn keep_statistics(conn: &Connection) -> db::Result<()> {
    let changed = conn.immediately(|| {
        let posts: u32 = conn.query_row(
            "SELECT count(*) FROM (SELECT 1 FROM post LIMIT ?1) AS few",
            [TELLING],
            |row| row.get(0),
        )?;
        if posts >= TELLING {
            conn.execute_batch("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002;")?;
            conn.execute(
                "DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < ?1",
                [TELLING],
            )?;
        }
        let has_values = conn
            .prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'")?
            .exists([])?;
        if has_values {
            conn.execute("DELETE FROM sqlite_stat4", [])?;
        }
        Ok(posts >= TELLING || has_values)
    })?;
    match changed {
        true => conn.execute_batch("ANALYZE sqlite_schema"),
        false => Ok(()),
    }
}

/// Opens the database beside the writer, to write what is none of anybody's doing.
pub(super) fn beside(path: &Path) -> Result<Connection, Fault> {
    let open = || -> Result<Connection, Fault> {
        let conn = Connection::open(path).during("opening the database")?;
        let settings =
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;
            PRAGMA secure_delete = ON; PRAGMA cache_size = -500;";
        conn.execute_batch(settings)
            .during("setting the database up")?;
        Ok(conn)
    };
    open().map_err(|fault| fault.about(path))
}

/// Opens a backup, which may be of an older version, and sees that it is whole.
pub(super) fn backup(path: &Path) -> Result<Connection, Fault> {
    fs::metadata(path).map_err(|source| Fault::Backup {
        path: path.to_owned(),
        source: Arc::new(source),
    })?;
    let damaged = || Fault::Damaged {
        path: path.to_owned(),
    };
    let look = || -> Result<Connection, Fault> {
        let conn = Connection::open_unchanged(path).during("opening the backup")?;
        if let Version::Empty = version(&conn, path)? {
            return Err(damaged());
        }
        let said: String = conn
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .during("checking the backup")?;
        if said != "ok" {
            return Err(damaged());
        }
        // Another program's database may count its versions in the same way.
        let named = conn.query_row("SELECT id FROM store", [], |row| row.get::<_, String>(0));
        named.map(drop).map_err(|_| damaged())?;
        Ok(conn)
    };
    look().map_err(|fault| fault.about(path))
}

/// Says whether the database is of this version; a newer one is refused, an older one too (reading never migrates).
pub(super) fn check_version(conn: &Connection, dir: &Path) -> Result<(), Fault> {
    let path = dir.join(DATABASE);
    match version(conn, &path)? {
        Version::Current => Ok(()),
        Version::Older => Err(Fault::Older { path }),
        Version::Empty | Version::Newer | Version::Unknown => Err(Fault::Missing {
            path: dir.to_owned(),
        }),
    }
}

fn version(conn: &Connection, path: &Path) -> Result<Version, Fault> {
    let version = migrations()
        .version(conn, MIGRATIONS.len())
        .during("reading the database's version")?;
    let path = path.to_owned();
    match version {
        Version::Newer => Err(Fault::Newer { path }),
        Version::Unknown => Err(Fault::Damaged { path }),
        Version::Empty | Version::Older | Version::Current => Ok(version),
    }
}

fn migrate(conn: &mut Connection, path: &Path) -> Result<(), Fault> {
    match version(conn, path)? {
        Version::Current => return Ok(()),
        Version::Older => keep_copy(conn, path)?,
        Version::Empty | Version::Newer | Version::Unknown => {}
    }
    let migrated = migrations().to_latest(conn);
    if !migrated.map_err(|error| not_migrated(error, path))? {
        return Err(Fault::Damaged {
            path: path.to_owned(),
        });
    }
    let id = crate::chance::token(&mut crate::chance::System);
    conn.execute(
        "INSERT INTO store (one, id, epoch) VALUES (1, ?1, 1) ON CONFLICT DO NOTHING",
        [id],
    )
    .during("naming the store")?;
    Ok(())
}

/// Why a migration failed: the disk's fault, or its own.
fn not_migrated(error: db::Error, path: &Path) -> Fault {
    match Fault::of_statement("migrating the database", error).about(path) {
        Fault::Sql { source, .. } => Fault::NotMigrated {
            path: path.to_owned(),
            source,
        },
        fault => fault,
    }
}

/// Keeps the database as it was before a migration.
fn keep_copy(conn: &Connection, path: &Path) -> Result<(), Fault> {
    let version: i64 = conn
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .during("reading the database's version")?;
    let copy: PathBuf = path.with_extension(format!("before-v{}.db", version + 1));
    if !copy.exists() {
        super::backup::copy(conn, &copy)?;
        tracing::info!(copy = %copy.display(), "a copy of the database of before is kept for 7 days");
    }
    Ok(())
}

fn migrations() -> Migrations {
    Migrations::new(MIGRATIONS)
}
