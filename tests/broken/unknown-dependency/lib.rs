rectify::versions!("versions");
