//! Beads bear the flags of their segments, whatever usual ones have.

use super::*;

#[test]
fn what_ends_a_connection_has_the_flags_that_it_has() {
    use State::{CloseWait, Closed, Established, FinWait1};
    let plain = Kind::Plain;
    check_one(
        segment('<', RST | ACK, 0, plain, [[Closed; 2]; 2]),
        "RST, ACK | Resets: no connection is open here any more | So is answered what belongs to no \
         connection. Nothing answers a reset.",
    );
    check_one(
        segment('>', FIN, 0, plain, [[Established; 2], [FinWait1, CloseWait]]),
        "FIN | Has nothing more to send | The other direction may go on until it says the same.",
    );
}
