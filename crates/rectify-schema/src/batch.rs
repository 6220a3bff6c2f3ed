//! Changing a SQLite table in ways that its `ALTER TABLE` cannot.
