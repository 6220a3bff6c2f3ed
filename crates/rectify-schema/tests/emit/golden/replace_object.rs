// view
op.replace_object(view("adults", "SELECT * FROM users WHERE age > 17;"))?;

// view in a schema, a text for each
op.replace_object(
    view(("app", "V"), "SELECT 1")
        .on("mysql", "SELECT 2")
        .on("sqlite", "SELECT 3"),
)?;

// materialized view
op.replace_object(materialized_view("totals", "SELECT count(*) FROM users"))?;

// function
op.replace_object(
    function(
        "twice",
        "n integer DEFAULT 1",
        "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'",
    )
    .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2"),
)?;

// procedure
op.replace_object(
    procedure("prune", "", "LANGUAGE sql AS 'DELETE FROM logs'").on("mysql", "DELETE FROM logs"),
)?;

// trigger
op.replace_object(
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
op.replace_object(trigger(
    "touch",
    ("app", "notes"),
    "AFTER INSERT ON app.notes ...",
))?;

// policy
op.replace_object(policy(
    "own",
    ("app", "notes"),
    "FOR SELECT USING (owner = current_user)",
))?;

// grant
op.replace_object(grant("SELECT, INSERT", "notes", "reader"))?;

// without a text for this database
op.replace_object(view("v", "").on("postgres", "SELECT 1"))?;

// a function of other arguments
op.replace_object(
    ReplaceObject::new(function("twice", "n integer", "RETURNS integer")).existing(function(
        "twice",
        "n text",
        "RETURNS text",
    )),
)?;

// fewer privileges
op.replace_object(
    ReplaceObject::new(grant("SELECT", "notes", "reader"))
        .existing(grant("ALL", "notes", "reader")),
)?;

