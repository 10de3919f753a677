//! Every sentence of DHCP, beside what is said.

use super::{MAC, NONE, SERVER, YOURS, ack, discover, message, offer, over_udp, request};
use crate::protocols::stage::{Step, ask, check_told, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&over_udp(steps), expected);
}

const USED: [[u8; 4]; 3] = [[192, 0, 2, 7], [0; 4], [0; 4]];
const RELAYED: [[u8; 4]; 3] = [[0; 4], [0; 4], [192, 0, 2, 99]];

#[test]
fn a_lease() {
    check(
        &[ask(discover(7)), ask(discover(7)), say(offer(7)), ask(request(7)), say(ack(7))],
        &[
            "Discover | Asks everybody on the link for an address | 02:00:00:00:00:07 has no \
             address yet, so it asks from 0.0.0.0, and everybody on the link hears it. It \
             calls itself host.",
            "Discover | Asks everybody on the link for an address, once more | \
             02:00:00:00:00:07 has no address yet, so it asks from 0.0.0.0, and everybody on \
             the link hears it. It calls itself host.",
            "Offer 192.0.2.7 | Offers an address, and keeps it free for a moment | For 1 hour. \
             Router: 192.0.2.254. The server goes by 192.0.2.1. Other servers may offer, too.",
            "Request 192.0.2.7 | Takes one offer, and tells everybody which | The offer of \
             192.0.2.1. The other servers hear that theirs are free again.",
            "ACK 192.0.2.7 | Gives the address: the client may use it now | For 1 hour. The \
             server goes by 192.0.2.1.",
        ],
    );
    check(
        &[ask(message(1, 8, RELAYED, &[&[53, 1, 1]]))],
        &["Discover | Asks everybody on the link for an address | 02:00:00:00:00:07 has no \
             address yet; the relay 192.0.2.99 passes the question on."],
    );
    check(
        &[ask(message(1, 8, USED, &[&[53, 1, 3]]))],
        &["Request 192.0.2.7 | Asks to keep the address that it uses | A host mostly does so \
             after half of the lease, before it ends."],
    );
    check(
        &[ask(message(1, 8, NONE, &[&[53, 1, 3], &[50, 4, 192, 0, 2, 7]]))],
        &["Request 192.0.2.7 | Asks to have the address again that it had before | It was on \
             this network before, or believes so: no Discover is needed."],
    );
    let for_ever: &[u8] = &[51, 4, 255, 255, 255, 255];
    check(
        &[say(message(2, 8, YOURS, &[&[53, 1, 2], for_ever, &[6, 4, 192, 0, 2, 53]]))],
        &["Offer 192.0.2.7 | Offers an address, and keeps it free for a moment | For ever. \
             Name server: 192.0.2.53. Other servers may offer, too."],
    );
}

#[test]
fn what_else_is_said() {
    check(
        &[ask(message(1, 8, NONE, &[&[53, 1, 4], SERVER]))],
        &["Decline | Turns the address down: somebody else on this network has it | Hosts \
             look for an address (by ARP) before they use it. Nothing answers this."],
    );
    check(
        &[ask(message(1, 8, USED, &[&[53, 1, 7], SERVER]))],
        &["Release | Gives the address back before its time | Nothing answers this. Many \
             hosts leave without it, and the lease runs out."],
    );
    check(
        &[ask(message(1, 8, USED, &[&[53, 1, 8]])), say(message(2, 8, NONE, &[&[53, 1, 5]]))],
        &[
            "Inform | Has an address, and asks for the other settings | No address is given, \
             and no lease.",
            "ACK | Gives the settings that were asked for",
        ],
    );
    check(
        &[say(message(2, 8, NONE, &[&[53, 1, 6], &[56, 2, b'n', b'o']]))],
        &["NAK | Refuses: this address is not for this network, or not for you | The server \
             says: no. The client begins anew."],
    );
    check(
        &[say(message(2, 8, NONE, &[&[53, 1, 6]]))],
        &["NAK | Refuses: this address is not for this network, or not for you | The client \
             begins anew, with a Discover."],
    );
    check(
        &[ask(message(1, 8, USED, &[&[53, 1, 10]]))],
        &["Lease query | Asks or says something about leases"],
    );
}

#[test]
fn bootp() {
    let mut asked = vec![1, 1, 6, 0, 0, 0, 0, 9, 0, 0, 0, 0];
    asked.extend([0; 16]);
    asked.extend(MAC);
    asked.extend([0; 10 + 64 + 128 + 64]);
    let mut said = asked.clone();
    said[0] = 2;
    said[16..20].copy_from_slice(&[192, 0, 2, 7]);
    check(
        &[ask(asked), say(said)],
        &[
            "Boot request | Asks for an address and for what to boot | 02:00:00:00:00:07. BOOTP \
             knows no leases.",
            "Boot reply 192.0.2.7 | Gives the address that belongs to this hardware",
        ],
    );
}
