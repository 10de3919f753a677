//! The lines below the filter: what is to be found, where to go, what is remarked on a packet.

use egui::{ComboBox, EventFilter, Id, Key, Modifiers, Response, RichText, TextEdit, Ui};
use wirestage_dissectors::wording::thousands;

use super::asks::{Seek, Way};
use super::finding::Finding;
use super::going::HINT;
use super::{Explore, Input};
use crate::diagram::Towards;
use crate::document::{Case, Scope, Spelling};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::theme::{Palette, Tone, mono};

/// How high a line is.
const LINE: f32 = 34.0;

const SPELLINGS: [(Spelling, &str); 3] = [
    (Spelling::Text, "Text"),
    (Spelling::Hex, "Hex"),
    (Spelling::Expression, "Regular expression"),
];

const SCOPES: [(Scope, &str); 4] = [
    (Scope::Rows, "in rows"),
    (Scope::Fields, "in fields"),
    (Scope::Bytes, "in bytes"),
    (Scope::Bodies, "in decoded bodies"),
];

/// How high the lines are; `None` if none is shown.
pub(crate) fn height(explore: &Explore) -> Option<f32> {
    let is_typed = explore.remarks.editing.is_some();
    let is_decoding = explore.decoding.choice.is_some();
    let lines = [explore.finding.open, explore.going.open, is_typed, is_decoding];
    let lines = lines.map(u8::from).iter().sum::<u8>();
    (lines > 0).then(|| f32::from(lines) * LINE)
}

/// Shows the lines.
pub(crate) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if explore.finding.open {
        ui.allocate_ui(egui::vec2(ui.available_width(), LINE), |ui| {
            ui.horizontal_centered(|ui| find(ui, explore, palette, acts));
        });
    }
    if explore.going.open {
        ui.allocate_ui(egui::vec2(ui.available_width(), LINE), |ui| {
            ui.horizontal_centered(|ui| go(ui, explore, palette, acts));
        });
    }
    if explore.decoding.choice.is_some() {
        ui.allocate_ui(egui::vec2(ui.available_width(), LINE), |ui| {
            ui.horizontal_centered(|ui| super::decode_line::show(ui, explore, palette, acts));
        });
    }
    if explore.remarks.editing.is_some() {
        ui.allocate_ui(egui::vec2(ui.available_width(), LINE), |ui| {
            ui.horizontal_centered(|ui| super::remark_line::show(ui, explore, palette, acts));
        });
    }
}

fn find(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let selected = explore.selection.frame;
    let state = &mut explore.finding;
    let id = ui.make_persistent_id("find");
    let entered = |shift| if shift { Towards::Previous } else { Towards::Next };
    let go = |shift| Input::Find(Seek::Go(entered(shift)));
    let asked = keys(ui, id, go, Input::Find(Seek::Close));
    let edit = TextEdit::singleline(&mut state.quest.typed)
        .id(id)
        .font(mono(12.5))
        .hint_text(match state.quest.spelling {
            Spelling::Text => "Find text",
            Spelling::Hex => "Find bytes: 16 03 ?? 01",
            Spelling::Expression => "Find: \\b5\\d\\d\\b",
        })
        .desired_width((ui.available_width() * 0.32).clamp(160.0, 460.0));
    let field = ui.add(edit).accessible_name("Find");
    hold(ui, &field, &mut state.focus);
    if field.changed() {
        (state.wrong, state.turned) = (None, None);
    }
    choice(ui, "How it is written", &mut state.quest.spelling, &SPELLINGS);
    choice(ui, "Where it is looked for", &mut state.quest.scope, &SCOPES);
    if state.quest.spelling != Spelling::Hex {
        let mut is_exact = state.quest.case == Case::Exact;
        let case = ui.toggle_value(&mut is_exact, "Aa").accessible_name("Match case");
        case.on_hover_text("Tell large letters from small ones");
        state.quest.case = if is_exact { Case::Exact } else { Case::Any };
    }
    for (text, command, towards) in
        [("‹", Command::FindPrevious, Towards::Previous), ("›", Command::FindNext, Towards::Next)]
    {
        let button = ui.button(text).accessible_name(command.name());
        if button.on_hover_text(command.tip(ui.ctx())).clicked() {
            acts.push(Act::Explore(Input::Find(Seek::Go(towards))));
        }
    }
    if ui.button("×").accessible_name("Close the search").on_hover_text("Esc").clicked() {
        acts.push(Act::Explore(Input::Find(Seek::Close)));
    }
    match &state.wrong {
        Some(wrong) => said(ui, &format!("× {wrong}"), palette.failure),
        None => said(ui, &standing(state, selected), palette.ink),
    }
    acts.extend(asked.map(Act::Explore));
}

/// How far the search is, in words.
fn standing(state: &Finding, selected: Option<wirestage_dissectors::ids::FrameId>) -> String {
    let Some(standing) = state.standing(selected) else { return String::new() };
    let found = thousands(u64::from(standing.found));
    let frames = if standing.found == 1 { "frame" } else { "frames" };
    let mut text = match (standing.found, standing.at, standing.share) {
        (0, _, None) => "Found nowhere".to_owned(),
        (0, ..) => "Found nowhere so far".to_owned(),
        (_, Some(at), _) => format!("{} of {found} {frames}", thousands(u64::from(at))),
        (_, None, _) => format!("Found in {found} {frames}"),
    };
    if let Some((share, is_before)) = standing.share {
        let from = if is_before { "from the start, " } else { "" };
        text += &format!(" · {from}{:.0} % looked at", share * 100.0);
    }
    if let Some(turned) = state.turned {
        text += &format!(" · {turned}");
    }
    text
}

fn go(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let state = &mut explore.going;
    let id = ui.make_persistent_id("go");
    let asked = keys(ui, id, |_| Input::Go(Way::There), Input::Go(Way::Close));
    let edit = TextEdit::singleline(&mut state.typed)
        .id(id)
        .font(mono(12.5))
        .hint_text("Go to a frame, a time, a step or a connection")
        .desired_width((ui.available_width() * 0.32).clamp(160.0, 460.0));
    let field = ui.add(edit).accessible_name("Go to");
    hold(ui, &field, &mut state.focus);
    if field.changed() {
        state.wrong = None;
    }
    if ui.button("Go").clicked() {
        acts.push(Act::Explore(Input::Go(Way::There)));
    }
    if ui.button("×").accessible_name("Go nowhere").on_hover_text("Esc").clicked() {
        acts.push(Act::Explore(Input::Go(Way::Close)));
    }
    match &state.wrong {
        Some(wrong) => said(ui, &format!("× {wrong}"), palette.failure),
        None => said(ui, HINT, palette.dim),
    }
    acts.extend(asked.map(Act::Explore));
}

/// Hears Enter, with or without shift, and Escape before the field does.
fn keys(ui: &Ui, id: Id, enter: impl Fn(bool) -> Input, escape: Input) -> Option<Input> {
    if !ui.memory(|memory| memory.has_focus(id)) {
        return None;
    }
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::SHIFT, Key::Enter) {
            Some(enter(true))
        } else if input.consume_key(Modifiers::NONE, Key::Enter) {
            Some(enter(false))
        } else {
            input.consume_key(Modifiers::NONE, Key::Escape).then_some(escape)
        }
    })
}

/// Gives a field the keyboard where that was wished for, and Escape before it leaves.
fn hold(ui: &Ui, field: &Response, focus: &mut bool) {
    if std::mem::take(focus) {
        field.request_focus();
    }
    if field.has_focus() {
        let filter = EventFilter { escape: true, horizontal_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(field.id, filter));
    }
}

fn choice<T: Copy + PartialEq>(ui: &mut Ui, name: &str, chosen: &mut T, all: &[(T, &str)]) {
    let shown = all.iter().find(|(one, _)| one == chosen).map_or("", |(_, text)| *text);
    let combo = ComboBox::from_id_salt(name).selected_text(shown).width(128.0);
    let combo = combo.show_ui(ui, |ui| {
        for (one, text) in all {
            ui.selectable_value(chosen, *one, *text);
        }
    });
    combo.response.accessible_name(name);
}

fn said(ui: &mut Ui, text: &str, tone: egui::Color32) {
    ui.add(egui::Label::new(RichText::new(text).size(12.0).tone(tone)).truncate());
}
