//! What is being recorded or opened: how far it is, and the way to stop it.

use std::time::Duration;

use egui::{ProgressBar, RichText, Spinner, Ui};

use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::state::State;
use crate::gui::theme::Tone;
use crate::gui::work::Job;

/// How often the clock of a running job is painted anew.
const TICK: Duration = Duration::from_millis(100);

/// Shows what runs. Says whether anything does.
pub(super) fn show(ui: &mut Ui, state: &mut State) -> bool {
    let palette = state.palette.clone();
    let (title, detail, share, stopping) =
        match (&state.background.recording, &state.background.opening) {
            (Some(job), _) => {
                let (frames, _) = job.progress.get();
                let plural = if frames == 1 { "frame" } else { "frames" };
                let detail = format!("{frames} {plural} so far, {}", clock(job));
                (job.title.clone(), detail, None, job.progress.is_cancelled())
            }
            (None, Some(job)) => {
                let (done, total) = job.progress.get();
                let share = if total == 0 { 0.0 } else { done as f32 / total as f32 };
                let detail = format!("{:.0} %, {}", share * 100.0, clock(job));
                (job.title.clone(), detail, Some(share), false)
            }
            (None, None) => return false,
        };
    ui.horizontal(|ui| {
        ui.add(Spinner::new().size(18.0).color(palette.accent));
        ui.label(RichText::new(title).head(14.0).tone(palette.ink));
        ui.label(RichText::new(detail).tone(palette.dim));
    });
    if let Some(share) = share {
        ui.add(ProgressBar::new(share).desired_width(360.0).fill(palette.accent))
            .accessible_name("Progress");
    }
    ui.add_space(6.0);
    if stopping {
        ui.label(RichText::new("Stopping…").tone(palette.dim));
    } else if ui.button("Cancel").on_hover_text(Command::Cancel.tip(ui.ctx())).clicked() {
        state.acts.push(Act::Do(Command::Cancel));
    }
    ui.ctx().request_repaint_after(TICK);
    true
}

fn clock<T: Send + 'static>(job: &Job<T>) -> String {
    format!("{:.1} s", job.elapsed().as_secs_f32())
}
