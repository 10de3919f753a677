//! What is sent again over a link that only takes longer all at once is told as needless, where the
//! other side shows it; and without the delay nothing is sent again.

use wirestage::document::{Document, Opening};
use wirestage_captures::lab::{self, Way};
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{Level, Outcome};
use wirestage_tests::program::{command, ran};
use wirestage_tests::{open, skip};

/// Records a page of ten segments over the link of the scenario, with this on top.
fn record(link: &str) -> Document {
    let name = ["record", "tcp-loss-recovery", "--set", "lost=nothing", "-o", "-", "--link", link];
    let ran = ran(&mut command(&name));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &ran.out).unwrap();
    open(file.path(), Opening::default())
}

#[test]
fn what_was_only_late_is_sent_again_for_nothing_and_the_other_side_says_so() {
    const TEST: &str = "what_was_only_late_is_sent_again_for_nothing_and_the_other_side_says_so";
    if let Way::HostLoopback { because } | Way::Refused(because) = lab::probe() {
        skip(TEST, &because.to_string());
        return;
    }
    let late = record("").story(None);
    let label = |id| late.beat(id).map_or("", |beat| beat.label.as_str());
    let ties: Vec<(&str, &str)> = late
        .links
        .iter()
        .filter(|link| link.relation == Relation::Excuses)
        .map(|link| (label(link.from), label(link.to)))
        .collect();
    assert!(ties.contains(&("D-SACK", "10 again")), "{ties:?}");
    let again = late.level(Level::Message).filter(|(_, beat)| beat.outcome == Outcome::Repeated);
    let again: Vec<&str> = again.map(|(_, beat)| beat.detail.as_str()).collect();
    let needless = |detail: &&str| {
        detail.contains("which was still on its way and came: this one was unnecessary")
    };
    assert!(!again.is_empty() && again.iter().all(needless), "{again:#?}");

    let twin = record("stall-data=none").story(None);
    assert!(twin.links.iter().all(|link| link.relation != Relation::Excuses));
    assert!(twin.beats.iter().all(|beat| beat.outcome == Outcome::Arrived));
}
