//! A Rust type of one's own on `AnyConnection`: written to a column, compared with one, read back, on each database.

use std::io::Write;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::mysql::{Mysql, MysqlValue};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType, Text};
use diesel::sqlite::Sqlite;
use rectify::{Database as _, MultiBackend, MultiRawValue};
use rectify_tests::{Database, on_each_database};

#[derive(Debug, Clone, Copy, QueryId, SqlType)]
#[diesel(postgres_type(name = "mood"), mysql_type(name = "String"), sqlite_type(name = "Text"))]
pub struct MoodSql;

#[derive(Debug, Clone, Copy, PartialEq, AsExpression, FromSqlRow)]
#[diesel(sql_type = MoodSql)]
enum Mood {
    Sad,
    Happy,
}

impl Mood {
    fn label(self) -> &'static str {
        match self {
            Self::Sad => "sad",
            Self::Happy => "happy",
        }
    }

    fn of(label: &[u8]) -> deserialize::Result<Self> {
        match label {
            b"sad" => Ok(Self::Sad),
            b"happy" => Ok(Self::Happy),
            other => Err(format!("no mood: {other:?}").into()),
        }
    }
}

impl HasSqlType<MoodSql> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<MoodSql>(lookup)
    }
}

impl ToSql<MoodSql, MultiBackend> for Mood {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((MoodSql, self));
        Ok(IsNull::No)
    }
}

impl ToSql<MoodSql, Pg> for Mood {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.label().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<MoodSql, Mysql> for Mood {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        out.write_all(self.label().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<MoodSql, Sqlite> for Mood {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.label());
        Ok(IsNull::No)
    }
}

impl FromSql<MoodSql, MultiBackend> for Mood {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, MoodSql>()
    }
}

impl FromSql<MoodSql, Pg> for Mood {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Self::of(value.as_bytes())
    }
}

impl FromSql<MoodSql, Mysql> for Mood {
    fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
        Self::of(value.as_bytes())
    }
}

impl FromSql<MoodSql, Sqlite> for Mood {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Self::of(<String as FromSql<Text, Sqlite>>::from_sql(value)?.as_bytes())
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::MoodSql;

    moods (id) {
        id -> Integer,
        mood -> MoodSql,
    }
}

#[test]
fn an_enum_is_written_compared_and_read() {
    on_each_database(|database| {
        let mut connection = database.connect();
        let mood = match database.kind {
            Database::Postgres => {
                connection.run("CREATE TYPE mood AS ENUM ('sad', 'happy')").unwrap();
                "mood"
            }
            Database::Mariadb => "ENUM ('sad', 'happy')",
            Database::Sqlite => "TEXT",
        };
        connection.run(&format!("CREATE TABLE moods (id INTEGER PRIMARY KEY, mood {mood} NOT NULL)")).unwrap();
        for (id, mood) in [(1, Mood::Sad), (2, Mood::Happy)] {
            let row = (moods::id.eq(id), moods::mood.eq(mood));
            diesel::insert_into(moods::table).values(row).execute(&mut connection).unwrap();
        }
        let happy = moods::table.filter(moods::mood.eq(Mood::Happy)).select((moods::id, moods::mood));
        assert_eq!(happy.load::<(i32, Mood)>(&mut connection).unwrap(), [(2, Mood::Happy)]);
        let changed = diesel::update(moods::table).set(moods::mood.eq(Mood::Sad)).execute(&mut connection).unwrap();
        assert_eq!(changed, 2);
    });
}
