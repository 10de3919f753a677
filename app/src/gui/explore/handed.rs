//! What whoever handed a message on made of its head: two columns, as it came and as it went.

use egui::{Grid, RichText, Ui};
use wirestage_dissectors::story::passages::{Change, Line, handed};
use wirestage_dissectors::story::{BeatId, Story};

use crate::diagram::color;
use crate::diagram::style::Style;
use crate::gui::theme::{Palette, Tone, mono};

/// Shows the heads of what a step, or a message of it, hands on or back; nothing where it does not.
pub(super) fn show(ui: &mut Ui, (story, id): (&Story, BeatId), palette: &Palette) {
    let Some(flight) = story.flight_of(id) else { return };
    for (number, (_, changes)) in handed(story, flight).enumerate() {
        ui.add_space(10.0);
        ui.label(
            RichText::new("The head, as it came and as it went on").head(13.0).tone(palette.ink),
        );
        ui.add_space(4.0);
        let grid = Grid::new(("heads", id.0, number)).num_columns(3).spacing([12.0, 3.0]);
        grid.show(ui, |ui| {
            for line in changes.start.iter().chain(&changes.lines) {
                row(ui, line, palette);
            }
        });
    }
}

/// A line: its name, and its value on either side; what changed stands out.
fn row(ui: &mut Ui, line: &Line, palette: &Palette) {
    let accent = |style| color(palette.theme.colours(style).text);
    let (came, went) = match line.change() {
        Change::Kept => (palette.dim, palette.dim),
        Change::Changed => (palette.ink, accent(Style::Application)),
        Change::Added => (palette.faint, accent(Style::Application)),
        Change::Removed => (accent(Style::Failure), palette.faint),
    };
    ui.label(RichText::new(&line.name).size(12.0).tone(palette.dim));
    let missing = |word: &'static str| RichText::new(word).size(12.0);
    match &line.came {
        Some(value) => ui.label(RichText::new(value).font(mono(11.0)).tone(came)),
        None => ui.label(missing("added →").tone(came)),
    };
    match &line.went {
        Some(value) => ui.label(RichText::new(value).font(mono(11.0)).tone(went)),
        None => ui.label(missing("removed").tone(went)),
    };
    ui.end_row();
}
