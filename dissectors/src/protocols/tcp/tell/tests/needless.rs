//! What is said of bytes that came twice, or were sent again for nothing.

use super::*;
use crate::protocols::tcp::needless::Shown;

/// What an acknowledgement shows of bytes that were sent again.
#[test]
fn what_was_sent_again_for_nothing_is_said_of_what_shows_it() {
    let check = |len, shown, tries, expected: &str| {
        let mut segment = segment('>', ACK, len, Kind::Plain, [[State::Established; 2]; 2]);
        let needless = Needless { first: 13_033, count: 1448, tries, shown };
        segment.remark = Some(Remark::Needless(needless));
        check_one(segment, expected);
    };
    let twice = "D-SACK | Says that it got bytes twice: sending them again was unnecessary | 1448 \
                 bytes from seq 13,033 (D-SACK). So the first try had not been lost: it was late, \
                 or what confirmed it was late or lost. Only a way that doubles packets could make \
                 it look so.";
    check(0, Shown::Twice, 1, twice);
    check(7, Shown::Twice, 1, twice);
    check(0, Shown::Twice, 2, &twice.replace("the first try", "an earlier try"));
    check(
        0,
        Shown::Twice,
        0,
        "D-SACK | Says that it got bytes twice that nobody was seen to send again | 1448 bytes \
         from seq 13,033 (D-SACK). The way doubled the packet, or one of two tries was not \
         recorded.",
    );
    let echo = "late ACK | Answers the first try: sending it again was unnecessary | 1448 bytes \
                from seq 13,033. It echoes a timestamp from before they were sent again (Eifel). \
                So they had not been lost: they were late, or what confirms them is.";
    check(0, Shown::Echo, 1, echo);
    check(0, Shown::Echo, 3, &echo.replace("the first try", "an earlier try"));
}
