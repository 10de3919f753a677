//! What a packet is to those before it: which of them it acknowledges, and which it says again.
//!
//! ```text
//!   packet ─> number known? ── yes ─> a copy: whoever gets it throws it away
//!                 └ no ─> items said before? ─> again: of which packets, and for which cause
//!                         ACK ─> log of the other side: news, round trip, gaps, losses
//! ```
//!
//! Who sends knows more than a recording: when its timers ran out, and what it had heard by then.
//! So what is lost is inferred by the rules that RFC 9002 recommends; that something was sent again
//! is seen.

use super::super::facts::{Again, Asks, Cause, Facts, Gap, Held, Lost, Named, News, Threshold};
use super::super::frame::{Frame, Says, kind};
use super::QuicSession;
use super::levels::Opened;
use super::log::{Fate, Item, Sent, carried};
use crate::engine::session::Out;
use crate::ids::{Direction, MessageId, Time};
use crate::message::Relation;
use crate::protocols::quic::limits::MAX_QUIC_NAMED;
use crate::protocols::tls::handshake::Epoch;

/// Delays are told in microseconds times two to this power, unless the side that tells them says
/// otherwise (RFC 9000, section 18.2).
pub(super) const DELAY_EXPONENT: u8 = 3;

/// For how long an acknowledgement may be held back, unless the side says otherwise (section 18.2).
pub(super) const MAX_ACK_DELAY: i64 = 25_000_000;

/// A packet that is followed.
#[derive(Clone, Copy)]
pub(super) struct Followed<'f> {
    pub(super) from: Direction,
    pub(super) opened: Opened,
    pub(super) frames: &'f [Frame],
    pub(super) message: MessageId,
    /// Whether its sender goes on along another path with it.
    pub(super) moves: bool,
}

impl QuicSession {
    /// Follows a packet that was opened. Says whether it is new: of a copy nobody takes anything
    /// (RFC 9000, section 12.3).
    pub(super) fn follow(&mut self, packet: Followed<'_>, out: &mut Out<'_>) -> bool {
        let Followed { from, opened, frames, message, .. } = packet;
        // The newest has a number that none before had.
        let is_copy = !opened.is_newest && self.side(from).log(opened.epoch).holds(opened.number);
        let mut facts = Facts { is_copy, ..Facts::default() };
        if !facts.is_copy && out.is_brief() {
            self.remember(packet, out);
        } else if !facts.is_copy {
            let (items, elicits) = carried(frames);
            let silence = self.silence(from, out.time());
            facts.again = self.again(packet, &items, silence, out).map(Box::new);
            facts.fills_hole = facts.again.is_none() && self.fills(packet, &items);
            facts.probes = self.probes(packet, &items, silence);
            facts.held = self.held(packet, &items, out);
            facts.flow = self.flow(packet, out.time());
            facts.asks = self.asks(packet, out);
            facts.is_to_preferred = self.is_to_preferred(packet, out);
            let names_code = |frame: &Frame| {
                matches!(frame.says, Says::Broken { .. }) || frame.kind == kind::CLOSE_APP
            };
            facts.is_http3 = self.speaks_http3() && frames.iter().any(names_code);
            if frames.iter().any(|frame| frame.kind == kind::HANDSHAKE_DONE) {
                facts.idle = self.idle();
            }
            if opened.epoch == Epoch::Application && opened.is_newest {
                let first = out.bytes(opened.place).first().copied();
                facts.spun = self.spin(from, first, out.time());
            }
            self.send(packet, items, elicits, out);
            for frame in frames {
                if let Says::Acknowledged { ranges, delay } = &frame.says {
                    let news = self.news(packet, ranges, *delay, out);
                    facts.news = facts.news.or(news.map(Box::new));
                }
            }
        }
        let is_new = !facts.is_copy;
        if !out.is_brief() && !facts.is_empty() {
            out.attachment(message).keep(facts);
        }
        is_new
    }

    /// Remembers a packet of which nothing but rows is made: by its number a copy of it is known,
    /// for as long as others would be.
    fn remember(&mut self, packet: Followed<'_>, out: &mut Out<'_>) {
        self.send(packet, Vec::new(), packet.frames.iter().any(Frame::elicits), out);
        for frame in packet.frames {
            if let Says::Acknowledged { ranges, delay } = &frame.says {
                self.news(packet, ranges, *delay, out);
            }
        }
    }

    /// Whether a client goes on with a packet at the address that the server prefers: for it alone
    /// the server has handed out that id with it (RFC 9000, section 18.2).
    fn is_to_preferred(&self, packet: Followed<'_>, out: &Out<'_>) -> bool {
        let Followed { from, opened, moves, .. } = packet;
        let Some(id) = self.preferred.as_deref().filter(|_| moves) else { return false };
        let behind = out.bytes(opened.place).get(1..).unwrap_or_default();
        self.client == Some(from) && behind.starts_with(id)
    }

    /// Which path a packet asks, if any.
    fn asks(&self, packet: Followed<'_>, out: &Out<'_>) -> Option<Asks> {
        let Followed { from, frames, moves, .. } = packet;
        frames.iter().find(|frame| frame.kind == kind::PATH_CHALLENGE)?;
        let (own, other, path) = (self.side(from), self.side(from.reverse()), out.path());
        Some(match () {
            () if other.has_left(path) => Asks::Left,
            () if other.is_along(path) && (moves || !own.is_along(path)) => Asks::Followed,
            () if own.is_elsewhere(path) => Asks::Further,
            () => Asks::Own,
        })
    }

    /// After how many milliseconds of silence the connection is over: the shorter time of what both
    /// sides ask for, where they do; 0 asks for nothing (RFC 9000, section 10.1).
    fn idle(&self) -> Option<u64> {
        self.sides.iter().filter_map(|side| side.idle).filter(|idle| *idle > 0).min()
    }

    /// What had held a server up that goes on with its handshake here: bytes of it that are new.
    fn held(&mut self, packet: Followed<'_>, items: &[Item], out: &Out<'_>) -> Option<Held> {
        let Followed { from, opened, .. } = packet;
        if opened.epoch != Epoch::Handshake || self.client != Some(from.reverse()) {
            return None;
        }
        let sent = self.side(from).crypto_sent_to(opened.epoch);
        let mut bytes = items.iter().filter(|item| item.stream() == Some(None));
        let goes_on = bytes.any(|item| item.range().1 > sent);
        goes_on.then(|| self.unproven.went_on(from, out.frame(), out.time())).flatten()
    }

    /// For how long a side has neither sent anything that must be acknowledged, nor heard that such
    /// a thing came.
    fn silence(&self, from: Direction, now: Time) -> i64 {
        now.since(self.side(from).stirred).max(0)
    }

    /// A packet was sent.
    fn send(&mut self, packet: Followed<'_>, items: Vec<Item>, elicits: bool, out: &Out<'_>) {
        let Followed { from, opened, message, .. } = packet;
        for item in &items {
            let (_, end) = item.range();
            match item.stream() {
                Some(Some(stream)) => self.streams.send((stream, from), end),
                Some(None) => self.side_mut(from).send_crypto(opened.epoch, end),
                None => {}
            }
        }
        let (frame, time) = (out.frame(), out.time());
        let is_early = opened.epoch == Epoch::Early;
        let side = self.side_mut(from);
        if elicits {
            side.stirred = time;
        }
        let (number, items) = (opened.number, items.into());
        let sent = Sent { number, message, frame, time, elicits, is_early, items };
        side.log_mut(opened.epoch).add(sent);
    }

    /// What a packet says again, and which packets said it before.
    fn again(
        &mut self,
        packet: Followed<'_>,
        items: &[Item],
        silence: i64,
        out: &mut Out<'_>,
    ) -> Option<Again> {
        let Followed { from, opened, message, .. } = packet;
        let side = self.side(from);
        // Up to where bytes like these were sent: nothing else is known without a search.
        let sent_to = |item: &Item| match item.stream() {
            Some(Some(stream)) => self.streams.sent_to((stream, from)),
            Some(None) => side.crypto_sent_to(opened.epoch),
            None => u64::MAX,
        };
        let is_old = |item: &&Item| item.range().0 < sent_to(item);
        let old: Vec<Item> = items.iter().filter(is_old).copied().collect();
        if old.is_empty() {
            return None;
        }
        let said = side.log(opened.epoch).said(&old);
        let (latest, fate) = said.first()?;
        let now = out.time();
        let cause = self.cause(packet, (latest, *fate), (now, silence));
        let whole =
            old.len() == items.len() && old.iter().all(|item| item.range().1 <= sent_to(item));
        let said = || said.iter().take(MAX_QUIC_NAMED);
        let again = Again {
            before: said().map(|(one, _)| one.named()).collect(),
            whole,
            cause,
            after: now.since(latest.time).max(0),
            silence,
        };
        said().for_each(|(one, _)| out.relate(message, Relation::Repeats, one.message));
        self.side_mut(from).repeated = now;
        Some(again)
    }

    /// Whether the newest packet of a side brings bytes from before others, which never came by. Of
    /// a ClientHello that says nothing: some clients send its pieces in any order.
    fn fills(&self, packet: Followed<'_>, items: &[Item]) -> bool {
        let Followed { from, opened, .. } = packet;
        let side = self.side(from);
        let has_come = |item: &Item| {
            let (start, end) = item.range();
            match item.stream() {
                Some(Some(stream)) => {
                    let sent = self.streams.sent_to((stream, from));
                    (start < sent).then(|| self.streams.had_come((stream, from), end))
                }
                Some(None) => {
                    let next = side.crypto.get(opened.epoch as usize).map_or(0, |it| it.next());
                    (start < side.crypto_sent_to(opened.epoch)).then_some(end <= next)
                }
                None => None,
            }
        };
        opened.is_newest
            && opened.epoch != Epoch::Clear
            && items.iter().any(|item| has_come(item) == Some(false))
    }

    /// Why something is said again whose latest packet before became that.
    fn cause(
        &self,
        packet: Followed<'_>,
        (before, fate): (&Sent, Fate),
        (now, silence): (Time, i64),
    ) -> Cause {
        let Followed { from, opened, .. } = packet;
        let (side, peer) = (self.side(from), self.side(from.reverse()));
        let facts = self.handshake.facts();
        let is_early = before.is_early && opened.epoch == Epoch::Application;
        match fate {
            _ if is_early && !facts.early_accepted => Cause::Refused,
            Fate::Heard => Cause::Needless,
            Fate::Lost(by) => Cause::Lost(by),
            Fate::Outstanding if side.log(opened.epoch).largest() > Some(before.number) => {
                let is_overdue = now.since(before.time) >= side.path_taken.overdue();
                if is_overdue { Cause::Lost(Threshold::Time) } else { Cause::Unknown }
            }
            Fate::Outstanding if peer.repeated.since(before.time) > 0 => Cause::Prompted,
            Fate::Outstanding if silence >= side.path_taken.silence() => Cause::Probe,
            Fate::Outstanding => Cause::Unknown,
        }
    }

    /// Whether a packet does nothing but ask for an acknowledgement, while others wait for theirs,
    /// and after how long a silence.
    fn probes(&self, packet: Followed<'_>, items: &[Item], silence: i64) -> Option<i64> {
        let mut asking = packet.frames.iter().filter(|frame| frame.elicits()).peekable();
        let asks = asking.peek().is_some() && asking.all(|frame| frame.kind == kind::PING);
        let side = self.side(packet.from);
        let waits = || side.log(packet.opened.epoch).waits();
        let is_probe = asks && items.is_empty() && silence >= side.path_taken.silence() && waits();
        is_probe.then_some(silence)
    }

    /// What an ACK frame says that was not known before.
    fn news(
        &mut self,
        packet: Followed<'_>,
        ranges: &[(u64, u64)],
        delay: u64,
        out: &mut Out<'_>,
    ) -> Option<News> {
        let Followed { from, opened, message, .. } = packet;
        let held_back = self.held_back(from, opened.epoch, delay);
        let now = out.time();
        let side = self.side_mut(from.reverse());
        let before = side.log(opened.epoch).largest();
        let (mut count, mut elicits) = (0, false);
        let mut largest: Option<(Named, Time)> = None;
        let mut late = Vec::new();
        side.log_mut(opened.epoch).acknowledge(ranges, |sent, was_lost| {
            count += 1;
            elicits |= sent.elicits;
            if largest.is_none_or(|(largest, _)| largest.number < sent.number) {
                largest = Some((sent.named(), sent.time));
            }
            if was_lost && late.len() < MAX_QUIC_NAMED {
                late.push(sent.named());
            }
            if !out.is_brief() {
                out.relate(message, Relation::Acknowledges, sent.message);
            }
        });
        let gap = gap(ranges, before).map(|gap| {
            let was_seen = side.log(opened.epoch).waits_within(gap.first, gap.last);
            Gap { was_seen, ..gap }
        });
        let (largest, sent) = largest?;
        let is_largest = ranges.first().is_some_and(|(_, to)| *to == largest.number);
        let latest = sent.known().and(now.known()).map(|now| now.since(sent));
        let latest = latest.filter(|latest| is_largest && elicits && *latest >= 0);
        let sample = latest.map(|latest| side.path_taken.measure(latest, held_back));
        if elicits {
            side.stirred = now;
        }
        let (mut lost, mut lost_in_all) = (Vec::new(), 0);
        let overdue = side.path_taken.overdue();
        side.log_mut(opened.epoch).lose(now, overdue, |one: Lost| {
            lost_in_all += 1;
            if lost.len() < MAX_QUIC_NAMED {
                lost.push(one);
            }
        });
        let (lost, late) = (lost.into(), late.into());
        Some(News { count, largest, sample, gap, lost, lost_in_all, late })
    }

    /// For how many nanoseconds an acknowledgement was held back, as far as that counts (RFC 9002,
    /// section 5.3).
    fn held_back(&self, from: Direction, epoch: Epoch, delay: u64) -> i64 {
        let side = self.side(from);
        let exponent = match epoch {
            Epoch::Clear => return 0,
            Epoch::Handshake => DELAY_EXPONENT,
            Epoch::Early | Epoch::Application => side.delay_exponent,
        };
        let nanos = u128::from(delay) << exponent.min(20);
        let nanos = i64::try_from(nanos * 1_000).unwrap_or(i64::MAX);
        if self.is_confirmed { nanos.min(side.max_ack_delay) } else { nanos }
    }
}

/// What an ACK frame leaves out above all that was acknowledged before.
fn gap(ranges: &[(u64, u64)], before: Option<u64>) -> Option<Gap> {
    let mut gap: Option<Gap> = None;
    let above = ranges.iter().take_while(|(_, to)| before.is_none_or(|before| *to > before));
    let below = ranges.iter().skip(1).map(|(_, to)| *to).map(Some).chain([before]);
    for ((from, _), below) in above.zip(below) {
        let Some(below) = below.max(before) else { continue };
        let (first, last) = (below.saturating_add(1), from.saturating_sub(1));
        if first <= last {
            let count = gap.map_or(0, |gap| gap.count) + (last - first + 1);
            gap = Some(Gap { first, last, count, was_seen: false });
        }
    }
    gap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_left_out_anew_is_a_gap() {
        let check = |ranges: &[(u64, u64)], before, expected: Option<(u64, u64, u64)>| {
            let found = gap(ranges, before).map(|gap| (gap.first, gap.last, gap.count));
            assert_eq!(found, expected, "{ranges:?} after {before:?}");
        };
        check(&[(0, 4)], None, None);
        check(&[(3, 4)], None, None);
        check(&[(4, 6), (0, 2)], None, Some((3, 3, 1)));
        check(&[(4, 6), (0, 2)], Some(2), Some((3, 3, 1)));
        check(&[(4, 7), (0, 2)], Some(6), None);
        check(&[(9, 9), (4, 7), (0, 2)], Some(5), Some((8, 8, 1)));
        check(&[(20, 20), (10, 12)], Some(5), Some((6, 9, 11)));
        check(&[(20, 20)], Some(20), None);
        check(&[], Some(20), None);
    }
}
