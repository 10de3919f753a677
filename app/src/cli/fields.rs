//! `wirestage fields`: what a filter may name.

use std::io::Write;

use wirestage_dissectors::field::{FieldDef, FieldId};
use wirestage_dissectors::filter::kind_of;
use wirestage_dissectors::registry::standard;

use super::act::Act;
use super::stop::{Outcome, Stop};
use crate::document::vocabulary;
use crate::lessons::{self, Lesson};
use crate::trouble::Trouble;

/// Lists the fields and protocols that filters and --fields may name
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// Only those that have this in their name or title
    #[arg(value_name = "PATTERN")]
    pattern: Option<String>,
    /// Also the names of their values
    #[arg(long)]
    values: bool,
    /// Also the lesson about each, where there is one: what it is for, and what to look at
    #[arg(long)]
    lessons: bool,
}

impl Act for Fields {
    const NAME: &'static str = "fields";
    const EXAMPLES: &'static str = "  \
  wirestage fields                             all of them: name, kind, title, standard
  wirestage fields handshake.type --values     with the names of its values
  wirestage fields options.mss --lessons       with what is taught about it
  wirestage fields tcp.flags";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let pattern = self.pattern.as_deref().unwrap_or_default().to_lowercase();
        let is_meant = |field: &FieldId| {
            let def = field.def();
            def.name.to_lowercase().contains(&pattern)
                || def.title.to_lowercase().contains(&pattern)
        };
        let found: Vec<FieldId> = vocabulary().all().filter(is_meant).collect();
        if found.is_empty() {
            let near = vocabulary().near(&pattern);
            let mend = match near[..] {
                [] => "`wirestage fields` lists all of them".to_owned(),
                _ => format!("did you mean {}?", near.join(", ")),
            };
            let cause = format!("no field has “{pattern}” in its name or title");
            return Err(Stop::Work(Trouble::new(cause, mend)));
        }
        let width = found.iter().map(|field| field.def().name.len()).max().unwrap_or_default();
        for field in found {
            let def = field.def();
            let standards = standard().get(field.protocol()).standards();
            let by = standards.first().map_or(String::new(), |one| format!(" ({one})"));
            writeln!(out, "{:<width$}  {}: {}{by}", def.name, def.title, kind_of(def))?;
            if self.values {
                values(def, width, out)?;
            }
            if self.lessons
                && let Some(lesson) = lessons::about(def.name)
            {
                read(lesson, out)?;
            }
        }
        Ok(())
    }
}

/// A lesson, below its field.
fn read(lesson: Lesson, out: &mut dyn Write) -> Outcome {
    writeln!(out, "\n  {}", lesson.title)?;
    for paragraph in lesson.paragraphs() {
        writeln!(out, "  {paragraph}")?;
    }
    Ok(writeln!(out)?)
}

/// The names of a field's values, below it.
fn values(def: &FieldDef, width: usize, out: &mut dyn Write) -> Outcome {
    for (number, name) in def.names {
        writeln!(out, "{:<width$}    {number} {name}", "")?;
    }
    Ok(())
}
