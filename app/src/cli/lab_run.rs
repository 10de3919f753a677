//! The hidden command behind `wirestage run`: this program, started again inside the lab.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use super::act::Act;
use super::stop::Outcome;
use crate::record::{self, Programs};

/// Runs programs inside the lab, and writes what they say to each other as pcapng
#[derive(Debug, clap::Args)]
pub(super) struct LabRun {
    /// Where they log the keys of TLS
    #[arg(long)]
    keys: PathBuf,
    /// Servers
    #[arg(long = "with")]
    servers: Vec<String>,
    /// The command
    #[arg(last = true)]
    command: Vec<OsString>,
}

impl Act for LabRun {
    const NAME: &'static str = record::PROGRAMS_COMMAND;
    const EXAMPLES: &'static str = "  wirestage lab-run --keys keys.log -- true";
    const HIDDEN: bool = true;

    fn run(self, out: &mut dyn Write) -> Outcome {
        let Self { keys, servers, command } = self;
        Ok(record::attend(&Programs { servers, command, keys }, out)?)
    }
}
