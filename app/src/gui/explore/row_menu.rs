//! What can be done with a packet, or with a field of it: the menus that open where they stand.

use egui::{Button, Response, Ui};
use wirestage_dissectors::ids::FrameId;

use super::asks::{Copied, Decode, Narrow, Remark, Secret};
use super::{Explore, Follow, Input};
use crate::gui::act::Act;
use crate::gui::command::Command;

/// The menu of a row of the packet list. Opening it selects the row.
pub(super) fn show(response: &Response, explore: &Explore, frame: FrameId, acts: &mut Vec<Act>) {
    if response.secondary_clicked() {
        acts.push(Act::Explore(Input::Frame(frame)));
    }
    response.context_menu(|ui| {
        let connection =
            explore.ground.attribution.of(frame, &explore.ground.survey).map(|one| one.connection);
        filters(ui, explore, acts);
        ui.separator();
        if let Some(id) = connection {
            entry(ui, "Follow its connection", "", true, Input::Follow(Follow::Open), acts);
            entry(ui, "Show its key schedule", "", true, Input::Secret(Secret::Open), acts);
            entry(ui, "Draw its connection", "", true, Input::Tell(Some(id)), acts);
        }
        match explore.packets.list.reference == Some(frame) {
            true => entry(
                ui,
                "Count times from the first packet",
                "",
                true,
                Input::Reference(None),
                acts,
            ),
            false => {
                entry(ui, "Count times from here", "", true, Input::Reference(Some(frame)), acts)
            }
        }
        let decode = keys(ui, Command::DecodeAs);
        entry(ui, "Decode as…", &decode, explore.can_decode(), Input::Decode(Decode::Open), acts);
        ui.separator();
        let can = explore.holds(frame);
        let mark = if explore.remarks.is_marked(frame) { "Take the mark away" } else { "Mark" };
        entry(ui, mark, &keys(ui, Command::Mark), can, Input::Remark(Remark::Mark), acts);
        let comment = keys(ui, Command::Comment);
        entry(ui, "Comment…", &comment, can, Input::Remark(Remark::Edit), acts);
        ui.separator();
        entry(ui, "Copy row", "Ctrl+C", true, Input::Copy(Copied::Row), acts);
        entry(ui, "Copy details", "", true, Input::Copy(Copied::Tree), acts);
        entry(
            ui,
            "Copy request as curl",
            "",
            connection.is_some(),
            Input::Copy(Copied::Curl),
            acts,
        );
    });
}

/// The menu of a line of the details. Opening it selects the line.
pub(super) fn of_line(response: &Response, explore: &Explore, line: usize, acts: &mut Vec<Act>) {
    if response.secondary_clicked() {
        acts.push(Act::Explore(Input::Line(line)));
    }
    response.context_menu(|ui| {
        let node = explore.details.as_ref().and_then(|details| details.tree.nodes.get(line));
        let field = node.and_then(|node| node.field).map(|field| field.def().name);
        let is_value = explore.expression(Narrow::Is).is_some();
        entry(ui, "Filter: is this", "", is_value, Input::Narrow(Narrow::Is), acts);
        entry(ui, "Filter: is not this", "", is_value, Input::Narrow(Narrow::IsNot), acts);
        entry(ui, "Filter: has this field", "", field.is_some(), Input::Narrow(Narrow::Has), acts);
        filters(ui, explore, acts);
        ui.separator();
        if let Some(name) = field {
            let is_shown = explore.packets.list.columns.names().any(|known| known == name);
            let text = if is_shown { "Show no longer as column" } else { "Show as column" };
            entry(ui, text, "", true, Input::Column(name), acts);
            ui.separator();
        }
        entry(ui, "Copy field", "Ctrl+C", true, Input::Copy(Copied::Field), acts);
        entry(ui, "Copy value", "", true, Input::Copy(Copied::Value), acts);
        entry(ui, "Copy with what is below", "", true, Input::Copy(Copied::Branch), acts);
        entry(ui, "Copy all details", "", true, Input::Copy(Copied::Tree), acts);
        ui.separator();
        bytes(ui, node.is_some_and(|node| node.span.len > 0), acts);
    });
}

/// The menu of the bytes.
pub(super) fn of_bytes(response: &Response, explore: &Explore, acts: &mut Vec<Act>) {
    response.context_menu(|ui| {
        let details = explore.details.as_ref().zip(explore.selection.line);
        let node = details.and_then(|(details, line)| details.tree.nodes.get(line));
        bytes(ui, node.is_some_and(|node| node.span.len > 0), acts);
    });
}

/// The menu of the diagram.
pub(super) fn of_diagram(response: &Response, explore: &Explore, acts: &mut Vec<Act>) {
    // Its beads lie above it.
    response.container_context_menu(|ui| {
        let is_chosen = explore.selection.beat.is_some();
        entry(ui, "Copy step", "Ctrl+C", is_chosen, Input::Copy(Copied::Step), acts);
        entry(ui, "Copy request as curl", "", is_chosen, Input::Copy(Copied::Curl), acts);
        for command in [Command::CopyPicture, Command::CopyText] {
            let keys = command.entry().map(|entry| ui.ctx().format_shortcut(&entry.keys));
            let button = Button::new(command.name()).shortcut_text(keys.unwrap_or_default());
            if ui.add(button).clicked() {
                acts.push(Act::Do(command));
                ui.close();
            }
        }
    });
}

fn filters(ui: &mut Ui, explore: &Explore, acts: &mut Vec<Act>) {
    let choices = [
        ("Filter: this connection", Narrow::Connection),
        ("Filter: not this connection", Narrow::NotConnection),
        ("Filter: this pair of hosts", Narrow::Hosts),
    ];
    for (text, what) in choices {
        let is_there = explore.expression(what).is_some();
        entry(ui, text, "", is_there, Input::Narrow(what), acts);
    }
}

fn bytes(ui: &mut Ui, are_there: bool, acts: &mut Vec<Act>) {
    let choices = [
        ("Copy bytes as hex", Copied::Hex),
        ("Copy bytes as C array", Copied::Array),
        ("Copy bytes as Base64", Copied::Base64),
    ];
    for (text, what) in choices {
        entry(ui, text, "", are_there, Input::Copy(what), acts);
    }
}

/// The keys of a command, as they are written.
fn keys(ui: &Ui, command: Command) -> String {
    let entry = command.entry().map(|entry| ui.ctx().format_shortcut(&entry.keys));
    entry.unwrap_or_default()
}

fn entry(ui: &mut Ui, text: &str, keys: &str, can: bool, input: Input, acts: &mut Vec<Act>) {
    let mut button = Button::new(text).frame(false);
    if !keys.is_empty() {
        button = button.shortcut_text(keys);
    }
    if ui.add_enabled(can, button).clicked() {
        acts.push(Act::Explore(input));
        ui.close();
    }
}

/// Whether what is selected in a panel is to be copied.
pub(super) fn copies(ui: &Ui) -> bool {
    ui.input_mut(|input| {
        let before = input.events.len();
        input.events.retain(|event| *event != egui::Event::Copy);
        input.events.len() < before
    })
}
