//! What is sent again for nothing: shown by a block of SACK, by a timestamp, or not at all.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::message::Relation;
use crate::story::{Level, Story};

/// A client sends five bytes, and 300 ms later the same again; then the server answers as it is
/// told to.
fn again(answer: impl FnOnce(&mut Play, u32)) -> Story {
    let mut play = Play::against(9_999);
    play.stamps = Some((1, 0));
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let seq = play.seq(Forward);
    play.stamps = Some((10, 1));
    play.at(1_000).tcp(Forward, ACK, b"hello");
    play.stamps = Some((310, 1));
    play.at(301_000).tcp_at(seq, Forward, ACK, b"hello");
    answer(&mut play, seq);
    story(&play)
}

/// The steps behind the handshake: bead, sentence, and what a teacher adds.
fn steps(story: &Story) -> Vec<(&str, &str, &str)> {
    let steps = story.level(Level::Flight).skip(4);
    steps.map(|(_, one)| (&*one.label, &*one.headline, &*one.detail)).collect()
}

const EXCUSED: &str = "It was unnecessary: a later acknowledgement shows that an earlier try had \
                       come.";

#[test]
fn a_block_of_what_came_twice_excuses_the_second_try() {
    let told = again(|play, seq| {
        play.sack = Some((seq, seq + 5));
        play.at(310_000).tcp(Backward, ACK, b"");
    });
    let steps = steps(&told);
    let [(tried, _, why), (shown, headline, _)] = steps[..] else { panic!("{steps:#?}") };
    assert_eq!((tried, shown), ("sent again", "D-SACK"));
    assert!(why.ends_with(EXCUSED), "{why}");
    assert_eq!(headline, "Says that it got bytes twice: sending them again was unnecessary");
    let ties = told.links.iter().filter(|link| link.relation == Relation::Excuses);
    let labels = |id| told.beat(id).map(|beat| beat.label.as_str());
    let ties: Vec<_> = ties.map(|tie| (labels(tie.from), labels(tie.to))).collect();
    assert_eq!(ties, [(Some("D-SACK"), Some("sent again"))]);
}

#[test]
fn an_echo_of_the_first_try_excuses_the_second() {
    let told = again(|play, _| {
        play.stamps = Some((700, 10));
        play.at(310_000).tcp(Backward, ACK, b"");
    });
    let steps = steps(&told);
    let [(tried, _, why), (shown, headline, _)] = steps[..] else { panic!("{steps:#?}") };
    assert_eq!((tried, shown), ("sent again", "late ACK"));
    assert!(why.ends_with(EXCUSED), "{why}");
    assert_eq!(headline, "Answers the first try: sending it again was unnecessary");
}

#[test]
fn what_nothing_excuses_stays_as_it_is() {
    let told = again(|play, _| {
        play.stamps = Some((700, 310));
        play.at(310_000).tcp(Backward, ACK, b"");
    });
    assert!(told.links.iter().all(|link| link.relation != Relation::Excuses));
    let steps = steps(&told);
    assert_eq!(steps[0].0, "sent again");
    assert!(steps.iter().all(|(label, _, why)| *label != "late ACK" && !why.contains(EXCUSED)));
}

#[test]
fn of_an_end_that_came_twice_nothing_is_told_but_that_it_was_unnecessary() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    let seq = play.seq(Forward);
    play.at(1_000).tcp(Forward, FIN | ACK, b"");
    play.at(301_000).tcp_at(seq, Forward, FIN | ACK, b"");
    play.sack = Some((seq, seq + 1));
    play.at(310_000).tcp(Backward, ACK, b"");
    let told = story(&play);
    assert!(told.beats.iter().all(|beat| !beat.label.contains("D-SACK")));
    let again = told.beats.iter().find(|beat| beat.headline == "Says again that it is done");
    assert!(again.is_some_and(|again| again.detail.ends_with(EXCUSED)), "{again:?}");
}
