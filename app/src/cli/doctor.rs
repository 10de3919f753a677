//! `wirestage doctor`: what this machine allows, and what mends the rest.

use std::io::Write;

use wirestage_captures::doctor::{State, checks};

use super::act::Act;
use super::stop::{Outcome, Stop};
use crate::trouble::Trouble;

/// Checks what this machine allows and has, and names the command that mends what is missing
///
/// Ends with exit code 1 where scenarios cannot be recorded at all.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {}

impl Act for Doctor {
    const NAME: &'static str = "doctor";
    const EXAMPLES: &'static str = "  \
  wirestage doctor                             the list of checks
  wirestage doctor > checks.txt                to send to somebody who helps";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let checks = checks();
        let width = checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
        for check in &checks {
            let word = match check.state {
                State::Ok => "ok",
                State::Warn => "warn",
                State::Fail => "fail",
            };
            writeln!(out, "{word:4}  {:width$}  {}", check.name, check.found)?;
            if let Some(mend) = &check.mend {
                writeln!(out, "{:4}  {:width$}  mend: {mend}", "", "")?;
            }
        }
        match checks.iter().find(|check| check.state == State::Fail) {
            None => Ok(()),
            Some(check) => Err(Stop::Work(Trouble::new(
                format!("scenarios cannot be recorded here: {}", check.found),
                check.mend.as_deref().unwrap_or("see the list of checks"),
            ))),
        }
    }
}
