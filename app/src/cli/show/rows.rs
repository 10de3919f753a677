//! One line a frame: number, time, source, destination, protocol, length, and what it is.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::overview::Names;
use wirestage_dissectors::sinks::RowText;
use wirestage_dissectors::sinks::decimal::{Fill, put_number};

use super::Printer;
use crate::document::{Called, Document};

/// Bytes of a rather long row.
const LONG: usize = 256;

/// Prints rows.
pub(super) struct RowPrinter {
    first: Time,
    names: Names,
}

impl RowPrinter {
    /// Rows whose times count from the recording's first frame, with hosts called so.
    pub(super) fn new(document: &Document, called: Called) -> Self {
        let names = document.ground().calling(called).names();
        Self { first: document.recording.frame(FrameId(0)).time, names }
    }
}

impl Printer for RowPrinter {
    fn print(&self, scene: &Dissection<'_>, frames: Range<u32>, out: &mut String) {
        out.reserve(frames.len() * LONG);
        let mut row = RowText::new();
        let mut addresses = Addresses::new(&self.names);
        for id in frames.map(FrameId) {
            let frame = scene.context().frames.frame(id);
            let column = scene.row_of(id, &frame, &mut row);
            put_number(id.number().into(), 6, Fill::Spaces, out);
            out.push(' ');
            self.put_time(out, frame.time);
            match flow_ends(scene, id) {
                Some((from, to)) => {
                    let (from, to) = addresses.texts(from, to);
                    out.push_str(&from.before);
                    out.push_str(" → ");
                    out.push_str(&to.behind);
                }
                None => {
                    let (from, to) = row.ends().unwrap_or_default();
                    put_spaces(out, ADDRESS, from);
                    out.push_str(from);
                    out.push_str(" → ");
                    out.push_str(to);
                    put_spaces(out, ADDRESS, to);
                }
            }
            out.push(' ');
            out.push_str(column);
            put_spaces(out, 8, column);
            out.push(' ');
            put_number(frame.wire_len.into(), 5, Fill::Spaces, out);
            out.push(' ');
            out.push_str(&row.info);
            out.push('\n');
        }
    }
}

impl RowPrinter {
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
            put_number(seconds, 0, Fill::Spaces, out);
        } else {
            put_number(seconds, 4, Fill::Spaces, out);
        }
        out.push('.');
        put_number(rest, 9, Fill::Zeros, out);
        out.push(' ');
    }
}

/// How wide a column of addresses is, in characters.
const ADDRESS: usize = 15;

/// An address as its columns have it.
struct Padded {
    address: IpAddr,
    /// With blanks in front: the source.
    before: String,
    /// With blanks behind: the destination.
    behind: String,
}

impl Padded {
    fn new(address: IpAddr, names: &Names) -> Self {
        let text = names.name(address);
        let (before, behind) = (format!("{text:>ADDRESS$}"), format!("{text:<ADDRESS$}"));
        Self { address, before, behind }
    }
}

/// Addresses as text: few take part in many frames that stand together.
struct Addresses<'n> {
    names: &'n Names,
    known: [Padded; 8],
    /// Which one is given up next.
    oldest: usize,
}

impl<'n> Addresses<'n> {
    fn new(names: &'n Names) -> Self {
        let none = |_| Padded::new(Ipv4Addr::UNSPECIFIED.into(), names);
        Self { names, known: std::array::from_fn(none), oldest: 0 }
    }

    /// The texts of both.
    fn texts(&mut self, from: IpAddr, to: IpAddr) -> (&Padded, &Padded) {
        let from = self.find(from, None);
        let to = self.find(to, Some(from));
        (&self.known[from], &self.known[to])
    }

    /// Where an address is, or now is; `keep` stays where it is.
    fn find(&mut self, address: IpAddr, keep: Option<usize>) -> usize {
        if let Some(at) = self.known.iter().position(|known| known.address == address) {
            return at;
        }
        if keep == Some(self.oldest) {
            self.oldest = (self.oldest + 1) % self.known.len();
        }
        let at = self.oldest;
        self.oldest = (at + 1) % self.known.len();
        self.known[at] = Padded::new(address, self.names);
        at
    }
}

/// Appends what `text` lacks of a width.
fn put_spaces(out: &mut String, width: usize, text: &str) {
    Fill::Spaces.put(width.saturating_sub(text.chars().count()), out);
}

/// The addresses of a frame that belongs to a flow.
fn flow_ends(scene: &Dissection<'_>, id: FrameId) -> Option<(IpAddr, IpAddr)> {
    let row = scene.survey().row(id)?;
    let flow = scene.survey().flow(row.flow)?;
    let way = row.direction();
    Some((flow.address(way), flow.address(way.reverse())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_text_while_more_come_than_are_remembered() {
        let named = (IpAddr::from([192, 0, 2, 7]), "seven".to_owned());
        let names = Names::new(&[named]);
        let mut addresses = Addresses::new(&names);
        let address = |last: u8| IpAddr::from([192, 0, 2, last]);
        for round in 0..3 {
            for last in 0..20 {
                // One side stays, as a server does, and is the oldest one sooner or later.
                let (from, to) = (address(100 + round), address(last));
                let (from_name, to_name) = (names.name(from), names.name(to));
                let expected = (format!("{from_name:>15}"), format!("{to_name:<15}"));
                let (from, to) = addresses.texts(from, to);
                assert_eq!((&from.before, &to.behind), (&expected.0, &expected.1));
            }
        }
    }
}
