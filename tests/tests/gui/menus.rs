//! What menus and Ctrl+C put on the clipboard, and the filters that menus ask for.

use super::*;

/// What went on the clipboard in the frames that follow.
fn copied(harness: &mut Harness<'_, Window>) -> String {
    let begun = Instant::now();
    loop {
        harness.step();
        let text =
            harness.output().platform_output.commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            });
        match text {
            Some(text) => return text,
            None => assert!(begun.elapsed() < Duration::from_secs(60), "nothing was copied"),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn menu(harness: &mut Harness<'_, Window>, what: &str, entry: &str) {
    harness.get_by_label_contains(what).click_secondary();
    harness.run_steps(4);
    harness.get_by_label_contains(entry).click();
}

/// A frame with its fields.
fn looking(name: &str, frame: u32, field: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
    harness.run_steps(3);
    harness.get_by_label("Go to").type_text(&frame.to_string());
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    until(&mut harness, field, |harness| harness.query_by_label_contains(field).is_some());
    harness
}

#[test]
fn a_row_a_field_and_its_bytes_are_copied() {
    let mut harness = looking("http1-keepalive", 5, "Request Method: GET");
    menu(&mut harness, "Frame 5, ", "Copy row");
    let row = copied(&mut harness);
    let cells: Vec<&str> = row.split('\t').collect();
    assert_eq!((cells[0], cells[4], cells[5]), ("5", "HTTP", "155"), "{row}");
    assert!(row.ends_with("GET / HTTP/1.1 "), "{row}");

    for (entry, expected) in [
        ("Copy field", "Request Method: GET"),
        ("Copy value", "GET"),
        ("Copy bytes as hex", "474554"),
        ("Copy bytes as Base64", "R0VU"),
    ] {
        menu(&mut harness, "Request Method: GET", entry);
        assert_eq!(copied(&mut harness), expected, "{entry}");
        harness.run_steps(3);
    }
    menu(&mut harness, "Request Method: GET", "Copy bytes as C array");
    assert!(copied(&mut harness).contains("0x47, 0x45, 0x54,"));
    harness.run_steps(3);
    menu(&mut harness, "Request Method: GET", "Copy all details");
    assert!(copied(&mut harness).contains("TCP payload"));
}

#[test]
fn ctrl_c_copies_what_has_the_keyboard() {
    let mut harness = looking("http1-keepalive", 5, "Request Method: GET");
    harness.get_by_label("Packets, 29 rows").focus();
    harness.run_steps(3);
    harness.event(egui::Event::Copy);
    assert!(copied(&mut harness).starts_with("5\t"));
    harness.get_by_label_contains("Request Method: GET").click_accesskit();
    harness.run_steps(3);
    harness.get_by_role_and_label(egui::accesskit::Role::Tree, "Details").focus();
    harness.run_steps(3);
    harness.event(egui::Event::Copy);
    assert_eq!(copied(&mut harness), "Request Method: GET");
}

#[test]
fn a_request_is_copied_as_a_command_line() {
    let mut harness = looking("http1-keepalive", 16, "Request Method: POST");
    menu(&mut harness, "Frame 16, ", "Copy request as curl");
    let command = copied(&mut harness);
    assert!(command.starts_with("curl http://server.wirestage.test/guestbook "), "{command}");
    assert!(command.contains("--data-raw "), "{command}");
    assert!(command.contains("-H 'Content-Type: application/x-www-form-urlencoded'"), "{command}");
}

#[test]
fn menus_filter_by_field_connection_and_hosts() {
    let mut harness = looking("http1-keepalive", 5, "Request Method: GET");
    let mut filter = |what: &str, entry: &str, expression: &str, told: &str| {
        menu(&mut harness, what, entry);
        until(&mut harness, told, |harness| harness.query_by_label_contains(told).is_some());
        let typed = harness.get_by_label("Filter").value().unwrap_or_default();
        assert_eq!(typed, expression);
    };
    let is_get = "http.request.method == \"GET\"";
    filter("Request Method: GET", "Filter: is this", is_get, "3 of 29 frames pass");
    let has = "http.request.method";
    filter("Request Method: GET", "Filter: has this field", has, "4 of 29 frames pass");
    filter("Frame 5, ", "Filter: this connection", "tcp.stream == 0", "16 of 29 frames pass");
    let hosts = "ip.addr == 127.0.0.1 and ip.addr == 127.0.0.2";
    filter("Frame 5, ", "Filter: this pair of hosts", hosts, "16 of 29 frames pass");
    // Last, for the selection goes to what passes.
    let is_not = "!(http.request.method == \"GET\")";
    filter("Request Method: GET", "Filter: is not this", is_not, "26 of 29 frames pass");
}
