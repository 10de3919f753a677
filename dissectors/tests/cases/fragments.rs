//! Datagrams in fragments: what is in them is read as if they had come whole.

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::story::{Level, Story};
use wirestage_dissectors::survey::{Survey, survey_chunk};

use crate::input::{frames, keys};
use crate::reading::Reading;
use crate::wrap::{carry, ether, fragments, fragments_of_ipv6, ipv4};

/// Columns and datagrams, for comparing.
fn columns(survey: &Survey) -> String {
    let one = |at| (survey.row(FrameId(at)), survey.reassembled(FrameId(at)));
    let rows = (0..survey.frame_count()).map(|at| format!("{:?}\n", one(at)));
    rows.chain(survey.flows().iter().map(|flow| format!("{flow:?}\n"))).collect()
}

/// Carried inside something else, a TLS exchange says what it says without, its frames are in the
/// layers that are named, and a survey in chunks of any size is the same.
#[track_caller]
pub(crate) fn check(layers: &str, wrap: impl Fn(&[u8]) -> Vec<Vec<u8>>) {
    let (plain, keys) = (frames("h2-over-tls.pcap"), || keys("h2-over-tls.keys"));
    let carried = carry(&plain, wrap);
    let survey = columns(&Survey::of(&carried, standard()));
    for chunk in [1, 2, 3, 7] {
        assert_eq!(columns(&in_chunks(&carried, chunk)), survey, "chunks of {chunk}");
    }
    check_streams(&carried);
    let (plain, carried) = (Reading::new(plain, keys()), Reading::new(carried, keys()));
    assert_eq!(carried.told(), plain.told());
    assert_eq!(steps(&carried.story()), steps(&plain.story()));
    let protocols = carried.protocols();
    assert!(protocols.iter().all(|told| told.starts_with(layers)), "{protocols:?}");
}

/// What is told, step by step; how many packets it took is another matter.
fn steps(story: &Story) -> Vec<String> {
    let told = story.beats.iter().filter(|beat| beat.level != Level::Packet);
    told.map(|beat| format!("{:?} {} {}", beat.level, beat.label, beat.headline)).collect()
}

/// A frame tells the number of one stream where it belongs to a flow, and else of none: what the
/// survey finds innermost is what is told innermost, also where the capture cut a frame.
fn check_streams(frames: &FrameList) {
    let of_one = |frames: &FrameList| {
        let (survey, secrets) = (Survey::of(frames, standard()), Secrets::default());
        let context = Context { frames, secrets: &secrets, registry: standard() };
        let scene = Dissection::of_headers(context, &survey);
        for id in (0..frames.count()).map(FrameId) {
            let mut tree = FieldTree::new();
            scene.describe(id, &mut tree);
            let (tree, flow) = (tree.to_text(), survey.row(id).unwrap().flow);
            let told = tree.matches("Stream index").count();
            assert_eq!(told, usize::from(flow.some().is_some()), "{tree}");
        }
    };
    of_one(frames);
    let last = frames.frame(FrameId(frames.count() - 1));
    for len in 0..last.bytes.len() {
        let mut cut = FrameList::new();
        cut.push(last.time, 0, last.link, last.bytes[..len].to_vec());
        of_one(&cut);
    }
}

fn in_chunks(frames: &FrameList, chunk: u32) -> Survey {
    let mut survey = Survey::new();
    let mut first = 0;
    while first < frames.count() {
        let end = (first + chunk).min(frames.count());
        survey.absorb(survey_chunk(frames, first..end, standard()), standard());
        first = end;
    }
    survey
}

/// Frames of these packets.
pub(crate) fn on_ethernet(number: u16, packets: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    packets.iter().map(|packet| ether(number, packet)).collect()
}

/// A number for the fragments of a packet: the sum of its bytes hangs on all of it.
pub(crate) fn ident(packet: &[u8]) -> u16 {
    packet.iter().fold(0, |sum: u16, byte| sum.rotate_left(3) ^ u16::from(*byte))
}

#[test]
fn tcp_in_fragments_is_read_as_if_it_had_come_whole() {
    for size in [8, 24, 64, 1024] {
        check("eth:ethertype:ip:tcp", |packet| {
            on_ethernet(0x0800, fragments(packet, size, ident(packet)))
        });
        check("eth:ethertype:ipv6:ipv6.fraghdr:tcp", |packet| {
            on_ethernet(0x86dd, fragments_of_ipv6(packet, size, ident(packet)))
        });
    }
}

#[test]
fn fragments_may_come_in_any_order_and_twice() {
    check("eth:ethertype:ip:tcp", |packet| {
        let mut cut = fragments(packet, 16, ident(packet));
        cut.reverse();
        on_ethernet(0x0800, cut)
    });
    check("eth:ethertype:ipv6:ipv6.fraghdr:tcp", |packet| {
        let cut = fragments_of_ipv6(packet, 16, ident(packet));
        let (last, others) = cut.split_last().unwrap();
        let twice = others.iter().flat_map(|one| [one.clone(), one.clone()]);
        on_ethernet(0x86dd, twice.chain([last.clone()]).collect())
    });
}

#[test]
fn fragments_of_packets_in_packets_in_fragments() {
    check("eth:ethertype:ip:ip:tcp", |packet| {
        on_ethernet(0x0800, fragments(&ipv4(packet, 4, packet), 32, ident(packet)))
    });
    check("eth:ethertype:ip:ip:tcp", |packet| {
        let inner = fragments(packet, 64, ident(packet));
        let outer =
            inner.iter().flat_map(|piece| fragments(&ipv4(packet, 4, piece), 24, ident(piece)));
        on_ethernet(0x0800, outer.collect())
    });
}

/// A datagram of UDP in two fragments that overlap by eight bytes, the second one so many
/// nanoseconds after the first.
fn overlapping(later: i64) -> FrameList {
    let packet = |offset: u16, payload: &[u8]| {
        let [a, b] = ((20 + payload.len()) as u16).to_be_bytes();
        let [c, d] = offset.to_be_bytes();
        let head = [0x45, 0, a, b, 0, 9, c, d, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        ether(0x0800, &[&head[..], payload].concat())
    };
    let mut list = FrameList::new();
    let first = [&[0x13, 0x88, 0, 7, 0, 24, 0, 0][..], b"earlier!"].concat();
    for (at, frame) in [packet(0x2000, &first), packet(1, b"LATER!!!and more")].iter().enumerate() {
        list.push(Time(at as i64 * later), 0, LinkType::ETHERNET, frame.clone());
    }
    list
}

#[test]
fn the_frame_that_makes_a_datagram_whole_shows_all_of_it() {
    let reading = Reading::new(overlapping(1), Secrets::default());
    reading.check(1, "2 ECHO Request");
    let tree = reading.tree(2);
    for line in [
        "Fragment: 1",
        "Fragment: 2",
        "Fragment count: 2",
        "Reassembled length: 24",
        "Fragment overlap: yes",
        "Source Port: 5000",
        "Length: 24",
        "UDP payload: 6561726c69657221616e64206d6f7265",
    ] {
        assert!(tree.contains(line), "{line} is missing in\n{tree}");
    }
}

#[test]
fn fragments_are_not_waited_for_longer_than_senders_count() {
    const MINUTE: i64 = 60_000_000_000;
    for (later, whole) in [(MINUTE, true), (3 * MINUTE, false)] {
        let survey = Survey::of(&overlapping(later), standard());
        assert_eq!(survey.reassembled(FrameId(1)).is_some(), whole, "after {later} ns");
    }
}
