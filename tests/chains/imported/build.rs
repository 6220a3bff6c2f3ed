//! Tells cargo to watch the migrations: a macro cannot.

fn main() {
    println!("cargo:rerun-if-changed=versions");
}
