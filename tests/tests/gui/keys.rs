//! The key schedule: secrets by name, along what they are made of, values on demand.

use egui_kittest::kittest::NodeT;

use super::*;

fn schedule(name: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.get_by_label("Keys").click();
    until(&mut harness, "the secrets", |harness| {
        harness.query_by_label_contains("Key schedule, ").is_some()
    });
    harness
}

fn copied(harness: &mut Harness<'_, Window>) -> Option<String> {
    harness.step();
    harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn each_secret_says_since_when_of_what_and_what_it_opens() {
    let mut harness = schedule("tls13-full");
    let label = "server_handshake_traffic_secret, made of the Handshake Secret, \"s hs traffic\", \
                 in the key log, From ServerHello on, frame 9, 1 record, 617 B, frame 9";
    harness.get_by_label(label).click();
    harness.run_steps(4);
    let proof = "the Finished in frame 9 was made anew, and is right";
    assert!(harness.query_by_label(proof).is_some());
    harness.get_by_label("Show its records").click();
    harness.run_steps(4);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(9));
    assert!(harness.query_by_label_contains("exporter_secret, made of the Main Secret").is_some());
}

#[test]
fn values_are_shown_on_demand_alone_and_copied_as_a_key_log_has_them() {
    let mut harness = schedule("tls13-full");
    harness.get_by_label_contains("client_application_traffic_secret_0, ").click();
    harness.run_steps(4);
    assert!(harness.query_by_label("48 bytes, hidden").is_some());
    let secrets = Recording::open(recording("tls13-full")).unwrap().secrets_text();
    let line = secrets.lines().find(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")).unwrap();
    let value = line.rsplit(' ').next().unwrap();
    assert!(harness.query_by_label(value).is_none());
    harness.get_by_label("Show values").click();
    harness.run_steps(4);
    assert!(harness.query_by_label(value).is_some());
    harness.get_by_label("Copy as key log").click();
    harness.step();
    let found = (0..10).find_map(|_| copied(&mut harness));
    assert_eq!(found.as_deref(), Some(line));
}

#[test]
fn the_arrow_keys_go_along_what_secrets_are_made_of() {
    let mut harness = schedule("tls13-full");
    harness.get_by_label("Key schedule, 11 secrets").focus();
    harness.run_steps(3);
    let chosen = |harness: &Harness<'_, Window>, made: &str| {
        // The part below tells what is chosen.
        harness.query_all_by_label_contains(made).count() > 1
    };
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    assert!(chosen(&harness, "of the Early Secret, \"c e traffic\""));
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert!(chosen(&harness, "of the Early Secret, \"derived\""));
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    assert!(chosen(&harness, "of the Handshake Secret, \"s hs traffic\""));
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(3);
    assert!(chosen(&harness, "of the Early Secret, \"derived\""));
}

#[test]
fn secrets_that_are_in_no_key_log_are_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = folder.path().join("sealed.pcapng");
    let (capture, _) = without_secrets(&std::fs::read(recording("tls13-full")).unwrap());
    std::fs::write(&sealed, capture).unwrap();
    let mut harness = explore(sealed);
    harness.get_by_label("Keys").click();
    until(&mut harness, "what is missing", |harness| {
        harness.query_by_label("× 5 lines in no key log").is_some()
    });
    assert!(harness.query_all_by_label("Add keys…").count() > 1, "the way to add them is here");
    // A connection without TLS says so.
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label("Keys").click();
    until(&mut harness, "that there are none", |harness| {
        harness.query_by_label("No handshake of TLS was answered on this connection.").is_some()
    });
}

#[test]
fn one_line_is_missing_of_tls_1_2_and_what_is_made_of_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = folder.path().join("sealed.pcapng");
    let (capture, _) = without_secrets(&std::fs::read(recording("tls12-full")).unwrap());
    std::fs::write(&sealed, capture).unwrap();
    let mut harness = explore(sealed);
    harness.get_by_label("Keys").click();
    until(&mut harness, "the one line", |harness| {
        harness.query_by_label("× 1 line in no key log").is_some()
    });
    for key in ["client write key", "server write key"] {
        let label = format!("{key}, made of the master secret");
        let label = harness.get_by_label_contains(&label).accesskit_node().label().unwrap();
        assert!(label.contains("× cannot be made: master secret missing"), "{label}");
    }
}

#[test]
fn what_opened_nothing_offers_no_records() {
    let mut harness = schedule("tls13-full");
    harness.get_by_label_contains("Early Secret, made of zeros").click();
    harness.run_steps(4);
    assert!(harness.get_by_label("Show its records").accesskit_node().is_disabled());
    harness.get_by_label("ClientHello on, frame 6").click();
    harness.run_steps(4);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(6));
}

/// Names a file in the dialog.
fn add(harness: &mut Harness<'_, Window>, path: &Path) {
    harness.get_by_label("Add keys…").click();
    harness.run_steps(3);
    harness.get_by_label("Key log or names").focus();
    harness.run_steps(2);
    harness.get_by_label("Key log or names").type_text(&path.display().to_string());
    harness.run_steps(3);
    harness.get_by_label("Add").click();
    harness.run_steps(3);
}

#[test]
fn names_of_fields_are_added_to_an_open_recording() {
    let folder = tempfile::tempdir().unwrap();
    let proto = folder.path().join("weather.proto");
    let described = "syntax = \"proto3\"; package wirestage;
        message Place { string name = 1; }
        message Reading { string place = 1; uint32 hour = 2; sint32 celsius = 3; }
        service Weather { rpc Now(Place) returns (Reading); }";
    std::fs::write(&proto, described).unwrap();
    let mut harness = explore(recording("grpc-unary"));
    let told = |harness: &Harness<'_, Window>| {
        let open = harness.state().state.explore.as_ref().unwrap();
        let story = open.shown.story.as_ref().unwrap();
        story.beats.iter().any(|beat| beat.detail.contains("It is a wirestage.Reading"))
    };
    assert!(!told(&harness), "nobody has named it yet");
    add(&mut harness, &proto);
    until(&mut harness, "names in the story", told);
    let status = "names of 2 message types from weather.proto";
    assert!(harness.query_by_label_contains(status).is_some());
    // What is no such file is said, and nothing is lost.
    let broken = folder.path().join("broken.proto");
    std::fs::write(&broken, "message {").unwrap();
    add(&mut harness, &broken);
    until(&mut harness, "what is wrong", |harness| {
        harness.query_by_label_contains("broken.proto does not compile").is_some()
    });
    assert!(told(&harness));
}
