//! Paints the list of requests: a line above that narrows it, headings that sort it, and the rows in sight.

use egui::{Align2, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::overview::words::{bytes, duration, thousands};
use wirestage_dissectors::requests::Request;

use super::headings::{self, Head};
use super::request_bars::bar;
use super::request_order::Column;
use super::requests::Known;
use super::scroll::Extent;
use super::{Explore, Input, list, panes};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::export::{Step, What};
use crate::gui::theme::{Palette, Tone, mono};

/// How high the line above the list, its heading and a row are.
const ABOVE: f32 = 34.0;
const HEADING: f32 = 24.0;
const ROW: f32 = 24.0;
/// How wide the scroll bar is.
const BAR: f32 = 12.0;

/// The columns.
const COLUMNS: [Head<Column>; 10] = [
    (Column::Method, "Method", 72.0, false),
    (Column::Host, "Host", -0.24, false),
    (Column::Path, "Path", -0.42, false),
    (Column::Status, "Status", 62.0, true),
    (Column::Type, "Type", 120.0, false),
    (Column::Size, "Size", 70.0, true),
    (Column::Took, "Time", 74.0, true),
    (Column::Protocol, "Protocol", 76.0, false),
    (Column::Connection, "Connection", 92.0, true),
    (Column::When, "When", -0.34, false),
];

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    let Some(known) = explore.requests.known.clone() else {
        explore.requests.gather(&explore.wake);
        panes::hint(ui, palette, "Reading the recording for its requests…");
        return;
    };
    if known.all.rows.is_empty() {
        let text = "No request was found: nothing here speaks HTTP, or it is sealed and its keys \
                    are missing.";
        panes::hint(ui, palette, text);
        return;
    }
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let above = Rect::from_min_size(all.min, vec2(all.width(), ABOVE));
    let heading = Rect::from_min_size(above.left_bottom(), vec2(all.width() - BAR, HEADING));
    let body = Rect::from_min_max(heading.left_bottom(), all.max - vec2(BAR, 0.0));
    let track = Rect::from_min_max(pos2(body.right(), heading.bottom()), all.max);
    let before = explore.requests.wanted.clone();
    narrow(ui, explore, palette, above, acts);
    let wanted = &mut explore.requests.wanted;
    let sorted = (&mut wanted.column, &mut wanted.is_reversed);
    headings::show(ui, palette, heading, (&COLUMNS, "Sort requests by"), sorted);
    if explore.requests.wanted != before {
        explore.requests.place = Default::default();
        explore.requests.ask(&explore.wake);
    }
    let count = explore.requests.count() as u64;
    let extent = Extent { count, page: f64::from((body.height() / ROW).max(1.0)) };
    let label = format!("Requests, {count} rows");
    let area = list::area(ui, (body, ROW), &label, &mut explore.requests.place, extent);
    if panes::keyboard(ui, &area) {
        keys(ui, explore, extent, acts);
    }
    if let Some(row) = explore.requests.reveal.take() {
        explore.requests.place = explore.requests.place.showing(row, extent);
    }
    explore.requests.place = explore.requests.place.within(extent);
    let dragged = list::bar(ui, palette, track, extent, explore.requests.place, "requests");
    if let Some(place) = dragged {
        explore.requests.place = place;
    }
    rows(ui, explore, palette, (body, extent), &known, acts);
    panes::ring(ui, &area);
}

/// The line above: what is typed narrows the list, how much of it is left, and what can be saved.
fn narrow(ui: &mut Ui, explore: &mut Explore, palette: &Palette, rect: Rect, acts: &mut Vec<Act>) {
    let shown = explore.requests.count() as u64;
    let all = explore.requests.known.as_ref().map_or(0, |known| known.all.rows.len() as u64);
    let left_out = explore.requests.known.as_ref().map_or(0, |known| known.all.left_out);
    let is_making = explore.requests.making.is_some();
    let wanted = &mut explore.requests.wanted;
    ui.painter().rect_filled(rect, 0.0, palette.band);
    let inner = rect.shrink2(vec2(8.0, 4.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
        ui.horizontal_centered(|ui| {
            let field = egui::TextEdit::singleline(&mut wanted.words)
                .hint_text("type to narrow: method, host, path, status, type")
                .desired_width((inner.width() * 0.40).clamp(120.0, 420.0));
            ui.add(field).accessible_name("Narrow the requests");
            let count = format!("{} of {}", thousands(shown), thousands(all));
            let count = if is_making { format!("{count} …") } else { count };
            ui.label(RichText::new(count).size(12.0).tone(palette.dim));
            if left_out > 0 {
                let text = format!("{} more left out", thousands(left_out));
                ui.label(RichText::new(text).size(12.0).tone(palette.warning));
            }
            for (name, what, help) in [
                ("Save as HAR…", What::Archive, "Write all requests for the tools of browsers."),
                ("Save contents…", What::Contents, "Write what requests and answers carried."),
            ] {
                if ui.button(name).on_hover_text(help).clicked() {
                    acts.push(Act::Do(Command::Export));
                    acts.push(Act::Export(Step::Choose(what)));
                }
            }
        });
    });
}

/// Up, down, page, home and end choose another request.
fn keys(ui: &Ui, explore: &mut Explore, extent: Extent, acts: &mut Vec<Act>) {
    for step in list::steps(ui, extent) {
        let requests = &mut explore.requests;
        let here = requests.chosen.and_then(|at| requests.row_of(at));
        let last = i64::try_from(extent.count).unwrap_or(i64::MAX) - 1;
        // Where none is chosen, the first one comes next.
        let row = here.map_or(-1, |here| here as i64).saturating_add(step).clamp(0, last.max(0));
        if let Some(at) = requests.at(row as usize) {
            acts.push(Act::Explore(Input::Request(at)));
            requests.reveal = Some(row as u64);
        }
    }
}

fn rows(
    ui: &mut Ui,
    explore: &Explore,
    palette: &Palette,
    (body, extent): (Rect, Extent),
    known: &Known,
    acts: &mut Vec<Act>,
) {
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(body));
    let requests = &explore.requests;
    let top = body.top() - requests.place.fraction as f32 * ROW;
    for (nth, row) in requests.place.rows(extent).enumerate() {
        let found = requests.at(row as usize);
        let Some((at, one)) = found.and_then(|at| Some((at, requests.row(at)?))) else { continue };
        let corner = pos2(body.left(), top + nth as f32 * ROW);
        let rect = Rect::from_min_size(corner, vec2(body.width(), ROW));
        if line(ui, requests.chosen == Some(at), palette, rect, (known, at, one)) {
            acts.push(Act::Explore(Input::Request(at)));
        }
    }
    ui.set_clip_rect(clip);
}

/// Shows one request. Says whether it was chosen.
fn line(
    ui: &Ui,
    chosen: bool,
    palette: &Palette,
    rect: Rect,
    (known, at, row): (&Known, u32, &Request),
) -> bool {
    let response = ui.interact(rect, ui.scope_id().with(("request", at)), Sense::CLICK);
    let status = row.status.map_or_else(|| "–".to_owned(), |status| status.to_string());
    let took = row.took().map_or_else(|| "–".to_owned(), duration);
    let trouble = row.trouble();
    response.widget_info(|| {
        let (number, method, url) = (at + 1, &row.method, row.url());
        let how = trouble.map_or_else(|| format!("{status} in {took}"), str::to_owned);
        let label = format!("Request {number}, {method} {url}: {how}");
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, 0.0, palette.chosen);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.tint(0.05));
    }
    let size = row.answer.map_or_else(|| "–".to_owned(), |said| bytes(said.content()));
    let lane = row.lane.map_or_else(String::new, |lane| format!(" / {lane}"));
    let connection = format!("{}{lane}", known.number(row));
    let is_error = row.status.is_some_and(|status| status >= 400) || trouble.is_some();
    let mut left = rect.left();
    for ((column, _, _, is_number), width) in
        COLUMNS.into_iter().zip(headings::widths(&COLUMNS, rect.width()))
    {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, ROW));
        left += width;
        let text: &str = match column {
            Column::Method => &row.method,
            Column::Host => &row.host,
            Column::Path => &row.path,
            Column::Status => &status,
            Column::Type => trouble.filter(|_| row.answer.is_none()).unwrap_or(&row.kind),
            Column::Size => &size,
            Column::Took => &took,
            Column::Protocol => &row.version,
            Column::Connection => &connection,
            Column::When => {
                bar(ui, cell, known, row, palette);
                continue;
            }
        };
        let (font, align) = if is_number {
            (mono(11.5), Align2::RIGHT_CENTER)
        } else {
            (egui::FontId::proportional(12.5), Align2::LEFT_CENTER)
        };
        let tone = match column {
            Column::Status | Column::Type if is_error => palette.failure,
            Column::Method | Column::Host | Column::Path => palette.ink,
            _ => palette.dim,
        };
        list::cell_text(ui, cell, align, text, font, tone);
    }
    response.on_hover_text(hover(row)).clicked()
}

/// What a row has no room for.
fn hover(row: &Request) -> String {
    let timing = row.timing();
    let mut lines = vec![format!("{} {}", row.method, row.url())];
    if let Some(said) = row.question {
        lines.push(format!(
            "asked in {}: {} of head, {} of content",
            duration(timing.send),
            bytes(said.head),
            bytes(said.body)
        ));
    }
    if let Some(said) = row.answer {
        let decoded = said.decoded.map(|decoded| format!(", {} decoded", bytes(decoded)));
        lines.push(format!(
            "waited {}, answered in {}: {} of head, {} of content{}",
            duration(timing.wait),
            duration(timing.receive),
            bytes(said.head),
            bytes(said.body),
            decoded.unwrap_or_default()
        ));
    }
    for (status, at) in &row.interim {
        lines.push(format!("{status} before that, in frame {}", at.frame.number()));
    }
    if row.is_promised {
        lines.push("nobody asked: the server promised it".to_owned());
    }
    lines.extend(row.trouble().map(str::to_owned));
    lines.join("\n")
}
