//! The line above a capture: what is captured, what came and was lost, and the way to end it.

use std::time::Duration;

use egui::{Button, Label, RichText, Spinner, Ui};
use wirestage_dissectors::wording::thousands;

use super::Capturing;
use super::step::Step;
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::{Palette, Tone};
use crate::gui::work::live::Counts;
use crate::gui::work::open::name;

/// How high it is.
pub(in crate::gui) const HEIGHT: f32 = 34.0;
/// How often its clock is painted anew.
const TICK: Duration = Duration::from_millis(100);

/// Shows it.
pub(in crate::gui) fn show(ui: &mut Ui, one: &Capturing, palette: &Palette, acts: &mut Vec<Act>) {
    let live = &one.live;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        if live.is_running() {
            ui.add(Spinner::new().size(14.0).color(palette.accent));
        }
        let title = RichText::new(live.wanted.title()).head(13.0).tone(palette.ink);
        ui.add(Label::new(title).truncate());
        let lost_tone = if live.counts.lost > 0 { palette.failure } else { palette.dim };
        let seconds = format!("{:.1} s", live.elapsed().as_secs_f32());
        for (text, tone) in told(live.counts).into_iter().zip([palette.ink, lost_tone, palette.dim])
        {
            ui.label(RichText::new(text).size(12.0).tone(tone));
        }
        ui.label(RichText::new(seconds).size(12.0).tone(palette.dim));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if live.is_stopping() {
                ui.label(RichText::new("Stopping…").tone(palette.dim));
            } else if live.is_running() {
                let stop = ui.button("Stop").on_hover_text(Command::StopCapture.tip(ui.ctx()));
                if stop.clicked() {
                    acts.push(Act::Live(Step::Stop));
                }
            } else {
                let away = ui.add(Button::new("×").frame(false));
                if away.accessible_name("Put the capture’s line away").clicked() {
                    acts.push(Act::Live(Step::PutAway));
                }
                if live.counts.frames > 0 {
                    let tip = Command::SaveRecording.tip(ui.ctx());
                    if ui.button("Save as…").on_hover_text(tip).clicked() {
                        acts.push(Act::Do(Command::SaveRecording));
                    }
                    let kept = format!("Kept as {}", name(&live.wanted.path));
                    let kept = Label::new(RichText::new(kept).size(12.0).tone(palette.dim));
                    ui.add(kept.truncate()).on_hover_text(live.wanted.path.display().to_string());
                }
            }
        });
    });
    if live.is_running() {
        ui.ctx().request_repaint_after(TICK);
    }
}

/// What was counted, a piece each: packets, lost ones, keys where there are any.
fn told(counts: Counts) -> Vec<String> {
    let packets = match counts.frames {
        1 => "1 packet".to_owned(),
        count => format!("{} packets", thousands(count.into())),
    };
    let lost = format!("{} lost", thousands(counts.lost));
    let keys = match counts.keys {
        0 => None,
        1 => Some("1 key".to_owned()),
        count => Some(format!("{} keys", thousands(count as u64))),
    };
    [Some(packets), Some(lost), keys].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_with_what_was_lost() {
        let counts = |frames, lost, keys| Counts { frames, bytes: 0, lost, keys };
        assert_eq!(told(counts(1, 0, 0)), ["1 packet", "0 lost"]);
        assert_eq!(told(counts(12_345, 7, 1)), ["12,345 packets", "7 lost", "1 key"]);
    }
}
