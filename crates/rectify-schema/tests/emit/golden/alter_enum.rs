// that no column uses
op.alter_enum(AlterEnum::new("mood", ["sad", "glad"]))?;

// columns with and without a default, and an array
op.alter_enum(
    AlterEnum::new(("workspace", "Mood"), ["sad", "it's"])
        .used_by(
            "people",
            column("mood", named_enum(("workspace", "Mood"))).server_default("sad"),
        )
        .used_by(
            "people",
            column("was", named_enum(("workspace", "Mood"))).server_default("glad"),
        )
        .used_by(
            ("workspace", "teams"),
            column("moods", array(named_enum(("workspace", "Mood")))).server_default("{}"),
        ),
)?;

