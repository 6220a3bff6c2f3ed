//! `schema`: the models, beside a database, as SQL, or as a drawing.

use clap::Subcommand;

use crate::autogenerate::ModelsFromArgs;
use crate::json::FormatArgs;

/// Show the models: what a database lacks of them, their SQL, a diagram
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        cargo xtask migrate schema diff --database staging\n  \
        cargo xtask migrate schema sql --dialect postgres\n  \
        cargo xtask migrate schema erd --schema-rs src/schema.rs > schema.mmd")]
pub struct SchemaArgs {
    /// What to show.
    #[command(subcommand)]
    pub command: SchemaCommand,
}

/// What `schema` shows.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// What takes a database to the models, whatever its revision (exit code 3 if anything does)
    Diff {
        /// How the result is printed.
        #[command(flatten)]
        format: FormatArgs,
        /// Where the models are read from.
        #[command(flatten)]
        models: ModelsFromArgs,
    },
    /// The SQL that makes all that the models declare
    Sql {
        /// The SQL dialect: postgres, mysql, mariadb or sqlite [default: that of the database]
        #[arg(long, value_name = "NAME")]
        dialect: Option<String>,
        /// Where the models are read from.
        #[command(flatten)]
        models: ModelsFromArgs,
    },
    /// The tables and what refers to what, as a Mermaid diagram
    Erd {
        /// Write it for Graphviz
        #[arg(long)]
        graphviz: bool,
        /// The SQL dialect whose types are shown: postgres, mysql, mariadb or sqlite [default: that of the database]
        #[arg(long, value_name = "NAME")]
        dialect: Option<String>,
        /// Where the models are read from.
        #[command(flatten)]
        models: ModelsFromArgs,
    },
}

#[cfg(feature = "runner")]
pub(super) use showing::run;

#[cfg(feature = "runner")]
mod showing {
    use rectify::schema::dialect::Dialect;
    use rectify::schema::diff::{DiffOptions, diff};
    use rectify::schema::{Schema, erd};
    use serde_json::json;

    use super::{ModelsFromArgs, SchemaArgs, SchemaCommand};
    use crate::autogenerate::{Compared, Models, differences};
    use crate::commands::script;
    use crate::context::Context;
    use crate::error::Error;
    use crate::json;

    pub(in crate::commands) fn run(args: &SchemaArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let models = |given: &ModelsFromArgs| Models::of(given.schema_rs.as_deref(), ctx);
        match &args.command {
            SchemaCommand::Diff { format, models: given } => show_diff(format.is_json(), &models(given)?, ctx),
            SchemaCommand::Sql { dialect, models: given } => {
                show_sql(script::named(dialect.as_deref(), ctx)?, &models(given)?, ctx)
            }
            SchemaCommand::Erd { graphviz, dialect, models: given } => {
                let dialect = script::named(dialect.as_deref(), ctx)?;
                let models = models(given)?.alone(dialect, ctx)?;
                let text = if *graphviz { erd::graphviz(&models, dialect) } else { erd::mermaid(&models, dialect) };
                ctx.output.result(text.trim_end());
                Ok(())
            }
        }
    }

    fn show_diff(as_json: bool, models: &Models, ctx: &Context<'_>) -> Result<(), Error> {
        let compared = Compared::new(models, ctx)?;
        let found = differences(&compared.diff);
        if as_json {
            ctx.output.json(&json!({
                "database": ctx.masked_url()?,
                "is_clean": found.is_empty(),
                "differences": json::differences(&found),
            }));
        } else {
            found.iter().for_each(|difference| ctx.output.result(&difference.words));
        }
        match found.len() {
            0 => {
                ctx.output.progress("nothing differs");
                Ok(())
            }
            1 => Err(Error::found("the database lacks 1 change to be as the models say")),
            number => Err(Error::found(format!("the database lacks {number} changes to be as the models say"))),
        }
    }

    fn show_sql(dialect: &'static dyn Dialect, models: &Models, ctx: &Context<'_>) -> Result<(), Error> {
        let models = models.alone(dialect, ctx)?;
        let made = diff(&Schema::default(), &models, dialect, &DiffOptions::default());
        for operation in &made.operations {
            let statements = dialect.render(operation).map_err(|refusal| {
                let hint = refusal.hint.clone();
                Error::failed("the models cannot be written in this dialect").because(refusal).hint(hint)
            })?;
            statements.iter().for_each(|statement| ctx.output.result(format_args!("{};", statement.sql)));
        }
        Ok(())
    }
}
