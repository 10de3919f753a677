//! Stories as the source of other programs' sequence diagrams.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::limits::MAX_SEQUENCE_TEXT;
use crate::story::text::{to_mermaid, to_plantuml, told};
use crate::story::{Level, Times};

fn echo() -> Play {
    let mut play = Play::against(7);
    play.udp(Forward, b"a;b <i>").udp(Backward, b"a;b <i>");
    play
}

#[test]
fn a_story_is_a_mermaid_diagram() {
    let expected = "\
sequenceDiagram
    title A play
    autonumber
    participant a1 as Client<br/>10.0.0.1 : 40000
    participant a2 as Server<br/>10.0.0.2 : 7
    rect rgba(128, 128, 128, 0.12)
    Note over a1,a2: UDP echo · 1 round trip · 2 packets · 98 B
    a1->>a2: [7 bytes] (0.000 ms)
    Note over a1,a2: Sends at once: UDP needs no handshake.
    a2->>a1: [7 bytes back] (0.010 ms)
    Note over a1,a2: The answer is an ordinary datagram, not an acknowledgement.
    end
    Note over a1,a2: The question leaves with the first packet (UDP has no handshake), 1 round trip \
until the answer
";
    assert_eq!(to_mermaid(&story(&echo()), Times::Elapsed), expected);
}

#[test]
fn a_story_is_a_plantuml_diagram() {
    let expected = "\
@startuml
title A play
autonumber
participant \"Client\\n10.0.0.1 : 40000\" as a1
participant \"Server\\n10.0.0.2 : 7\" as a2
note over a1, a2 : times of 1970-01-01, UTC
== UDP echo · 1 round trip · 2 packets · 98 B ==
a1 -> a2 : [7 bytes] (00:00:00.000000)
note over a1, a2 : Sends at once: UDP needs no handshake.
a2 -> a1 : [7 bytes back] (00:00:00.000010)
note over a1, a2 : The answer is an ordinary datagram, not an acknowledgement.
note over a1, a2 : The question leaves with the first packet (UDP has no handshake), 1 round trip until \
the answer
@enduml
";
    assert_eq!(to_plantuml(&story(&echo()), Times::UTC), expected);
}

#[test]
fn a_lifeline_without_a_name_is_called_something() {
    let mut story = story(&echo());
    for (name, address) in [("", ""), ("", "10.0.0.1")] {
        (story.cast[0].name, story.cast[0].address) = (name.into(), address.into());
        let said = if address.is_empty() { "not known" } else { address };
        let mermaid = to_mermaid(&story, Times::Elapsed);
        assert!(mermaid.contains(&format!("participant a1 as {said}\n")), "{mermaid}");
        let plantuml = to_plantuml(&story, Times::Elapsed);
        assert!(plantuml.contains(&format!("participant \"{said}\" as a1\n")), "{plantuml}");
    }
}

#[test]
fn chapters_that_take_turns_are_closed_and_taken_up_again() {
    let mut play = Play::against(9_999);
    play.another(40_001);
    play.tcp(Forward, SYN, b"");
    play.another(40_002);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.another(40_001);
    play.tcp_at(90_000, Backward, SYN | ACK, b"");
    let text = to_mermaid(&story(&play), Times::Elapsed);
    let count = |words: &str| text.lines().filter(|line| line.trim() == words).count();
    assert_eq!(count("rect rgba(128, 128, 128, 0.12)"), count("end"), "{text}");
    assert!(text.contains("    Note over a1,a2: A · TCP handshake, continued\n"), "{text}");
    assert!(text.contains(": B · [SYN] ("), "{text}");
}

#[test]
fn what_is_too_long_is_counted_and_every_chapter_still_ends() {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    for _ in 0..900 {
        play.tcp(Forward, ACK, b"question").tcp(Backward, ACK, b"answer");
    }
    let story = story(&play);
    for (text, arrow, end) in [
        (to_mermaid(&story, Times::Elapsed), "->>", "    end\n"),
        (to_plantuml(&story, Times::Elapsed), " -> ", "@enduml\n"),
    ] {
        assert!(text.len() <= MAX_SEQUENCE_TEXT && text.len() > MAX_SEQUENCE_TEXT / 2);
        let told = text.lines().filter(|line| line.contains(arrow)).count();
        let rest = story.steps().len() - told;
        let left_out =
            format!("{rest} more steps are left out, for the text would be too long to be drawn.");
        assert!(rest > 0 && text.contains(&left_out), "{rest}");
        assert!(text.contains(end));
    }
}

#[test]
fn text_tells_the_time_of_day_where_it_is_asked_to() {
    let text = told(&story(&echo()), Times::OfDay { east: -3_600 }, Level::Flight);
    assert!(text.contains("\ntimes of 1969-12-31, UTC-01:00\n"), "{text}");
    assert!(text.contains("  2  23:00:00.000010  Server ──> Client  [7 bytes back]"), "{text}");
    assert!(text.ends_with("98 B · 0.010 ms\n"), "a length stays a length: {text}");
}
