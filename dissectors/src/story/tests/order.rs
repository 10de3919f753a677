//! Flights end where something that matters in order comes between: of another connection, of their
//! sender's waiting, of what is sent again.

use super::play::{CLIENT, Line, Play, SERVER};
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::Story;

/// The beads of each step, with the letter of its connection.
fn steps(told: &Story) -> Vec<String> {
    let steps = told.steps().into_iter().filter_map(|id| told.beat(id));
    let letter = |beat: &crate::story::Beat| told.badge(beat).map(|id| id.letter());
    steps.map(|beat| format!("{} {}", letter(beat).unwrap_or_default(), beat.label)).collect()
}

#[test]
fn what_is_said_behind_a_transfer_stands_behind_it() {
    let mut play = Play::against(21);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Backward, ACK, b"150 Here it comes\r\n");
    let mut data = Line { hosts: [CLIENT, SERVER], ports: [40_001, 50_000], seq: [70_000, 90_000] };
    play.swap(&mut data);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Backward, ACK, b"\x00\x01\x02 the file").tcp(Backward, FIN | ACK, b"");
    play.swap(&mut data);
    play.tcp(Backward, ACK, b"226 Done\r\n");
    let said = steps(&story(&play));
    let place = |word: &str| said.iter().position(|step| step.contains(word));
    let (begins, file, done) = (place("150"), place("12 bytes"), place("226"));
    assert!(begins < file && file < done && done.is_some(), "{said:#?}");
}

#[test]
fn what_is_pushed_with_a_pause_between_is_pushed_in_several_arrows() {
    let mut play = Play::against(6379);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let asks = b"*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nx\r\n";
    play.tcp(Forward, ACK, asks);
    let push: &[u8] = b"*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$1\r\n1\r\n";
    for (at, time) in [20_000, 40_000, 41_000].into_iter().enumerate() {
        play.at(time).tcp(Backward, ACK, push);
        assert!(at < 3);
    }
    let said = steps(&story(&play));
    // Of three the last two leave at once.
    assert_eq!(said.len(), 6, "{said:#?}");
}

#[test]
fn an_end_that_is_sent_again_is_a_step_of_its_own() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let fin = play.seq(Forward);
    play.tcp(Forward, FIN | ACK, b"");
    play.at(20_000).tcp_at(fin, Forward, FIN | ACK, b"");
    let said = steps(&story(&play));
    assert_eq!(said.len(), 5, "{said:#?}");
}

#[test]
fn a_round_trip_is_counted_from_the_last_try() {
    let mut play = Play::against(9_999);
    play.tcp_at(1_000, Forward, SYN, b"").at(1_000_000).tcp(Forward, SYN, b"");
    play.tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let told = story(&play);
    let [trip] = told.trips.as_slice() else { panic!("{:?}", told.trips) };
    assert_eq!(trip.nanos, 10_000);
    let said =
        "from the last try: 1.00 s from the first, and which of them is answered does not show";
    assert_eq!(trip.tried_in_words().as_deref(), Some(said));
}

#[test]
fn a_timestamp_tells_which_try_was_answered() {
    let mut play = Play::against(9_999);
    play.stamps = Some((1, 0));
    play.tcp_at(1_000, Forward, SYN, b"");
    play.stamps = Some((1_001, 0));
    play.at(1_000_000).tcp(Forward, SYN, b"");
    play.stamps = Some((7, 1_001));
    play.tcp(Backward, SYN | ACK, b"");
    play.stamps = Some((1_002, 7));
    play.tcp(Forward, ACK, b"");
    let told = story(&play);
    let [trip] = told.trips.as_slice() else { panic!("{:?}", told.trips) };
    let said = "from the last try, whose timestamp is echoed: 1.00 s from the first";
    assert_eq!(trip.tried_in_words().as_deref(), Some(said));
}

#[test]
fn a_message_that_took_its_time_says_when_it_was_whole() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    play.at(1_000).tcp(Backward, ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
    play.at(61_000).tcp(Backward, ACK, b"two");
    let told = story(&play);
    let answer = told.steps().into_iter().filter_map(|id| told.beat(id)).next_back().unwrap();
    let said = " Its last byte follows 60.0 ms after its first.";
    assert!(answer.detail.ends_with(said), "{}", answer.detail);
}

#[test]
fn tries_that_nothing_tells_apart_are_not_listed() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let first = play.seq(Forward);
    play.tcp(Forward, ACK, b"one").tcp(Forward, ACK, b"two");
    play.at(500_000).tcp_at(first, Forward, ACK, b"one").tcp_at(first + 3, Forward, ACK, b"two");
    let told = story(&play);
    let again = told.steps().into_iter().filter_map(|id| told.beat(id)).next_back().unwrap();
    assert_eq!(again.label, "sent again · sent again");
    assert!(!again.detail.contains("Also"), "{}", again.detail);
}
