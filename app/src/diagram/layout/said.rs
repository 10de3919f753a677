//! What is said of the arrows: on them, beside them, above their chapters and between them.

use std::collections::HashMap;

use wirestage_dissectors::story::{BeatId, passages};

use super::asides::Asides;
use super::columns::Columns;
use super::compose::{Down, Given};
use super::form::{Form, Sentences};
use super::margin::Title;
use super::more::More;
use super::placed::{Fold, Measures};
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::scale::Scale;
use super::steps::{self, Sentence};
use super::{beads, folds, scopes, silence, time};
use crate::diagram::measure::MeasureText;

/// From the end of the picture to a list of sentences below it.
const ABOVE_LIST: f32 = 24.0;

/// All of it, broken into lines that fit.
pub(super) struct Said {
    /// The beads of each arrow.
    pub(super) lines: Vec<beads::Lines>,
    /// The sentence of each arrow, where it has one.
    pub(super) sentences: Vec<Option<Sentence>>,
    /// The titles of the chapters.
    pub(super) titles: Vec<Title>,
    /// Those of scopes, where they stand above their arrows.
    pub(super) scopes: Vec<scopes::Above>,
    /// How long nothing was seen before each arrow, where that was unusually long.
    silences: Vec<Option<i64>>,
    /// Connections that went the same way as one that is told.
    pub(super) more: More,
}

impl Said {
    pub(super) fn of(given: Given<'_>, plan: &Plan<'_>, down: Down, columns: &Columns) -> Self {
        let Given { story, prepared, measure, .. } = given;
        let hang = if down.is_to_scale() { folds::one_of } else { beads::hang };
        let titles = plan.chapters.iter();
        let alike = (story, prepared.alike.as_slice());
        Self {
            lines: plan.units.iter().map(|unit| hang(unit, columns, measure)).collect(),
            sentences: sentences(given, plan, columns),
            titles: titles.map(|chapter| Title::new(story, chapter, columns, measure)).collect(),
            scopes: scopes::above(story, plan, columns, measure),
            silences: silence::before_each(story, &prepared.silences, plan),
            more: More::new(alike, (plan, down.axis), columns, (down.clock, measure)),
        }
    }

    /// The scale: where time is to it, and sentences stand between arrows, as large as these take.
    pub(super) fn filled(&self, plan: &Plan<'_>, down: Down, form: Form) -> Scale {
        if !down.is_to_scale() || form.sentences == Sentences::Listed {
            return down.scale;
        }
        let sentences = self.sentences.iter().flatten();
        let heights = sentences.map(|sentence| sentence.height() + time::SENTENCE_GAP);
        down.scale.filling(plan, heights.sum())
    }

    /// What is to be placed from top to bottom.
    pub(super) fn measures<'p>(
        &'p self,
        plan: &'p Plan<'p>,
        down: Down,
        (asides, columns): (&'p Asides<'_>, &'p Columns),
        measure: &'p dyn MeasureText,
    ) -> Measures<'p> {
        Measures {
            plan,
            silences: &self.silences,
            lines: &self.lines,
            sentences: &self.sentences,
            titles: &self.titles,
            scopes: &self.scopes,
            axis: down.axis,
            scale: down.scale,
            form: columns.form,
            columns,
            measure,
            strands: &asides.strands,
            ties: &asides.ties,
            arrivals: &asides.arrivals,
            more: &self.more,
            inside: columns.inside,
        }
    }

    /// Hangs the beads where they found room, folded as far as that took.
    pub(super) fn settle(
        &mut self,
        plan: &Plan<'_>,
        columns: &Columns,
        rows: &Rows,
        measure: &dyn MeasureText,
    ) {
        let placed = rows.placed.iter().zip(&mut self.lines).zip(&plan.units);
        for (index, ((placed, lines), unit)) in placed.enumerate() {
            let Some(solved) = placed.solved else { continue };
            if solved.fold != Fold::Hung {
                *lines = folds::folded(unit, solved.fold, columns, measure);
            }
            if solved.numbered {
                lines.number(&unit.number, solved.fold.is_strung(), measure);
            }
            lines.at = solved.bead;
            lines.strung = rows.strung.get(index).cloned().unwrap_or_default();
            if solved.bare {
                *lines = beads::Lines::default();
            }
        }
    }

    /// Places sentences below the picture, where they are listed. Gives where all of it ends.
    pub(super) fn list(&mut self, columns: &Columns, rows: &mut Rows) -> f32 {
        if columns.form.sentences != Sentences::Listed {
            return rows.end;
        }
        let top = rows.end + ABOVE_LIST;
        let place = |index: usize, y: f32| {
            if let Some(placed) = rows.placed.get_mut(index) {
                placed.sentence = y;
            }
        };
        steps::list(&mut self.sentences, (top, columns), place)
    }
}

fn sentences(given: Given<'_>, plan: &Plan<'_>, columns: &Columns) -> Vec<Option<Sentence>> {
    let Given { story, prepared, measure, .. } = given;
    let again = plan.units.iter().map(|unit| unit.id).filter(|id| story.repeat(*id).is_none());
    let again = prepared.said_before(again);
    let numbers: HashMap<BeatId, &str> =
        plan.units.iter().map(|unit| (unit.id, unit.number.as_str())).collect();
    let sentence = |unit: &Unit<'_>| {
        let mut passed = passages::said(story, &prepared.steps, unit.id);
        passed.extend(passages::handed_in_words(story, &prepared.steps, unit.id));
        let first = again.get(&unit.id).and_then(|first| numbers.get(first).copied());
        Sentence::of((unit, first), &passed, columns, measure)
    };
    plan.units.iter().map(sentence).collect()
}
