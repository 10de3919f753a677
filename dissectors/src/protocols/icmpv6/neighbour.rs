//! What a message about a neighbour means: who asks for a link address, who answers, and whether
//! an address is still free (RFC 4861, RFC 4862).

use std::net::Ipv6Addr;

use crate::headers::names::Address;
use crate::ids::FrameId;
use crate::telling::Telling;

/// A solicitation or an advertisement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Whether it asks.
    pub asks: bool,
    /// Who sends it; the unspecified address for a host that has none yet.
    pub from: Ipv6Addr,
    /// To whom: one host, or a group.
    pub to: Ipv6Addr,
    /// Whom it is about.
    pub target: Ipv6Addr,
    /// The link address that it brings.
    pub link: Option<[u8; 6]>,
}

impl Neighbour {
    /// Whether it asks for an address before using it (RFC 4862, section 5.4).
    #[must_use]
    pub const fn is_probe(&self) -> bool {
        self.asks && self.from.is_unspecified()
    }

    /// The bead, the sentences and the section of the standard; `answers` is the frame of what it
    /// answers, and whether that was a probe.
    #[must_use]
    pub fn tell(&self, answers: Option<(FrameId, bool)>) -> Telling {
        let target = self.target;
        let place = match self.link {
            Some(link) => format!("{target} is at {}", Address(link)),
            None => format!("{target} is here"),
        };
        let (label, headline, detail, standard, section) = match (self.asks, answers) {
            (true, _) if self.is_probe() => (
                "Probe",
                format!("Asks whether anyone has {target}, before using it"),
                "It names no address of its own. Silence means that the address is free.".into(),
                "RFC 4862",
                "5.4",
            ),
            (true, _) if self.to == target => (
                "Solicitation",
                format!("Asks {target} whether it is still there"),
                "It goes to that host alone.".into(),
                "RFC 4861",
                "7.3",
            ),
            (true, _) => (
                "Solicitation",
                format!("Asks who has {target}"),
                "It goes to the group of those whose address ends alike.".into(),
                "RFC 4861",
                "7.2.2",
            ),
            (false, Some((frame, true))) => (
                "Advertisement",
                format!("{target} is taken"),
                format!("Answers frame {}. Whoever probed must not use it.", frame.number()),
                "RFC 4862",
                "5.4.4",
            ),
            (false, Some((frame, false))) => (
                "Advertisement",
                place,
                format!("Answers frame {}.", frame.number()),
                "RFC 4861",
                "7.2.4",
            ),
            (false, None) if self.to.is_multicast() => (
                "Advertisement",
                format!("Tells all that {place}"),
                String::new(),
                "RFC 4861",
                "7.2.6",
            ),
            (false, None) => (
                "Advertisement",
                place,
                "The recording does not hold the question.".into(),
                "RFC 4861",
                "7.2.4",
            ),
        };
        let told = Telling::new(label, headline, "ICMPv6").detail(detail);
        told.lesson("arp/request", standard, section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentences of a message about 2001:db8::2.
    #[track_caller]
    fn check(asks: bool, from: &str, to: &str, answers: Option<(FrameId, bool)>, expected: &str) {
        let [from, to, target] = [from, to, "2001:db8::2"].map(|text| text.parse().unwrap());
        let link = Some([2, 0, 0, 0, 0, 2]);
        let told = Neighbour { asks, from, to, target, link }.tell(answers);
        assert_eq!(format!("{}. {}", told.headline, told.detail), expected);
    }

    #[test]
    fn a_message_says_who_asks_and_who_answers() {
        check(
            true,
            "2001:db8::1",
            "ff02::1:ff00:2",
            None,
            "Asks who has 2001:db8::2. It goes to the group of those whose address ends alike.",
        );
        check(
            true,
            "2001:db8::1",
            "2001:db8::2",
            None,
            "Asks 2001:db8::2 whether it is still there. It goes to that host alone.",
        );
        check(
            false,
            "2001:db8::2",
            "2001:db8::1",
            Some((FrameId(0), false)),
            "2001:db8::2 is at 02:00:00:00:00:02. Answers frame 1.",
        );
        check(
            false,
            "2001:db8::2",
            "ff02::1",
            None,
            "Tells all that 2001:db8::2 is at 02:00:00:00:00:02. ",
        );
    }

    #[test]
    fn an_address_is_probed_before_it_is_used() {
        check(
            true,
            "::",
            "ff02::1:ff00:2",
            None,
            "Asks whether anyone has 2001:db8::2, before using it. \
             It names no address of its own. Silence means that the address is free.",
        );
        check(
            false,
            "2001:db8::2",
            "ff02::1",
            Some((FrameId(0), true)),
            "2001:db8::2 is taken. Answers frame 1. Whoever probed must not use it.",
        );
    }
}
