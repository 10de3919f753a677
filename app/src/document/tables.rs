//! What a recording is made of: protocols inside protocols, hosts and pairs of hosts, what was
//! noted, and how much passed when.
//!
//! All of it can be had of some frames alone: those that pass a filter.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::IpAddr;

use rayon::prelude::*;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::filter::{Need, RowSet};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::span::Span;

use super::sweep::Swept;
use super::{Ground, Progress};

/// Different notes that are kept; more are counted together.
const MOST_NOTES: usize = 10_000;
/// Frames of one note that can be gone to.
const MOST_PLACES: usize = 1_000;
/// What stands in paths of protocols where a number was looked up.
const LOOKED_UP: &str = "ethertype";
/// Frames that one worker counts in one go.
const SHARE: u32 = 1 << 15;
/// Into how many stretches the time of a recording is cut.
const STRETCHES: usize = 400;

/// Frames and their bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many frames.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.frames += other.frames;
        self.bytes += other.bytes;
    }
}

/// One line of the hierarchy of protocols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layered {
    /// How many protocols carry it.
    pub depth: usize,
    /// Its filter name.
    pub name: String,
    /// Frames that have it, and whatever it carries.
    pub amount: Amount,
    /// Of these, frames in which nothing lies inside it.
    pub ends: Amount,
}

/// Something that was noted, in how many frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// How serious it is.
    pub severity: Severity,
    /// What it says.
    pub text: String,
    /// How often it was noted.
    pub count: u64,
    /// The first frames in which it was.
    pub places: Vec<FrameId>,
}

/// Of whom it is counted what they sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spoken {
    /// Of each host.
    #[default]
    ByHost,
    /// Of each pair of hosts.
    InPairs,
}

/// One host, or one of two that spoke to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoke {
    /// The host; of a pair, the one with the lower address.
    pub one: IpAddr,
    /// The other of a pair.
    pub other: Option<IpAddr>,
    /// What the first one sent.
    pub sent: Amount,
    /// What it was sent.
    pub received: Amount,
    /// Both together: what a host sends itself, as on a loopback, is one packet.
    pub passed: Amount,
}

/// How much passed in equal stretches of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// From the first packet to the last one, in nanoseconds.
    pub nanos: i64,
    /// From the first frame of the recording, which may be a mark, to the first packet: what
    /// `frame.time_relative` says of that.
    pub before: i64,
    /// Packets and bytes of each stretch.
    pub stretches: Vec<Amount>,
}

impl Ground {
    /// The numbers of frames that are meant.
    fn chosen(&self, among: Option<&RowSet>) -> Bits {
        let count = self.survey.frame_count();
        Bits::of(count, |id| among.is_none_or(|among| among.contains(FrameId(id))))
    }

    /// Whether a frame is a packet: what programs noted is none, and is counted as none.
    fn is_packet(&self, id: FrameId) -> bool {
        !matches!(self.recording.frame(id).link, LinkType::MARK | LinkType::CUSTOM)
    }

    /// When the first packet was seen and when the last one; a clock may have been set back
    /// between.
    fn packet_times(&self) -> Option<(Time, Time)> {
        let count = self.survey.frame_count();
        let starts: Vec<u32> = (0..count).step_by(SHARE as usize).collect();
        let of = |start: u32| {
            let range = start..start.saturating_add(SHARE).min(count);
            let packets = range.clone().map(FrameId).filter(|id| self.is_packet(*id));
            let times = packets.filter_map(|id| self.recording.frame(id).time.known());
            let span = times.fold(None, |span: Option<(Time, Time)>, time| {
                Some(span.map_or((time, time), |(a, b)| (a.min(time), b.max(time))))
            });
            self.recording.release(range);
            span
        };
        starts.into_par_iter().filter_map(of).reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Protocols inside protocols, in the order in which trees are told. `None` if it was
    /// cancelled.
    #[must_use]
    pub fn hierarchy(&self, among: Option<&RowSet>, progress: &Progress) -> Option<Vec<Layered>> {
        let mut all: BTreeMap<Vec<String>, (Amount, Amount)> = BTreeMap::new();
        let read = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
            let mut found: HashMap<String, Amount> = HashMap::new();
            for id in frames.filter(|id| self.is_packet(*id)) {
                let bytes = u64::from(scene.context().frames.frame(id).wire_len);
                found.entry(scene.protocols(id)).or_default().add(Amount { frames: 1, bytes });
            }
            found
        };
        let take = |found: HashMap<String, Amount>| {
            for (path, amount) in found {
                // A number that names a protocol carries nothing.
                let names = path.split(':').filter(|name| *name != LOOKED_UP && !name.is_empty());
                let names: Vec<String> = names.map(str::to_owned).collect();
                for len in 1..=names.len() {
                    let part = names.get(..len).unwrap_or_default().to_vec();
                    let (whole, ends) = all.entry(part).or_default();
                    whole.add(amount);
                    if len == names.len() {
                        ends.add(amount);
                    }
                }
            }
            true
        };
        let frames = self.chosen(among);
        let swept = self.read_frames(&frames, Need::Messages, progress, read, take);
        // In the order of paths, each stands before what lies inside it.
        let told = all.into_iter().map(|(path, (amount, ends))| Layered {
            depth: path.len().saturating_sub(1),
            name: path.last().cloned().unwrap_or_default(),
            amount,
            ends,
        });
        (swept == Swept::All).then(|| told.collect())
    }

    /// Everything that was noted, the worst first. `None` if it was cancelled.
    #[must_use]
    pub fn noted(&self, among: Option<&RowSet>, progress: &Progress) -> Option<Vec<Noted>> {
        let mut all: BTreeMap<(Severity, String), Noted> = BTreeMap::new();
        let read = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
            let mut notes = Notes { frame: FrameId(0), found: Vec::new() };
            for id in frames {
                notes.frame = id;
                scene.describe(id, &mut notes);
            }
            notes.found
        };
        let take = |found: Vec<(FrameId, Severity, String)>| {
            for (frame, severity, text) in found {
                let is_full = all.len() >= MOST_NOTES;
                let text = if is_full { "Further notes".to_owned() } else { text };
                let key = (severity, text.clone());
                let noted = all.entry(key).or_insert_with(|| Noted {
                    severity,
                    text,
                    count: 0,
                    places: Vec::new(),
                });
                noted.count += 1;
                if noted.places.len() < MOST_PLACES && noted.places.last() != Some(&frame) {
                    noted.places.push(frame);
                }
            }
            true
        };
        let frames = self.chosen(among);
        let swept = self.read_frames(&frames, Need::Messages, progress, read, take);
        let mut noted: Vec<Noted> = all.into_values().collect();
        noted.sort_by(|a, b| {
            let by_weight = b.severity.cmp(&a.severity).then(b.count.cmp(&a.count));
            by_weight.then_with(|| a.text.cmp(&b.text))
        });
        (swept == Swept::All).then_some(noted)
    }

    /// Hosts, or pairs of hosts: those with most bytes first.
    #[must_use]
    pub fn spoke(&self, spoken: Spoken, among: Option<&RowSet>) -> Vec<Spoke> {
        let mut all: HashMap<(IpAddr, Option<IpAddr>), Spoke> = HashMap::new();
        let none = |(one, other)| Spoke {
            one,
            other,
            sent: Amount::default(),
            received: Amount::default(),
            passed: Amount::default(),
        };
        let frames = self.chosen(among);
        for id in frames.iter().map(FrameId) {
            let Some(row) = self.survey.row(id) else { continue };
            let Some(flow) = self.survey.flow(row.flow) else { continue };
            let way = row.direction();
            let (from, to) = (flow.address(way), flow.address(way.reverse()));
            let bytes = u64::from(self.recording.frame(id).wire_len);
            let amount = Amount { frames: 1, bytes };
            if spoken == Spoken::InPairs {
                let is_first = from <= to;
                let key = if is_first { (from, Some(to)) } else { (to, Some(from)) };
                let spoke = all.entry(key).or_insert_with(|| none(key));
                if is_first {
                    spoke.sent.add(amount)
                } else {
                    spoke.received.add(amount)
                }
                spoke.passed.add(amount);
            } else {
                let sender = all.entry((from, None)).or_insert_with(|| none((from, None)));
                sender.sent.add(amount);
                sender.passed.add(amount);
                let receiver = all.entry((to, None)).or_insert_with(|| none((to, None)));
                receiver.received.add(amount);
                if from != to {
                    receiver.passed.add(amount);
                }
            }
        }
        self.recording.release(0..self.survey.frame_count());
        let mut told: Vec<Spoke> = all.into_values().collect();
        told.sort_by(|a, b| {
            b.passed.bytes.cmp(&a.passed.bytes).then((a.one, a.other).cmp(&(b.one, b.other)))
        });
        told
    }

    /// How much passed when. Stretches are cut out of the time of all packets of the recording.
    #[must_use]
    pub fn traffic(&self, among: Option<&RowSet>) -> Traffic {
        let Some((first, last)) = self.packet_times() else { return Traffic::default() };
        let nanos = last.since(first).max(1);
        let count = self.survey.frame_count();
        let frames = self.chosen(among);
        let empty = || vec![Amount::default(); STRETCHES];
        let starts: Vec<u32> = (0..count).step_by(SHARE as usize).collect();
        let counted = starts.into_par_iter().fold(empty, |mut stretches, start| {
            let range = start..start.saturating_add(SHARE).min(count);
            for id in range.clone().filter(|id| frames.contains(*id)) {
                if !self.is_packet(FrameId(id)) {
                    continue;
                }
                let frame = self.recording.frame(FrameId(id));
                let Some(time) = frame.time.known() else { continue };
                let at = i128::from(time.since(first)) * STRETCHES as i128 / i128::from(nanos);
                let at = usize::try_from(at).unwrap_or(0).min(STRETCHES - 1);
                if let Some(stretch) = stretches.get_mut(at) {
                    stretch.add(Amount { frames: 1, bytes: u64::from(frame.wire_len) });
                }
            }
            self.recording.release(range);
            stretches
        });
        let stretches = counted.reduce(empty, |mut all, part| {
            all.iter_mut().zip(part).for_each(|(own, more)| own.add(more));
            all
        });
        let before = self.start().known().map_or(0, |start| first.since(start));
        Traffic { nanos, before, stretches }
    }
}

/// Hears notes alone.
struct Notes {
    frame: FrameId,
    found: Vec<(FrameId, Severity, String)>,
}

impl Sink for Notes {
    fn note(&mut self, severity: Severity, _span: Span, text: fmt::Arguments<'_>) {
        self.found.push((self.frame, severity, text.to_string()));
    }
}
