// plain
op.create_sequence(sequence("numbers"))?;

// options
op.create_sequence(
    CreateSequence::new(
        sequence(("app", "numbers"))
            .start(-5)
            .increment(-1)
            .min_value(-100)
            .max_value(-1)
            .cache(20)
            .cycle(true),
    )
    .if_not_exists(),
)?;

// of a column
op.create_sequence(sequence("numbers").owned_by("bills", "number"))?;

