//! A datagram that IP carried in pieces: what is said of it beside what it means.

use crate::ids::FrameId;
use crate::span::{Buffer, Span};
use crate::story::Telling;

/// Adds to a telling that what it tells of came in these pieces, of which the frames may be told
/// apart.
pub(super) fn told(mut told: Telling, pieces: &[Span]) -> Telling {
    let mut frames: Vec<FrameId> = pieces
        .iter()
        .filter_map(|piece| match piece.buffer.kind() {
            Buffer::Frame(frame) => Some(frame),
            _ => None,
        })
        .collect();
    frames.sort_unstable();
    frames.dedup();
    if frames.len() < 2 {
        return told;
    }
    let gap = if told.detail.is_empty() { "" } else { " " };
    let count = frames.len();
    told.detail += &format!(
        "{gap}It came in {count} fragments: it is larger than a packet, so IP cut it up and put it \
         together again. Only the first of them has the ports."
    );
    told.label += &format!(" in {count} IP fragments");
    Telling { lesson: Some("udp/fragments"), ..told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::stage::line;

    #[test]
    fn fragments_are_counted_by_the_frames_they_lie_in() {
        let check = |frames: &[u32], expected: &str| {
            let piece = |frame: &u32| Span::frame(FrameId(*frame), 34, 100);
            let pieces: Vec<Span> = frames.iter().map(piece).collect();
            let plain = Telling::new("8000 bytes", "Sends", "Data").detail("“abc”.");
            assert_eq!(line(&told(plain, &pieces)), expected);
        };
        check(
            &[3, 4, 4, 5],
            "8000 bytes in 3 IP fragments | Sends | “abc”. It came in 3 fragments: it is larger than a packet, so IP \
             cut it up and put it together again. Only the first of them has the ports.",
        );
        // One frame may hold all of a datagram that its tunnel had cut.
        check(&[3, 3], "8000 bytes | Sends | “abc”.");
    }
}
