//! The chain that `import diesel` makes of `tests/legacy/diesel`. Its files are written by a test, with `RECTIFY_BLESS=1`.

rectify::versions!("versions");
