//! The link of the chosen scenario: whether there is one, and what it does to packets.

use egui::{Grid, RichText, TextEdit, Ui};
use wirestage_captures::lab::link::KEYS;
use wirestage_generators::Scenario;

use crate::gui::state::State;
use crate::gui::theme::Tone;
use crate::record::Setup;

/// Shows whether there is a link, and its settings.
pub(super) fn show(ui: &mut Ui, state: &mut State, scenario: &'static Scenario) {
    let palette = state.palette.clone();
    let small = |text: &str| RichText::new(text).size(12.0).tone(palette.dim);
    if scenario.router().is_some() {
        ui.label(RichText::new("Local networks").head(13.0).tone(palette.ink));
        ui.label(small("Two of them, with a router between; both are recorded."));
        return;
    }
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
