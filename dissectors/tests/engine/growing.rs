//! Messages that never become complete: as many as may be are kept of each side.

use wirestage_dissectors::limits::MAX_OPEN_MESSAGES;

use crate::made::talk;
use crate::play::{CLIENT, Line, SERVER, Wire, read, watched};

const LINE: Line = Line::to(talk::PORT);

/// Messages that begin in one frame.
const EACH: usize = MAX_OPEN_MESSAGES / 16;

/// One side begins as many as may be and falls silent; the other begins twice as many.
fn begun() -> Wire {
    let mut wire = Wire::default();
    wire.connect(LINE);
    let asks = b"ASK\n".repeat(EACH);
    (0..16).for_each(|_| wire.send(LINE, CLIENT, &asks));
    (0..32).for_each(|_| wire.send(LINE, SERVER, &asks));
    // The last data of a direction completes what it left open.
    wire.send(LINE, SERVER, b"bye\n");
    wire.send(LINE, CLIENT, b"bye\n");
    wire
}

#[test]
fn as_many_as_may_be_grow_at_once() {
    let open = watched(&begun().frames, |reader, _| reader.open_messages());
    assert_eq!(open.iter().max(), Some(&(2 * MAX_OPEN_MESSAGES)), "{open:?}");
    assert_eq!(open.get(3 + 15), Some(&MAX_OPEN_MESSAGES), "those of the side that falls silent");
}

#[test]
fn those_that_went_are_told_alike_in_every_reading() {
    let told = read(&begun().frames);
    let asked = told.iter().filter(|one| one.bytes == b"ASK");
    assert_eq!(asked.count(), 3 * MAX_OPEN_MESSAGES);
}
