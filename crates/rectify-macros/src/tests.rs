//! What the macros say and where, and one whole expansion of each.

mod table;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use rectify_chain::source::{At, SourceChain, assemble, parse_file, render_head};
use rectify_chain::{Graph, Node};

use crate::{migration, versions};

const UPGRADE: &str = "pub fn upgrade(op: &mut Op) -> Result<()> { Ok(()) }";

/// Expects these errors, each as `line:column message`.
#[track_caller]
fn check(args: &str, item: &str, wanted: &[&str]) {
    let tokens = migration::expand(args.parse().unwrap(), item.parse().unwrap());
    let found: Vec<String> = errors(tokens).into_iter().map(|(place, message)| format!("{place} {message}")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn keys_are_checked() {
    check(r#"revision = "a", down_revision = ["b", "c"], transaction = false, irreversible"#, UPGRADE, &[]);
    check(r#"revision = "a", irreversible = true, created = "2026-01-01","#, UPGRADE, &[]);
    check(
        r#"revision = "a", down_revison = "b""#,
        UPGRADE,
        &["1:17 `#[migration]` has no key `down_revison`\nhint: did you mean `down_revision`?"],
    );
    check(r#"id = "a""#, UPGRADE, &["1:1 `#[migration]` has no key `id`\nhint: did you mean `revision`?"]);
    check(
        r#"revision = "a", colour = "red""#,
        UPGRADE,
        &["1:17 `#[migration]` has no key `colour`\nhint: the keys are `revision`, `down_revision`, `depends_on`, \
           `branch_labels`, `transaction`, `irreversible`, `offline`, `offline_downgrade`, `elidable`, `created`"],
    );
    check(
        "revision = \"a\",\n  revision = \"b\"",
        UPGRADE,
        &["2:3 the key `revision` is given twice\nhint: remove one of the two"],
    );
    check(r#"revision = "a", offline = skip, offline_downgrade = "SELECT 1""#, UPGRADE, &[]);
    check("", UPGRADE, &["1:1 a migration needs an id\nhint: write `revision = \"…\"`"]);
}

#[test]
fn values_are_checked_and_all_mistakes_reported() {
    check("revision = 1", UPGRADE, &["1:12 expected string literal"]);
    check(
        r#"revision = "a", depends_on = b, transaction = "no", labels = "x""#,
        UPGRADE,
        &[
            "1:30 expected string literal",
            "1:47 expected boolean literal",
            "1:53 `#[migration]` has no key `labels`\nhint: did you mean `branch_labels`?",
        ],
    );
}

#[test]
fn what_a_script_has_in_the_place_of_a_migration_is_sql_or_skip() {
    let refused = |value: &str, what: &str| check(&format!(r#"revision = "a", offline = {value}"#), UPGRADE, &[what]);
    let neither = "1:27 this is neither SQL nor `skip`\nhint: write `\"SQL TEXT\"`, or `skip`";
    refused("skipped", neither);
    refused("false", neither);
    refused("3", neither);
    refused("\" \"", "1:27 the SQL is empty\nhint: write `skip` to leave the migration out of a script");
}

#[test]
fn what_is_elidable_names_its_tables() {
    let check = |value: &str, wanted: &[&str]| check(&format!(r#"revision = "a", elidable{value}"#), UPGRADE, wanted);
    check("(users)", &[]);
    check(r#"(users, app.documents, "Order items", r#type, "my app"."x",)"#, &[]);
    let hint = "name all the tables that `upgrade` touches: `elidable(users, app.documents)`";
    let refused = |value: &str, what: &str| check(value, &[&format!("{what}\nhint: {hint}")]);
    refused("", "1:17 `elidable` is followed by the names of tables in parentheses");
    refused(r#", created = "x""#, "1:17 `elidable` is followed by the names of tables in parentheses");
    refused(r#" = "users""#, "1:26 `elidable` is followed by the names of tables in parentheses");
    refused("[users]", "1:25 `elidable` is followed by the names of tables in parentheses");
    refused("()", "1:25 `elidable` names no table");
    refused("(users, 3, 4)", "1:33 this names no table");
    refused("(users.)", "1:32 this names no table");
    refused(r#"("")"#, "1:26 the name is empty");
    check("(users, app.users, users)", &["1:44 this table is named twice\nhint: remove one of the two"]);
    check("(app::users)", &["1:29 expected `,`"]);
    check("(a.b.c)", &["1:29 expected `,`"]);
}

#[test]
fn what_is_elidable_changes_no_schema() {
    let check = |body: &str, wanted: &[&str]| {
        let item = format!("pub fn upgrade(op: &mut Op) -> Result<()> {{\n{body}\n}}");
        super::tests::check(r#"revision = "a", elidable(users)"#, &item, wanted);
    };
    check("op.execute(q)?;\nop.rows(q).chunks(9).for_each(|op, rows| op.execute(rows.alter_it()))", &[]);
    let wrong = |method: &str| {
        format!(
            "`{method}` in a migration that is `elidable`, which changes rows and nothing else\n\
             hint: give the change of the schema a migration of its own"
        )
    };
    check(
        "op.add_column(a, b)?;\nif x {\n    op\n.drop_table(t)?; }\nop.batch_alter_table(t, |batch| {})",
        &[
            &format!("2:4 {}", wrong("add_column")),
            &format!("5:2 {}", wrong("drop_table")),
            &format!("6:4 {}", wrong("batch_alter_table")),
        ],
    );
}

#[test]
fn what_a_migration_says_of_itself_is_all_that_is_written() {
    let args = r#"revision = "a", elidable(users, app.documents), offline = skip"#;
    let tokens = migration::expand(args.parse().unwrap(), UPGRADE.parse().unwrap()).to_string();
    let at = tokens.find("options :").unwrap();
    assert_eq!(
        tokens[at..].split("upgrade").next().unwrap(),
        "options : :: core :: option :: Option :: Some (& :: rectify :: __private :: MigrationOptions { offline : :: rectify :: __private :: InScript :: Skipped , \
         elidable : & [(:: core :: option :: Option :: None , \"users\") , (:: core :: option :: Option :: Some (\"app\") , \
         \"documents\")] , .. :: rectify :: __private :: MigrationOptions :: DEFAULT }) , "
    );
}

#[test]
fn the_signature_is_checked() {
    let refused = |signature: &str, what: &str| {
        let wanted = format!("1:5 {what}\nhint: write `pub fn upgrade(op: &mut Op) -> Result<()>`");
        check(r#"revision = "a""#, &format!("pub {signature} {{ }}"), &[&wanted]);
    };
    refused("fn up(op: &mut Op) -> Result<()>", "the function under `#[migration]` is named `upgrade`");
    refused("async fn upgrade(op: &mut Op) -> Result<()>", "`upgrade` cannot be `async`");
    refused("unsafe fn upgrade(op: &mut Op) -> Result<()>", "`upgrade` is a plain function");
    refused("fn upgrade<C>(op: &mut Op<C>) -> Result<()>", "`upgrade` cannot be generic");
    refused("fn upgrade(op: &Op) -> Result<()>", "`upgrade` takes one argument, `op: &mut Op`");
    refused("fn upgrade() -> Result<()>", "`upgrade` takes one argument, `op: &mut Op`");
    refused("fn upgrade(op: &mut Op, x: u8) -> Result<()>", "`upgrade` takes one argument, `op: &mut Op`");
    refused("fn upgrade(op: &mut Op)", "`upgrade` gives back `Result<()>`");
    let lifetimes = "pub fn upgrade<'a>(op: &'a mut crate::prelude::Op<'_>) -> rectify::Result<()> { Ok(()) }";
    check(r#"revision = "a""#, lifetimes, &[]);
    check(
        r#"revision = "a""#,
        "struct S;",
        &[
            "1:1 `#[migration]` stands on the function `upgrade`\nhint: write `pub fn upgrade(op: &mut Op) -> Result<()>`",
        ],
    );
}

#[test]
fn a_fault_stands_at_its_first_token() {
    let tokens = crate::fault::expand("\n   \"literal\" \"what is wrong\"".parse().unwrap());
    assert_eq!(errors(tokens), [("2:4".to_owned(), "what is wrong".to_owned())]);
}

#[test]
fn the_expansion_of_a_migration() {
    let args = r#"revision = "c3", down_revision = ["a1", "b2"], depends_on = "x", transaction = false"#;
    let item = format!("/// Join the branches.\n///\n/// Both of them.\n{UPGRADE}");
    golden("migration.txt", migration::expand(args.parse().unwrap(), item.parse().unwrap()));
}

#[test]
fn the_expansion_of_a_chain() {
    let sound = vec![node("a1", &[], &[], &[]), node("b2", &["a1"], &[], &[])];
    golden("versions.txt", expand_versions(&chain(&sound)));
    let broken = vec![node("a1", &[], &[], &[]), node("b2", &["a2"], &[], &[])];
    golden("versions_broken.txt", expand_versions(&chain(&broken)));
}

#[test]
fn a_crate_whose_build_script_does_not_watch_is_refused() {
    let place = |build_script: Option<&str>| versions::check::Place {
        package: "app".to_owned(),
        root: PathBuf::from("/crate"),
        from_file: PathBuf::new(),
        build_script: build_script.map(str::to_owned),
    };
    let said = |build_script| -> Vec<String> {
        let args = versions::args::parse("\"versions\"".parse().unwrap()).unwrap();
        let tokens = versions::expand_chain(&args, &place(build_script), &chain(&[node("a1", &[], &[], &[])]));
        errors(tokens).into_iter().map(|(_, message)| message.lines().next().unwrap_or_default().to_owned()).collect()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(said(Some("fn main() { println!(\"cargo:rerun-if-changed=versions\"); }")), none);
    assert_eq!(said(Some("fn main() {}")), none, "cargo watches the whole package then");
    let missing = "this crate has no build script, so cargo would not notice a new file in `versions`";
    assert_eq!(said(None), [missing]);
    let other = "the build script does not watch `versions`, so cargo would not notice a new file in it";
    assert_eq!(said(Some("fn main() { println!(\"cargo:rerun-if-changed=x\"); }")), [other]);
}

#[test]
fn the_arguments_of_a_chain_are_checked() {
    let parse = |text: &str| {
        let args = versions::args::parse(text.parse().unwrap()).map_err(|error| error.to_string())?;
        let folders: Vec<String> = args.folders.iter().map(syn::LitStr::value).collect();
        Ok((folders.join(" "), args.recursive, args.connection.is_some()))
    };
    let taken = |text: &str, folders: &str, recursive, connection| {
        assert_eq!(parse(text), Ok((folders.to_owned(), recursive, connection)), "{text}");
    };
    taken(r#""versions""#, "versions", false, false);
    taken(r#""versions", "../vendor/versions","#, "versions ../vendor/versions", false, false);
    taken(r#""versions", recursive, connection = diesel::PgConnection"#, "versions", true, true);
    taken(r#""versions", connection = Pg, recursive = true"#, "versions", true, true);
    taken(r#""versions", recursive = false"#, "versions", false, false);
    let refused = |text: &str, message: &str| assert_eq!(parse(text), Err(message.to_owned()), "{text}");
    refused("recursive", "expected string literal");
    refused(r#""versions", recursive, recursive"#, "the key `recursive` is given twice\nhint: remove one of the two");
    refused(
        r#""versions", recursiv"#,
        "`versions!` has no key `recursiv`\nhint: folders come first, then `recursive`, \
         `connection = diesel::PgConnection` and `naming = NAMING`",
    );
    refused(r#""versions", recursive, "more""#, "expected identifier");
    refused(r#""versions", recursive = "yes""#, "expected boolean literal");
    refused(r#""versions", connection"#, "expected `=`");
    taken(r#""versions", naming = NamingConvention::new().unique("uq_{table}")"#, "versions", false, false);
    refused(r#""versions", naming"#, "expected `=`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What the compiler is made to say about the files of a chain is what the runner says about the linked chain.
    ///
    /// Both are `verify`: nothing else can make a `Fault`, and `versions!` has its errors at literals from nowhere else.
    #[test]
    fn the_compiler_and_the_runner_agree(nodes in any_chain()) {
        let files = chain(&nodes);
        let compiled = expand_versions(&files).to_string();
        let at_literals: Vec<_> = files.findings.iter().filter_map(|finding| match finding.at {
            At::Literal { kind, node, literal } => Some((kind, node, literal, finding.message.clone())),
            _ => None,
        }).collect();
        let linked = match Graph::new(with_origins(&nodes)) {
            Ok(_) => Vec::new(),
            Err(broken) => broken.faults,
        };
        let at_run_time: Vec<_> =
            linked.iter().map(|fault| (fault.kind, fault.node, fault.literal, fault.message.clone())).collect();
        prop_assert_eq!(&at_literals, &at_run_time);
        prop_assert_eq!(compiled.contains("fault !"), !linked.is_empty());
    }

    /// A chain that is grown as `revision` and `merge` grow it is sound.
    #[test]
    fn a_grown_chain_is_sound(steps in prop::collection::vec((0_usize..100, any::<bool>()), 1..30)) {
        let nodes = grown(&steps);
        prop_assert!(Graph::new(nodes.clone()).is_ok());
        prop_assert!(chain(&nodes).findings.is_empty());
    }
}

/// Nodes with names from a small pool, so that they hit, miss and collide; some of them cannot be ids.
fn any_chain() -> impl Strategy<Value = Vec<Node>> {
    let id = prop::sample::select(vec!["a1", "b2", "c3", "d4", "e5", "f6", "bad id"]);
    let ids =
        || prop::collection::vec(prop::sample::select(vec!["a1", "b2", "c3", "d4", "e5", "f6", "x", "nowhere"]), 0..3);
    let labels = prop::collection::vec(prop::sample::select(vec!["x", "y", "z", "a1"]), 0..2);
    let wild = prop::collection::vec(
        (id, ids(), prop::collection::vec(prop::sample::select(vec!["a1", "b2", "x"]), 0..2), labels),
        0..7,
    )
    .prop_map(|nodes| nodes.iter().map(|(id, down, depends_on, labels)| node(id, down, depends_on, labels)).collect());
    let tame = prop::collection::vec((0_usize..100, any::<bool>()), 1..10).prop_map(|steps| grown(&steps));
    prop_oneof![wild, tame]
}

/// Adds a revision to one of the open heads, or merges two, and joins them all in the end.
fn grown(steps: &[(usize, bool)]) -> Vec<Node> {
    let mut nodes = vec![node("r0", &[], &[], &[])];
    let mut heads = vec!["r0".to_owned()];
    for (number, (pick, fork)) in steps.iter().enumerate() {
        let at = pick % heads.len();
        let parent = heads[at].clone();
        let id = format!("r{}", number + 1);
        nodes.push(node(&id, &[&parent], &[], &[]));
        if *fork && nodes.iter().filter(|node| node.down_revisions.contains(&parent)).count() == 1 {
            let twin = format!("{id}_twin");
            nodes.push(node(&twin, &[&parent], &[], &[]));
            heads.push(twin);
        }
        heads[at] = id;
    }
    if heads.len() > 1 {
        let parents: Vec<&str> = heads.iter().map(String::as_str).collect();
        nodes.push(node("end", &parents, &[], &[]));
    }
    nodes
}

fn node(id: &str, down: &[&str], depends_on: &[&str], labels: &[&str]) -> Node {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Node {
        id: id.to_owned(),
        down_revisions: owned(down),
        depends_on: owned(depends_on),
        branch_labels: owned(labels),
        message: "A message".to_owned(),
        origin: String::new(),
    }
}

/// The chain as files, read by the reader that `versions!` uses.
fn chain(nodes: &[Node]) -> SourceChain {
    let file = |(index, node): (usize, &Node)| {
        let text = format!(
            "use crate::prelude::*;\n\n/// {}\n#[migration(revision = {:?}, down_revision = {:?}, depends_on = {:?}, \
             branch_labels = {:?})]\n{UPGRADE}\npub fn downgrade(op: &mut Op) -> Result<()> {{ Ok(()) }}\n",
            node.message, node.id, node.down_revisions, node.depends_on, node.branch_labels
        );
        parse_file(PathBuf::from(format!("/crate/versions/{index:03}.rs")), origin(index), &text)
    };
    let files: Vec<_> = nodes.iter().enumerate().map(file).collect();
    let unsure = assemble(files.clone(), None, "versions");
    assemble(files, Some(render_head(&unsure.head_lines())), "versions")
}

fn with_origins(nodes: &[Node]) -> Vec<Node> {
    let with_origin = |(index, node): (usize, &Node)| Node { origin: origin(index), ..node.clone() };
    nodes.iter().enumerate().map(with_origin).collect()
}

fn origin(index: usize) -> String {
    format!("versions/{index:03}.rs")
}

fn expand_versions(chain: &SourceChain) -> TokenStream {
    let args = versions::args::parse("\"versions\"".parse().unwrap()).unwrap();
    let place = versions::check::Place {
        package: "app".to_owned(),
        root: PathBuf::from("/crate"),
        from_file: PathBuf::new(),
        build_script: Some(String::new()),
    };
    versions::expand_chain(&args, &place, chain)
}

/// The `compile_error!`s of an expansion, each with its place and message.
fn errors(tokens: TokenStream) -> Vec<(String, String)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (nth, token) in tokens.iter().enumerate() {
        let (TokenTree::Ident(name), Some(TokenTree::Group(group))) = (token, tokens.get(nth + 2)) else { continue };
        if name == "compile_error" {
            let start = name.span().start();
            let message: syn::LitStr = syn::parse2(group.stream()).unwrap();
            found.push((format!("{}:{}", start.line, start.column + 1), message.value()));
        }
    }
    found
}

#[track_caller]
fn golden(name: &str, tokens: TokenStream) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/golden").join(name);
    let mut text = String::new();
    for line in tokens.to_string().replace("; ", ";\n").replace("} ", "}\n").lines() {
        text.push_str(line.trim());
        text.push('\n');
    }
    if env::var_os("RECTIFY_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "RECTIFY_BLESS=1 rewrites {}", path.display());
}
