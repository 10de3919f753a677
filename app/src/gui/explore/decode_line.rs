//! The line in which is said how a port or a connection is to be read.

use egui::{Button, ComboBox, Key, Modifiers, RichText, Ui};
use wirestage_dissectors::registry;

use super::asks::Decode;
use super::{Explore, Input};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone};

/// Shows it.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let count = explore.rule_count();
    let Some(choice) = &mut explore.decoding.choice else { return };
    ui.label(RichText::new("Read").tone(palette.ink));
    let places = choice.places();
    let shown = places.iter().find(|(place, _)| *place == choice.place);
    let combo = ComboBox::from_id_salt("decode place").width(220.0);
    let combo = combo.selected_text(shown.map_or("", |(_, name)| name)).show_ui(ui, |ui| {
        for (place, name) in &places {
            ui.selectable_value(&mut choice.place, *place, name);
        }
    });
    combo.response.accessible_name("What is read");
    ui.label(RichText::new("as").tone(palette.ink));
    let name = registry::standard().get(choice.protocol).name();
    let combo = ComboBox::from_id_salt("decode protocol").selected_text(name).width(140.0);
    let combo = combo.show_ui(ui, |ui| {
        for protocol in choice.protocols() {
            ui.selectable_value(&mut choice.protocol, protocol.id(), protocol.name());
        }
    });
    combo.response.accessible_name("Which protocol");
    let mut ask = |decode: Decode| acts.push(Act::Explore(Input::Decode(decode)));
    if ui.add(Button::new("Apply")).clicked() {
        ask(Decode::Apply);
    }
    if count > 0 {
        let rules =
            if count == 1 { "Forget 1 rule".to_owned() } else { format!("Forget {count} rules") };
        let help = "Read everything by what its bytes say again";
        if ui.button(rules).on_hover_text(help).clicked() {
            ask(Decode::Forget);
        }
    }
    let escapes = !ui.ctx().any_popup_open()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    let close = ui.button("×").accessible_name("Close decode as").on_hover_text("Esc");
    if close.clicked() || escapes {
        ask(Decode::Close);
    }
}
