// increment
op.alter_sequence(AlterSequence::new("numbers").increment(5).cycle(false))?;

// restart
op.alter_sequence(AlterSequence::new("numbers").restart(1))?;

// nothing
op.alter_sequence(AlterSequence::new("numbers"))?;

