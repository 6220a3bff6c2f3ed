rectify::versions!("versions", "vendor/versions");
