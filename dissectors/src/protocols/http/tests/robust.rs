//! What cuts and damage do: cuts nothing, damage no panic.

use crate::ids::MessageId;
use crate::protocols::stage::{Heard, Played, Step, ask, crumble, cut, on_port, play, say};

/// A conversation that visits every state.
fn everything() -> Vec<Step> {
    let gzip = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10,
        0x36, 5, 0, 0, 0,
    ];
    let mut coded =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    coded.extend(b"4\r\n");
    coded.extend(&gzip[..4]);
    coded.extend(b"\r\n15;e=1\r\n");
    coded.extend(&gzip[4..]);
    coded.extend(b"\r\n0\r\nX: y\r\n\r\n");
    vec![
        ask("POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nCookie: a; b\r\n\r\nbody"),
        say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!"),
        ask("\r\nGET /gz HTTP/1.1\r\nHost: h\r\nFolded: a\r\n b\r\n\r\n"),
        say(coded),
        ask("HEAD / HTTP/1.1\n\nGET /end HTTP/1.1\r\nConnection: close\r\n\r\n"),
        say(
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.0 200 \r\nServer: s\r\n\r\nto the end",
        ),
        Step::Fin,
    ]
}

/// All that is said of all messages, in their order, but for frames and times, which cuts change.
fn said(stage: &Played) -> Vec<Heard> {
    let timed = |name: &str| name == "http.time" || name.ends_with("_in");
    let mut all: Vec<(MessageId, Heard)> = stage
        .messages()
        .iter()
        .map(|message| {
            let mut heard = stage.describe(message);
            heard.fields.retain(|(name, _)| !timed(name));
            (message.id, heard)
        })
        .collect();
    all.sort_by_key(|(id, _)| *id);
    all.into_iter().map(|(_, heard)| heard).collect()
}

#[test]
fn frames_may_end_anywhere() {
    let steps = everything();
    let whole = said(&play(&steps));
    assert_eq!(whole.len(), 9, "{whole:#?}");
    let notes: Vec<&String> = whole.iter().flat_map(|heard| &heard.notes).collect();
    assert!(matches!(*notes, [fold] if fold.starts_with("A line is folded")), "{notes:#?}");
    let longest = 200;
    for at in 1..longest {
        assert_eq!(said(&play(&cut(&steps, at))), whole, "cut at {at}");
    }
    assert_eq!(said(&play(&crumble(&steps))), whole);
}

#[test]
fn damage_never_panics() {
    let steps = everything();
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for round in 0..2000 {
        let mut steps = steps.clone();
        for _ in 0..=round % 4 {
            let place = random(steps.len());
            match &mut steps[place] {
                Step::Ask(bytes) | Step::Say(bytes) if !bytes.is_empty() => {
                    let at = random(bytes.len());
                    match random(4) {
                        0 => bytes[at] = random(256) as u8,
                        1 => bytes.truncate(at),
                        2 => drop(bytes.remove(at)),
                        _ => bytes.insert(at, b"\r\n :0"[random(5)]),
                    }
                }
                step => *step = Step::Miss(random(64) as u32),
            }
        }
        if round % 2 == 0 {
            let at = 1 + random(60);
            steps = cut(&steps, at);
        }
        said(&play(&steps));
    }
}

#[test]
fn heads_without_an_end_are_given_up() {
    let line = format!("X: {}\r\n", "y".repeat(1000)).into_bytes();
    let mut steps = vec![ask("GET / HTTP/1.1\r\n")];
    steps.extend((0..300).map(|_| ask(&line)));
    steps.push(ask("GET /next HTTP/1.1\r\n\r\n"));
    let rows = play(&steps).rows();
    assert!(rows.contains("Continuation") && rows.ends_with("GET /next HTTP/1.1 \n"), "{rows}");
}

#[test]
fn a_broken_status_line_still_begins_a_response() {
    for (line, code, phrase) in [
        ("HTTP/1.1 200 OK", "200", "OK"),
        ("HTTP/1.1  200 OK", "200", "OK"),
        ("HTTP/1.1 200\0 OK", "200", "OK"),
        ("HTTP/1.1 2000 OK", "", "OK"),
        ("HTTP/1.1 20x OK", "", "OK"),
        ("HTTP/1.1 ", "", ""),
        ("HTTP/1.1x", "", ""),
        ("HTTP/1.1\x0b200\x0bOK", "", ""),
    ] {
        let steps = [
            ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
            say(format!("{line}\r\nContent-Length: 2\r\n\r\nhi")),
        ];
        let stage = play(&steps);
        assert_eq!(stage.values("http.response.code"), code, "{line}");
        assert_eq!(stage.values("http.response.phrase"), phrase, "{line}");
        assert_eq!(stage.values("http.request_in"), "1", "{line}");
        assert_eq!(stage.values("http.file_data"), "hi", "{line}");
        let notes = stage.describe(&stage.messages()[1]).notes.join(" ");
        assert_eq!(notes.contains("a code of three digits"), code.is_empty(), "{line}: {notes}");
    }
}

#[test]
fn few_bytes_are_not_http_for_their_port_alone() {
    for steps in [
        vec![ask("EVIL")],
        vec![ask("hello"), Step::Fin],
        vec![ask("AAAA"), ask("BBBB"), Step::Fin],
        vec![ask("X"), Step::MissAsked(1), ask("X"), Step::MissAsked(1), ask("X")],
    ] {
        assert_eq!(on_port(80, &steps).rows(), "", "{steps:?}");
    }
    // What is cut may be a request, and what follows one is HTTP's.
    assert_eq!(on_port(80, &[ask("GET /")]).rows(), "http@1 GET / \n");
    let get = ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(on_port(80, &[get, ask("(!)")]).rows().ends_with("http@2 Continuation\n"));
}
