//! Damaged sessions: cut, flipped and reordered. Nothing panics, and no place leaves its buffer.

use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::protocols::tls::fields as tls;
use wirestage_dissectors::registry::standard;

use crate::feed::{read, read_without};
use crate::spans::Checked;
use crate::vector::{openssl, rfc8448};

/// Numbers that look random and are the same every time (xorshift).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn damage(sent: &mut Vec<(Direction, Vec<u8>)>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        let index = numbers.below(sent.len());
        let len = sent[index].1.len();
        match numbers.below(6) {
            0 => sent[index].1.truncate(numbers.below(len)),
            1 => {
                sent.remove(index);
                if sent.is_empty() {
                    sent.push((Direction::Forward, vec![22]));
                }
            }
            2 => {
                let other = numbers.below(sent.len());
                sent.swap(index, other);
            }
            3 => sent[index].0 = sent[index].0.reverse(),
            _ if len > 0 => {
                let at = numbers.below(len);
                sent[index].1[at] ^= 1 << numbers.below(8);
            }
            _ => {}
        }
    }
}

#[test]
fn damage_never_panics_and_no_place_leaves_its_buffer() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for vector in rfc8448().into_iter().chain(openssl()) {
        for _ in 0..200 {
            let mut sent = vector.sent.clone();
            damage(&mut sent, &mut numbers);
            let lost = [numbers.below(2 * sent.len())];
            let read = read_without(&lost, 443, &sent, &vector.secrets);
            Checked::all(&read);
            let protocol = standard().get(tls::PROTOCOL_ID);
            for message in read.messages(tls::PROTOCOL_ID) {
                protocol.tell(message, &read.view());
                protocol.column(message, &read.view());
            }
        }
    }
}

#[test]
fn every_truncation_of_a_hello_is_survived() {
    for vector in rfc8448() {
        for (direction, record) in vector.sent.iter().take(4) {
            for len in 5..record.len() {
                // A record that says itself how little it holds: all of the cut is inside.
                let mut cut = record[..len].to_vec();
                let inside = ((len - 5) as u16).to_be_bytes();
                cut[3..5].copy_from_slice(&inside);
                if len >= 9 {
                    cut[6..9].copy_from_slice(&[0, 0, 0]);
                    cut[7..9].copy_from_slice(&((len - 9) as u16).to_be_bytes());
                }
                let read = read(&[(*direction, cut)], &vector.secrets);
                Checked::all(&read);
            }
        }
    }
}
