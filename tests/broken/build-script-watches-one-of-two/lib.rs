rectify::versions!("vendor/versions", "versions");
