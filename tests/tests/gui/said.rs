//! The follow panel: what the two sides of a connection said, opened, in order.

use egui_kittest::kittest::NodeT;

use super::*;

fn choose(harness: &mut Harness<'_, Window>, list: &str, entry: &str) {
    harness.get_by_label(list).click();
    harness.run_steps(4);
    harness.get_by_label(entry).click();
    harness.run_steps(4);
}

fn shown(harness: &mut Harness<'_, Window>, what: &str) {
    until(harness, what, |harness| harness.query_all_by_label_contains(what).next().is_some());
}

#[test]
fn what_was_opened_is_followed_as_text_in_hex_and_as_it_was_carried() {
    let mut harness = explore(recording("tls13-full"));
    harness.get_by_label("Follow").click();
    shown(&mut harness, "Client  frame 16  0.011402 s  89 bytes");
    assert!(harness.query_by_label("GET / HTTP/1.1").is_some());
    shown(&mut harness, "Server  frame 18  ");
    choose(&mut harness, "Whose words", "Server");
    until(&mut harness, "the server alone", |harness| {
        harness.query_by_label_contains("HTTP/1.1 200 OK").is_some()
            && harness.query_by_label_contains("Client  frame").is_none()
    });
    choose(&mut harness, "Whose words", "Both sides");
    choose(&mut harness, "How it is told", "Hex");
    shown(
        &mut harness,
        "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..",
    );
    choose(&mut harness, "How it is told", "As carried, hex");
    shown(&mut harness, "00000000  16 03 01");
    // What heads a run leads to its packet.
    choose(&mut harness, "How it is told", "Text");
    shown(&mut harness, "Client  frame 16  ");
    harness.get_by_label_contains("Client  frame 16  ").click();
    harness.run_steps(3);
    let frame = harness.state().state.explore.as_ref().unwrap().selection.frame;
    assert_eq!(frame.map(|frame| frame.number()), Some(16));
}

#[test]
fn requests_are_followed_with_their_contents_decoded() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label("Follow").click();
    harness.run_steps(3);
    choose(&mut harness, "How it is told", "Decoded bodies");
    shown(&mut harness, "Client  frame 5  GET server.wirestage.test/");
    harness.get_by_label("Copy all").click();
    let begun = Instant::now();
    let text = loop {
        harness.step();
        let commands = &harness.output().platform_output.commands;
        let text = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            break text;
        }
        assert!(begun.elapsed() < Duration::from_secs(60));
    };
    assert!(text.contains("\nmessage = Hello from the other end\n"), "{text}");
    assert!(text.contains("303 See Other"), "{text}");
}

#[test]
fn where_there_is_no_key_the_panel_says_what_can_be_done() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = folder.path().join("sealed.pcapng");
    let (capture, _) = without_secrets(&std::fs::read(recording("tls13-full")).unwrap());
    std::fs::write(&sealed, capture).unwrap();
    let mut harness = explore(sealed);
    harness.get_by_label("Follow").click();
    shown(&mut harness, "Nothing was said that could be opened. Add keys");
}

#[test]
fn what_is_followed_stands_at_the_chosen_packet() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
    harness.run_steps(3);
    harness.get_by_label("Go to").type_text("20");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("Follow").click();
    let third = "Client  frame 20";
    until(&mut harness, third, |harness| harness.query_by_label_contains(third).is_some());
    harness.run_steps(3);
    let is_marked = |harness: &Harness<'_, Window>, what: &str| {
        let node = harness.get_by_label_contains(what);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(is_marked(&harness, third), "the chosen packet is marked");
    assert!(harness.query_by_label_contains("Client  frame 5 ").is_none(), "it is in sight");
    // So is another one that is chosen then.
    harness.get_by_label_contains("Frame 16, ").click();
    let second = "Client  frame 16 ";
    until(&mut harness, second, |harness| {
        harness.query_by_label_contains(second).is_some() && is_marked(harness, second)
    });
    assert!(!is_marked(&harness, third));
}
