//! Tests of SOCKS, and of what flows once it is done.

use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

fn five() -> Vec<Step> {
    vec![
        ask([5, 2, 0, 2]),
        say([5, 2]),
        ask([&[1, 3][..], b"bob", &[2], b"pw"].concat()),
        say([1, 0]),
        ask([&[5, 1, 0, 3, 4][..], b"a.de", &[1, 187]].concat()),
        say([5, 0, 0, 1, 10, 0, 0, 1, 4, 1]),
        ask(hello()),
    ]
}

fn check(steps: &[Step], expected: &[&str]) {
    let rows = on_port(1080, steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

#[test]
fn version_five_with_a_password() {
    check(
        &five(),
        &[
            "socks@1 Version: 5 Connect to server request",
            "socks@2 Version: 5 Connect to server response",
            "socks@3 Version: 5 User authentication request",
            "socks@4 Version: 5 User authentication reply",
            "socks@5 Version: 5 Command Request - a.de:443",
            "socks@6 Version: 5 Command Response",
            "tls@7 ",
            "tls@7 Client Hello",
        ],
    );
    let stage = on_port(1080, &five());
    for (name, expected) in [
        ("socks.auth_method", "0 2"),
        ("socks.auth_accepted_method", "2"),
        ("socks.username", "bob"),
        ("socks.password", "pw"),
        ("socks.remote_name", "a.de"),
        ("socks.port", "443 1025"),
        ("socks.results", "0"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn version_four_with_a_name() {
    check(
        &[
            ask(b"\x04\x01\0\x50\0\0\0\x01me\0a.de\0"),
            say([0, 90, 0, 80, 0, 0, 0, 0]),
            ask(GET),
            say("HTTP/1.1 204 No Content\r\n\r\n"),
        ],
        &[
            "socks@1 Version: 4 Connect to server request - a.de:80",
            "socks@2 Version: 4 Connect Response",
            "http@3 GET / HTTP/1.1 ",
            "http@4 HTTP/1.1 204 No Content ",
        ],
    );
}

#[test]
fn a_server_that_speaks_first_behind_it() {
    check(
        &[
            ask([5, 1, 0]),
            say([5, 0]),
            ask([5, 1, 0, 1, 10, 0, 0, 1, 0, 25]),
            say([&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"220 m SMTP\r\n"].concat()),
            ask("EHLO x\r\n"),
        ],
        &[
            "socks@1 Version: 5 Connect to server request",
            "socks@2 Version: 5 Connect to server response",
            "socks@3 Version: 5 Command Request - 10.0.0.1:25",
            "socks@4 Version: 5 Command Response",
            "smtp@4 S: 220 m SMTP",
            "smtp@5 C: EHLO x",
        ],
    );
}

#[test]
fn what_is_refused_stays_socks() {
    check(
        &[ask(b"\x04\x01\0\x50\x0a\0\0\x01\0"), say([0, 91, 0, 0, 0, 0, 0, 0]), ask(GET)],
        &[
            "socks@1 Version: 4 Connect to server request - 10.0.0.1:80",
            "socks@2 Version: 4 Connect Response",
            "socks@3 Version: 5 Data",
        ],
    );
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let steps = five();
    // What comes behind it is found by its first bytes, of which one alone says little.
    let (dialogue, behind) = steps.split_at(6);
    let whole = numberless(on_port(1080, &steps).rows());
    for at in 1..20 {
        let cut = [&cut(dialogue, at), behind].concat();
        assert_eq!(numberless(on_port(1080, &cut).rows()), whole, "cut at {at}");
    }
    let crumbs = [&crumble(dialogue), behind].concat();
    assert_eq!(numberless(on_port(1080, &crumbs).rows()), whole);
}

#[test]
fn hostile_bytes_do_no_harm() {
    let steps = five();
    for step in 0..steps.len() {
        for byte in 0..12 {
            for value in [0, 1, 3, 5, 255] {
                let mut steps = steps.clone();
                if let Step::Ask(bytes) | Step::Say(bytes) = &mut steps[step]
                    && let Some(place) = bytes.get_mut(byte)
                {
                    *place = value;
                }
                on_port(1080, &steps).rows();
            }
        }
    }
    let mut endless = b"\x04\x01\0\x50\x0a\0\0\x01".to_vec();
    endless.resize(2 << 20, b'u');
    // A name without end is no request. Where that shows only later, the rest stays SOCKS.
    assert_eq!(on_port(1080, &[ask(&endless)]).rows(), "data@1 2097152 bytes\n");
    let (head, tail) = endless.split_at(100);
    let late = on_port(1080, &[ask(head), ask(tail), ask("x")]).rows();
    assert!(
        late.starts_with("socks@2 ") && late.ends_with("\nsocks@3 Version: 5 Data\n"),
        "{late}"
    );
}
