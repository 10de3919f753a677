//! What becomes of a packet: decided by the settings, its sender and its number, and by nothing
//! else. So the same seed meets the same packets of each direction, however long they take and
//! whatever the other direction does.

use std::time::Duration;

use super::settings::Link;
use super::side::Side;

/// Which packet of its direction one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Who sent it.
    pub(super) from: Side,
    /// The how manieth packet of that side, from one.
    pub(super) packet: u64,
    /// The how manieth with data, from one; nothing for one without.
    pub(super) data: Option<u64>,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It gets lost.
    Lost,
    /// It goes on its way.
    Sent {
        /// How much longer it takes, in its place behind those before it.
        longer: Duration,
        /// Whether it is held back so that those behind it may overtake.
        held: bool,
        /// Whether it comes twice.
        twice: bool,
    },
}

impl Link {
    /// What becomes of a packet.
    pub(super) fn fate(&self, number: Number) -> Fate {
        let named = self.drops.has(number.from, number.packet)
            || number.data.is_some_and(|data| self.data_drops.has(number.from, data));
        let dice = |throw: Throw| self.dice(number, throw);
        if named || self.loss.meets(dice(Throw::Loss)) {
            return Fate::Lost;
        }
        let most = self.jitter.as_nanos() as u64;
        let jitter = Duration::from_nanos(dice(Throw::Jitter) % (most + 1));
        let stall = self.stall.filter(|_| self.stalls(number));
        let stall = stall.map_or(Duration::ZERO, |stall| stall.time);
        Fate::Sent {
            longer: jitter + stall,
            held: self.reorder.meets(dice(Throw::Reorder)),
            twice: self.duplicate.meets(dice(Throw::Duplicate)),
        }
    }

    /// Whether a packet is the one that the way holds up.
    pub(super) fn stalls(&self, number: Number) -> bool {
        self.stall.is_some_and(|it| (it.side, Some(it.number)) == (number.from, number.data))
    }

    /// Throws the dice for one question about one packet.
    fn dice(&self, number: Number, throw: Throw) -> u64 {
        let seeds = [self.seed, number.from as u64, number.packet, throw as u64];
        seeds.into_iter().fold(0, |state, seed| mixed(state ^ seed))
    }
}

/// What dice are thrown for.
#[derive(Clone, Copy)]
enum Throw {
    Loss,
    Jitter,
    Reorder,
    Duplicate,
}

/// The step of SplitMix64 (Steele, Lea and Flood, 2014): every bit of what goes in changes about
/// half of the bits that come out.
const fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Whether an IP packet carries data: a TCP segment with a payload, or a UDP datagram. A fragment
/// behind the first has no header to tell by, and counts as none.
pub(super) fn carries_data(packet: &[u8]) -> bool {
    has_data(packet).unwrap_or(false)
}

fn has_data(packet: &[u8]) -> Option<bool> {
    const TCP: u8 = 6;
    const UDP: u8 = 17;
    let word = |at: usize| Some(u16::from_be_bytes([*packet.get(at)?, *packet.get(at + 1)?]));
    let (protocol, header, total) = match packet.first()? >> 4 {
        4 if word(6)? & 0x1fff == 0 => {
            let header = usize::from(packet.first()? & 0x0f) * 4;
            (*packet.get(9)?, header, usize::from(word(2)?))
        }
        6 => (*packet.get(6)?, 40, 40 + usize::from(word(4)?)),
        _ => return None,
    };
    Some(match protocol {
        TCP => header + usize::from(*packet.get(header + 12)? >> 4) * 4 < total,
        UDP => header + 8 < total,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the packets of one side that get lost, of the first thousand.
    fn lost(link: &Link, from: Side) -> Vec<u64> {
        let is_lost = |packet: &u64| {
            let number = Number { from, packet: *packet, data: Some(*packet) };
            link.fate(number) == Fate::Lost
        };
        (1..=1000).filter(is_lost).collect()
    }

    #[test]
    fn the_same_seed_meets_the_same_packets_and_another_does_not() {
        let link = |text: &str| Link::parse(text).unwrap();
        let seven = link("loss=2%,seed=7");
        for side in Side::BOTH {
            assert_eq!(lost(&seven, side), lost(&link("loss=2%,seed=7,rtt=1s"), side));
            assert_ne!(lost(&seven, side), lost(&link("loss=2%,seed=8"), side));
            let count = lost(&seven, side).len();
            assert!((5..=40).contains(&count), "{count} of a thousand at two percent");
        }
        assert_ne!(lost(&seven, Side::Client), lost(&seven, Side::Server));
    }

    #[test]
    fn what_is_named_gets_lost_and_nothing_else() {
        let check = |text: &str, client: &[u64], server: &[u64]| {
            let link = Link::parse(text).unwrap();
            assert_eq!(lost(&link, Side::Client), client, "{text}");
            assert_eq!(lost(&link, Side::Server), server, "{text}");
        };
        check("drop=server:3", &[], &[3]);
        check("drop=server:3+5/client:1", &[1], &[3, 5]);
        check("drop-data=server:4,drop=server:3", &[], &[3, 4]);
        check("drop=none", &[], &[]);
        let link = Link::parse("drop-data=client:2").unwrap();
        let number = Number { from: Side::Client, packet: 9, data: None };
        let sent = Fate::Sent { longer: Duration::ZERO, held: false, twice: false };
        assert_eq!(link.fate(number), sent);
        assert_eq!(link.fate(Number { data: Some(2), ..number }), Fate::Lost);
    }

    #[test]
    fn one_packet_with_data_is_held_up_and_no_other() {
        let link = Link::parse("stall-data=server:2@300ms").unwrap();
        let longer = |from, data| {
            let fate = link.fate(Number { from, packet: 2, data });
            let Fate::Sent { longer, held: false, twice: false } = fate else {
                panic!("nothing else befalls it: {fate:?}")
            };
            longer.as_millis()
        };
        assert_eq!(longer(Side::Server, Some(2)), 300);
        assert_eq!(longer(Side::Server, Some(1)), 0);
        assert_eq!(longer(Side::Server, None), 0);
        assert_eq!(longer(Side::Client, Some(2)), 0);
    }

    #[test]
    fn every_mishap_happens_about_as_often_as_it_is_asked_for() {
        let link = Link::parse("jitter=10ms,reorder=10%,duplicate=10%").unwrap();
        let (mut held_back, mut doubled, mut longest) = (0, 0, Duration::ZERO);
        for packet in 1..=1000 {
            let number = Number { from: Side::Client, packet, data: None };
            let Fate::Sent { longer, held, twice } = link.fate(number) else {
                panic!("nothing gets lost")
            };
            held_back += u32::from(held);
            doubled += u32::from(twice);
            longest = longest.max(longer);
        }
        assert!((60..=140).contains(&held_back), "{held_back}");
        assert!((60..=140).contains(&doubled), "{doubled}");
        assert!(longest <= Duration::from_millis(10) && longest > Duration::from_millis(9));
    }

    #[test]
    fn data_is_told_from_what_only_answers() {
        let packet = |protocol: u8, payload: usize| {
            let header: usize = if protocol == 6 { 20 } else { 8 };
            let mut packet = vec![0; 20 + header + payload];
            let total = packet.len() as u16;
            packet[0] = 0x45;
            packet[2..4].copy_from_slice(&total.to_be_bytes());
            packet[9] = protocol;
            if protocol == 6 {
                packet[32] = 0x50;
            }
            packet
        };
        assert!(!carries_data(&packet(6, 0)));
        assert!(carries_data(&packet(6, 1)));
        assert!(carries_data(&packet(17, 1)));
        assert!(!carries_data(&packet(1, 64)), "ICMP");
        let mut fragment = packet(17, 100);
        fragment[7] = 1;
        assert!(!carries_data(&fragment));
        for len in 0..40 {
            carries_data(&packet(6, 1)[..len]);
        }
    }
}
