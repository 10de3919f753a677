//! Many connections: those that were looked at longest ago are not kept open.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::limits::MAX_CONVERSATIONS;
use wirestage_dissectors::secret::Secrets;

use crate::made::{registry, say};
use crate::play::{CLIENT, Line, Wire, survey_in};

#[test]
fn so_many_conversations_are_open_at_once() {
    let mut wire = Wire::default();
    let count = MAX_CONVERSATIONS as u32 + 5;
    for number in 0..count {
        let line = Line { client: 10_000 + number as u16, server: say::PORT };
        wire.datagram(line, CLIENT, &say::say(&number.to_be_bytes()));
    }
    assert_eq!(wire.frames.count(), count);
    let (survey, secrets) = (survey_in(&wire.frames, u32::MAX), Secrets::default());
    let context = Context { frames: &wire.frames, secrets: &secrets, registry: registry() };
    let mut open = Conversations::new(Attribution::new(context, &survey).into(), usize::MAX);
    let look = |open: &mut Conversations, frame: u32| {
        let held = open.at_frame(FrameId(frame), context, &survey).unwrap();
        let messages = held.stretch().messages.clone();
        assert!(!messages.is_empty());
        (messages, open.opened(), open.reads())
    };
    let first = look(&mut open, 0);
    // The first is looked at again and again, and so stays.
    for frame in 1..count {
        let (_, opened, reads) = look(&mut open, frame);
        assert!(opened <= MAX_CONVERSATIONS);
        assert_eq!(reads, u64::from(frame) + 1);
        assert_eq!(look(&mut open, 0), (first.0.clone(), opened, reads), "frame {frame}");
    }
    let (_, opened, reads) = look(&mut open, 1);
    assert_eq!((opened, reads), (MAX_CONVERSATIONS, u64::from(count) + 1), "it is read anew");
    assert_eq!(open.stretches_kept(), MAX_CONVERSATIONS);
}
