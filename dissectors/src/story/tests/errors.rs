//! Errors of ICMP and ICMPv6, told in the story of what they quote.

use etherparse::PacketBuilder;

use super::play::{CLIENT, Play, SERVER};
use super::{check, check_outline, story};
use crate::engine::reader::Context;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::frames::Frames;
use crate::ids::Direction::{Backward, Forward};
use crate::ids::FrameId;
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::apart::Apart;
use crate::story::{Level, Outcome, Story};
use crate::survey::Survey;

const ROUTER: [u8; 4] = [10, 0, 0, 254];

/// The length of an Ethernet header.
const LINK: usize = 14;

/// The first bytes of the packet in a frame: its IPv4 header, and eight bytes behind it.
fn quote(play: &Play, frame: u32) -> Vec<u8> {
    play.frames.frame(FrameId(frame)).bytes[LINK..LINK + 28].to_vec()
}

/// Puts an error in that quotes these bytes.
fn error(
    play: &mut Play,
    (from, to): ([u8; 4], [u8; 4]),
    (kind, code, own): (u8, u8, [u8; 4]),
    quoted: &[u8],
) {
    let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64);
    let mut bytes = Vec::new();
    builder.icmpv4_raw(kind, code, own).write(&mut bytes, quoted).unwrap();
    play.push(bytes);
}

/// What stands beside the story.
fn notes(play: &Play) -> String {
    let survey = Survey::of(&play.frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &play.frames, secrets: &secrets, registry: standard() };
    Apart::of(context, &survey).notes().join(" ")
}

#[test]
fn a_closed_port_is_told_where_it_was_asked_for() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello");
    let quoted = quote(&play, 0);
    error(&mut play, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    check(
        &play,
        "A play

         Client  10.0.0.1 : 40000
         Server  10.0.0.2 : 5555

         Data · 1 round trip · 2 packets · 117 B

         1      0.000  Client ──> Server  [5 bytes]
                Sends a datagram; what it means is between the two programs.
                “hello”.
         2      0.010  Server ──> Client  [Port unreachable]
                UDP port 5555 of 10.0.0.2 is closed.
                Quotes the datagram of step 1, port 40000 to port 5555. \
                Nobody listens there. UDP has no way to say so: ICMP says it.
                RFC 1122, section 3.2.2.1
                1 round trip, 0.010 ms

         The first packet carries data (UDP has no handshake). \
         ICMP says: UDP port 5555 of 10.0.0.2 is closed
         2 packets · 117 B · 0.010 ms",
    );
    assert_eq!(notes(&play), "");
    let told = story(&play);
    let (id, step) = told.level(Level::Flight).last().unwrap();
    assert_eq!(step.outcome, Outcome::Refused);
    assert_eq!(told.children(Some(id)).count(), 2, "a message and a packet");
}

#[test]
fn a_router_on_the_way_has_a_lifeline_of_its_own() {
    let mut play = Play::against(443);
    play.tcp(Forward, SYN, b"");
    let quoted = quote(&play, 0);
    error(&mut play, (ROUTER, CLIENT), (11, 0, [0; 4]), &quoted);
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 2 packets · 124 B
         1      0.000  Client     ──> 10.0.0.254  [SYN]
         2      0.010  10.0.0.254 ──> Client      [TTL exceeded]
         Nobody answered. \
         ICMP says: The packet ends here, on its way to 10.0.0.2: its time to live ran out
         2 packets · 124 B · 0.010 ms",
    );
    let names: Vec<String> = story(&play).cast.into_iter().map(|actor| actor.name).collect();
    assert_eq!(names, ["Client", "10.0.0.254", "Server"]);
}

/// How long the way takes, in microseconds.
const WAY: i64 = 20_000;

#[test]
fn what_a_host_says_is_seen_at_both_ends() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello");
    let quoted = quote(&play, 0);
    play.interface = 1;
    play.at(WAY).udp(Forward, b"hello");
    play.at(WAY + 100);
    error(&mut play, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    play.interface = 0;
    play.at(2 * WAY + 100);
    error(&mut play, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    let told = story(&play);
    assert!(told.both_ends);
    let flights: Vec<_> = told.level(Level::Flight).map(|(_, beat)| beat).collect();
    let [asks, says] = flights.as_slice() else { panic!("{flights:#?}") };
    for beat in [asks, says] {
        let received = beat.received.unwrap();
        assert_eq!(received.time.since(beat.sent.time), WAY * 1_000, "{}", beat.label);
    }
    assert_eq!((says.sent.frame, says.received.unwrap().frame), (FrameId(2), FrameId(3)));
    assert_eq!(told.trips[0].nanos, (2 * WAY + 100) * 1_000);
    assert_eq!(told.packets, 2, "a packet seen twice is one packet");
}

#[test]
fn what_a_router_says_is_seen_where_it_is_heard() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello");
    let quoted = quote(&play, 0);
    play.at(WAY);
    error(&mut play, (ROUTER, CLIENT), (11, 0, [0; 4]), &quoted);
    play.at(2 * WAY).udp(Forward, b"again");
    play.interface = 1;
    play.at(3 * WAY).udp(Forward, b"again");
    let told = story(&play);
    assert!(told.both_ends);
    let said = told.level(Level::Flight).find(|(_, beat)| beat.label.contains("exceeded"));
    let said = said.map(|(_, beat)| (beat.sent.frame, beat.received));
    assert_eq!(said, Some((FrameId(1), None)));
}

#[test]
fn many_routers_share_a_lifeline() {
    let mut play = Play::against(443);
    play.tcp(Forward, SYN, b"");
    let quoted = quote(&play, 0);
    for hop in 1..=20 {
        error(&mut play, ([10, 1, 0, hop], CLIENT), (11, 0, [0; 4]), &quoted);
    }
    let told = story(&play);
    assert_eq!(told.cast.len(), 2 + crate::limits::MAX_STORY_GUESTS + 1);
    assert_eq!(told.cast.last().unwrap().name, "Others on the way");
    let last = told.level(Level::Flight).last().unwrap().1;
    assert_eq!(usize::from(last.from.0), told.cast.len() - 1);
    assert_eq!(told.packets, 21);
}

#[test]
fn a_flood_of_errors_is_told_in_part() {
    let mut play = Play::against(443);
    play.tcp(Forward, SYN, b"");
    let quoted = quote(&play, 0);
    for _ in 0..crate::limits::MAX_STORY_MESSAGES + 10 {
        error(&mut play, (ROUTER, CLIENT), (11, 0, [0; 4]), &quoted);
    }
    let told = story(&play);
    assert_eq!(told.notes, ["Only 16,383 of 16,394 ICMP errors are told."]);
    assert_eq!(told.packets, 16_384);
    assert_eq!(told.cast.len(), 3);
}

#[test]
fn a_flight_ends_where_an_error_cuts_into_it() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, &[7; 1_400]);
    let (quoted, again) = (quote(&play, 3), play.seq(Forward) - 1_400);
    error(&mut play, (ROUTER, CLIENT), (3, 4, [0, 0, 0x03, 0xe8]), &quoted);
    play.tcp_at(again, Forward, ACK, &[7; 960]).tcp(Backward, ACK, b"got it");
    let told = story(&play);
    let steps: Vec<&str> = told.level(Level::Flight).map(|(_, beat)| beat.label.as_str()).collect();
    let expected =
        ["SYN", "SYN, ACK", "ACK", "1400 bytes", "Fragmentation needed", "960 bytes again"];
    assert_eq!(steps[..5], expected[..5]);
    let error = told.level(Level::Flight).nth(4).unwrap().1;
    assert_eq!(error.headline, "Too large for the way to 10.0.0.2: the next link takes 1000 bytes");
    assert!(error.detail.starts_with("Quotes the segment of step 4,"), "{}", error.detail);
    assert_eq!(told.packets, 7);
}

#[test]
fn errors_that_say_the_same_at_once_are_one_step() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    for part in 0..3 {
        play.tcp(Forward, ACK, &[part; 1_400]);
    }
    let quotes = [3, 4, 5].map(|frame| quote(&play, frame));
    let (mtu, smaller) = ([0, 0, 0x03, 0xe8], [0, 0, 0x02, 0x58]);
    for (quoted, mtu) in quotes.iter().zip([mtu, mtu, smaller]) {
        error(&mut play, (ROUTER, CLIENT), (3, 4, mtu), quoted);
    }
    let told = story(&play);
    let errors: Vec<_> = told.level(Level::Flight).skip(4).collect();
    let [(both, one), (_, other)] = errors.as_slice() else { panic!("{errors:#?}") };
    assert!(one.detail.starts_with("Quotes the segments of step 4, "), "{}", one.detail);
    assert!(other.detail.starts_with("Quotes the segment of step 4, "), "{}", other.detail);
    assert_eq!((one.packets, other.packets, told.packets), (2, 1, 9));
    let messages = told.children(Some(*both)).filter(|(_, beat)| beat.level == Level::Message);
    assert_eq!(messages.count(), 2);
    // What was sent after an error came and met the same end is another step.
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    for frame in [3, 5] {
        play.tcp(Forward, ACK, &[frame as u8; 1_400]);
        let quoted = quote(&play, frame);
        error(&mut play, (ROUTER, CLIENT), (3, 4, mtu), &quoted);
    }
    let told = story(&play);
    let labels = told.level(Level::Flight).map(|(_, beat)| beat.label.as_str());
    let errors = labels.filter(|label| *label == "Fragmentation needed");
    assert_eq!(errors.count(), 2);
}

#[test]
fn an_answer_may_be_what_is_quoted() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello").udp(Backward, b"you");
    let quoted = quote(&play, 1);
    error(&mut play, (CLIENT, SERVER), (3, 3, [0; 4]), &quoted);
    let told = story(&play);
    let (_, step) = told.level(Level::Flight).last().unwrap();
    assert_eq!(step.headline, "UDP port 40000 of 10.0.0.1 is closed");
    assert_eq!((step.from.0, step.to.0), (0, 1));
    assert!(!told.sum.contains("ICMP"), "{}", told.sum);
}

#[test]
fn what_quotes_no_connection_of_the_file_stays_apart() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello");
    let mut quoted = quote(&play, 0);
    quoted[21] += 1; // Of the source port.
    error(&mut play, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    // A piece from the middle of a datagram bears no ports.
    let mut quoted = quote(&play, 0);
    quoted[7] = 9;
    error(&mut play, (SERVER, CLIENT), (11, 1, [0; 4]), &quoted);
    let told = story(&play);
    assert_eq!((told.packets, told.level(Level::Flight).count()), (1, 1));
    assert_eq!(
        notes(&play),
        "Outside of connections, and not told here: 2 ICMP frames (140 bytes)."
    );
}

#[test]
fn a_quoted_tunnel_is_looked_into() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello");
    let inner = quote(&play, 0);
    let mut quoted = Vec::new();
    let outer = etherparse::Ipv4Header::new(28, 64, etherparse::IpNumber::IPV4, ROUTER, [9; 4]);
    outer.unwrap().write(&mut quoted).unwrap();
    quoted.extend(inner);
    error(&mut play, ([8; 4], ROUTER), (3, 1, [0; 4]), &quoted);
    let told = story(&play);
    let (_, step) = told.level(Level::Flight).last().unwrap();
    assert_eq!(step.headline, "10.0.0.2 cannot be reached");
    let name = |actor: crate::story::ActorId| told.cast[usize::from(actor.0)].name.as_str();
    assert_eq!((name(step.from), name(step.to)), ("8.8.8.8", "10.0.0.254"));
}

#[test]
fn two_that_could_be_meant_are_not_told_apart() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello").udp(Forward, b"hello");
    let quoted = quote(&play, 1);
    error(&mut play, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    let told = story(&play);
    let (_, step) = told.level(Level::Flight).last().unwrap();
    assert!(step.detail.starts_with("Quotes a datagram, "), "{}", step.detail);
    assert!(told.trips.is_empty());
}

#[test]
fn a_longer_quote_tells_them_apart() {
    let mut play = Play::against(5_555);
    play.udp(Forward, b"hello").udp(Forward, b"hellO").udp(Forward, b"hello");
    let mut quoted = play.frames.frame(FrameId(1)).bytes[LINK..].to_vec();
    // As if nobody had made a checksum.
    quoted[26..28].fill(0);
    let mut bare = Play::against(5_555);
    for id in (0..3).map(FrameId) {
        let mut bytes = play.frames.frame(id).bytes.to_vec();
        bytes[LINK + 26..LINK + 28].fill(0);
        bare.push(bytes);
    }
    error(&mut bare, (SERVER, CLIENT), (3, 3, [0; 4]), &quoted);
    let told = story(&bare);
    let (_, step) = told.level(Level::Flight).last().unwrap();
    assert!(step.detail.starts_with("Quotes the datagram of step 1, "), "{}", step.detail);
}

#[test]
fn an_error_of_ipv6_is_told_too() {
    let (client, server, router) = (address(1), address(2), address(9));
    let mut play = Play::against(5_555);
    let datagram = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv6(client, server, 64);
    let mut bytes = Vec::new();
    datagram.udp(40_000, 5_555).write(&mut bytes, &[7; 1_400]).unwrap();
    let quoted = bytes[LINK..].to_vec();
    play.push(bytes);
    let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv6(router, client, 64);
    let mut bytes = Vec::new();
    builder.icmpv6_raw(2, 0, [0, 0, 5, 0]).write(&mut bytes, &quoted[..100]).unwrap();
    play.push(bytes);
    let told = story(&play);
    let (_, step) = told.level(Level::Flight).last().unwrap();
    assert_eq!(
        step.headline,
        "Too large for the way to 2001:db8::2: the next link takes 1280 bytes"
    );
    assert_eq!(cast(&told), ["2001:db8::1", "2001:db8::9", "2001:db8::2"]);
    assert_eq!(told.packets, 2);
}

fn address(last: u8) -> [u8; 16] {
    let mut address = [0; 16];
    address[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    address[15] = last;
    address
}

fn cast(story: &Story) -> Vec<&str> {
    story.cast.iter().map(|actor| actor.name.as_str()).collect()
}
