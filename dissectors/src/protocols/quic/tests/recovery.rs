//! Acknowledgements, losses, and what is sent again: what is told beside what makes it true. Frames
//! are a millisecond apart; those of the handshake are the first three.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer_for, first_for, last};
use super::play::{By, acknowledge, numbered, server, told};
use super::seal::{CLIENT, EARLY, key_log, long, short, stream};
use crate::ids::MessageId;
use crate::message::Relation;
use crate::protocols::quic::limits::MAX_QUIC_HEARD;
use crate::protocols::stage::{Played, ask, play_keyed, say};

type Packet = (By, u16, Vec<u8>);

fn play(packets: &[Packet]) -> Played {
    numbered(b"other", packets)
}

/// Bytes of the server on a stream of its own.
fn bytes(offset: u64, bytes: &[u8]) -> Vec<u8> {
    stream(3, offset, bytes, false)
}

/// Five packets of the server's, of which the first counts as lost when the others have come.
fn lossy() -> Vec<Packet> {
    let sent = (0u16..5).map(|number| server(number, bytes(u64::from(number) * 2, b"ab")));
    let mut packets: Vec<Packet> = sent.collect();
    packets.push(acknowledge(0, &[(1, 4)]));
    packets.push(server(5, bytes(0, b"ab")));
    packets
}

#[track_caller]
fn check(packets: &[Packet], expected: &[&str]) {
    let lines = told(&play(packets));
    assert_eq!(lines, expected, "{lines:#?}");
}

#[test]
fn what_is_sent_again_names_the_packet_before_and_the_cause() {
    let mut packets = lossy();
    packets.push(acknowledge(1, &[(0, 5)]));
    packets.push(server(6, bytes(2, b"ab")));
    packets.push(server(7, [bytes(10, b"new"), vec![0x1e]].concat()));
    packets.push(server(8, vec![0x1e]));
    check(
        &packets,
        &[
            "ACK | Says what has come: packet 0 counts as lost now | Inferred: three packets that were sent later have come.",
            "sent again | Sends again what packet 0 brought: it counts as lost | 6.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. Inferred: three packets that were sent later have come.",
            "ACK | Says that packet 0 had come after all, and only counted as lost | What was sent again for it was needless.",
            "sent again | Sends again what packet 1 brought: though it had come | 7.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. The acknowledgement was lost, or still under way to its sender.",
            "HANDSHAKE_DONE | The server confirms the handshake: its keys can be forgotten",
            "sent again | Sends again what packet 7 brought: a probe | 1.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. For 1.00 ms nothing new was acknowledged: a probe timeout is inferred. It does not say that anything is lost.",
        ],
    );
    // Of two packets at once, and with something new.
    let two =
        [server(0, bytes(0, b"ab")), server(1, bytes(2, b"ab")), server(2, bytes(1, b"abcd"))];
    check(
        &two,
        &[
            "sent again | Sends again what packets 0 and 1 brought | 1.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. Something new rides along.",
        ],
    );
}

#[test]
fn of_what_came_long_ago_nobody_knows_the_packet() {
    let sent = (0u16..=MAX_QUIC_HEARD as u16).flat_map(|number| {
        let [high, low] = number.to_be_bytes();
        let ack = vec![2, 0x40 | high, low, 0, 0, 0];
        [server(number, bytes(u64::from(number) * 2, b"ab")), (By::Client, number, ack)]
    });
    let mut packets: Vec<Packet> = sent.collect();
    packets.push(server(100, bytes(0, b"ab")));
    check(
        &packets,
        &[
            "sent again | Sends bytes again that had come by here before: they were not acknowledged | The packet has a number of its own: an acknowledgement will say which of the two came.",
        ],
    );
}

#[test]
fn time_counts_a_packet_as_lost_where_a_later_one_has_come() {
    let packets = [
        server(0, bytes(0, b"ab")),
        server(1, bytes(2, b"ab")),
        acknowledge(0, &[(1, 1)]),
        server(2, bytes(0, b"ab")),
    ];
    check(
        &packets,
        &[
            "ACK | Says what has come: packet 0 counts as lost now | Inferred: a later one has come, and a round trip and an eighth is over.",
            "sent again | Sends again what packet 0 brought: it is overdue | 3.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. Inferred: a later one has come, and a round trip and an eighth is over.",
        ],
    );
    let many = (0u16..9).map(|number| server(number, bytes(u64::from(number) * 2, b"ab")));
    let packets: Vec<Packet> = many.chain([acknowledge(0, &[(8, 8)])]).collect();
    let stage = play(&packets);
    let headline = "ACK | Says what has come: packets 0, 1, 2 and 5 more count as lost now | ";
    assert!(told(&stage)[0].starts_with(headline), "{:#?}", told(&stage));
    assert_eq!(stage.values("quic.analysis.lost_packet"), "0 1 2 3 4 5 6 7");
    assert_eq!(stage.values("quic.analysis.lost_frame"), "4 5 6 7 8 9 10 11");
}

#[test]
fn silence_brings_probes() {
    let packets = [
        server(0, bytes(0, b"ab")),
        acknowledge(0, &[(0, 0)]),
        server(1, bytes(2, b"ab")),
        server(2, bytes(2, b"ab")),
        server(3, vec![1]),
    ];
    check(
        &packets,
        &[
            "sent again | Sends again what packet 1 brought: a probe | 1.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. For 1.00 ms nothing new was acknowledged: a probe timeout is inferred. It does not say that anything is lost.",
            "PING | Probes: asks for an acknowledgement, for none has come | For 1.00 ms nothing new was acknowledged: a probe timeout is inferred. The answer will show what has come.",
        ],
    );
}

#[test]
fn who_hears_the_other_side_repeat_repeats_its_own() {
    let client = |number, frames| (By::Client, number, frames);
    let packets = [
        client(0, stream(2, 0, b"ask", false)),
        server(0, bytes(0, b"ab")),
        client(1, stream(2, 0, b"ask", false)),
        server(1, bytes(0, b"ab")),
    ];
    check(
        &packets,
        &[
            "sent again | Sends again what packet 0 brought | 2.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came.",
            "sent again | Sends again what packet 0 brought: the other side repeats its own | 2.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. So that seems not to have heard this.",
        ],
    );
}

#[test]
fn what_is_left_out_is_named_where_it_passed() {
    let sent = |numbers: &[u8]| {
        let one = |number: &u8| server((*number).into(), bytes(u64::from(*number) * 2, b"ab"));
        numbers.iter().map(one).collect::<Vec<Packet>>()
    };
    // A round trip of 5 ms: what is sent next is not overdue at once.
    let nothing = |number| (By::Client, number, vec![0; 4]);
    let heard = [nothing(10), nothing(11), nothing(12), nothing(13), acknowledge(14, &[(0, 2)])];
    let later = [acknowledge(15, &[(5, 5), (0, 2)])];
    let packets = [sent(&[0, 1, 2]), heard.to_vec(), sent(&[4, 5]), later.to_vec()].concat();
    let left_out = "ACK | Leaves out packets 3–4: so far not come, though later ones have | It passed here, and may be late or lost.";
    check(&packets, &[left_out]);
    assert_eq!(play(&packets).values("quic.analysis.missing"), "2");
    // Some pass numbers over, and nothing is missing.
    let packets = [sent(&[0, 1, 2]), heard.to_vec(), sent(&[5]), later.to_vec()].concat();
    check(&packets, &[]);
}

#[test]
fn what_was_lost_before_it_came_by_leaves_a_hole() {
    let packets =
        [server(0, bytes(0, b"ab")), server(2, bytes(4, b"ef")), server(3, bytes(2, b"cd"))];
    let hole = "fills a hole | Fills a hole: what brought these bytes first never came by here | Its number is the newest, and its bytes are not. Inferred: they are sent again, for the packet with them was lost before it came to where this was recorded.";
    check(&packets, &[hole]);
    // One that was overtaken has an older number.
    let late = [server(0, bytes(0, b"ab")), server(2, bytes(4, b"ef")), server(1, bytes(2, b"cd"))];
    check(&late, &[]);
}

#[test]
fn a_packet_that_is_doubled_is_nothing_new() {
    let packets = [server(0, vec![0x31, 1, b'x']), server(0, vec![0x31, 1, b'x'])];
    check(
        &packets,
        &[
            "DATAGRAM | Sends bytes that nobody sends again where they are lost | 1 byte.",
            "copy | Comes a second time, under the same number: it was doubled on its way | No sender uses a number twice, so the network or the recording has made two of one. Whoever gets it throws it away.",
        ],
    );
}

#[test]
fn early_data_that_is_not_taken_is_sent_again() {
    let hello = first_for(b"other", CHOSEN, CHOSEN, &[], true);
    let ids = (CHOSEN, OF_CLIENT);
    let early = long(0xd0, ids, None, &EARLY, 0, &stream(0, 0, b"hello", false));
    let again = short(OF_SERVER, (&CLIENT, &CLIENT, false), 1, &stream(0, 0, b"hello", false));
    let steps =
        [ask(hello), ask(early), say(answer_for(b"other", CHOSEN)), ask(last()), ask(again)];
    let lines = told(&play_keyed(PORTS, &steps, &key_log()));
    let expected = "sent again | Sends again what packet 0 brought: the server did not take early data | 3.00 ms later, in a packet with a number of its own: an acknowledgement will say which one came. What went out early counts as never sent.";
    assert_eq!(lines, [expected]);
}

#[test]
fn packets_are_tied_to_those_before_and_round_trips_are_measured() {
    let stage = play(&lossy());
    let related = stage.related();
    let relations = |wanted| {
        let all = related.iter().filter(move |one| one.relation == wanted);
        all.map(|one| (one.from, one.to)).collect::<Vec<_>>()
    };
    // What streams carry has messages of its own: the acknowledgement is that of frame 9.
    let place = |frame: u32| {
        let is_packet = |one: &&crate::message::Message| one.kind::<super::super::Kind>().is_some();
        let mut all = stage.messages().iter().enumerate().filter(|(_, one)| is_packet(one));
        let found = all.find(|(_, one)| one.done.number() == frame);
        MessageId(found.unwrap().0 as u32)
    };
    let acknowledged = [8, 7, 6, 5].map(|frame| (place(9), place(frame)));
    assert_eq!(relations(Relation::Acknowledges), acknowledged);
    assert_eq!(relations(Relation::Repeats), [(place(10), place(4))]);
    let values = |name| stage.values(name);
    assert_eq!(values("quic.analysis.acks_frame"), "8");
    assert_eq!(values("quic.analysis.newly_acked"), "4");
    assert_eq!(values("quic.analysis.ack_rtt"), "1000000");
    assert_eq!(values("quic.analysis.smoothed_rtt"), "1000000");
    assert_eq!(values("quic.analysis.retransmission_frame"), "4");
    assert_eq!(values("quic.analysis.retransmission_cause"), "1");
    assert_eq!(values("quic.analysis.retransmission_after"), "6000000");
}
