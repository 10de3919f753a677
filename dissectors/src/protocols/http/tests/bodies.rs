//! Bodies: chunks, trailers, codings.

use std::io::Write;

use crate::limits::MAX_DECODED;
use crate::protocols::http::Role;
use crate::protocols::http::chunk::MAX_CHUNK_LINES;
use crate::protocols::stage::{Step, ask, play, say};

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(text).unwrap();
    coder.finish().unwrap()
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut coder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(text).unwrap();
    coder.finish().unwrap()
}

fn chunked(head: &str, parts: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut out = head.as_bytes().to_vec();
    for part in parts {
        out.extend(format!("{:x};x=y\r\n", part.len()).bytes());
        out.extend(*part);
        out.extend(b"\r\n");
    }
    out.extend(format!("0\r\n{trailer}\r\n").bytes());
    out
}

/// Plays one response and compares its content.
fn check(response: Vec<u8>, content: &str) {
    let stage = play(&[ask(GET), say(response), ask(GET)]);
    assert_eq!(stage.values("http.file_data"), content);
    assert_eq!(stage.values("http.request_number"), "1 2");
}

#[test]
fn chunks_are_joined_and_each_is_shown() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let response = chunked(head, &[b"hello ", b"world"], "X-Sum: 1\r\nY: 2\r\n");
    let stage = play(&[ask(GET), say(response)]);
    assert_eq!(stage.values("http.chunk_size"), "6 5 0");
    assert_eq!(stage.values("http.chunk_data"), "68656c6c6f20 776f726c64");
    assert_eq!(stage.values("http.chunk_boundary"), "0d0a 0d0a");
    assert_eq!(stage.values("http.chunked_trailer_part"), "X-Sum: 1\r\nY: 2\r\n");
    assert_eq!(stage.values("http.file_data"), "hello world");
}

#[test]
fn an_empty_chunked_body_is_no_body() {
    check(chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &[], ""), "");
}

#[test]
fn codings_are_undone_the_last_one_first() {
    let text = "zipped ".repeat(40);
    let one = gzip(text.as_bytes());
    let mut plain = b"HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n".to_vec();
    plain.extend(format!("Content-Length: {}\r\n\r\n", one.len()).bytes());
    plain.extend(&one);
    check(plain, &text);

    let both = gzip(&deflate(text.as_bytes()));
    let head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: gzip, chunked\r\n\r\n";
    check(chunked(head, &[&both[..7], &both[7..]], ""), &text);
    let head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: deflate, gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
    check(chunked(head, &[&both], ""), &text);
}

#[test]
fn an_unknown_coding_leaves_the_body_as_it_is() {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, odd\r\nContent-Length: 3\r\n\r\nabc";
    let stage = play(&[ask(GET), say(head)]);
    let attachment = stage.view().attachment(&stage.messages()[1]).unwrap();
    let roles: Vec<Role> = attachment.parts.iter().filter_map(|part| part.role()).collect();
    assert!(roles.contains(&Role::Body) && !roles.contains(&Role::BodyDecoded));
    let notes = stage.describe(&stage.messages()[1]).notes;
    assert_eq!(notes, ["Shown as it travelled: nothing here undoes gzip, odd"]);
}

#[test]
fn a_coding_that_is_not_there_is_noted() {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc";
    let stage = play(&[ask(GET), say(head)]);
    let notes = stage.describe(&stage.messages()[1]).notes;
    assert_eq!(notes, ["The body does not decode with the codings that its head names"]);
}

#[test]
fn a_decompression_bomb_is_named_and_cut() {
    let packed = gzip(&vec![0; MAX_DECODED + 1]);
    let length = packed.len();
    let head = format!("Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
    let answer = [b"HTTP/1.1 200 OK\r\n", head.as_bytes(), &packed].concat();
    let stage = play(&[ask(GET), say(answer)]);
    let told = stage.describe(&stage.messages()[1]);
    let bomb = format!(
        "Its {length} bytes unpack to more than {MAX_DECODED}, as a decompression bomb does: the rest \
         is left out"
    );
    assert_eq!(told.notes, [bomb]);
}

#[test]
fn a_body_of_endless_chunks_is_counted_and_shown_in_part() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = "1\r\na\r\n".repeat(MAX_CHUNK_LINES + 10);
    let stage = play(&[ask(GET), say([head, &chunks].concat())]);
    let notes = stage.describe(&stage.messages()[1]).notes;
    let expected = format!(
        "Only the first {MAX_CHUNK_LINES} chunks are shown: a body in so many is not cut by need"
    );
    assert!(notes.contains(&expected), "{notes:?}");
    // What came is counted, though it never ends.
    let count = MAX_CHUNK_LINES + 10;
    assert!(notes.iter().any(|note| note.contains(&format!("{count} bytes"))), "{notes:?}");
}

#[test]
fn content_that_somebody_lays_claim_to_is_read_there() {
    // A question for the root's name servers, and the answer that there is none.
    let query = b"\0\0\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";
    let reply = b"\0\0\x81\x80\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";
    let kind = "Content-Type: Application/DNS-Message; q=1\r\n";
    let length = query.len();
    let mut post =
        format!("POST / HTTP/1.1\r\n{kind}Content-Length: {length}\r\n\r\n").into_bytes();
    post.extend(query);
    let coded = gzip(reply);
    let head = format!("HTTP/1.1 200 OK\r\n{kind}");
    let mut plain = format!("{head}Content-Length: {length}\r\n\r\n").into_bytes();
    plain.extend(reply);
    let zipped = format!("{head}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
    let zipped = chunked(&zipped, &[&coded[..9], &coded[9..]], "");
    let cut = format!("{head}Content-Length: 90\r\n\r\nxyz");
    let stage = play(&[
        ask(&post),
        say(plain),
        ask(&post),
        say(zipped.clone()),
        ask(GET),
        say(zipped),
        ask(GET),
        say(cut),
    ]);
    let rows = stage.rows();
    let dns: Vec<&str> = rows.lines().filter_map(|row| row.strip_prefix("dns@")).collect();
    assert_eq!(dns.len(), 5, "{rows}");
    let frames: String = dns.iter().filter_map(|row| row.chars().next()).collect();
    assert_eq!(frames, "12346", "{rows}");
    // What a request carried is answered by what its response carried.
    assert_eq!(stage.values("dns.response_to"), "1 3");
    assert!(stage.open_layers() <= 3, "{}", stage.open_layers());
}

#[test]
fn a_broken_size_line_ends_the_body_there() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n";
    let stage = play(&[ask(GET), say(head), ask(GET), say("HTTP/1.1 204 No Content\r\n\r\n")]);
    assert_eq!(stage.values("http.response.code"), "200 204");
    assert!(stage.rows().contains("Continuation"));
    let notes = stage.describe(&stage.messages()[1]).notes;
    assert_eq!(notes, ["Body: 2 bytes, then something that is no chunk (RFC 9112, section 7.1)"]);
}

#[test]
fn sizes_outside_the_grammar_are_read_and_named() {
    let odd = "The size of this chunk is written as the grammar does not allow: some readers refuse \
               it or find another, and see another message begin elsewhere (RFC 9112, section 7.1)";
    for (size, is_odd) in [
        ("2", false),
        ("02", false),
        ("2 ", false),
        ("2;a=b", false),
        ("2 ;a", false),
        (" 2", true),
        ("\t2", true),
        ("+2", true),
        ("0x2", true),
        ("2\0", true),
        ("\x0b2", true),
        (" +0X2", true),
        ("2\x0b", true),
        ("2\x0c;a", true),
    ] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let stage = play(&[ask(GET), say(format!("{head}{size}\r\nab\r\n0\r\n\r\n"))]);
        assert_eq!(stage.values("http.chunk_size"), "2 0", "{size:?}");
        assert_eq!(stage.values("http.file_data"), "ab", "{size:?}");
        let notes = stage.describe(&stage.messages()[1]).notes;
        assert_eq!(notes, if is_odd { vec![odd] } else { vec![] }, "{size:?}");
    }
    for size in ["-2", "2x", "0x", "x2", "++2", "2\x01", ""] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let stage = play(&[ask(GET), say(format!("{head}{size}\r\nab\r\n0\r\n\r\n"))]);
        assert_eq!(stage.values("http.chunk_size"), "", "{size:?}");
    }
}

#[test]
fn a_body_of_many_gigabytes_is_counted_and_not_kept() {
    let len = 5u64 << 30;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {len}\r\n\r\n");
    let mut steps = vec![ask(GET), say(head)];
    // Between two frames the capture misses what was acknowledged.
    let missed = 1u32 << 30;
    for _ in 0..4 {
        steps.extend([say("x"), Step::Miss(missed)]);
    }
    steps.extend([
        say("x"),
        Step::Miss(missed - 5),
        say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ]);
    let stage = play(&steps);
    assert_eq!(stage.values("http.response_number"), "1 2");
    assert!(stage.stretch.cost() < 4096);
}
