//! `wirestage completions` and `wirestage manual`: made of the table of commands.

use std::io::Write;
use std::path::PathBuf;

use super::act::Act;
use super::root;
use super::stop::{Outcome, Stop};
use crate::trouble::Trouble;

/// Prints what makes a shell complete the commands and options of this program
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: clap_complete::Shell,
}

impl Act for Completions {
    const NAME: &'static str = "completions";
    const EXAMPLES: &'static str = "  \
  wirestage completions bash > ~/.local/share/bash-completion/completions/wirestage
  wirestage completions zsh > ~/.zfunc/_wirestage
  wirestage completions fish > ~/.config/fish/completions/wirestage.fish";

    fn run(self, out: &mut dyn Write) -> Outcome {
        // clap_complete stops the program where writing fails: a reader may have had enough.
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut root(), "wirestage", &mut text);
        Ok(out.write_all(&text)?)
    }
}

/// Writes a manual page of the program and one of each command
#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// The folder to write to; it is made where it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Act for Manual {
    const NAME: &'static str = "manual";
    const EXAMPLES: &'static str = "  \
  wirestage manual ~/.local/share/man/man1";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let write = || {
            std::fs::create_dir_all(&self.folder)?;
            clap_mangen::generate_to(root(), &self.folder)
        };
        write().map_err(|error: std::io::Error| {
            Stop::Work(Trouble::new(
                format!("{} cannot be written to: {error}", self.folder.display()),
                "name a folder of your own",
            ))
        })?;
        writeln!(out, "{}: man wirestage shows the first of them", self.folder.display())?;
        Ok(())
    }
}
