//! The catalogue on the left: groups with their counts, and a search field above.

use egui::{RichText, ScrollArea, TextEdit, Ui};
use wirestage_generators::{Group, SCENARIOS};

use crate::compare::{SETS, Set};
use crate::gui::Comparing;
use crate::gui::act::Act;
use crate::gui::focus;
use crate::gui::state::State;
use crate::gui::theme::Tone;

/// Shows the catalogue.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    let field = TextEdit::singleline(&mut state.stage.search)
        .hint_text("Search")
        .margin(egui::Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name("Search the catalogue");
    if std::mem::take(&mut state.stage.find) {
        field.request_focus();
    }
    ui.add_space(8.0);
    let found = state.stage.found();
    let chosen = state.stage.chosen().map(|scenario| scenario.name);
    focus::region(ui.ctx(), field.id, ui.max_rect());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let mut list = focus::List::new(ui, "catalogue");
        sets(ui, state, &mut list);
        if found.is_empty() {
            let nothing = format!("Nothing in the catalogue matches “{}”.", state.stage.search);
            ui.label(RichText::new(nothing).tone(palette.dim));
            if ui.button("Clear the search").clicked() {
                state.stage.search.clear();
            }
        }
        let mut group: Option<Group> = None;
        for scenario in &found {
            if group != Some(scenario.group) {
                if group.is_some() {
                    ui.add_space(12.0);
                }
                group = Some(scenario.group);
                let here = found.iter().filter(|one| one.group == scenario.group).count();
                let all = SCENARIOS.iter().filter(|one| one.group == scenario.group).count();
                heading(ui, state, scenario.group, here, all);
            }
            let selected = chosen == Some(scenario.name);
            let text = RichText::new(scenario.title).tone(palette.ink);
            let button = egui::Button::selectable(selected, text)
                .truncate()
                .min_size(egui::vec2(ui.available_width(), 26.0));
            let button = list.add(ui, button, scenario.name, selected);
            if button.on_hover_text(scenario.teaches).clicked() {
                state.acts.push(Act::Choose(scenario.name));
            }
        }
        list.walk(ui);
    });
}

/// The sets, which open a screen of their own; none where something is searched for that they do
/// not speak of.
fn sets(ui: &mut Ui, state: &mut State, list: &mut focus::List) {
    let palette = state.palette.clone();
    let wanted = state.stage.search.to_lowercase();
    let speaks = |set: &&Set| {
        let words = format!("{} {} {}", set.title, set.name, set.teaches).to_lowercase();
        wanted.split_whitespace().all(|word| words.contains(word))
    };
    let found: Vec<&Set> = SETS.iter().filter(speaks).collect();
    if found.is_empty() {
        return;
    }
    ui.label(RichText::new("Side by side").head(12.0).tone(palette.dim));
    ui.add_space(2.0);
    for set in found {
        let text = RichText::new(set.title).tone(palette.ink);
        let button = egui::Button::selectable(false, text)
            .truncate()
            .min_size(egui::vec2(ui.available_width(), 26.0));
        let button = list.add(ui, button, ("set", set.name), false);
        if button.on_hover_text(set.teaches).clicked() {
            state.acts.push(Act::Compare(Comparing::Choose(set.name)));
        }
    }
    ui.add_space(12.0);
}

fn heading(ui: &mut Ui, state: &State, group: Group, here: usize, all: usize) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(group.title()).head(12.0).tone(state.palette.dim));
        let count = if here == all { all.to_string() } else { format!("{here} of {all}") };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(RichText::new(count).size(11.5).tone(state.palette.faint));
        });
    });
    ui.add_space(2.0);
}
