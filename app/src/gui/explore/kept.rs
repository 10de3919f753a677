//! What is written of an open recording is named after it; and the choice of its times and scale.

use std::path::Path;
use std::sync::Arc;

use egui::{ComboBox, Ui};
use wirestage_captures::Recording;
use wirestage_dissectors::story::Level;

use super::{Explore, Input};
use crate::diagram::Axis;
use crate::document::About;
use crate::export::{self, Clock};
use crate::gui::act::Act;
use crate::gui::export::Step;

impl Explore {
    /// The recording.
    #[must_use]
    pub fn recording(&self) -> &Arc<Recording> {
        &self.ground.recording
    }

    /// A name for the recording, without an ending.
    #[must_use]
    pub fn recording_name(&self) -> String {
        let path = self.source.paths.first().map_or(Path::new(""), |path| path.as_path());
        export::recording(&About::of(&self.ground.recording), self.ground.start(), path)
    }

    /// A name for what is told, without an ending.
    #[must_use]
    pub fn story_name(&self) -> String {
        let told = self.shown.told.filter(|_| self.connections.all.len() > 1);
        let number = told.and_then(|id| self.connections.all.iter().position(|one| *one == id));
        export::story(&self.recording_name(), number.map(|at| at + 1))
    }
}

/// Which times are shown. `name` is what a screen reader says of it.
pub(in crate::gui) fn clock(ui: &mut Ui, name: &str, shown: Clock, acts: &mut Vec<Act>) {
    let combo = ComboBox::from_id_salt(name).selected_text(shown.name()).width(168.0);
    let combo = combo.show_ui(ui, |ui| {
        for clock in Clock::ALL {
            if ui.selectable_label(clock == shown, clock.name()).clicked() {
                acts.push(Act::Export(Step::Clock(clock)));
            }
        }
    });
    combo.response.accessible_name(name);
}

/// What the way down means in the picture. `name` is what a screen reader says of it.
pub(in crate::gui) fn axis(ui: &mut Ui, name: &str, shown: Axis, acts: &mut Vec<Act>) {
    let combo = ComboBox::from_id_salt(name).selected_text(shown.name()).width(112.0);
    let combo = combo.show_ui(ui, |ui| {
        for axis in Axis::ALL {
            if ui.selectable_label(axis == shown, axis.name()).clicked() {
                acts.push(Act::Export(Step::Axis(axis)));
            }
        }
    });
    combo.response.accessible_name(name);
}

/// How far one may look in, from afar to near, as people call it.
const LEVELS: [(Level, &str); 5] = [
    (Level::Chapter, "Phases"),
    (Level::Exchange, "Exchanges"),
    (Level::Flight, "Flights"),
    (Level::Message, "Messages"),
    (Level::Packet, "Packets"),
];

/// How far the diagram looks in.
pub(super) fn level(ui: &mut Ui, shown: Option<Level>, acts: &mut Vec<Act>) {
    let name = |level: Option<Level>| {
        let known = LEVELS.iter().find(|(one, _)| Some(*one) == level);
        known.map_or("By zoom", |(_, name)| name)
    };
    let combo = ComboBox::from_id_salt("Level").selected_text(name(shown)).width(104.0);
    let combo = combo.show_ui(ui, |ui| {
        for level in std::iter::once(None).chain(LEVELS.map(|(level, _)| Some(level))) {
            if ui.selectable_label(level == shown, name(level)).clicked() {
                acts.push(Act::Explore(Input::Level(level)));
            }
        }
    });
    combo.response.accessible_name("Level");
}
