//! Random values of every type, written as literals into a script that the database's own client runs: what is read back is what
//! the driver's own bound values give.

use std::cell::RefCell;
use std::io::Write as _;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use proptest::{option, prop_oneof};
use rectify::diesel::connection::LoadConnection;
use rectify::diesel::deserialize::{self, FromSql, FromSqlRow};
use rectify::diesel::expression::AsExpression;
use rectify::diesel::pg::data_types::PgNumeric;
use rectify::diesel::pg::{Pg, PgValue};
use rectify::diesel::serialize::{self, IsNull, Output, ToSql};
use rectify::diesel::sql_types;
use rectify::{AnyConnection, Chain, Migration, Offline, Op, Source, prelude::*};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, source, step, wanted};

use crate::offline;

/// How many rows of random values a test has.
const ROWS: i32 = 200;

diesel::table! {
    samples (id) {
        id -> Integer,
        small -> Nullable<SmallInt>,
        large -> Nullable<BigInt>,
        single -> Nullable<Float>,
        wide -> Nullable<Double>,
        words -> Nullable<Text>,
        bytes -> Nullable<Binary>,
        yes -> Nullable<Bool>,
        day -> Nullable<Date>,
        clock -> Nullable<Time>,
        moment -> Nullable<Timestamp>,
    }
}

#[derive(Debug, Clone, Insertable, Queryable)]
#[diesel(table_name = samples)]
#[diesel(treat_none_as_default_value = false)]
struct Sample {
    id: i32,
    small: Option<i16>,
    large: Option<i64>,
    single: Option<f32>,
    wide: Option<f64>,
    words: Option<String>,
    bytes: Option<Vec<u8>>,
    yes: Option<bool>,
    day: Option<NaiveDate>,
    clock: Option<NaiveTime>,
    moment: Option<NaiveDateTime>,
}

thread_local! {
    static SAMPLES: RefCell<Vec<Sample>> = const { RefCell::new(Vec::new()) };
    static PG_SAMPLES: RefCell<Vec<PgSample>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn values_of_every_common_type_are_the_same_by_a_script() {
    on_each_database(|database| {
        SAMPLES.set(generate(&sample(database.kind), |sample, id| Sample { id, ..sample }));
        let online = fresh(database.kind);
        rectify::upgrade::<Common>(&mut online.connect(), "head").unwrap();
        let script = Offline::<Common>::new(offline::dialect(database.kind)).upgrade("head").unwrap();
        offline::run(database, &script);
        same(&read(&mut database.connect()), &read(&mut online.connect()));
        let given = SAMPLES.take();
        let words = |samples: &[Sample]| samples.iter().map(|sample| sample.words.clone()).collect::<Vec<_>>();
        assert_eq!(words(&read(&mut database.connect())), words(&given), "texts are what was given");
    });
}

#[test]
fn values_of_the_types_that_only_postgres_has_are_the_same_by_a_script() {
    if !wanted(Database::Postgres) {
        return;
    }
    PG_SAMPLES.set(generate(&pg_sample(), |sample, id| PgSample { id, ..sample }));
    let (database, online) = (fresh(Database::Postgres), fresh(Database::Postgres));
    rectify::upgrade::<Rich>(&mut native(&online), "head").unwrap();
    let script = Offline::<Rich>::new(offline::dialect(Database::Postgres)).upgrade("head").unwrap();
    offline::run(&database, &script);
    let read = |database| pg_samples::table.order(pg_samples::id).load::<PgSample>(&mut native(database)).unwrap();
    same(&read(&database), &read(&online));
}

/// The types' own forms are compared, for a number that is none equals nothing.
#[track_caller]
pub(crate) fn same<T: std::fmt::Debug>(script: &[T], online: &[T]) {
    assert_eq!(script.len(), usize::try_from(ROWS).unwrap());
    for (script, online) in script.iter().zip(online) {
        assert_eq!(format!("{script:?}"), format!("{online:?}"));
    }
}

pub(crate) fn generate<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, number: impl Fn(T, i32) -> T) -> Vec<T> {
    let mut runner = TestRunner::default();
    (1..=ROWS).map(|id| number(strategy.new_tree(&mut runner).unwrap().current(), id)).collect()
}

fn sample(kind: Database) -> BoxedStrategy<Sample> {
    let numbers =
        (option::of(any::<i16>()), option::of(any::<i64>()), option::of(single(kind)), option::of(wide(kind)));
    let texts =
        (option::of(text(kind)), option::of(prop::collection::vec(any::<u8>(), 0..40)), option::of(any::<bool>()));
    let times = (option::of(day(kind)), option::of(clock()), option::of((day(kind), clock())));
    (numbers, texts, times)
        .prop_map(|((small, large, single, wide), (words, bytes, yes), (day, clock, moment))| Sample {
            id: 0,
            small,
            large,
            single,
            wide,
            words,
            bytes,
            yes,
            day,
            clock,
            moment: moment.map(|(day, clock)| day.and_time(clock)),
        })
        .boxed()
}

/// MySQL and MariaDB have no number that is none, and SQLite makes it NULL.
fn wide(kind: Database) -> BoxedStrategy<f64> {
    let finite = any::<f64>().prop_filter("finite", |number| number.is_finite());
    let infinite = prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY)];
    match kind {
        Database::Mariadb => finite.boxed(),
        Database::Sqlite => prop_oneof![4 => finite, 1 => infinite].boxed(),
        Database::Postgres => prop_oneof![4 => finite, 1 => infinite, 1 => Just(f64::NAN), 1 => Just(-0.0)].boxed(),
    }
}

fn single(kind: Database) -> BoxedStrategy<f32> {
    let finite = any::<f32>().prop_filter("finite", |number| number.is_finite());
    match kind {
        Database::Postgres => prop_oneof![4 => finite, 1 => Just(f32::NAN), 1 => Just(f32::NEG_INFINITY)].boxed(),
        Database::Sqlite | Database::Mariadb => finite.boxed(),
    }
}

/// What a client, a server or a library might take for something else.
fn text(kind: Database) -> BoxedStrategy<String> {
    let words = [
        "'",
        "''",
        "\\",
        "\\'",
        "\"",
        "`",
        "$1",
        "$$",
        "?",
        ":name",
        ":'x'",
        ";",
        ";\n",
        "--",
        "/*",
        "*/",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\x1a",
        "\x08",
        "%",
        "_",
        "{",
        "}",
        "\nDELIMITER //\n",
        "\\q\n",
        "\n.quit\n",
        "\ngo\n",
        "\n/\n",
        "\\!",
        "NULL",
        "E'",
        "X'00'",
        "$rectify$",
        "ü",
        "😀",
        "\u{feff}",
        "\u{2028}",
        "a",
        "1",
    ];
    let nul = if kind == Database::Postgres { vec![] } else { vec!["\0"] };
    let words: Vec<&'static str> = words.into_iter().chain(nul).collect();
    prop::collection::vec(prop::sample::select(words), 0..8).prop_map(|words| words.concat()).boxed()
}

pub(crate) fn day(kind: Database) -> BoxedStrategy<NaiveDate> {
    // MySQL promises nothing before the year 1000; PostgreSQL goes back to 4713 BC.
    let first = match kind {
        Database::Mariadb => NaiveDate::from_ymd_opt(1000, 1, 1),
        Database::Sqlite => NaiveDate::from_ymd_opt(1, 1, 1),
        Database::Postgres => NaiveDate::from_ymd_opt(-4712, 1, 1),
    };
    let (first, last) = (first.unwrap(), NaiveDate::from_ymd_opt(9999, 12, 31).unwrap());
    (0..=(last - first).num_days()).prop_map(move |days| first + TimeDelta::days(days)).boxed()
}

pub(crate) fn clock() -> BoxedStrategy<NaiveTime> {
    (0..86_400u32, 0..1_000_000u32)
        .prop_map(|(seconds, micros)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, micros * 1000).unwrap())
        .boxed()
}

fn read<C>(conn: &mut C) -> Vec<Sample>
where
    C: LoadConnection,
    for<'q> rectify::diesel::dsl::Order<samples::table, samples::id>:
        rectify::diesel::query_dsl::methods::LoadQuery<'q, C, Sample>,
{
    samples::table.order(samples::id).load(conn).unwrap()
}

struct Common;

impl Chain for Common {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [migration("l1", |op| {
            let mysql = op.family() == rectify::Family::Mysql;
            let typed = |general, on_mysql: &str| if mysql { custom(on_mysql) } else { general };
            op.create_table(
                table("samples")
                    .column(column("id", integer()).primary_key())
                    .column(column("small", smallint()))
                    .column(column("large", bigint()))
                    .column(column("single", real()))
                    .column(column("wide", double()))
                    .column(column("words", typed(text_type(), "LONGTEXT CHARACTER SET utf8mb4")))
                    .column(column("bytes", blob()))
                    .column(column("yes", boolean()))
                    .column(column("day", date()))
                    .column(column("clock", typed(time(), "TIME(6)")))
                    .column(column("moment", typed(timestamp(), "DATETIME(6)"))),
            )?;
            SAMPLES.with_borrow(|samples| {
                samples.iter().try_for_each(|sample| {
                    op.execute(diesel::insert_into(samples::table).values(sample.clone())).map(drop)
                })
            })
        })];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("l1")];
        &SOURCES
    }
}

/// `text` is the strategy here.
fn text_type() -> rectify::schema::ColumnType {
    rectify::schema::build::text()
}

/// The SQL type of the enum.
#[derive(Debug, Clone, Copy, sql_types::SqlType, rectify::diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "mood"))]
pub struct MoodType;

diesel::table! {
    use rectify::diesel::sql_types::*;
    use super::MoodType;

    pg_samples (id) {
        id -> Integer,
        amount -> Nullable<Numeric>,
        moment -> Nullable<Timestamptz>,
        key -> Nullable<Uuid>,
        plain -> Nullable<Json>,
        packed -> Nullable<Jsonb>,
        numbers -> Nullable<Array<Nullable<Integer>>>,
        words -> Nullable<Array<Nullable<Text>>>,
        wides -> Nullable<Array<Double>>,
        mood -> Nullable<MoodType>,
        flags -> Nullable<Array<Nullable<Bool>>>,
        amounts -> Nullable<Array<Numeric>>,
        days -> Nullable<Array<Date>>,
        moments -> Nullable<Array<Timestamptz>>,
        keys -> Nullable<Array<Uuid>>,
        documents -> Nullable<Array<Nullable<Jsonb>>>,
    }
}

#[derive(Debug, Clone, Insertable, Queryable)]
#[diesel(table_name = pg_samples)]
#[diesel(treat_none_as_default_value = false)]
struct PgSample {
    id: i32,
    amount: Option<PgNumeric>,
    moment: Option<NaiveDateTime>,
    key: Option<Key>,
    plain: Option<JsonText>,
    packed: Option<JsonText>,
    numbers: Option<Vec<Option<i32>>>,
    words: Option<Vec<Option<String>>>,
    wides: Option<Vec<f64>>,
    mood: Option<Mood>,
    flags: Option<Vec<Option<bool>>>,
    amounts: Option<Vec<PgNumeric>>,
    days: Option<Vec<NaiveDate>>,
    moments: Option<Vec<NaiveDateTime>>,
    keys: Option<Vec<Key>>,
    documents: Option<Vec<Option<JsonText>>>,
}

#[derive(Debug, Clone, Copy, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Uuid)]
struct Key([u8; 16]);

#[derive(Debug, Clone, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Json)]
#[diesel(sql_type = sql_types::Jsonb)]
struct JsonText(String);

#[derive(Debug, Clone, AsExpression, FromSqlRow)]
#[diesel(sql_type = MoodType)]
pub(crate) struct Mood(pub(crate) String);

impl ToSql<sql_types::Uuid, Pg> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Uuid, Pg> for Key {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(value.as_bytes().try_into()?))
    }
}

impl ToSql<sql_types::Json, Pg> for JsonText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Json, Pg> for JsonText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(String::from_utf8(value.as_bytes().to_vec())?))
    }
}

impl ToSql<sql_types::Jsonb, Pg> for JsonText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::Jsonb, Pg> for JsonText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(String::from_utf8(value.as_bytes()[1..].to_vec())?))
    }
}

impl ToSql<MoodType, Pg> for Mood {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<MoodType, Pg> for Mood {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(String::from_utf8(value.as_bytes().to_vec())?))
    }
}

pub(crate) const MOODS: [&str; 3] = ["fine", "it's \"so\" \\ so", "{bad}, NULL"];

fn pg_sample() -> BoxedStrategy<PgSample> {
    let words = || text(Database::Postgres);
    let json = || words().prop_map(|text| JsonText(serde_json::json!({ "a": text, "b": [1.5, null] }).to_string()));
    let mood = prop::sample::select(MOODS.to_vec()).prop_map(|mood| Mood(mood.to_owned()));
    let scalars = (
        option::of(numeric()),
        option::of((day(Database::Postgres), clock())),
        option::of(any::<[u8; 16]>().prop_map(Key)),
        option::of(json()),
        option::of(json()),
        option::of(mood),
    );
    let lists = (
        option::of(prop::collection::vec(option::of(any::<i32>()), 0..5)),
        option::of(prop::collection::vec(option::of(words()), 0..5)),
        option::of(prop::collection::vec(wide(Database::Postgres), 0..5)),
        option::of(prop::collection::vec(option::of(any::<bool>()), 0..5)),
        option::of(prop::collection::vec(numeric(), 0..4)),
        option::of(prop::collection::vec(day(Database::Postgres), 0..4)),
        option::of(prop::collection::vec((day(Database::Postgres), clock()), 0..4)),
        option::of(prop::collection::vec(any::<[u8; 16]>().prop_map(Key), 0..4)),
        option::of(prop::collection::vec(option::of(json()), 0..4)),
    );
    (scalars, lists)
        .prop_map(|((amount, moment, key, plain, packed, mood), lists)| {
            let (numbers, words, wides, flags, amounts, days, moments, keys, documents) = lists;
            PgSample {
                id: 0,
                amount,
                moment: moment.map(|(day, clock)| day.and_time(clock)),
                key,
                plain,
                packed,
                numbers,
                words,
                wides,
                mood,
                flags,
                amounts,
                days,
                moments: moments.map(|moments| moments.into_iter().map(|(day, clock)| day.and_time(clock)).collect()),
                keys,
                documents,
            }
        })
        .boxed()
}

fn numeric() -> BoxedStrategy<PgNumeric> {
    let digits = prop::collection::vec(0..10_000i16, 1..7);
    let number = (any::<bool>(), -4..6i16, 0..24u16, 1..10_000i16, digits).prop_map(
        |(is_positive, weight, scale, first, mut digits)| {
            digits.insert(0, first);
            match is_positive {
                true => PgNumeric::Positive { weight, scale, digits },
                false => PgNumeric::Negative { weight, scale, digits },
            }
        },
    );
    prop_oneof![9 => number, 1 => Just(PgNumeric::NaN)].boxed()
}

pub(crate) fn native(database: &TestDatabase) -> diesel::PgConnection {
    diesel::PgConnection::establish(&database.url).unwrap()
}

struct Rich;

impl Chain for Rich {
    type Connection = diesel::PgConnection;

    fn migrations() -> &'static [Migration<diesel::PgConnection>] {
        static MIGRATIONS: [Migration<diesel::PgConnection>; 1] = [migration("p1", |op| {
            op.create_enum("mood", MOODS)?;
            op.create_table(
                table("pg_samples")
                    .column(column("id", integer()).primary_key())
                    .column(column("amount", custom("numeric")))
                    .column(column("moment", timestamptz()))
                    .column(column("key", uuid()))
                    .column(column("plain", json()))
                    .column(column("packed", jsonb()))
                    .column(column("numbers", array(integer())))
                    .column(column("words", array(text_type())))
                    .column(column("wides", array(double())))
                    .column(column("mood", named_enum("mood")))
                    .column(column("flags", array(boolean())))
                    .column(column("amounts", array(custom("numeric"))))
                    .column(column("days", array(date())))
                    .column(column("moments", array(timestamptz())))
                    .column(column("keys", array(uuid())))
                    .column(column("documents", array(jsonb()))),
            )?;
            PG_SAMPLES.with_borrow(|samples| {
                samples.iter().try_for_each(|sample| {
                    op.execute(diesel::insert_into(pg_samples::table).values(sample.clone())).map(drop)
                })
            })
        })];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("p1")];
        &SOURCES
    }
}

pub(crate) const fn migration<C>(revision: &'static str, upgrade: fn(&mut Op<'_, C>) -> Result<()>) -> Migration<C> {
    Migration { message: "Insert values of every type", ..step(revision, &[], upgrade) }
}
