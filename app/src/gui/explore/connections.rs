//! The connections panel: every connection in a line, sorted by any column, narrowed by typing.

use std::net::SocketAddr;
use std::sync::Arc;

use egui::{Align2, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use wirestage_dissectors::ids::{ConnectionId, Direction};
use wirestage_dissectors::overview::Known;
use wirestage_dissectors::overview::words::{bytes, duration, thousands};
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::{Flow, Transport};

use super::headings::{self, Head};
use super::order::{self, Column, Wanted};
use super::scroll::{Extent, Place};
use super::watch::{Knowing, Shared, read};
use super::{Explore, Input, overview};
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone, mono};
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// How high the line above the list, its heading and a row are.
const ABOVE: f32 = 34.0;
const HEADING: f32 = 24.0;
const ROW: f32 = 24.0;
/// How wide the scroll bar is.
const BAR: f32 = 12.0;

/// The columns.
const COLUMNS: [Head<Column>; 8] = [
    (Column::Host, "Host", -0.30, false),
    (Column::First, "First request", -0.38, false),
    (Column::Protocol, "Protocol", 78.0, false),
    (Column::Start, "Start", 84.0, true),
    (Column::Took, "Took", 76.0, true),
    (Column::Bytes, "Bytes", 70.0, true),
    (Column::RoundTrip, "Round trip", 82.0, true),
    (Column::Outcome, "Outcome", -0.32, false),
];

/// Where the list stands, and what it shows.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) wanted: Wanted,
    place: Place,
    /// The order, where it is not that of the recording.
    order: Option<Arc<[u32]>>,
    /// One that is being made, and for what.
    making: Option<Job<Option<Vec<u32>>>>,
    /// The stage that the order was made at.
    made_at: Knowing,
    /// A row that is to be brought into sight.
    reveal: Option<u64>,
}

impl Lines {
    /// Asks for another order; the old one stays until it is there.
    pub(super) fn ask(&mut self, shared: &Shared, stage: Knowing, wake: &Wake) {
        self.made_at = stage;
        if self.wanted.is_plain() {
            (self.order, self.making) = (None, None);
            return;
        }
        let (shared, wanted) = (Arc::clone(shared), self.wanted.clone());
        let title = "Sorting the connections".to_owned();
        self.making = Some(Job::start(title, Arc::clone(wake), move |progress| {
            Ok(order::order(&shared, &wanted, progress))
        }));
    }

    /// Takes the order that was made; says what that died of, where it did. What stands at the
    /// upper edge stays there.
    pub(super) fn collect(&mut self) -> Option<Trouble> {
        let made = self.making.as_ref().and_then(Job::poll)?;
        self.making = None;
        match made {
            Ok(made) => self.put(made?),
            Err(trouble) => return Some(trouble),
        }
        None
    }

    fn put(&mut self, made: Vec<u32>) {
        let top = self.at(self.place.first as usize);
        self.order = Some(made.into());
        let kept = top.filter(|_| self.place.first > 0);
        let again = kept.and_then(|top| self.order.as_ref()?.iter().position(|one| *one == top));
        if let Some(first) = again {
            self.place.first = first as u64;
        }
    }

    /// Goes on with what is known now, where that may change the order.
    pub(super) fn renew(&mut self, shared: &Shared, stage: Knowing, wake: &Wake) {
        if stage > self.made_at && self.wanted.rests_on_reading() {
            self.ask(shared, stage, wake);
        }
    }

    fn at(&self, row: usize) -> Option<u32> {
        match &self.order {
            Some(order) => order.get(row).copied(),
            None => u32::try_from(row).ok(),
        }
    }

    fn count(&self, all: usize) -> usize {
        self.order.as_ref().map_or(all, |order| order.len())
    }

    fn row_of(&self, place: u32) -> Option<usize> {
        match &self.order {
            Some(order) => order.iter().position(|one| *one == place),
            None => Some(place as usize),
        }
    }

    /// Goes back to the top of a list that is shown anew.
    pub(super) fn rewind(&mut self) {
        self.place = Place::default();
    }
}

/// What a connection is called: protocol, and who talks to whom.
pub(super) fn name(explore: &Explore, id: ConnectionId) -> String {
    let Some(flow) = explore.survey.flow(explore.attribution.first_path(id)) else {
        return format!("Connection {}", id.0);
    };
    let [from, to] = ends(flow);
    format!("{}  {from} → {to}", protocol(flow))
}

fn protocol(flow: &Flow) -> &'static str {
    let bare = match flow.key.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    };
    flow.protocol().map_or(bare, |protocol| registry::standard().get(protocol).title())
}

fn ends(flow: &Flow) -> [String; 2] {
    let [from, to] = flow.ports().ports;
    let end = |way, port| SocketAddr::new(flow.address(way), port).to_string();
    [end(Direction::Forward, from), end(Direction::Backward, to)]
}

/// Shows the panel.
pub(super) fn show(ui: &mut Ui, explore: &mut Explore, palette: &Palette, acts: &mut Vec<Act>) {
    if explore.connections.is_empty() {
        super::panes::hint(ui, palette, "No TCP connection and no UDP flow was found.");
        return;
    }
    let Some(shared) = explore.overview.shared.clone() else {
        super::panes::hint(ui, palette, overview::unknown(&explore.overview));
        return;
    };
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let above = Rect::from_min_size(all.min, vec2(all.width(), ABOVE));
    let heading = Rect::from_min_size(above.left_bottom(), vec2(all.width() - BAR, HEADING));
    let body = Rect::from_min_max(heading.left_bottom(), all.max - vec2(BAR, 0.0));
    let bar = Rect::from_min_max(pos2(body.right(), heading.bottom()), all.max);
    let before = explore.lines.wanted.clone();
    narrow(ui, explore, palette, above);
    let wanted = &mut explore.lines.wanted;
    let sorted = (&mut wanted.column, &mut wanted.is_reversed);
    headings::show(ui, palette, heading, (&COLUMNS, "Sort by"), sorted);
    if explore.lines.wanted != before {
        explore.lines.rewind();
        let stage = explore.overview.stage;
        explore.lines.ask(&shared, stage, &explore.wake);
    }
    let count = explore.lines.count(explore.connections.len()) as u64;
    let extent = Extent { count, page: f64::from((body.height() / ROW).max(1.0)) };
    let label = format!("Connections, {count} rows");
    let list = super::list::area(ui, (body, ROW), &label, &mut explore.lines.place, extent);
    if super::panes::keyboard(ui, &list) {
        keys(ui, explore, extent, acts);
    }
    if let Some(row) = explore.lines.reveal.take() {
        explore.lines.place = explore.lines.place.showing(row, extent);
    }
    explore.lines.place = explore.lines.place.within(extent);
    scroll_bar(ui, explore, palette, bar, extent);
    rows(ui, explore, palette, (body, extent), &shared, acts);
    super::panes::ring(ui, &list);
}

/// The line above: what is typed narrows the list, and how much of it is left.
fn narrow(ui: &mut Ui, explore: &mut Explore, palette: &Palette, rect: Rect) {
    let all = explore.connections.len();
    let shown = explore.lines.count(all);
    let is_making = explore.lines.making.is_some();
    let wanted = &mut explore.lines.wanted;
    ui.painter().rect_filled(rect, 0.0, palette.band);
    let inner = rect.shrink2(vec2(8.0, 4.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
        ui.horizontal_centered(|ui| {
            let field = egui::TextEdit::singleline(&mut wanted.words)
                .hint_text("type to narrow: host, request, address, outcome")
                .desired_width((inner.width() * 0.45).clamp(120.0, 420.0));
            ui.add(field).accessible_name("Narrow the connections");
            let count = format!("{} of {}", thousands(shown as u64), thousands(all as u64));
            let count = if is_making { format!("{count} …") } else { count };
            ui.label(RichText::new(count).size(12.0).tone(palette.dim));
            let only = wanted.only.as_ref().map(|(title, _)| title.clone());
            if let Some(title) = only {
                let button = ui.button(format!("Only {title} ×"));
                button
                    .clone()
                    .accessible_name(format!("Show all connections again, not only {title}"));
                if button.on_hover_text("Show all connections again").clicked() {
                    wanted.only = None;
                }
            }
        });
    });
}

/// The place of the connection that is told.
fn told(explore: &Explore) -> Option<u32> {
    let told = explore.told?;
    let place = explore.connections.iter().position(|id| *id == told)?;
    u32::try_from(place).ok()
}

/// Up, down, page, home and end choose another connection.
fn keys(ui: &Ui, explore: &mut Explore, extent: Extent, acts: &mut Vec<Act>) {
    for step in super::list::steps(ui, extent) {
        let here = told(explore).and_then(|place| explore.lines.row_of(place));
        let last = i64::try_from(extent.count).unwrap_or(i64::MAX) - 1;
        // Where none is chosen, the first one comes next.
        let row = here.map_or(-1, |here| here as i64).saturating_add(step).clamp(0, last.max(0));
        if let Some(place) = explore.lines.at(row as usize) {
            choose(explore, place, acts);
            explore.lines.reveal = Some(row as u64);
        }
    }
}

fn choose(explore: &Explore, place: u32, acts: &mut Vec<Act>) {
    let Some(id) = explore.connections.get(place as usize) else { return };
    acts.push(Act::Explore(Input::Tell(Some(*id))));
    if let Some(flow) = explore.survey.flow(explore.attribution.first_path(*id)) {
        acts.push(Act::Explore(Input::Frame(flow.first)));
    }
}

fn scroll_bar(ui: &Ui, explore: &mut Explore, palette: &Palette, bar: Rect, extent: Extent) {
    let wanted = super::list::bar(ui, palette, bar, extent, explore.lines.place, "connections");
    if let Some(place) = wanted {
        explore.lines.place = place;
    }
}

fn rows(
    ui: &mut Ui,
    explore: &Explore,
    palette: &Palette,
    (body, extent): (Rect, Extent),
    shared: &Shared,
    acts: &mut Vec<Act>,
) {
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(body));
    let overview = read(shared);
    let known = overview.known();
    let top = body.top() - explore.lines.place.fraction as f32 * ROW;
    for (nth, row) in explore.lines.place.rows(extent).enumerate() {
        let Some(place) = explore.lines.at(row as usize) else { continue };
        let at = pos2(body.left(), top + nth as f32 * ROW);
        let rect = Rect::from_min_size(at, vec2(body.width(), ROW));
        if line(ui, explore, palette, rect, (&known, place)) {
            choose(explore, place, acts);
        }
    }
    ui.set_clip_rect(clip);
}

/// Shows one connection. Says whether it was chosen.
fn line(
    ui: &Ui,
    explore: &Explore,
    palette: &Palette,
    rect: Rect,
    (known, place): (&Known<'_>, u32),
) -> bool {
    let at = place as usize;
    let Some(one) = known.lines.get(at) else { return false };
    let host = order::host(known, at);
    let first = order::first(known, at);
    let outcome = known.outcome(at);
    let chosen = explore.told == Some(one.id);
    let id = ui.scope_id().with(("connection", place));
    let response = ui.interact(rect, id, Sense::CLICK);
    let protocol = known.protocol(at);
    response.widget_info(|| {
        let number = at + 1;
        let label = format!("Connection {number}, {protocol}, {host}: {first}. {outcome}");
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, 0.0, palette.chosen);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, palette.tint(0.05));
    }
    let start = one.start.known().map(|start| start.since(explore.start));
    let start = start.map_or_else(String::new, |nanos| format!("{:.3} s", nanos as f64 / 1e9));
    let round_trip = one.round_trip.map_or_else(String::new, duration);
    let (took, size) = (duration(one.took()), bytes(one.bytes));
    let cells =
        [&host, first, protocol, &start, &took, &size, &round_trip, &outcome].map(str::to_owned);
    let is_trouble = known.verdict(one).is_trouble();
    let mut left = rect.left();
    for (((column, _, _, is_number), width), text) in
        COLUMNS.into_iter().zip(headings::widths(&COLUMNS, rect.width())).zip(&cells)
    {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, ROW));
        left += width;
        let (font, align) = if is_number {
            (mono(11.5), Align2::RIGHT_CENTER)
        } else {
            (egui::FontId::proportional(12.5), Align2::LEFT_CENTER)
        };
        let tone = match column {
            Column::Outcome if is_trouble => palette.failure,
            Column::Host | Column::First => palette.ink,
            _ => palette.dim,
        };
        super::list::cell_text(ui, cell, align, text, font, tone);
    }
    let [client, server] =
        one.ends(known.survey).map(|ends| ends.map(|end| end.to_string())).unwrap_or_default();
    let source = known.host(at).map(|(_, source)| format!("\n{host}: {source}"));
    let round_trip = one.round_trip.map(|_| "\nRound trip: SYN to SYN-ACK, where it was recorded");
    let hover = format!(
        "{client} → {server}\n{first}\n{outcome}{}{}",
        source.unwrap_or_default(),
        round_trip.unwrap_or_default()
    );
    response.on_hover_text(hover).clicked()
}
