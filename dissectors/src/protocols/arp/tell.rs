//! What an ARP packet means: who asks, who answers, who tells without being asked, and who claims
//! what another one has (RFC 826, RFC 5227, RFC 903).

use std::net::Ipv4Addr;

use crate::headers::names::Address;
use crate::ids::FrameId;
use crate::telling::Telling;

/// A packet, as far as it is about IPv4 and links with addresses of six bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What it asks or says: the operation.
    pub operation: u16,
    /// Who sends it.
    pub sender: Host,
    /// About whom it asks, or to whom it speaks.
    pub target: Host,
}

/// A host: the address on its link, and that of IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// On its link.
    pub link: [u8; 6],
    /// In IPv4; 0.0.0.0 for a host that has none yet.
    pub ip: Ipv4Addr,
}

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Asks who has an address.
    Request,
    /// Asks so before using it (RFC 5227, section 2.1).
    Probe,
    /// Tells all that the sender has it (RFC 5227, section 2.3).
    Announcement,
    /// Says who has it.
    Reply,
    /// The same, and nobody need have asked.
    Unasked,
    /// Asks which address of IPv4 belongs to one of a link (RFC 903).
    ReverseRequest,
    /// Says that.
    ReverseReply,
    /// Something else.
    Other,
}

/// What the frames before a packet say of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The frame that it answers.
    pub answers: Option<FrameId>,
    /// Who else claimed the sender's address, and in which frame.
    pub claimed: Option<([u8; 6], FrameId)>,
}

impl Packet {
    /// What it is.
    #[must_use]
    pub fn what(&self) -> What {
        let is_about_itself = self.sender.ip == self.target.ip;
        match self.operation {
            1 if self.sender.ip.is_unspecified() => What::Probe,
            1 if is_about_itself => What::Announcement,
            1 => What::Request,
            2 if is_about_itself => What::Unasked,
            2 => What::Reply,
            3 => What::ReverseRequest,
            4 => What::ReverseReply,
            _ => What::Other,
        }
    }

    /// The address of IPv4 that its sender says is its own.
    #[must_use]
    pub fn claims(&self) -> Option<Ipv4Addr> {
        let of_arp = matches!(self.operation, 1 | 2);
        Some(self.sender.ip).filter(|ip| of_arp && !ip.is_unspecified())
    }

    /// The bead, the sentences and the section of the standard.
    #[must_use]
    pub fn tell(&self, known: Known) -> Telling {
        let told = self.alone(known.answers);
        let Some((other, frame)) = known.claimed else { return told };
        let headline = format!(
            "Claims {}, which {} claimed in frame {}",
            self.sender.ip,
            Address(other),
            frame.number()
        );
        let detail = "Either two hosts use one address, or it moved from one to the other.";
        Telling { headline, ..told.lesson("arp/conflict", "RFC 5227", "2.4") }.detail(detail)
    }

    /// What it means where nobody else claims the address.
    fn alone(&self, answers: Option<FrameId>) -> Telling {
        let Self { sender, target, operation } = *self;
        let link = Address(sender.link);
        let answers = |text: &str| match answers {
            Some(frame) => format!("Answers frame {}. {text}", frame.number()),
            None => format!("The recording does not hold the question. {text}"),
        };
        let told = match self.what() {
            What::Request => Telling::new(
                format!("Who has {}?", target.ip),
                format!("Asks who has {}", target.ip),
                "ARP",
            )
            .detail(format!("The answer goes to {} at {link}.", sender.ip)),
            What::Probe => Telling::new(
                format!("Probe {}", target.ip),
                format!("Asks whether anyone has {}, before using it", target.ip),
                "ARP",
            )
            .detail("It names no address of its own, so that nobody learns a wrong one."),
            What::Announcement => Telling::new(
                format!("Announcement {}", sender.ip),
                format!("Tells all that {} is at {link}", sender.ip),
                "ARP",
            )
            .detail("A request that no one answers: whoever knew another address corrects it."),
            What::Reply if self.is_taken() => {
                let taken = format!("{} is taken: {link} has it", sender.ip);
                Telling::new(format!("Reply {}", sender.ip), taken, "ARP")
                    .detail(answers("Whoever probed must not use it.").trim_end())
            }
            What::Reply => Telling::new(
                format!("Reply {}", sender.ip),
                format!("{} is at {link}", sender.ip),
                "ARP",
            )
            .detail(answers("").trim_end()),
            What::Unasked => Telling::new(
                format!("Reply {}", sender.ip),
                format!("Tells, unasked, that {} is at {link}", sender.ip),
                "ARP",
            ),
            What::ReverseRequest => Telling::new(
                "Who am I?",
                format!("Asks which address of IPv4 belongs to {}", Address(target.link)),
                "ARP",
            )
            .detail("Reverse ARP: a host without a disk knows no more of itself than its link."),
            What::ReverseReply => Telling::new(
                format!("You are {}", target.ip),
                format!("{} has the address {}", Address(target.link), target.ip),
                "ARP",
            )
            .detail(answers("").trim_end()),
            What::Other => Telling::new(
                format!("Operation {operation}"),
                format!("ARP with operation {operation}, from {link}"),
                "ARP",
            ),
        };
        match self.what() {
            What::Probe => told.lesson("arp/conflict", "RFC 5227", "2.1"),
            What::Announcement | What::Unasked => told.lesson("arp/conflict", "RFC 5227", "2.3"),
            What::ReverseRequest | What::ReverseReply => told.lesson("arp/request", "RFC 903", ""),
            _ => told.lesson("arp/request", "RFC 826", ""),
        }
    }

    /// Whether it answers a probe: that names no address of its own.
    fn is_taken(&self) -> bool {
        self.operation == 2 && self.target.ip.is_unspecified()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(link: u8, ip: u8) -> Host {
        let ip = if ip == 0 { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::new(10, 0, 0, ip) };
        Host { link: [2, 0, 0, 0, 0, link], ip }
    }

    /// Bead, sentence and detail of a packet.
    #[track_caller]
    fn check(operation: u16, sender: Host, target: Host, known: Known, expected: &str) {
        let told = Packet { operation, sender, target }.tell(known);
        assert_eq!(format!("{}: {}. {}", told.label, told.headline, told.detail), expected);
    }

    #[test]
    fn a_packet_says_who_asks_and_who_answers() {
        let (nobody, none) = (host(0, 2), Known::default());
        check(
            1,
            host(1, 1),
            nobody,
            none,
            "Who has 10.0.0.2?: Asks who has 10.0.0.2. \
             The answer goes to 10.0.0.1 at 02:00:00:00:00:01.",
        );
        check(
            1,
            host(1, 0),
            nobody,
            none,
            "Probe 10.0.0.2: Asks whether anyone has 10.0.0.2, before using it. \
             It names no address of its own, so that nobody learns a wrong one.",
        );
        check(
            1,
            host(1, 1),
            host(0, 1),
            none,
            "Announcement 10.0.0.1: Tells all that 10.0.0.1 is at 02:00:00:00:00:01. \
             A request that no one answers: whoever knew another address corrects it.",
        );
        let asked = Known { answers: Some(FrameId(0)), ..none };
        check(
            2,
            host(2, 2),
            host(1, 1),
            asked,
            "Reply 10.0.0.2: 10.0.0.2 is at 02:00:00:00:00:02. Answers frame 1.",
        );
        check(
            2,
            host(2, 2),
            host(1, 1),
            none,
            "Reply 10.0.0.2: 10.0.0.2 is at 02:00:00:00:00:02. \
             The recording does not hold the question.",
        );
        check(
            2,
            host(2, 2),
            host(1, 0),
            asked,
            "Reply 10.0.0.2: 10.0.0.2 is taken: 02:00:00:00:00:02 has it. \
             Answers frame 1. Whoever probed must not use it.",
        );
        check(
            2,
            host(2, 2),
            host(2, 2),
            none,
            "Reply 10.0.0.2: Tells, unasked, that 10.0.0.2 is at 02:00:00:00:00:02. ",
        );
    }

    #[test]
    fn two_links_that_claim_one_address_are_named() {
        let claimed = Some(([2, 0, 0, 0, 0, 9], FrameId(3)));
        check(
            2,
            host(2, 2),
            host(1, 1),
            Known { claimed, ..Known::default() },
            "Reply 10.0.0.2: Claims 10.0.0.2, which 02:00:00:00:00:09 claimed in frame 4. \
             Either two hosts use one address, or it moved from one to the other.",
        );
    }

    #[test]
    fn a_host_may_ask_who_it_is() {
        check(
            3,
            host(1, 0),
            host(1, 0),
            Known::default(),
            "Who am I?: Asks which address of IPv4 belongs to 02:00:00:00:00:01. \
             Reverse ARP: a host without a disk knows no more of itself than its link.",
        );
        let asked = Known { answers: Some(FrameId(0)), ..Known::default() };
        check(
            4,
            host(9, 9),
            host(1, 1),
            asked,
            "You are 10.0.0.1: 02:00:00:00:00:01 has the address 10.0.0.1. Answers frame 1.",
        );
        check(
            8,
            host(1, 1),
            host(2, 2),
            Known::default(),
            "Operation 8: ARP with operation 8, from 02:00:00:00:00:01. ",
        );
    }
}
