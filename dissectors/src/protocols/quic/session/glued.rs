//! Datagrams that the kernel was given at once: a capture on the sender's host holds them glued
//! together, for they are cut apart later, in the network card or on the way into it (UDP_SEGMENT
//! of Linux; on a receiver's host UDP_GRO glues what came).
//!
//! ```text
//!   captured   |packet 7 ······|packet 8 ······|packet 9 ···|     one datagram, of 3,000 bytes
//!   sent       |packet 7 ······| |packet 8 ······| |packet 9 ···|
//! ```
//!
//! Nothing says where one ends, and a short header has no length. But all have the same length, the
//! last one excepted; each begins with the same id; and a key opens a packet only where its end is
//! right.

use std::ops::RangeInclusive;

use super::super::header::Long;
use super::super::kind::{How, Kind};
use super::levels::{Closed, Opened};
use super::{Packet, QuicSession};
use crate::engine::session::{Input, Out};
use crate::ids::Direction;

/// How long datagrams are that are cut off a longer one by trial: every path carries the first (RFC
/// 9000, section 14), Ethernet no more than the last, less the headers of IPv4 and UDP.
const TRIED: RangeInclusive<usize> = 1200..=1472;

/// The shortest connection id of QUIC that tells where the next of several datagrams begins which
/// were captured as one. Eight random bytes come again by chance in one of 10^14 captures of 64
/// KiB; QUIC's first ids have as many (RFC 9000, section 7.2), and most servers' do.
const SHORTEST_TELLING_ID: usize = 8;

/// Datagrams of one side of a QUIC connection that nothing opens as a whole, and of which every
/// length is tried in vain until none is any more: each costs 273 trials of 1,200 bytes with up to
/// three keys, half a millisecond.
const MAX_GLUED_TRIES: u32 = 8;

/// What one side's datagrams look like where several are glued together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Glue {
    /// How long each of them was the last time.
    len: Option<usize>,
    /// How many times lengths were tried in vain.
    tries: u32,
}

impl QuicSession {
    /// A packet with a short header: it goes on to the end of its datagram, or of the first of
    /// several that are glued together. How many bytes it has.
    pub(super) fn short(&mut self, input: Input<'_>, out: &mut Out<'_>) -> usize {
        let (all, from) = (input.bytes.len(), input.direction);
        let named = self.up_to_the_next_id(input);
        // Where ids tell, and none tells, nothing follows.
        let is_told = self.telling_id(input).is_some();
        let known = self.side(from).glue.len.filter(|len| !is_told && *len < all);
        if let Some(len) = named.or(known) {
            let packet = self.piece(input, len, out);
            let opened = self.open(&[], packet, out);
            if named.is_some() || opened.is_ok() {
                self.side_mut(from).glue = Glue { len: Some(len), tries: 0 };
                self.take(packet, opened, out);
                return len;
            }
        }
        let whole = self.piece(input, all, out);
        if input.cut > 0 {
            self.announce(whole, How::Cut, out);
            return all;
        }
        let opened = self.open(&[], whole, out);
        if matches!(opened, Err(Closed::Failed))
            && let Some((packet, opened)) = self.try_lengths(input, out)
        {
            self.take(packet, Ok(opened), out);
            return packet.bytes.len();
        }
        self.take(whole, opened, out);
        all
    }

    /// The first bytes of a datagram as a packet.
    fn piece<'b>(&self, input: Input<'b>, len: usize, out: &mut Out<'_>) -> Packet<'b> {
        Packet {
            kind: Kind::OneRtt,
            version: self.version,
            from: input.direction,
            bytes: input.bytes.get(..len).unwrap_or(input.bytes),
            place: out.span(input.at, len),
            is_glued: self.is_glued(input, len),
        }
    }

    /// Whether others are glued to a packet: behind it, or before it, as the rest of a datagram
    /// that was cut before has no more than their length.
    fn is_glued(&self, input: Input<'_>, len: usize) -> bool {
        len < input.bytes.len() || self.cut_in == Some((input.frame, input.direction))
    }

    /// Where the id that a packet goes to comes again, one byte behind the beginning of the next.
    fn up_to_the_next_id(&self, input: Input<'_>) -> Option<usize> {
        let ordinary = self.side(input.direction).glue.len.unwrap_or(*TRIED.end());
        let bytes = input.bytes.get(1..).filter(|bytes| bytes.len() >= ordinary)?;
        let id = self.telling_id(input)?;
        let (_, behind) = bytes.split_at_checked(id.len())?;
        let next = id.len() + behind.windows(id.len()).position(|window| window == id)?;
        let first = input.bytes.get(next)?;
        (!Long::is(*first)).then_some(next)
    }

    /// The id that a packet goes to, where it is known and long enough to be told from chance.
    fn telling_id(&self, input: Input<'_>) -> Option<&[u8]> {
        let ids = &self.side(input.direction.reverse()).ids;
        ids.in_front_of(input.bytes.get(1..)?).filter(|id| id.len() >= SHORTEST_TELLING_ID)
    }

    /// Cuts off as much as a key opens.
    fn try_lengths<'b>(
        &mut self,
        input: Input<'b>,
        out: &mut Out<'_>,
    ) -> Option<(Packet<'b>, Opened)> {
        let from: Direction = input.direction;
        if input.bytes.len() <= *TRIED.start() || self.side(from).glue.tries >= MAX_GLUED_TRIES {
            return None;
        }
        self.side_mut(from).glue.tries += 1;
        for len in TRIED.take_while(|len| *len < input.bytes.len()) {
            let packet = self.piece(input, len, out);
            if let Ok(opened) = self.open(&[], packet, out) {
                self.side_mut(from).glue = Glue { len: Some(len), tries: 0 };
                return Some((packet, opened));
            }
        }
        None
    }
}
