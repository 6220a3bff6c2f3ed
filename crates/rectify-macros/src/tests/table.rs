//! What `table!`, `tables!` and `#[derive(SqlEnum)]` say and where.

use super::{errors, golden};
use crate::{sql_enum, table};

/// Expects these errors of one table, each as `line:column message`.
#[track_caller]
fn check(input: &str, wanted: &[&str]) {
    assert_eq!(said(table::expand_one(input.parse().unwrap())), wanted);
}

fn said(tokens: proc_macro2::TokenStream) -> Vec<String> {
    errors(tokens).into_iter().map(|(place, message)| format!("{place} {message}")).collect()
}

/// Expects this error of an attribute on the column `a`.
#[track_caller]
fn of_column(attribute: &str, sql_type: &str, wanted: &str) {
    check(&format!("t (id) {{ id -> Integer,\n{attribute}\na -> {sql_type} }}"), &[wanted]);
}

/// Expects this error of an attribute on a table of the columns `id` and `title`.
#[track_caller]
fn of_table(attribute: &str, wanted: &str) {
    check(&format!("{attribute}\nt (id) {{ id -> Integer, title -> Text }}"), &[wanted]);
}

#[test]
fn attributes_are_known() {
    of_column("#[defualt = 1]", "Integer", "2:3 a column has no attribute `defualt`\nhint: did you mean `default`?");
    of_column(
        "#[server_default = 1]",
        "Integer",
        "2:3 a column has no attribute `server_default`\nhint: did you mean `default`?",
    );
    of_column(
        "#[foreign_key(a.b)]",
        "Integer",
        "2:3 a column has no attribute `foreign_key`\nhint: did you mean `references`?",
    );
    of_column("#[options(strict)]", "Integer", "2:3 a column has no attribute `options`\nhint: it stands on the table");
    of_column(
        "#[primary_key]",
        "Integer",
        "2:3 `#[primary_key]` stands on a table\nhint: write the key behind the table's name: `t (a)`",
    );
    of_table("#[indx(on(title))]", "1:3 a table has no attribute `indx`\nhint: did you mean `index`?");
    of_table("#[strict]", "1:3 a table has no attribute `strict`\nhint: did you mean `options`?");
    of_table("#[identity]", "1:3 a table has no attribute `identity`\nhint: it stands on a column");
    of_table("#[references(t.id)]", "1:3 a table has no attribute `references`\nhint: did you mean `foreign_key`?");
}

#[test]
fn keys_are_known() {
    of_table("#[index(on(title), uniqe)]", "1:20 `#[index]` has no key `uniqe`\nhint: did you mean `unique`?");
    of_table("#[index(on(title), unique, unique)]", "1:28 `unique` is given twice\nhint: remove one of the two");
    of_table("#[index(unique)]", "1:3 an index needs columns\nhint: name them: `on(…)`");
    of_table("#[index(on(title), where = 1)]", "1:28 expected a text: `\"…\"`");
    of_table("#[index(on(title.desk()))]", "1:18 an index column has no `desk`\nhint: did you mean `desc`?");
    of_table(
        "#[index(on(sql(\"lower(title)\")))]",
        "1:3 an index over an expression needs a name\nhint: give it one: `name = \"…\"`",
    );
    of_column("#[index(on(a))]", "Integer", "2:9 this is on the column that it stands on\nhint: put it on the table");
    of_column(
        "#[identity(begin = 5)]",
        "Integer",
        "2:12 `#[identity]` has no key `begin`\nhint: the keys are `always`, `start`, `increment`, `min_value`, `max_value`, `cache`, `cycle`",
    );
}

#[test]
fn columns_are_known() {
    of_table("#[index(on(titel))]", "1:12 the table `t` has no column `titel`\nhint: did you mean `title`?");
    of_table(
        "#[index(on(title), include(nothing))]",
        "1:28 the table `t` has no column `nothing`\nhint: its columns are `id`, `title`",
    );
    of_table("#[unique(on(id, id))]", "1:17 the column `id` twice\nhint: name each column once");
    of_table(
        "#[foreign_key(on(titel), references(u(id)))]",
        "1:18 the table `t` has no column `titel`\nhint: did you mean `title`?",
    );
    check("t (key) { id -> Integer }", &["1:4 the table `t` has no column `key`\nhint: its columns are `id`"]);
    check(
        "t (id) { id -> Integer, #[sql_name = \"ID\"] other -> Text }",
        &["1:38 two columns named `ID`\nhint: rename one of the two"],
    );
    let group = "a (id) { id -> Integer } b (id) { id -> Integer, #[references(a.no)] a_id -> Integer }";
    let wanted = "1:65 the table `a` has no column `no`\nhint: its columns are `id`";
    assert_eq!(said(table::expand_group(group.parse().unwrap())), [wanted]);
}

#[test]
fn names_are_given_once() {
    of_table(
        "#[unique(name = \"x\", on(id))]\n#[check(\"x\", \"id > 0\")]",
        "2:9 two constraints or indexes named `x`\nhint: rename one of the two",
    );
    check(
        "t (id) { #[index(name = \"i\")] id -> Integer, #[index(name = \"i\")] b -> Integer }",
        &["1:61 two constraints or indexes named `i`\nhint: rename one of the two"],
    );
}

#[test]
fn defaults_fit_their_types() {
    of_column(
        "#[default = 40000]",
        "SmallInt",
        "2:3 this is no value of `SmallInt`\nhint: it goes from -32768 to 32767",
    );
    of_column(
        "#[default = -1]",
        "Unsigned<Integer>",
        "2:3 this is no value of `Unsigned<Integer>`\nhint: it goes from 0 to 4294967295",
    );
    of_column(
        "#[default = \"yes\"]",
        "Nullable<Bool>",
        "2:3 this is no value of `Bool`\nhint: write `true`, `false` or `sql(\"…\")`",
    );
    of_column("#[default = 1]", "Text", "2:3 this is no value of `Text`\nhint: write a text, or `sql(\"…\")`");
    of_column(
        "#[max_length = 3]\n#[default = \"long\"]",
        "Varchar",
        "3:3 this is no value of `Varchar`\nhint: it has at most 3 characters",
    );
    of_column("#[default = now()]", "Timestamp", "2:13 expected a literal or `sql(\"…\")`");
    of_column(
        "#[default = \"x\"]",
        "Binary",
        "2:3 this is no value of `Binary`\nhint: write `b\"…\"`, or `sql(\"…\")`",
    );
    for fits in [
        "#[default = -3] a -> SmallInt",
        "#[default = 1.5] a -> Numeric",
        "#[default = \"12.50\"] a -> Numeric",
        "#[default = \"2026-01-01\"] a -> Date",
        "#[default = b\"\\x00\"] a -> Binary",
        "#[default = \"sad\"] a -> Mood",
        "#[default = sql(\"anything\")] a -> Bool",
        "#[sql_type = \"hstore\"] #[default = \"\"] a -> Integer",
    ] {
        check(&format!("t (id) {{ id -> Integer, {fits} }}"), &[]);
    }
}

#[test]
fn numbering_fits_its_column() {
    of_column("#[identity]", "Text", "2:3 `Text` cannot be numbered\nhint: an identity is a whole number");
    of_column(
        "#[identity]\n#[default = 1]",
        "Integer",
        "2:3 a numbered column has no default of its own\nhint: remove one of the two",
    );
    of_column("#[identity]", "Serial", "2:3 a serial column is numbered anyway\nhint: remove the attribute");
    of_column(
        "#[generated(\"1\")]\n#[default = 1]",
        "Integer",
        "3:3 a generated column has no default\nhint: remove one of the two",
    );
    of_column(
        "#[precision(2)]",
        "Text",
        "2:3 `Text` has no precision\nhint: a precision is for `Numeric` and for times",
    );
    of_column(
        "#[precision(2, 3)]",
        "Numeric",
        "2:3 more digits after the point than digits\nhint: write `#[precision(digits, after the point)]`",
    );
}

#[test]
fn foreign_keys_are_whole() {
    of_column(
        "#[references(u)]",
        "Integer",
        "2:14 expected a table and its column\nhint: write `#[references(tenants.id)]`",
    );
    of_column(
        "#[references(u.id, on_delete = Cascad)]",
        "Integer",
        "2:32 there is no action `Cascad`\nhint: did you mean `Cascade`?",
    );
    of_column(
        "#[references(u.id, on_delete = SET_NULL)]",
        "Integer",
        "2:32 there is no action `SET_NULL`\nhint: did you mean `SetNull`?",
    );
    of_column(
        "#[references(u.id, on_delete = SetNull)]",
        "Integer",
        "2:32 `a` can never be NULL\nhint: make it `Nullable<…>`, or choose another action",
    );
    of_table(
        "#[foreign_key(on(id, title), references(u(id)))]",
        "1:3 2 columns that refer to 1\nhint: name as many columns in `on(…)` as in `references(…)`",
    );
    of_table("#[foreign_key(on(id))]", "1:3 a foreign key refers to a table\nhint: name it: `references(tenants(id))`");
}

#[test]
fn types_that_are_built_are_known() {
    of_column("#[column_type = varcar(20)]", "Text", "2:17 there is no type `varcar`\nhint: did you mean `varchar`?");
    of_column("#[column_type = bool()]", "Text", "2:17 there is no type `bool`\nhint: did you mean `boolean`?");
    of_column("#[column_type = text(20)]", "Text", "2:17 `text` does not take these arguments");
    of_column(
        "#[column_type = text()]\n#[sql_type = \"x\"]",
        "Text",
        "3:3 the type is given twice\nhint: keep one of the two",
    );
}

#[test]
fn all_mistakes_of_a_table_are_said() {
    check(
        "#[index(on(nothing))]\nt (id) { #[defalt = 1] id -> Integer, #[check()] b -> Text }",
        &[
            "2:12 a column has no attribute `defalt`\nhint: did you mean `default`?",
            "2:41 `#[check]` needs more\nhint: write `#[check(\"name\", \"condition\")]`",
            "1:12 the table `t` has no column `nothing`\nhint: its columns are `id`, `b`",
        ],
    );
    check(
        "#[index(on(a))]\n#[unique(on(b))]\nt (id) { id -> Integer }",
        &[
            "1:12 the table `t` has no column `a`\nhint: its columns are `id`",
            "2:13 the table `t` has no column `b`\nhint: its columns are `id`",
        ],
    );
    check(
        "a (id) { id -> Integer } b (id) { id -> Integer }",
        &["1:26 `table!` holds one table\nhint: write `tables!` around several"],
    );
}

#[test]
fn the_expansion_of_a_group() {
    let group = r#"
        /// Who pays.
        tenants (id) { #[identity] id -> BigInt }

        #[index(name = "ix_notes_text", on(text.length(20)))]
        app.notes (id) {
            id -> BigInt,
            #[references(tenants.id, on_delete = Cascade)]
            tenant_id -> BigInt,
            #[max_length = 80] #[default = ""]
            text -> Varchar,
        }
    "#;
    golden("tables.txt", table::expand_group(group.parse().unwrap()));
}

#[test]
fn enums_are_checked() {
    let check =
        |item: &str, wanted: &[&str]| assert_eq!(said(sql_enum::expand(item.parse().unwrap())), wanted, "{item}");
    check("enum A { B, C }", &[]);
    check("struct A;", &["1:8 `SqlEnum` is for enums\nhint: derive it on an `enum`"]);
    check("enum A {}", &["1:6 an enum without values\nhint: add a variant"]);
    check("enum A { B(u8) }", &["1:11 a value of a database's enum holds nothing\nhint: remove the fields"]);
    check("enum A<T> { B }", &["1:7 `SqlEnum` is for enums without parameters\nhint: remove them"]);
    check(
        "#[sql_enum(nam = \"a\")] enum A { B }",
        &["1:12 `#[sql_enum]` has no key `nam`\nhint: did you mean `name`?"],
    );
    check(
        "#[sql_enum(rename_all = \"snake\")] enum A { B }",
        &["1:25 there is no style `snake`\nhint: did you mean `snake_case`?"],
    );
    check(
        "enum A { B, #[sql_name = \"b\"] C }",
        &["1:26 two values named `b`\nhint: name one of them: `#[sql_name = \"…\"]`"],
    );
}

#[test]
fn the_expansion_of_an_enum() {
    let item = "#[sql_enum(schema = \"app\")] pub enum DocumentStatus { Draft, #[sql_name = \"done\"] Approved }";
    golden("sql_enum.txt", sql_enum::expand(item.parse().unwrap()));
}
