//! What is run on a new file once it is there.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::config::Hook;
use crate::context::Context;
use crate::error::Error;

/// Runs the hooks, one after the other. The file is good by then and stays, whatever they say.
pub(crate) fn run(file: &Path, ctx: &Context<'_>) -> Result<(), Error> {
    let Some(hooks) = &ctx.config.new_files.hooks else {
        format(file, ctx);
        return Ok(());
    };
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    for hook in hooks {
        let failed = |what: String| {
            let mut error = Error::failed(format!("the hook `{}` {what}", hook.name));
            error.notes.push(format!("`{}` was written, and stays", file.display()));
            error.hint("run it again by hand, or mend `[[hooks]]` in rectify.toml")
        };
        let ended = command(hook, &file, &ctx.config.root).output();
        let said = ended.map_err(|error| failed(format!("cannot run `{}`", hook.command[0])).because(error))?;
        match said.status.success() {
            true => ctx.output.relay(&text_of(&said)),
            false => {
                let mut error = failed(format!("ended with {}", said.status));
                error.notes.extend(text_of(&said).lines().map(|line| format!("it said: {line}")));
                return Err(error);
            }
        }
    }
    Ok(())
}

fn command(hook: &Hook, file: &Path, root: &Path) -> Command {
    let file = file.display().to_string();
    let words: Vec<String> = hook.command.iter().map(|word| word.replace("{file}", &file)).collect();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null());
    command.current_dir(root.join(hook.cwd.as_deref().unwrap_or_default()));
    command
}

fn text_of(said: &Output) -> String {
    String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr)
}

/// What is run where no hook is configured. A file that is not formatted is still a good one.
fn format(file: &Path, ctx: &Context<'_>) {
    let status = Command::new("rustfmt").args(["--edition", "2024"]).arg(file).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => ctx.output.warning(format_args!("rustfmt ended with {status}")),
        Err(error) => ctx.output.warning(format_args!("cannot run rustfmt: {error}")),
    }
}
