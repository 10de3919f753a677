//! The panels that count: notes, protocols, hosts, and the traffic with its brush.

use egui_kittest::kittest::NodeT;

use super::*;

/// A window with one of the lower panels in front and alone.
fn panel(name: &str, tab: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.get_by_label(tab).click();
    harness.run_steps(4);
    harness
}

fn shown(harness: &mut Harness<'_, Window>, what: &str) {
    until(harness, what, |harness| harness.query_all_by_label_contains(what).next().is_some());
}

fn filter(harness: &mut Harness<'_, Window>, text: &str) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.get_by_label("Filter").type_text(text);
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
}

#[test]
fn protocols_are_counted_inside_each_other_and_obey_the_filter() {
    let mut harness = panel("tls13-full", "Protocols");
    shown(&mut harness, "TCP, ");
    let names = ["TCP, ", "TLS, ", "HTTP, "];
    for name in names {
        assert!(harness.query_all_by_label_contains(name).next().is_some(), "{name}");
    }
    filter(&mut harness, "tcp.flags.syn == 1");
    until(&mut harness, "SYNs alone", |harness| {
        let tls = harness.query_all_by_label_contains("TLS, ").filter(|row| {
            row.accesskit_node().role() == egui::accesskit::Role::ListBoxOption
                && row.accesskit_node().label().is_some_and(|label| label.contains('%'))
        });
        tls.count() == 0 && harness.query_by_label("Protocols, 3 rows").is_some()
    });
}

#[test]
fn what_a_host_sends_itself_is_one_packet() {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    // A datagram without content, from 127.0.0.1 to itself, as raw IP.
    let packet = [
        0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1, 0x9c, 0x40, 0x9c,
        0x41, 0, 8, 0, 0,
    ];
    let header = [65_535_u32, 101, 1, 0, packet.len() as u32, packet.len() as u32];
    file.extend(header.iter().flat_map(|number| number.to_le_bytes()));
    file.extend(packet);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("self.pcap");
    std::fs::write(&path, file).unwrap();
    let mut harness = explore(path);
    harness.get_by_label("Hosts").click();
    harness.run_steps(4);
    shown(&mut harness, "127.0.0.1, 1, ");
}

#[test]
fn hosts_and_pairs_are_counted_by_what_they_sent() {
    let mut harness = panel("http1-keepalive", "Hosts");
    shown(&mut harness, "Hosts, 2 rows");
    shown(&mut harness, "Server, 16, ");
    harness.get_by_label("Pairs of hosts").click();
    shown(&mut harness, "Client, Server, 16, ");
    // A row is a filter at hand.
    harness.get_by_label_contains("Client, Server, 16, ").click();
    harness.run_steps(4);
    let typed = harness.get_by_label("Filter").value().unwrap_or_default();
    assert_eq!(typed, "ip.addr == 127.0.0.1 and ip.addr == 127.0.0.2");
}

#[test]
fn what_was_noted_leads_to_its_packets() {
    let mut harness = panel("http1-keepalive", "Notes");
    let note = "Worth knowing, Partial checksum";
    shown(&mut harness, note);
    let selected = |harness: &Harness<'_, Window>| {
        let open = harness.state().state.explore.as_ref();
        open.and_then(|open| open.selection.frame).map(|frame| frame.number())
    };
    harness.get_by_label_contains(note).click();
    harness.run_steps(4);
    assert_eq!(selected(&harness), Some(2));
    // Choosing it again goes on to the next packet that has it.
    harness.get_by_label_contains(note).click();
    harness.run_steps(4);
    assert_eq!(selected(&harness), Some(3));
    harness.get_by_label("Sort Notes by How often").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Sort Notes by How often, ascending").is_some());
}

#[test]
fn marks_of_programs_are_no_packets() {
    let mut harness = panel("tls13-full", "Traffic");
    shown(&mut harness, "Traffic, 16 packets in ");
    harness.get_by_label("Protocols").click();
    shown(&mut harness, "Ethernet, 100.0 %");
    assert!(harness.query_by_label_contains("Mark, ").is_none(), "13 of 29 frames are marks");
}

#[test]
fn a_brush_over_the_traffic_narrows_everything_to_its_time() {
    let mut harness = panel("http1-keepalive", "Traffic");
    shown(&mut harness, "Traffic, 16 packets in ");
    let plot = harness.get_by_label_contains("Traffic, 16 packets in ").rect();
    let at = |share: f32| egui::pos2(plot.left() + plot.width() * share, plot.center().y);
    harness.drag_at(at(0.95));
    harness.run_steps(3);
    harness.hover_at(at(0.98));
    harness.run_steps(3);
    harness.hover_at(at(1.0));
    harness.run_steps(3);
    harness.drop_at(at(1.0));
    harness.run_steps(3);
    until(&mut harness, "fewer frames", |harness| {
        harness.query_by_label_contains(" of 29 frames pass").is_some()
    });
    let typed = harness.get_by_label("Filter").value().unwrap_or_default();
    assert!(typed.starts_with("frame.time_relative >= 0.004"), "{typed}");
    shown(&mut harness, "packets in ");
    harness.get_by_label("All of the time").click();
    until(&mut harness, "all frames", |harness| harness.query_by_label("29 frames").is_some());
    assert_eq!(harness.get_by_label("Filter").value().unwrap_or_default(), "");
}
