//! Structs inserted in bulk: every row, in as few statements as each database takes, live and in a script.

use rectify::schema::dialect::{MYSQL, POSTGRES, SQLITE};
use rectify::{
    AnyConnection, Chain, Family, Migration, Offline, Op, Options, Report, RunError, Runner, Source, prelude::*,
};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, source, step, whole};

use crate::offline;

type AnyOp<'a> = Op<'a, AnyConnection>;

diesel::table! {
    goods (id) {
        id -> Integer,
        name -> Text,
        price -> Nullable<Double>,
        stock -> Nullable<Integer>,
    }
}

#[derive(Insertable)]
#[diesel(table_name = goods)]
struct Good {
    id: i32,
    name: String,
    price: Option<f64>,
    // Left out where it is `None`, so that the column's default counts.
    stock: Option<i32>,
}

#[derive(Insertable)]
#[diesel(table_name = goods)]
struct Borrowed<'a> {
    id: i32,
    name: &'a str,
}

/// How many rows the case `many` inserts, of two values each: the others are defaults.
const MANY: i32 = 50_000;

#[test]
fn many_rows_go_in_as_few_statements_as_the_limits_allow() {
    on_each_database(|database| {
        run(database, "many").unwrap();
        assert_eq!(texts(database, "COUNT(*)", "1 = 1"), [MANY.to_string()]);
        assert_eq!(texts(database, "SUM(stock)", "1 = 1"), [(MANY * 3).to_string()]);
    });
    for (dialect, statements) in [(SQLITE, 4), (POSTGRES, 2), (MYSQL, 2)] {
        let script = Offline::<Goods>::new(dialect).options(options("many")).upgrade("head").unwrap();
        let into = script.matches("INSERT INTO `goods`").count() + script.matches("INSERT INTO \"goods\"").count();
        assert_eq!(into, statements, "{}", dialect.name());
    }
}

#[test]
fn a_script_inserts_what_an_online_run_inserts() {
    on_each_database(|database| {
        let online = fresh(database.kind);
        run(&online, "odd").unwrap();
        let script = Offline::<Goods>::new(offline::dialect(database.kind)).options(options("odd"));
        offline::run(database, &script.upgrade("head").unwrap());
        for column in ["id", "name", "price", "stock"] {
            assert_eq!(texts(database, column, "1 = 1"), texts(&online, column, "1 = 1"), "{column}");
        }
        assert_eq!(texts(&online, "name", "id = 2"), ["it's \\ \"two\" ? $1"]);
        assert_eq!(texts(&online, "stock", "1 = 1"), ["3", "8", "3", "3", "5", "3"], "the default of the column is 3");
    });
}

#[test]
fn long_rows_are_several_packets() {
    on_each_database(|database| {
        run(database, "long").unwrap();
        assert_eq!(texts(database, "SUM(LENGTH(name))", "1 = 1"), ["12000000"]);
    });
}

#[test]
fn a_row_that_breaks_a_constraint_undoes_all_of_them_and_the_error_is_short() {
    on_each_database(|database| {
        let error = run(database, "twice").unwrap_err();
        let text = whole(&error);
        assert!(text.contains("operation 1, insert 20001 rows into table"), "{text}");
        assert!(text.len() < 1500, "{} characters", text.len());
        let row = match database.kind {
            Database::Postgres => "Key (id)=(7) already exists.",
            Database::Mariadb => {
                "row 20001: INSERT INTO `goods` (`id`, `name`, `price`, `stock`) VALUES (7, 'again', DEFAULT, DEFAULT)"
            }
            Database::Sqlite => "row 20001: INSERT INTO `goods` (`id`, `name`) VALUES (7, 'again')",
        };
        assert!(text.contains(row), "{text}");
        assert_eq!(texts(database, "COUNT(*)", "1 = 1"), ["0"]);
    });
}

static CASES: &[(&str, Body)] = &[
    ("many", |op| op.bulk_insert(goods::table, (1..=MANY).map(|id| good(id, "x", None)).collect::<Vec<_>>())),
    ("odd", |op| {
        op.bulk_insert(goods::table, vec![good(1, "one", Some(0.1)), good(2, "it's \\ \"two\" ? $1", None)])?;
        op.bulk_insert(goods::table, vec![Borrowed { id: 3, name: "three\r\n" }])?;
        op.bulk_insert("goods", [row().set("id", 4).set("name", "four").set("price", 4.5)])?;
        let mut last = vec![good(5, "five", Some(-1e300)), good(6, "six", None), good(7, "", None)];
        last[1].stock = Some(5);
        last.truncate(2);
        op.bulk_insert(goods::table, last)?;
        op.bulk_insert(goods::table, Vec::<Good>::new())?;
        op.execute(diesel::update(goods::table.find(2)).set(goods::stock.eq(8)))?;
        op.bulk_insert(goods::table, vec![(goods::id.eq(9), goods::name.eq("a tuple"))])?;
        op.execute(diesel::delete(goods::table.find(4))).map(drop)
    }),
    ("long", |op| {
        let long = "x".repeat(1_000_000);
        op.bulk_insert(goods::table, (1..=12).map(|id| Borrowed { id, name: &long }).collect::<Vec<_>>())
    }),
    ("twice", |op| {
        let mut rows: Vec<_> = (1..=20_000).map(|id| good(id, "x", None)).collect();
        rows.push(good(7, "again", None));
        op.bulk_insert(goods::table, rows)
    }),
];

type Body = fn(&mut AnyOp<'_>) -> Result<()>;

fn good(id: i32, name: &str, price: Option<f64>) -> Good {
    Good { id, name: name.to_owned(), price, stock: None }
}

fn run(database: &TestDatabase, case: &str) -> std::result::Result<Report, RunError> {
    Runner::<Goods>::new(&mut database.connect()).options(options(case)).upgrade("head")
}

fn options(case: &str) -> Options {
    Options { arguments: vec![("case".to_owned(), case.to_owned())], ..Options::default() }
}

fn texts(database: &TestDatabase, expression: &str, condition: &str) -> Vec<String> {
    let text = if database.kind == Database::Mariadb { "CHAR" } else { "TEXT" };
    let order = if expression.contains('(') { "" } else { " ORDER BY id" };
    let sql = format!("SELECT CAST({expression} AS {text}) FROM goods WHERE {condition}{order}");
    database.texts(&sql).into_iter().map(|text| text.trim_end_matches(".0").to_owned()).collect()
}

struct Goods;

impl Chain for Goods {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 2] = [
            step("b1", &[], |op| {
                // A `TEXT` of MySQL ends at 65,535 bytes.
                let long = if op.family() == Family::Mysql { custom("LONGTEXT") } else { text() };
                op.create_table(
                    table("goods")
                        .column(column("id", integer()).primary_key())
                        .column(column("name", long).not_null())
                        .column(column("price", double()))
                        .column(column("stock", integer()).server_default(3)),
                )
            }),
            step("b2", &["b1"], |op| {
                let case = op.x_argument("case").unwrap_or_default().to_owned();
                let (_, body) = CASES.iter().find(|(name, _)| *name == case).unwrap();
                body(op)
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("b1"), source("b2")];
        &SOURCES
    }
}
