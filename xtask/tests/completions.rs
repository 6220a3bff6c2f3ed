//! The scripts for shells, through the real program.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::process::{Command, Output};

/// In a folder with a configuration that cannot be read: completions have no need of it.
fn migrate(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rectify.toml"), "= = =").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("migrate").args(arguments).current_dir(folder.path()).output().unwrap()
}

#[test]
fn bash_completes_commands_and_options() {
    let script = String::from_utf8(migrate(&["completions", "bash"]).stdout).unwrap();
    let complete = |words: &str, last: usize| {
        // What bash tells the function: the command, the word under way, the word before it.
        let before = last - 1;
        let program = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD={last}\n\
             _migrate migrate \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{before}]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["--norc", "-c", &program]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    assert_eq!(complete("migrate hist", 1), "history");
    assert_eq!(complete("migrate show --form", 2), "--format");
    assert_eq!(complete("migrate heads --format ''", 3), "text json");
}

#[test]
fn every_shell_has_a_script_for_the_name_that_is_asked_for() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = migrate(&["completions", shell, "--name", "my-migrate"]);
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("my-migrate") && script.contains("history"), "{shell}");
    }
}

#[test]
fn what_is_no_shell_and_no_name_is_wrong_usage() {
    assert_eq!(migrate(&["completions", "csh"]).status.code(), Some(2));
    let output = migrate(&["completions", "bash", "--name", "x; rm"]);
    assert_eq!((output.stdout.as_slice(), output.status.code()), (&b""[..], Some(2)));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: `x; rm` cannot be the name of a command\nhint: "), "{stderr}");
}
