//! As in `literals`, the values that PostgreSQL alone has and that hold several others: intervals, ranges, lists of labels.

use std::cell::RefCell;
use std::ops::Bound;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop};
use proptest::prop_oneof;
use rectify::diesel::data_types::{PgInterval, PgLsn};
use rectify::schema::dialect::POSTGRES;
use rectify::{Chain, Migration, Offline, Source, prelude::*};
use rectify_tests::{Database, fresh, source, wanted};

use crate::literals::{MOODS, Mood, MoodType, clock, day, generate, migration, native, same};
use crate::offline;

diesel::table! {
    use rectify::diesel::sql_types::*;
    use super::MoodType;

    spans (id) {
        id -> Integer,
        span -> Nullable<Interval>,
        numbers -> Nullable<Range<Integer>>,
        large -> Nullable<Range<BigInt>>,
        days -> Nullable<Range<Date>>,
        moments -> Nullable<Range<Timestamptz>>,
        several -> Nullable<Multirange<Integer>>,
        moods -> Nullable<Array<Nullable<MoodType>>>,
        card -> Nullable<MacAddr>,
        place -> Nullable<PgLsn>,
        steps -> Nullable<Array<Interval>>,
        smalls -> Nullable<Array<SmallInt>>,
        larges -> Nullable<Array<BigInt>>,
        singles -> Nullable<Array<Float>>,
        clocks -> Nullable<Array<Time>>,
        parts -> Nullable<Array<Nullable<Binary>>>,
    }
}

type Range<T> = (Bound<T>, Bound<T>);

#[derive(Debug, Clone, Insertable, Queryable)]
#[diesel(table_name = spans)]
#[diesel(treat_none_as_default_value = false)]
struct Span {
    id: i32,
    span: Option<PgInterval>,
    numbers: Option<Range<i32>>,
    large: Option<Range<i64>>,
    days: Option<Range<NaiveDate>>,
    moments: Option<Range<NaiveDateTime>>,
    several: Option<Vec<Range<i32>>>,
    moods: Option<Vec<Option<Mood>>>,
    card: Option<[u8; 6]>,
    place: Option<PgLsn>,
    steps: Option<Vec<PgInterval>>,
    smalls: Option<Vec<i16>>,
    larges: Option<Vec<i64>>,
    singles: Option<Vec<f32>>,
    clocks: Option<Vec<NaiveTime>>,
    parts: Option<Vec<Option<Vec<u8>>>>,
}

thread_local! {
    static SPANS: RefCell<Vec<Span>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn values_that_hold_several_others_are_the_same_by_a_script() {
    if !wanted(Database::Postgres) {
        return;
    }
    SPANS.set(generate(&span(), |span, id| Span { id, ..span }));
    let (database, online) = (fresh(Database::Postgres), fresh(Database::Postgres));
    rectify::upgrade::<Spans>(&mut native(&online), "head").unwrap();
    offline::run(&database, &Offline::<Spans>::new(POSTGRES).upgrade("head").unwrap());
    let read = |database| spans::table.order(spans::id).load::<Span>(&mut native(database)).unwrap();
    same(&read(&database), &read(&online));
}

fn span() -> BoxedStrategy<Span> {
    let number = || -1_000_000_000..1_000_000_000_i32;
    let moment = (day(Database::Postgres), clock()).prop_map(|(day, clock)| day.and_time(clock));
    let mood = prop::sample::select(MOODS.to_vec()).prop_map(|mood| Mood(mood.to_owned()));
    let ranges = (
        option::of(range(number().boxed())),
        option::of(range((-1_000_000_000_000..1_000_000_000_000_i64).boxed())),
        option::of(range(day(Database::Postgres))),
        option::of(range(moment.boxed())),
        option::of(prop::collection::vec(range(number().boxed()), 0..4)),
    );
    let others = (
        option::of(interval()),
        option::of(prop::collection::vec(option::of(mood), 0..4)),
        option::of(any::<[u8; 6]>()),
        option::of(any::<u64>().prop_map(PgLsn)),
        option::of(prop::collection::vec(interval(), 0..4)),
    );
    let lists = (
        option::of(prop::collection::vec(any::<i16>(), 0..4)),
        option::of(prop::collection::vec(any::<i64>(), 0..4)),
        option::of(prop::collection::vec(any::<f32>(), 0..4)),
        option::of(prop::collection::vec(clock(), 0..4)),
        option::of(prop::collection::vec(option::of(prop::collection::vec(any::<u8>(), 0..9)), 0..4)),
    );
    (ranges, others, lists)
        .prop_map(|(ranges, (span, moods, card, place, steps), (smalls, larges, singles, clocks, parts))| {
            let (numbers, large, days, moments, several) = ranges;
            Span {
                id: 0,
                span,
                numbers,
                large,
                days,
                moments,
                several,
                moods,
                card,
                place,
                steps,
                smalls,
                larges,
                singles,
                clocks,
                parts,
            }
        })
        .boxed()
}

fn interval() -> BoxedStrategy<PgInterval> {
    (-1_000_000_000_000_000..1_000_000_000_000_000_i64, -100_000..100_000, -10_000..10_000)
        .prop_map(|(micros, days, months)| PgInterval::new(micros, days, months))
        .boxed()
}

/// The lower bound comes first, or PostgreSQL refuses it.
fn range<T: Clone + Ord + std::fmt::Debug + 'static>(value: BoxedStrategy<T>) -> BoxedStrategy<Range<T>> {
    let bound = |value: T, kind: u8| match kind {
        0 => Bound::Included(value),
        1 => Bound::Excluded(value),
        _ => Bound::Unbounded,
    };
    let kind = || prop_oneof![2 => Just(0_u8), 2 => Just(1), 1 => Just(2)];
    (value.clone(), value, kind(), kind())
        .prop_map(move |(one, other, lower, upper)| {
            (bound(one.clone().min(other.clone()), lower), bound(one.max(other), upper))
        })
        .boxed()
}

struct Spans;

impl Chain for Spans {
    type Connection = diesel::PgConnection;

    fn migrations() -> &'static [Migration<diesel::PgConnection>] {
        static MIGRATIONS: [Migration<diesel::PgConnection>; 1] = [migration("s1", |op| {
            op.create_enum("mood", MOODS)?;
            let typed = |name: &str, sql: &str| column(name, custom(sql));
            op.create_table(
                table("spans")
                    .column(column("id", integer()).primary_key())
                    .column(typed("span", "interval"))
                    .column(typed("numbers", "int4range"))
                    .column(typed("large", "int8range"))
                    .column(typed("days", "daterange"))
                    .column(typed("moments", "tstzrange"))
                    .column(typed("several", "int4multirange"))
                    .column(typed("moods", "mood[]"))
                    .column(typed("card", "macaddr"))
                    .column(typed("place", "pg_lsn"))
                    .column(typed("steps", "interval[]"))
                    .column(typed("smalls", "smallint[]"))
                    .column(typed("larges", "bigint[]"))
                    .column(typed("singles", "real[]"))
                    .column(typed("clocks", "time[]"))
                    .column(typed("parts", "bytea[]")),
            )?;
            SPANS.with_borrow(|spans| {
                spans
                    .iter()
                    .try_for_each(|span| op.execute(diesel::insert_into(spans::table).values(span.clone())).map(drop))
            })
        })];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("s1")];
        &SOURCES
    }
}
