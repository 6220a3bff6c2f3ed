//! `templates`: what new files can look like.

use rectify_chain::nearest::nearest;

use crate::error::Error;
use crate::new_file::BUILT_IN;
use crate::output::Output;

/// List the templates of new migrations, for `template` in rectify.toml
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate templates\n  \
    cargo xtask migrate templates --show generic > migrations/template.txt   (to make one of your own)")]
pub struct TemplatesArgs {
    /// Print the text of one
    #[arg(long, value_name = "NAME")]
    pub show: Option<String>,
}

pub(super) fn run(args: &TemplatesArgs, output: &Output) -> Result<(), Error> {
    let Some(name) = &args.show else {
        BUILT_IN.iter().for_each(|(name, purpose, _)| output.result(format_args!("{name} - {purpose}")));
        return Ok(());
    };
    if let Some((.., text)) = BUILT_IN.iter().find(|(known, ..)| known == name) {
        output.result(text.trim_end());
        return Ok(());
    }
    let names = BUILT_IN.map(|(name, ..)| name);
    let error = Error::usage(format!("no template is named `{name}`"));
    Err(match nearest(name, names).first() {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("there are {}", names.map(|name| format!("`{name}`")).join(", "))),
    })
}
