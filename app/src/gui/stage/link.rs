//! The link of the chosen scenario: whether there is one, and what it does to packets.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Grid, RichText, TextEdit, Ui};
use wirestage_captures::lab::link::KEYS;
use wirestage_generators::Scenario;

use crate::gui::state::State;
use crate::gui::theme::Tone;
use crate::record::Setup;

/// What a link begins with when somebody asks for one: far enough for arrows to slant.
const FIRST: (&str, &str) = ("rtt", "40ms");

/// What was set of links, by scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// The scenarios that are to be played over a link although they need none.
    over: BTreeSet<&'static str>,
    /// What settings were set to, by scenario and setting.
    set: BTreeMap<(&'static str, &'static str), String>,
}

impl Links {
    /// Whether the scenario is played over a link.
    fn is_over(&self, scenario: &Scenario) -> bool {
        scenario.link.is_some() || self.over.contains(scenario.name)
    }

    /// The settings, as `rtt=40ms,loss=2%`; nothing where they are left as they are.
    pub(super) fn of(&self, scenario: &'static Scenario) -> Option<String> {
        let settings = KEYS.iter().filter_map(|key| {
            let value = self.set.get(&(scenario.name, key.name))?.trim();
            (!value.is_empty()).then(|| format!("{}={value}", key.name))
        });
        let settings = settings.collect::<Vec<_>>().join(",");
        let is_asked = self.over.contains(scenario.name) || !settings.is_empty();
        (self.is_over(scenario) && is_asked).then_some(settings)
    }

    /// The place where a setting's value is edited.
    fn value(&mut self, scenario: &'static Scenario, name: &'static str) -> &mut String {
        self.set.entry((scenario.name, name)).or_default()
    }

    /// Puts the scenario on a link, or on the loopback again.
    fn lay(&mut self, scenario: &'static Scenario, over: bool) {
        if !over {
            self.over.remove(scenario.name);
            return;
        }
        self.over.insert(scenario.name);
        let (name, value) = FIRST;
        self.set.entry((scenario.name, name)).or_insert_with(|| value.to_owned());
    }
}

/// Shows whether there is a link, and its settings.
pub(super) fn show(ui: &mut Ui, state: &mut State, scenario: &'static Scenario) {
    let palette = state.palette.clone();
    let small = |text: &str| RichText::new(text).size(12.0).tone(palette.dim);
    if scenario.link.is_some() {
        ui.label(RichText::new("Link").head(13.0).tone(palette.ink));
        ui.label(small("Client and server stand apart here; both ends are recorded."));
    } else {
        let mut over = state.stage.links.is_over(scenario);
        let text = RichText::new("Over a link").head(13.0).tone(palette.ink);
        if ui.checkbox(&mut over, text).changed() {
            state.stage.links.lay(scenario, over);
        }
        ui.label(small("Puts client and server apart, and records both ends of the way."));
        if !over {
            return;
        }
    }
    ui.add_space(6.0);
    // What holds where a field is left empty.
    let knobs = state.stage.knobs();
    let setup = |link| Setup { knobs: knobs.clone(), link, ..Setup::of(scenario) };
    let own = setup(Some(String::new())).link().ok().flatten().unwrap_or_default();
    Grid::new(("link", scenario.name)).num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| {
        for key in KEYS {
            let label = ui.label(RichText::new(key.title).tone(palette.ink));
            let rest = own.value(key.name);
            let hint = if rest.is_empty() { format!("none, or {}", key.example) } else { rest };
            let value = state.stage.links.value(scenario, key.name);
            let field = TextEdit::singleline(value).hint_text(hint).desired_width(160.0);
            ui.add(field).labelled_by(label.id).on_hover_text(key.help);
            ui.end_row();
        }
    });
    if let Err(trouble) = setup(state.stage.links.of(scenario)).link() {
        ui.add_space(4.0);
        let text = format!("{}: {}", trouble.cause, trouble.mend);
        ui.label(RichText::new(text).size(12.0).tone(palette.failure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_what_was_typed_and_nothing_where_nobody_asked() {
        let plain = wirestage_generators::find("tls13-full").unwrap();
        let mut links = Links::default();
        assert_eq!(links.of(plain), None);
        links.lay(plain, true);
        assert_eq!(links.of(plain).as_deref(), Some("rtt=40ms"));
        *links.value(plain, "loss") = " 2% ".into();
        links.value(plain, "rtt").clear();
        assert_eq!(links.of(plain).as_deref(), Some("loss=2%"));
        links.value(plain, "loss").clear();
        assert_eq!(links.of(plain).as_deref(), Some(""), "a link without a delay");
        links.lay(plain, false);
        *links.value(plain, "loss") = "2%".into();
        assert_eq!(links.of(plain), None, "the loopback loses nothing");

        let apart = wirestage_generators::find("tcp-loss-recovery").unwrap();
        assert_eq!(links.of(apart), None, "its own link as it is");
        *links.value(apart, "rtt") = "1s".into();
        assert_eq!(links.of(apart).as_deref(), Some("rtt=1s"));
    }
}
