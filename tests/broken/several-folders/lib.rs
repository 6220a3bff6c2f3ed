rectify::versions!("versions", "vendor/versions", recursive);
