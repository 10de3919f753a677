//! Every sentence of DNS and its relatives, beside the message.

use std::slice::from_ref;

use super::{answer, framed, message, name, opt, over_tcp, over_udp, query, question, record};
use crate::protocols::stage::{Step, ask, check_told, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&over_udp(53, steps), expected);
}

#[test]
fn questions() {
    let kinds = [1, 28, 2, 5, 6, 12, 15, 16, 33, 43, 52, 65, 252, 251, 255, 257, 4444];
    let steps: Vec<Step> =
        kinds.iter().zip(1..).map(|(kind, id)| ask(query(id, "e.org", *kind))).collect();
    check(
        &steps,
        &[
            ASKED,
            "AAAA e.org | Asks for the IPv6 addresses of a name | Question 0x0002: AAAA e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "NS e.org | Asks which servers know the names of a zone | Question 0x0003: NS \
             e.org. Recursion desired: the server is to find the answer, whomever it has to \
             ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "CNAME e.org | Asks whether the name is an alias, and of what | Question 0x0004: \
             CNAME e.org. Recursion desired: the server is to find the answer, whomever it has \
             to ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "SOA e.org | Asks for the data of the zone itself | Question 0x0005: SOA e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "PTR e.org | Asks which name belongs to an address, or which services there are | \
             Question 0x0006: PTR e.org. Recursion desired: the server is to find the answer, \
             whomever it has to ask. UDP acknowledges nothing: who hears nothing can only ask \
             again. In the clear: the name can be read on the way.",
            "MX e.org | Asks which servers take mail for a domain | Question 0x0007: MX e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "TXT e.org | Asks for text that is kept with a name | Question 0x0008: TXT e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "SRV e.org | Asks on which host and port a service runs | Question 0x0009: SRV \
             e.org. Recursion desired: the server is to find the answer, whomever it has to \
             ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "DS e.org | Asks for records that prove others (DNSSEC) | Question 0x000a: DS \
             e.org. Recursion desired: the server is to find the answer, whomever it has to \
             ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "TLSA e.org | Asks which certificate the server is going to show | Question 0x000b: \
             TLSA e.org. Recursion desired: the server is to find the answer, whomever it has \
             to ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "HTTPS e.org | Asks how to reach a service before the first connection: protocols, \
             hints, keys | Question 0x000c: HTTPS e.org. Recursion desired: the server is to \
             find the answer, whomever it has to ask. UDP acknowledges nothing: who hears \
             nothing can only ask again. In the clear: the name can be read on the way.",
            "AXFR e.org | Asks for all records of a zone: a transfer | Question 0x000d: AXFR \
             e.org. Recursion desired: the server is to find the answer, whomever it has to \
             ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "IXFR e.org | Asks for what has changed in a zone since a version | Question \
             0x000e: IXFR e.org. Recursion desired: the server is to find the answer, whomever \
             it has to ask. UDP acknowledges nothing: who hears nothing can only ask again. In \
             the clear: the name can be read on the way.",
            "ANY e.org | Asks for any records of a name | Question 0x000f: ANY e.org. Recursion \
             desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "CAA e.org | Asks who may issue certificates for a name | Question 0x0010: CAA \
             e.org. Recursion desired: the server is to find the answer, whomever it has to \
             ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "Unknown (4444) e.org | Asks for records of a name | Question 0x0011: Unknown \
             (4444) e.org. Recursion desired: the server is to find the answer, whomever it \
             has to ask. UDP acknowledges nothing: who hears nothing can only ask again. In \
             the clear: the name can be read on the way.",
        ],
    );
}

#[test]
fn other_wishes() {
    let asked = |flags: u16| ask(message(1, flags, [&[question("e.org", 1)], &[], &[], &[]]));
    check(
        &[asked(0)],
        &["A e.org | Asks for the IPv4 addresses of a name | Question 0x0001: A e.org. No \
             recursion desired: the server is to say only what it knows itself. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way."],
    );
    check(
        &[asked(4 << 11)],
        &["A e.org | Says that the zone has changed: a copy of it is out of date | Question \
             0x0001: A e.org. UDP acknowledges nothing: who hears nothing can only ask again. \
             In the clear: the name can be read on the way."],
    );
    check(
        &[asked(5 << 11)],
        &["A e.org | Asks the server to change records of its zone | Question 0x0001: A \
             e.org. It asks for 0 changes, under 0 conditions. UDP acknowledges nothing: who \
             hears nothing can only ask again. In the clear: the name can be read on the way."],
    );
    check(
        &[asked(2 << 11)],
        &["A e.org | Asks the server something else than for records | Question 0x0001: A \
             e.org. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way."],
    );
    check(
        &[asked(0), asked(0)],
        &[
            "A e.org | Asks for the IPv4 addresses of a name | Question 0x0001: A e.org. No \
             recursion desired: the server is to say only what it knows itself. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "A e.org | Asks the same again | Question 0x0001: A e.org. No recursion desired: \
             the server is to say only what it knows itself. UDP acknowledges nothing: who \
             hears nothing can only ask again. In the clear: the name can be read on the way.",
        ],
    );
    let extended = opt([0, 0, 0x80, 0], &[]);
    check(
        &[ask(message(1, 0, [&[question("e.org", 1)], &[], &[], &[extended]]))],
        &["A e.org | Asks for the IPv4 addresses of a name | Question 0x0001: A e.org. No \
             recursion desired: the server is to say only what it knows itself. EDNS: takes \
             answers of up to 1232 bytes in a datagram. DO: wants the signatures of DNSSEC, \
             too. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way."],
    );
    check_told(
        &over_tcp(&[ask(framed(&query(1, "e.org", 1)))]),
        &["A e.org | Asks for the IPv4 addresses of a name | Question 0x0001: A e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. In \
             the clear: the name can be read on the way."],
    );
}

#[test]
fn answers() {
    let address = || record("e.org", 1, &[192, 0, 2, 1]);
    let alias = || record("e.org", 5, &name("x.net"));
    let replies = |kind, records: &[Vec<u8>]| {
        [ask(query(1, "e.org", kind)), say(answer(1, "e.org", kind, records))]
    };
    check(
        &replies(1, &[address()]),
        &[
            ASKED,
            "192.0.2.1 | Gives the address: now the client can connect | Answer 0x0001 to A \
             e.org. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(1, &[address(), record("e.org", 1, &[192, 0, 2, 2])]),
        &[
            ASKED,
            "192.0.2.1 and 1 more | Gives addresses: the client picks one, or tries several | \
             Answer 0x0001 to A e.org. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(1, &[alias(), record("x.net", 1, &[192, 0, 2, 1])]),
        &[
            ASKED,
            "192.0.2.1 | Gives the address: now the client can connect | Answer 0x0001 to A \
             e.org. e.org is an alias of x.net. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(1, &[alias()]),
        &[
            ASKED,
            "x.net | Gives an alias, and no records of the type that was asked for | Answer \
             0x0001 to A e.org. e.org is an alias of x.net. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(5, &[alias()]),
        &[
            "CNAME e.org | Asks whether the name is an alias, and of what | Question 0x0001: \
             CNAME e.org. Recursion desired: the server is to find the answer, whomever it has \
             to ask. UDP acknowledges nothing: who hears nothing can only ask again. In the \
             clear: the name can be read on the way.",
            "x.net | Gives the records that were asked for | Answer 0x0001 to CNAME e.org. \
             e.org is an alias of x.net. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(65, &[record("e.org", 65, &[0, 1, 0])]),
        &[
            "HTTPS e.org | Asks how to reach a service before the first connection: protocols, \
             hints, keys | Question 0x0001: HTTPS e.org. Recursion desired: the server is to \
             find the answer, whomever it has to ask. UDP acknowledges nothing: who hears \
             nothing can only ask again. In the clear: the name can be read on the way.",
            "1 <Root> | Says how the service is reached, before the first connection | Answer \
             0x0001 to HTTPS e.org. It may be kept for 300 seconds.",
        ],
    );
    check(
        &replies(16, &[record("e.org", 16, b"\x01x")]),
        &[
            "TXT e.org | Asks for text that is kept with a name | Question 0x0001: TXT e.org. \
             Recursion desired: the server is to find the answer, whomever it has to ask. UDP \
             acknowledges nothing: who hears nothing can only ask again. In the clear: the \
             name can be read on the way.",
            "TXT | Gives the records that were asked for | Answer 0x0001 to TXT e.org. It may \
             be kept for 300 seconds.",
        ],
    );
    let mut lasting_nothing = address();
    let at = lasting_nothing.len() - 8;
    lasting_nothing[at..at + 2].fill(0);
    check(
        &replies(1, &[lasting_nothing]),
        &[
            ASKED,
            "192.0.2.1 | Gives the address: now the client can connect | Answer 0x0001 to A \
             e.org. It is not to be kept: its lifetime is 0.",
        ],
    );
    let mut cut = answer(1, "e.org", 1, &[address()]);
    cut.truncate(12 + 11 + 5);
    check(
        &[ask(query(1, "e.org", 1)), say(cut)],
        &[
            ASKED,
            "not captured | Answers, but the capture does not hold the records | Answer 0x0001 \
             to A e.org.",
        ],
    );
    let [asked, said] = replies(1, &[address()]);
    check(
        &[asked, said.clone(), said],
        &[
            ASKED,
            "192.0.2.1 | Gives the address: now the client can connect | Answer 0x0001 to A \
             e.org. It may be kept for 300 seconds.",
            "192.0.2.1 | Says the same answer once more | Answer 0x0001 to A e.org. It may be \
             kept for 300 seconds.",
        ],
    );
}

#[test]
fn answers_without_records() {
    let asked = ask(query(1, "e.org", 1));
    let reply = |flags: u16, authority: &[Vec<u8>], more: &[Vec<u8>]| {
        say(message(1, flags, [&[question("e.org", 1)], &[], authority, more]))
    };
    let soa = |minimum: u32| {
        let data = [&name("a")[..], &name("b"), &[0; 16], &minimum.to_be_bytes()].concat();
        [record("org", 6, &data)]
    };
    let ns = [record("org", 2, &name("ns.org"))];
    let steps = |last: Step| [asked.clone(), last];
    check(
        &steps(reply(0x8583, &soa(60), &[])),
        &[
            ASKED,
            "No such name | There is no such name, with records of any type | Answer 0x0001 to \
             A e.org. The zone org lets everybody keep that for 60 seconds. Authoritative: the server answers for the zone itself.",
        ],
    );
    check(
        &steps(reply(0x81a0, &soa(900), &[])),
        &[
            ASKED,
            "no data | The name exists, but has no records of this type | Answer 0x0001 to A \
             e.org. The zone org lets everybody keep that for 300 seconds. AD: the server vouches \
             that the signatures were checked (DNSSEC).",
        ],
    );
    check(
        &steps(reply(0x8000, &soa(0), &[])),
        &[
            ASKED,
            "no data | The name exists, but has no records of this type | Answer 0x0001 to A \
             e.org. The zone org lets nobody keep that: its lifetime is 0.",
        ],
    );
    check(
        &steps(reply(0x8000, &[], &[])),
        &[
            ASKED,
            "no data | The name exists, but has no records of this type | Answer 0x0001 to A \
             e.org. No record of the zone says for how long that holds: it is not to be kept.",
        ],
    );
    check(
        &steps(reply(0x8000, &ns, &[])),
        &[
            ASKED,
            "referral | Does not know, but knows who does: ask the servers named here | Answer \
             0x0001 to A e.org.",
        ],
    );
    check(
        &steps(reply(0x8380, &[], &[])),
        &[
            ASKED,
            "truncated | Cut short: the client has to ask again over TCP for all of it | Answer \
             0x0001 to A e.org. No record came with it.",
        ],
    );
    for (code, expected) in [1u16, 2, 4, 5, 6].into_iter().zip(REFUSED) {
        check(&steps(reply(0x8180 | code, &[], &[])), &[ASKED, expected]);
    }
    let why = opt([0; 4], &[0, 15, 0, 4, 0, 9, b'n', b'o']);
    check(
        &steps(reply(0x8182, &[], &[why])),
        &[
            ASKED,
            "Server failure | The server failed, and has no answer | Answer 0x0001 to A e.org. \
             The server adds: DNSKEY Missing: “no”.",
        ],
    );
    let cookie = opt([1, 0, 0, 0], &[]);
    check(
        &steps(reply(0x8187, &[], &[cookie])),
        &[
            ASKED,
            "Bad or missing server cookie | The server wants its cookie back before it answers \
             over UDP | Answer 0x0001 to A e.org.",
        ],
    );
    let update = message(1, 5 << 11 | 0x8000, [&[question("e.org", 6)], &[], &[], &[]]);
    check(
        &[say(update)],
        &["No error | Done: the server has taken it up | Answer 0x0001 to SOA e.org."],
    );
    // Its conditions stand where answers do: they are none.
    let condition = record("w.e.org", 5, &[]);
    let zone = question("e.org", 6);
    let asked = message(1, 5 << 11, [from_ref(&zone), from_ref(&condition), &[], &[]]);
    let done = message(1, 5 << 11 | 0x8000, [from_ref(&zone), from_ref(&condition), &[], &[]]);
    check(
        &[ask(asked), say(done)],
        &[
            "SOA e.org | Asks the server to change records of its zone | Question 0x0001: SOA e.org. \
             It asks for 0 changes, under 1 condition. UDP acknowledges nothing: who hears nothing can \
             only ask again. In the clear: the name can be read on the way.",
            "No error | Done: the server has taken it up | Answer 0x0001 to SOA e.org.",
        ],
    );
}

const ASKED: &str = "A e.org | Asks for the IPv4 addresses of a name | Question 0x0001: A e.org. \
                     Recursion desired: the server is to find the answer, whomever it has to ask. \
                     UDP acknowledges nothing: who hears nothing can only ask again. In the \
                     clear: the name can be read on the way.";
const REFUSED: [&str; 5] = [
    "Format error | The server did not understand the question | Answer 0x0001 to A e.org.",
    "Server failure | The server failed, and has no answer | Answer 0x0001 to A e.org.",
    "Not implemented | The server cannot do what was asked | Answer 0x0001 to A e.org.",
    "Refused | The server does not want to answer this question, or this client | \
     Answer 0x0001 to A e.org.",
    "Name exists | The server says why it does not do what was asked | Answer 0x0001 to A e.org.",
];

#[test]
fn on_the_link() {
    let asked = message(0, 0, [&[question("y.local", 1)], &[], &[], &[]]);
    let mut unicast = question("y.local", 1);
    let class = unicast.len() - 2;
    unicast[class] = 0x80;
    let known = [record("y.local", 1, &[192, 0, 2, 1])];
    let asked_alone = message(0, 0, [&[unicast], &known, &[], &[]]);
    let told = message(0, 0x8400, [&[], &known, &[], &[]]);
    let nothing = message(0, 0x8400, [&[], &[], &[], &[]]);
    check_told(
        &over_udp(5353, &[ask(asked.clone()), ask(asked_alone), ask(told), ask(nothing)]),
        &[
            "A y.local | Asks everybody on the link | A y.local. No server is asked.",
            "A y.local | Asks everybody on the link | A y.local. QU: the answer may come to the \
             asking host alone. It lists 1 answers it knows already: nobody need repeat those. \
             No server is asked.",
            "A y.local | Says on the link what it has, asked or unasked | 1 answers. Whoever \
             hears them may keep them, asked or not.",
            "12 bytes | Sends a datagram; what it means is between the two programs",
        ],
    );
    check_told(
        &over_udp(5355, &[ask(asked)]),
        &["A y.local | Asks everybody on the link | A y.local. No server is asked."],
    );
}

#[test]
fn who_can_see_a_question() {
    use super::super::tell::{Way, privacy, way};
    // Over TLS and TCP; over QUIC; in HTTP over TLS and TCP, in HTTP over QUIC; over DTLS.
    let ways = [(true, 2), (true, 1), (false, 3), (false, 2), (false, 1)];
    assert_eq!(
        ways.map(|(is_prefixed, depth)| way(is_prefixed, depth)),
        [Way::Tls, Way::Quic, Way::Https, Way::Https, Way::Other]
    );
    for (way, how) in [
        (
            Way::Https,
            " Sealed, as the content of a request of HTTP (DNS over HTTPS, RFC 8484): who has no keys does \
             not see which name is asked for.",
        ),
        (
            Way::Tls,
            " Sealed (DNS over TLS, RFC 7858): who has no keys does not see which name is asked for.",
        ),
        (
            Way::Quic,
            " Sealed (DNS over QUIC, RFC 9250): who has no keys does not see which name is asked for.",
        ),
        (Way::Other, " Sealed: who has no keys does not see which name is asked for."),
    ] {
        assert_eq!(privacy(Some(way), false), how);
    }
    assert_eq!(privacy(None, true), " In the clear: the name can be read on the way.");
}
