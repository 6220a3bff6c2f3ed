//! Where a database spells what it is asked: made for it, and gone afterwards whatever happens.

use diesel::QueryResult;
use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;

use crate::database::{Database, TextRow};
use crate::error::{DatabaseError, described};
use crate::inspect::{self, InspectError, Scope};
use crate::runner::sql::{literal, one_text};

/// What the scratch databases of all connections begin with.
pub(crate) const SCRATCH: &str = "rectify_scratch_";

/// Why a database was not asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAsked {
    /// It does not let the connection make what it takes.
    #[error("it refused {what}")]
    Refused {
        /// What was asked for.
        what: String,
        source: DatabaseError,
    },
    /// A transaction of the caller's would be committed.
    #[error("a transaction is open, which a scratch database would commit")]
    InTransaction,
    /// Its scratch database is another connection's.
    #[error("the scratch database `{0}` is in use by another connection")]
    InUse(String),
    /// The spelling could not be read.
    #[error("what it made could not be read again")]
    Unread(#[from] InspectError),
}

fn refused(what: impl Into<String>) -> impl FnOnce(diesel::result::Error) -> NotAsked {
    let what = what.into();
    move |error| NotAsked::Refused { what, source: error.into() }
}

/// Temporary tables in a transaction that is rolled back: nothing of it is seen from outside, and no table of the user's is
/// locked but by the views that read it, as any query does.
pub(super) fn on_postgres(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    pieces: &[Vec<String>],
) -> Result<Schema, NotAsked> {
    db.begin().map_err(refused("a transaction"))?;
    let spelled = in_transaction(db, dialect, pieces);
    let ended = db.rollback().map_err(refused("to roll back"));
    let spelled = spelled?;
    ended.map(|()| spelled)
}

fn in_transaction(db: &mut dyn Database, dialect: &dyn Dialect, pieces: &[Vec<String>]) -> Result<Schema, NotAsked> {
    let ready = [
        // Who waits for a lock makes others wait behind it; and a function may call what is yet to come.
        "SET LOCAL lock_timeout = '2s'",
        "SET LOCAL check_function_bodies = off",
        "CREATE TEMPORARY TABLE rectify_scratch ()",
    ];
    for sql in ready {
        db.run(sql).map_err(refused("a temporary table"))?;
    }
    // All at once, as a rule; an expression that the database refuses is left out.
    let whole = [pieces.concat()];
    if !run_piece(db, &whole[0])? {
        run_pieces(db, pieces, run_piece)?;
    }
    let schema = "SELECT pg_my_temp_schema()::regnamespace::text";
    let rows = db.rows(schema).map_err(refused("the name of a schema"))?;
    let schema = rows.first().and_then(|row| row.text(0)).unwrap_or("pg_temp");
    Ok(inspect::schema(db, dialect, &Scope::schemas([schema]))?)
}

/// Runs statements together in a savepoint, and tells whether they did.
fn run_piece(db: &mut dyn Database, piece: &[String]) -> Result<bool, NotAsked> {
    db.begin().map_err(refused("a savepoint"))?;
    let done = db.run(&piece.join(";\n")).is_ok();
    let ended = if done { db.commit() } else { db.rollback() };
    ended.map_err(refused("to end a savepoint"))?;
    Ok(done)
}

/// Runs pieces until no more of them will: one may need what a later one makes.
fn run_pieces(
    db: &mut dyn Database,
    pieces: &[Vec<String>],
    run: impl Fn(&mut dyn Database, &[String]) -> Result<bool, NotAsked>,
) -> Result<(), NotAsked> {
    let mut waiting: Vec<&[String]> = pieces.iter().map(Vec::as_slice).collect();
    let mut before = usize::MAX;
    while waiting.len() < before {
        before = waiting.len();
        let mut refused = Vec::new();
        for piece in waiting {
            if !run(db, piece)? {
                refused.push(piece);
            }
        }
        waiting = refused;
    }
    Ok(())
}

/// A database of its own, for the catalog shows no temporary tables, and knows no transactions. It is held by a lock of its
/// name, so that what a killed comparison left is known, and dropped.
pub(super) fn on_mysql(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    pieces: &[Vec<String>],
    notes: &mut Vec<String>,
) -> Result<Schema, NotAsked> {
    if db.in_transaction() {
        return Err(NotAsked::InTransaction);
    }
    let asked = "SELECT CAST(DATABASE() AS CHAR), CAST(CONNECTION_ID() AS CHAR), CAST(@@character_set_database AS CHAR), \
                 CAST(@@collation_database AS CHAR), LEFT(MD5(CONCAT(@@hostname, ':', @@port)), 8)";
    let row = db.rows(asked).map_err(refused("the name of the database"))?.into_iter().next();
    let row = row.unwrap_or(TextRow(Vec::new()));
    let text = |column: usize| row.text(column).unwrap_or_default();
    // No two connections of a server have one number; the servers of a cluster see each other's databases, but not the locks.
    let (here, server) = (dialect.quote(text(0)), format!("{SCRATCH}{}_", text(4)));
    let scratch = format!("{server}{}", text(1));
    if !is_locked(db, dialect, &scratch).map_err(refused(format!("the lock `{scratch}`")))? {
        return Err(NotAsked::InUse(scratch));
    }
    let spelled = left_over(db, dialect, &server, &scratch, notes).and_then(|()| {
        let create = format!("CREATE DATABASE {scratch} CHARACTER SET {} COLLATE {}", text(2), text(3));
        db.run(&create).map_err(refused(format!("a scratch database (`{scratch}`)")))?;
        let spelled = in_database(db, dialect, &scratch, pieces);
        let back = db.run(&format!("USE {here}")).map_err(refused("to use its database again"));
        let dropped = db.run(&format!("DROP DATABASE {scratch}"));
        back?;
        dropped.map_err(refused(format!("to drop the scratch database `{scratch}`, which is left")))?;
        spelled
    });
    unlock(db, dialect, &scratch).map_err(refused(format!("to release the lock `{scratch}`")))?;
    spelled
}

/// Drops the databases that killed comparisons on this server left; the one of this connection's own number too.
fn left_over(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    server: &str,
    own: &str,
    notes: &mut Vec<String>,
) -> Result<(), NotAsked> {
    let sql = format!(
        "SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata WHERE LEFT(schema_name, {}) = {}",
        server.len(),
        literal(dialect, server)
    );
    let rows = db.rows(&sql).map_err(refused("the names of the databases"))?;
    for name in rows.iter().filter_map(|row| row.text(0)) {
        let dropped = if name == own { drop_it(db, dialect, name) } else { drop_unused(db, dialect, name) };
        if let Err(error) = dropped {
            notes.push(format!(
                "the scratch database `{name}`, which a comparison that was cut off has left, could not be dropped: {}",
                described(&DatabaseError::from(error))
            ));
        }
    }
    Ok(())
}

fn drop_unused(db: &mut dyn Database, dialect: &dyn Dialect, name: &str) -> QueryResult<()> {
    if !is_locked(db, dialect, name)? {
        return Ok(());
    }
    let dropped = drop_it(db, dialect, name);
    unlock(db, dialect, name)?;
    dropped
}

fn drop_it(db: &mut dyn Database, dialect: &dyn Dialect, name: &str) -> QueryResult<()> {
    db.run(&format!("DROP DATABASE IF EXISTS {}", dialect.quote(name)))
}

/// Takes the lock of a name, unless another connection has it.
fn is_locked(db: &mut dyn Database, dialect: &dyn Dialect, name: &str) -> QueryResult<bool> {
    let taken = one_text(db, &format!("SELECT CAST(GET_LOCK({}, 0) AS CHAR)", literal(dialect, name)))?;
    Ok(taken.as_deref() == Some("1"))
}

fn unlock(db: &mut dyn Database, dialect: &dyn Dialect, name: &str) -> QueryResult<()> {
    db.rows(&format!("SELECT CAST(RELEASE_LOCK({}) AS CHAR)", literal(dialect, name))).map(drop)
}

fn in_database(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    scratch: &str,
    pieces: &[Vec<String>],
) -> Result<Schema, NotAsked> {
    db.run(&format!("USE {scratch}")).map_err(refused("to use a scratch database"))?;
    run_pieces(db, pieces, |db, piece| Ok(piece.iter().all(|sql| db.run(sql).is_ok())))?;
    Ok(inspect::schema(db, dialect, &Scope::schemas([scratch]))?)
}
