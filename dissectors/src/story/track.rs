//! Tracks: the connections of a story, each with a name and a letter by which it is followed.

use super::{ActorId, Moment};
use crate::ids::ConnectionId;

/// Which track, by position in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackId(pub u16);

/// One connection of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// Which connection.
    pub connection: ConnectionId,
    /// What it is there for, in the words of its first question: "GET /p5.txt"; where none was
    /// read, the port that it came from: "port 43466".
    pub name: String,
    /// Who began, and who answers.
    pub ends: [ActorId; 2],
    /// The port of each, where its lifeline does not name it because it has several.
    pub ports: [Option<u16>; 2],
    /// Its first step.
    pub first: Moment,
    /// The end of its last step.
    pub last: Moment,
    /// How many frames it took.
    pub packets: u32,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// How many round trips it cost, as its chapters count them.
    pub round_trips: u32,
    /// Whether it begins in the recording; else it was open before.
    pub is_whole: bool,
    /// An earlier one that went the same way: the same chapters between the same ends, at the
    /// same cost, with the same outcome. Only where there are so many that they are told as one.
    pub like: Option<TrackId>,
}

impl Track {
    /// Its ports in words, as far as no lifeline names them: "from port 43466".
    #[must_use]
    pub fn ports_in_words(&self) -> Option<String> {
        match self.ports {
            [Some(from), Some(to)] => Some(format!("ports {from}, {to}")),
            [Some(from), None] => Some(format!("from port {from}")),
            [None, Some(to)] => Some(format!("to port {to}")),
            [None, None] => None,
        }
    }
}

impl TrackId {
    /// The letter that stands for it: A to Z, then AA, AB and so on.
    #[must_use]
    pub fn letter(self) -> String {
        let digit = |number: u16| char::from(b'A' + (number % LETTERS) as u8);
        let mut letters = vec![digit(self.0)];
        let mut rest = self.0 / LETTERS;
        while rest > 0 {
            letters.push(digit(rest - 1));
            rest = (rest - 1) / LETTERS;
        }
        letters.iter().rev().collect()
    }
}

const LETTERS: u16 = 26;

#[cfg(test)]
mod tests {
    use super::TrackId;

    #[test]
    fn letters_go_on_with_two() {
        let said = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(|at| TrackId(at).letter());
        assert_eq!(said, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
