// plain
op.drop_exclude(("app", "stays"), "ex_stays")?;

// if it exists
op.apply(DropExclude::new("stays", "ex_stays").if_exists())?;

