//! The filter line: what is typed, what may follow, and below it what passes or what is wrong.

use std::time::Duration;

use egui::text::{CCursor, CCursorRange};
use egui::{
    EventFilter, Key, Modifiers, Popup, PopupCloseBehavior, Rect, Response, RichText, TextEdit, Ui,
    vec2,
};
use wirestage_dissectors::filter::{Completion, FilterError, complete, in_words};
use wirestage_dissectors::wording::thousands;

use super::filtering::Filtering;
use super::{Explore, Input, filter_hint};
use crate::document::{filter, vocabulary};
use crate::gui::act::Act;
use crate::gui::focus;
use crate::gui::theme::{Palette, Tone, mono};

/// How high the line is, and what is told below it where there is anything to tell.
const LINE: f32 = 36.0;
const TOLD: f32 = 24.0;

/// Words that are offered at once.
const OFFERED: usize = 6;

/// Words that are offered where none is begun: of more, nobody looks for one.
const UNASKED: usize = 40;

/// How high the line is with what is told below it.
pub(crate) fn height(explore: &Explore) -> f32 {
    let Filtering { passed, wrong, typed, .. } = &explore.filtering;
    let is_told = passed.is_some() || wrong.is_some() || !typed.trim().is_empty();
    if is_told { LINE + TOLD } else { LINE }
}

/// Shows the line.
pub(crate) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let state = &mut explore.filtering;
    let id = ui.make_persistent_id("filter");
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let completion = has_focus.then(|| offers(ui, id, state)).flatten();
    let keys = has_focus.then(|| keys(ui, state, completion.as_ref())).flatten();
    ui.add_space(5.0);
    let field = ui
        .horizontal(|ui| {
            let clear = !state.typed.is_empty() || state.passed.is_some();
            let room = ui.available_width() - 150.0;
            let edit = TextEdit::singleline(&mut state.typed)
                .id(id)
                .font(mono(12.5))
                .hint_text("Filter: http.response.code >= 400 and ip.addr == 10.0.0.0/8")
                .desired_width(room.max(160.0));
            let field = ui.add(edit).accessible_name("Filter");
            history(ui, state, acts);
            if ui.add_enabled(clear, egui::Button::new("Clear")).clicked() {
                state.typed.clear();
                acts.push(Act::Explore(Input::Filter));
            }
            field
        })
        .inner;
    focus::region(ui.ctx(), id, ui.max_rect());
    if field.has_focus() {
        // Tab takes a word where one is offered, and Escape is heard here first.
        let filter = EventFilter {
            tab: completion.is_some(),
            escape: true,
            horizontal_arrows: true,
            vertical_arrows: true,
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    super::dragging::show(ui, &field, palette);
    if let Some(dropped) = super::dragging::dropped(&field) {
        state.typed = super::dragging::both(&state.typed, &dropped);
        state.offers = false;
        acts.push(Act::Explore(Input::Filter));
    }
    if std::mem::take(&mut state.focus) {
        field.request_focus();
    }
    if field.changed() {
        (state.offers, state.chosen) = (true, 0);
        state.yet = filter_hint::yet(&state.typed);
        // What is no filter yet is told once it is to be one, and forgotten when it is one.
        if state.wrong.is_some() {
            state.wrong = filter(&state.typed).err();
        }
    }
    match keys {
        Some(Asked::Apply) => acts.push(Act::Explore(Input::Filter)),
        Some(Asked::Take(text, at)) => take(ui, id, state, &text, at),
        Some(Asked::Clear) if state.typed.is_empty() && state.passed.is_none() => {
            field.surrender_focus();
        }
        Some(Asked::Clear) => {
            state.typed.clear();
            acts.push(Act::Explore(Input::Filter));
        }
        None => {}
    }
    if let Some(completion) = completion.filter(|_| field.has_focus()) {
        popup(ui, id, &field, state, &completion, palette);
    }
    let frames = explore.ground.survey.frame_count();
    below(ui, &field, &explore.filtering, frames, palette);
}

/// What a key asks for.
enum Asked {
    Apply,
    Clear,
    /// Put this text where the completion's stands.
    Take(String, std::ops::Range<usize>),
}

/// Hears the keys of the line before the field does.
fn keys(ui: &Ui, state: &mut Filtering, completion: Option<&Completion>) -> Option<Asked> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if let Some(completion) = completion {
        let last = completion.offers.len().saturating_sub(1);
        if pressed(Key::ArrowDown) {
            state.chosen = (state.chosen + 1).min(last);
        }
        if pressed(Key::ArrowUp) {
            state.chosen = state.chosen.saturating_sub(1);
        }
        if pressed(Key::Tab)
            && let Some(offer) = completion.offers.get(state.chosen)
        {
            return Some(Asked::Take(offer.text.clone(), completion.replaces.clone()));
        }
        if pressed(Key::Escape) {
            state.offers = false;
            return None;
        }
    } else if pressed(Key::Escape) {
        return Some(Asked::Clear);
    }
    if pressed(Key::Enter) {
        state.offers = false;
        return Some(Asked::Apply);
    }
    None
}

/// What may stand at the cursor.
fn offers(ui: &Ui, id: egui::Id, state: &Filtering) -> Option<Completion> {
    if !state.offers {
        return None;
    }
    let cursor = egui::TextEdit::load_state(ui.ctx(), id)?.cursor.char_range()?.primary.index;
    let at = state.typed.char_indices().nth(cursor.into()).map_or(state.typed.len(), |(at, _)| at);
    let completion = complete(&state.typed, at, vocabulary());
    let typed = state.typed.get(completion.replaces.clone()).unwrap_or_default();
    let is_done = |text: &str| completion.offers.len() == 1 && text == typed;
    let is_any = completion.offers.first().is_some_and(|first| !is_done(&first.text));
    let is_begun = !typed.is_empty();
    let is_due = at > 0 && completion.offers.len() <= UNASKED;
    (is_any && (is_begun || is_due)).then_some(completion)
}

/// Puts a word in the place of what was typed of it.
fn take(ui: &Ui, id: egui::Id, state: &mut Filtering, text: &str, at: std::ops::Range<usize>) {
    if state.typed.get(at.clone()).is_none() {
        return;
    }
    state.typed.replace_range(at.clone(), text);
    let end = at.start + text.len();
    let index = state.typed.get(..end).map_or(0, |before| before.chars().count());
    if let Some(mut edit) = egui::TextEdit::load_state(ui.ctx(), id) {
        edit.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(index))));
        edit.store(ui.ctx(), id);
    }
    (state.offers, state.chosen) = (false, 0);
    ui.ctx().request_repaint();
}

/// What was typed before, and what is kept of it: favourites stand first.
fn history(ui: &mut Ui, state: &mut Filtering, acts: &mut Vec<Act>) {
    let is_any = !state.history.is_empty() || !state.favourites.is_empty();
    let button = ui.add_enabled(is_any, egui::Button::new("History"));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        let typed = state.history.iter().filter(|known| !state.favourites.contains(known));
        let all: Vec<String> = state.favourites.iter().chain(typed).cloned().collect();
        for known in all {
            let is_kept = state.favourites.contains(&known);
            ui.horizontal(|ui| {
                let (star, what) = match is_kept {
                    true => ("★", "Keep no longer"),
                    false => ("☆", "Keep"),
                };
                let star = ui.button(star).on_hover_text("Kept filters stand first, and stay");
                if star.accessible_name(format!("{what}: {known}")).clicked() {
                    state.keep(&known);
                }
                if ui.button(RichText::new(&known).font(mono(12.0))).clicked() {
                    state.typed = known;
                    acts.push(Act::Explore(Input::Filter));
                    ui.close();
                }
            });
        }
    });
}

/// The words that are offered, below the line.
fn popup(
    ui: &Ui,
    id: egui::Id,
    field: &Response,
    state: &mut Filtering,
    completion: &Completion,
    palette: &Palette,
) {
    let first = state.chosen.saturating_sub(OFFERED - 1);
    let shown = completion.offers.iter().enumerate().skip(first).take(OFFERED);
    let mut taken = None;
    egui::Area::new(id.with("offers"))
        .order(egui::Order::Foreground)
        .fixed_pos(egui::pos2(field.rect.left(), ui.max_rect().bottom() + 2.0))
        .show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                ui.set_width(field.rect.width().min(560.0));
                for (at, offer) in shown {
                    let text = RichText::new(&offer.text).font(mono(12.0));
                    let row = ui.horizontal(|ui| {
                        let label = ui.selectable_label(at == state.chosen, text);
                        let meaning = RichText::new(&offer.meaning).size(12.0).tone(palette.dim);
                        ui.add(egui::Label::new(meaning).truncate());
                        label
                    });
                    if row.inner.clicked() {
                        taken = Some(offer.text.clone());
                    }
                }
                let all = completion.offers.len();
                let hint =
                    format!("{} of {all} · ↑↓ choose · Tab takes · Esc closes", all.min(OFFERED));
                ui.label(RichText::new(hint).size(11.0).tone(palette.dim));
            });
        });
    if let Some(text) = taken {
        take(ui, id, state, &text, completion.replaces.clone());
        field.request_focus();
    }
}

/// Below the line: what is wrong and where, or how much passes.
fn below(ui: &mut Ui, field: &Response, state: &Filtering, frames: u32, palette: &Palette) {
    if let Some(error) = &state.wrong {
        mark(ui, field, &state.typed, error, palette);
        let text = match error.help.as_str() {
            "" => format!("× {}", error.message),
            help => format!("× {}. {help}", error.message),
        };
        let text = RichText::new(text).size(12.0).tone(palette.failure);
        ui.add(egui::Label::new(text).truncate());
        return;
    }
    // What it selects in words, where it is a filter.
    let words = in_words(&state.typed, vocabulary()).filter(|_| filter(&state.typed).is_ok());
    let Some(passed) = &state.passed else {
        let text = match (words, &state.yet) {
            (Some(words), _) => format!("Enter selects: {words}"),
            (None, Some(yet)) if !state.typed.trim().is_empty() => yet.clone(),
            (None, _) => String::new(),
        };
        ui.add(egui::Label::new(RichText::new(text).size(12.0).tone(palette.dim)).truncate());
        return;
    };
    let found = thousands(u64::from(passed.rows.len()));
    let all = thousands(u64::from(frames));
    let mut text = format!("{found} of {all} frames pass");
    if let Some(connections) = passed.connections {
        let plural = if connections == 1 { "" } else { "s" };
        text.push_str(&format!(" in {} connection{plural}", thousands(connections as u64)));
    }
    match (state.share(), passed.took) {
        (Some(share), _) => text.push_str(&format!(", {:.0} % looked at", share * 100.0)),
        (None, Some(took)) => text.push_str(&format!(" · {}", seconds(took))),
        (None, None) => {}
    }
    if state.typed.trim() != passed.expression {
        text.push_str(" · what is typed does not count yet");
        if let Some(yet) = state.yet.as_ref().filter(|_| words.is_none()) {
            text.push_str(&format!(" · {yet}"));
        }
    }
    if let Some(words) = words {
        text.push_str(&format!(" · {words}"));
    }
    ui.add(egui::Label::new(RichText::new(text).size(12.0).tone(palette.ink)).truncate());
}

fn seconds(took: Duration) -> String {
    if took < Duration::from_millis(10) {
        format!("{:.1} ms", took.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", took.as_secs_f64())
    }
}

/// Underlines the place of a mistake.
fn mark(ui: &Ui, field: &Response, typed: &str, error: &FilterError, palette: &Palette) {
    let width = |text: &str| {
        let text = text.to_owned();
        let galley = ui.painter().layout_no_wrap(text, mono(12.5), palette.ink);
        galley.size().x
    };
    let before = width(typed.get(..error.at.start).unwrap_or(typed));
    let marked = width(typed.get(error.at.clone()).unwrap_or_default()).max(8.0);
    let left = field.rect.left() + ui.spacing().button_padding.x + before;
    let line = Rect::from_min_size(
        egui::pos2(left, field.rect.bottom() - 4.0),
        vec2(marked.min(field.rect.right() - left), 2.0),
    );
    ui.painter().rect_filled(line, 0.0, palette.failure);
}
