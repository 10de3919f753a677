//! One line a frame: number, time, source, destination, protocol, length, and what it is.

use std::fmt::Write;
use std::net::IpAddr;
use std::ops::Range;

use wirestage_dissectors::describe::Scene;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::sinks::RowText;

use super::Printer;
use crate::document::Document;

/// Bytes of a rather long row.
const LONG: usize = 128;

/// Prints rows.
pub(super) struct Rows {
    first: Time,
}

impl Rows {
    /// Rows whose times count from the recording's first frame.
    pub(super) fn new(document: &Document) -> Self {
        Self { first: document.recording.frame(FrameId(0)).time }
    }
}

impl Printer for Rows {
    fn print(&self, scene: &Scene<'_>, frames: Range<u32>, out: &mut String) {
        out.reserve(frames.len() * LONG);
        let mut row = RowText::new();
        let [mut source, mut destination] = [String::new(), String::new()];
        for id in frames.map(FrameId) {
            let column = scene.row(id, &mut row);
            let frame = scene.context().frames.frame(id);
            put_number(out, id.number().into(), 6, ' ');
            out.push(' ');
            self.put_time(out, frame.time);
            let (from, to) = match flow_ends(scene, id) {
                Some((from, to)) => {
                    put_address(&mut source, from);
                    put_address(&mut destination, to);
                    (source.as_str(), destination.as_str())
                }
                None => row.ends().unwrap_or_default(),
            };
            put_spaces(out, 15, from);
            out.push_str(from);
            out.push_str(" → ");
            out.push_str(to);
            put_spaces(out, 15, to);
            out.push(' ');
            out.push_str(column);
            put_spaces(out, 8, column);
            out.push(' ');
            put_number(out, frame.wire_len.into(), 5, ' ');
            out.push(' ');
            out.push_str(&row.info);
            out.push('\n');
        }
    }
}

impl Rows {
    /// How long after the first frame, in seconds.
    fn put_time(&self, out: &mut String, time: Time) {
        if time.known().is_none() {
            out.push_str("       no time ");
            return;
        }
        let nanos = time.since(self.first);
        let (seconds, rest) =
            (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
        if nanos < 0 {
            put_spaces(out, 4, &format!("-{seconds}"));
            out.push('-');
            put_number(out, seconds, 0, ' ');
        } else {
            put_number(out, seconds, 4, ' ');
        }
        out.push('.');
        put_number(out, rest, 9, '0');
        out.push(' ');
    }
}

/// Appends a number, with so much in front that it is `width` wide: formatting it by [`write!`]
/// takes several times as long, and a row holds a dozen.
fn put_number(out: &mut String, mut number: u64, width: usize, fill: char) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] += (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    let digits = std::str::from_utf8(&digits[at..]).unwrap_or_default();
    (digits.len()..width).for_each(|_| out.push(fill));
    out.push_str(digits);
}

/// Replaces what `out` holds by an address.
fn put_address(out: &mut String, address: IpAddr) {
    out.clear();
    match address {
        IpAddr::V4(address) => {
            for (at, octet) in address.octets().into_iter().enumerate() {
                if at > 0 {
                    out.push('.');
                }
                put_number(out, octet.into(), 0, ' ');
            }
        }
        // Writing to a string does not fail.
        IpAddr::V6(address) => drop(write!(out, "{address}")),
    }
}

/// Appends what `text` lacks of a width.
fn put_spaces(out: &mut String, width: usize, text: &str) {
    const SPACES: &str = "               ";
    out.push_str(&SPACES[..width.saturating_sub(text.chars().count()).min(SPACES.len())]);
}

/// The addresses of a frame that belongs to a flow.
fn flow_ends(scene: &Scene<'_>, id: FrameId) -> Option<(IpAddr, IpAddr)> {
    let row = scene.survey().row(id)?;
    let flow = scene.survey().flow(row.flow)?;
    let way = row.direction();
    Some((flow.address(way), flow.address(way.reverse())))
}
