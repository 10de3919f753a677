//! A middlebox on the way that knows the connections which pass it, as address translators and
//! firewalls do, and forgets those on which nothing has passed for long.
//!
//! A SYN makes it remember a connection, each further segment reminds it. What belongs to none that
//! it knows it drops, or answers with a reset in the name of the other end. Home routers wait for
//! minutes; RFC 5382, section 5 asks for two hours and four minutes at least.

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::time::{Duration, Instant};

use etherparse::{IpNumber, Ipv4Header, PacketBuilder, TcpHeaderSlice};

use super::settings::Link;
use crate::limits::MAX_LINK_KNOWN;

/// The time to live of what it sends in somebody's name.
const FRESH: u8 = 64;

/// The connections that it knows, each with when a segment last passed.
#[derive(Default)]
pub(super) struct Middlebox {
    known: HashMap<[SocketAddrV4; 2], Instant>,
}

/// What it does with a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// It passes.
    On,
    /// It is dropped.
    Dropped,
    /// It is dropped, and this goes back to its sender after so long.
    Reset(Vec<u8>, Duration),
}

impl Middlebox {
    /// Looks at a packet that passes at `now`.
    pub(super) fn judge(&mut self, link: &Link, packet: &[u8], now: Instant) -> Judged {
        let Some(forget) = link.forget else { return Judged::On };
        let Some((ends, segment)) = segment(packet) else { return Judged::On };
        let mut pair = ends;
        pair.sort_unstable();
        let is_known =
            self.known.get(&pair).is_some_and(|last| now.duration_since(*last) <= forget);
        if is_known || segment.syn() {
            if is_known || self.known.len() < MAX_LINK_KNOWN {
                self.known.insert(pair, now);
            }
            return Judged::On;
        }
        self.known.remove(&pair);
        // Nobody answers a reset with another (RFC 9293, section 3.10.7.1).
        if !link.resets_strays || segment.rst() {
            return Judged::Dropped;
        }
        // It stands half way.
        reset(ends, &segment).map_or(Judged::Dropped, |reset| Judged::Reset(reset, link.one_way()))
    }
}

/// The two ends of a segment in a whole packet of IPv4, its sender first, and its header.
fn segment(packet: &[u8]) -> Option<([SocketAddrV4; 2], TcpHeaderSlice<'_>)> {
    let (header, data) = Ipv4Header::from_slice(packet).ok()?;
    if header.protocol != IpNumber::TCP || header.fragment_offset.value() > 0 {
        return None;
    }
    let segment = TcpHeaderSlice::from_slice(data).ok()?;
    let ends = [
        SocketAddrV4::new(header.source.into(), segment.source_port()),
        SocketAddrV4::new(header.destination.into(), segment.destination_port()),
    ];
    Some((ends, segment))
}

/// The reset that takes its receiver for the end of the connection: its number is the one that the
/// stray segment acknowledges (RFC 9293, section 3.5.2).
fn reset([sender, receiver]: [SocketAddrV4; 2], segment: &TcpHeaderSlice<'_>) -> Option<Vec<u8>> {
    let builder = PacketBuilder::ipv4(receiver.ip().octets(), sender.ip().octets(), FRESH)
        .tcp(receiver.port(), sender.port(), segment.acknowledgment_number(), 0)
        .rst();
    let mut packet = Vec::new();
    builder.write(&mut packet, &[]).ok()?;
    Some(packet)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: ([u8; 4], u16) = ([10, 0, 1, 1], 5000);
    const SERVER: ([u8; 4], u16) = ([10, 0, 2, 1], 80);

    /// A segment with ten bytes, or a SYN.
    fn packet(from: ([u8; 4], u16), to: ([u8; 4], u16), is_syn: bool) -> Vec<u8> {
        let builder = PacketBuilder::ipv4(from.0, to.0, 64).tcp(from.1, to.1, 100, 1000);
        let builder = if is_syn { builder.syn() } else { builder.ack(777) };
        let mut packet = Vec::new();
        builder.write(&mut packet, &[7; 10]).unwrap();
        packet
    }

    /// Packets at these milliseconds, and whether each passed.
    fn check(settings: &str, packets: &[(u64, Vec<u8>, bool)]) {
        let link = Link::parse(settings).unwrap();
        let (mut middlebox, start) = (Middlebox::default(), Instant::now());
        for (at, packet, passes) in packets {
            let judged = middlebox.judge(&link, packet, start + Duration::from_millis(*at));
            assert_eq!(judged == Judged::On, *passes, "{settings} at {at} ms: {judged:?}");
        }
    }

    #[test]
    fn what_is_idle_for_too_long_is_forgotten() {
        let (syn, data) = (packet(CLIENT, SERVER, true), packet(CLIENT, SERVER, false));
        let back = packet(SERVER, CLIENT, false);
        let told = [
            (0, data.clone(), false),
            (10, syn.clone(), true),
            (300, data.clone(), true),
            (590, back.clone(), true),
            (900, back, false),
            (910, data.clone(), false),
            (920, syn, true),
            (930, data.clone(), true),
        ];
        check("forget=300ms", &told);
        check("", &[(0, data, true)]);
    }

    #[test]
    fn what_is_not_tcp_passes() {
        let mut datagram = Vec::new();
        let builder = PacketBuilder::ipv4(CLIENT.0, SERVER.0, 64).udp(CLIENT.1, SERVER.1);
        builder.write(&mut datagram, &[7; 10]).unwrap();
        check("forget=300ms", &[(0, datagram, true), (0, Vec::new(), true), (0, vec![0x45], true)]);
    }

    #[test]
    fn a_stray_is_answered_in_the_name_of_the_other_end() {
        let link = Link::parse("rtt=80ms,forget=300ms,stray=reset").unwrap();
        let mut middlebox = Middlebox::default();
        let stray = packet(CLIENT, SERVER, false);
        let judged = middlebox.judge(&link, &stray, Instant::now());
        let Judged::Reset(reset, after) = judged else { panic!("{judged:?}") };
        assert_eq!(after, Duration::from_millis(40));
        let (ends, segment) = segment(&reset).unwrap();
        assert_eq!(ends.map(|end| (end.ip().octets(), end.port())), [SERVER, CLIENT]);
        assert!(segment.rst() && !segment.ack());
        assert_eq!(segment.sequence_number(), 777);
        assert_eq!(middlebox.judge(&link, &reset, Instant::now()), Judged::Dropped);
    }
}
