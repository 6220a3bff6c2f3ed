//! A file in this folder that has no `mod` line would never run.

use std::fs;
use std::path::Path;

#[test]
fn every_file_is_a_module_of_the_test_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(name == "main" || main.contains(&format!("mod {name};")), "`{name}` has no `mod` line in main.rs");
    }
}
