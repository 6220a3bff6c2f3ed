//! A small chain for tests, on `diesel::PgConnection`.

rectify::versions!("../versions", connection = diesel::PgConnection);
