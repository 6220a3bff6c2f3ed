//! `rectify::table!`: the grammar of `diesel::table!`, the attributes, and what `declared` makes of them.
#![expect(clippy::unwrap_used, reason = "tests")]

use diesel::prelude::*;
use rectify::models::declared;
use rectify::schema::build::*;
use rectify::schema::dialect::{MARIADB, POSTGRES, SQLITE};
use rectify::schema::{ColumnType, DefaultValue, Identity, Schema, Table, Value};

mod app {
    rectify::tables! {
        #[comment = "Who pays"]
        tenants (id) {
            #[identity(start = 1000)]
            id -> BigInt,
            #[max_length = 2]
            #[collate = "C"]
            country -> Char,
            #[unique(name = "uq_tenants_name")]
            name -> Text,
        }

        #[check("ck_documents_title", "length(title) > 0")]
        #[index(name = "ix_documents_recent", on(tenant_id, created_at.desc().nulls_last()), where = "NOT archived")]
        #[index(name = "ix_documents_lower", on(sql("lower(title)").operator_class("text_pattern_ops")), unique)]
        #[index(on(title.length(20)), using = "btree", include(archived), storage(fillfactor = 70))]
        #[unique(name = "uq_documents_region", on(tenant_id, region), nulls_not_distinct, initially_deferred)]
        #[options(strict, engine = "InnoDB", charset = "utf8mb4")]
        workspace.documents (id) {
            #[identity]
            id -> BigInt,
            #[references(tenants.id, name = "fk_documents_tenant", on_delete = Cascade, on_update = Restrict, deferrable)]
            tenant_id -> BigInt,
            region -> Nullable<Integer>,
            #[max_length = 255]
            #[default = "untitled"]
            #[index]
            title -> Varchar,
            #[default = sql("CURRENT_TIMESTAMP")]
            created_at -> Timestamptz,
            #[default = false]
            archived -> Bool,
            #[precision(12, 2)]
            #[default = 0]
            #[check("price >= 0")]
            price -> Numeric,
            #[generated("price * 2", virtual)]
            double_price -> Nullable<Double>,
            #[column_type = jsonb()]
            analysis -> Nullable<Text>,
            #[sql_type(postgres = "tsvector", sqlite = "TEXT", mysql = "LONGTEXT")]
            search -> Nullable<Text>,
            #[sql_name = "type"]
            #[comment = "pdf, docx"]
            kind -> Text,
        }

        #[primary_key(name = "pk_parts")]
        #[foreign_key(name = "fk_parts_parent", on(parent_document, parent_number), references(parts(document_id, number)),
            on_delete = SetNull, match_full)]
        parts (document_id, number) {
            #[references(documents.id)]
            document_id -> BigInt,
            number -> Integer,
            #[references("legacy.owners", "id")]
            owner_id -> BigInt,
            parent_document -> Nullable<BigInt>,
            parent_number -> Nullable<Integer>,
        }

        #[view("SELECT id, title FROM documents WHERE archived", sqlite = "SELECT id, title FROM documents WHERE archived = 1")]
        #[reads(documents)]
        old_documents (id) {
            id -> BigInt,
            title -> Text,
        }
    }
}

fn table<'a>(schema: &'a Schema, name: &str) -> &'a Table {
    schema.tables.iter().find(|table| table.name.name == name).unwrap()
}

#[test]
fn a_group_is_what_a_migration_would_build() {
    let found = declared(POSTGRES).unwrap();
    let tenants = rectify::schema::schema::table("tenants")
        .comment("Who pays")
        .column(column("id", bigint()).primary_key().identity_with(Identity { start: Some(1000), ..identity() }))
        .column(column("country", char(2)).not_null().collate("C"))
        .column(column("name", text()).not_null())
        .unique(unique("uq_tenants_name").on(["name"]));
    assert_eq!(*table(&found, "tenants"), tenants);
    let documents = table(&found, "documents");
    assert_eq!(documents.name.schema.as_deref(), Some("workspace"));
    let types: Vec<_> = documents.columns.iter().map(|column| &column.column_type).cloned().collect();
    let tsvector = custom("tsvector");
    let wanted = [
        bigint(),
        bigint(),
        integer(),
        varchar(255),
        timestamptz(),
        boolean(),
        numeric(12, 2),
        double(),
        jsonb(),
        tsvector,
        text(),
    ];
    assert_eq!(types, wanted);
    assert_eq!(documents.columns[3].default, Some(DefaultValue::Literal(Value::Text("untitled".into()))));
    assert_eq!(documents.columns[4].default, Some(DefaultValue::Expression("CURRENT_TIMESTAMP".into())));
    assert_eq!(documents.columns[10].name, "type");
    assert!(documents.options.strict);
}

#[test]
fn the_type_follows_the_database() {
    let on = |dialect| table(&declared(dialect).unwrap(), "documents").columns[9].column_type.clone();
    assert_eq!(on(SQLITE), ColumnType::Text);
    assert_eq!(on(MARIADB), custom("LONGTEXT"));
}

#[test]
fn a_group_can_be_joined() {
    use app::{documents, old_documents, parts, tenants};
    let query = documents::table.inner_join(tenants::table).select((documents::title, tenants::name));
    let text = diesel::debug_query::<diesel::pg::Pg, _>(&query).to_string();
    assert!(
        text.contains("INNER JOIN \"tenants\" ON (\"workspace\".\"documents\".\"tenant_id\" = \"tenants\".\"id\")"),
        "{text}"
    );
    let query = parts::table
        .inner_join(documents::table)
        .inner_join(old_documents::table.on(old_documents::id.eq(documents::id)));
    assert!(diesel::debug_query::<diesel::pg::Pg, _>(&query.select(parts::number)).to_string().contains("JOIN"));
}
