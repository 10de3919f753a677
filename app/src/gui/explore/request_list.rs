//! Paints the list of requests: a line above that narrows it, headings that sort it, and the rows
//! in sight.

use egui::{Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use wirestage_dissectors::requests::Request;
use wirestage_dissectors::story::TrackId;
use wirestage_dissectors::wording::{bytes, duration, thousands};

use super::headings::{self, Head};
use super::list_frame::{self, ListFrame};
use super::request_bars::bar;
use super::request_order::Column;
use super::requests::Known;
use super::{Explore, Input, panes};
use crate::gui::act::Act;
use crate::gui::command::Command;
use crate::gui::export::{Step, What};
use crate::gui::theme::{Palette, Tone};

/// How high the line above the list and a row are.
const ABOVE: f32 = 34.0;
const ROW: f32 = 24.0;

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
    let frame = ListFrame::new(ui, ABOVE, ROW);
    let before = explore.requests.wanted.clone();
    narrow(ui, explore, palette, frame.above, acts);
    let requests = &mut explore.requests;
    let sorted = (&mut requests.wanted.column, &mut requests.wanted.is_reversed);
    headings::show(ui, palette, frame.heading, (&COLUMNS, "Sort requests by"), sorted);
    if requests.wanted != before {
        requests.list.rewind();
        requests.ask(&explore.wake);
    }
    let here = requests.chosen.and_then(|at| requests.list.row_of(at));
    let count = requests.count();
    let place = &mut requests.list.place;
    let moved = frame.scroll(ui, palette, ("Requests", count), place, here);
    if let Some(at) = moved.chosen.and_then(|row| requests.list.at(row)) {
        acts.push(Act::Explore(Input::Request(at)));
    }
    let (requests, shown) = (&explore.requests, &explore.shown);
    let badge = |one: &Request| shown.badge(one.connection);
    frame.rows(ui, &moved, requests.list.place, |ui, row, rect| {
        let found = requests.list.at(row).and_then(|at| Some((at, requests.row(at)?)));
        if let Some((at, one)) = found
            && line(ui, (badge(one), requests.chosen == Some(at)), palette, rect, (&known, at, one))
        {
            acts.push(Act::Explore(Input::Request(at)));
        }
    });
}

/// The line above: what is typed narrows the list, how much of it is left, and what can be saved.
fn narrow(ui: &mut Ui, explore: &mut Explore, palette: &Palette, rect: Rect, acts: &mut Vec<Act>) {
    let shown = explore.requests.count() as u64;
    let all = explore.requests.known.as_ref().map_or(0, |known| known.all.rows.len() as u64);
    let left_out = explore.requests.known.as_ref().map_or(0, |known| known.all.left_out);
    let is_making = explore.requests.list.is_busy();
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

/// Shows one request. Says whether it was chosen.
fn line(
    ui: &Ui,
    (badge, chosen): (Option<TrackId>, bool),
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
    list_frame::ground(ui, palette, &response, chosen);
    let size = row.answer.map_or_else(|| "–".to_owned(), |said| bytes(said.content()));
    let lane = row.lane.map_or_else(String::new, |lane| format!(" / {lane}"));
    let name = badge.map_or_else(|| known.number(row).to_string(), TrackId::letter);
    let connection = format!("{name}{lane}");
    let is_error = row.status.is_some_and(|status| status >= 400) || trouble.is_some();
    // Nothing is told by colour alone.
    let told = if is_error { format!("× {status}") } else { status.clone() };
    list_frame::cells(ui, rect, &COLUMNS, |column, room| {
        let text: &str = match column {
            Column::Method => &row.method,
            Column::Host => &row.host,
            Column::Path => &row.path,
            Column::Status => &told,
            Column::Type => trouble.filter(|_| row.answer.is_none()).unwrap_or(&row.kind),
            Column::Size => &size,
            Column::Took => &took,
            Column::Protocol => &row.version,
            Column::Connection => &connection,
            Column::When => {
                bar(ui, room, known, row, palette);
                return None;
            }
        };
        let tone = match column {
            Column::Status if is_error => palette.failure,
            Column::Type if trouble.is_some() && row.answer.is_none() => palette.failure,
            Column::Method | Column::Host | Column::Path => palette.ink,
            _ => palette.dim,
        };
        Some((text, tone))
    });
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
