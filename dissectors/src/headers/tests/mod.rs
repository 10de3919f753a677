//! Headers over bytes written by hand: what is read, what is noted, what is counted.

mod carriers;
mod devices;
mod dialling;
mod links;
mod machines;
mod neighbours;
mod radio;
mod routers;
mod switches;

use super::samples::{names, sample};
use super::*;
use crate::engine::tcp::{SegmentKind, WindowScale};
use crate::field::{Base, FieldId, Kind, Reading, Value, reread};
use crate::ids::{Direction, Time};
use crate::sink::Sink;
use crate::span::{Buffer, Span};

/// Writes down what it hears, and holds every exact field against the bytes of its span.
struct Notebook<'a> {
    bytes: &'a [u8],
    depth: usize,
    lines: Vec<String>,
}

impl Notebook<'_> {
    fn write(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        assert_ne!(def.name, "unknown", "{field:?} is in no list");
        let place = match span.buffer.kind() {
            Buffer::Frame(_) => {
                assert!(span.end() as usize <= self.bytes.len(), "{} leaves its frame", def.name);
                format!(" @{}+{}", span.start, span.len)
            }
            _ => String::new(),
        };
        if def.reading == Reading::Exact && def.kind != Kind::Group && value != Value::None {
            let bytes = &self.bytes[span.start as usize..span.end() as usize];
            assert_eq!(reread(def, bytes), Some(value), "{} is not what its span holds", def.name);
        }
        let indent = "  ".repeat(self.depth);
        self.lines.push(format!("{indent}{}{}{place}", def.name, text(def.base, value)));
    }
}

fn text(base: Base, value: Value<'_>) -> String {
    match value {
        Value::None => String::new(),
        Value::Bool(flag) => format!(" {}", u8::from(flag)),
        Value::Unsigned(number) if base == Base::Hex => format!(" 0x{number:x}"),
        Value::Unsigned(number) => format!(" {number}"),
        Value::Signed(number) => format!(" {number}"),
        Value::Nanos(nanos) => format!(" {nanos} ns"),
        Value::Bytes(bytes) => {
            bytes.iter().fold(" ".to_owned(), |text, byte| format!("{text}{byte:02x}"))
        }
        Value::Text(text) => format!(" “{text}”"),
    }
}

impl Sink for Notebook<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.write(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.write(field, value, span);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
    }

    fn summary(&mut self, text: std::fmt::Arguments<'_>) {
        self.lines.push(format!("= {text}"));
    }

    fn note(&mut self, severity: Severity, _span: Span, text: std::fmt::Arguments<'_>) {
        self.lines.push(format!("! {severity:?}: {text}"));
    }
}

fn walk(link: LinkType, bytes: &[u8], wire: usize, context: &HeaderContext) -> Vec<String> {
    let frame = Frame { time: Time(5_000), interface: 0, link, wire_len: wire as u32, bytes };
    let mut notebook = Notebook { bytes, depth: 0, lines: Vec::new() };
    let mut walk = Walk::new(frame.time, context, crate::registry::standard(), &mut notebook);
    crate::protocols::frame::describe(&frame, FrameId(0), (None, &[]), &mut walk);
    describe(&frame, FrameId(0), &mut walk);
    assert_eq!(notebook.depth, 0, "every group that was opened is closed");
    notebook.lines
}

/// Each line of `expected` stands in what is told about a sample, in that order.
#[track_caller]
fn check(name: &str, context: &HeaderContext, expected: &str) {
    let bytes = sample(name);
    check_bytes(&bytes, bytes.len(), context, expected);
}

#[track_caller]
fn check_bytes(bytes: &[u8], wire: usize, context: &HeaderContext, expected: &str) {
    check_lines(&walk(LinkType::ETHERNET, bytes, wire, context), expected);
}

/// The same of a frame of that link type, in hexadecimal; nothing is known around it.
#[track_caller]
fn check_link(link: u16, hex: &str, expected: &str) {
    let bytes = super::samples::bytes(hex);
    check_lines(&walk(LinkType(link), &bytes, bytes.len(), &HeaderContext::default()), expected);
}

/// That many lines about such a frame begin with a field's name.
#[track_caller]
fn check_silence(link: u16, hex: &str, field: &str, times: usize) {
    let bytes = super::samples::bytes(hex);
    let lines = walk(LinkType(link), &bytes, bytes.len(), &HeaderContext::default());
    let told = lines.iter().filter(|line| line.trim().split(' ').next() == Some(field));
    assert_eq!(told.count(), times, "{field} in:\n{}", lines.join("\n"));
}

#[track_caller]
fn check_lines(lines: &[String], expected: &str) {
    let mut told = lines.iter();
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(
            told.any(|told| told.trim() == line),
            "missing, or out of order: {line}\nin:\n{}",
            lines.join("\n")
        );
    }
}

/// A client's segment in a connection whose two SYNs are known.
fn context() -> HeaderContext {
    HeaderContext {
        first_time: Some(Time(1_000)),
        previous_time: Some(Time(4_000)),
        stream: Some(3),
        direction: Some(Direction::Forward),
        flow_first_time: Some(Time(2_000)),
        flow_previous_time: Some(Time(4_500)),
        base_seq: [Some(2_061_043_096), Some(954_107_454)],
        window_scale: [WindowScale::Shift(10), WindowScale::Unused],
        ..HeaderContext::default()
    }
}

#[test]
fn a_frame_is_timed_against_those_before_it() {
    check(
        "syn",
        &context(),
        "frame.time_epoch 5000 ns
         frame.time_delta 1000 ns
         frame.time_relative 4000 ns
         frame.number 1
         frame.len 74
         tcp.time_relative 3000 ns
         tcp.time_delta 500 ns",
    );
}

#[test]
fn a_syn_is_told_with_its_options() {
    check(
        "syn",
        &HeaderContext { base_seq: [Some(2_061_043_096), None], ..context() },
        "eth “Src: 00:00:00:00:00:00, Dst: 00:00:00:00:00:00” @0+14
         eth.type 0x800 @12+2
         ip “Src: 127.0.0.1, Dst: 127.0.0.2” @14+20
         ip.hdr_len 20 @14+1
         ip.flags 0x2 @20+1
         ip.flags.df 1 @20+1
         ip.src 7f000001 @26+4
         ip.addr 7f000001 @26+4
         ip.dst 7f000002 @30+4
         ip.addr 7f000002 @30+4
         tcp.srcport 35510 @34+2
         tcp.stream 3
         tcp.len 0
         tcp.seq 0 @38+4
         tcp.nxtseq 1
         tcp.flags 0x2 @46+2
         tcp.flags.str “··········S·” @46+2
         tcp.window_size 65495 @48+2
         ! Hint: Partial checksum: the sender left the rest to its network card (not an error)
         tcp.options.mss 0204ffd7 @54+4
         tcp.options.mss_val 65495 @56+2
         tcp.options.wscale.multiplier 1024 @73+1
         = 35510 → 9001 [SYN] Seq=0 Win=65495 Len=0 MSS=65495 SACK_PERM TSval=1343865510 TSecr=0 WS=1024",
    );
}

#[test]
fn numbers_are_relative_and_windows_scaled_where_the_syns_are_known() {
    check(
        "data",
        &context(),
        "tcp.len 5
         tcp.seq 1 @38+4
         tcp.seq_raw 2061043097 @38+4
         tcp.nxtseq 6
         tcp.ack 1 @42+4
         tcp.window_size_value 64 @48+2
         tcp.window_size 65536 @48+2
         tcp.window_size_scalefactor 1024 @48+2
         tcp.payload 68656c6c6f @66+5
         = 35510 → 9001 [PSH, ACK] Seq=1 Ack=1 Win=65536 Len=5 TSval=1343865510 TSecr=3113706912",
    );
    let unknown = HeaderContext { direction: Some(Direction::Forward), ..Default::default() };
    check(
        "data",
        &unknown,
        "tcp.seq 2061043097 @38+4
         tcp.window_size 64 @48+2
         tcp.window_size_scalefactor -1 @48+2",
    );
    let again = HeaderContext { segment: Some(SegmentKind::Retransmission), ..context() };
    check(
        "data",
        &again,
        "tcp.analysis.retransmission 1
         = [TCP Retransmission] 35510 → 9001 [PSH, ACK] Seq=1 Ack=1 Win=65536 Len=5 \
         TSval=1343865510 TSecr=3113706912",
    );
}

#[test]
fn every_tcp_option_has_its_place() {
    check(
        "all-tcp-options",
        &HeaderContext::default(),
        "tcp.options.nop 01 @58+1
         tcp.options.sack_le 1 @68+4
         tcp.options.sack_re 5 @72+4
         tcp.options.sack.count 1
         tcp.options.tfo.request 1
         tcp.options.experimental.exid 0xabcd @80+2
         tcp.options.tfo.request 1
         tcp.options.eol 00 @93+1",
    );
}

#[test]
fn what_ethernet_fills_up_is_not_payload() {
    check(
        "padded",
        &HeaderContext::default(),
        "eth.padding 0000000000000000000000000000 @46+14
         udp.length 12 @38+2
         udp.checksum.status 3
         udp.payload 61626364 @42+4
         = 1000 → 2000 Len=4",
    );
    check(
        "arp-request",
        &HeaderContext::default(),
        "eth.padding 000000000000000000000000000000000000 @42+18
         arp.src.proto_ipv4 0a000001 @28+4
         = Who has 10.0.0.2? Tell 10.0.0.1",
    );
}

#[test]
fn tags_lead_to_what_they_wrap() {
    check(
        "vlan-in-vlan",
        &HeaderContext::default(),
        "eth.type 0x88a8 @12+2
         ieee8021ad.priority 7 @14+2
         ieee8021ad.id 5 @14+2
         vlan.priority 2 @18+2
         vlan.id 100 @18+2
         vlan.etype 0x800 @20+2
         ip.src 0a000001 @34+4
         = 1000 → 2000 Len=4",
    );
}

#[test]
fn fragments_are_not_read_as_transport() {
    for (name, summary) in [
        ("first-fragment", "= Fragmented IP protocol (proto=UDP 17, off=0, ID=1234)"),
        ("last-fragment", "= Fragmented IP protocol (proto=UDP 17, off=8, ID=1234)"),
        ("ipv6-fragment", "= IPv6 fragment (off=0 more=y ident=0x0000abcd nxt=17)"),
    ] {
        check(name, &HeaderContext::default(), summary);
        let bytes = sample(name);
        let lines = walk(LinkType::ETHERNET, &bytes, bytes.len(), &HeaderContext::default());
        assert!(!lines.iter().any(|line| line.trim().starts_with("udp")), "{lines:#?}");
    }
}

#[test]
fn a_complaint_quotes_the_packet_it_is_about() {
    check(
        "icmp-unreachable",
        &context(),
        "icmp.type 3 @34+1
         icmp.code 3 @35+1
         icmp.checksum.status 1
         = Destination unreachable (Port unreachable)
         ip “Src: 127.0.0.1, Dst: 127.0.0.2” @42+20
         udp.dstport 9999 @64+2
         udp.payload 6e6f626f6479 @70+6",
    );
    check(
        "icmpv6-unreachable",
        &HeaderContext::default(),
        "icmpv6.checksum.status 1
         = Destination Unreachable (Port unreachable)
         udp.payload 736978 @110+3",
    );
    let bytes = sample("icmp-unreachable");
    let lines = walk(LinkType::ETHERNET, &bytes, bytes.len(), &context());
    // The stream at hand is that of the frame, not that of the packet it quotes.
    assert!(!lines.iter().any(|line| line.contains("udp.stream")), "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.starts_with('=')).count(), 1);
}

#[test]
fn a_wrong_icmp_checksum_is_said() {
    check(
        "fragmentation-needed",
        &HeaderContext::default(),
        "! Broken: The checksum does not match the message
         icmp.checksum.status 0
         icmp.mtu 1400 @40+2",
    );
}

#[test]
fn neighbours_are_discovered() {
    check(
        "neighbor-advertisement",
        &HeaderContext::default(),
        "icmpv6.nd.na.flag.r 1 @58+4
         icmpv6.opt.linkaddr 020000000001 @80+6
         = Neighbor Advertisement ::2 (rtr, sol, ovr) is at 02:00:00:00:00:01",
    );
}

#[test]
fn a_cut_frame_gives_what_is_there_and_says_so() {
    let bytes = sample("data");
    check_bytes(
        &bytes[..36],
        bytes.len(),
        &HeaderContext::default(),
        "ip.len 57 @16+2
         tcp.srcport 35510 @34+2
         ! Missing: The capture cut the TCP header
         ! Missing: The capture kept 36 of this frame's 71 bytes",
    );
    // The length is that on the wire, wherever the capture stopped.
    check_bytes(&bytes[..66], bytes.len(), &context(), "tcp.len 5");
}

#[test]
fn a_packet_that_claims_more_than_there_is_is_broken() {
    let bytes = sample("udp");
    check_bytes(
        &bytes[..45],
        45,
        &HeaderContext::default(),
        "! Broken: Total length claims 37 bytes, but there are 31
         ! Broken: Length claims 17 bytes, but IP carries 11
         udp.payload 68656c @42+3",
    );
}

#[test]
fn marks_are_read_as_journal_entries() {
    let entry = b"__REALTIME_TIMESTAMP=1700000000123456\nMESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\n\
        WIRESTAGE_ROLE=server\n\0\0";
    let lines = walk(LinkType::MARK, entry, entry.len(), &HeaderContext::default());
    let told = lines.join("\n");
    for line in [
        "systemd_journal.realtime_timestamp 1700000000123456000 ns @21+16",
        "systemd_journal.message “two\nlines” @54+9",
        "systemd_journal.field.name “WIRESTAGE_ROLE” @64+14",
        "systemd_journal.field.value “server” @79+6",
        "= server: two\\nlines",
    ] {
        assert!(told.contains(line), "{line} is missing in:\n{told}");
    }
    assert!(!told.contains('!'), "{told}");
}

#[test]
fn nothing_panics_wherever_a_frame_ends() {
    let links = [LinkType::ETHERNET, LinkType::RAW, LinkType::MARK, LinkType(9999)];
    for name in names() {
        let bytes = sample(name);
        for len in 0..=bytes.len() {
            for link in links {
                walk(link, &bytes[..len], bytes.len(), &context());
                walk(link, &bytes[..len], len, &context());
            }
        }
    }
}

#[test]
fn nothing_panics_whatever_a_byte_is() {
    for name in names() {
        let bytes = sample(name);
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff, bytes[at] ^ 0x10] {
                let mut broken = bytes.clone();
                broken[at] = value;
                walk(LinkType::ETHERNET, &broken, bytes.len(), &context());
            }
        }
    }
}
