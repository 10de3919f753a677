//! Tests of Telnet: commands between data, and what tells it from others.

use super::probe;
use crate::protocol::Likelihood;
use crate::protocols::stage::{ask, check_told, crumble, on_port, say};

#[test]
fn a_dialogue() {
    let steps = [
        say([255, 253, 3, 255, 251, 31, 255, 253, 24]),
        ask([255, 251, 24, 255, 250, 31, 0, 80, 0, 24, 255]),
        ask([240, 255, 250, 24, 0, b'V', b'T', b'1', 255, 240]),
        say("login: "),
        ask([b'a', 255, 255, b'b', 255, 244]),
        say([255, 250, 36, 1, 255, 255, 2]),
    ];
    let stage = on_port(23, &steps);
    let expected =
        "telnet@1 Do Suppress Go Ahead, Will Negotiate About Window Size, Do Terminal Type
telnet@2 Will Terminal Type
telnet@3 Suboption Negotiate About Window Size, Suboption Terminal Type
telnet@4 7 bytes data
telnet@5 Interrupt Process, 4 bytes data
telnet@6 7 bytes data
";
    assert_eq!(stage.rows(), expected);
    assert_eq!(stage.values("telnet.cmd"), "253 251 253 251 250 240 250 240 244");
    assert_eq!(stage.values("telnet.naws_subopt.width"), "80");
    assert_eq!(stage.values("telnet.string_subopt.value"), "VT1");
    assert_eq!(stage.values("telnet.subcmd"), "3 31 24 24 31 24");
    // Byte by byte, commands and options are the same.
    let crumbs = on_port(23, &crumble(&steps));
    for name in ["telnet.cmd", "telnet.subcmd", "telnet.naws_subopt.width"] {
        assert_eq!(crumbs.values(name), stage.values(name), "{name}");
    }
}

#[test]
fn an_option_without_end_is_not_waited_for_forever() {
    let endless = [&[255, 250, 36][..], &vec![b'x'; 10_000]].concat();
    let stage = on_port(23, &[ask(endless), ask("more")]);
    assert_eq!(stage.rows(), "telnet@1 10003 bytes data\ntelnet@2 4 bytes data\n");
}

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(probe(bytes), expected, "{bytes:?}");
}

#[test]
fn two_offers_are_sure_and_binary_bytes_are_something_else() {
    check(&[255, 253, 24, 255, 251, 1], Likelihood::Surely);
    check(&[255, 253, 24], Likelihood::Perhaps);
    check(&[255, 253, 200, 255, 253, 201], Likelihood::Unsaid);
    check(b"login: ", Likelihood::Unsaid);
    check(b"\x16\x03\x01\x00\x05", Likelihood::No);
}

#[test]
fn what_is_told() {
    let steps = [
        say([255, 253, 3]),
        ask([255, 251, 24]),
        ask([255, 250, 31, 0, 80, 0, 24, 255, 240]),
        say("login"),
        ask([255, 244]),
    ];
    check_told(
        &on_port(23, &steps),
        &[
            "Do Suppress Go Ahead | Asks the other side to do something, or not to",
            "Will Terminal Type | Says what it would do itself, or will not",
            "Suboption Negotiate About Window Size | Says what an option that was agreed on needs to \
             know",
            "login | Sends what is typed, or what is shown, in the open",
            "Interrupt Process | Gives a command between the data",
        ],
    );
}
