//! When rows were busy: bytes in equal stretches of time, for drawing.

use std::collections::HashMap;
use std::ops::Range;

use super::fate::{Condition, Fate};
use super::line::Line;
use super::service::Service;
use crate::attribution::Attribution;
use crate::bits::Bits;
use crate::frames::Frames;
use crate::ids::{ConnectionId, FrameId, Time};
use crate::survey::Survey;

/// Into how many stretches the time of a recording is cut.
pub const BINS: usize = 160;

/// So many connections of a row have a lane of their own.
pub const LANES: usize = 12;

/// Bytes of payload by stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The time of the whole recording.
    pub span: (Time, Time),
    /// Frames of all kinds.
    pub frames: Vec<u32>,
    /// The rows that are drawn.
    pub rows: Vec<Busy>,
    /// Whether bytes and frames were counted, and not only what lines know.
    pub is_counted: bool,
}

/// When one row was busy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Bytes: a lane for each connection of a small row, one for all of a large one.
    pub lanes: Vec<Lane>,
    /// How many connections are open.
    pub open: Lane,
    /// Whether one ended that should be looked at.
    pub is_troubled: Vec<bool>,
    /// Whether a segment was sent again.
    pub is_again: Vec<bool>,
}

/// Bytes by stretch of time.
pub type Lane = Vec<u32>;

/// Where the bytes of each connection go.
#[derive(Clone, Debug, Default)]
pub struct Places {
    by_connection: HashMap<ConnectionId, (u32, u32)>,
    lanes: Vec<usize>,
}

impl Places {
    /// The lanes of these rows.
    #[must_use]
    pub fn of<'a>(rows: impl Iterator<Item = &'a Service>, lines: &[Line]) -> Self {
        let mut places = Self::default();
        for (row, service) in (0..).zip(rows) {
            let is_small = service.places.len() <= LANES;
            places.lanes.push(if is_small { service.places.len() } else { 1 });
            for (lane, place) in (0..).zip(&service.places) {
                if let Some(line) = lines.get(*place as usize) {
                    let lane = if is_small { lane } else { 0 };
                    places.by_connection.insert(line.id, (row, lane));
                }
            }
        }
        places
    }
}

impl Activity {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(span: (Time, Time), places: &Places) -> Self {
        let row = |lanes: &usize| Busy {
            lanes: vec![vec![0; BINS]; *lanes],
            open: vec![0; BINS],
            is_troubled: vec![false; BINS],
            is_again: vec![false; BINS],
        };
        let rows = places.lanes.iter().map(row).collect();
        Self { span, frames: vec![0; BINS], rows, is_counted: false }
    }

    /// Takes in what lines know: when connections were open, and when those ended that should be
    /// looked at.
    pub fn take_lines<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a Service>,
        lines: &[Line],
        verdict: impl Fn(&Line) -> Condition,
    ) {
        for (at, service) in rows.enumerate() {
            let mut changes = vec![0_i64; BINS + 1];
            for place in &service.places {
                let Some(line) = lines.get(*place as usize) else { continue };
                let (start, end) = (self.bin(line.start), self.bin(line.end));
                let is_open = matches!(line.fate, Fate::Open | Fate::Through | Fate::HalfClosed);
                let first = if line.began_before { 0 } else { start.unwrap_or(0) };
                let last = if is_open { BINS - 1 } else { end.unwrap_or(0) };
                for (bin, by) in [(first, 1), (last + 1, -1)] {
                    if let Some(change) = changes.get_mut(bin) {
                        *change += by;
                    }
                }
                let troubled = end.filter(|_| verdict(line).is_trouble());
                let marks = self.rows.get_mut(at).map(|row| &mut row.is_troubled);
                if let Some(mark) = troubled.zip(marks).and_then(|(bin, all)| all.get_mut(bin)) {
                    *mark = true;
                }
            }
            let mut now = 0;
            let Some(row) = self.rows.get_mut(at) else { continue };
            for (open, by) in row.open.iter_mut().zip(changes) {
                now += by;
                *open = u32::try_from(now).unwrap_or(0);
            }
        }
    }

    /// Marks when a segment of a connection was sent again.
    pub fn take_again(&mut self, connection: ConnectionId, time: Time, places: &Places) {
        let row = places.by_connection.get(&connection).map(|(row, _)| *row as usize);
        let bin = self.bin(time);
        let marks = row.and_then(|row| self.rows.get_mut(row)).map(|row| &mut row.is_again);
        if let Some(mark) = bin.zip(marks).and_then(|(bin, all)| all.get_mut(bin)) {
            *mark = true;
        }
    }

    /// The stretch that a time falls into.
    #[must_use]
    pub fn bin(&self, time: Time) -> Option<usize> {
        let (first, last) = self.span;
        let at = time.known()?.since(first);
        let whole = i128::from(last.since(first).max(1));
        let bin = i128::from(at) * BINS as i128 / whole;
        usize::try_from(bin).ok().map(|bin| bin.min(BINS - 1))
    }

    /// Counts a range of frames; where a set of connections is given, no others than theirs.
    pub fn count(
        &mut self,
        frames: Range<u32>,
        source: &dyn Frames,
        (survey, attribution): (&Survey, &Attribution),
        (places, only): (&Places, Option<&Bits>),
    ) {
        self.is_counted = true;
        let is_theirs = |id: FrameId, only: &Bits| {
            attribution.of(id, survey).is_some_and(|owner| only.contains(owner.connection.0))
        };
        for id in frames.map(FrameId) {
            if only.is_some_and(|only| !is_theirs(id, only)) {
                continue;
            }
            let Some(bin) = self.bin(source.frame(id).time) else { continue };
            if let Some(count) = self.frames.get_mut(bin) {
                *count += 1;
            }
            let Some(row) = survey.row(id).filter(|row| row.data_len() > 0) else { continue };
            let Some(owner) = attribution.of(id, survey) else { continue };
            let Some((at, lane)) = places.by_connection.get(&owner.connection) else { continue };
            let busy = self.rows.get_mut(*at as usize);
            let lane = busy.and_then(|busy| busy.lanes.get_mut(*lane as usize));
            if let Some(bytes) = lane.and_then(|lane| lane.get_mut(bin)) {
                *bytes = bytes.saturating_add(row.data_len());
            }
        }
    }

    /// Adds the bytes and frames that another one counted over other frames.
    pub fn join(&mut self, other: &Self) {
        let add = |own: &mut Lane, more: &Lane| {
            own.iter_mut().zip(more).for_each(|(own, more)| *own = own.saturating_add(*more));
        };
        self.is_counted |= other.is_counted;
        add(&mut self.frames, &other.frames);
        for (own, more) in self.rows.iter_mut().zip(&other.rows) {
            own.lanes.iter_mut().zip(&more.lanes).for_each(|(own, more)| add(own, more));
        }
    }
}
