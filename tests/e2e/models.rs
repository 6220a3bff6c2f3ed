//! Models on real databases: enums of Rust in queries, and the tables that models make.

use diesel::prelude::*;
use rectify::schema::build::enumeration;
use rectify::schema::ops::{CreateEnum, CreateTable};
use rectify::schema::schema::{column, integer, table};
// The example's models: nothing here names them otherwise, and the linker would leave them out.
use app_models as _;
use rectify::inspect::InspectOptions;
use rectify::models::declared;
use rectify::schema::dialect::{Dialect, MARIADB, POSTGRES, SQLITE};
use rectify::schema::diff::{DiffOptions, diff};
use rectify::schema::{ColumnType, NamingConvention, Schema, models};
use rectify::{Database as _, SqlEnum as _, dialect_of};
use rectify_tests::{Database, on_each_database};

#[derive(Debug, Clone, Copy, PartialEq, Eq, rectify::SqlEnum)]
#[sql_enum(name = "weather_kind", rename_all = "kebab-case")]
pub enum Weather {
    Sunny,
    PartlyCloudy,
    #[sql_name = "it's raining"]
    Rain,
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Weather;

    days (id) {
        id -> Integer,
        weather -> Weather,
        forecast -> Nullable<Weather>,
    }
}

#[derive(Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = days)]
struct Day {
    id: i32,
    weather: Weather,
    forecast: Option<Weather>,
}

/// A table with an enum, as the migrations make it.
fn create(connection: &mut rectify::AnyConnection) {
    let dialect = dialect_of(connection).unwrap();
    let kind = enumeration("weather_kind", Weather::VALUES.iter().copied());
    let days = table("days")
        .column(column("id", integer()).primary_key())
        .column(column("weather", kind.clone()).not_null())
        .column(column("forecast", kind));
    let made = CreateEnum::new("weather_kind", Weather::VALUES.iter().copied());
    for operation in [made.into(), CreateTable::new(days).into()] {
        for statement in dialect.render(&operation).unwrap() {
            connection.run(&statement.sql).unwrap();
        }
    }
}

/// Writes, compares and reads the enum over any connection.
macro_rules! use_enum {
    ($connection:expr) => {{
        let connection = $connection;
        let rows = [
            Day { id: 1, weather: Weather::Sunny, forecast: Some(Weather::PartlyCloudy) },
            Day { id: 2, weather: Weather::Rain, forecast: None },
        ];
        for row in &rows {
            diesel::insert_into(days::table).values(row).execute(connection).unwrap();
        }
        let found = days::table.order(days::id).select(Day::as_select()).load(connection).unwrap();
        assert_eq!(found, rows);
        let rainy = days::table.filter(days::weather.eq(Weather::Rain)).select(days::id);
        assert_eq!(rainy.load::<i32>(connection).unwrap(), [2]);
        let forecast = days::table.filter(days::forecast.eq(Some(&Weather::PartlyCloudy))).select(days::id);
        assert_eq!(forecast.load::<i32>(connection).unwrap(), [1]);
        diesel::delete(days::table).execute(connection).unwrap();
    }};
}

#[test]
fn an_enum_of_rust_is_one_in_the_database() {
    on_each_database(|database| {
        let mut connection = database.connect();
        create(&mut connection);
        use_enum!(&mut connection);
        let refused = connection.run("INSERT INTO days (id, weather) VALUES (3, 'hail')");
        let count = days::table.count().get_result::<i64>(&mut connection).unwrap();
        assert!(refused.is_err() && count == 0, "the database knows the values too");
        match database.kind {
            Database::Sqlite => {
                use_enum!(&mut SqliteConnection::establish(database.url.trim_start_matches("sqlite:")).unwrap());
            }
            Database::Postgres => {
                use_enum!(&mut PgConnection::establish(&database.url).unwrap());
            }
            Database::Mariadb => {}
        }
    });
}

#[test]
fn a_value_that_rust_does_not_know_is_said() {
    on_each_database(|database| {
        let mut connection = database.connect();
        connection
            .run("CREATE TABLE days (id INTEGER PRIMARY KEY, weather VARCHAR(20) NOT NULL, forecast VARCHAR(20))")
            .unwrap();
        connection.run("INSERT INTO days (id, weather) VALUES (1, 'hail')").unwrap();
        let error = days::table.select(days::weather).first::<Weather>(&mut connection).unwrap_err();
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let error = causes.last().unwrap().to_string();
        assert!(
            error.contains(
                "`hail` is no value of the enum `weather_kind`: it has `sunny`, `partly-cloudy`, `it's raining`"
            ),
            "{error}"
        );
    });
}

/// The example's models. This program has others too.
fn example(connection: &mut rectify::AnyConnection) -> Schema {
    let mut models = declared(dialect_of(connection).unwrap()).unwrap();
    models.enums.retain(|found| found.name.name != "weather_kind");
    models
}

/// What differs between two schemas on this database, in words.
fn differences(connection: &mut rectify::AnyConnection, from: &Schema, to: &Schema) -> Vec<String> {
    let found = diff(from, to, dialect_of(connection).unwrap(), &DiffOptions::default());
    found.operations.iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_s_chain_leads_to_its_models() {
    on_each_database(|database| {
        let mut connection = database.connect();
        rectify::upgrade::<migrations::Chain>(&mut connection, "head").unwrap();
        let models = example(&mut connection);
        let found = rectify::inspect(&mut connection, &InspectOptions::default()).unwrap();
        let none: [&str; 0] = [];
        assert_eq!(differences(&mut connection, &found, &models), none);
    });
}

#[test]
fn the_tables_of_the_models_are_made_and_removed() {
    on_each_database(|database| {
        let mut connection = database.connect();
        let inspect = |connection: &mut _| rectify::inspect(connection, &InspectOptions::default()).unwrap();
        rectify::create_all(&mut connection).unwrap();
        let models = example(&mut connection);
        let mut found = inspect(&mut connection);
        found.enums.retain(|found| found.name.name != "weather_kind");
        let none: [&str; 0] = [];
        assert_eq!(differences(&mut connection, &found, &models), none);
        connection.run("DROP TABLE audit_events").unwrap();
        rectify::create_all(&mut connection).unwrap();
        assert_eq!(inspect(&mut connection).tables.len(), models.tables.len(), "only what is missing is made");
        rectify::drop_all(&mut connection).unwrap();
        assert_eq!(inspect(&mut connection).tables, []);
        rectify::drop_all(&mut connection).unwrap();
    });
}

fn dialect_of_kind(kind: Database) -> &'static dyn Dialect {
    match kind {
        Database::Sqlite => SQLITE,
        Database::Postgres => POSTGRES,
        Database::Mariadb => MARIADB,
    }
}

/// Prints models for what a database holds and reads them: they say all of it. What only the compiler can read, such as a table
/// without a key, is there by name.
#[track_caller]
pub(crate) fn assert_printed_models_mean(kind: Database, found: &Schema) {
    let dialect = dialect_of_kind(kind);
    let printed = models::print(found, dialect, false);
    let source = models::read("models.rs", &printed.text);
    let meant = source.and_then(|source| source.schema(dialect, &NamingConvention::new()));
    let meant = meant.unwrap_or_else(|problems| panic!("{problems:#?}\n{}", printed.text)).sorted();
    let mut declared = 0;
    for table in &found.clone().sorted().tables {
        let mut table = table.clone();
        // SQLite's statement for an index is how it was typed, not what it is.
        table.indexes.iter_mut().for_each(|index| index.sql = None);
        // Whether old rows were checked is how a constraint was made.
        table.foreign_keys.iter_mut().for_each(|key| key.not_valid = false);
        table.checks.iter_mut().for_each(|check| check.not_valid = false);
        let Some(other) = meant.tables.iter().find(|other| other.name == table.name) else {
            assert!(
                printed.text.contains(&format!("table({:?})", table.name.name)),
                "{}: {}",
                table.name,
                printed.text
            );
            continue;
        };
        let mut other = other.clone();
        for (column, was) in other.columns.iter_mut().zip(&table.columns) {
            // MySQL's enums have no names.
            if let (ColumnType::Enum(is), ColumnType::Enum(was)) = (&mut column.column_type, &was.column_type) {
                is.name.clone_from(&was.name);
            }
        }
        assert_eq!(other, table, "{}", printed.text);
        declared += 1;
    }
    assert_eq!(declared, meant.tables.len());
    let plain = models::print(found, dialect, true).text;
    let completed = models::read("schema.rs", &plain).and_then(|source| source.completed(found, dialect));
    let (completed, _) = completed.unwrap_or_else(|problems| panic!("{problems:#?}\n{plain}"));
    assert_eq!(completed.sorted(), found.clone().sorted(), "{plain}");
    let enums: Vec<_> = found.clone().sorted().enums.into_iter().filter(|found| !found.values.is_empty()).collect();
    assert_eq!(meant.enums, enums);
}
