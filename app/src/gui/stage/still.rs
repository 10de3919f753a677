//! A picture of what the chosen scenario looks like, from its sample recording.

use egui::{Button, Frame, Margin, RichText, Ui};

use crate::gui::act::Act;
use crate::gui::state::State;
use crate::gui::theme::Tone;

/// Shows the picture in all the room there is.
pub(super) fn show(ui: &mut Ui, state: &mut State, scenario: &'static str) {
    let palette = state.palette.clone();
    Frame::new().fill(palette.paper).inner_margin(Margin::symmetric(16, 16)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let text = RichText::new("What it looks like").head(13.0).tone(palette.ink);
            ui.label(text);
            let open = ui.add(Button::new("Open this sample"));
            let tip = "Look at a recording that came with the program, without making one";
            if open.on_hover_text(tip).clicked() {
                state.acts.push(Act::Sample(scenario));
            }
        });
        ui.add_space(6.0);
        match state.stills.story(scenario, &state.wake) {
            Some(story) => {
                // Nothing is selected here: it is a picture to look at before a run.
                let _ = state.stills.view.show(ui, &story, &palette.theme, None);
            }
            None => {
                ui.label(RichText::new("Drawing…").tone(palette.dim));
            }
        }
    });
}
