//! Connections that open otherwise than by three segments that were all recorded.

use super::*;

#[test]
fn both_may_ask() {
    check(&[
        (('>', SYN, 0, 0, 0, 9), Kind::Plain, "SYN | Asks for a connection | Sender SYN-SENT true"),
        (
            ('<', SYN, 0, 0, 0, 9),
            Kind::Plain,
            "SYN | Asks, too: both sides open at once | Sender SYN-SENT true Receiver SYN-RECEIVED \
             true",
        ),
        (
            ('>', SYN | ACK, 0, 1, 0, 9),
            Kind::Plain,
            "SYN, ACK | Accepts what the other side asks, and repeats its own SYN | Receiver \
             ESTABLISHED true",
        ),
        (
            ('<', SYN | ACK, 0, 1, 0, 9),
            Kind::Plain,
            "SYN, ACK | Accepts what the other side asks, and repeats its own SYN | Sender \
             SYN-RECEIVED true Receiver ESTABLISHED true",
        ),
    ]);
    let states = [[State::SynReceived, State::SynSent], [State::SynReceived, State::Established]];
    // Its numbers were sent before, and yet it is no second try.
    for (kind, states, outcome) in [
        (Kind::Retransmission, states, Outcome::Arrived),
        (Kind::Retransmission, [[State::SynReceived, State::Established]; 2], Outcome::Repeated),
    ] {
        let told = of(&segment('>', SYN | ACK, 0, kind, states)).map(|told| told.outcome);
        assert_eq!(told, Some(outcome), "{states:?}");
    }
    check_one(
        segment('>', SYN | ACK, 0, Kind::Plain, states),
        "SYN, ACK | Accepts what the other side asks, and repeats its own SYN | seq 0 (1000 on the \
         wire), ack 1, window 64,240, MSS 1460. Both sides had asked, so that neither SYN was an \
         answer (simultaneous open).",
    );
}

#[test]
fn the_answer_may_not_be_recorded() {
    let open = [State::Established; 2];
    check_one(
        segment('>', ACK, 0, Kind::Plain, [[State::SynSent, State::Closed], open]),
        "ACK | Confirms an answer that was not recorded: the connection is open | ack 1. Nobody goes \
         on before both SYNs are confirmed.",
    );
    check_one(
        segment('<', ACK, 9, Kind::Plain, [[State::SynSent, State::Closed], open]),
        "ACK | Goes on after its SYN, which was not recorded: the connection is open | ack 1. Nobody \
         goes on before both SYNs are confirmed.",
    );
}

#[test]
fn a_syn_may_stand_behind_its_answer() {
    let states = [[State::Established, State::SynReceived]; 2];
    let mut late = segment('>', SYN, 0, Kind::Plain, states);
    late.remark = Some(Remark::StoredLate);
    check_one(
        late,
        "SYN | Asks for a connection: it stands behind its answer in the recording | seq 0 (1000 on \
         the wire), window 64,240, MSS 1460. It carries no data.",
    );
}

#[test]
fn what_is_offered_beyond_the_usual_is_named() {
    let asks = [[State::Closed; 2], [State::SynSent, State::Closed]];
    let check = |flags: u16, paths: bool, expected: &str| {
        let one = segment('>', flags, 0, Kind::Plain, asks);
        let told = of(&Segment { offers: Offers { paths, ..Offers::default() }, ..one })
            .map(|told| told.detail);
        let told = told.unwrap_or_default();
        let rest = told.split_once("It carries no data.").map_or(told.as_str(), |(_, rest)| rest);
        assert_eq!(rest.trim(), expected);
    };
    check(SYN, false, "");
    check(
        SYN | 0xc0,
        false,
        "It offers that routers mark packets where they would drop them (ECN, RFC 3168).",
    );
    check(
        SYN | 0x1c0,
        true,
        "It offers that every mark of a router is counted back to the sender (AccECN, RFC 9768), and \
         not one a round trip, as in ECN before. It asks for several paths under one connection \
         (Multipath TCP, RFC 8684).",
    );
    let answers = [[State::SynSent, State::Closed], [State::Established, State::SynReceived]];
    for (flags, paths, expected) in [
        (0x40, false, "It takes up the marks of routers in place of drops (ECN, RFC 3168)."),
        (
            0x80,
            false,
            "It takes up that every mark of a router is counted back (AccECN, RFC 9768).",
        ),
        (0, true, "It can have several paths, too (Multipath TCP, RFC 8684)."),
    ] {
        let one = segment('<', SYN | ACK | flags, 0, Kind::Plain, answers);
        let told = of(&Segment { offers: Offers { paths, ..Offers::default() }, ..one })
            .map(|told| told.detail)
            .unwrap_or_default();
        assert!(told.ends_with(expected), "{told}");
    }
}

#[test]
fn what_nearly_every_syn_offers_is_named() {
    let check = |options: &[u8], flags: u16, expected: &str| {
        let mut bytes = vec![0; 20];
        bytes.extend(options);
        bytes[12] = ((bytes.len() / 4) << 4) as u8;
        let offers = Offers::of(&bytes);
        assert_eq!(offers::told(flags, offers).trim(), expected, "{options:?}");
    };
    let usual = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 10];
    check(
        &usual,
        SYN,
        "It offers later windows in units of 1024 bytes, word of what came beyond a hole (SACK) and \
         timestamps.",
    );
    check(
        &usual,
        SYN | ACK,
        "It takes up: later windows in units of 1024 bytes, word of what came beyond a hole (SACK) \
         and timestamps.",
    );
    check(&[1, 3, 3, 0], SYN, "It offers later windows in units of a byte.");
    check(
        &[4, 2, 3, 3, 255, 1, 1, 1],
        SYN,
        "It offers later windows in units of 16,384 bytes and \
         word of what came beyond a hole (SACK).",
    );
    check(&[2, 4, 5, 180], SYN, "");
}
