//! Comparisons: what differs within steps of one meaning, field by field and in words.

use wirestage_tests::program::run;
use wirestage_tests::root;

/// Where the sample of a scenario lies.
fn sample(name: &str) -> String {
    let path = root().join("assets/recordings").join(name).join("recording.pcapng");
    path.display().to_string()
}

#[test]
fn what_differs_is_listed_field_by_field() {
    let (old, new) = (sample("tls12-full"), sample("tls13-full"));
    let call = |more: &[&str]| {
        let ran = run(&[&["compare", old.as_str(), new.as_str()], more].concat()).done();
        ran.text().to_owned()
    };
    let text = call(&["--fields"]);
    for line in [
        "ClientHello, from the client",
        "ServerKeyExchange, from the server, only in TLS 1.2: full handshake",
        "EncryptedExtensions, from the server, only in TLS 1.3: full handshake",
        "in any two recordings (--fields=all)",
    ] {
        assert!(text.contains(line), "{line:?} in\n{text}");
    }
    let version = "tls.handshake.extensions.supported_version ";
    let version = text.lines().find(|line| line.trim_start().starts_with(version));
    assert!(version.is_some_and(|line| line.contains("TLS 1.3 (0x0304)")), "{text}");
    // Random values are said on request alone.
    let random = "tls.handshake.random ";
    assert!(!text.contains(random) && call(&["--fields=all"]).contains(random));
    assert!(!call(&[]).contains("Field by field"));

    let json: serde_json::Value =
        serde_json::from_str(&call(&["--fields", "--format", "json"])).unwrap();
    let steps = json["steps"].as_array().unwrap();
    let hello = steps.iter().find(|step| step["name"] == "ClientHello").unwrap();
    assert_eq!(hello["present"], serde_json::json!([true, true]));
    let all = hello["differences"].as_array().unwrap();
    assert!(all.iter().any(|one| one["of_one_recording"] == true), "{all:?}");
    // A recording is no other than itself.
    let same = run(&["compare", &old, &old, "--fields=all"]).done();
    let rest = same.text().split_once("Field by field\n").unwrap().1;
    assert!(rest.trim().starts_with("The same in all: "), "{rest}");
}

#[test]
fn what_differs_is_said_in_words_and_steps_stand_in_the_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("a.svg").display().to_string();
    let (one, other) = (sample("tls13-full"), sample("tls13-hello-retry"));
    let words = "One round trip more in TLS 1.3: HelloRetryRequest than in TLS 1.3: full \
                 handshake. TLS 1.3: HelloRetryRequest alone has HelloRetryRequest; a further \
                 ClientHello.";
    let text = run(&["compare", &one, &other]).done().text().to_owned();
    assert!(text.contains(words), "{text}");
    let json = run(&["compare", &one, &other, "--fields", "--format", "json"]).done();
    let json: serde_json::Value = serde_json::from_str(json.text()).unwrap();
    assert_eq!(json["differences"], serde_json::json!([words]));
    let steps = json["steps"].as_array().unwrap().iter();
    let names: Vec<&str> = steps.map(|step| step["name"].as_str().unwrap()).collect();
    let hello = names.iter().position(|name| *name == "ClientHello").unwrap();
    let expected = ["ClientHello", "HelloRetryRequest", "ChangeCipherSpec", "ClientHello"];
    let found: Vec<&str> =
        names[hello..].iter().filter(|name| expected.contains(name)).take(4).copied().collect();
    assert_eq!(found, expected, "{names:?}");
    let _ = run(&["compare", &one, &other, "-o", &picture]).done();
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.contains("One round trip more in TLS 1.3"), "the foot says it, too");
}
