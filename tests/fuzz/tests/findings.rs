//! What was found, each as the smallest input that shows it.

use wirestage_fuzz::input::{Break, Carrier, Input, Turn};
use wirestage_fuzz::run::once;

/// A request and its answer, each so many nanoseconds after what was before.
fn exchange(carrier: Carrier, after: [i64; 2]) -> Input {
    let said = ["GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nuntil the end"];
    let turn = |(at, said): (usize, &str)| {
        let (is_client, bytes) = (at == 0, said.as_bytes().to_vec());
        Turn { is_client, after: after[at], link: 1, bytes }
    };
    Input::new(carrier, said.into_iter().enumerate().map(turn).collect())
}

#[track_caller]
fn check(input: &Input) {
    assert_eq!(once(input), Ok(()));
}

#[test]
fn round_trips_as_long_as_times_can_be_apart() {
    for after in [[i64::MAX, 0], [0, i64::MAX], [i64::MIN, -1], [i64::MAX, i64::MAX]] {
        check(&exchange(Carrier::Tcp(80), after));
        check(&exchange(Carrier::Udp(40_000), after));
    }
}

#[test]
fn what_is_captured_again_behind_the_end() {
    // Any frame once more: the last data behind the FIN, a datagram behind the last one.
    for frame in 0..7 {
        for carrier in [Carrier::Tcp(80), Carrier::Udp(53), Carrier::Udp(40_000)] {
            let breaks = vec![Break::Again(frame)];
            check(&Input { breaks: breaks.clone(), ..exchange(carrier, [1; 2]) });
            check(&Input { breaks, segment: 5, ..exchange(carrier, [1; 2]) });
        }
    }
}

#[test]
fn segments_without_data_in_fragments() {
    for size in [8, 16] {
        check(&Input { fragments: Some((0, size)), ..exchange(Carrier::Tcp(80), [1; 2]) });
    }
    let said = Turn { is_client: true, after: 1, link: 1, bytes: Vec::new() };
    let empty = Input::new(Carrier::Udp(7), vec![said]);
    check(&Input { fragments: Some((0, 8)), tunnels: vec![12], ..empty });
}

#[test]
fn the_first_segment_stored_far_behind_the_others() {
    // A hundred segments of a byte, then those that came before them.
    for (first, last) in [(2, 80), (3, 90), (5, 63), (5, 64), (5, 65), (5, 66)] {
        let breaks = vec![Break::Lose(0), Break::Swap(first, last), Break::Lose(1)];
        let said = Turn { is_client: true, after: 1, link: 1, bytes: vec![b'a'; 100] };
        check(&Input { breaks, segment: 1, ..Input::new(Carrier::Tcp(40_000), vec![said]) });
    }
}
