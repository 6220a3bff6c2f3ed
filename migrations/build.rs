//! Tells cargo to build the crate again when a migration is added, removed or renamed.

fn main() {
    println!("cargo:rerun-if-changed=versions");
}
