//! Every sentence of SSH, beside what is said.

use super::{everything, kexinit, on, packet, string};
use crate::ids::Direction;
use crate::protocols::stage::{Step, ask, check_told, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&on(Some(Direction::Forward), steps), expected);
}

/// Lines and lists of both sides, up to where this method begins.
fn agreed(method: &str) -> Vec<Step> {
    vec![
        say("SSH-2.0-server\r\n"),
        ask("SSH-2.0-client\r\n"),
        ask(kexinit(method)),
        say(kexinit(method)),
    ]
}

#[test]
fn a_connection_up_to_its_keys() {
    check(
        &everything(),
        &[
            "OpenSSH_9.6 | Says which version it speaks, and which program it is | \
             SSH-2.0-OpenSSH_9.6. Each side sends such a line, and need not wait for the \
             other’s.",
            "client | Says which version it speaks, and which program it is | SSH-2.0-client. \
             Each side sends such a line, and need not wait for the other’s.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by curve25519-sha256. Of each list, the first of the client's counts that \
             the server has, too.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by diffie-hellman-group14-sha256. Of each list, the first of the \
             client's counts that the server has, too.",
            "key half | Sends its half of the exchange",
            "key half, proof | Sends its half, its host key, and a signature over the exchange",
            "NEWKEYS | From here on, all that this side sends is sealed",
            "NEWKEYS | From here on, all that this side sends is sealed",
            "sealed  44 B | Sealed: who logs in, commands and files are for the two ends only",
            "sealed  60 B | Sealed: who logs in, commands and files are for the two ends only",
        ],
    );
}

#[test]
fn what_else_is_said_before_the_keys() {
    check(
        &[say("hello\r\nSSH-2.0-server\r\n")],
        &["23 bytes | Sends bytes; what they mean is between the two programs"],
    );
    let mut steps = agreed("diffie-hellman-group-exchange-sha256");
    steps.push(ask(packet(&[34, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 32, 0])));
    steps.push(say(packet(&[&[31][..], &string(&[23; 32]), &string(&[2])].concat())));
    steps.push(ask(packet(&[&[32][..], &string(&[5; 32])].concat())));
    check(
        &steps,
        &[
            "server | Says which version it speaks, and which program it is | SSH-2.0-server. \
             Each side sends such a line, and need not wait for the other’s.",
            "client | Says which version it speaks, and which program it is | SSH-2.0-client. \
             Each side sends such a line, and need not wait for the other’s.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by diffie-hellman-group-exchange-sha256. Of each list, the first of \
             the client's counts that the server has, too.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by diffie-hellman-group-exchange-sha256. Of each list, the first of \
             the client's counts that the server has, too.",
            "GEX request | Asks for a group of a size",
            "GEX group | Chooses a group: a prime and a generator",
            "key half | Sends its half of the exchange",
        ],
    );
    let mut steps = agreed("nobody-knows@example.org");
    steps.push(ask(packet(&[30, 0, 0, 0, 0])));
    steps.push(say(packet(&[2, 0, 0, 0, 0])));
    let disconnect = [&[1, 0, 0, 0, 3][..], &string(b"no"), &string(b"")].concat();
    steps.push(say(packet(&disconnect)));
    check(
        &steps,
        &[
            "server | Says which version it speaks, and which program it is | SSH-2.0-server. \
             Each side sends such a line, and need not wait for the other’s.",
            "client | Says which version it speaks, and which program it is | SSH-2.0-client. \
             Each side sends such a line, and need not wait for the other’s.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by nobody-knows@example.org. Of each list, the first of the \
             client's counts that the server has, too.",
            "KEXINIT | Lists the algorithms it can do, the best first | It would like best to \
             exchange keys by nobody-knows@example.org. Of each list, the first of the \
             client's counts that the server has, too.",
            "Key Exchange Message | Exchanges keys",
            "Ignore | A packet before keys are in use",
            "Disconnect | Ends the connection and says why",
        ],
    );
}

#[test]
fn the_first_version() {
    let old = [0, 0, 0, 12, 0, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    check(
        &[say("SSH-1.5-server\r\n"), ask("SSH-1.5-client\r\n"), say(old)],
        &[
            "server | Says which version it speaks, and which program it is | SSH-1.5-server. \
             Each side sends such a line, and need not wait for the other’s.",
            "client | Says which version it speaks, and which program it is | SSH-1.5-client. \
             Each side sends such a line, and need not wait for the other’s.",
            "Public Key | A packet of SSH 1, which nobody should speak any more | Its check sum \
             is no proof: who sits on the way can change packets unseen.",
        ],
    );
}
