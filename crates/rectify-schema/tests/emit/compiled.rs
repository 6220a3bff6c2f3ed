//! The law of what is written: compiled and run, it makes the operations that it was written for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rectify_schema::Operation;
use rectify_schema::emit::{self, Layout};

/// How many operations one function of the program runs; the compiler is slow with long ones.
const CHUNK: usize = 20;

#[test]
fn compiled_and_run_it_makes_the_same_operations() {
    let operations = super::operations();
    let folder = crate_of(&source(&operations));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(&folder).args(["run", "--quiet", "--color=never"]);
    cargo.env("CARGO_TARGET_DIR", target()).env_remove("OUT_DIR").env_remove("RUSTFLAGS");
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made = String::from_utf8(output.stdout).unwrap();
    let made: Vec<&str> = made.lines().collect();
    let wanted: Vec<String> = operations.iter().map(|op| format!("{op:?}")).collect();
    let written = |op| emit::statements(std::slice::from_ref(op), 0, Layout::default());
    for ((made, wanted), op) in made.iter().zip(&wanted).zip(&operations) {
        assert_eq!(made, wanted, "{}", written(op));
    }
    assert_eq!(made.len(), wanted.len());
}

fn source(operations: &[Operation]) -> String {
    let chunks = operations.chunks(CHUNK).enumerate().map(|(nth, chunk)| {
        let statements = emit::statements(chunk, 4, Layout::default());
        format!("fn upgrade_{nth}(op: &mut Op) -> Result<()> {{\n    {statements}\n    Ok(())\n}}\n")
    });
    let calls = (0..operations.len().div_ceil(CHUNK)).map(|nth| format!("        upgrade_{nth}(op)?;\n"));
    format!(
        "#![deny(warnings)]\nuse rectify::prelude::*;\n\ntype Op<'a> = rectify::Op<'a, diesel::SqliteConnection>;\n\n{}\n\
         fn main() -> Result<()> {{\n    let operations = rectify::record(rectify::schema::dialect::SQLITE, |op: &mut Op| {{\n{}        \
         Ok(())\n    }})?;\n    operations.iter().for_each(|op| println!(\"{{op:?}}\"));\n    Ok(())\n}}\n",
        chunks.collect::<String>(),
        calls.collect::<String>(),
    )
}

/// A program of its own, outside of the workspace. It shares the folder for what is built.
fn crate_of(source: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted");
    fs::create_dir_all(folder.join("src")).unwrap();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // The same packages with the same features as the example chain, so that they are built once.
    let manifest = format!(
        "[package]\nname = \"emitted\"\nedition = \"2024\"\n\n[dependencies]\n\
         diesel = {{ version = \"2.3\", default-features = false }}\n\
         rectify = {{ path = {:?}, default-features = false, features = [\"postgres\", \"mysql\", \"sqlite\"] }}\n\
         rectify-cli = {{ path = {:?}, features = [\"runner\"] }}\n\n[workspace]\nresolver = \"3\"\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n",
        crates.join("rectify"),
        crates.join("rectify-cli"),
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(crates.parent().unwrap().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/main.rs"), source).unwrap();
    folder
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}
