//! What went wrong, in the place where the work would have been: cause, mend, and a Copy button.

use egui::{RichText, Ui};

use super::theme::{Palette, Tone};
use crate::trouble::Trouble;

/// Shows a trouble as a card. Says whether the person has dismissed it.
pub(super) fn card(ui: &mut Ui, trouble: &Trouble, palette: &Palette) -> bool {
    let mut dismissed = false;
    egui::Frame::new()
        .fill(palette.failure_fill)
        .stroke(egui::Stroke::new(1.0, palette.failure))
        .corner_radius(6)
        .inner_margin(12)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new("This did not work").head(13.0).tone(palette.failure));
            ui.add_space(4.0);
            ui.label(RichText::new(sentence(&trouble.cause)).tone(palette.ink));
            if !trouble.mend.is_empty() {
                ui.add_space(4.0);
                let mend = format!("To mend it: {}", trouble.mend);
                ui.label(RichText::new(mend).tone(palette.ink));
            }
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if ui.button("Copy").on_hover_text("Copy cause and mend").clicked() {
                    ui.ctx().copy_text(format!("{}\n{}", trouble.cause, trouble.mend));
                }
                dismissed = ui.button("Dismiss").clicked();
            });
        });
    dismissed
}

/// A cause as a sentence of its own.
fn sentence(cause: &str) -> String {
    let mut letters = cause.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_cause_becomes_a_sentence() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence(""), ".");
    }
}
