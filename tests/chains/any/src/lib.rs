//! A small chain for tests, on `the connection that the URL picks`.

rectify::versions!("../versions");
