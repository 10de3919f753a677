//! `wirestage` and `wirestage FILES`: the window, where there is a display for it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::COMMANDS;
use super::stop::{Outcome, Stop};
use crate::trouble::Trouble;

/// What stands before any command: the recording to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Window {
    /// A recording to open in the window: pcapng or pcap; - reads standard input. Several files
    /// are read as one
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Window {
    /// Opens the window, or says why there is none and what to type instead.
    pub(super) fn run(self, _out: &mut dyn Write) -> Outcome {
        let is_missing = |file: &&PathBuf| file.as_path() != Path::new("-") && !file.exists();
        if let Some(missing) = self.files.iter().find(is_missing) {
            return Err(self.missing(missing));
        }
        let instead = self.instead();
        open(self.files).map_err(|cause| Stop::Work(Trouble::new(cause, instead)))
    }

    /// That a file is not there; a command may have been meant.
    fn missing(&self, file: &Path) -> Stop {
        let shown = file.display().to_string();
        let near = |name: &&str| strsim::osa_distance(name, &shown) <= 2;
        let meant = COMMANDS.iter().filter(|entry| !is_hidden(entry.name)).map(|entry| entry.name);
        let is_first = self.files.first().is_some_and(|first| first == file);
        match meant.clone().find(near).filter(|_| is_first) {
            Some(name) => {
                let rest: Vec<String> =
                    self.files.iter().skip(1).map(|file| format!(" {}", file.display())).collect();
                Stop::wrong(
                    format!("there is no command and no file {shown}"),
                    format!("did you mean wirestage {name}{}?", rest.concat()),
                )
            }
            None => Stop::Work(Trouble::new(
                format!("there is no file {shown}"),
                "check the name; wirestage --help lists the commands",
            )),
        }
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

/// Whether the program calls itself by this command.
fn is_hidden(name: &str) -> bool {
    COMMANDS.iter().any(|entry| entry.name == name && (entry.command)().is_hide_set())
}

/// Opens the window and stays in it; or says why it does not open.
#[cfg(feature = "gui")]
fn open(files: Vec<PathBuf>) -> Result<(), String> {
    use crate::gui::{Lab, Options, run};
    let options = Options { open: files, recorder: std::sync::Arc::new(Lab::default()) };
    run(options).map_err(|error| error.to_string())
}

/// There is no window to open.
#[cfg(not(feature = "gui"))]
fn open(_files: Vec<PathBuf>) -> Result<(), String> {
    Err("this program was built without its window".into())
}
