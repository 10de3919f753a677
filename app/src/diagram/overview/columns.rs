//! Where things stand from left to right, and which hosts have a lifeline.

use std::collections::HashMap;
use std::net::IpAddr;

use wirestage_dissectors::overview::{Host, Report, Row};
use wirestage_dissectors::wording::counted;

use super::{ROOM_FOR_SENTENCES, ROOM_FOR_STRIP, line};
use crate::diagram::measure::{MeasureText, elide};
use crate::diagram::scene::{About, Layer};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// Around the picture.
pub(super) const OUTER: f32 = 16.0;
/// Inside a band.
const PAD: f32 = 16.0;
/// Between columns.
const GAP: f32 = 24.0;
/// How wide the titles of rows are.
const TITLES: f32 = 236.0;
/// How wide the strip and the sentences are at least.
const STRIP: f32 = 220.0;
const SENTENCES: f32 = 280.0;
/// How far lifelines stand apart at least, and at most.
const PITCH: f32 = 78.0;
const WIDEST_PITCH: f32 = 200.0;
/// Left of the first lifeline: the number of a row stands there.
const BEFORE: f32 = 28.0;

/// The columns of an overview.
pub(super) struct Columns {
    pub(super) width: f32,
    /// Where titles begin, and how wide they are.
    pub(super) left: f32,
    pub(super) titles: f32,
    /// The lifelines from left to right.
    pub(super) hosts: Vec<Column>,
    /// From one lifeline to the next.
    pub(super) pitch: f32,
    /// Where the strip begins and ends.
    pub(super) strip: (f32, f32),
    /// Whether the strip stands under the arrow.
    pub(super) is_strip_below: bool,
    /// Where sentences begin and end.
    pub(super) sentences: Option<(f32, f32)>,
    by_client: HashMap<IpAddr, usize>,
    by_server: HashMap<IpAddr, usize>,
}

/// A lifeline.
pub(super) struct Column {
    pub(super) x: f32,
    /// What stands on its card.
    pub(super) name: Vec<String>,
    pub(super) address: Vec<String>,
}

impl Columns {
    pub(super) fn new(
        report: &Report,
        shown: &[Row],
        width: f32,
        measure: &dyn MeasureText,
    ) -> Self {
        let left = OUTER + PAD;
        let right = width - OUTER - PAD;
        let is_strip_below = width < ROOM_FOR_STRIP;
        let has_sentences = width >= ROOM_FOR_SENTENCES;
        let titles = if width < 640.0 { 148.0 } else { TITLES };
        let extra = if has_sentences { (width - ROOM_FOR_SENTENCES).max(0.0) } else { 0.0 };
        let sentences = SENTENCES + (extra * 0.12).min(120.0);
        let strip = if is_strip_below { 0.0 } else { STRIP + (extra * 0.2).min(160.0) + GAP };
        let behind = strip + if has_sentences { sentences + GAP } else { 0.0 };
        let (from, to) = (left + titles + GAP + BEFORE, right - behind);
        let most = (((to - from) / PITCH).floor() as usize).max(2);
        let chosen = choose(&report.hosts, shown, most);
        let count = chosen.hosts.len().max(1);
        let pitch = ((to - from) / count as f32).clamp(24.0, WIDEST_PITCH);
        let room = pitch - 12.0;
        let hosts = chosen.hosts.into_iter().enumerate().map(|(at, (name, address))| Column {
            x: from + pitch * (at as f32 + 0.5),
            name: broken(&name, Type::State, room, measure),
            address: broken(&address, Type::Address, room, measure),
        });
        let hosts: Vec<Column> = hosts.collect();
        let ends = from + pitch * count as f32;
        // Where few hosts leave room, the strip takes it.
        let strip_from = if is_strip_below { left + titles + GAP } else { ends + GAP };
        let strip_to = if has_sentences { right - sentences - GAP } else { right };
        Self {
            width,
            left,
            titles,
            hosts,
            pitch,
            strip: (strip_from, strip_to),
            is_strip_below,
            sentences: has_sentences.then_some((right - sentences, right)),
            by_client: chosen.by_client,
            by_server: chosen.by_server,
        }
    }

    /// The lifeline of a host that asks, or that is asked.
    pub(super) fn client(&self, address: IpAddr) -> usize {
        self.by_client.get(&address).copied().unwrap_or(0)
    }

    /// See `client`.
    pub(super) fn server(&self, address: IpAddr) -> usize {
        self.by_server.get(&address).copied().unwrap_or(0)
    }

    /// Where a lifeline stands.
    pub(super) fn x(&self, column: usize) -> f32 {
        self.hosts.get(column).map_or(self.left, |host| host.x)
    }

    /// Where the lifelines begin and end, with the room beside them.
    pub(super) fn span(&self) -> (f32, f32) {
        let half = self.pitch / 2.0;
        let last = self.hosts.last().map_or(self.left, |host| host.x);
        (self.x(0) - half, last + half)
    }

    /// Draws the lifelines.
    pub(super) fn rails(&self, sheet: &mut Sheet<'_>, (top, bottom): (f32, f32)) {
        for host in &self.hosts {
            let rail = line((host.x, top), (host.x, bottom), 1.5);
            sheet.add(rail, Style::Rail, About::Nothing, Layer::Rails);
        }
    }
}

/// Which hosts have a lifeline of their own, and where all others stand.
struct Chosen {
    /// Name and address.
    hosts: Vec<(String, String)>,
    by_client: HashMap<IpAddr, usize>,
    by_server: HashMap<IpAddr, usize>,
}

/// Those hosts that the first rows are about, as many as there is room for; all others that ask
/// are one on the left, all others that answer one on the right.
fn choose(hosts: &[Host], shown: &[Row], most: usize) -> Chosen {
    let mut wanted: Vec<IpAddr> = Vec::new();
    let of_rows = shown.iter().flat_map(|row| {
        let clients = row.service.clients.iter().take(3).map(|client| client.address);
        std::iter::once(row.service.server).chain(clients)
    });
    for address in of_rows.chain(hosts.iter().map(|host| host.address)) {
        if !wanted.contains(&address) {
            wanted.push(address);
        }
        if wanted.len() > most {
            break;
        }
    }
    if hosts.len() > most {
        wanted.truncate(most.saturating_sub(2));
    }
    let is_own = |host: &&Host| wanted.contains(&host.address);
    let crowd = |asks: bool| -> Vec<&Host> {
        let one = |host: &&Host| if asks { host.asks > 0 } else { host.answers > 0 };
        hosts.iter().filter(|host| !is_own(host)).filter(one).collect()
    };
    let called = |host: &Host| {
        let address = host.address.to_string();
        match &host.name {
            Some((name, _)) => (name.clone(), address),
            None => (address, String::new()),
        }
    };
    // Folding one saves nothing.
    let folded = |crowd: &[&Host]| match crowd {
        [one] => called(one),
        several => (counted(several.len() as u64, "other host"), String::new()),
    };
    let mut chosen =
        Chosen { hosts: Vec::new(), by_client: HashMap::new(), by_server: HashMap::new() };
    let (asking, answering) = (crowd(true), crowd(false));
    if !asking.is_empty() {
        chosen.hosts.push(folded(&asking));
    }
    for host in hosts.iter().filter(is_own) {
        let place = chosen.hosts.len();
        chosen.by_client.insert(host.address, place);
        chosen.by_server.insert(host.address, place);
        chosen.hosts.push(called(host));
    }
    let last = chosen.hosts.len();
    if !answering.is_empty() {
        chosen.hosts.push(folded(&answering));
    }
    for host in hosts.iter().filter(|host| !is_own(host)) {
        chosen.by_client.insert(host.address, 0);
        chosen.by_server.insert(host.address, last);
    }
    chosen
}

/// A text in lines that fit, broken behind a colon, a point or a hyphen where it can be; what
/// takes more than three lines is elided.
pub(super) fn broken(text: &str, font: Type, room: f32, measure: &dyn MeasureText) -> Vec<String> {
    const LINES: usize = 3;
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if measure.width(rest, font) <= room || lines.len() + 1 == LINES {
            lines.push(elide(measure, rest, font, room).into_owned());
            break;
        }
        let fits =
            rest.char_indices().map(|(at, letter)| (at + letter.len_utf8(), letter)).take_while(
                |(end, _)| rest.get(..*end).is_some_and(|one| measure.width(one, font) <= room),
            );
        let fits: Vec<(usize, char)> = fits.collect();
        let soft = fits.iter().rev().find(|(_, letter)| [':', '.', '-', '_', ' '].contains(letter));
        let Some((end, _)) = soft.or(fits.last()) else {
            break;
        };
        let (line, behind) = rest.split_at(*end);
        lines.push(line.trim_end().to_owned());
        rest = behind;
    }
    lines
}
