//! The Stage screen: choose a scenario, set its knobs, run it; or open what was recorded before.

mod catalogue;
mod choices;
mod link;
mod links;
mod open;
mod running;
mod scenario;
mod still;
mod stills;

use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui, UiBuilder};

use super::act::Act;
use super::problem;
use super::state::State;

pub(crate) use choices::Choices;
pub(super) use stills::Stills;

/// How wide the middle column gets at most: lines longer than this are hard to read.
const COLUMN: f32 = 640.0;

/// How wide the picture beside it must be to help anybody, and how wide it gets.
const PICTURE: std::ops::RangeInclusive<f32> = 380.0..=760.0;

/// Shows the screen.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
    Panel::left("catalogue")
        .default_size(310.0)
        .size_range(200.0..=420.0)
        .frame(Frame::new().fill(palette.band).inner_margin(Margin::same(12)))
        .show(ui, |ui| catalogue::show(ui, state));
    let rest = ui.available_width() - COLUMN * 0.85;
    let scenario = state.stage.chosen().filter(|_| rest >= *PICTURE.start());
    let room = ui.available_rect_before_wrap();
    let wide = scenario.map_or(0.0, |_| rest.min(*PICTURE.end()));
    let (left, right) = room.split_left_right_at_x(room.right() - wide);
    // The keyboard comes to what can be set before it comes to the picture.
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| column(ui, state));
    if let Some(scenario) = scenario {
        ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
            ui.painter().rect_filled(right, 0.0, palette.paper);
            ui.painter().vline(right.left(), right.y_range(), (1.0, palette.line));
            still::show(ui, state, scenario.name);
        });
    }
}

/// The chosen scenario, and what can be opened.
fn column(ui: &mut Ui, state: &mut State) {
    let palette = state.palette.clone();
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
