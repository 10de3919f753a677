//! Sightings: one packet, seen at two vantage points.
//!
//! Frames of different vantage points are read apart, each as if the other did not exist. Only
//! then is the same packet found again in both, by what the way does not change: its sequence
//! number, flags and bytes, not its hop count or checksum.
//!
//! ```text
//!   interface 0, at the client      interface 1, at the server
//!   0.000 SYN       ───────────────> 0.050 SYN             sent, received
//!   0.100 SYN, ACK  <─────────────── 0.050 SYN, ACK        received, sent
//!   0.101 data      ────────── x                           sent, never received
//!   0.110 RST       <───── x                               received, never sent: a stray
//! ```

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::frames::Frames;
use crate::ids::{Direction, FlowId, FrameId};
use crate::limits::MAX_REUSED;
use crate::span::{Buffer, Span};
use crate::story::Moment;
use crate::survey::{Flow, Row, Survey, Transport};

/// A packet on its way: when it left, and when it came, where both ends were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Who sent it, as the initiator's end saw it.
    pub direction: Direction,
    /// At its sender's end.
    pub sent: Moment,
    /// At its receiver's end; `None` if it never came.
    pub received: Option<Moment>,
}

impl Sighting {
    /// The frame in which the initiator's end saw it; `None` if it never came there.
    #[must_use]
    pub fn near(&self) -> Option<FrameId> {
        match self.direction {
            Direction::Forward => Some(self.sent.frame),
            Direction::Backward => Some(self.received?.frame),
        }
    }
}

/// What the responder's end sent and the initiator's never saw, in the order of sending: frames
/// that count beside those of the initiator's end.
#[must_use]
pub fn never_came(sightings: &[Sighting]) -> Vec<FrameId> {
    let gone = sightings.iter().filter(|one| one.near().is_none());
    let mut lost: Vec<FrameId> = gone.map(|one| one.sent.frame).collect();
    lost.sort_unstable();
    lost
}

/// A packet that came to one end and never left the other: whatever lies between has made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Who would have sent it, by what it says of itself.
    pub direction: Direction,
    /// Where it came to.
    pub received: Moment,
    /// Whether it is one more copy of a packet that did leave.
    pub is_copy: bool,
}

/// The same flow at two vantage points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twins {
    /// As the initiator's end saw it; of two that asked at once, the one that asked first.
    pub near: FlowId,
    /// As the responder's end saw it.
    pub far: FlowId,
}

impl Twins {
    /// Which way goes at the far end what goes this way at the near one: another one where the two
    /// do not agree on who began.
    #[must_use]
    pub fn at_far(self, direction: Direction, survey: &Survey) -> Direction {
        let began = [self.near, self.far].map(|flow| Some(survey.flow(flow)?.initiator_is_low));
        match began {
            [Some(near), Some(far)] if near != far => direction.reverse(),
            _ => direction,
        }
    }
}

/// The twin of a flow, where the recording has one.
#[must_use]
pub fn twins(flow: FlowId, frames: &dyn Frames, survey: &Survey) -> Option<Twins> {
    let own = survey.flow(flow)?;
    let other = (0..).map(FlowId).zip(survey.flows()).find(|(_, other)| same(own, other))?.0;
    Some(in_order(flow, other, frames, survey))
}

/// Of each flow that was recorded at both its ends the far sight, by the near one: who counts
/// connections counts these once. What was seen at more than two places is not paired.
#[must_use]
pub fn far_ends(frames: &dyn Frames, survey: &Survey) -> HashMap<FlowId, FlowId> {
    let mut far = HashMap::new();
    if !several_places(survey) {
        return far;
    }
    let mut groups: HashMap<_, Vec<FlowId>> = HashMap::new();
    for (id, flow) in survey.live_flows() {
        let key = (flow.key.network, flow.key.ports, flow.key.transport);
        groups.entry(key).or_default().push(id);
    }
    let is_twin =
        |a: FlowId, b: FlowId| survey.flow(a).zip(survey.flow(b)).is_some_and(|(a, b)| same(a, b));
    for group in groups.values().filter(|group| group.len() <= MAX_REUSED) {
        for one in group {
            let mut others = group.iter().filter(|other| is_twin(*one, **other));
            if let (Some(other), None) = (others.next(), others.next()) {
                let twins = in_order(*one, *other, frames, survey);
                far.insert(twins.near, twins.far);
            }
        }
    }
    far
}

/// Whether there are flows of more than one interface.
pub(super) fn several_places(survey: &Survey) -> bool {
    survey.flows().windows(2).any(|pair| match pair {
        [a, b] => a.key.interface != b.key.interface,
        _ => false,
    })
}

/// Which of two sights of one flow is nearer to whoever began it.
fn in_order(flow: FlowId, other: FlowId, frames: &dyn Frames, survey: &Survey) -> Twins {
    let (own_wait, other_wait) = (wait(flow, frames, survey), wait(other, frames, survey));
    // The answer takes longest to reach whoever asked. Without one, who saw it first is nearer.
    let earlier =
        || survey.flow(flow).map(|flow| flow.first) <= survey.flow(other).map(|f| f.first);
    let is_near = match (own_wait, other_wait) {
        (Some(own), Some(other)) if own != other => own > other,
        _ => earlier(),
    };
    if is_near { Twins { near: flow, far: other } } else { Twins { near: other, far: flow } }
}

/// Whether two flows are one, seen from two places. Where both ends asked at once (RFC 9293,
/// section 3.5), each saw its own SYN first, and they do not agree on who began.
fn same(a: &Flow, b: &Flow) -> bool {
    let began_alike = || match a.key.transport {
        Transport::Udp => true,
        Transport::Tcp => {
            let mut bases = b.numbers.bases();
            if a.initiator_is_low != b.initiator_is_low {
                bases.reverse();
            }
            a.numbers.bases().iter().zip(&bases).any(|(a, b)| a.is_some() && a == b)
        }
    };
    !b.is_empty()
        && a.key.interface != b.key.interface
        && (a.key.network, a.key.ports, a.key.transport)
            == (b.key.network, b.key.ports, b.key.transport)
        && began_alike()
}

/// How long the first answer took to come, in nanoseconds, as this vantage point saw it.
fn wait(flow: FlowId, frames: &dyn Frames, survey: &Survey) -> Option<i64> {
    let first = |direction: Direction| {
        let first = survey.flow(flow)?.first;
        let found = survey
            .frames_from(first)
            .find(|id| survey.row(*id).is_some_and(|row| row.direction() == direction))?;
        Some(frames.frame(found).time)
    };
    Some(first(Direction::Backward)?.since(first(Direction::Forward)?))
}

/// What the way leaves as it was: a digest of the transport header, less its checksum, and of the
/// payload.
fn fingerprint(id: FrameId, frames: &dyn Frames, survey: &Survey) -> Option<(Direction, u64)> {
    let row = survey.row(id)?;
    if let Some(whole) = survey.reassembled(id) {
        return Some((row.direction(), whole_print(&whole.carried, frames)));
    }
    let bytes = frames.frame(id).bytes;
    let payload = usize::from(row.payload_at);
    let (header_len, checksum): (usize, Range<usize>) = match row.tcp_header_len() {
        // UDP: eight bytes, of which the last two are the checksum (RFC 768).
        0 => (8, 6..8),
        len => (usize::from(len), 16..18),
    };
    let header = bytes.get(payload.checked_sub(header_len)?..payload)?;
    let mut hasher = DefaultHasher::new();
    header.get(..checksum.start)?.hash(&mut hasher);
    header.get(checksum.end..)?.hash(&mut hasher);
    row.payload_len.hash(&mut hasher);
    bytes.get(payload..)?.hash(&mut hasher);
    Some((row.direction(), hasher.finish()))
}

/// A digest of what came in fragments, however it was cut: what the frames hold end to end.
fn whole_print(pieces: &[Span], frames: &dyn Frames) -> u64 {
    let mut hasher = DefaultHasher::new();
    for piece in pieces {
        let Buffer::Frame(frame) = piece.buffer.kind() else { continue };
        let bytes = frames.frame(frame).bytes;
        hasher.write(bytes.get(piece.start as usize..piece.end() as usize).unwrap_or_default());
    }
    hasher.finish()
}

/// Finds every packet of one flow at both its ends, in the order in which they were sent.
#[must_use]
pub fn sightings(twins: Twins, frames: &dyn Frames, survey: &Survey) -> Vec<Sighting> {
    both_sides(twins, frames, survey).0
}

/// The same, and what came that nobody has sent.
#[must_use]
pub fn both_sides(
    twins: Twins,
    frames: &dyn Frames,
    survey: &Survey,
) -> (Vec<Sighting>, Vec<Stray>) {
    let of = |(flow, direction): (FlowId, Direction)| {
        let first = survey.flow(flow).map_or(FrameId::NONE, |flow| flow.first);
        survey.frames_from(first).filter_map(move |id| {
            let (way, print) = fingerprint(id, frames, survey)?;
            let moment = Moment { frame: id, time: frames.frame(id).time };
            (way == direction).then_some((moment, print))
        })
    };
    let (mut found, mut strays) = (Vec::new(), Vec::new());
    for direction in Direction::BOTH {
        let there = twins.at_far(direction, survey);
        let (near, far) = ((twins.near, direction), (twins.far, there));
        let (sender, receiver) = match direction {
            Direction::Forward => (near, far),
            Direction::Backward => (far, near),
        };
        let mut alike: HashMap<u64, (Vec<Moment>, Vec<Moment>)> = HashMap::new();
        for (moment, print) in of(sender) {
            alike.entry(print).or_default().0.push(moment);
        }
        for (moment, print) in of(receiver) {
            alike.entry(print).or_default().1.push(moment);
        }
        let (mut own, mut odd) = (Vec::new(), Vec::new());
        for (sent, came) in alike.into_values() {
            let more = came.get(sent.len()..).unwrap_or_default();
            odd.extend(more);
            let is_copy = !sent.is_empty();
            let stray = |came: &Moment| Stray { direction, received: *came, is_copy };
            strays.extend(more.iter().map(stray));
            let pairs = sent.iter().zip(pairs(&sent, &came));
            own.extend(pairs.map(|(sent, received)| Sighting { direction, sent: *sent, received }));
        }
        own.sort_by_key(|one| (one.sent.time, one.sent.frame));
        recut(&mut own, &odd, survey);
        strays
            .retain(|one| one.direction != direction || is_stray(one, &mut own, (frames, survey)));
        found.extend(own);
    }
    found.sort_by_key(|one| (one.sent.time, one.sent.frame));
    strays.sort_by_key(|one| one.received.frame);
    (found, strays)
}

/// Whether a packet that came and was not found where it would have left has another origin: it is
/// no part of what was cut otherwise there, and no packet that the way has changed. One that it has
/// changed is the one that came of it.
fn is_stray(
    stray: &Stray,
    sent: &mut [Sighting],
    (frames, survey): (&dyn Frames, &Survey),
) -> bool {
    let Some(row) = survey.row(stray.received.frame) else { return false };
    if stray.is_copy {
        return row.tcp_header_len() > 0;
    }
    // Of datagrams nothing but their bytes says which they are.
    if row.tcp_header_len() == 0 || row.is_fragment() {
        return false;
    }
    if row.payload_len > 0 {
        let overlaps = |one: &Sighting| {
            survey.row(one.sent.frame).is_some_and(|other| {
                let ahead = |a: u32, b: u32| a.wrapping_sub(b).cast_signed() < 0;
                ahead(other.first_byte(), row.end()) && ahead(row.first_byte(), other.end())
            })
        };
        return !sent.iter().any(overlaps);
    }
    let named = |id: FrameId, row: &Row| {
        let acknowledged = row.acknowledgement(frames.frame(id).bytes);
        (row.seq, acknowledged, row.tcp_flags(), row.payload_len)
    };
    let own = named(stray.received.frame, row);
    let mut changed = sent.iter_mut().filter(|one| one.received.is_none());
    let is_it = |one: &&mut Sighting| {
        survey.row(one.sent.frame).is_some_and(|row| named(one.sent.frame, row) == own)
    };
    match changed.find(is_it) {
        Some(one) => {
            one.received = Some(stray.received);
            false
        }
        None => true,
    }
}

/// The fragments of packets that came in fragments at both ends, cut alike: each but the one that
/// completes its datagram, which the packet's own sighting has.
#[must_use]
pub fn fragments(sightings: &[Sighting], frames: &dyn Frames, survey: &Survey) -> Vec<Sighting> {
    let moment = |frame: FrameId| Moment { frame, time: frames.frame(frame).time };
    let mut found = Vec::new();
    for one in sightings {
        let Some(received) = one.received else { continue };
        let (sent, came) = (survey.fragments(one.sent.frame), survey.fragments(received.frame));
        if sent.len() != came.len() {
            continue;
        }
        for (sent, came) in sent.into_iter().zip(came) {
            if sent != one.sent.frame && came != received.frame {
                let (direction, received) = (one.direction, Some(moment(came)));
                found.push(Sighting { direction, sent: moment(sent), received });
            }
        }
    }
    found
}

/// Finds segments that came cut or joined otherwise than they were sent: between a vantage point
/// and the wire, network cards cut large segments and join small ones. Such a segment has come with
/// the packet that brought its last byte; what was sent twice and came once was lost the first
/// time.
fn recut(sent: &mut [Sighting], odd: &[Moment], survey: &Survey) {
    let range = |moment: &Moment| {
        let row = survey.row(moment.frame).filter(|row| row.payload_len > 0)?;
        Some((row.first_byte(), row.end()))
    };
    let mut pieces: Vec<_> = odd.iter().filter_map(|one| Some((range(one)?, *one))).collect();
    let Some(base) = pieces.first().map(|((first, _), _)| first.wrapping_sub(1 << 31)) else {
        return;
    };
    pieces.sort_by_key(|((first, _), came)| (first.wrapping_sub(base), came.time));
    let mut taken = HashSet::new();
    for one in sent.iter_mut().rev().filter(|one| one.received.is_none()) {
        let Some((_, end)) = range(&one.sent) else { continue };
        let last = end.wrapping_sub(1).wrapping_sub(base);
        let after = pieces.partition_point(|((first, _), _)| first.wrapping_sub(base) <= last);
        let near = pieces.iter().enumerate().take(after).rev().take(ALIKE);
        let mut holding = near.filter(|(_, ((_, end), _))| end.wrapping_sub(base) > last);
        if let Some((_, (_, came))) = holding.find(|(at, _)| taken.insert((*at, last))) {
            one.received = Some(*came);
        }
    }
}

/// How many packets that begin near each other are looked at for the one that brought a byte.
const ALIKE: usize = 8;

/// When each of several packets that are alike came. Of fewer that came than were sent, each is the
/// last that can have come by then: what is sent again without anything in it that tells it from
/// the first try is sent because that was lost.
pub(super) fn pairs(sent: &[Moment], came: &[Moment]) -> Vec<Option<Moment>> {
    let mut pairs = vec![None; sent.len()];
    if came.len() >= sent.len() {
        for (pair, came) in pairs.iter_mut().zip(came) {
            *pair = Some(*came);
        }
        return pairs;
    }
    let mut free = sent.len();
    for (left, came) in came.iter().enumerate().rev() {
        let before = sent.get(..free).unwrap_or_default();
        let fits = before.iter().rposition(|sent| sent.time <= came.time);
        // Those that came earlier need a place as well, also where the clocks of both ends differ.
        let at = fits.unwrap_or(left).max(left);
        if let Some(pair) = pairs.get_mut(at) {
            *pair = Some(*came);
        }
        free = at;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Time;

    #[track_caller]
    fn check(sent: &[i64], came: &[i64], expected: &[Option<i64>]) {
        let moments = |times: &[i64]| -> Vec<Moment> {
            times.iter().map(|time| Moment { frame: FrameId(0), time: Time(*time) }).collect()
        };
        let pairs = pairs(&moments(sent), &moments(came));
        let times: Vec<_> = pairs.iter().map(|came| came.map(|came| came.time.0)).collect();
        assert_eq!(times, expected, "{sent:?} {came:?}");
    }

    #[test]
    fn of_packets_that_are_alike_the_first_one_is_lost() {
        check(&[0, 200], &[50, 250], &[Some(50), Some(250)]);
        check(&[0, 200], &[250], &[None, Some(250)]);
        check(&[0, 200], &[150], &[Some(150), None]);
        check(&[0, 200, 600], &[50, 650], &[Some(50), None, Some(650)]);
        check(&[0], &[50, 60], &[Some(50)]);
        check(&[0], &[], &[None]);
        // A clock that is behind: order is all there is.
        check(&[100, 300], &[20], &[Some(20), None]);
        check(&[100, 300, 500], &[20, 40], &[Some(20), Some(40), None]);
    }
}
