//! Finds questions that were handed on as they came, byte by byte: a hello of TLS has a random that
//! no other has, whoever copies it.

use std::collections::HashMap;

use super::Writer;
use crate::ids::FrameId;
use crate::known::Token;
use crate::story::weave::told::Told;
use crate::story::{BeatId, Passage, Proof};

/// What such a question is told from all others by.
const RANDOM: &str = "random";

/// The passages of questions that were copied, in the order of the recording.
pub(super) fn copies(told: &[Told], writer: &Writer<'_>) -> Vec<Passage> {
    let mut said: HashMap<Token, Vec<(FrameId, usize, BeatId)>> = HashMap::new();
    for one in told.iter().filter(|one| one.track.is_some()) {
        let number = one.thread.number;
        for item in one.thread.items.iter().filter(|item| item.told.turn.asks) {
            let beat = writer.messages.get(&(number, item.message));
            if let Some((token, beat)) = item.told.trace.unique.zip(beat) {
                said.entry(token).or_default().push((item.start, number, *beat));
            }
        }
    }
    let mut found: Vec<(FrameId, Passage)> = Vec::new();
    for mut places in said.into_values() {
        places.sort_unstable();
        for ((_, asked, before), (frame, handed, beat)) in places.iter().zip(places.iter().skip(1))
        {
            if asked != handed {
                found.push((*frame, passage(*before, *beat)));
            }
        }
    }
    found.sort_by_key(|(frame, _)| *frame);
    found.into_iter().map(|(_, passage)| passage).collect()
}

fn passage(asked: BeatId, handed_on: BeatId) -> Passage {
    let proof = Proof::Id(RANDOM);
    Passage { asked, handed_on, same: true, proof, attempt: 1, question: None, answer: None }
}
