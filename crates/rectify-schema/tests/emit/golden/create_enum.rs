// plain
op.create_enum("mood", ["sad", "it's", r"back\slash"])?;

// in a schema
op.create_enum(("workspace", "Mood"), ["sad"])?;

