//! The link tells the truth: what it was asked to do to packets is what both its ends recorded.
//!
//! Times are reported and not held against anything: a busy machine is late. Order and causes are.
//! Where this runs as root, the program is also called as somebody without any privilege.

#![allow(clippy::print_stdout)] // What was measured is to be read.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use wirestage::document::{Document, Opening};
use wirestage_captures::lab::link::{DEVICES_VARIABLE, Side};
use wirestage_captures::lab::{self, Way};
use wirestage_dissectors::frames::{Frame, Frames, LinkType};
use wirestage_dissectors::ids::{Direction, FlowId, FrameId};
use wirestage_dissectors::story::sighting::{Sighting, Twins, sightings, twins};
use wirestage_tests::program::{command, program, ran, run};
use wirestage_tests::{open, skip};

/// Somebody who owns nothing.
const NOBODY: u32 = 65_534;

/// Who records, and over which devices; nothing where the program chooses.
#[derive(Clone, Copy, Debug)]
struct Case {
    devices: Option<&'static str>,
    ordinary: bool,
}

/// As whoever runs the tests mostly does it: without privileges, where that can be tried.
fn usual() -> Case {
    Case { devices: None, ordinary: is_root() }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// Every case that can be had here; those that cannot are skipped aloud.
fn cases(test: &str) -> Vec<Case> {
    let mut cases = vec![usual(), Case { devices: Some("veth"), ordinary: false }];
    if std::fs::File::options().read(true).write(true).open("/dev/net/tun").is_ok() {
        cases.push(Case { devices: Some("tun"), ordinary: false });
    } else {
        skip(&format!("{test} over TUN"), "/dev/net/tun is not writable");
    }
    cases
}

/// Whether links cannot be had here; says so aloud.
fn skipped(test: &str) -> bool {
    match lab::probe() {
        Way::Namespace => false,
        Way::HostLoopback { because } | Way::Refused(because) => {
            skip(test, &because.to_string());
            true
        }
    }
}

/// The program where everybody may start it.
fn shared_program() -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::Builder::new().prefix("link-test").tempdir().unwrap();
        let copy = folder.path().join("wirestage");
        std::fs::copy(program(), &copy).unwrap();
        for path in [folder.path(), &copy] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        folder
    });
    folder.path().join("wirestage")
}

/// A recording with both ends of its flow.
struct Recorded {
    document: Document,
    twins: Twins,
    sightings: Vec<Sighting>,
}

/// Records a scenario over a link.
fn record(scenario: &str, settings: &str, case: Case) -> Recorded {
    let mut command = Command::new(if case.ordinary { shared_program() } else { program().into() });
    command.args(["record", scenario, "--link", settings, "-o", "-"]).current_dir("/");
    command.stdin(Stdio::null()).env_remove(DEVICES_VARIABLE);
    if let Some(devices) = case.devices {
        command.env(DEVICES_VARIABLE, devices);
    }
    if case.ordinary {
        command.uid(NOBODY).gid(NOBODY);
    }
    let ran = ran(&mut command);
    assert_eq!(ran.code, 0, "{scenario} over {settings}, {case:?}: {}", ran.err);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &ran.out).unwrap();
    let document = open(file.path(), Opening::default());
    let (frames, survey) = (&*document.recording, &document.survey);
    let twins = twins(FlowId(0), frames, survey).expect("both ends were recorded");
    let sightings = sightings(twins, frames, survey);
    Recorded { document, twins, sightings }
}

impl Recorded {
    fn frame(&self, id: FrameId) -> Frame<'_> {
        self.document.recording.frame(id)
    }

    fn of(&self, direction: Direction) -> impl Iterator<Item = &Sighting> {
        self.sightings.iter().filter(move |one| one.direction == direction)
    }

    /// The packets of one side that an end saw, in their order.
    fn seen(&self, end: Side, from: Side) -> Vec<(FrameId, &[u8])> {
        let all = (0..self.document.recording.count()).map(FrameId);
        let packets = all.filter_map(|id| {
            let frame = self.frame(id);
            let is_packet = frame.link != LinkType::MARK && frame.interface == end as u16;
            is_packet.then(|| (id, packet(&frame)))
        });
        let of_side = |packet: &[u8]| IpAddr::from(octets(&packet[12..16])) == from.address(1);
        packets.filter(|(_, packet)| of_side(packet)).collect()
    }

    /// Which packets of a side never came: their frames at its own end and their numbers, from
    /// one. The link changes nothing in a packet, so it is the same one where all its bytes are.
    fn lost(&self, from: Side) -> Vec<(FrameId, u64)> {
        let mut arrived: HashMap<&[u8], usize> = HashMap::new();
        for (_, packet) in self.seen(from.other(), from) {
            *arrived.entry(packet).or_default() += 1;
        }
        let mut came = |packet: &[u8]| match arrived.get_mut(packet) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        let sent = self.seen(from, from).into_iter().zip(1..);
        let gone = sent.filter(|((_, packet), _)| !came(packet));
        gone.map(|((id, _), number)| (id, number)).collect()
    }

    /// Only the numbers of those.
    fn lost_numbers(&self, from: Side) -> BTreeSet<u64> {
        self.lost(from).into_iter().map(|(_, number)| number).collect()
    }

    /// The marks of the link itself: what it did, to which side's packet.
    fn marks(&self) -> Vec<(String, String, u64)> {
        let field = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
            line.map(str::to_owned)
        };
        let frames = (0..self.document.recording.count()).map(|number| self.frame(FrameId(number)));
        let marks = frames.filter(|frame| frame.link == LinkType::MARK);
        let of_link = marks.filter_map(|frame| {
            let text = String::from_utf8_lossy(frame.bytes).into_owned();
            (field(&text, "WIRESTAGE_ROLE")? == "link").then_some(())?;
            let number = field(&text, "WIRESTAGE_PACKET")?.parse().ok()?;
            Some((field(&text, "WIRESTAGE_WHAT")?, field(&text, "WIRESTAGE_SIDE")?, number))
        });
        of_link.collect()
    }

    /// How many bytes of TCP data a frame carries.
    fn data(&self, id: FrameId) -> u32 {
        self.document.survey.row(id).expect("every frame has a row").payload_len
    }
}

/// The side that sends in a direction.
fn side(direction: Direction) -> Side {
    match direction {
        Direction::Forward => Side::Client,
        Direction::Backward => Side::Server,
    }
}

#[test]
fn what_is_dropped_is_seen_by_its_sender_alone_and_nothing_else_is() {
    const TEST: &str = "what_is_dropped_is_seen_by_its_sender_alone_and_nothing_else_is";
    if skipped(TEST) {
        return;
    }
    for case in cases(TEST) {
        // The scenario's own loss, and none of it.
        let lossy = record("tcp-loss-recovery", "", case);
        let sent = lossy.seen(Side::Server, Side::Server).into_iter().map(|(id, _)| id);
        let with_data: Vec<FrameId> = sent.filter(|id| lossy.data(*id) > 0).collect();
        let lost: Vec<FrameId> = lossy.lost(Side::Server).into_iter().map(|(id, _)| id).collect();
        assert_eq!(lost, [with_data[2]], "{case:?}: the third with data, and no other");
        assert_eq!(lossy.lost(Side::Client), [], "{case:?}");

        // By number, whatever the packet carries: the SYN-ACK is the server's first packet.
        let dropped = record("tcp-lifecycle", "drop=server:1/client:3,rtt=4ms", case);
        assert_eq!(dropped.lost_numbers(Side::Server), BTreeSet::from([1]), "{case:?}");
        assert_eq!(dropped.lost_numbers(Side::Client), BTreeSet::from([3]), "{case:?}");

        for recorded in [lossy, dropped] {
            told_by_marks(&recorded, case);
            at_both_ends(&recorded, case);
            counted_by_the_story(&recorded, case);
        }
        println!("{case:?}: what was dropped, and nothing else, is seen at one end only");
    }
}

/// The link's marks name the packets that did not come.
fn told_by_marks(recorded: &Recorded, case: Case) {
    for side in Side::BOTH {
        let marks = recorded.marks().into_iter();
        let drops = marks.filter(|(what, from, _)| what == "drop" && from == side.name());
        let told: BTreeSet<u64> = drops.map(|(.., number)| number).collect();
        assert_eq!(told, recorded.lost_numbers(side), "{case:?}, {side:?}");
    }
}

/// The segments that a story counts are those that each side sent, as its own end recorded them.
fn counted_by_the_story(recorded: &Recorded, case: Case) {
    let story = recorded.document.story(None);
    for transfer in &story.transfers {
        let name = story.cast[usize::from(transfer.from.0)].name.to_lowercase();
        let side = Side::BOTH.into_iter().find(|side| side.name() == name).unwrap();
        let with_data = |id: FrameId| recorded.data(id) > 0;
        let sent = recorded.seen(side, side).into_iter().filter(|(id, _)| with_data(*id)).count();
        let lost = recorded.lost(side).into_iter().filter(|(id, _)| with_data(*id)).count();
        let counts = transfer.counts();
        assert_eq!((counts.sent as usize, counts.lost as usize), (sent, lost), "{case:?}");
        assert_eq!(counts.sent, counts.new + counts.again, "{case:?}");
        let mut for_good = 0;
        for (at, one) in transfer.segments.iter().enumerate().filter(|(_, one)| one.is_lost()) {
            let later = transfer.segments[at + 1..].iter();
            for_good += u32::from(!later.clone().any(|other| other.numbers == one.numbers));
        }
        assert_eq!(counts.for_good, for_good, "{case:?}: sent again, or lost for good");
    }
    let lossy = story.transfers.iter().any(|one| one.has_trouble());
    assert_eq!(lossy, !story.segments().is_empty(), "{case:?}");
}

/// Each packet left one interface before it came to the other, as a wire would carry it.
fn at_both_ends(recorded: &Recorded, case: Case) {
    let survey = &recorded.document.survey;
    let interface = |flow: FlowId| survey.flow(flow).unwrap().key.interface;
    let names: Vec<String> =
        recorded.document.recording.interfaces().into_iter().map(|one| one.name.clone()).collect();
    assert_eq!(names, ["client", "server"], "{case:?}");
    assert_eq!((interface(recorded.twins.near), interface(recorded.twins.far)), (0, 1));
    for direction in Direction::BOTH {
        let unseen = recorded.of(direction).filter(|one| one.received.is_none()).count();
        assert_eq!(unseen, recorded.lost(side(direction)).len(), "{case:?}: paired by content");
    }
    for one in &recorded.sightings {
        let sent = recorded.frame(one.sent.frame);
        assert_eq!(usize::from(sent.interface), side(one.direction) as usize, "{case:?}");
        if let Some(received) = one.received {
            assert_ne!(recorded.frame(received.frame).interface, sent.interface, "{case:?}");
            assert!(received.time.since(one.sent.time) > 0, "{case:?}: {one:?}");
        }
        let packet = packet(&sent);
        assert!(packet.len() <= 1500, "{case:?}: {} bytes", packet.len());
        assert_eq!(checksum(packet), 0, "{case:?}: the checksum of {:?}", one.sent.frame);
    }
    let about = recorded.document.about();
    assert!(about.link.unwrap().contains("rtt="), "the settings are kept");
    let names: BTreeSet<_> = recorded.document.recording.names().into_iter().collect();
    let expected = Side::BOTH.map(|side| (side.address(1), side.name()));
    for (address, name) in expected {
        let is_it =
            |(known, title): &(_, String)| *known == address && title.to_lowercase() == name;
        assert!(names.iter().any(is_it), "{case:?}: {address} is the {name}");
    }
}

/// The IP packet of a frame.
fn packet<'a>(frame: &Frame<'a>) -> &'a [u8] {
    if frame.link == LinkType::ETHERNET { &frame.bytes[14..] } else { frame.bytes }
}

/// An address of IPv4.
fn octets(bytes: &[u8]) -> [u8; 4] {
    bytes.try_into().expect("four bytes")
}

/// What is left over of the checksum of TCP in a packet of IPv4: zero where it is right (RFC
/// 1071; the pseudo header is RFC 9293's, section 3.1).
fn checksum(packet: &[u8]) -> u16 {
    let header = usize::from(packet[0] & 0x0f) * 4;
    let segment = &packet[header..];
    let length = (segment.len() as u16).to_be_bytes();
    let pseudo = [&packet[12..20], &[0, packet[9]], &length].concat();
    let words = pseudo.chunks(2).chain(segment.chunks(2));
    let mut sum: u32 = words
        .map(|word| u32::from(word[0]) << 8 | word.get(1).map_or(0, |low| u32::from(*low)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[test]
fn the_round_trip_that_was_asked_for_is_reported_beside_the_one_that_was_measured() {
    const TEST: &str = "the_round_trip_that_was_asked_for_is_reported_beside_the_one_measured";
    if skipped(TEST) {
        return;
    }
    let mut best = i64::MAX;
    for _ in 0..5 {
        let recorded = record("tcp-lifecycle", "rtt=60ms", usual());
        let [syn, syn_ack, ..] = &recorded.sightings[..] else { panic!("a handshake") };
        let moments = [
            syn.sent,
            syn.received.expect("nothing is lost"),
            syn_ack.sent,
            syn_ack.received.expect("nothing is lost"),
        ];
        assert!(moments.is_sorted_by_key(|moment| moment.time), "{moments:?}");
        assert!(moments.is_sorted_by_key(|moment| moment.frame), "frames are in order of time");
        best = best.min(moments[3].time.since(moments[0].time));
    }
    println!("a round trip of 60 ms was asked for; the best of five took {} µs", best / 1000);
}

#[test]
fn the_same_seed_meets_the_same_packets_and_another_does_not() {
    const TEST: &str = "the_same_seed_meets_the_same_packets_and_another_does_not";
    if skipped(TEST) {
        return;
    }
    let lost = |seed: u64| {
        let settings = format!("rtt=10ms,drop-data=none,loss=15%,mtu=576,seed={seed}");
        let recorded = record("tcp-loss-recovery", &settings, usual());
        told_by_marks(&recorded, usual());
        let sent = |side: Side| recorded.seen(side, side).len() as u64;
        Side::BOTH.map(|side| (recorded.lost_numbers(side), sent(side)))
    };
    // How many packets it takes differs from run to run: what both runs sent is compared.
    let alike = |a: &(BTreeSet<u64>, u64), b: &(BTreeSet<u64>, u64)| {
        let both = a.1.min(b.1);
        let upto = |lost: &BTreeSet<u64>| lost.range(..=both).copied().collect::<Vec<_>>();
        (upto(&a.0), upto(&b.0))
    };
    let (first, again, other) = (lost(7), lost(7), lost(8));
    let mut differ = false;
    for ((first, again), other) in first.iter().zip(&again).zip(&other) {
        let (a, b) = alike(first, again);
        assert_eq!(a, b, "the same seed, the same packets");
        println!("seed 7 loses {a:?} of {} packets", first.1.min(again.1));
        let (a, b) = alike(first, other);
        differ |= a != b;
    }
    assert!(differ, "another seed loses others: {first:?} {other:?}");
}

#[test]
fn what_is_repeated_or_held_back_is_seen_so_at_the_other_end() {
    const TEST: &str = "what_is_repeated_or_held_back_is_seen_so_at_the_other_end";
    if skipped(TEST) {
        return;
    }
    let settings = "rtt=20ms,drop-data=none,duplicate=20%,reorder=20%,mtu=576,seed=3";
    let recorded = record("tcp-loss-recovery", settings, usual());
    let marks = recorded.marks();
    for direction in Direction::BOTH {
        let marked = |what: &str| {
            let of =
                |mark: &&(String, String, u64)| mark.0 == what && mark.1 == side(direction).name();
            marks.iter().filter(of).count()
        };
        let side = side(direction);
        let (sent, came) = (recorded.seen(side, side), recorded.seen(side.other(), side));
        assert_eq!(came.len(), sent.len() + marked("duplicate"), "{direction:?}");
        let times: Vec<_> = recorded.of(direction).filter_map(|one| one.received).collect();
        // One that is held back with nobody behind it is overtaken by nobody.
        let overtaken = !times.is_sorted_by_key(|moment| moment.time);
        assert!(!overtaken || marked("hold back") > 0, "{direction:?}: out of order by itself");
    }
    let received = recorded.of(Direction::Backward).filter_map(|one| one.received);
    assert!(!received.is_sorted_by_key(|moment| moment.time), "many segments, and none overtaken");
    assert!(marks.iter().any(|mark| mark.0 == "duplicate"), "{marks:?}");
    for one in &recorded.sightings {
        let frame = recorded.frame(one.sent.frame);
        assert!(packet(&frame).len() <= 576, "{} bytes", frame.wire_len);
    }
}

#[test]
fn settings_that_cannot_be_are_refused_with_a_cause_and_a_mend() {
    let record = |link: &str| run(&["record", "udp-echo", "-o", "-", "--link", link]);
    record("rtt=5").failed(2, "rtt cannot be \"5\": a time has a unit", "rtt=100ms");
    record("delay=5ms").failed(2, "no setting called \"delay\"", "rtt, jitter");
    record("drop=proxy:1").failed(2, "a side and numbers", "drop=server:3");
    let mut command = command(&["record", "udp-echo", "-o", "-", "--link", "rtt=5ms"]);
    let refused = ran(command.env(lab::WAY_VARIABLE, "host"));
    // Where not even the host's loopback can be captured, that is what is said.
    let cause = if refused.err.contains("A link needs") { "private networks" } else { "" };
    refused.failed(1, cause, "");
}
