//! The hidden command behind `wirestage record`: this program, started again inside the lab.

use std::io::Write;

use super::act::Act;
use super::record::Settings;
use super::stop::Outcome;
use crate::record;

/// Plays and records a scenario inside the lab, and writes pcapng to standard output
#[derive(Debug, clap::Args)]
pub(super) struct LabChild {
    /// The scenario
    scenario: String,
    #[command(flatten)]
    settings: Settings,
}

impl Act for LabChild {
    const NAME: &'static str = "lab-child";
    const EXAMPLES: &'static str = "  wirestage lab-child udp-echo";
    const HIDDEN: bool = true;

    fn run(self, out: &mut dyn Write) -> Outcome {
        let setup = self.settings.of(&self.scenario)?;
        Ok(record::play(&setup, out)?)
    }
}
