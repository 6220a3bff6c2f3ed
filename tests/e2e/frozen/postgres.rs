//! A chain on Diesel's connection to PostgreSQL has PostgreSQL's own types: what is written is what is compiled here, and it reads,
//! changes and inserts rows.

use std::fs;
use std::path::Path;

use rectify::schema::emit::Layout;
use rectify::schema::models::{self, Crates, Freezing};
use rectify::{Chain, Migration, Op, Source, prelude::*};
use rectify_tests::{Database, fresh, source, step, wanted};

use crate::literals::native;

#[expect(clippy::allow_attributes, reason = "as it stands in a migration")]
mod golden {
    include!("golden/samples.rs");

    use std::ops::Bound;

    use diesel::data_types::{PgInterval, PgNumeric};
    use rectify::Op;
    use rectify::prelude::*;

    pub(super) fn change(op: &mut Op<'_, diesel::PgConnection>) -> Result<()> {
        let new = NewSamplesRow {
            id: 1,
            numbers: vec![Some(1), None],
            words: Some(vec![Some("it's".to_owned())]),
            begun: rectify::chrono::DateTime::from_timestamp(1_700_000_000, 0),
            span: Some(PgInterval::from_days(3)),
            part: Some((Bound::Included(1), Bound::Excluded(5))),
            price: PgNumeric::Positive { weight: 0, scale: 2, digits: vec![12, 5000] },
            mood: SampleMood::Sad,
            moods: Some(vec![Some(SampleMood::SoSo), None]),
        };
        op.bulk_insert(samples::table, vec![new.clone()])?;
        op.rows(samples::table.select(SamplesRow::as_select())).chunks(1).for_each(|op, rows: Vec<SamplesRow>| {
            for row in rows {
                assert_eq!((row.part, &row.price, row.span), (new.part, &new.price, new.span));
                assert_eq!((&row.moods, Some(row.begun), &row.words), (&new.moods, new.begun, &new.words));
                let row = SamplesRow { mood: SampleMood::SoSo, numbers: vec![None, Some(2)], words: None, ..row };
                op.execute(diesel::update(samples::table.find(row.id)).set(&row))?;
            }
            Ok(())
        })
    }
}

#[test]
fn the_types_of_postgres_are_those_of_a_chain_on_its_own_connection() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    rectify::upgrade::<Own>(&mut native(&database), "s1").unwrap();
    let mut schema = rectify::inspect(&mut database.connect(), &Default::default()).unwrap();
    schema.tables.retain(|table| table.name.name == "samples");
    let crates = Crates::default();
    let (added, layout) = (&[][..], Layout::default());
    let freezing = Freezing { at: "revision `s1`", added, any_connection: false, crates: &crates, layout };
    let written = models::frozen(&schema, rectify::schema::dialect::POSTGRES, &freezing).unwrap().text;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/frozen/golden/samples.rs");
    assert_eq!(written, fs::read_to_string(file).unwrap());
    rectify::upgrade::<Own>(&mut native(&database), "head").unwrap();
    let found =
        "SELECT concat_ws(' ', numbers, words, mood, moods, part, price, span, begun AT TIME ZONE 'UTC') FROM samples";
    let row = "{NULL,2} so so {\"so so\",NULL} [1,5) 12.50 3 days 2023-11-14 22:13:20";
    assert_eq!(database.texts(found), [row]);
}

struct Own;

impl Chain for Own {
    type Connection = diesel::PgConnection;

    fn migrations() -> &'static [Migration<diesel::PgConnection>] {
        static MIGRATIONS: [Migration<diesel::PgConnection>; 2] =
            [step("s1", &[], create), step("s2", &["s1"], golden::change)];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("s1"), source("s2")];
        &SOURCES
    }
}

fn create(op: &mut Op<'_, diesel::PgConnection>) -> Result<()> {
    op.create_enum("sample_mood", ["sad", "so so"])?;
    op.create_table(
        table("samples")
            .column(column("id", integer()).primary_key())
            .column(column("numbers", array(integer())).not_null())
            .column(column("words", array(text())))
            .column(column("begun", timestamptz()).not_null().server_default(sql("now()")))
            .column(column("span", custom("interval")))
            .column(column("part", custom("int4range")))
            .column(column("price", numeric(9, 2)).not_null())
            .column(column("mood", named_enum("sample_mood")).not_null())
            .column(column("moods", array(named_enum("sample_mood")))),
    )
}
