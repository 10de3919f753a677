//! A datagram of QUIC, opened: it holds packets, and they hold frames, in the story and in the
//! picture.

use wirestage::diagram::{self, Axis, FontMeasure, Fonts, Request, Theme};
use wirestage::document::Opening;
use wirestage_dissectors::story::Level;
use wirestage_tests::program::run;
use wirestage_tests::{open, samples};

#[test]
fn every_datagram_of_quic_says_what_it_holds() {
    let mut seen = 0;
    for (name, folder) in samples().into_iter().filter(|(name, _)| name.starts_with("quic-")) {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let story = document.story(None);
        let request = Request { level: Level::Packet, axis: Axis::Order, ..Request::default() };
        let scene = diagram::layout(&story, &request, &FontMeasure::default());
        let picture = diagram::svg(&scene, &Theme::light(), Fonts::Named);
        for (id, packet) in story.level(Level::Packet) {
            // What was lost was never read at the other end.
            let parcels = story.parcels(id);
            assert!(!parcels.is_empty() || packet.received.is_none(), "{name}: {packet:?}");
            for parcel in parcels {
                let kind = parcel.label.split([' ', ',', ':']).next().unwrap_or_default();
                let known =
                    ["Initial", "0-RTT", "Handshake", "1-RTT", "Retry", "Version", "stateless"];
                assert!(known.contains(&kind), "{name}: {}", parcel.label);
                // Long ones go on in another line.
                let words: Vec<&str> = parcel.label.split(' ').take(2).collect();
                assert!(picture.contains(&words.join(" ")), "{name}: {}", parcel.label);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen} packets");
}

#[test]
fn the_story_shows_packets_below_their_datagram() {
    let path = wirestage_tests::root().join("assets/recordings/quic-1rtt/recording.pcapng");
    let path = path.to_str().expect("paths of tests are text");
    let told = run(&["story", path, "--level", "packet"]).done();
    let told = told.text();
    let lines: Vec<&str> = told.lines().map(str::trim_start).collect();
    let at = lines.iter().position(|line| line.starts_with("Initial 0: ACK 0, CRYPTO"));
    let at = at.unwrap_or_else(|| panic!("the server's first packet:\n{told}"));
    assert!(lines[at - 1].contains("frame 3: 1200 B"), "{}", lines[at - 1]);
    assert!(lines[at + 1].starts_with("Handshake 0: CRYPTO"), "{}", lines[at + 1]);
}
