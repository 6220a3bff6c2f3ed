//! A data migration outlives what the application's models have of its tables.

use std::fs;

use rectify_tests::{Database, fresh, on_each_database};

use super::run;
use crate::project::Project;

const MODELS: &str = "
rectify::tables! {
    users (id) {
        #[identity]
        id -> Integer,
        #[max_length = 255]
        email -> Varchar,
        legacy -> Nullable<Text>,
    }

    documents (id) {
        id -> BigInt,
        #[references(users.id, name = \"fk_documents_user\")]
        user_id -> Integer,
        #[max_length = 20]
        r#type -> Varchar,
    }
}
";

const FEWER_MODELS: &str = "
rectify::table! {
    users (id) {
        #[identity]
        id -> Integer,
        #[max_length = 255]
        email -> Varchar,
    }
}
";

const TIDY: &str = r#"    op.execute(
        diesel::update(users::table.filter(users::legacy.is_not_null()))
            .set(users::email.eq(users::legacy.assume_not_null())),
    )?;
    let rows = documents::table.inner_join(users::table).select(DocumentsRow::as_select());
    op.rows(rows).chunks(10).for_each(|op, rows: Vec<DocumentsRow>| {
        for row in rows {
            let row = DocumentsRow { r#type: row.r#type.to_uppercase(), ..row };
            op.execute(diesel::update(documents::table.find(row.id)).set(&row))?;
        }
        Ok(())
    })?;
    Ok(())
"#;

#[test]
fn it_compiles_when_the_models_have_lost_the_column_and_the_table() {
    let project = Project::new("frozen_lasting");
    let first = fresh(Database::Sqlite);
    project.clear();
    project.models(MODELS);
    project.generate(&first, &["-m", "Create all", "--rev-id", "a1"]);
    project.build();
    project.ok(&first, &["up"]);
    let (path, text, _) = project.written(&first, &["--data", "users,documents", "-m", "Tidy", "--rev-id", "b2"]);
    let (before, _) = text.split_once("    // In one statement: ").unwrap();
    let (_, after) = text.split_once("    let _ = op;\n    Ok(())\n").unwrap();
    fs::write(&path, format!("{before}{TIDY}{after}")).unwrap();
    project.build();
    project.ok(&first, &["up"]);

    project.models(FEWER_MODELS);
    project.generate(&first, &["-m", "Drop what is old", "--rev-id", "c3", "--allow-drop"]);
    project.build();
    on_each_database(|database| {
        project.ok(database, &["up", "a1"]);
        run(
            database,
            &[
                "INSERT INTO users (id, email, legacy) VALUES (1, 'x', 'ada@hills.example'), (2, 'bea@hills.example', NULL)",
            ],
        );
        run(database, &["INSERT INTO documents (id, user_id, type) VALUES (1, 1, 'plan')"]);
        project.ok(database, &["up", "b2"]);
        assert_eq!(database.texts("SELECT type FROM documents"), ["PLAN"]);
        project.ok(database, &["up"]);
        assert_eq!(database.texts("SELECT email FROM users ORDER BY id"), ["ada@hills.example", "bea@hills.example"]);
        assert_eq!(project.ok(database, &["check"]).stdout, "");
    });
}
