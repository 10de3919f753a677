//! The diagram panel: what is told, drawn.

use egui::{ComboBox, RichText, Ui};

use super::{Explore, Input, View, telling};
use crate::diagram::DiagramView;
use crate::gui::command::Command;
use crate::gui::state::Act;
use crate::gui::theme::Palette;

/// The diagram's view, and what it needs between two pictures.
#[derive(Default)]
pub(super) struct Diagram {
    view: DiagramView,
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.view == View::Overview {
        super::overview::show(ui, explore, palette, acts);
        return;
    }
    let nothing = explore.story.as_ref().filter(|story| story.beats.is_empty());
    if let Some(story) = nothing {
        let text = format!(
            "Nothing in this recording can be drawn. {}. The packet list shows its frames.",
            story.sum.trim_end_matches('.')
        );
        super::panes::hint(ui, palette, &text);
        return;
    }
    ui.horizontal_wrapped(|ui| bar(ui, explore, palette, acts));
    let Some(story) = explore.story.clone() else {
        super::panes::hint(ui, palette, "Reading the connections…");
        return;
    };
    for note in story.remarks() {
        ui.label(RichText::new(note).size(12.0).color(palette.warning));
    }
    explore.diagram.view.level = explore.level;
    explore.diagram.view.request.axis = explore.axis;
    explore.diagram.view.request.times = explore.clock.times(&story);
    let selected = explore.selection.beat;
    let chosen = explore.diagram.view.show(ui, &story, &palette.theme, selected);
    if let Some(beat) = chosen {
        acts.push(Act::Explore(Input::Beat(beat)));
    }
}

/// How wide the name of what is told is, and what is left to the other controls.
const NAME: (f32, f32) = (160.0, 340.0);
const OTHERS: f32 = 580.0;

/// What is told, from how near, and how it is written.
fn bar(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.connections.len() > 1 {
        let tip = Command::Overview.tip(ui.ctx());
        if ui.button("‹ Overview").on_hover_text(tip).clicked() {
            acts.push(Act::Explore(Input::Overview));
        }
    }
    picker(ui, explore, acts);
    super::kept::level(ui, explore.level, acts);
    super::kept::axis(ui, "Scale", explore.axis, acts);
    super::kept::clock(ui, "Times", explore.clock, acts);
    let view = &mut explore.diagram.view;
    if ui.button("−").on_hover_text("Further away (-)").clicked() {
        view.zoom_by(0.8);
    }
    if ui.button("+").on_hover_text("Closer (+), or ctrl and the wheel").clicked() {
        view.zoom_by(1.25);
    }
    if ui.button("Fit").on_hover_text("Fit the picture to the width (0)").clicked() {
        view.fit();
    }
    let times = explore.story.as_ref().map(|story| (explore.clock.times(story), story));
    if let Some(note) = times.and_then(|(times, story)| times.note(story.began())) {
        ui.label(RichText::new(note).size(12.0).color(palette.dim));
    }
}

/// What is told: one of the first connections, or all of a small recording.
fn picker(ui: &mut Ui, explore: &Explore, acts: &mut Vec<Act>) {
    let connections = &explore.connections;
    if connections.len() <= 1 {
        return;
    }
    let name = |told: Option<_>| match told {
        None => format!("All {} connections", connections.len()),
        Some(id) => super::connections::name(explore, id),
    };
    let combo = ComboBox::from_id_salt("told").selected_text(name(explore.told)).truncate();
    let combo = combo.width((ui.available_width() - OTHERS).clamp(NAME.0, NAME.1));
    let response = combo.show_ui(ui, |ui| {
        let all = telling::whole(connections, &explore.survey);
        let some = connections.iter().copied().take(telling::MAX_TOLD);
        for told in all.then_some(None).into_iter().chain(some.map(Some)) {
            if ui.selectable_label(explore.told == told, name(told)).clicked() {
                acts.push(Act::Explore(Input::Tell(told)));
            }
        }
        if connections.len() > telling::MAX_TOLD {
            ui.label("More of them stand in the Connections panel.");
        }
    });
    response.response.accessible_name("What the diagram tells");
}
