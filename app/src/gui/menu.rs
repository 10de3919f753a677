//! The menu of commands: below its button, as high as the window allows, in groups; arrow keys walk
//! it.

use egui::{Button, EventFilter, Id, Key, Modifiers, Response, RichText, ScrollArea, Ui};

use super::act::Act;
use super::command::{COMMANDS, Command};
use super::state::State;
use super::theme::Tone;

/// How wide it is at least.
const WIDE: f32 = 260.0;
/// What stays free below it and around its entries.
const AROUND: f32 = 28.0;

/// Shows its button, and the menu where it is open.
pub(super) fn show(ui: &mut Ui, state: &mut State) {
    // The button stands in the middle of the bar: the menu begins below it.
    let below = ui.max_rect().bottom();
    let room = (ui.ctx().content_rect().bottom() - below - AROUND).max(AROUND);
    ui.menu_button("Menu", |ui| {
        ui.set_min_width(WIDE);
        let area = ScrollArea::vertical().max_height(room).min_scrolled_height(room);
        area.show(ui, |ui| entries(ui, state));
    });
}

fn entries(ui: &mut Ui, state: &mut State) {
    let mut shown: Vec<Response> = Vec::with_capacity(COMMANDS.len());
    for entry in COMMANDS {
        if let Some(group) = entry.command.begins() {
            if !shown.is_empty() {
                ui.add_space(6.0);
            }
            ui.label(RichText::new(group).head(11.5).tone(state.palette.dim));
        }
        let why = state.cannot(entry.command);
        let keys = ui.ctx().format_shortcut(&entry.keys);
        let button = Button::new(entry.name).shortcut_text(keys).frame_when_inactive(false);
        let button = ui.add_enabled(why.is_none(), button.min_size([WIDE, 22.0].into()));
        let button = button.on_hover_text(entry.help).on_disabled_hover_text(why.unwrap_or(""));
        if button.clicked() {
            state.acts.push(Act::Do(entry.command));
            ui.close();
        }
        if button.enabled() {
            shown.push(button);
        }
    }
    walk(ui, &shown);
}

/// Goes to another entry by the arrow keys; the first one has the keyboard when the menu opens.
fn walk(ui: &Ui, shown: &[Response]) {
    let (now, id) = (ui.ctx().cumulative_pass_nr(), Id::unique("menu was open in this pass"));
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<u64>(id);
        data.insert_temp(id, now);
        before
    });
    let is_new = before.is_none_or(|before| before + 1 < now);
    let here = shown.iter().position(Response::has_focus);
    let keys = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    if let Some(entry) = here.and_then(|here| shown.get(here)) {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(entry.id, keys));
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let last = shown.len().saturating_sub(1);
    let mut next = is_new.then_some(0);
    for (key, there) in [
        (Key::ArrowDown, here.map_or(0, |here| if here < last { here + 1 } else { 0 })),
        (Key::ArrowUp, here.map_or(last, |here| here.checked_sub(1).unwrap_or(last))),
        (Key::Home, 0),
        (Key::End, last),
    ] {
        next = if pressed(key) { Some(there) } else { next };
    }
    if let Some(entry) = next.and_then(|next| shown.get(next)) {
        entry.request_focus();
        entry.scroll_to_me(None);
    }
}

impl Command {
    /// The name of the group that begins with it, if one does.
    const fn begins(self) -> Option<&'static str> {
        Some(match self {
            Self::Open => "Recording",
            Self::Palette => "Screens",
            Self::Run => "Running",
            Self::Find => "Looking for something",
            Self::Mark => "Packets",
            Self::NextStep => "Steps and connections",
            Self::Alone => "Window",
            _ => return None,
        })
    }
}
