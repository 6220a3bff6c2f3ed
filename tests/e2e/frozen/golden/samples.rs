use frozen::*;

/// The tables as revision `s1` leaves them. They never change, whatever becomes of the application's own models.
#[allow(dead_code, reason = "a migration need not use all of it")]
mod frozen {
    use diesel::data_types::{PgInterval, PgNumeric};
    use diesel::prelude::*;
    use rectify::chrono::{DateTime, Utc};
    use std::ops::Bound;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, rectify::SqlEnum)]
    #[sql_enum(frozen)]
    pub enum SampleMood {
        Sad,
        #[sql_name = "so so"]
        SoSo,
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::SampleMood;

        samples (id) {
            id -> Integer,
            numbers -> Array<Nullable<Integer>>,
            words -> Nullable<Array<Nullable<Text>>>,
            begun -> Timestamptz,
            span -> Nullable<Interval>,
            part -> Nullable<Int4range>,
            price -> Numeric,
            mood -> SampleMood,
            moods -> Nullable<Array<Nullable<SampleMood>>>,
        }
    }

    /// A row of `samples`; `.set(&row)` writes it back.
    #[derive(Debug, Clone, PartialEq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = samples, treat_none_as_null = true)]
    pub struct SamplesRow {
        pub id: i32,
        pub numbers: Vec<Option<i32>>,
        pub words: Option<Vec<Option<String>>>,
        pub begun: DateTime<Utc>,
        pub span: Option<PgInterval>,
        pub part: Option<(Bound<i32>, Bound<i32>)>,
        pub price: PgNumeric,
        pub mood: SampleMood,
        pub moods: Option<Vec<Option<SampleMood>>>,
    }

    /// A new row of `samples`; `None` leaves a column to the database.
    #[derive(Debug, Clone, PartialEq, Insertable)]
    #[diesel(table_name = samples)]
    pub struct NewSamplesRow {
        pub id: i32,
        pub numbers: Vec<Option<i32>>,
        pub words: Option<Vec<Option<String>>>,
        pub begun: Option<DateTime<Utc>>,
        pub span: Option<PgInterval>,
        pub part: Option<(Bound<i32>, Bound<i32>)>,
        pub price: PgNumeric,
        pub mood: SampleMood,
        pub moods: Option<Vec<Option<SampleMood>>>,
    }
}
