//! What is typed wrongly, and files that are none: each is told in two lines, cause and mend.

use wirestage_tests::program::{run, run_with};

use super::cli::{file, folder, three_frames};

#[test]
fn wrong_usage_is_told_in_two_lines_and_ends_with_2() {
    let check = |arguments: &[&str], cause: &str, mend: &str| {
        run(arguments).failed(2, cause, mend);
    };
    check(&["record", "tls13"], "no scenario called \"tls13\"", "did you mean tls13-full?");
    check(&["record", "zzz"], "no scenario called", "wirestage list");
    check(&["record"], "<NAME> is missing", "wirestage record");
    check(
        &["record", "udp-echo", "--set", "colour=red"],
        "no knob called \"colour\"",
        "nothing to set",
    );
    check(
        &["record", "tls13-full", "--set", "suite=rot13"],
        "suite cannot be \"rot13\"",
        "chacha20",
    );
    check(&["record", "tls13-full", "--set", "suite"], "KNOB=VALUE", "--help");
    check(&["list", "--jsn"], "'--jsn'", "--json");
    check(&["show"], "<FILE>... is missing", "wirestage show");
    check(&["export", "a.pcapng"], "is missing", "wirestage export");
    check(
        &["export", "a.pcapng", "-o", "a.gif"],
        "ends in none of .svg, .png, .pdf, .mmd",
        "-o diagram.svg",
    );
    check(&["export", "a.pcapng", "-o", "-"], "and - has none", "-o diagram.svg");
    check(&["export", "a.pcapng", "-o", "a.png", "--scale", "0"], "0.1 to 10", "--help");
    check(&["story", "a.pcapng", "--connection", "0"], "numbered from 1", "--help");
    check(
        &["show", "a.pcapng", "--connection", "1"],
        "takes no --connection",
        "story or export or follow",
    );
    check(&["filter", "a.pcapng", "tcp.port", "==", "443", "-o", "b.pcapng"], "'=='", "in quotes");
    let folder = folder();
    let a = file(&folder, "a.pcapng", &three_frames());
    check(&["show", &a, "--fields", "frame.number,no.such"], "no.such", "Wireshark's names");
    check(&["story", &a, "--connection", "9"], "no connection 9", "its number is 1");
    check(&[&a, "show"], "the command show is out of place", &format!("wirestage show {a}"));
    check(&["story", "show", &a], "the command show is out of place", "stands once");
    check(&["show", &a, "--filter", "tcp.port", "==", "443"], "no file ==", "in quotes");
    check(&["filter", "tcp", &a, "-o", "b.pcapng"], "no file tcp", &format!("filter {a} 'tcp'"));
    check(&["/tmp"], "/tmp is a folder", "a recording in it");
    assert!(run(&["help", "show"]).done().text().contains("wirestage show"));
    assert!(run(&["help"]).done().text().contains("Exit codes"));
}

#[test]
fn files_that_are_no_recordings_are_named_with_cause_and_mend() {
    let folder = folder();
    let key_log = format!("CLIENT_RANDOM {} {}\n", "ab".repeat(32), "cd".repeat(48));
    let tar = [&[b'a'; 257][..], b"ustar\0"].concat();
    let cases: [(&str, &[u8], &str, &str); 6] = [
        ("a.zip", b"PK\x03\x04 and what is in it", "a zip archive", "unpack it"),
        ("a.tar", &tar, "a tar archive", "unpack it"),
        ("empty.pcap", b"", "the file is empty", "record it again"),
        ("short.pcap", b"\x0a\x0d\x0d\x0a", "only 4 bytes", "again"),
        ("notes.txt", b"Dear diary, today I captured nothing.", "not a capture", "editcap"),
        ("keys.log", key_log.as_bytes(), "a TLS key log, not a capture", "as its key log"),
    ];
    for (name, bytes, cause, mend) in cases {
        let path = file(&folder, name, bytes);
        for command in [&["info"][..], &["show"], &["story"], &["export", "-o", "/dev/null.svg"]] {
            let ran = run(&[command, &[&path]].concat());
            ran.failed(1, cause, mend);
            assert!(ran.err.contains(name) && ran.out.is_empty(), "{}", ran.err);
        }
        run_with(&["info", "-"], bytes).failed(1, "standard input", "");
    }
    run(&["info", "/no/such/file"]).failed(1, "there is no file /no/such/file", "check the name");
    run(&["info", "/"]).failed(1, "/ is a directory, not a file", "give - as the file name");
}

#[test]
fn broken_lines_of_a_key_log_are_named_and_the_rest_is_used() {
    let folder = folder();
    let a = file(&folder, "a.pcapng", &three_frames());
    let sound = format!("CLIENT_RANDOM {} {}", "ab".repeat(32), "cd".repeat(48));
    let keys = file(
        &folder,
        "keys.log",
        format!("# made by hand\n{sound}\nCLIENT_RANDOM zz zz\nnonsense\n").as_bytes(),
    );
    let shown = run(&["show", &a, "--keys", &keys]).done();
    assert_eq!(shown.text().lines().count(), 3);
    assert!(
        shown.err.contains("keys.log: line 3") && shown.err.contains("line 4"),
        "{}",
        shown.err
    );
    assert!(!shown.err.contains("line 1") && !shown.err.contains("line 2"), "{}", shown.err);
    let binary = file(&folder, "binary.log", &[0xff, 0xfe, 0]);
    run(&["show", &a, "--keys", &binary]).failed(1, "is not text", "CLIENT_RANDOM");
    run(&["show", &a, "--keys", "/no/such"]).failed(1, "no key log /no/such", "check its name");
    run(&["show", &a, "--keys", &a]).failed(1, "is a capture, not a key log", "SSLKEYLOGFILE");
    let none = run(&["show", &a, "--keys", &file(&folder, "none.log", b"")]).done();
    assert!(none.err.contains("none.log: no key that was not known"), "{}", none.err);
}

#[test]
fn without_a_display_the_window_says_what_to_type_instead() {
    run(&[]).failed(1, "no display", "wirestage list");
    let a = file(&folder(), "a.pcapng", &three_frames());
    run(&[&a]).failed(1, "there is no file", "wirestage --help");
    let folder = folder();
    let a = file(&folder, "a.pcapng", &three_frames());
    run(&[&a]).failed(1, "no display", &format!("wirestage show {a}"));
}
