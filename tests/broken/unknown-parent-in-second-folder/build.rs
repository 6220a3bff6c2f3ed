fn main() {
    println!("cargo:rerun-if-changed=versions");
    println!("cargo:rerun-if-changed=vendor/versions");
}
