//! One connection in a line, as columns have it: nothing of it was read but times.

use std::net::SocketAddr;

use super::again::Said;
use super::fate::{Fate, Headers};
use super::quoted::Quoted;
use crate::attribution::Attribution;
use crate::engine::reader::Context;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::{ConnectionId, Direction, FlowId, FrameId, ProtocolId, Time};
use crate::limits::MAX_OVERVIEW_AGAIN;
use crate::protocol::{Claim, Likelihood, Registry};
use crate::survey::{Flow, Row, Survey, Transport};

/// One connection. What stands in pairs stands client first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: ConnectionId,
    /// The five-tuple that it took first.
    pub path: FlowId,
    /// Its first frame.
    pub first: FrameId,
    /// When that was, and when its last frame was.
    pub start: Time,
    /// See `start`.
    pub end: Time,
    /// Bytes of payload that the client sent, and those that the server sent; repeated ones count
    /// each time.
    pub payload: [u64; 2],
    /// Its packets in bytes on the wire.
    pub bytes: u64,
    /// How many packets it took, as its story counts them: each that was recorded at the client's
    /// end, where both were, and those of the server that never came there; a datagram in fragments
    /// is as many as it has fragments; and ICMP errors that quote one of them are a part of it.
    pub packets: u32,
    /// From SYN to SYN-ACK, in nanoseconds, as they came by where the recording was made: near the
    /// client this is a whole round trip, near the server only what the server took. `None` if
    /// either is missing or the SYN was sent twice.
    pub round_trip: Option<i64>,
    /// How many segments were sent again.
    pub again: u32,
    /// How it ended.
    pub fate: Fate,
    /// Whose doing that was, as seen from the client (forward) or the server (backward).
    pub by: Option<Direction>,
    /// TCP: which of both has sent a reset.
    pub resets: [bool; 2],
    /// TCP: whether its beginning is not in the recording.
    pub began_before: bool,
    /// The direction in which its server sends.
    pub server: Direction,
    /// TCP or UDP.
    pub transport: Transport,
    /// What its first bytes look like, and whether nothing else looks so.
    pub protocol: Option<(ProtocolId, bool)>,
}

const _: () = assert!(size_of::<Line>() <= 104, "lines stay small: millions must fit");

/// Which times are looked up: the frames themselves have to be touched for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// All.
    All,
    /// Those of attempts and of what nothing was asked in: what finding scans takes.
    OfAttempts,
}

/// A segment that was sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// In which connection.
    pub connection: ConnectionId,
    /// The frame that holds it.
    pub frame: FrameId,
}

/// What a connection's frames were.
#[derive(Default)]
struct Gathered {
    headers: Headers,
    said: [Said; 2],
    last: Option<FrameId>,
    packets: u32,
    /// How many SYNs were seen before the SYN-ACK.
    asked: u32,
    again: u32,
}

impl Line {
    /// What columns know of a connection; of one that is not there, nothing. Frames that were sent
    /// again are put into `again`.
    #[must_use]
    pub fn of(
        id: ConnectionId,
        (context, survey, attribution): (Context<'_>, &Survey, &Attribution),
        quoted: &Quoted,
        times: Times,
        again: &mut Vec<Again>,
    ) -> Self {
        let path = attribution.first_path(id);
        let Some(flow) = survey.flow(path) else { return Self::nothing(id, path) };
        let transport = flow.key.transport;
        let mut walk = Gathered::default();
        let mut bytes = None;
        let first = if attribution.has_named() {
            // It may own frames of several flows, and not all of one.
            let frames = attribution.frames(id, survey);
            bytes = Some(frames.iter().map(|frame| cost(*frame, context, survey).1).sum());
            for frame in &frames {
                let Some(row) = survey.row(*frame) else { continue };
                let owner = attribution.of(*frame, survey);
                let way = owner.map_or(row.direction(), |owner| owner.direction);
                walk.pass((*frame, row, way), (id, survey), again);
            }
            frames.first().copied().unwrap_or(flow.first)
        } else {
            for frame in survey.frames_from(flow.first) {
                let Some(row) = survey.row(frame) else { continue };
                walk.pass((frame, row, row.direction()), (id, survey), again);
            }
            flow.first
        };
        let digest = &flow.digest;
        let mut headers = walk.headers;
        headers.syn = digest.syn().is_some();
        headers.syn_ack = digest.syn_ack().is_some();
        headers.quoted = quoted.fate(path);
        let has_began = headers.syn || headers.syn_ack;
        let server = server(flow, has_began, context.registry);
        let (fate, by) = headers.fate(transport);
        let payload = seen_from(server, headers.payload);
        let [sent, _] = payload;
        let is_wanted = times == Times::All || fate.is_attempt() || sent == 0;
        let time = |frame: FrameId| match is_wanted {
            true => context.frames.frame(frame).time,
            false => Time::UNKNOWN,
        };
        let start = time(first);
        let round_trip = digest.syn().zip(digest.syn_ack()).filter(|_| walk.asked == 1);
        let round_trip = round_trip.map(|(syn, answer)| {
            // Mostly the SYN is the first frame: its time is known.
            let asked = if syn == first { start } else { time(syn) };
            time(answer).since(asked)
        });
        let errors = quoted.frames(path).iter().map(|frame| cost(*frame, context, survey));
        let errors = errors.fold((0, 0), |(packets, bytes), one| (packets + one.0, bytes + one.1));
        Self {
            id,
            path,
            first,
            start,
            end: time(walk.last.unwrap_or(first)),
            payload,
            bytes: bytes.unwrap_or(flow.bytes) + errors.1,
            packets: walk.packets + errors.0,
            round_trip: round_trip.filter(|nanos| *nanos >= 0),
            again: walk.again,
            fate,
            resets: seen_from(server, headers.reset.map(|reset| reset.is_some())),
            by: by.map(|way| if server == Direction::Backward { way } else { way.reverse() }),
            began_before: transport == Transport::Tcp && !has_began,
            server,
            transport,
            protocol: flow.protocol().map(|one| (one, is_sure(flow, one))),
        }
    }

    const fn nothing(id: ConnectionId, path: FlowId) -> Self {
        Self {
            id,
            path,
            first: FrameId::NONE,
            start: Time::UNKNOWN,
            end: Time::UNKNOWN,
            payload: [0; 2],
            bytes: 0,
            packets: 0,
            round_trip: None,
            again: 0,
            fate: Fate::Through,
            by: None,
            resets: [false; 2],
            began_before: false,
            server: Direction::Backward,
            transport: Transport::Udp,
            protocol: None,
        }
    }

    /// The two ends, the client's first; `None` if the survey is another one.
    #[must_use]
    pub fn ends(&self, survey: &Survey) -> Option<[SocketAddr; 2]> {
        let flow = survey.flow(self.path)?;
        let [from, to] = flow.ports().ports;
        let ends = [(Direction::Forward, from), (Direction::Backward, to)]
            .map(|(way, port)| SocketAddr::new(flow.address(way), port));
        Some(seen_from(self.server, ends))
    }

    /// Takes in what the other end of the same connection saw: segments that were sent again there
    /// and never came, and that a reset which came here was never sent by the server, but made on
    /// the way.
    pub fn see(&mut self, there: &Self) {
        self.again = self.again.max(there.again);
        let [_, has_sent] = there.resets;
        if self.fate == Fate::Reset && self.by == Some(Direction::Backward) && !has_sent {
            self.by = None;
        }
    }

    /// Takes in what the server's end sent and never came to the client's, where both were
    /// recorded.
    pub fn miss(&mut self, lost: &[FrameId], (context, survey): (Context<'_>, &Survey)) {
        for frame in lost {
            let (packets, bytes) = cost(*frame, context, survey);
            self.packets += packets;
            self.bytes += bytes;
        }
    }

    /// How long it took, from its first to its last frame, in nanoseconds.
    #[must_use]
    pub const fn took(&self) -> i64 {
        self.end.since(self.start)
    }
}

impl Gathered {
    fn pass(
        &mut self,
        (frame, row, way): (FrameId, &Row, Direction),
        (connection, survey): (ConnectionId, &Survey),
        again: &mut Vec<Again>,
    ) {
        self.last = Some(frame);
        let fragments = if row.is_fragment() { survey.fragments(frame).len() as u32 } else { 0 };
        self.packets += fragments.max(1);
        if row.is_duplicate() {
            return;
        }
        let (headers, flags) = (&mut self.headers, row.tcp_flags());
        *of(&mut headers.heard, way) = true;
        *of(&mut headers.payload, way) += u64::from(row.data_len());
        if flags == 0 {
            return;
        }
        headers.went_on |= flags & ACK != 0 && flags & (SYN | RST) == 0;
        match flags & (SYN | ACK) {
            SYN if !headers.syn_ack => self.asked += 1,
            both if both == SYN | ACK => headers.syn_ack = true,
            _ => {}
        }
        for (flag, firsts) in [(FIN, &mut headers.fin), (RST, &mut headers.reset)] {
            let first = of(firsts, way);
            if flags & flag != 0 && first.is_none() {
                *first = Some(frame.0);
            }
        }
        if of(&mut self.said, way).pass(row) {
            self.again += 1;
            if again.len() < MAX_OVERVIEW_AGAIN {
                again.push(Again { connection, frame });
            }
        }
    }
}

/// How many packets a frame stands for, and their bytes on the wire: the fragments of what it
/// completes, or itself.
fn cost(frame: FrameId, context: Context<'_>, survey: &Survey) -> (u32, u64) {
    let wire = |frame: &FrameId| u64::from(context.frames.frame(*frame).wire_len);
    match survey.fragments(frame) {
        fragments if fragments.len() > 1 => {
            (fragments.len() as u32, fragments.iter().map(wire).sum())
        }
        _ => (1, wire(&frame)),
    }
}

/// The entry of one direction.
fn of<T>(both: &mut [T; 2], way: Direction) -> &mut T {
    let [forward, backward] = both;
    match way {
        Direction::Forward => forward,
        Direction::Backward => backward,
    }
}

/// A pair by direction as a pair of client and server.
fn seen_from<T>(server: Direction, [forward, backward]: [T; 2]) -> [T; 2] {
    match server {
        Direction::Backward => [forward, backward],
        Direction::Forward => [backward, forward],
    }
}

/// Whether nothing else looks like that.
fn is_sure(flow: &Flow, protocol: ProtocolId) -> bool {
    flow.probed.iter().flatten().any(|(id, how)| *id == protocol && *how == Likelihood::Surely)
}

/// The direction in which the server sends: against the SYN. Where none was captured, and with
/// UDP, whose first datagram may be an answer, the side is the server whose port a protocol lays
/// claim to, or else whose port is a system port and the other's is not (RFC 6335, section 6).
fn server(flow: &Flow, has_began: bool, registry: &Registry) -> Direction {
    const FIRST_USER_PORT: u16 = 1024;
    if has_began {
        return Direction::Backward;
    }
    let ports = flow.ports().ports;
    let claimed = ports.map(|port| {
        let claim = match flow.key.transport {
            Transport::Tcp => Claim::TcpPort(port),
            Transport::Udp => Claim::UdpPort(port),
        };
        registry.by_claim(claim).is_some()
    });
    match (claimed, ports.map(|port| port < FIRST_USER_PORT)) {
        ([true, false], _) | ([false, false] | [true, true], [true, false]) => Direction::Forward,
        _ => Direction::Backward,
    }
}
