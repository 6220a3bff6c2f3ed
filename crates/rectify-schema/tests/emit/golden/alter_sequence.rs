// increment
op.alter_sequence(AlterSequence::new("numbers").increment(5).cycle(false))?;

// restart
op.alter_sequence(AlterSequence::new("numbers").restart(1))?;

// owned_by_none
op.alter_sequence(AlterSequence::new("numbers").owned_by_none())?;

// nothing
op.alter_sequence(AlterSequence::new("numbers"))?;

