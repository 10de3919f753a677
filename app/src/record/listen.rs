//! Recording what passes an interface, by a process that may: the window itself never does.
//!
//! ```text
//!   window ── starts ──> wirestage-capture (or this program again) ── pcapng on a pipe ──> Take
//!        └── closes its standard input to end it
//! ```

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use wirestage_captures::lab;
use wirestage_captures::live::helper;

use super::take::{Take, own};
use crate::trouble::Trouble;

/// The hidden command by which the program calls itself.
pub const LISTEN_COMMAND: &str = "lab-listen";

/// What is listened to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listen {
    /// The interface.
    pub interface: String,
    /// What lets packets through, in tcpdump's language; nothing for all of them.
    pub filter: Option<String>,
}

impl Listen {
    /// Starts to record; `wake` is called from another thread whenever something came, and at the
    /// end. `program` is the one to start, where that is not the one that runs.
    ///
    /// # Errors
    /// Where nothing can be started. That the interface may not be captured shows when it ends.
    pub fn start(
        &self,
        program: Option<&Path>,
        wake: impl Fn() + Send + 'static,
    ) -> Result<Take, Trouble> {
        let mut arguments: Vec<OsString> = vec![self.interface.clone().into()];
        arguments.extend(self.filter.clone().map(OsString::from));
        let command = match helper(program) {
            Some(helper) => {
                let mut command = Command::new(helper);
                command.args(arguments);
                command
            }
            None => {
                arguments.insert(0, LISTEN_COMMAND.into());
                own(program, arguments)
            }
        };
        Take::with(wake, |wake| lab::hear(command, wake))
    }
}
