//! The Stage screen: choose a scenario, set its knobs, run it; or open what was recorded before.

mod catalogue;
mod link;
mod open;
mod running;
mod scenario;
mod still;

use std::collections::BTreeMap;

use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};
use wirestage_generators::{Knob, SCENARIOS, Scenario};

use super::problem;
use super::state::{Act, State};

pub(super) use open::expand;
pub(super) use still::Stills;

/// How wide the middle column gets at most: lines longer than this are hard to read.
const COLUMN: f32 = 640.0;

/// How wide the picture beside it must be to help anybody, and how wide it gets.
const PICTURE: std::ops::RangeInclusive<f32> = 380.0..=760.0;

/// What is chosen in the catalogue.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What stands in the search field.
    pub search: String,
    /// What stands in the path field.
    pub path: String,
    /// Whether the search field is to get the cursor.
    pub find: bool,
    chosen: &'static str,
    /// What knobs were set to, by scenario and knob.
    set: BTreeMap<(&'static str, &'static str), String>,
    links: link::Links,
}

impl Default for Stage {
    fn default() -> Self {
        // The scenario to begin with: the one everything else is compared to.
        let first = wirestage_generators::find("tls13-full").or(SCENARIOS.first().copied());
        Self {
            search: String::new(),
            path: String::new(),
            find: false,
            chosen: first.map_or("", |scenario| scenario.name),
            set: BTreeMap::new(),
            links: link::Links::default(),
        }
    }
}

impl Stage {
    /// The chosen scenario.
    #[must_use]
    pub fn chosen(&self) -> Option<&'static Scenario> {
        wirestage_generators::find(self.chosen)
    }

    /// Chooses a scenario.
    pub fn choose(&mut self, name: &'static str) {
        self.chosen = name;
    }

    /// What the chosen scenario's knobs are set to, those at their default left out.
    #[must_use]
    pub fn knobs(&self) -> Vec<(String, String)> {
        let Some(scenario) = self.chosen() else { return Vec::new() };
        let set = scenario.knobs.iter().filter_map(|knob| {
            let value = self.set.get(&(scenario.name, knob.name))?;
            (value != knob.default).then(|| (knob.name.to_owned(), value.clone()))
        });
        set.collect()
    }

    /// What the link of the chosen scenario is set to; nothing where it is left as it is.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.chosen().and_then(|scenario| self.links.of(scenario))
    }

    /// The place where a knob's value is edited.
    fn knob(&mut self, scenario: &'static Scenario, knob: &'static Knob) -> &mut String {
        let at = (scenario.name, knob.name);
        self.set.entry(at).or_insert_with(|| knob.default.to_owned())
    }

    /// The scenarios that the search finds: every word stands somewhere in name, title, group or
    /// teaching.
    #[must_use]
    pub fn found(&self) -> Vec<&'static Scenario> {
        let words: Vec<String> = self.search.split_whitespace().map(str::to_lowercase).collect();
        let matches = |scenario: &Scenario| {
            let group = scenario.group.title();
            let text = [scenario.name, scenario.title, group, scenario.teaches].join(" ");
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        SCENARIOS.iter().copied().filter(|scenario| matches(scenario)).collect()
    }
}

/// Shows the screen.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    Panel::left("catalogue")
        .default_size(310.0)
        .size_range(200.0..=420.0)
        .frame(Frame::new().fill(palette.band).inner_margin(Margin::same(12)))
        .show(ui, |ui| catalogue::show(ui, state));
    let rest = ui.available_width() - COLUMN * 0.85;
    if let Some(scenario) = state.stage.chosen()
        && rest >= *PICTURE.start()
    {
        Panel::right("picture")
            .exact_size(rest.min(*PICTURE.end()))
            .resizable(false)
            .frame(Frame::new().fill(palette.paper))
            .show(ui, |ui| still::show(ui, state, scenario.name));
    }
    CentralPanel::default()
        .frame(Frame::new().fill(palette.paper).inner_margin(Margin::symmetric(32, 24)))
        .show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.set_max_width(COLUMN.min(ui.available_width()));
                if let Some(problem) = state.problem.clone() {
                    if problem::card(ui, &problem, &palette) {
                        state.acts.push(Act::Dismiss);
                    }
                    ui.add_space(20.0);
                }
                if let Some(scenario) = state.stage.chosen() {
                    scenario::show(ui, state, scenario);
                }
                ui.add_space(36.0);
                open::show(ui, state);
            });
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_by_every_word_in_any_order() {
        let found = |search: &str| {
            let stage = Stage { search: search.into(), ..Stage::default() };
            stage.found().iter().map(|scenario| scenario.name).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), SCENARIOS.len());
        assert!(found("full 1.3 tls").contains(&"tls13-full"));
        assert!(found("no such thing at all").is_empty());
    }

    #[test]
    fn knobs_at_their_default_are_left_out() {
        let scenario = SCENARIOS.iter().copied().find(|one| !one.knobs.is_empty()).unwrap();
        let mut stage = Stage::default();
        stage.choose(scenario.name);
        let knob = &scenario.knobs[0];
        assert_eq!(stage.knob(scenario, knob), knob.default);
        assert!(stage.knobs().is_empty());
        *stage.knob(scenario, knob) = "other".into();
        assert_eq!(stage.knobs(), [(knob.name.to_owned(), "other".to_owned())]);
    }
}
