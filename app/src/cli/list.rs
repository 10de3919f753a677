//! `wirestage list`: the catalogue of scenarios.

use std::fmt::Write as _;
use std::io::Write;

use wirestage_generators::{Knob, SCENARIOS};

use super::act::Act;
use super::stop::Outcome;
use super::terminal::{self, fitted};

/// Lists the scenarios that can be recorded
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Print everything that is known of each scenario, as JSON
    #[arg(long)]
    json: bool,
}

impl Act for List {
    const NAME: &'static str = "list";
    const EXAMPLES: &'static str = "  \
  wirestage list                        names and titles, and what can be set
  wirestage list --json | jq '.[].name' for scripts: one object per scenario";

    fn run(self, out: &mut dyn Write) -> Outcome {
        if self.json {
            let json = serde_json::to_string_pretty(SCENARIOS).map_err(std::io::Error::from)?;
            writeln!(out, "{json}")?;
            return Ok(());
        }
        let mut text = String::new();
        write_all(&mut text).map_err(std::io::Error::other)?;
        out.write_all(fitted(&text, terminal::width()).as_bytes())?;
        Ok(())
    }
}

/// Writes the catalogue.
fn write_all(out: &mut String) -> std::fmt::Result {
    let width = SCENARIOS.iter().map(|scenario| scenario.name.len()).max().unwrap_or_default();
    let mut heading = None;
    for scenario in SCENARIOS {
        if heading.replace(scenario.group) != Some(scenario.group) {
            writeln!(out, "{}", scenario.group.title())?;
        }
        writeln!(out, "  {:width$}  {}", scenario.name, scenario.title)?;
        if let Some(link) = &scenario.link {
            let settings = link.settings;
            writeln!(out, "  {:width$}  over a link of {settings}; --link changes it", "")?;
        }
        for knob in scenario.knobs {
            writeln!(out, "  {:width$}  {}", "", describe(knob))?;
            writeln!(out, "  {:width$}      {}", "", knob.help)?;
        }
    }
    writeln!(out, "\nTo record one: wirestage record NAME")?;
    writeln!(out, "With a distance between client and server: --link rtt=100ms,loss=2%")?;
    Ok(())
}

/// How a knob is set: its default, and what else it takes.
fn describe(knob: &Knob) -> String {
    let set = format!("--set {}={}", knob.name, knob.default);
    let others = knob.choices.iter().copied().filter(|choice| *choice != knob.default);
    let others: Vec<_> = others.collect();
    if others.is_empty() { set } else { format!("{set} (or {})", others.join(", ")) }
}
