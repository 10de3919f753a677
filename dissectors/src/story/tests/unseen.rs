//! What a recording lacks and what follows shows all the same; and how long of a round trip was no
//! way.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::frames::{FrameList, Frames};
use crate::ids::Direction::{Backward, Forward};
use crate::ids::FrameId;
use crate::story::{Level, Pondered};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

#[test]
fn an_answer_to_a_syn_that_was_not_captured_has_cost_a_round_trip() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").at(20_000).tcp(Forward, ACK, b"").tcp(Forward, ACK, GET);
    play.at(60_000).tcp(Backward, ACK, OK);
    let told = story(&play);
    let steps: Vec<&str> =
        told.level(Level::Flight).map(|(_, beat)| beat.headline.as_str()).collect();
    assert_eq!(
        steps[..2],
        [
            "Asks for a connection",
            "Confirms an answer that was not recorded: the connection is open"
        ]
    );
    assert_eq!(told.trips[0].nanos, 20_000_000);
    assert_eq!(
        told.sum,
        "1 round trip of TCP until the request can be sent, 2 until the first byte of the answer"
    );
    let states: Vec<&str> = told.states.iter().map(|state| state.name).collect();
    assert_eq!(states, ["SYN-SENT", "ESTABLISHED", "ESTABLISHED"]);
}

#[test]
fn a_probe_for_room_costs_no_round_trip() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Backward, ACK, &[7; 900]);
    play.window = 0;
    play.at(50_000).tcp(Forward, ACK, b"");
    let seq = play.seq(Backward);
    play.window = 64_240;
    play.at(300_000).tcp_at(seq.wrapping_sub(1), Backward, ACK, b"");
    play.at(700_000).tcp(Forward, ACK, b"");
    let told = story(&play);
    let labels: Vec<&str> =
        told.level(Level::Flight).map(|(_, beat)| beat.label.as_str()).collect();
    assert!(labels.contains(&"window probe") && labels.contains(&"window update"), "{labels:?}");
    assert_eq!(told.trips.len(), 1, "that of the handshake: {labels:?}");
}

#[test]
fn what_passes_after_a_question_was_acknowledged_is_no_way() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"").at(10_000).tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, GET).at(20_000).tcp(Backward, ACK, b"");
    play.at(320_000).tcp(Backward, ACK, OK).tcp(Forward, FIN | ACK, b"");
    let told = story(&play);
    let pondered: Vec<_> = told.trips.iter().map(|trip| trip.pondered).collect();
    assert_eq!(pondered, [None, Some(Pondered::AtLeast(300_000_000))]);
    let words = told.trips[1].pondered_in_words("Server");
    assert_eq!(
        words.as_deref(),
        Some("of which 300.000 ms passed after Server had acknowledged the question")
    );
    let (_, answer) =
        told.level(Level::Flight).find(|(_, beat)| beat.label.starts_with("200")).unwrap();
    assert!(
        answer.detail.ends_with(" It has kept the question waiting for 300 ms."),
        "{}",
        answer.detail
    );
}

#[test]
fn who_acknowledges_sooner_than_the_other_side_can_proves_no_wait() {
    let pondered = |acknowledged: i64| {
        let mut play = Play::against(80);
        play.tcp(Forward, SYN, b"").at(126_000).tcp(Backward, SYN | ACK, b"");
        play.tcp(Forward, ACK, b"").at(200_000).tcp(Forward, ACK, GET);
        play.at(200_000 + acknowledged).tcp(Backward, ACK, b"");
        play.at(340_000).tcp(Backward, ACK, OK);
        story(&play).trips[1].pondered
    };
    // A translator of addresses on the same machine; the answer took a way and no time.
    assert_eq!(pondered(134), None);
    assert!(pondered(126_000).is_some());
}

#[test]
fn who_waits_for_news_may_be_told_that_there_is_none() {
    let answered = |after: i64| {
        let mut play = Play::against(80);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.tcp(Forward, ACK, GET).tcp(Backward, ACK, b"");
        play.at(after).tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
        let told = story(&play);
        let (_, answer) = told.level(Level::Flight).last().unwrap();
        answer.detail.split(" It has kept ").nth(1).map(str::to_owned)
    };
    let waited = "the question waiting for 150 ms, and has nothing to say then.";
    assert_eq!(answered(150_000 + 50).as_deref(), Some(waited));
    assert_eq!(answered(15_000), None, "nobody waits for so little");
}

#[test]
fn a_syn_that_stands_behind_its_answer_has_cost_a_round_trip() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"");
    let syn = play.frames.frame(FrameId(0)).bytes.to_vec();
    play.frames = FrameList::new();
    play.tcp(Backward, SYN | ACK, b"").push(syn);
    play.tcp(Forward, ACK, b"").tcp(Forward, ACK, GET).tcp(Backward, ACK, OK);
    let told = story(&play);
    let syn = told.level(Level::Flight).nth(1).unwrap().1;
    assert_eq!(syn.headline, "Asks for a connection: it stands behind its answer in the recording");
    assert!(
        told.sum.starts_with("1 round trip of TCP until the request can be sent"),
        "{}",
        told.sum
    );
}

#[test]
fn a_syn_that_stands_behind_a_question_is_a_step_of_the_handshake() {
    let mut play = Play::against(80);
    play.tcp(Forward, SYN, b"");
    let syn = play.frames.frame(FrameId(0)).bytes.to_vec();
    play.frames = FrameList::new();
    play.tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"").tcp(Forward, ACK, GET);
    play.push(syn).tcp(Backward, ACK, OK);
    let told = story(&play);
    let steps = told.steps();
    let steps = steps.iter().filter_map(|id| told.beat(*id)).map(|beat| beat.label.as_str());
    assert_eq!(steps.collect::<Vec<_>>(), ["SYN, ACK", "ACK", "GET /", "SYN", "200 OK  2 B"]);
    let chapters: Vec<(&str, u32)> = told
        .level(Level::Chapter)
        .map(|(_, beat)| (beat.label.as_str(), beat.round_trips))
        .collect();
    assert_eq!(chapters, [("TCP handshake", 1), ("HTTP request", 1)]);
}
