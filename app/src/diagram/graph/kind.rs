//! Which graphs there are: what each shows, in which unit, and how it is read.

use wirestage_dissectors::course::{Carrier, Course, Heard};

use super::scale::Unit;
use super::throughput;

/// What a graph shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Kind {
    /// Sequence numbers over time, a dot for each segment (Stevens)
    Sequence,
    /// The same with acknowledgements, SACK blocks and the edge of the window
    #[default]
    Tcptrace,
    /// Bytes that are under way
    Flight,
    /// Round-trip times
    Rtt,
    /// The receiver's window, and what of it is used
    Window,
    /// Bits a second
    Throughput,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Sequence, Self::Tcptrace, Self::Flight, Self::Rtt, Self::Window, Self::Throughput];

    /// What it is called in a list.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sequence => "Sequence numbers",
            Self::Tcptrace => "Sequence, ACKs, window",
            Self::Flight => "Bytes in flight",
            Self::Rtt => "Round-trip times",
            Self::Window => "Receive window",
            Self::Throughput => "Throughput",
        }
    }

    /// Its title.
    #[must_use]
    pub const fn title(self, carrier: Carrier) -> &'static str {
        match (self, carrier) {
            (Self::Sequence, Carrier::Tcp) => "Sequence numbers over time",
            (Self::Tcptrace, Carrier::Tcp) => "Sequence numbers, acknowledgements and window",
            (Self::Sequence, Carrier::Quic) => "Packets over time",
            (Self::Tcptrace, Carrier::Quic) => "Bytes sent and acknowledged",
            (Self::Flight, _) => "Bytes in flight",
            (Self::Rtt, _) => "Round-trip times",
            (Self::Window, _) => "Receive window",
            (Self::Throughput, _) => "Throughput",
        }
    }

    /// What it counts upwards.
    #[must_use]
    pub const fn amounts(self, carrier: Carrier) -> &'static str {
        match (self, carrier) {
            (Self::Sequence, Carrier::Tcp) => "Sequence number: place in the stream",
            (Self::Tcptrace, Carrier::Tcp) => "Place in the stream",
            (Self::Sequence | Self::Tcptrace, Carrier::Quic) => "Bytes in packets so far",
            (Self::Flight, _) => "Bytes under way",
            (Self::Rtt, _) => "Round-trip time",
            (Self::Window, _) => "Bytes: window, and under way",
            (Self::Throughput, _) => "Bits a second",
        }
    }

    /// The lesson that says how to read it.
    #[must_use]
    pub const fn lesson(self) -> &'static str {
        match self {
            Self::Sequence => "graph/sequence",
            Self::Tcptrace => "graph/tcptrace",
            Self::Flight => "graph/flight",
            Self::Rtt => "graph/round-trips",
            Self::Window => "graph/window",
            Self::Throughput => "graph/throughput",
        }
    }

    /// How to read it, in a sentence or two: of what is drawn alone. `shows_edge` says whether that
    /// is how far the window reaches, too.
    pub(super) const fn reading(self, carrier: Carrier, shows_edge: bool) -> &'static str {
        match (self, carrier) {
            (Self::Sequence, Carrier::Tcp) => {
                "Each dot is a segment, at the place of its first byte. The steeper, the faster; a \
                 level stretch is a wait; what stands lower than what came before was sent again."
            }
            (Self::Tcptrace, Carrier::Tcp) if !shows_edge => {
                "A bar is a segment, from its first byte to behind its last. The line is what is \
                 acknowledged: bars above it are under way. A late step of the line is a wait for \
                 something that was missing."
            }
            (Self::Tcptrace, Carrier::Tcp) => {
                "A bar is a segment, from its first byte to behind its last. The solid line is \
                 what is acknowledged, the upper one how far the window reaches: in between lies \
                 what may be on its way. Bars at the upper line wait for the receiver, bars far \
                 below it for the network or the program."
            }
            (Self::Sequence, Carrier::Quic) => {
                "Each dot is a packet, at the sum of the bytes before it: packets are never sent \
                 again, what was in them is, in new ones. The steeper, the faster."
            }
            (Self::Tcptrace, Carrier::Quic) => {
                "A bar is a packet, at the sum of the bytes before it; the line below is how many \
                 of these bytes are acknowledged. What lies between is under way, was lost, or \
                 asks for no acknowledgement, as packets do that only acknowledge."
            }
            (Self::Flight, _) => {
                "What was sent and not acknowledged yet. It grows while the sender may send more, \
                 and cannot be more than the smaller of two windows: the receiver's, and that of \
                 congestion."
            }
            (Self::Rtt, _) => {
                "From a segment to the acknowledgement of it, as seen from where this was \
                 recorded. The lowest are the way itself; whatever is above waited in a queue, or \
                 for an acknowledgement that was held back."
            }
            (Self::Window, _) => {
                "The line is how much the receiver says that it can take, the area what is under \
                 way. Where the area reaches the line the receiver is what holds the sender up; at \
                 zero nothing may be sent."
            }
            (Self::Throughput, _) => {
                "What the sender sent in each stretch of time. The lower part is new, what stands \
                 on it was sent again: only the new counts for whoever waits."
            }
        }
    }

    /// Why a course has no such graph, where it has none.
    #[must_use]
    pub fn lacks(self, course: &Course) -> Option<&'static str> {
        let is_tcp = course.carrier == Carrier::Tcp;
        match self {
            Self::Window if !is_tcp => {
                Some("QUIC gives room to streams, not to packets: the diagram shows these windows")
            }
            Self::Window if course.heard.is_empty() => Some("the other side said nothing here"),
            Self::Rtt if course.trips.is_empty() => {
                Some("no packet was seen here together with its acknowledgement")
            }
            Self::Flight if course.flight.is_empty() => Some(if is_tcp {
                "this side sent no data"
            } else {
                "no packet is open here: add the keys"
            }),
            Self::Sequence | Self::Tcptrace | Self::Throughput if course.sent.is_empty() => {
                Some("this side sent nothing")
            }
            _ => None,
        }
    }

    /// The unit of its amounts.
    pub(super) const fn unit(self, course: &Course) -> Unit {
        match (self, course.carrier) {
            (Self::Sequence | Self::Tcptrace, Carrier::Tcp) => Unit::Place,
            (Self::Rtt, _) => Unit::Time,
            (Self::Throughput, _) => Unit::Rate,
            _ => Unit::Bytes,
        }
    }

    /// The least and the largest amount within a stretch of time.
    pub(super) fn values(self, course: &Course, stretch: (i64, i64)) -> (f64, f64) {
        let inside = |time| (stretch.0..=stretch.1).contains(&course.since_start(time));
        let most = |samples: &[wirestage_dissectors::course::Sample]| {
            let own = samples.iter().filter(|one| inside(one.time)).map(|one| one.value);
            own.max().unwrap_or(0) as f64
        };
        match self {
            Self::Sequence | Self::Tcptrace => {
                let sent = || course.sent.iter().filter(|one| inside(one.time));
                let low = sent().map(|one| one.from).min().unwrap_or(0);
                let high = sent().map(|one| one.to).max().unwrap_or(low + 1);
                let heard = course.heard.iter().filter(|one| inside(one.time));
                let edge = heard.filter_map(Heard::edge).max().unwrap_or(0);
                // A window far above all that is sent says only that it is far above.
                let room = (high - low).saturating_mul(8) / 5;
                let is_near = self == Self::Tcptrace && edge > high && edge <= low + room;
                (low as f64, if is_near { edge as f64 } else { high as f64 })
            }
            Self::Flight => (0.0, most(&course.flight)),
            Self::Rtt => (0.0, most(&course.trips)),
            Self::Window => {
                let own = course.heard.iter().filter(|one| inside(one.time));
                let window = own.filter_map(|one| one.window).max().unwrap_or(0) as f64;
                (0.0, window.max(most(&course.flight)))
            }
            Self::Throughput => (0.0, throughput::most(course, stretch)),
        }
    }
}
