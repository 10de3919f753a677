//! The three readings agree with themselves: however a recording is cut into chunks, windows or
//! stretches, what comes out is equal.

#[path = "naive/mod.rs"]
mod naive;

use etherparse::PacketBuilder;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::stretch::Stretch;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{Both, FrameId, Time};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::survey::{Survey, survey_chunk};

/// Frames that are made one after the other.
#[derive(Default)]
struct Maker {
    frames: FrameList,
    clock: i64,
    /// The interface that sees what comes next.
    interface: u16,
}

const CLIENT: [u8; 4] = [127, 0, 0, 1];
const SERVER: [u8; 4] = [127, 0, 0, 2];

impl Maker {
    fn push(&mut self, bytes: Vec<u8>) {
        self.clock += 1_000;
        self.frames.push(Time(self.clock), self.interface, LinkType::ETHERNET, bytes);
    }

    fn udp(&mut self, client: u16, server: u16, to_server: bool, payload: &[u8]) {
        let (from, to) = if to_server { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let ports = if to_server { (client, server) } else { (server, client) };
        let builder =
            PacketBuilder::ethernet2([0; 6], [0; 6]).ipv4(from, to, 64).udp(ports.0, ports.1);
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.push(bytes);
    }

    fn tcp(&mut self, port: u16, to_server: bool, seq: u32, bits: u16, payload: &[u8]) {
        let (from, to) = if to_server { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let ports = if to_server { (port, 80) } else { (80, port) };
        let mut builder = PacketBuilder::ethernet2([0; 6], [0; 6])
            .ipv4(from, to, 64)
            .tcp(ports.0, ports.1, seq, 512);
        if bits & flags::SYN != 0 {
            builder = builder.syn();
        }
        if bits & flags::FIN != 0 {
            builder = builder.fin();
        }
        if bits & flags::RST != 0 {
            builder = builder.rst();
        }
        if bits & flags::ACK != 0 {
            builder = builder.ack(match port {
                // What is stored late is told by what was acknowledged of it.
                6002 if !to_server => 31,
                // In the middle of a connection both sides stand where they go on.
                7000 => 1,
                _ => 0,
            });
        }
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.push(bytes);
    }
}

/// Two UDP flows, TCP with its port used twice, segments out of order, a simultaneous open.
fn recording() -> FrameList {
    let mut make = Maker::default();
    for round in 0..20u8 {
        make.udp(5000, 7, true, &[round; 9]);
        make.udp(5001, 7, true, b"second flow");
        make.udp(5000, 7, false, &[round; 9]);
    }
    for isn in [100u32, 9000] {
        make.tcp(6000, true, isn, flags::SYN, b"");
        make.tcp(6000, true, isn, flags::SYN, b"");
        make.tcp(6000, false, isn + 7, flags::SYN | flags::ACK, b"");
        make.tcp(6000, true, isn + 6, flags::ACK, b"world");
        make.udp(5001, 7, false, b"second flow");
        make.tcp(6000, true, isn + 1, flags::ACK, b"hello");
        make.tcp(6000, false, isn + 8, flags::ACK, b"answer");
        make.tcp(6000, true, isn + 11, flags::ACK | flags::FIN, b"");
    }
    // Stored after what they began: a SYN after its answer and after data. Then a server that
    // answers a second time with another number, and one that refuses, is asked again and answers.
    make.tcp(6002, false, 700, flags::SYN | flags::ACK, b"");
    make.tcp(6002, true, 31, flags::ACK, b"early");
    make.tcp(6002, true, 30, flags::SYN, b"");
    make.tcp(6002, false, 701, flags::ACK, b"late");
    make.tcp(6002, false, 900, flags::SYN | flags::ACK, b"");
    make.tcp(6002, false, 901, flags::ACK, b"renewed");
    make.tcp(6003, true, 40, flags::SYN, b"");
    make.tcp(6003, false, 0, flags::RST | flags::ACK, b"");
    make.tcp(6003, true, 40, flags::SYN, b"");
    make.tcp(6003, false, 77, flags::SYN | flags::ACK, b"");
    make.tcp(6003, true, 41, flags::ACK, b"at last");
    make.tcp(6001, true, 5, flags::SYN, b"");
    make.tcp(6001, false, 6, flags::SYN, b"");
    make.tcp(6001, true, 6, flags::ACK, b"crossed");
    make.frames
}

/// One side of each connection on interface 0, the other on interface 1; one connection in the
/// middle turns out to be seen whole on the second.
fn taps() -> FrameList {
    let mut make = Maker::default();
    let (syn, ack) = (flags::SYN, flags::ACK);
    for (port, seen_twice) in [(6002, false), (7000, true), (6002, false)] {
        let isn = u32::from(port == 7000) * 8 + make.frames.count();
        for (to_server, seq, bits, payload) in [
            (true, isn, syn, &b""[..]),
            (false, isn + 5, syn | ack, b""),
            (true, isn + 1, ack, b"GET"),
            (false, isn + 6, ack, b"200"),
        ] {
            make.interface = u16::from(!to_server);
            make.tcp(port, to_server, seq, bits, payload);
        }
        for to_server in [true, false] {
            make.interface = u16::from(!to_server);
            make.udp(9000 + port, 7, to_server, b"asked");
        }
        if seen_twice {
            make.tcp(port, true, isn + 4, ack, b"more");
            make.tcp(port, false, isn + 9, ack, b"again");
        }
    }
    make.frames
}

#[test]
fn two_taps_of_one_link_are_one_flow_and_two_vantage_points_are_two() {
    let frames = taps();
    let survey = Survey::of(&frames, standard());
    let told: Vec<(u32, u32, u16)> = survey
        .live_flows()
        .map(|(_, flow)| (flow.frames, flow.stream, flow.ports().ports[0]))
        .collect();
    let expected =
        [(4, 0, 6002), (4, 0, 15002), (2, 1, 7000), (4, 2, 7000), (2, 1, 16000), (4, 3, 6002)];
    assert_eq!(told, expected);
    let (first, flow) = survey.live_flows().next().unwrap();
    let chain: Vec<u32> = survey.frames_from(flow.first).map(FrameId::number).collect();
    assert_eq!(chain, [1, 2, 3, 4]);
    assert!((0..4).all(|at| survey.row(FrameId(at)).unwrap().flow == first));
    let (payload, last) = (Both::each(3), Both::new(FrameId(2), FrameId(3)));
    assert_eq!((flow.digest.payload, flow.digest.last_data), (payload, last));
    assert_eq!(flow.numbers.syns(), [true, true]);
}

fn survey_in(frames: &FrameList, chunk: u32) -> Survey {
    let mut survey = Survey::new();
    let mut first = 0;
    while first < frames.count() {
        let end = (first + chunk).min(frames.count());
        survey.absorb(survey_chunk(frames, first..end, standard()), standard());
        first = end;
    }
    survey
}

fn columns(survey: &Survey) -> String {
    let rows = (0..survey.frame_count()).map(|at| format!("{:?}\n", survey.row(FrameId(at))));
    let flows = survey.flows().iter().map(|flow| format!("{flow:?}\n"));
    rows.chain(flows).collect()
}

fn sweep_in(frames: &FrameList, window: u32) -> String {
    let (survey, secrets) = (Survey::of(frames, standard()), Secrets::default());
    let context = Context { frames, secrets: &secrets, registry: standard() };
    let attribution = Attribution::new(context, &survey);
    let mut sweep = Sweep::new(context, &survey, &attribution);
    let mut out = String::new();
    let mut first = 0;
    while first < frames.count() {
        let (read, frames) = sweep.read(first..(first + window).min(frames.count()));
        first = frames.end;
        out.push_str(&trees(&Dissection::of_window(context, &survey, &read), frames));
    }
    out
}

fn trees(scene: &Dissection<'_>, frames: std::ops::Range<u32>) -> String {
    frames
        .map(|at| {
            let mut tree = FieldTree::new();
            scene.describe(FrameId(at), &mut tree);
            tree.to_text()
        })
        .collect()
}

#[test]
fn a_survey_is_the_same_in_chunks_of_any_size() {
    for frames in [recording(), taps()] {
        let whole = columns(&Survey::of(&frames, standard()));
        for chunk in [1, 2, 3, 7, 11, 50] {
            assert_eq!(columns(&survey_in(&frames, chunk)), whole, "chunks of {chunk}");
        }
    }
}

#[test]
fn flows_follow_the_five_tuple_and_its_incarnations() {
    let survey = Survey::of(&recording(), standard());
    let told: Vec<(u32, u32, [u16; 2])> =
        survey.flows().iter().map(|flow| (flow.frames, flow.stream, flow.ports().ports)).collect();
    let expected = [
        (40, 0, [5000, 7]),
        (22, 1, [5001, 7]),
        (7, 0, [6000, 80]),
        (7, 1, [6000, 80]),
        (4, 2, [6002, 80]),
        (2, 3, [6002, 80]),
        (2, 4, [6003, 80]),
        (3, 5, [6003, 80]),
        (3, 6, [6001, 80]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_sweep_is_the_same_in_windows_of_any_size() {
    let frames = recording();
    let whole = sweep_in(&frames, frames.count());
    assert!(whole.contains("Echo response: yes") && whole.contains("68656c6c6f"));
    for window in [1, 2, 5, 13] {
        assert_eq!(sweep_in(&frames, window), whole, "windows of {window}");
    }
}

/// A frame of HTTP/2.
fn http2(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, u8::try_from(payload.len()).unwrap(), kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

#[test]
fn ten_thousand_streams_of_http2_in_turn_leave_nothing_behind() {
    let mut make = Maker::default();
    let (mut sent, ack) = ([1u32, 1], flags::ACK);
    let mut send = |make: &mut Maker, to_server: bool, bytes: &[u8]| {
        let next = &mut sent[usize::from(to_server)];
        make.tcp(7000, to_server, *next, ack, bytes);
        *next += bytes.len() as u32;
    };
    let preface = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &http2(4, 0, 0, b"")].concat();
    send(&mut make, true, &preface);
    send(&mut make, false, &http2(4, 0, 0, b""));
    for stream in (1..20_000).step_by(2) {
        let begun = [http2(1, 4, stream, &[0x88]), http2(0, 0, stream, b"begins, ")].concat();
        if stream % 20 == 1 {
            // Broken off by who asked, while the answer comes.
            send(&mut make, true, &http2(1, 4, stream, &[0x82, 0x86, 0x84]));
            send(&mut make, false, &begun);
            send(&mut make, true, &http2(3, 0, stream, &[0, 0, 0, 8]));
        } else {
            send(&mut make, true, &http2(1, 5, stream, &[0x82, 0x86, 0x84]));
            send(&mut make, false, &begun);
            send(&mut make, false, &http2(0, 1, stream, b"ends"));
        }
    }
    let frames = make.frames;
    let (survey, secrets) = (Survey::of(&frames, standard()), Secrets::default());
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let attribution = Attribution::new(context, &survey);
    let connection = attribution.connections(&survey)[0];
    let mut reader = attribution.reader(connection, &survey);
    let mut stretch = Stretch::default();
    let mut held = Vec::new();
    for frame in attribution.frames(connection, &survey) {
        let arrival = survey.arrival(frame, &frames.frame(frame)).unwrap();
        reader.feed(&arrival, context, &survey, &mut stretch);
        stretch = reader.next_stretch(&stretch);
        held.push((reader.open_layers(), reader.open_lanes(), stretch.carried()));
    }
    assert_eq!(held.len(), 30_002);
    // TCP and HTTP/2 stay; what streams carry has nobody of its own. The last frames of each side
    // end all.
    let mut each = held[2..held.len() - 3].iter();
    assert!(each.all(|one| *one == (2, 2, (0, 0))), "{:?}", each.next());
}

#[test]
fn a_sweep_reads_what_a_naive_reader_reads() {
    for frames in [recording(), taps()] {
        let (survey, secrets) = (Survey::of(&frames, standard()), Secrets::default());
        let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
        let attribution = Attribution::new(context, &survey);
        let read = naive::read(context, &survey);
        let expected: Vec<String> = naive::messages(&read, context)
            .iter()
            .map(|(_, message, view)| naive::in_words(message, view))
            .collect();
        let found = naive::swept(context, &survey, &attribution).unwrap();
        assert!(found.len() > 10);
        assert_eq!(found, expected);
    }
}

#[test]
fn a_conversation_reads_the_same_whatever_was_evicted() {
    let frames = recording();
    let (survey, secrets) = (Survey::of(&frames, standard()), Secrets::default());
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let whole = sweep_in(&frames, frames.count());
    // A budget of nothing: every stretch is one frame, and only the latest is kept.
    let mut open = Conversations::new(Attribution::new(context, &survey).into(), 0);
    for _ in 0..2 {
        let mut out = String::new();
        for at in 0..frames.count() {
            let held = open.at_frame(FrameId(at), context, &survey).unwrap();
            out.push_str(&trees(&Dissection::of_stretch(context, &survey, &held), at..at + 1));
        }
        assert_eq!(out, whole);
    }
    assert_eq!(open.reads(), 9, "each connection is read from its beginning once");
}

/// One frame's columns and tree; its bytes are changed before they are surveyed.
fn alone(time: Time, change: impl FnOnce(&mut Vec<u8>)) -> (Survey, String) {
    let options = [172, 4, 0, 0, 3, 3, 7, 0];
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([0; 6], [0; 6])
        .ipv4(CLIENT, SERVER, 64)
        .tcp(6000, 80, 100, 512)
        .syn()
        .options_raw(&options)
        .unwrap()
        .write(&mut bytes, b"abc")
        .unwrap();
    change(&mut bytes);
    let mut frames = FrameList::new();
    frames.push(time, 0, LinkType::ETHERNET, bytes);
    let (survey, secrets) = (Survey::of(&frames, standard()), Secrets::default());
    let scene = Dissection::of_headers(
        Context { frames: &frames, secrets: &secrets, registry: standard() },
        &survey,
    );
    let tree = trees(&scene, 0..1);
    (survey, tree)
}

#[test]
fn a_window_scale_is_found_behind_an_option_that_is_not_known() {
    let (survey, _) = alone(Time(0), |_| ());
    assert_eq!(survey.flows()[0].window_scale, Both::new(Some(7), None));
}

#[test]
fn no_payload_reaches_beyond_its_frame() {
    let (survey, _) = alone(Time(0), |bytes| bytes[16..18].copy_from_slice(&[0x13, 0x88]));
    assert_eq!(survey.row(FrameId(0)).unwrap().payload_len, 3);
    // What Ethernet adds behind the packet is no payload either.
    let (survey, _) = alone(Time(0), |bytes| bytes.extend([0; 9]));
    assert_eq!(survey.row(FrameId(0)).unwrap().payload_len, 3);
}

#[test]
fn of_a_frame_without_a_time_none_is_told() {
    let (survey, tree) = alone(Time(0), |_| ());
    assert!(tree.contains("Epoch Time") && survey.times().is_some());
    let (survey, tree) = alone(Time::UNKNOWN, |_| ());
    assert!(!tree.contains("Time since") && !tree.contains("Epoch Time"), "{tree}");
    assert!(tree.contains("Frame Number") && survey.times().is_none());
}
