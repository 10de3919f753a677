//! Says what a packet of SCTP means that IP carries: by its chunks, and by the packet that it
//! answers.

use std::net::IpAddr;

use super::{CHUNK_TYPE, message};
use crate::ids::FrameId;
use crate::telling::Telling;

/// A packet, as far as its story goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Who sends it, and to whom.
    pub ends: [(IpAddr, u16); 2],
    /// The types of its chunks, in order.
    pub chunks: Vec<u8>,
}

/// So many chunks of a packet are named.
const NAMED: usize = 4;

impl Packet {
    /// The types of chunk that ask for another one, and what answers them (RFC 9260, sections 5.1,
    /// 8.3 and 9.2).
    const PAIRS: [(u8, u8); 4] = [(1, 2), (10, 11), (4, 5), (7, 8)];

    /// What it asks with, of what gets an answer.
    #[must_use]
    pub fn asks(&self) -> Option<u8> {
        let asks = |kind: &&u8| Self::PAIRS.iter().any(|(asks, _)| asks == *kind);
        self.chunks.iter().find(asks).copied()
    }

    /// What it answers: the type of the chunk that asked.
    #[must_use]
    pub fn answers(&self) -> Option<u8> {
        let pair = |kind: &u8| Self::PAIRS.iter().find(|(_, answers)| answers == kind);
        self.chunks.iter().find_map(pair).map(|(asks, _)| *asks)
    }

    /// The bead, the sentences and the section of the standard; `answers` is the frame of what it
    /// answers.
    #[must_use]
    pub fn tell(&self, answers: Option<FrameId>) -> Telling {
        let name = |kind: u8| CHUNK_TYPE.def().name_of(kind.into()).unwrap_or("chunk");
        let mut named: Vec<String> = Vec::new();
        for run in self.chunks.chunk_by(|a, b| a == b).take(NAMED) {
            let kind = name(run.first().copied().unwrap_or_default());
            named.push(match run.len() {
                1 => kind.to_owned(),
                count => format!("{kind} × {count}"),
            });
        }
        let first = self.chunks.first().copied().unwrap_or(u8::MAX);
        // An acknowledgement that rides along says less than what it rides with.
        let speaks = self.chunks.iter().copied().find(|kind| *kind != SACK).unwrap_or(first);
        let told = message::tell_first(speaks, &named.join(" · "));
        match answers {
            Some(frame) => told.detail(format!("It answers frame {}.", frame.number())),
            None => told,
        }
    }
}

const SACK: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::stage::line;

    #[test]
    fn a_packet_is_told_by_what_it_does() {
        let check = |chunks: &[u8], answers: Option<FrameId>, expected: &str| {
            let end = (IpAddr::from([10, 0, 0, 1]), 80);
            let packet = Packet { ends: [end; 2], chunks: chunks.to_vec() };
            assert_eq!(line(&packet.tell(answers)), expected);
        };
        check(
            &[1],
            None,
            "INIT | Wants an association: names its tag, and how many streams it has",
        );
        check(
            &[2],
            Some(FrameId(6)),
            "INIT_ACK | Agrees, and keeps nothing: what it would have to is in the cookie | It answers frame 7.",
        );
        check(
            &[3, 0, 0],
            None,
            "SACK · DATA × 2 | Sends a message, or a part of one, on one of its streams",
        );
        check(&[3], None, "SACK | Says how far it has received, and which parts behind holes");
    }

    #[test]
    fn what_opens_and_ends_an_association_comes_in_pairs() {
        let end = (IpAddr::from([10, 0, 0, 1]), 80);
        let packet = |chunks: &[u8]| Packet { ends: [end; 2], chunks: chunks.to_vec() };
        assert_eq!((packet(&[1]).asks(), packet(&[1]).answers()), (Some(1), None));
        assert_eq!((packet(&[2]).asks(), packet(&[2]).answers()), (None, Some(1)));
        assert_eq!(packet(&[11, 3]).answers(), Some(10));
        assert_eq!(packet(&[10, 0]).asks(), Some(10));
        assert_eq!(packet(&[0]).asks(), None);
    }
}
