// view
op.create_object(view("adults", "SELECT * FROM users WHERE age > 17;"))?;

// view in a schema, a text for each
op.create_object(
    view(("app", "V"), "SELECT 1")
        .on("mysql", "SELECT 2")
        .on("sqlite", "SELECT 3"),
)?;

// materialized view
op.create_object(materialized_view("totals", "SELECT count(*) FROM users"))?;

// function
op.create_object(
    function(
        "twice",
        "n integer DEFAULT 1",
        "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'",
    )
    .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2"),
)?;

// procedure
op.create_object(
    procedure("prune", "", "LANGUAGE sql AS 'DELETE FROM logs'").on("mysql", "DELETE FROM logs"),
)?;

// trigger
op.create_object(
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
op.create_object(trigger(
    "touch",
    ("app", "notes"),
    "AFTER INSERT ON app.notes ...",
))?;

// policy
op.create_object(policy(
    "own",
    ("app", "notes"),
    "FOR SELECT USING (owner = current_user)",
))?;

// grant
op.create_object(grant("SELECT, INSERT", "notes", "reader"))?;

// without a text for this database
op.create_object(view("v", "").on("postgres", "SELECT 1"))?;

// a view with options
op.create_object(view("v", "WITH (security_invoker=true) AS SELECT 1"))?;

// a view of whoever asks
op.create_object(view("v", "SQL SECURITY INVOKER AS SELECT 1"))?;

// a view with names of columns
op.create_object(view("v", "(a, b) AS SELECT 1, 2"))?;

// a materialized view in a tablespace
op.create_object(materialized_view("v", "TABLESPACE fast AS SELECT 1"))?;

// a constraint trigger
op.create_object(trigger(
    "t",
    "notes",
    "CONSTRAINT AFTER INSERT ON notes EXECUTE FUNCTION f()",
))?;

