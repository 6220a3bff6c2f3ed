// plain
op.drop_sequence("numbers")?;

// if it exists
op.drop_sequence(DropSequence::new(("app", "numbers")).if_exists())?;

