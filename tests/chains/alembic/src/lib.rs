//! A chain with two branches that there is twice: for Rectify, and for Alembic in `python`.

rectify::versions!("versions");
