//! Heads of which two readers may make different messages, and what is said of each.

use crate::protocols::stage::{Step, ask, check_told, play};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&play(steps), expected);
}

#[test]
fn what_two_readers_may_not_agree_on() {
    const LENGTH: &str = "Content-Length: 3\r\n";
    let head = |lines: &str| ask(format!("POST /a HTTP/1.1\r\n{lines}\r\n"));
    let told = |rest: &str| {
        format!("POST /a | Gives the server something to process | POST /a HTTP/1.1. {rest}.")
    };
    let chunked = "Transfer-Encoding: chunked\r\n";
    let whole = |lines: &str, body: &str| ask(format!("POST /a HTTP/1.1\r\n{lines}\r\n{body}"));
    check(
        &[whole(&format!("{LENGTH}{chunked}"), "0\r\n\r\n")],
        &[&told(
            "It bears a length and chunks: the chunks count, but who goes by the length sees \
             another message begin elsewhere (RFC 9112, section 6.3)",
        )],
    );
    check(
        &[head("Content-Length: 3, 4\r\n")],
        &[&told(
            "It bears lengths that differ: a reader has to refuse it, and one who picks a length \
             sees another message begin elsewhere (RFC 9110, section 8.6)",
        )],
    );
    check(
        &[head("Transfer-Encoding: chunked, gzip\r\n")],
        &[&told(
            "Its last transfer coding is not chunked: nobody can tell where its body ends, and a \
             server has to refuse it (RFC 9112, section 6.3)",
        )],
    );
    check(
        &[whole("Transfer-Encoding: chunked;\r\n", "0\r\n\r\n")],
        &[&told(
            "Something stands behind the name of its transfer coding: some take it for chunked \
             all the same, others do not know it (RFC 9112, section 7.1)",
        )],
    );
    check(
        &[head("A: 1\rB: 2\r\nC: 1\r\n 2\r\nD : 4\r\n")],
        &[&told(
            "A carriage return stands alone in the head: some readers end a line there, others \
             read on (RFC 9112, section 2.2). A line is folded: some readers join it to the line \
             before, others take it for a line of its own (RFC 9112, section 5.2)",
        )],
    );
    check(
        &[head("D : 4\r\n")],
        &[&told(
            "A blank stands before a colon: some readers take it for a part of the name, others \
             do not (RFC 9112, section 5.1)",
        )],
    );
    // Lengths that say the same leave nothing in doubt.
    check(&[whole(&format!("{LENGTH}{LENGTH}"), "abc")], &[&told("3 bytes of body")]);
}
