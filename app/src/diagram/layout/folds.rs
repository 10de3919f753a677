//! Beads that are folded together, where an arrow has no room for all of them.

use super::beads::{GAP, Hung, Line, Lines, hang_in};
use super::columns::Columns;
use super::messages::Bead;
use super::placed::Fold;
use super::plan::Unit;
use crate::diagram::measure::MeasureText;

use wirestage_dissectors::story::BeatId;

/// The beads of an arrow in a single line, folded as far as that takes.
pub(super) fn one_of(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> Lines {
    // In a crowd there is hardly room for a label in pieces: that is tried last.
    let whole = columns.form.crowded;
    let lines = hang_in(unit, columns, whole, measure);
    if lines.count() < 2 {
        return lines;
    }
    let runs = hang_in(&in_runs(unit), columns, whole, measure);
    if runs.count() < 2 { runs } else { folded(unit, Fold::Lead, columns, measure) }
}

/// The beads of an arrow in a single line, folded so far.
pub(super) fn folded(
    unit: &Unit<'_>,
    fold: Fold,
    columns: &Columns,
    measure: &dyn MeasureText,
) -> Lines {
    let mut lines = match fold {
        Fold::Hung => return one_of(unit, columns, measure),
        Fold::Strung => return side_by_side(unit, columns, measure),
        Fold::Voices => return side_by_side(&voices_of(unit), columns, measure),
        Fold::Runs => return side_by_side(&in_runs(unit), columns, measure),
        Fold::Lead => hang_in(&lead_of(unit), columns, columns.form.crowded, measure),
        Fold::Broken => hang_in(&lead_of(unit), columns, false, measure),
    };
    lines.lines.truncate(1);
    lines
}

/// The beads of an arrow in a single line, however long that is.
fn side_by_side(unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> Lines {
    let mut lines = hang_in(unit, columns, columns.form.crowded, measure);
    let beads: Vec<Hung> = lines.lines.drain(..).flat_map(|line| line.beads).collect();
    let width = beads.iter().map(|bead| bead.width + GAP).sum::<f32>() - GAP;
    let height = beads.iter().map(Hung::height).fold(0.0, f32::max);
    lines.lines.push(Line { beads, width, height });
    lines
}

/// An arrow with one bead for those that follow each other under the same keys: what is sealed in
/// another way is never hidden behind what is not.
fn in_runs<'a>(unit: &Unit<'a>) -> Unit<'a> {
    let lead = unit.beads.get(unit.lead).map(|bead| bead.beat);
    let runs = unit.beads.chunk_by(|a, b| a.look() == b.look());
    let beads: Vec<Bead> = runs.filter_map(|run| one_for(run, lead)).collect();
    let lead = beads.iter().position(|bead| Some(bead.beat) == lead).unwrap_or_default();
    Unit { beads, lead, ..unit.clone() }
}

/// An arrow whose questions and answers have beads of their own, and the bead that leads it; what
/// stands between them under the same keys is one, with a count of the others.
fn voices_of<'a>(unit: &Unit<'a>) -> Unit<'a> {
    let lead = unit.beads.get(unit.lead).map(|bead| bead.beat);
    let stands_out = |bead: &Bead| bead.speaks || Some(bead.beat) == lead;
    let same = |a: &Bead, b: &Bead| a.look() == b.look() && !stands_out(a) && !stands_out(b);
    let beads: Vec<Bead> = unit.beads.chunk_by(same).filter_map(|run| one_for(run, lead)).collect();
    let lead = beads.iter().position(|bead| Some(bead.beat) == lead).unwrap_or_default();
    Unit { beads, lead, ..unit.clone() }
}

/// An arrow with the bead that speaks for it, and a count of the others.
fn lead_of<'a>(unit: &Unit<'a>) -> Unit<'a> {
    let lead = unit.beads.get(unit.lead).map(|bead| bead.beat);
    Unit { beads: one_for(&unit.beads, lead).into_iter().collect(), lead: 0, ..unit.clone() }
}

/// Of several beads the one that leads them all; else the first that asks or answers; else the
/// first; with a count of the others.
fn one_for(beads: &[Bead], lead: Option<BeatId>) -> Option<Bead> {
    let leads = |bead: &&Bead| Some(bead.beat) == lead;
    let speaks = |bead: &&Bead| bead.speaks;
    let one = beads.iter().find(leads).or_else(|| beads.iter().find(speaks)).or(beads.first())?;
    let rest = beads.len() - 1;
    let label = format!("{}\u{a0}+{rest}", one.label);
    let label = if rest > 0 { label } else { one.label.clone() };
    Some(Bead { label, ..one.clone() })
}
