//! Differences down to the field as text and as JSON.

use serde_json::{Value, json};

use super::text::table;
use super::{Comparison, Step, steps};

/// Longer values are cut: two stand beside each other on a screen.
const LONGEST: usize = 48;

/// Which fields are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Listed {
    /// Those that say something of how the ways differ
    Telling,
    /// Those too that are others in every recording: random values, times, ports, checksums
    All,
}

/// Every step that is not the same in all ways, with what differs in it.
#[must_use]
pub fn steps_to_text(comparison: &Comparison, listed: Listed) -> String {
    let all = steps(comparison);
    let names: Vec<&str> = comparison.ways.iter().map(|way| way.name.as_str()).collect();
    let mut told = String::from("\nField by field\n");
    let mut same = 0;
    for step in &all {
        let lines = lines(step, listed, &names);
        let hidden = match listed {
            Listed::Telling => step.of_one_recording(),
            Listed::All => 0,
        };
        if lines.is_empty() && step.is_everywhere() {
            same += 1;
            continue;
        }
        let from = if step.forward { "from the client" } else { "from the server" };
        told += &format!("\n{}, {from}{}\n", step.name, step.only(&names));
        told += &table(&lines);
        if hidden > 0 {
            told += &format!("  {}\n", others(hidden));
        }
    }
    if same > 0 {
        told += &format!("\nThe same in all: {}.\n", counted(same, "step"));
    }
    told
}

fn others(hidden: usize) -> String {
    let fields = counted(hidden, "field");
    format!("and {fields} that would differ in any two recordings (--fields=all)")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What differs in a step, below a line with the names of the ways.
fn lines(step: &Step, listed: Listed, names: &[&str]) -> Vec<Vec<String>> {
    let shown =
        step.differences.iter().filter(|one| listed == Listed::All || !one.of_one_recording);
    let mut lines: Vec<Vec<String>> = shown
        .map(|one| {
            let values = one.values.iter().map(|value| cut(value.as_deref().unwrap_or("—")));
            [format!("  {}", one.field)].into_iter().chain(values).collect()
        })
        .collect();
    if !lines.is_empty() {
        let head = names.iter().map(|name| (*name).to_owned());
        lines.insert(0, ["  ".to_owned()].into_iter().chain(head).collect());
    }
    lines
}

fn cut(value: &str) -> String {
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    value.chars().take(LONGEST).chain(['…']).collect()
}

impl Step {
    fn is_everywhere(&self) -> bool {
        self.present.iter().all(|present| *present)
    }

    /// How many of its differences would be there between any two recordings.
    #[must_use]
    pub fn of_one_recording(&self) -> usize {
        self.differences.iter().filter(|one| one.of_one_recording).count()
    }

    /// Which ways alone have it, where not all do: ", only in TLS 1.2".
    #[must_use]
    pub fn only(&self, names: &[&str]) -> String {
        if self.is_everywhere() {
            return String::new();
        }
        let own = names.iter().zip(&self.present).filter(|(_, present)| **present);
        let own: Vec<&str> = own.map(|(name, _)| *name).collect();
        // Names may have commas.
        format!(", only in {}", own.join("; "))
    }
}

/// All steps for programs, with all differences.
#[must_use]
pub fn steps_to_json(comparison: &Comparison) -> Value {
    let step = |step: &Step| {
        let differences = step.differences.iter().map(|one| {
            json!({
                "field": one.field,
                "values": one.values,
                "of_one_recording": one.of_one_recording,
            })
        });
        json!({
            "name": step.name,
            "from": if step.forward { "client" } else { "server" },
            "present": step.present,
            "differences": differences.collect::<Vec<_>>(),
        })
    };
    steps(comparison).iter().map(step).collect()
}
