//! Datagrams that a link loses are told as lost by what both ends recorded, whatever they carry
//! sealed.

use wirestage::document::Opening;
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{Beat, BeatId, Level, Outcome, Story};
use wirestage_tests::{open, samples};

/// The flights that went like this.
fn flights(story: &Story, outcome: Outcome) -> Vec<(BeatId, &Beat)> {
    story.level(Level::Flight).filter(|(_, beat)| beat.outcome == outcome).collect()
}

/// The flight of a packet.
fn flight(story: &Story, packet: BeatId) -> Option<BeatId> {
    story.beat(packet).and_then(|beat| beat.parent)
}

#[test]
fn a_packet_of_quic_that_a_link_loses_is_a_step_that_the_next_one_names() {
    const NAME: &str = "hol-blocking-http3";
    let (_, path) = samples().into_iter().find(|(name, _)| name == NAME).expect("the sample");
    let document = open(&path.join("recording.pcapng"), Opening::default());
    let story = document.story(None);
    let (lost, again) = (flights(&story, Outcome::Lost), flights(&story, Outcome::Repeated));
    let ([(lost, gone)], [(again, later)]) = (lost.as_slice(), again.as_slice()) else {
        panic!("one of each: {lost:#?} {again:#?}")
    };
    assert_eq!(gone.received, None, "{gone:#?}");
    assert!(gone.headline.starts_with("Packet 7 leaves, and never comes"), "{}", gone.headline);
    assert!(gone.detail.starts_with("What it brought is sent again 117 ms later, in packet "));
    assert!(later.headline.starts_with("Sends again what packet 7 brought"), "{}", later.headline);
    // Both are told from their sender's end, and tied to each other.
    assert_eq!((gone.from, gone.to), (later.from, later.to));
    let repeats = story.links.iter().filter(|link| link.relation == Relation::Repeats);
    let ties: Vec<_> =
        repeats.map(|link| (flight(&story, link.from), flight(&story, link.to))).collect();
    assert!(ties.contains(&(Some(*again), Some(*lost))), "{ties:?}");
    assert!(story.beats.iter().all(|beat| !beat.detail.contains("never came by")));
}
