//! What an echo means, of ICMP as of ICMPv6: who asks, and what comes back.

use std::net::IpAddr;

use crate::ids::FrameId;
use crate::telling::Telling;

/// An echo, or what asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Whether it asks.
    pub asks: bool,
    /// Who sends it.
    pub from: IpAddr,
    /// To whom.
    pub to: IpAddr,
    /// What tells one ping from another.
    pub ident: u16,
    /// What tells one request from the next.
    pub number: u16,
}

impl Echo {
    /// The bead, the sentences and the section of the standard; `answers` is the frame of what it
    /// answers.
    #[must_use]
    pub fn tell(&self, answers: Option<FrameId>) -> Telling {
        let Self { asks, from, to, ident, number } = *self;
        let chapter = if from.is_ipv4() { "ICMP" } else { "ICMPv6" };
        let told = match (asks, answers) {
            (true, _) => Telling::new("Echo request", format!("Asks {to} for an echo"), chapter)
                .detail(format!("Number {number} of ping {ident:#06x}.")),
            (false, Some(frame)) => Telling::new("Echo reply", "Sends back what came", chapter)
                .detail(format!("Answers frame {}: number {number}.", frame.number())),
            (false, None) => Telling::new("Echo reply", "Sends back what came", chapter).detail(
                format!("Number {number} of ping {ident:#06x}; the recording lacks the question."),
            ),
        };
        match (from.is_ipv4(), asks) {
            (true, _) => told.lesson("icmp/echo", "RFC 792", ""),
            (false, true) => told.lesson("icmp/echo", "RFC 4443", "4.1"),
            (false, false) => told.lesson("icmp/echo", "RFC 4443", "4.2"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::stage::line;

    #[test]
    fn what_is_told() {
        let [from, to] = [1, 2].map(|last| IpAddr::from([192, 0, 2, last]));
        let check = |asks: bool, answers: Option<u32>, expected: &str| {
            let echo = Echo { asks, from, to, ident: 0x1234, number: 7 };
            assert_eq!(line(&echo.tell(answers.map(FrameId))), expected);
        };
        check(true, None, "Echo request | Asks 192.0.2.2 for an echo | Number 7 of ping 0x1234.");
        check(false, Some(4), "Echo reply | Sends back what came | Answers frame 5: number 7.");
        check(
            false,
            None,
            "Echo reply | Sends back what came | Number 7 of ping 0x1234; the recording lacks the \
             question.",
        );
    }
}
