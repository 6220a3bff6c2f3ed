//! One run at a time: an advisory lock on PostgreSQL, `GET_LOCK` on MySQL and MariaDB, a lock file beside a SQLite file; and
//! a lease where those do not hold.
//!
//! Each of them goes away with the process or the connection that holds it, however it dies, or when its time is over, so
//! there is never a stale lock to remove by hand. Waiting is bounded and tells whom it waits for.

mod file;
pub(crate) mod lease;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error as DieselError;
use rectify_schema::TableName;

use self::file::FileLock;
use self::lease::Lease;
use super::server::Server;
use super::sql::{family, literal, one_text};
use crate::database::{Database, Family};
use crate::fnv;

/// How a run keeps others out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockMode {
    /// `Lease` on CockroachDB and on a Galera cluster, else `Session`.
    #[default]
    Auto,
    /// A lock that ends with the session: an advisory lock on PostgreSQL, `GET_LOCK` on MySQL and MariaDB, a lock file
    /// beside a SQLite file.
    Session,
    /// A row in the table `rectify_lock` that has to be renewed: for servers where a lock of the session does not keep
    /// others out, such as a PostgreSQL behind PgBouncer in transaction mode. SQLite has none.
    Lease,
}

/// A lock that is held; [`Lock::release`] gives it back, and so does the end of the connection or the process.
pub(crate) enum Lock {
    Postgres {
        key: i64,
    },
    Mysql {
        name: String,
    },
    File(FileLock),
    Lease(Lease),
    /// A database in memory has no second user.
    Nothing,
}

/// Why the lock could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    #[error("the database did not answer about the lock")]
    Database(#[from] DieselError),
    #[error("the lock file `{}` cannot be used", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("another run holds the lock: {holder}; waited {} s", waited.as_secs())]
    Held { holder: String, waited: Duration },
    #[error("SQLite has no lock of the kind `lease`")]
    NoLease,
}

/// Which lock, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) mode: LockMode,
    pub(crate) lease: Duration,
    pub(crate) timeout: Duration,
}

/// Takes the lock, waiting up to `timeout`; `waiting` is told once who holds it.
pub(crate) fn acquire(
    db: &mut dyn Database,
    server: &Server,
    Settings { mode, lease, timeout }: Settings,
    interrupted: &AtomicBool,
    waiting: &mut dyn FnMut(&str),
) -> Result<Lock, LockError> {
    let candidate = candidate(db, server, mode, lease)?;
    let start = Instant::now();
    let mut told = false;
    loop {
        if let Some(lock) = candidate.attempt(db)? {
            return Ok(lock);
        }
        let waited = start.elapsed();
        if waited >= timeout || interrupted.load(Ordering::Relaxed) {
            return Err(LockError::Held { holder: candidate.holder(db), waited });
        }
        if !told {
            waiting(&candidate.holder(db));
            told = true;
        }
        // A session that waits inside the server holds a snapshot, for which `CREATE INDEX CONCURRENTLY` of the run that
        // holds the lock would wait in turn: so each attempt returns at once, and the waiting is done here.
        thread::sleep(Duration::from_millis(100).min(timeout.saturating_sub(waited)));
    }
}

impl Lock {
    /// The lease, where it is one.
    pub(crate) fn lease(&self) -> Option<&Lease> {
        match self {
            Self::Lease(lease) => Some(lease),
            Self::Postgres { .. } | Self::Mysql { .. } | Self::File(_) | Self::Nothing => None,
        }
    }

    pub(crate) fn release(self, db: &mut dyn Database) -> QueryResult<()> {
        match self {
            Self::Postgres { key } => db.rows(&format!("SELECT pg_advisory_unlock({key})::text")).map(drop),
            Self::Mysql { name } => db.rows(&format!("SELECT CAST(RELEASE_LOCK('{name}') AS CHAR)")).map(drop),
            Self::File(lock) => {
                lock.release();
                Ok(())
            }
            Self::Lease(lease) => lease.release(db),
            Self::Nothing => Ok(()),
        }
    }
}

enum Candidate {
    Postgres { key: i64 },
    Mysql { name: String },
    File(PathBuf),
    Lease(Lease),
    Nothing,
}

fn candidate(db: &mut dyn Database, server: &Server, mode: LockMode, lease: Duration) -> Result<Candidate, LockError> {
    let key = key(&server.version_table);
    let leased = match mode {
        LockMode::Session => false,
        LockMode::Lease if family(server.dialect) == Family::Sqlite => return Err(LockError::NoLease),
        LockMode::Lease => true,
        LockMode::Auto => needs_lease(db, server)?,
    };
    if leased {
        let lease = Lease::new(server.dialect, &server.version_table, key, lease);
        lease.prepare(db)?;
        return Ok(Candidate::Lease(lease));
    }
    Ok(match family(server.dialect) {
        Family::Postgres => Candidate::Postgres { key },
        // These names are the server's, not the database's; the key covers the database, as its schema. At most 64 characters.
        Family::Mysql => Candidate::Mysql { name: format!("rectify_{key:016x}") },
        Family::Sqlite => match sqlite_file(db, &server.version_table)? {
            Some(path) => Candidate::File(path),
            None => Candidate::Nothing,
        },
    })
}

/// Whether a lock of the session keeps out only those who come to the same node, or nobody.
fn needs_lease(db: &mut dyn Database, server: &Server) -> QueryResult<bool> {
    Ok(match db.family() {
        // CockroachDB has PostgreSQL's advisory locks by name alone.
        Family::Postgres => server.is_cockroach,
        // MySQL without a cluster does not know the variable.
        Family::Mysql => {
            let found = db.rows("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'")?;
            found.first().and_then(|row| row.text(1)) == Some("ON")
        }
        Family::Sqlite => false,
    })
}

fn sqlite_file(db: &mut dyn Database, version_table: &TableName) -> QueryResult<Option<PathBuf>> {
    let schema = version_table.schema.as_deref().unwrap_or("main");
    let sql = format!(
        "SELECT file FROM pragma_database_list WHERE name = {}",
        literal(rectify_schema::dialect::SQLITE, schema)
    );
    let file = one_text(db, &sql)?.filter(|file| !file.is_empty());
    Ok(file.map(|file| PathBuf::from(format!("{file}-rectify-lock"))))
}

impl Candidate {
    fn attempt(&self, db: &mut dyn Database) -> Result<Option<Lock>, LockError> {
        Ok(match self {
            Self::Postgres { key } => {
                let got = one_text(db, &format!("SELECT pg_try_advisory_lock({key})::text"))?;
                (got.as_deref() == Some("true")).then_some(Lock::Postgres { key: *key })
            }
            Self::Mysql { name } => {
                let got = one_text(db, &format!("SELECT CAST(GET_LOCK('{name}', 0) AS CHAR)"))?;
                (got.as_deref() == Some("1")).then(|| Lock::Mysql { name: name.clone() })
            }
            Self::File(path) => FileLock::attempt(path)
                .map_err(|source| LockError::File { path: path.clone(), source })?
                .map(Lock::File),
            Self::Lease(lease) => lease.attempt(db)?.then(|| Lock::Lease(lease.clone())),
            Self::Nothing => Some(Lock::Nothing),
        })
    }

    /// Who holds the lock, as well as this user may know.
    fn holder(&self, db: &mut dyn Database) -> String {
        let known = match self {
            Self::Postgres { key } => one_text(db, &postgres_holder(*key)).ok().flatten(),
            Self::Mysql { name } => one_text(db, &mysql_holder(name)).ok().flatten(),
            Self::File(path) => FileLock::holder(path),
            Self::Lease(lease) => lease.holder(db).ok().flatten(),
            Self::Nothing => None,
        };
        known.unwrap_or_else(|| "who it is cannot be seen".to_owned())
    }
}

fn postgres_holder(key: i64) -> String {
    let (high, low) = (key >> 32, key & 0xffff_ffff);
    format!(
        "SELECT 'server process ' || a.pid || ' (' || a.application_name || '), user ' || a.usename \
         || coalesce(', from ' || host(a.client_addr), '') || ', connected since ' || date_trunc('second', a.backend_start) \
         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND l.classid::bigint = {} AND l.objid::bigint = {low} LIMIT 1",
        high & 0xffff_ffff
    )
}

fn mysql_holder(name: &str) -> String {
    format!(
        "SELECT CONCAT('connection ', id, ', user ', user, ', from ', host) FROM information_schema.processlist \
         WHERE id = IS_USED_LOCK('{name}')"
    )
}

/// A hash of the version table's name: two runs on the same table meet, whatever version of Rectify each is.
fn key(table: &TableName) -> i64 {
    let text = format!("rectify:{}.{}", table.schema.as_deref().unwrap_or(""), table.name);
    fnv::extend(fnv::EMPTY, text.bytes()).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_same_for_ever() {
        let key =
            |schema: &str| key(&TableName { schema: Some(schema.to_owned()), name: "alembic_version".to_owned() });
        assert_eq!(key("public"), key("public"));
        assert_ne!(key("public"), key("other"));
    }
}
