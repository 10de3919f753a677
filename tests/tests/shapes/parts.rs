//! Connections of which only a part was recorded, or a part twice; one that was idle for long; and
//! one whose two ends were stamped by clocks that differ.

use std::path::{Path, PathBuf};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::story::RoundTrip;

use super::drawn::{self, LEVELS};
use super::lab::{Again, Props, Stop, frames, write};
use super::play::{connect, fetch, serve, server};
use super::told::Recorded;
use super::wire::Wire;

const SERVER: &str = "127.0.0.2:80";
/// How long nothing is asked for, as the recording has it in the end.
const IDLE: i64 = 100_000_000_000;
/// How long nothing is asked for, as it is played: a keep-alive a second.
const PLAYED: Duration = Duration::from_millis(2_500);

/// Two requests over one connection.
pub(crate) fn two(_: &Props) -> Result<(), Stop> {
    let server = server(SERVER, 1, |mut socket| serve(&mut socket))?;
    let mut stream = connect("127.0.0.1:0", SERVER)?;
    fetch(&mut stream, 3_000)?;
    fetch(&mut stream, 4_000)?;
    drop(stream);
    server.join().expect("it ends");
    Ok(())
}

/// The same with a long wait between, in which the kernel asks whether anybody is there.
pub(crate) fn idle(_: &Props) -> Result<(), Stop> {
    let server = server(SERVER, 1, |mut socket| serve(&mut socket))?;
    let mut stream = connect("127.0.0.1:0", SERVER)?;
    let second = Duration::from_secs(1);
    let asks = TcpKeepalive::new().with_time(second).with_interval(second);
    SockRef::from(&stream).set_tcp_keepalive(&asks)?;
    fetch(&mut stream, 3_000)?;
    std::thread::sleep(PLAYED);
    fetch(&mut stream, 4_000)?;
    drop(stream);
    server.join().expect("it ends");
    Ok(())
}

/// Where a changed recording goes.
fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(format!("{name}.pcapng"))
}

/// Makes each pause longer, so that all of them together are the idle time.
pub(crate) fn slow(path: &Path) {
    const PAUSE: i64 = 300_000_000;
    let mut all = frames(path);
    let waits: Vec<i64> = all.windows(2).map(|pair| pair[1].0.since(pair[0].0)).collect();
    let long = waits.iter().filter(|wait| **wait > PAUSE).count() as i64;
    assert!(long >= 3, "two keep-alives, and the request behind them: {waits:?}");
    let played: i64 = waits.iter().filter(|wait| **wait > PAUSE).sum();
    let more = (IDLE - played) / long;
    let mut later = 0;
    for (frame, wait) in all.iter_mut().skip(1).zip(waits) {
        later += if wait > PAUSE { more } else { 0 };
        frame.0 = Time(frame.0.0 + later);
    }
    let path = beside(path, "slow");
    write(&path, &all);
    let mut recorded = Recorded::of(&path);
    recorded.plain_exchanges();
    let probes = recorded.wire.keep_alives();
    assert!(probes.len() >= 2, "{probes:?}");
    recorded.asked.extend(probes);
    recorded.check();
    // A busy machine may pause as well, by less.
    let mut silences = recorded.story.silences();
    silences.retain(|one| one.nanos > more);
    let silent: i64 = silences.iter().map(|one| one.nanos).sum();
    assert_eq!(silences.len() as i64, long, "each pause is told as one: {silences:?}");
    // Probes and their answers are no silence, and it begins with the last step, before a bare
    // acknowledgement of that.
    assert!((silent - IDLE).abs() < IDLE / 10, "{silences:?}");
    drawn::check(&recorded, &LEVELS);
}

/// The frames behind the answer to the first request, which nobody saw.
pub(crate) fn midway(path: &Path) {
    let whole = Wire::of(path);
    let second = whole.http()[2].first;
    let all: Vec<Again> = frames(path).split_off(second);
    let path = beside(path, "midway");
    write(&path, &all);
    let mut recorded = Recorded::of(&path);
    recorded.plain_exchanges();
    assert_eq!(recorded.exchanges.len(), 1);
    recorded.check();
    let notes = &recorded.story.notes;
    assert!(notes.iter().any(|note| note.contains("begins inside")), "{notes:?}");
    drawn::check(&recorded, &LEVELS);
}

/// Only what the client sent, and only what the server sent.
pub(crate) fn one_sided(path: &Path) {
    let whole = Wire::of(path);
    for (name, is_answer) in [("answers", true), ("questions", false)] {
        let mut ends = whole.packets.iter().map(|packet| packet.from.port());
        let mut all = frames(path);
        all.retain(|_| ends.next().is_some_and(|from| (from == 80) == is_answer));
        let path = beside(path, name);
        write(&path, &all);
        let mut recorded = Recorded::of(&path);
        recorded.plain_exchanges();
        assert!(recorded.asked.is_empty(), "nothing was heard of the other side");
        if !is_answer {
            // Who confirms a SYN-ACK has had one, whether it was recorded or not.
            recorded.asked.push((0, 1));
        }
        recorded.check();
        let notes = &recorded.story.notes;
        assert!(notes.iter().any(|note| note.contains("only one direction")), "{notes:?}");
        drawn::check(&recorded, &LEVELS);
    }
}

/// Each frame twice, as a mirror of both ports of a switch gives them.
pub(crate) fn seen_twice(path: &Path) {
    let again = |(time, bytes): Again| [(time, bytes.clone()), (Time(time.0 + 700), bytes)];
    let mut all: Vec<Again> = frames(path).into_iter().flat_map(again).collect();
    all.sort_by_key(|(time, _)| *time);
    let path = beside(path, "twice");
    write(&path, &all);
    let mut recorded = Recorded::of(&path);
    recorded.plain_exchanges();
    assert_eq!(recorded.exchanges.len(), 2, "what was seen twice was said once");
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}

/// Each answer a little before its question, as two processors stamp them whose clocks differ.
pub(crate) fn stamped_apart(path: &Path) {
    const APART: i64 = 2_000;
    let whole = Wire::of(path);
    let senders: Vec<_> = whole.packets.iter().map(|packet| packet.from).collect();
    let mut all = frames(path);
    for at in 1..all.len() {
        if senders[at] != senders[at - 1] {
            all[at].0 = Time(all[at - 1].0.0 - APART);
        }
    }
    let path = beside(path, "apart");
    write(&path, &all);
    let mut recorded = Recorded::of(&path);
    recorded.plain_exchanges();
    assert_eq!(recorded.exchanges.len(), 2, "the order is that of the file");
    recorded.check();
    let trips = &recorded.story.trips;
    assert!(trips.iter().any(|trip| trip.nanos == 0), "{trips:?}");
    // Nobody had a question for longer than its answer took.
    let is_within = |trip: &RoundTrip| {
        trip.nanos >= 0 && trip.pondered.is_none_or(|had| had.nanos() <= trip.nanos)
    };
    assert!(trips.iter().all(is_within), "{trips:?}");
    drawn::check(&recorded, &LEVELS);
}
