//! The line in which a comment on a packet is typed.

use egui::{Button, EventFilter, Key, Modifiers, RichText, TextEdit, Ui};

use super::asks::Remark;
use super::{Explore, Input};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone};

/// Shows it.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let id = ui.make_persistent_id("comment");
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let pressed = |key| has_focus && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (keeps, closes) = (pressed(Key::Enter), pressed(Key::Escape));
    let takes_focus = std::mem::take(&mut explore.remarks.focus);
    let Some((frame, text)) = &mut explore.remarks.editing else { return };
    let name = format!("Comment on packet {}", frame.number());
    let label = ui.label(RichText::new(&name).tone(palette.ink));
    let edit = TextEdit::singleline(text)
        .id(id)
        .hint_text("what is to be remembered of it; empty takes the comment away")
        .desired_width((ui.available_width() - 140.0).max(160.0));
    let field = ui.add(edit).labelled_by(label.id);
    if takes_focus {
        field.request_focus();
    }
    if field.has_focus() {
        let filter =
            EventFilter { escape: true, horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    let keep = ui.add(Button::new("Keep")).on_hover_text("Enter").clicked();
    let close = ui.button("×").accessible_name("Close the comment").on_hover_text("Esc").clicked();
    if keep || keeps {
        acts.push(Act::Explore(Input::Remark(Remark::Keep)));
    } else if close || closes {
        acts.push(Act::Explore(Input::Remark(Remark::Close)));
    }
}
