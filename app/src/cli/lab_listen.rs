//! The hidden command behind a capture in the window, where there is no helper that may capture:
//! this program, started again beside it.

use std::io::Write;

use wirestage_captures::lab::stop_with_stdin;
use wirestage_captures::live::listen;

use super::act::Act;
use super::capture::header;
use super::stop::Outcome;
use crate::record::LISTEN_COMMAND;
use crate::trouble::Trouble;

/// Records what passes an interface until standard input ends, and writes pcapng to standard output
#[derive(Debug, clap::Args)]
pub(super) struct LabListen {
    /// The interface
    interface: String,
    /// Only packets that this lets through, in tcpdump's language
    filter: Option<String>,
}

impl Act for LabListen {
    const NAME: &'static str = LISTEN_COMMAND;
    const EXAMPLES: &'static str = "  wirestage lab-listen lo";
    const HIDDEN: bool = true;

    fn run(self, out: &mut dyn Write) -> Outcome {
        let stop = stop_with_stdin();
        let heard = listen(&self.interface, self.filter.as_deref(), &header(), &stop, out);
        Ok(heard.map(drop).map_err(Trouble::from)?)
    }
}
