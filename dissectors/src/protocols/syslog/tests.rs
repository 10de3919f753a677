//! Lines made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, ask, check_told, play_over};

const NEW: &str = "<165>1 2003-10-11T22:14:15.003Z host app 123 ID47 \
                   [a@1 k=\"v\\\"]\" l=\"\"][b@2] hello";
const OLD: &str = "<34>Oct 11 22:14:15 host su[230]: it failed\n";

fn over_udp(line: impl AsRef<[u8]>) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 514], began: None }, &[ask(line)])
}

/// The values of these fields in a line.
#[track_caller]
fn check(line: &str, expected: &[(&str, &str)]) {
    let stage = over_udp(line);
    for (field, expected) in expected {
        assert_eq!(stage.values(field), *expected, "{field} of {line}");
    }
}

#[test]
fn the_newer_form_has_named_data() {
    check(
        NEW,
        &[
            ("syslog.facility", "20"),
            ("syslog.level", "5"),
            ("syslog.version", "1"),
            ("syslog.timestamp", "1065910455003000000"),
            ("syslog.hostname", "host"),
            ("syslog.appname", "app"),
            ("syslog.procid", "123"),
            ("syslog.msgid", "ID47"),
            ("syslog.sd.element.name", "a@1 b@2"),
            ("syslog.sd.param.name", "k l"),
            ("syslog.sd.param.value", "v\\\"] "),
            ("syslog.msg", "hello"),
        ],
    );
    check("<14>1 - h a - - - text", &[("syslog.msg", "text"), ("syslog.sd.element.name", "")]);
    check("<14>1 - h a - - -", &[("syslog.msg", ""), ("syslog.msgid", "-")]);
}

#[test]
fn the_older_form_has_a_date_without_a_year() {
    check(
        OLD,
        &[
            ("syslog.facility", "4"),
            ("syslog.level", "2"),
            ("syslog.timestamp_rfc3164", "Oct 11 22:14:15"),
            ("syslog.hostname", "host"),
            ("syslog.procid", "su[230]"),
            ("syslog.msg", " it failed"),
        ],
    );
    check("<13>Feb  5 17:32:18 host text alone", &[("syslog.msg", "text alone")]);
    check("just text", &[("syslog.msg", "just text"), ("syslog.level", "")]);
}

#[test]
fn rows_say_who_and_how_urgent() {
    assert_eq!(
        over_udp(OLD).rows(),
        "syslog@1 AUTH.CRIT: Oct 11 22:14:15 host su[230]: it failed\n"
    );
    assert_eq!(over_udp("just text").rows(), "syslog@1 just text\n");
}

#[test]
fn what_lines_mean() {
    let told = |line: &str| {
        let stage = over_udp(line);
        Syslog.tell(&stage.messages()[0], &stage.view()).unwrap()
    };
    let new = told(NEW);
    assert_eq!((new.label.as_str(), new.headline.as_str()), ("hello", "Reports for the log"));
    assert!(new.detail.starts_with("From host."), "{}", new.detail);
    assert_eq!(new.lesson, Some("syslog/message"));
    assert!(told(OLD).headline.contains("needs somebody at once"));
    assert!(told("<12>Feb  5 17:32:18 host x").headline.contains("Warns"));
}

#[test]
fn priority_and_date_decide_what_it_is() {
    let check = |line: &[u8], expected: Likelihood| {
        assert_eq!(Syslog.probe(line, Framing::Datagram), expected);
    };
    check(NEW.as_bytes(), Likelihood::Surely);
    check(OLD.as_bytes(), Likelihood::Surely);
    check(b"<34>free text", Likelihood::Unsaid);
    check(b"free text", Likelihood::Unsaid);
    check(b"<192>1 - h a - - - text\x01", Likelihood::No);
    check(b"\x00\x01\x02\x03text", Likelihood::No);
    check(b"", Likelihood::No);
    check(b"\0\n", Likelihood::No);
    assert_eq!(Syslog.probe(NEW.as_bytes(), Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_lines_never_panic() {
    for whole in [NEW, OLD] {
        for at in 0..whole.len() {
            over_udp(&whole[..at]).rows();
            for bit in 0..8 {
                let mut bytes = whole.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                over_udp(bytes).rows();
            }
        }
    }
}

#[test]
fn what_is_told() {
    let check = |line: &str, expected: &str| {
        let lost = "Nobody confirms it: a lost line is lost.";
        check_told(&over_udp(line), &[&format!("{expected}{lost}")]);
    };
    check(NEW, "hello | Reports for the log | From host. ");
    check(OLD, "it failed | Reports something that needs somebody at once | From host. ");
    check("<11>free text", "free text | Reports an error | ");
    check("<12>free text", "free text | Warns | ");
    let unsaid = "Sends a line for the log, without saying how important it is";
    check("free text", &format!("free text | {unsaid} | "));
    let stage = over_udp("free text");
    let [free] = stage.messages() else { panic!("{}", stage.rows()) };
    let notes = stage.describe(free).notes;
    assert_eq!(notes, ["Neither the form of RFC 5424 nor that of RFC 3164"]);
}
