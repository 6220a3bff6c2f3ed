//! A small chain for tests, on `diesel::SqliteConnection`.

rectify::versions!("../versions", connection = diesel::SqliteConnection);
