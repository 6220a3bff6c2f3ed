fn main() {
    println!("cargo:rerun-if-changed=vendor/versions");
}
