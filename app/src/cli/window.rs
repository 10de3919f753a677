//! `wirestage` and `wirestage FILE`: the window, where there is a display for it.

use std::io::Write;
use std::path::PathBuf;

use super::stop::{Outcome, Stop};
use crate::trouble::Trouble;

/// What stands before any command: the recording to look at.
#[derive(Debug, clap::Args)]
pub(super) struct Window {
    /// A recording to open in the window: pcapng or pcap; - reads standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Window {
    /// Opens the window, or says why there is none and what to type instead.
    pub(super) fn run(self, _out: &mut dyn Write) -> Outcome {
        let instead = self.instead();
        let display = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !display("WAYLAND_DISPLAY") && !display("DISPLAY") {
            let cause = "there is no display here: neither WAYLAND_DISPLAY nor DISPLAY is set";
            return Err(Stop::Work(Trouble::new(cause, instead)));
        }
        open(self.file, &instead)
    }

    /// What to type where no window opens.
    fn instead(&self) -> String {
        match &self.file {
            Some(file) => {
                let file = file.display();
                format!("wirestage show {file} lists its frames, wirestage story {file} tells it")
            }
            None => "wirestage list shows what can be recorded, wirestage --help the rest".into(),
        }
    }
}

/// Opens the window.
#[allow(clippy::unnecessary_wraps)]
fn open(_file: Option<PathBuf>, instead: &str) -> Outcome {
    Err(Stop::Work(Trouble::new("this program was built without its window", instead)))
}
