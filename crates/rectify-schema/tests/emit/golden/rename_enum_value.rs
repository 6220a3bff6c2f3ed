// plain
op.rename_enum_value("mood", "sad", "it's")?;

