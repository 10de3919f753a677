//! Names for messages of gRPC, handed to the program beside a recording.

use std::path::Path;

use wirestage_tests::program::run;
use wirestage_tests::root;

/// Writes a file into a folder, and says where it is.
fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn names_of_messages_come_from_where_they_are_described() {
    let folder = tempfile::tempdir().unwrap();
    let described = "syntax = \"proto3\"; package wirestage;
        message Place { string name = 1; }
        message Reading { string place = 1; uint32 hour = 2; sint32 celsius = 3; }
        service Weather { rpc Now(Place) returns (Reading); }";
    let proto = file(folder.path(), "weather.proto", described.as_bytes());
    let recording = root().join("assets/recordings/grpc-unary/recording.pcapng");
    let recording = recording.display().to_string();
    let named = "protobuf.field.name";
    let shown = run(&["show", &recording, "--proto", &proto, "--fields", named]);
    let shown = shown.text();
    assert!(shown.lines().any(|line| line == "place,hour,celsius"), "{shown}");
    let told = run(&["story", &recording, "--proto", &proto, "--format", "json"]);
    let told = told.text();
    assert!(told.contains("It is a wirestage.Reading: place “"), "{told}");
    // Without them everything is read by its number.
    assert_eq!(run(&["show", &recording, "--fields", named]).text().trim(), "");
    let broken = file(folder.path(), "broken.proto", b"message {");
    let said = run(&["show", &recording, "--proto", &broken]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("broken.proto does not compile"), "{}", said.err);
    assert!(said.err.contains("mend: name the folder"), "{}", said.err);
}
