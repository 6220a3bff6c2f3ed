//! What a database is told and what the inspection reads back, on the real databases.

use rectify::inspect::{InspectOptions, Scope, schema};
use rectify::{AnyConnection, Database as _, dialect_of, inspect};
use rectify_schema::build::{
    Cascade, SetNull, array, bigint, binary, boolean, char, check, column, custom, date, double, enumeration,
    foreign_key, index, index_column, integer, json, jsonb, numeric, primary_key, real, sequence, smallint, sql, table,
    text, time, timestamp, timestamptz, timetz, unique, uuid, varchar, view,
};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::{CreateEnum, CreateExtension, CreateObject, CreateSchema, CreateSequence, CreateTable};
use rectify_schema::{ColumnType, EnumType, Generated, Index, Operation, Schema, Table};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, wanted};

pub(crate) fn read(database: &TestDatabase) -> Schema {
    read_with(database, &InspectOptions::default())
}

pub(crate) fn read_with(database: &TestDatabase, options: &InspectOptions) -> Schema {
    inspect(&mut database.connect(), options).unwrap_or_else(|error| panic!("{error:?}")).sorted()
}

pub(crate) fn run(database: &TestDatabase, statements: &[&str]) {
    let mut connection = database.connect();
    for statement in statements {
        connection.run(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
}

/// Creates everything that a schema holds. What refers to something that is not there yet is tried again after the rest.
pub(crate) fn create(database: &TestDatabase, schema: &Schema) {
    let mut connection = database.connect();
    let dialect = dialect_of(&mut connection).unwrap();
    let mut pending = operations(schema);
    while !pending.is_empty() {
        let before = pending.len();
        let mut refused = String::new();
        pending.retain(|operation| match apply(&mut connection, dialect, operation) {
            Ok(()) => false,
            Err(error) => {
                refused = error;
                true
            }
        });
        assert!(pending.len() < before, "{refused}");
    }
}

fn operations(schema: &Schema) -> Vec<Operation> {
    let Schema { tables, enums, schemas, extensions, sequences, objects } = schema.clone();
    let mut operations: Vec<Operation> = Vec::new();
    operations.extend(schemas.into_iter().map(|name| CreateSchema::new(name).into()));
    operations.extend(extensions.into_iter().map(|extension| CreateExtension::new(extension).into()));
    operations.extend(enums.into_iter().map(|enum_type| CreateEnum::from(enum_type).into()));
    operations.extend(sequences.into_iter().map(|sequence| CreateSequence::new(sequence).into()));
    operations.extend(tables.into_iter().map(|table| CreateTable { table }.into()));
    operations.extend(objects.into_iter().map(|object| CreateObject::new(object).into()));
    operations
}

fn apply(connection: &mut AnyConnection, dialect: &dyn Dialect, operation: &Operation) -> Result<(), String> {
    let statements = dialect.render(operation).unwrap_or_else(|refusal| panic!("{refusal}"));
    connection.begin().unwrap();
    for statement in statements {
        if let Err(error) = connection.run(&statement.sql) {
            connection.rollback().unwrap();
            return Err(format!("{error}: {statement}"));
        }
    }
    connection.commit().map_err(|error| format!("{error}: {operation}"))
}

/// Creates in an empty database what was read, and reads it again. Models that are printed for it mean the same.
#[track_caller]
pub(crate) fn assert_read_again(kind: Database, found: &Schema) {
    crate::models::assert_printed_models_mean(kind, found);
    let copy = fresh(kind);
    create(&copy, found);
    assert_eq!(read(&copy), *found);
}

fn documents() -> Schema {
    let tenants =
        table("Tenants \"1\"").column(column("id", bigint()).identity()).primary_key(primary_key("pk 1").on(["id"]));
    let documents = table("documents")
        .comment("It's here")
        .column(column("id", bigint()).identity())
        .column(column("order", varchar(40)).not_null().server_default("it's \\ \"q\"").comment("né 'x'"))
        .column(column("status", enumeration("documents_status", ["new", "it's"])).not_null().server_default("new"))
        .column(column("open", boolean()).not_null().server_default(true))
        .column(column("count", smallint()).server_default(-3))
        .column(column("price", numeric(12, 2)))
        .column(column("share", double()).server_default(1.5))
        .column(column("tenant", bigint()))
        .column(column("body", text()))
        .column(column("day", date()).server_default("2020-02-29"))
        .column(column("created", timestamp()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
        .column(column("rest", json()))
        .column(column("double count", integer()).generated("count * 2"))
        .primary_key(primary_key("documents_key").on(["id"]))
        .unique(unique("uq_documents").on(["order", "count"]))
        .foreign_key(
            foreign_key("fk_tenant")
                .on(["tenant"])
                .references("Tenants \"1\"", ["id"])
                .on_delete(Cascade)
                .on_update(SetNull),
        )
        .check(check("ck_count", "count > -5"))
        .index(index("ix_documents_tenant").on("documents", [index_column("tenant"), index_column("count").desc()]))
        .index(index("ix documents day").on("documents", ["day"]).unique());
    Schema {
        tables: vec![documents, tenants],
        enums: vec![EnumType::new("documents_status", ["new", "it's"])],
        ..Schema::default()
    }
}

/// What each database makes of the same tables.
fn as_kept(kind: Database, mut schema: Schema) -> Schema {
    for table in &mut schema.tables {
        match kind {
            Database::Postgres => {}
            Database::Mariadb => as_mariadb_keeps(table),
            Database::Sqlite => as_sqlite_keeps(table),
        }
    }
    if kind != Database::Postgres {
        schema.enums.clear();
    }
    schema.sorted()
}

fn as_mariadb_keeps(table: &mut Table) {
    // The key has no name, and a unique constraint is an index.
    if let Some(key) = &mut table.primary_key {
        key.name = None;
    }
    for unique in table.uniques.drain(..) {
        let index = index(unique.name.unwrap()).on(&table.name, unique.columns).unique();
        table.indexes.push(index);
    }
    for column in &mut table.columns {
        if let Some(Generated { expression, .. }) = &mut column.generated {
            "`count` * 2".clone_into(expression);
        }
        if column.default == Some(sql("CURRENT_TIMESTAMP").into()) {
            column.default = Some(sql("current_timestamp()").into());
        }
    }
    for check in &mut table.checks {
        "`count` > -5".clone_into(&mut check.expression);
    }
}

fn as_sqlite_keeps(table: &mut Table) {
    table.comment = None;
    for column in &mut table.columns {
        column.comment = None;
        if column.identity.is_some() {
            column.column_type = integer();
        }
    }
}

fn without_index_sql(mut schema: Schema) -> Schema {
    for index in schema.tables.iter_mut().flat_map(|table| &mut table.indexes) {
        index.sql = None;
    }
    schema
}

#[test]
fn tables_are_read_back_as_they_were_created() {
    on_each_database(|database| {
        create(database, &documents());
        let mut expected = as_kept(database.kind, documents());
        if database.kind == Database::Postgres {
            for table in &mut expected.tables {
                let generated = table.columns.iter_mut().find_map(|column| column.generated.as_mut());
                if let Some(generated) = generated {
                    "count * 2".clone_into(&mut generated.expression);
                }
                for check in &mut table.checks {
                    // The server makes a number with a sign a text with a cast.
                    "count > '-5'::integer".clone_into(&mut check.expression);
                }
            }
        }
        let found = read(database);
        assert_eq!(without_index_sql(found.clone()), expected);
        assert_read_again(database.kind, &found);
    });
}

fn one_table(database: &TestDatabase, name: &str) -> Schema {
    let mut connection = database.connect();
    let dialect = dialect_of(&mut connection).unwrap();
    schema(&mut connection, dialect, &Scope { table: Some(name.to_owned()), ..Scope::default() }).unwrap().sorted()
}

#[test]
fn one_table_is_read_like_all_of_them() {
    on_each_database(|database| {
        create(database, &documents());
        let all = read(database);
        for table in &all.tables {
            let one = one_table(database, &table.name.name);
            assert_eq!(one.tables, std::slice::from_ref(table));
        }
        assert_eq!(one_table(database, "nothing' \\"), Schema::default());
    });
}

#[test]
fn every_type_is_read_back() {
    on_each_database(|database| {
        let mut types = vec![
            smallint(),
            integer(),
            bigint(),
            numeric(9, 3),
            real(),
            double(),
            boolean(),
            char(3),
            varchar(7),
            text(),
            binary(),
            date(),
            time(),
            timestamp(),
            json(),
        ];
        types.extend(match database.kind {
            Database::Postgres => {
                vec![
                    timestamptz(),
                    timetz(),
                    uuid(),
                    jsonb(),
                    array(varchar(3)),
                    ColumnType::Varchar(None),
                    custom("inet"),
                ]
            }
            Database::Mariadb => vec![timestamptz(), uuid(), custom("int(10) unsigned"), custom("datetime(6)")],
            Database::Sqlite => vec![jsonb(), ColumnType::Varchar(None), custom("INT"), custom(""), custom("DATETIME")],
        });
        let columns = types.iter().enumerate().map(|(at, of)| column(format!("c{at}"), of.clone()));
        let table = columns.fold(table("types"), Table::column);
        create(database, &Schema { tables: vec![table.clone()], ..Schema::default() });
        assert_eq!(read(database).tables, [table]);
    });
}

#[test]
fn sqlite_tables_written_by_hand() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = fresh(Database::Sqlite);
    run(
        &database,
        &[
            "CREATE TABLE \"odd ) 'one\" -- a comment (
                ( [id] INTEGER CONSTRAINT \"k, 1\" PRIMARY KEY AUTOINCREMENT /* , x */, `na``me` TEXT COLLATE NOCASE
                  DEFAULT 'a, b) --' CHECK (\"na`me\" <> '(' -- why
                  ), 'said' INT NOT NULL UNIQUE, parent REFERENCES \"odd ) 'one\" ON DELETE SET NULL
                  DEFERRABLE INITIALLY DEFERRED, twice INTEGER AS (said * 2), CONSTRAINT u UNIQUE (said, parent)
                  CHECK (said > 0) )",
            "CREATE UNIQUE INDEX \"i x\" ON \"odd ) 'one\" (lower(`na``me`) COLLATE NOCASE DESC, said) WHERE said > 1 -- (",
            "CREATE TABLE strict_one (a TEXT NOT NULL, b ANY, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID",
            "ALTER TABLE strict_one ADD COLUMN added INTEGER DEFAULT 5 CONSTRAINT positive CHECK (added > 0)",
            "ALTER TABLE strict_one RENAME COLUMN b TO \"b c\"",
            "CREATE VIRTUAL TABLE words USING fts5(word)",
            "CREATE VIEW v AS SELECT * FROM strict_one",
        ],
    );
    let unnamed = |expression: &str| check(None, expression);
    let mut odd = table("odd ) 'one")
        .column(column("id", integer()).identity())
        .column(column("na`me", text()).collate("NOCASE").server_default("a, b) --"))
        .column(column("said", custom("INT")).not_null().unique())
        .column(column("parent", custom("")))
        .column(column("twice", integer()).generated_virtual("said * 2"))
        .primary_key(primary_key("k, 1").on(["id"]))
        .unique(unique("u").on(["said", "parent"]))
        .check(unnamed("\"na`me\" <> '('"))
        .check(unnamed("said > 0"))
        .index(Index {
            sql: Some(
                "CREATE UNIQUE INDEX \"i x\" ON \"odd ) 'one\" (lower(`na``me`) COLLATE NOCASE DESC, said) WHERE said > 1"
                    .to_owned(),
            ),
            ..index("i x").on("", [sql("lower(`na``me`)")]).unique().filter("said > 1")
        });
    let first = &mut odd.indexes[0].columns[0];
    *first = first.clone().collate("NOCASE").desc();
    odd.indexes[0].columns.push(index_column("said"));
    let to_itself =
        foreign_key(None).on(["parent"]).references("odd ) 'one", [""; 0]).on_delete(SetNull).initially_deferred();
    odd.foreign_keys.push(to_itself);
    let mut strict = table("strict_one")
        .column(column("a", text()).primary_key())
        .column(column("b c", custom("ANY")).primary_key())
        .column(column("added", integer()).server_default(5))
        .check(check("positive", "added > 0"));
    strict.options.strict = true;
    strict.options.without_rowid = true;
    let mut found = read(&database);
    // The comment behind the index may or may not be kept.
    for sql in found.tables.iter_mut().flat_map(|table| &mut table.indexes).filter_map(|index| index.sql.as_mut()) {
        *sql = sql.trim_end_matches(" -- (").to_owned();
    }
    let objects = vec![view("v", "SELECT * FROM strict_one")];
    assert_eq!(found, Schema { tables: vec![odd, strict], objects, ..Schema::default() }.sorted());
    assert_read_again(Database::Sqlite, &found);
}

#[test]
fn sqlite_schemas_that_are_attached() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("ATTACH ':memory:' AS \"the other\"").unwrap();
    connection.run("CREATE TABLE \"the other\".t (a INTEGER)").unwrap();
    let found = inspect(&mut connection, &InspectOptions::default().schemas(["*"])).unwrap();
    assert_eq!(found.schemas, ["the other"]);
    assert_eq!(found.tables, [table(("the other", "t")).column(column("a", integer()))]);
}

#[test]
fn postgres_tables_written_by_hand() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    run(
        &database,
        &[
            "CREATE SCHEMA other",
            "CREATE TYPE other.level AS ENUM ('lo''w', 'high')",
            "CREATE TABLE other.\"Far\" (x int, \"Y z\" text, PRIMARY KEY (x, \"Y z\"))",
            "CREATE TABLE t (id serial PRIMARY KEY, seq int GENERATED ALWAYS AS IDENTITY (START 7 CACHE 5 CYCLE), \
             l other.level DEFAULT 'high', ls other.level[], name varchar COLLATE \"C\" DEFAULT NULL, x int, y text, \
             CHECK (x > 0 AND (name <> ')' OR name IS NULL)), \
             FOREIGN KEY (x, y) REFERENCES other.\"Far\" ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)",
            "CREATE INDEX i ON t USING btree (lower(name) COLLATE \"C\" text_pattern_ops DESC NULLS LAST, x) \
             INCLUDE (y) WHERE x IS NOT NULL",
            "CREATE TABLE parts (a int, b int, PRIMARY KEY (a)) PARTITION BY RANGE (a)",
            "CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (1) TO (9)",
            "CREATE UNLOGGED TABLE quick (a int REFERENCES parts)",
            "CREATE VIEW v AS SELECT * FROM t",
        ],
    );
    let level = || enumeration(("other", "level"), ["lo'w", "high"]);
    let identity = rectify_schema::build::identity().always().start(7);
    let far = foreign_key("t_x_y_fkey").on(["x", "y"]).references(("other", "Far"), ["x", "Y z"]);
    let by_name = rectify_schema::IndexColumn::from(sql("lower((name)::text)"));
    let mut t = table("t")
        .column(column("id", integer()).identity())
        .column(column("seq", integer()).identity_with(identity))
        .column(column("l", level()).server_default("high"))
        .column(column("ls", array(level())))
        .column(column("name", ColumnType::Varchar(None)).collate("C"))
        .column(column("x", integer()))
        .column(column("y", text()))
        .primary_key(primary_key("t_pkey").on(["id"]))
        .check(check("t_check", "(x > 0) AND (((name)::text <> ')'::text) OR (name IS NULL))"))
        .foreign_key(far.on_delete(SetNull).initially_deferred())
        .index(
            index("i")
                .on("t", [by_name.collate("C").operator_class("text_pattern_ops").desc().nulls_last()])
                .and("x")
                .include(["y"])
                .filter("x IS NOT NULL"),
        );
    let options = t.columns[1].identity.as_mut().unwrap();
    (options.cache, options.cycle) = (Some(5), true);
    let mut parts = table("parts")
        .column(column("a", integer()).not_null())
        .column(column("b", integer()))
        .primary_key(primary_key("parts_pkey").on(["a"]));
    parts.options.partition_by = Some("RANGE (a)".to_owned());
    let mut quick = table("quick")
        .column(column("a", integer()))
        .foreign_key(foreign_key("quick_a_fkey").on(["a"]).references("parts", ["a"]));
    quick.options.unlogged = true;
    let found = read(&database);
    assert_eq!(found.objects.len(), 1);
    let found = Schema { objects: Vec::new(), ..found };
    assert_eq!(found, Schema { tables: vec![parts, quick, t], ..Schema::default() }.sorted());

    let other = read_with(&database, &InspectOptions::default().schemas(["other"]));
    let far = table(("other", "Far"))
        .column(column("x", integer()))
        .column(column("Y z", text()))
        .primary_key(primary_key("Far_pkey").on(["x", "Y z"]));
    assert_eq!(
        other,
        Schema {
            tables: vec![far],
            enums: vec![EnumType::new(("other", "level"), ["lo'w", "high"])],
            schemas: vec!["other".to_owned()],
            ..Schema::default()
        }
    );
}

#[test]
fn mariadb_tables_written_by_hand() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    run(
        &database,
        &[
            "CREATE TABLE parent (a INT, b INT, UNIQUE KEY `u``1` (a, b)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
            "CREATE TABLE `od``d` (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, \
             e ENUM('a,b', 'it''s', 'x\\\\y') DEFAULT 'it''s', n VARCHAR(5) DEFAULT 'NULL', \
             seen TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, \
             bits BIT(3) DEFAULT b'101', hidden INT INVISIBLE DEFAULT 3, body LONGTEXT, \
             px INT, py INT, KEY k (body(10), px DESC), \
             CONSTRAINT `f k` FOREIGN KEY (px, py) REFERENCES parent (a, b) ON DELETE NO ACTION ON UPDATE CASCADE, \
             CONSTRAINT c CHECK (n <> ')' AND n <> 'it''s')) COMMENT 'a \\\\ b'",
            "CREATE VIEW v AS SELECT * FROM parent",
            "CREATE SEQUENCE numbers",
        ],
    );
    let mut parent = table("parent")
        .column(column("a", integer()))
        .column(column("b", integer()))
        .index(index("u`1").on("", ["a", "b"]).unique());
    parent.options.charset = Some("latin1".to_owned());
    parent.options.collation = Some("latin1_swedish_ci".to_owned());
    let seen = sql("current_timestamp() ON UPDATE current_timestamp()");
    let key = foreign_key("f k").on(["px", "py"]).references("parent", ["a", "b"]);
    let odd = table("od`d")
        .comment("a \\ b")
        .column(column("id", custom("int(10) unsigned")).primary_key().identity())
        .column(column("e", enumeration("od`d_e", ["a,b", "it's", "x\\y"])).server_default("it's"))
        .column(column("n", varchar(5)).server_default("NULL"))
        .column(column("seen", timestamptz()).server_default(seen))
        .column(column("bits", custom("bit(3)")).server_default(sql("b'101'")))
        .column(column("hidden", custom("int(11) INVISIBLE")).server_default(3))
        .column(column("body", custom("longtext")))
        .column(column("px", integer()))
        .column(column("py", integer()))
        .foreign_key(key.on_delete(rectify_schema::build::NoAction).on_update(Cascade))
        .check(check("c", "`n` <> ')' and `n` <> 'it\\'s'"))
        .index(index("k").on("", [index_column("body").length(10), index_column("px").desc()]));
    let found = read(&database);
    let view = view("v", "select `parent`.`a` AS `a`,`parent`.`b` AS `b` from `parent`");
    let (objects, sequences) = (vec![view], vec![sequence("numbers")]);
    assert_eq!(found, Schema { tables: vec![odd, parent], objects, sequences, ..Schema::default() }.sorted());
    assert_read_again(Database::Mariadb, &found);
}
