//! The half that needs the linked chain: connects, runs it, and tells what happens.

mod replay;

use std::collections::HashMap;
use std::env;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rectify::NamingConvention;
use rectify::inspect::InspectOptions;
use rectify::schema::dialect::Dialect;
use rectify::schema::diff::DiffOptions;
use rectify::schema::{Operation, Schema};
use rectify::{
    Chain, Comparison, Create, Database, Event, LockMode, Migration, Offline, Options, PlainError, Report, RunError,
    Runner, Stamp, Status, TransactionMode, Verification,
};
use rectify_chain::Node;

use crate::autogenerate::{Models, models_error};
use crate::commands::script::{self, ScriptArgs};
use crate::config::{Config, GlobalArgs, Lock, Transaction};
use crate::context::Context;
use crate::error::Error;
use crate::listing::{Entry, Listing, title};
use crate::output::{Output, Style};
use crate::{Command, conclude, parse};

/// Answers the command line of a runner binary, which is the whole of its `main`.
///
/// `connect` opens the chain's connection; [`Create::Never`] tells it that the command only reads.
///
/// ```text
/// fn main() -> std::process::ExitCode {
///     rectify_cli::run::<migrations::Chain, _>(rectify::AnyConnection::connect)
/// }
/// ```
pub fn run<C, E>(connect: impl Fn(&str, Create) -> Result<C::Connection, E>) -> ExitCode
where
    C: Chain,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    let mut words = env::args_os();
    let name = words.next().map(|program| name_of(&program)).unwrap_or_default();
    let words: Vec<OsString> = words.collect();
    let arguments = match parse(&name, &words) {
        Ok(arguments) => arguments,
        Err(exit_code) => return exit_code,
    };
    let output = Output::new(&arguments.global);
    let connect = |url: &str, create| connect(url, create).map_err(Into::into);
    let linked = LinkedChain::<C, _> { connect, chain: PhantomData };
    let global = GlobalArgs { program: Some(name.clone()), ..arguments.global };
    let answer = || match arguments.command {
        Command::Plain(command) => command.run(&name, &global, &output),
        Command::Source(command) if command.needs_database() => {
            command.check(&global)?;
            on_each_database(&global, &output, &linked, |ctx| command.run(ctx))
        }
        Command::Source(command) => command.run(&Context::linked(Config::load(&global)?, &output, &linked)),
        Command::Database(command) => on_each_database(&global, &output, &linked, |ctx| command.run(ctx)),
    };
    conclude(answer(), &output)
}

/// Goes on to the next database only where all is well.
fn on_each_database(
    global: &GlobalArgs,
    output: &Output,
    linked: &dyn Linked,
    run: impl Fn(&Context<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let databases = Config::databases(global)?;
    let names: Vec<String> = databases.iter().filter_map(|config| config.database_name.clone()).collect();
    for (nth, config) in databases.into_iter().enumerate() {
        if names.len() > 1 {
            output.progress(format_args!("database {}:", names[nth]));
        }
        run(&Context::linked(config, output, linked)).map_err(|error| match names.get(nth + 1..) {
            Some(left) if names.len() > 1 => stopped_at(error, &names[nth], left),
            _ => error,
        })?;
    }
    Ok(())
}

fn stopped_at(mut error: Error, name: &str, left: &[String]) -> Error {
    error.notes.push(format!("this was the database `{name}`"));
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|name| format!("`{name}`")).collect();
        error.notes.push(format!("not begun: {}", left.join(", ")));
    }
    error
}

fn name_of(program: &OsString) -> String {
    Path::new(program).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// What `up` and `down` were asked for.
pub(crate) struct Run<'a> {
    pub(crate) target: &'a str,
    pub(crate) dry_run: bool,
    pub(crate) fresh: bool,
    pub(crate) transaction: Option<Transaction>,
    pub(crate) script: &'a ScriptArgs,
    pub(crate) given: &'a [(String, String)],
}

/// What a script is to do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Written<'a> {
    Up(&'a str),
    Down(&'a str),
    Stamp(&'a [&'a str]),
    EnsureVersion,
}

/// Migrates to the target, or prints what that would do.
pub(crate) fn migrate(ctx: &Context<'_>, direction: Direction, run: &Run<'_>) -> Result<(), Error> {
    let linked = ctx.chain()?;
    if run.dry_run {
        return print_plan(ctx, linked, direction, run);
    }
    let config = Config { transaction: run.transaction.unwrap_or(ctx.config.transaction), ..ctx.config.clone() };
    let options = Options { fresh: run.fresh, ..options(&config, run.script, run.given) };
    if run.script.sql {
        let written = match direction {
            Direction::Up => Written::Up(run.target),
            Direction::Down => Written::Down(run.target),
        };
        script::print(&linked.script(script::dialect(run.script, ctx)?, options, written)?, ctx);
        return Ok(());
    }
    let start = Instant::now();
    let report = linked.migrate(&config, options, ctx.output, direction, run.target)?;
    ctx.output.summary(summary(&report, direction, start.elapsed()));
    Ok(())
}

fn print_plan(ctx: &Context<'_>, linked: &dyn Linked, direction: Direction, run: &Run<'_>) -> Result<(), Error> {
    let target = run.target;
    let listing = linked.listing();
    let is_new = ctx.config.database()?.file.as_ref().is_some_and(|file| !file.exists());
    let plan = match is_new && direction == Direction::Up {
        true => plan_of_new(&listing, target)?,
        false => linked.plan(&ctx.config, direction, target)?,
    };
    for revision in &plan {
        let elidable = match listing.elidable(revision) {
            tables if run.fresh && !tables.is_empty() => format!(" (elided if these are empty: {})", tables.join(", ")),
            _ => String::new(),
        };
        ctx.output.result(format_args!("{} {}{elidable}", direction.verb(), listing.line(revision, ctx.output)));
    }
    ctx.output.summary(match plan.len() {
        0 => "nothing to do".to_owned(),
        number => format!("{} to {}; nothing was changed", revisions(number), direction.verb()),
    });
    Ok(())
}

/// The revisions that a database which is not there yet would be upgraded with.
fn plan_of_new(listing: &Listing, target: &str) -> Result<Vec<String>, Error> {
    let plan = listing.graph.plan_upgrade(&[], target).map_err(|error| {
        let hint = error.hint();
        Error::failed(format!("cannot plan `up {target}`")).hint(hint).because(error)
    })?;
    Ok(plan.into_iter().map(|step| step.revision).collect())
}

fn summary(report: &Report, direction: Direction, took: Duration) -> String {
    let place = match report.current.as_slice() {
        [] => "the database is at base".to_owned(),
        current => format!("the database is at {}", current.join(", ")),
    };
    let elided = match report.steps.iter().filter(|step| step.elided).count() {
        0 => String::new(),
        number => format!(", {number} of them elided"),
    };
    match report.steps.len() {
        0 => format!("nothing to do: {place}"),
        number => format!("{} {} in {}{elided}; {place}", direction.done(), revisions(number), time(took)),
    }
}

impl Direction {
    fn verb(self) -> &'static str {
        match self {
            Direction::Up => "upgrade",
            Direction::Down => "downgrade",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Direction::Up => "applied",
            Direction::Down => "took back",
        }
    }
}

fn revisions(number: usize) -> String {
    if number == 1 { "1 revision".to_owned() } else { format!("{number} revisions") }
}

fn time(time: Duration) -> String {
    match time.as_millis() {
        millis @ 0..1000 => format!("{millis} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// What the version table is to say.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stamped<'a> {
    Targets(&'a [&'a str]),
    /// The same, whatever it says now.
    Purged(&'a [&'a str]),
    FromDiesel,
}

/// The chain in this program, whatever the type of its connection.
pub(crate) trait Linked {
    /// The chain, to print it.
    fn listing(&self) -> Listing;
    /// The rows of the version table.
    fn current(&self, config: &Config) -> Result<Vec<String>, Error>;
    /// The revisions that `up --fresh` passed over.
    fn elided(&self, config: &Config) -> Result<Vec<String>, Error>;
    /// Where the database stands.
    fn status(&self, config: &Config) -> Result<Status, Error>;
    /// The revisions that `migrate` would run, in order.
    fn plan(&self, config: &Config, direction: Direction, target: &str) -> Result<Vec<String>, Error>;
    /// Runs up or down to `target`.
    fn migrate(
        &self,
        config: &Config,
        options: Options,
        output: &Output,
        direction: Direction,
        target: &str,
    ) -> Result<Report, Error>;
    /// Sets the version table.
    fn stamp(&self, config: &Config, options: Options, output: &Output, what: Stamped<'_>) -> Result<Stamp, Error>;
    /// Makes the tables of the runner itself.
    fn ensure_version(&self, config: &Config, options: Options, output: &Output) -> Result<(), Error>;
    /// Compares the applied migrations with the linked ones.
    fn verify(&self, config: &Config) -> Result<Verification, Error>;
    /// Records the present text of migrations.
    fn accept(&self, config: &Config, output: &Output, revisions: &[&str]) -> Result<Vec<String>, Error>;
    /// The naming convention of the chain, by which its models are named too.
    fn naming(&self) -> NamingConvention;
    /// Compares the database with models.
    fn compare(&self, ctx: &Context<'_>, models: &Models, options: &DiffOptions) -> Result<Comparison, Error>;
    /// Whether the connection is the one that picks its database from the URL.
    fn is_any_connection(&self) -> bool;
    /// Reads the database's catalog: all of `scopes` together.
    fn inspect(&self, config: &Config, scopes: &[InspectOptions]) -> Result<(Schema, &'static dyn Dialect), Error>;
    /// What a migration does to a schema; nothing where it cannot tell without a database.
    fn recorded(&self, revision: &str, dialect: &'static dyn Dialect) -> Option<Vec<Operation>>;
    /// Runs the chain in a database of its own, reads the catalog there, and drops it.
    fn replay(&self, config: &Config, output: &Output, asked: &Replay<'_>) -> Result<Replayed, Error>;
    /// Writes SQL instead of running it.
    fn script(&self, dialect: &'static dyn Dialect, options: Options, written: Written<'_>) -> Result<String, Error>;
}

/// How far the chain is replayed, and what for.
pub(crate) struct Replay<'a> {
    pub(crate) revisions: &'a [String],
    /// What to read then.
    pub(crate) scopes: &'a [InspectOptions],
    /// What the migrations get with `op.x_argument`.
    pub(crate) given: &'a [(String, String)],
}

/// What a chain leads to.
pub(crate) struct Replayed {
    pub(crate) schema: Schema,
    pub(crate) dialect: &'static dyn Dialect,
    /// The database that was made for it; nothing for SQLite in memory.
    pub(crate) database: Option<String>,
}

struct LinkedChain<C, F> {
    connect: F,
    chain: PhantomData<fn() -> C>,
}

impl<C, F> Linked for LinkedChain<C, F>
where
    C: Chain,
    F: Fn(&str, Create) -> Result<C::Connection, Box<dyn StdError + Send + Sync>>,
{
    fn listing(&self) -> Listing {
        // The order of the files is the load order; that of the slice differs from build to build.
        let places: HashMap<&str, usize> =
            C::sources().iter().enumerate().map(|(place, source)| (source.revision, place)).collect();
        let mut migrations: Vec<&Migration<C::Connection>> = C::migrations().iter().collect();
        migrations.sort_by_key(|migration| {
            (places.get(migration.revision).copied().unwrap_or(usize::MAX), migration.revision)
        });
        Listing::new(migrations.into_iter().map(entry).collect())
    }

    fn current(&self, config: &Config) -> Result<Vec<String>, Error> {
        let mut connection = self.open(config, Create::Never)?;
        Runner::<C>::new(&mut connection).options(settings(config)).current().map_err(run_error)
    }

    fn elided(&self, config: &Config) -> Result<Vec<String>, Error> {
        let mut connection = self.open(config, Create::Never)?;
        Runner::<C>::new(&mut connection).options(settings(config)).elided().map_err(run_error)
    }

    fn status(&self, config: &Config) -> Result<Status, Error> {
        let mut connection = self.open(config, Create::Never)?;
        Runner::<C>::new(&mut connection).options(settings(config)).status().map_err(run_error)
    }

    fn plan(&self, config: &Config, direction: Direction, target: &str) -> Result<Vec<String>, Error> {
        let mut connection = self.open(config, Create::Never)?;
        let runner = Runner::<C>::new(&mut connection).options(settings(config));
        let plan = match direction {
            Direction::Up => runner.plan_upgrade(target),
            Direction::Down => runner.plan_downgrade(target),
        };
        Ok(plan.map_err(run_error)?.into_iter().map(|step| step.revision).collect())
    }

    fn migrate(
        &self,
        config: &Config,
        options: Options,
        output: &Output,
        direction: Direction,
        target: &str,
    ) -> Result<Report, Error> {
        let create = if direction == Direction::Up { Create::IfMissing } else { Create::Never };
        let mut connection = self.open(config, create)?;
        let runner = Runner::<C>::new(&mut connection)
            .options(options)
            .interrupted_by(interrupt_flag(output)?)
            .on_event(|event| print_event(output, &event));
        let report = match direction {
            Direction::Up => runner.upgrade(target),
            Direction::Down => runner.downgrade(target),
        };
        report.map_err(run_error)
    }

    fn stamp(&self, config: &Config, options: Options, output: &Output, what: Stamped<'_>) -> Result<Stamp, Error> {
        let create = if matches!(what, Stamped::FromDiesel) { Create::Never } else { Create::IfMissing };
        let mut connection = self.open(config, create)?;
        let runner = Runner::<C>::new(&mut connection).options(options).on_event(|event| print_event(output, &event));
        let stamp = match what {
            Stamped::Targets(targets) => runner.stamp(targets),
            Stamped::Purged(targets) => runner.purge_and_stamp(targets),
            Stamped::FromDiesel => runner.stamp_from_diesel(),
        };
        stamp.map_err(run_error)
    }

    fn ensure_version(&self, config: &Config, options: Options, output: &Output) -> Result<(), Error> {
        let mut connection = self.open(config, Create::IfMissing)?;
        let runner = Runner::<C>::new(&mut connection).options(options).on_event(|event| print_event(output, &event));
        runner.ensure_version().map_err(run_error)
    }

    fn verify(&self, config: &Config) -> Result<Verification, Error> {
        let mut connection = self.open(config, Create::Never)?;
        Runner::<C>::new(&mut connection).options(settings(config)).verify().map_err(run_error)
    }

    fn accept(&self, config: &Config, output: &Output, revisions: &[&str]) -> Result<Vec<String>, Error> {
        let mut connection = self.open(config, Create::Never)?;
        let runner =
            Runner::<C>::new(&mut connection).options(settings(config)).on_event(|event| print_event(output, &event));
        runner.accept(revisions).map_err(run_error)
    }

    fn naming(&self) -> NamingConvention {
        C::naming()
    }

    fn compare(&self, ctx: &Context<'_>, models: &Models, options: &DiffOptions) -> Result<Comparison, Error> {
        let config = &ctx.config;
        let mut connection = self.open(config, Create::Never)?;
        let failed = |error: Box<dyn StdError + Send + Sync>| {
            let hints = rectify::hints(&*error);
            hints
                .into_iter()
                .fold(Error::failed("cannot compare the database with the models").because(error), Error::hint)
        };
        let scope = InspectOptions::default()
            .schemas(&config.compared.schemas)
            .include(&config.compared.include)
            .exclude(&config.compared.exclude)
            .version_table(settings(config).version_table);
        if let Some(source) = models.plain() {
            let compared =
                rectify::compare_plain(&mut connection, source, options, &scope).map_err(|error| match error {
                    PlainError::Models(error) => models_error(&error),
                    other => failed(other.into()),
                })?;
            models.say_once(compared.unsaid, ctx);
            return Ok(compared.comparison);
        }
        let dialect = rectify::dialect_of(&mut connection).map_err(|error| failed(error.into()))?;
        let models = models.alone(dialect, ctx)?;
        rectify::compare(&mut connection, models, options, &scope).map_err(|error| failed(error.into()))
    }

    fn is_any_connection(&self) -> bool {
        rectify::is_any_connection::<C::Connection>()
    }

    fn inspect(&self, config: &Config, scopes: &[InspectOptions]) -> Result<(Schema, &'static dyn Dialect), Error> {
        let mut connection = self.open(config, Create::Never)?;
        catalog(&mut connection, config, scopes)
    }

    fn recorded(&self, revision: &str, dialect: &'static dyn Dialect) -> Option<Vec<Operation>> {
        let migration = C::migrations().iter().find(|migration| migration.revision == revision)?;
        rectify::record(dialect, migration.upgrade).ok()
    }

    fn replay(&self, config: &Config, output: &Output, asked: &Replay<'_>) -> Result<Replayed, Error> {
        replay::run::<C>(&self.connect, config, output, asked)
    }

    fn script(&self, dialect: &'static dyn Dialect, options: Options, written: Written<'_>) -> Result<String, Error> {
        let offline = Offline::<C>::new(dialect).options(options);
        let script = match written {
            Written::Up(target) => offline.upgrade(target),
            Written::Down(target) => offline.downgrade(target),
            Written::Stamp(targets) => offline.stamp(targets),
            Written::EnsureVersion => offline.ensure_version(),
        };
        script.map_err(run_error)
    }
}

impl<C, F> LinkedChain<C, F>
where
    C: Chain,
    F: Fn(&str, Create) -> Result<C::Connection, Box<dyn StdError + Send + Sync>>,
{
    fn open(&self, config: &Config, create: Create) -> Result<C::Connection, Error> {
        let url = config.database()?;
        match (&url.file, create) {
            (Some(file), Create::IfMissing) => make_folder_of(file)?,
            (Some(file), Create::Never) if !file.exists() => {
                return Err(Error::failed(format!("there is no database `{}` yet", url.text)).hint("`up` makes it"));
            }
            _ => {}
        }
        (self.connect)(&url.text, create).map_err(|error| {
            let hints = rectify::hints(&*error);
            let failed = Error::failed("cannot connect to the database").because(error);
            hints.into_iter().fold(failed, Error::hint)
        })
    }
}

/// Reads a catalog, without what the runner keeps there.
fn catalog(
    connection: &mut dyn Database,
    config: &Config,
    scopes: &[InspectOptions],
) -> Result<(Schema, &'static dyn Dialect), Error> {
    let failed = |error: Box<dyn StdError + Send + Sync>| {
        let hints = rectify::hints(&*error);
        let failed = Error::failed("cannot read what the database holds").because(error);
        hints.into_iter().fold(failed, Error::hint)
    };
    let dialect = rectify::dialect_of(connection).map_err(|error| failed(error.into()))?;
    let version_table = settings(config).version_table;
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.clone().version_table(version_table.as_str())).collect();
    let found = rectify::inspect::inspect_all(connection, &scopes).map_err(|error| failed(error.into()))?;
    Ok((found, dialect))
}

fn make_folder_of(file: &Path) -> Result<(), Error> {
    let Some(folder) = file.parent() else { return Ok(()) };
    fs::create_dir_all(folder)
        .map_err(|error| Error::failed(format!("cannot make the folder `{}`", folder.display())).because(error))
}

fn entry<C>(migration: &Migration<C>) -> Entry {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let node = Node {
        id: migration.revision.to_owned(),
        down_revisions: owned(migration.down_revisions),
        depends_on: owned(migration.depends_on),
        branch_labels: owned(migration.branch_labels),
        message: migration.message.to_owned(),
        origin: migration.file.to_owned(),
    };
    Entry {
        node,
        description: migration.description.to_owned(),
        created: migration.created.to_owned(),
        elidable: migration.options.elidable().map(|table| table.to_string()).collect(),
    }
}

/// What was configured, and what this run is given besides.
pub(crate) fn options(config: &Config, script: &ScriptArgs, given: &[(String, String)]) -> Options {
    Options { arguments: given.to_vec(), tag: script.tag.clone(), ..settings(config) }
}

fn settings(config: &Config) -> Options {
    let default = Options::default();
    Options {
        version_table: config.version_table.clone().unwrap_or(default.version_table),
        version_table_schema: config.version_table_schema.clone(),
        transaction: match config.transaction {
            Transaction::Migration => TransactionMode::Migration,
            Transaction::Run => TransactionMode::Run,
        },
        lock_timeout: config.lock_timeout,
        lock: match config.lock {
            Lock::Auto => LockMode::Auto,
            Lock::Session => LockMode::Session,
            Lock::Lease => LockMode::Lease,
        },
        lock_lease: config.lock_lease,
        ..default
    }
}

fn print_event(output: &Output, event: &Event<'_>) {
    match event {
        Event::Waiting { holder } => output.warning(format_args!("waiting for another run: {holder}")),
        Event::LeftOut { what } => output.warning(what),
        Event::NotElided { step, reason } => {
            output.warning(format_args!("`{}` is not elided but runs as ever: {reason}", step.revision));
        }
        Event::Finished(step, took) => {
            let direction = if step.up { Direction::Up } else { Direction::Down };
            let revision = output.style_progress(Style::Revision, &step.revision);
            let message = title(&step.message);
            let how = if step.elided { "elided: its tables are empty".to_owned() } else { time(*took) };
            output.progress(format_args!("{} {revision} {message} ({how})", direction.verb()));
        }
        _ => {}
    }
}

/// A flag that Ctrl-C sets. The run stops before its next statement, and says what stands; a second Ctrl-C ends it at once.
fn interrupt_flag(output: &Output) -> Result<Arc<AtomicBool>, Error> {
    // One for the whole process, which may go through several databases.
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(flag) = FLAG.get() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::clone(FLAG.get_or_init(Arc::default));
    let set = Arc::clone(&flag);
    let output = output.clone();
    let handle = move || {
        if set.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        output.warning("stopping before the next statement (once more to end at once)");
    };
    ctrlc::set_handler(handle).map_err(|error| Error::failed("cannot handle Ctrl-C").because(error))?;
    Ok(flag)
}

fn run_error(error: RunError) -> Error {
    let mut failed = Error::failed(error.to_string());
    failed.notes = error.notes.clone();
    failed.hints = rectify::hints(&error);
    if StdError::source(&error).is_some() { failed.because(Cause(error)) } else { failed }
}

/// What a [`RunError`] was caused by: its own line has been printed already.
#[derive(Debug)]
struct Cause(RunError);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.source() {
            Some(source) => fmt::Display::fmt(source, f),
            None => Ok(()),
        }
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source().and_then(StdError::source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(steps: usize, current: &[&str]) -> Report {
        let step = rectify::StepInfo { revision: "a1".to_owned(), message: String::new(), up: true, elided: false };
        Report { steps: vec![step; steps], current: current.iter().map(|id| (*id).to_owned()).collect() }
    }

    #[test]
    fn summary_says_how_much_and_where() {
        let took = Duration::from_millis(1234);
        let check = |report, direction, expected| assert_eq!(summary(&report, direction, took), expected);
        check(report(0, &["b2"]), Direction::Up, "nothing to do: the database is at b2");
        check(report(2, &["b2"]), Direction::Up, "applied 2 revisions in 1.2 s; the database is at b2");
        check(report(1, &[]), Direction::Down, "took back 1 revision in 1.2 s; the database is at base");
        let mut fresh = report(3, &["b2"]);
        fresh.steps[1].elided = true;
        check(fresh, Direction::Up, "applied 3 revisions in 1.2 s, 1 of them elided; the database is at b2");
    }
}
