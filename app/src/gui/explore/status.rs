//! The status line: how much there is, how much of it is readable, and what is being done.

use egui::{Button, Label, RichText, Ui};
use wirestage_dissectors::story::apart::Unread;
use wirestage_dissectors::wording::{counted, thousands};

use super::shown::Sealed;
use super::{Explore, Input, KeysAdded, Secret};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::{Palette, Tone};
use crate::gui::work::open::name;
use crate::trouble::Trouble;

/// What came of reading, for as long as nothing else did.
#[derive(Default)]
pub(super) struct Status {
    /// What the last key log gave.
    pub(super) keys: Option<KeysAdded>,
    /// What could not be read, once that is known.
    pub(super) unread: Option<Unread>,
}

/// What helps where a recording has no end.
const MEND: &str = "all frames before that are shown; record again, or copy the file again, \
                    to get the rest";

/// Shows the line.
pub(crate) fn show(ui: &mut Ui, explore: &Explore, palette: &Palette, acts: &mut Vec<Act>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let say = |ui: &mut Ui, text: String, tone| {
            ui.add(Label::new(RichText::new(text).size(12.0).tone(tone)).truncate())
        };
        let frames = counted(u64::from(explore.frame_count()), "frame");
        let connections = counted(explore.connection_count() as u64, "connection");
        match &explore.filtering.passed {
            Some(passed) => {
                let rows = thousands(u64::from(passed.rows.len()));
                say(ui, format!("{rows} of {frames} shown"), palette.ink);
                let some = passed.connections.map(|some| thousands(some as u64));
                say(ui, format!("{} of {connections}", some.unwrap_or("…".into())), palette.dim);
            }
            None => {
                say(ui, frames, palette.ink);
                say(ui, connections, palette.dim);
            }
        }
        if let Some(unread) = &explore.status.unread {
            let text = format!("{} not read", counted(unread.frames, "frame"));
            say(ui, text, palette.warning).on_hover_text(&unread.what);
        }
        let Sealed { all, opened } = explore.shown.sealed();
        if all > 0 {
            let text = format!("{opened} of {} decrypted", counted(all, "sealed message"));
            if opened < all {
                let why = RichText::new(text).size(12.0).tone(palette.warning);
                let button = ui.add(Button::new(why).frame(false));
                if button.on_hover_text("Why not all: show which keys are missing.").clicked() {
                    acts.push(Act::Explore(Input::Secret(Secret::Lacking)));
                }
            } else {
                say(ui, text, palette.dim);
            }
        }
        if let Some(keys) = &explore.status.keys {
            let file = name(&keys.path);
            let text = match (keys.new, keys.broken.len()) {
                (types, _) if keys.names => {
                    format!("names of {} from {file}", counted(types as u64, "message type"))
                }
                (0, 0) => format!("{file} holds no key that was missing"),
                (new, 0) => format!("{} from {file}", counted(new as u64, "new key")),
                (new, broken) => {
                    let lines = counted(broken as u64, "line");
                    format!("{} from {file}, {lines} unreadable", counted(new as u64, "new key"))
                }
            };
            let text = match &keys.idle {
                Some(idle) => format!("{text}; {idle}"),
                None => text,
            };
            say(ui, text, palette.dim).on_hover_text(keys.broken.join("\n"));
        }
        let unsaved = explore.remarks.unsaved();
        if unsaved > 0 {
            let text = format!("remarks on {} not saved", counted(unsaved as u64, "packet"));
            let button = ui.add(
                Button::new(RichText::new(text).size(12.0).tone(palette.warning)).frame(false),
            );
            if button.on_hover_text(Command::SaveRecording.tip(ui.ctx())).clicked() {
                acts.push(Act::Do(Command::SaveRecording));
            }
        }
        if let Some(why) = &explore.source.ended_early {
            let text = RichText::new("Recording ended early").size(12.0).tone(palette.failure);
            let button = ui.add(Button::new(text).frame(false)).on_hover_text(why);
            if button.clicked() {
                acts.push(Act::Tell(Trouble::new(why, MEND)));
            }
        }
        if let Some(doing) = explore.doing() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                say(ui, doing, palette.dim);
            });
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
        }
    });
}
