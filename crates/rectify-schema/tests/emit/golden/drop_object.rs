// view
op.drop_object(view("adults", "SELECT * FROM users WHERE age > 17;"))?;

// view in a schema, a text for each
op.drop_object(
    view(("app", "V"), "SELECT 1")
        .on("mysql", "SELECT 2")
        .on("sqlite", "SELECT 3"),
)?;

// materialized view
op.drop_object(materialized_view("totals", "SELECT count(*) FROM users"))?;

// function
op.drop_object(
    function(
        "twice",
        "n integer DEFAULT 1",
        "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'",
    )
    .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2"),
)?;

// procedure
op.drop_object(
    procedure("prune", "", "LANGUAGE sql AS 'DELETE FROM logs'").on("mysql", "DELETE FROM logs"),
)?;

// trigger
op.drop_object(
    trigger(
        "touch",
        "notes",
        "BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()",
    )
    .on(
        "mysql",
        "BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1",
    )
    .on(
        "sqlite",
        "AFTER UPDATE ON notes BEGIN UPDATE log SET at = 1; END",
    ),
)?;

// trigger in a schema
op.drop_object(trigger(
    "touch",
    ("app", "notes"),
    "AFTER INSERT ON app.notes ...",
))?;

// policy
op.drop_object(policy(
    "own",
    ("app", "notes"),
    "FOR SELECT USING (owner = current_user)",
))?;

// grant
op.drop_object(grant("SELECT, INSERT", "notes", "reader"))?;

// without a text for this database
op.drop_object(view("v", "").on("postgres", "SELECT 1"))?;

// if it exists
op.drop_object(DropObject::new(view("adults", "SELECT 1")).if_exists())?;

