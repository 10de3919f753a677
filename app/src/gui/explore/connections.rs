//! The connections panel: every connection in a line, sorted by any column, narrowed by typing.

use std::net::SocketAddr;
use std::sync::Arc;

use egui::{Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use wirestage_dissectors::ids::{ConnectionId, Direction, Time};
use wirestage_dissectors::overview::Known;
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::{Flow, Transport};
use wirestage_dissectors::wording::{bytes, duration, thousands};

use super::headings::{self, Head};
use super::list_frame::{self, ListFrame};
use super::order::{self, Column, Wanted};
use super::ordered::Ordered;
use super::watch::{Knowing, Shared, read};
use super::{Explore, Input, badges, overview};
use crate::document::Called;
use crate::gui::act::Act;
use crate::gui::theme::{Palette, Tone};
use crate::gui::work::{Job, Wake};

/// How high the line above the list and a row are.
const ABOVE: f32 = 34.0;
const ROW: f32 = 24.0;

/// How wide the column is in which a connection's badge or number stands, and that of its start
/// where a day belongs to it.
const NAME: f32 = 46.0;
const WITH_DAY: f32 = 152.0;

/// The columns.
const COLUMNS: [Head<Column>; 9] = [
    (Column::Name, "Nr", NAME, false),
    (Column::Host, "Host", -0.30, false),
    (Column::First, "First request", -0.38, false),
    (Column::Protocol, "Protocol", 78.0, false),
    (Column::Start, "Start", 96.0, true),
    (Column::Took, "Took", 76.0, true),
    (Column::Bytes, "Bytes", 70.0, true),
    (Column::RoundTrip, "Round trip", 82.0, true),
    (Column::Outcome, "Outcome", -0.32, false),
];

/// What the list shows, and where it stands.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) wanted: Wanted,
    pub(super) list: Ordered,
    /// The stage that its order was made at.
    made_at: Knowing,
}

impl Lines {
    /// Asks for another order; the old one stays until it is there.
    pub(super) fn ask(&mut self, shared: &Shared, stage: Knowing, wake: &Wake) {
        self.made_at = stage;
        if self.wanted.is_plain() {
            self.list.forget();
            return;
        }
        let (shared, wanted) = (Arc::clone(shared), self.wanted.clone());
        let title = "Sorting the connections".to_owned();
        self.list.begin(Job::start(title, Arc::clone(wake), move |progress| {
            Ok(order::order(&shared, &wanted, progress))
        }));
    }

    /// Goes on with what is known now, where that may change the order.
    pub(super) fn renew(&mut self, shared: &Shared, stage: Knowing, wake: &Wake) {
        if stage > self.made_at && self.wanted.rests_on_reading() {
            self.ask(shared, stage, wake);
        }
    }
}

/// What a connection is called: protocol, and who talks to whom.
pub(super) fn name(explore: &Explore, id: ConnectionId) -> String {
    let Some(flow) = explore.ground.survey.flow(explore.ground.attribution.first_path(id)) else {
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
    if explore.connections.all.is_empty() {
        super::panes::hint(ui, palette, "No TCP connection and no UDP flow was found.");
        return;
    }
    let Some(shared) = explore.connections.overview.shared.clone() else {
        super::panes::hint(ui, palette, overview::unknown(&explore.connections.overview));
        return;
    };
    let frame = ListFrame::new(ui, ABOVE, ROW);
    let before = explore.connections.lines.wanted.clone();
    narrow(ui, explore, palette, frame.above);
    let start = Start::of(explore);
    let lines = &mut explore.connections.lines;
    let sorted = (&mut lines.wanted.column, &mut lines.wanted.is_reversed);
    let columns = columns(start);
    headings::show(ui, palette, frame.heading, (&columns, "Sort by"), sorted);
    if lines.wanted != before {
        lines.list.rewind();
        lines.ask(&shared, explore.connections.overview.stage, &explore.wake);
    }
    let here = told(explore).and_then(|place| explore.connections.lines.list.row_of(place));
    let count = explore.connections.lines.list.count(explore.connections.all.len());
    let mut place = explore.connections.lines.list.place;
    let moved = frame.scroll(ui, palette, ("Connections", count), &mut place, here);
    explore.connections.lines.list.place = place;
    let at = |row: usize| explore.connections.lines.list.at(row);
    if let Some(place) = moved.chosen.and_then(at) {
        choose(explore, place, acts);
    }
    let overview = read(&shared);
    let known = overview.known();
    frame.rows(ui, &moved, place, |ui, row, rect| {
        if let Some(place) = at(row)
            && line(ui, explore, palette, rect, (&known, place), (start, &columns))
        {
            choose(explore, place, acts);
        }
    });
}

/// How the start of a connection is told: in one unit for all, which the span of the recording
/// chooses, so that none is cut and none looks like another.
#[derive(Clone, Copy)]
enum Start {
    Micros,
    Millis,
    Seconds,
    Day,
}

impl Start {
    fn of(explore: &Explore) -> Self {
        let span = explore.ground.survey.times().map_or(0, |(first, last)| last.since(first));
        match span {
            ..10_000_000 => Self::Micros,
            10_000_000..10_000_000_000 => Self::Millis,
            10_000_000_000..86_400_000_000_000 => Self::Seconds,
            _ => Self::Day,
        }
    }

    fn told(self, explore: &Explore, time: Time) -> String {
        let nanos = time.since(explore.ground.start());
        match self {
            Self::Micros => format!("{} µs", thousands(nanos.max(0).unsigned_abs() / 1000)),
            Self::Millis => format!("{:.3} ms", nanos as f64 / 1e6),
            Self::Seconds => format!("{:.3} s", nanos as f64 / 1e9),
            Self::Day => explore.shown.clock.day(time),
        }
    }
}

/// The columns, wide enough for such a start.
fn columns(start: Start) -> [Head<Column>; 9] {
    COLUMNS.map(|(column, title, width, is_number)| match (column, start) {
        (Column::Start, Start::Day) => (column, title, WITH_DAY, is_number),
        _ => (column, title, width, is_number),
    })
}

/// The line above: what is typed narrows the list, and how much of it is left.
fn narrow(ui: &mut Ui, explore: &mut Explore, palette: &Palette, rect: Rect) {
    let all = explore.connections.all.len();
    let shown = explore.connections.lines.list.count(all);
    let is_making = explore.connections.lines.list.is_busy();
    let wanted = &mut explore.connections.lines.wanted;
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
    let told = explore.shown.told?;
    let place = explore.connections.all.iter().position(|id| *id == told)?;
    u32::try_from(place).ok()
}

fn choose(explore: &Explore, place: u32, acts: &mut Vec<Act>) {
    let Some(id) = explore.connections.all.get(place as usize) else { return };
    acts.push(Act::Explore(Input::Tell(Some(*id))));
    if let Some(flow) = explore.ground.survey.flow(explore.ground.attribution.first_path(*id)) {
        acts.push(Act::Explore(Input::Frame(flow.first)));
    }
}

/// Shows one connection. Says whether it was chosen.
fn line(
    ui: &Ui,
    explore: &Explore,
    palette: &Palette,
    rect: Rect,
    (known, place): (&Known<'_>, u32),
    (start, columns): (Start, &[Head<Column>; 9]),
) -> bool {
    let at = place as usize;
    let Some(one) = known.lines.get(at) else { return false };
    let host = match explore.called {
        Called::Names => order::host(known, at),
        Called::Addresses => order::server(known, at),
    };
    let first = order::first(known, at);
    let outcome = known.outcome(at);
    let chosen = explore.shown.told == Some(one.id);
    let id = ui.scope_id().with(("connection", place));
    let response = ui.interact(rect, id, Sense::CLICK);
    let protocol = known.protocol(at);
    let badge = explore.shown.badge(one.id);
    response.widget_info(|| {
        let number = at + 1;
        let badge = badge.map(|badge| format!(". Badge {}", badge.letter())).unwrap_or_default();
        let label = format!("Connection {number}, {protocol}, {host}: {first}. {outcome}{badge}");
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    list_frame::ground(ui, palette, &response, chosen);
    let start = one.start.known().map_or_else(String::new, |time| start.told(explore, time));
    let round_trip = one.round_trip.map_or_else(String::new, duration);
    let (took, size) = (duration(one.took()), bytes(one.bytes));
    let is_trouble = known.verdict(one).is_trouble();
    // Nothing is told by colour alone.
    let told = if is_trouble { format!("× {outcome}") } else { outcome.clone() };
    list_frame::cells(ui, rect, columns, |column, room| {
        let text: &str = match column {
            Column::Name => {
                badges::show(ui, palette, room, badge, at + 1);
                return None;
            }
            Column::Host => &host,
            Column::First => first,
            Column::Protocol => protocol,
            Column::Start => &start,
            Column::Took => &took,
            Column::Bytes => &size,
            Column::RoundTrip => &round_trip,
            Column::Outcome => &told,
        };
        let tone = match column {
            Column::Outcome if is_trouble => palette.failure,
            Column::Host | Column::First => palette.ink,
            _ => palette.dim,
        };
        Some((text, tone))
    });
    let [client, server] =
        one.ends(known.survey).map(|ends| ends.map(|end| end.to_string())).unwrap_or_default();
    let source = known.host(at).map(|(name, source)| format!("\n{name}: {source}"));
    let round_trip = one.round_trip.map(|_| "\nRound trip: SYN to SYN-ACK, where it was recorded");
    let hover = format!(
        "{client} → {server}\n{first}\n{outcome}{}{}",
        source.unwrap_or_default(),
        round_trip.unwrap_or_default()
    );
    response.on_hover_text(hover).clicked()
}
