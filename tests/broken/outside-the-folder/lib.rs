rectify::versions!("versions");

mod elsewhere;
