//! Segments that were sent again, as far as sequence numbers tell.
//!
//! A segment says something again where every byte of it was seen before. What fills a hole says
//! it for the first time here, whether it was lost before it came by or only overtaken.

use crate::engine::tcp::flags::{FIN, RST, SYN};
use crate::limits::MAX_OVERVIEW_HOLES;
use crate::survey::Row;

/// What one direction has said so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Behind the last byte, once anything was said.
    end: Option<u32>,
    /// Stretches before that which were not seen: where each begins and ends.
    holes: Vec<(u32, u32)>,
    /// The number of the SYN, and behind the FIN.
    syn: Option<u32>,
    fin: Option<u32>,
}

/// Whether `a` comes before `b` (RFC 9293, section 3.4).
const fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

impl Said {
    /// Takes the next segment; says whether it was sent before.
    pub(super) fn pass(&mut self, row: &Row) -> bool {
        let flags = row.tcp_flags();
        if flags & RST != 0 {
            return false;
        }
        if flags & SYN != 0 {
            let is_known = self.syn == Some(row.seq);
            self.syn = Some(row.seq);
            self.end = self.end.or(Some(row.first_byte()));
            if row.payload_len == 0 {
                return is_known;
            }
        }
        if row.payload_len == 0 {
            let says_end = flags & FIN != 0;
            let is_known = says_end && self.fin == Some(row.end());
            if says_end {
                self.fin = Some(row.end());
            }
            return is_known;
        }
        let (first, end) = (row.first_byte(), row.end());
        if flags & FIN != 0 {
            self.fin = Some(end);
        }
        let Some(known) = self.end else {
            self.end = Some(end);
            return false;
        };
        // A keep-alive repeats the last byte on purpose (RFC 9293, section 3.8.4).
        if row.payload_len == 1 && end == known {
            return false;
        }
        if !before(first, known) {
            if first != known && self.holes.len() < MAX_OVERVIEW_HOLES {
                self.holes.push((known, first));
            }
            self.end = Some(end);
            return false;
        }
        let fills = self.fill(first, end);
        if before(known, end) {
            self.end = Some(end);
            return false;
        }
        !fills
    }

    /// Takes a stretch out of the holes; says whether there was one.
    fn fill(&mut self, first: u32, end: u32) -> bool {
        let mut fills = false;
        let mut left = Vec::new();
        self.holes.retain(|(from, to)| {
            let apart = !before(first, *to) || !before(*from, end);
            if !apart {
                fills = true;
                left.extend(before(*from, first).then_some((*from, first)));
                left.extend(before(end, *to).then_some((end, *to)));
            }
            apart
        });
        self.holes.append(&mut left);
        fills
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tcp::flags::ACK;

    /// Segments as flags, number and length, and which of them were sent before.
    #[track_caller]
    fn check(segments: &[(u16, u32, u32)], expected: &str) {
        let mut said = Said::default();
        let found: String = segments
            .iter()
            .map(|(flags, seq, payload_len)| {
                let mut row = Row { seq: *seq, payload_len: *payload_len, ..Row::EMPTY };
                row.set_tcp(*flags, 5);
                if said.pass(&row) { 'x' } else { '.' }
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_seen_before_is_sent_again_and_nothing_else() {
        check(&[(SYN, 9, 0), (ACK, 10, 0), (ACK, 10, 5), (ACK, 15, 5), (ACK, 10, 5)], "....x");
        check(&[(SYN, 9, 0), (SYN, 9, 0), (SYN, 9, 0)], ".xx");
        check(&[(ACK, 10, 5), (FIN | ACK, 15, 0), (FIN | ACK, 15, 0)], "..x");
        // It goes on where it repeats.
        check(&[(ACK, 10, 5), (ACK, 10, 9)], "..");
    }

    #[test]
    fn what_fills_a_hole_is_said_for_the_first_time() {
        check(&[(ACK, 10, 5), (ACK, 20, 5), (ACK, 15, 5), (ACK, 15, 5)], "...x");
        check(&[(ACK, 10, 5), (ACK, 30, 5), (ACK, 20, 5), (ACK, 15, 5), (ACK, 20, 5)], "....x");
    }

    #[test]
    fn keep_alives_and_resets_repeat_nothing() {
        check(&[(ACK, 10, 5), (ACK, 14, 1), (RST, 14, 0), (ACK, 14, 0)], "....");
        check(&[(ACK, u32::MAX - 2, 6), (ACK, 3, 4), (ACK, u32::MAX - 2, 6)], "..x");
    }
}
