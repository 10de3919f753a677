//! Order: of the file and of the sequence numbers, never that of a clock.

use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::story::{Level, Story};

use crate::input::frames;
use crate::reading::{Reading, check};

/// The chapters of a story, in its order.
pub(crate) fn chapters(story: &Story) -> Vec<&str> {
    story.level(Level::Chapter).map(|(_, beat)| beat.label.as_str()).collect()
}

#[test]
fn a_syn_stored_late_belongs_to_what_it_began() {
    let rows = |syn: usize, get: usize| {
        format!(
            "{syn} TCP 50000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM WS=128
             {get} HTTP GET /one HTTP/1.1
             6 HTTP HTTP/1.1 200 OK  (text/plain) answers {get}
             8 HTTP GET /two HTTP/1.1
             9 HTTP HTTP/1.1 200 OK  (text/plain) answers 8"
        )
    };
    let cases = [("syn-after-ack", 3, 4), ("syn-after-syn-ack", 2, 4)];
    for (name, syn, get) in cases {
        check(frames(&format!("{name}.pcap")), 1, &rows(syn, get));
    }
    // Behind the first request even.
    check(
        frames("syn-after-data.pcap"),
        1,
        "3 HTTP GET /one HTTP/1.1
         4 TCP 50000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM WS=128
         6 HTTP HTTP/1.1 200 OK  (text/plain) answers 3
         8 HTTP GET /two HTTP/1.1
         9 HTTP HTTP/1.1 200 OK  (text/plain) answers 8",
    );
    for name in ["syn-after-data.pcap", "syn-after-ack.pcap", "syn-after-syn-ack.pcap"] {
        let story = Reading::new(frames(name), Secrets::default()).story();
        assert_eq!(chapters(&story), ["TCP handshake", "HTTP request", "Closing"], "{name}");
        // Who has spoken is not asking for a connection any more.
        let client: Vec<&str> = story
            .states
            .iter()
            .filter(|state| state.actor.0 == 0)
            .map(|state| state.name)
            .collect();
        let asked = client.iter().position(|state| *state == "SYN-SENT");
        assert!(asked.is_none_or(|at| at == 0), "{name}: {client:?}");
    }
}

#[test]
fn one_direction_on_each_of_two_taps_is_one_connection() {
    check(
        frames("two-taps.pcapng"),
        1,
        "2 TCP 80 → 50000 [SYN, ACK] Seq=0 Ack=1 Win=64240 Len=0 MSS=1460 SACK_PERM WS=128
         4 HTTP GET /one HTTP/1.1
         6 HTTP HTTP/1.1 200 OK  (text/plain) answers 4
         8 HTTP GET /two HTTP/1.1
         9 HTTP HTTP/1.1 200 OK  (text/plain) answers 8
         13 TCP 50000 → 80 [ACK] Seq=72 Ack=157 Win=8222720 Len=0",
    );
}

#[test]
fn a_clock_that_is_set_back_changes_no_order() {
    let cases = [
        ("clock-half-second-back.pcap", "490 ms at frame 7"),
        ("clock-hour-back.pcap", "59 min 59 s at frame 6"),
    ];
    for (name, step) in cases {
        let rows = "4 HTTP GET /one HTTP/1.1
                    6 HTTP HTTP/1.1 200 OK  (text/plain) answers 4
                    8 HTTP GET /two HTTP/1.1
                    9 HTTP HTTP/1.1 200 OK  (text/plain) answers 8";
        check(frames(name), 1, rows);
        let story = Reading::new(frames(name), Secrets::default()).story();
        assert_eq!(chapters(&story), ["TCP handshake", "HTTP request", "Closing"], "{name}");
        assert_eq!(story.trips.len(), 3, "{name}");
        assert!(story.trips.iter().all(|trip| trip.nanos >= 0), "{name}: {:?}", story.trips);
        let named = story.notes.iter().any(|note| note.contains(step));
        assert!(named, "{name}: {:?}", story.notes);
        assert!(!story.sum.contains('-'), "{name}: {}", story.sum);
    }
}

#[test]
fn what_was_captured_late_is_read_where_it_belongs() {
    // No beginning, and the second half first: nothing was sent again.
    check(
        frames("midstream-out-of-order.pcap"),
        1,
        "1 TCP 80 → 50000 [ACK] Seq=1 Ack=1 Win=64240 Len=700
         2 TCP [TCP Out-Of-Order] 80 → 50000 [ACK] Seq=4294966597 Ack=1 Win=64240 Len=700
         3 HTTP HTTP/1.1 200 OK  (text/plain)
         4 HTTP HTTP/1.1 200 OK  (text/plain)",
    );
    // The client's acknowledgement of everything, before everything was stored.
    check(
        frames("ack-between-data.pcap"),
        1,
        "4 HTTP GET /x HTTP/1.1
         8 TCP 50000 → 80 [ACK] Seq=34 Ack=2068 Win=8222720 Len=0
         9 HTTP HTTP/1.1 200 OK  (text/plain) answers 4
         10 HTTP GET /y HTTP/1.1
         11 HTTP HTTP/1.1 200 OK  (text/plain) answers 10",
    );
    check(
        frames("ack-first.pcap"),
        1,
        "4 HTTP GET /x HTTP/1.1
         6 TCP 50000 → 80 [ACK] Seq=34 Ack=2068 Win=8222720 Len=0
         9 HTTP HTTP/1.1 200 OK  (text/plain) answers 4",
    );
    // The end of a direction, before what comes in front of it.
    check(
        frames("fin-before-hole.pcap"),
        1,
        "4 HTTP GET /f HTTP/1.1
         7 TCP 80 → 50000 [FIN, PSH, ACK] Seq=1401 Ack=34 Win=8222720 Len=667
         8 HTTP HTTP/1.1 200 OK  (text/plain) answers 4",
    );
}

#[test]
fn numbers_may_wrap_bytes_may_come_twice_and_ports_may_be_used_again() {
    // The second copy of frame 9 says something else: what was sent first counts.
    check(
        frames("tcp-odds.pcap"),
        2,
        "4 HTTP GET /wrap HTTP/1.1
         5 HTTP HTTP/1.1 200 OK  (text/plain) answers 4
         7 TCP [TCP Keep-Alive] 50000 → 80 [ACK] Seq=36 Ack=667 Win=8222720 Len=1
         9 HTTP GET /after-keepalive HTTP/1.1
         10 TCP [TCP Retransmission] 50000 → 80 [PSH, ACK] Seq=37 Ack=667 Win=8222720 Len=47
         11 HTTP HTTP/1.1 200 OK  (text/plain) answers 9
         16 TCP 50000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM WS=128
         19 HTTP GET /reused-port HTTP/1.1
         20 HTTP HTTP/1.1 200 OK  (text/plain) answers 19
         22 TCP 50000 → 80 [RST] Seq=44 Win=8222720 Len=0",
    );
}
