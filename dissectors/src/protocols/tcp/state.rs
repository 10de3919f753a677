//! The states of both ends of a connection, inferred from the segments between them.
//!
//! The machine of RFC 9293, section 3.3.2, figure 5, as an onlooker can follow it: it sees what
//! was sent, takes it to arrive, and cannot see a program call `listen` or `close`, nor a timer
//! run out. So `LISTEN` is not told, and `TIME-WAIT` stays.
//!
//! ```text
//!            client                              server
//!   CLOSED ──────────── SYN ─────────────────>
//!   SYN-SENT <───────── SYN, ACK ──────────── SYN-RECEIVED
//!   ESTABLISHED ─────── ACK ────────────────> ESTABLISHED
//!   FIN-WAIT-1 ──────── FIN ────────────────> CLOSE-WAIT
//!   FIN-WAIT-2 <─────── ACK ─────────────────
//!   TIME-WAIT <──────── FIN ───────────────── LAST-ACK
//!              ──────── ACK ────────────────> CLOSED
//! ```

use super::segment::Segment;
use crate::engine::tcp::flags;
use crate::ids::Direction;

/// The state of one end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// There is no connection; where it began, the end may have been listening.
    #[default]
    Closed,
    /// It has asked for a connection.
    SynSent,
    /// It has been asked, and has answered.
    SynReceived,
    /// Data can go both ways.
    Established,
    /// It has said that it will send no more.
    FinWait1,
    /// And the other side has confirmed that.
    FinWait2,
    /// The other side will send no more; this one still may.
    CloseWait,
    /// Both said so at once, and its own word is not confirmed yet.
    Closing,
    /// It was the second to say so, and waits for the confirmation.
    LastAck,
    /// All is said; it stays to answer repetitions, and so that old segments die out.
    TimeWait,
}

impl State {
    /// The name in the standard: `SYN-SENT`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }

    /// How many states there are.
    pub(super) const COUNT: u32 = 10;

    /// Its number.
    pub(super) const fn number(self) -> u32 {
        self as u32
    }

    /// The state of that number.
    pub(super) fn of(number: u32) -> Self {
        const ALL: [State; State::COUNT as usize] = [
            State::Closed,
            State::SynSent,
            State::SynReceived,
            State::Established,
            State::FinWait1,
            State::FinWait2,
            State::CloseWait,
            State::Closing,
            State::LastAck,
            State::TimeWait,
        ];
        ALL.get(number as usize).copied().unwrap_or_default()
    }

    /// Whether there is still something to say, or to hear, in it. In TIME-WAIT there is not: it
    /// only outlasts old segments (RFC 9293, 3.3.2).
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::TimeWait)
    }
}

/// Both ends of one connection.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    states: [State; 2],
    /// The number after each side's SYN, and after its FIN: acknowledged, it has arrived.
    syn_end: [Option<u32>; 2],
    fin_end: [Option<u32>; 2],
    has_begun: bool,
}

impl Machine {
    /// The states now, by the direction in which each end sends: the client's, the server's.
    #[must_use]
    pub const fn states(&self) -> [State; 2] {
        self.states
    }

    /// Takes a segment as sent and received.
    pub fn segment(&mut self, seen: &Segment) {
        let [sender, receiver] = match seen.direction {
            Direction::Forward => [0, 1],
            Direction::Backward => [1, 0],
        };
        let has = |flag| seen.has(flag);
        if has(flags::RST) {
            self.states = [State::Closed; 2];
        } else {
            if !self.has_begun && !has(flags::SYN) {
                // The capture began in the middle: both had been talking.
                self.states = [State::Established; 2];
            }
            if has(flags::SYN) {
                self.send_syn(sender, receiver, seen);
            }
            if has(flags::ACK) {
                if !has(flags::SYN) {
                    self.unseen_answer(sender, receiver, seen);
                }
                self.receive_ack(receiver, seen.ack);
            }
            if has(flags::FIN) {
                self.send_fin(sender, receiver, seen);
            }
        }
        self.has_begun = true;
    }

    fn state(&mut self, end: usize) -> State {
        self.states.get(end).copied().unwrap_or_default()
    }

    fn set(&mut self, end: usize, state: State) {
        if let Some(slot) = self.states.get_mut(end) {
            *slot = state;
        }
    }

    fn send_syn(&mut self, sender: usize, receiver: usize, seen: &Segment) {
        if let Some(slot) = self.syn_end.get_mut(sender) {
            *slot = Some(seen.seq.wrapping_add(1));
        }
        let answers = seen.has(flags::ACK);
        match (self.state(sender), answers) {
            (State::Closed, false) => self.set(sender, State::SynSent),
            // From SYN-SENT where both asked at once.
            (State::Closed | State::SynSent, true) => self.set(sender, State::SynReceived),
            _ => {}
        }
        if !answers && self.state(receiver) == State::SynSent {
            // It asks one that has asked itself (RFC 9293, section 3.5, figure 7): at once with it,
            // or in the stead of an answer, which is then in two segments.
            self.set(receiver, State::SynReceived);
        }
        if let Some(asked @ None) = self.syn_end.get_mut(receiver)
            && answers
        {
            // Its own SYN comes late in the capture, or never: this is the answer to it.
            *asked = Some(seen.ack);
            if self.state(receiver) == State::Closed {
                self.set(receiver, State::SynSent);
            }
        }
    }

    /// Both are open where the answer to a SYN was not captured: whoever asked goes on behind its
    /// SYN, or the other side confirms that.
    fn unseen_answer(&mut self, sender: usize, receiver: usize, seen: &Segment) {
        let reaches = |number: u32, end: usize| {
            let asked = self.syn_end.get(end).copied().flatten();
            asked.is_some_and(|asked| number.wrapping_sub(asked) as i32 >= 0)
        };
        let states =
            [sender, receiver].map(|end| self.states.get(end).copied().unwrap_or_default());
        let is_answered = match states {
            [State::SynSent, State::Closed] => reaches(seen.seq, sender),
            [State::Closed, State::SynSent] => reaches(seen.ack, receiver),
            _ => false,
        };
        if is_answered {
            self.states = [State::Established; 2];
        }
    }

    fn send_fin(&mut self, sender: usize, receiver: usize, seen: &Segment) {
        if let Some(slot) = self.fin_end.get_mut(sender) {
            *slot = Some(seen.seq.wrapping_add(seen.len).wrapping_add(1));
        }
        // It confirms what it has heard of: without the other side's FIN among that, both crossed
        // on their way (RFC 9293, section 3.6, case 3).
        let heard = self.fin_end.get(receiver).copied().flatten();
        let crossed = seen.has(flags::ACK)
            && heard.is_some_and(|end| (seen.ack.wrapping_sub(end) as i32) < 0);
        match self.state(sender) {
            State::Established | State::SynReceived => self.set(sender, State::FinWait1),
            State::CloseWait if crossed => self.set(sender, State::Closing),
            State::CloseWait => self.set(sender, State::LastAck),
            _ => {}
        }
        match self.state(receiver) {
            State::Established | State::SynReceived => self.set(receiver, State::CloseWait),
            // A FIN that acknowledged ours has taken us to FIN-WAIT-2 first.
            State::FinWait1 => self.set(receiver, State::Closing),
            State::FinWait2 => self.set(receiver, State::TimeWait),
            _ => {}
        }
    }

    fn receive_ack(&mut self, receiver: usize, ack: u32) {
        let covers = |end: Option<u32>| end.is_some_and(|end| ack.wrapping_sub(end) as i32 >= 0);
        let syn = covers(self.syn_end.get(receiver).copied().flatten());
        let fin = covers(self.fin_end.get(receiver).copied().flatten());
        match self.state(receiver) {
            State::SynSent | State::SynReceived if syn => self.set(receiver, State::Established),
            State::FinWait1 if fin => self.set(receiver, State::FinWait2),
            State::Closing if fin => self.set(receiver, State::TimeWait),
            State::LastAck if fin => self.set(receiver, State::Closed),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;
    use crate::span::Span;

    const SYN: u16 = flags::SYN;
    const ACK: u16 = flags::ACK;
    const FIN: u16 = flags::FIN;
    const RST: u16 = flags::RST;

    /// Each step: direction, flags, sequence, acknowledgement, length; and the states after it.
    #[track_caller]
    fn check(steps: &[(char, u16, u32, u32, u32, &str)]) {
        let mut machine = Machine::default();
        for (number, (direction, flags, seq, ack, len, expected)) in
            steps.iter().copied().enumerate()
        {
            let direction = if direction == '>' { Direction::Forward } else { Direction::Backward };
            let data = Span::frame(FrameId(0), 0, len);
            let (ports, window) = ([0; 2], 9);
            let (cause, cut, urgent) = (Span::NONE, 0, None);
            let segment = Segment {
                direction,
                ports,
                seq,
                ack,
                flags,
                window,
                data,
                len,
                cause,
                cut,
                urgent,
            };
            machine.segment(&segment);
            let named = machine.states().map(State::name).join(" ");
            assert_eq!(named, expected, "after step {}", number + 1);
        }
    }

    #[test]
    fn a_connection_opens_and_the_client_closes_first() {
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', SYN | ACK, 500, 101, 0, "ESTABLISHED SYN-RECEIVED"),
            ('>', ACK, 101, 501, 0, "ESTABLISHED ESTABLISHED"),
            ('>', ACK, 101, 501, 5, "ESTABLISHED ESTABLISHED"),
            ('>', FIN | ACK, 106, 501, 0, "FIN-WAIT-1 CLOSE-WAIT"),
            // Data is acknowledged, the FIN is not.
            ('<', ACK, 501, 106, 0, "FIN-WAIT-1 CLOSE-WAIT"),
            ('<', ACK, 501, 107, 0, "FIN-WAIT-2 CLOSE-WAIT"),
            ('<', FIN | ACK, 501, 107, 0, "TIME-WAIT LAST-ACK"),
            ('>', ACK, 107, 502, 0, "TIME-WAIT CLOSED"),
        ]);
    }

    #[test]
    fn a_syn_may_be_stored_after_its_answer() {
        check(&[
            ('<', SYN | ACK, 500, 101, 0, "ESTABLISHED SYN-RECEIVED"),
            ('>', ACK, 101, 501, 5, "ESTABLISHED ESTABLISHED"),
            ('>', SYN, 100, 0, 0, "ESTABLISHED ESTABLISHED"),
            ('>', RST, 106, 0, 0, "CLOSED CLOSED"),
            ('<', SYN | ACK, 500, 101, 0, "CLOSED SYN-RECEIVED"),
        ]);
    }

    #[test]
    fn a_fin_may_acknowledge_the_other() {
        check(&[
            ('>', SYN, u32::MAX, 0, 0, "SYN-SENT CLOSED"),
            ('<', SYN | ACK, 500, 0, 0, "ESTABLISHED SYN-RECEIVED"),
            ('>', ACK, 0, 501, 0, "ESTABLISHED ESTABLISHED"),
            ('<', FIN | ACK, 501, 0, 7, "CLOSE-WAIT FIN-WAIT-1"),
            ('>', FIN | ACK, 0, 509, 0, "LAST-ACK TIME-WAIT"),
            ('<', ACK, 509, 1, 0, "CLOSED TIME-WAIT"),
        ]);
    }

    #[test]
    fn both_may_close_at_once() {
        check(&[
            ('>', ACK, 100, 500, 0, "ESTABLISHED ESTABLISHED"),
            ('>', FIN | ACK, 100, 500, 0, "FIN-WAIT-1 CLOSE-WAIT"),
            // It crossed the other on its way: what it acknowledges is older.
            ('<', FIN | ACK, 500, 100, 0, "CLOSING CLOSING"),
            ('<', ACK, 501, 101, 0, "TIME-WAIT CLOSING"),
            ('>', ACK, 101, 501, 0, "TIME-WAIT TIME-WAIT"),
        ]);
    }

    #[test]
    fn both_may_open_at_once() {
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', SYN, 500, 0, 0, "SYN-RECEIVED SYN-SENT"),
            ('>', SYN | ACK, 100, 501, 0, "SYN-RECEIVED ESTABLISHED"),
            ('<', SYN | ACK, 500, 101, 0, "ESTABLISHED ESTABLISHED"),
        ]);
        // One of them may confirm without saying its SYN again: a handshake that is split.
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', SYN, 500, 0, 0, "SYN-RECEIVED SYN-SENT"),
            ('>', SYN | ACK, 100, 501, 0, "SYN-RECEIVED ESTABLISHED"),
            ('<', ACK, 501, 101, 0, "ESTABLISHED ESTABLISHED"),
        ]);
    }

    #[test]
    fn an_answer_that_was_not_captured_shows_in_what_follows() {
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('>', ACK, 101, 501, 0, "ESTABLISHED ESTABLISHED"),
            ('>', ACK, 101, 501, 9, "ESTABLISHED ESTABLISHED"),
        ]);
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', ACK, 501, 101, 7, "ESTABLISHED ESTABLISHED"),
        ]);
        // What answers something else says nothing of this SYN.
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', ACK, 900, 77, 0, "SYN-SENT CLOSED"),
            ('>', RST, 77, 0, 0, "CLOSED CLOSED"),
        ]);
    }

    #[test]
    fn a_reset_ends_it_for_both() {
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', RST | ACK, 0, 101, 0, "CLOSED CLOSED"),
        ]);
        check(&[
            ('>', ACK, 100, 500, 3, "ESTABLISHED ESTABLISHED"),
            ('<', RST | ACK, 500, 103, 0, "CLOSED CLOSED"),
        ]);
    }

    #[test]
    fn repetitions_change_nothing() {
        check(&[
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('>', SYN, 100, 0, 0, "SYN-SENT CLOSED"),
            ('<', SYN | ACK, 500, 101, 0, "ESTABLISHED SYN-RECEIVED"),
            ('<', SYN | ACK, 500, 101, 0, "ESTABLISHED SYN-RECEIVED"),
            ('>', ACK, 101, 501, 0, "ESTABLISHED ESTABLISHED"),
            ('>', FIN | ACK, 101, 501, 0, "FIN-WAIT-1 CLOSE-WAIT"),
            ('>', FIN | ACK, 101, 501, 0, "FIN-WAIT-1 CLOSE-WAIT"),
        ]);
    }
}
