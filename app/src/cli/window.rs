//! `wirestage` and `wirestage FILES`: the window, where there is a display for it.

use std::io::Write;
use std::path::PathBuf;

use super::stop::{Outcome, Stop};
use super::{COMMANDS, meant};
use crate::document::keys::read_key_log;
use crate::trouble::Trouble;

/// What stands before any command: the recording to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Window {
    /// A recording to open in the window: pcapng or pcap; - reads standard input. Several files
    /// are read as one
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A key log that opens what is sealed in it; the window can be given more later
    #[arg(long, value_name = "FILE", requires = "files")]
    keys: Vec<PathBuf>,
}

impl Window {
    /// Opens the window, or says why there is none and what to type instead.
    pub(super) fn run(self, _out: &mut dyn Write) -> Outcome {
        if let Some(meant) = self.misspelt() {
            return Err(meant);
        }
        meant::there(&self.files)?;
        // What is no key log is said here, where it was named.
        for path in &self.keys {
            read_key_log(path)?;
        }
        if let Some(folder) = self.files.iter().find(|file| file.is_dir()) {
            return Err(Stop::wrong(
                format!("{} is a folder, not a file", folder.display()),
                "name a recording in it",
            ));
        }
        let instead = self.instead();
        open((self.files, self.keys)).map_err(|cause| Stop::Work(Trouble::new(cause, instead)))
    }

    /// Where the first word is no file and nearly a command: that one.
    fn misspelt(&self) -> Option<Stop> {
        let (first, rest) = self.files.split_first()?;
        let shown = first.display().to_string();
        if meant::is_there(first) || meant::is_command(&shown) {
            return None;
        }
        let near = |name: &&str| strsim::osa_distance(name, &shown) <= 2;
        let commands = COMMANDS.iter().filter(|entry| !entry.hidden).map(|entry| entry.name);
        let name = commands.into_iter().find(near)?;
        let rest: Vec<String> = rest.iter().map(|file| format!(" {}", file.display())).collect();
        Some(Stop::wrong(
            format!("there is no command and no file {shown}"),
            format!("did you mean wirestage {name}{}?", rest.concat()),
        ))
    }

    /// What to type where no window opens.
    fn instead(&self) -> String {
        if self.files.is_empty() {
            return "wirestage list shows what can be recorded, wirestage --help the rest".into();
        }
        let files: Vec<_> = self.files.iter().map(|file| file.display().to_string()).collect();
        let files = files.join(" ");
        format!("wirestage show {files} lists its frames, wirestage story {files} tells it")
    }
}

/// Opens the window and stays in it; or says why it does not open.
#[cfg(feature = "gui")]
fn open((files, keys): (Vec<PathBuf>, Vec<PathBuf>)) -> Result<(), String> {
    use crate::gui::{Lab, Options, run};
    let options = Options { open: files, keys, recorder: std::sync::Arc::new(Lab::default()) };
    run(options).map_err(|error| error.to_string())
}

/// There is no window to open.
#[cfg(not(feature = "gui"))]
fn open(_named: (Vec<PathBuf>, Vec<PathBuf>)) -> Result<(), String> {
    Err("this program was built without its window".into())
}
