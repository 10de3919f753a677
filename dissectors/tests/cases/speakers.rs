//! Who speaks: found late, changed on the way, or another one in each direction.

use wirestage_dissectors::secret::Secrets;

use crate::input::{frames, keys};
use crate::made::{Client, Made, Server};
use crate::reading::{Reading, check};

#[test]
fn behind_a_proxy_header_comes_what_it_announces() {
    check(
        frames("proxy-v1.pcap"),
        1,
        "4 PROXYv1 PROXY TCP4 203.0.113.7 198.51.100.20 51000 80
         5 HTTP GET /via-proxy HTTP/1.1
         6 HTTP HTTP/1.1 200 OK  (text/plain) answers 5",
    );
    // The header in the segment of the request.
    check(
        frames("proxy-v2.pcap"),
        1,
        "4 HTTP GET /via-proxy HTTP/1.1
         5 HTTP HTTP/1.1 200 OK  (text/plain) answers 4",
    );
    Reading::new(frames("proxy-v1-tls.pcap"), keys("proxy-v1-tls.keys")).check(
        1,
        "4 PROXYv1 PROXY TCP4 203.0.113.7 198.51.100.20 51000 4433
         5 TLSv1 Client Hello
         7 TLSv1.3 Server Hello, Change Cipher Spec, Encrypted Extensions, Certificate, \
         Certificate Verify, Finished
         9 TLSv1.3 Change Cipher Spec, Finished
         10 TLSv1.3 New Session Ticket
         11 TLSv1.3 New Session Ticket
         13 HTTP GET /hello.txt HTTP/1.0
         14 TLSv1.3 Application Data
         15 HTTP HTTP/1.0 200 ok  (text/plain) answers 13
         17 TLSv1.3 Alert (Level: Warning, Description: Close Notify)",
    );
}

#[test]
fn http2_in_the_clear_is_in_the_row_with_its_content() {
    check(
        frames("h2c-upgrade.pcap"),
        1,
        "4 HTTP GET /up HTTP/1.1
         6 HTTP HTTP/1.1 101 Switching Protocols answers 4
         7 HTTP2 SETTINGS[0]
         8 HTTP2 Magic, SETTINGS[0]
         9 HTTP2 SETTINGS[0]
         10 HTTP2 SETTINGS[0]
         11 HTTP2 HEADERS[1]: 200 OK, DATA[1] answers 4
         13 HTTP2 GOAWAY[0]",
    );
    check(
        frames("h2c-prior-knowledge.pcap"),
        1,
        "4 HTTP2 Magic, SETTINGS[0], HEADERS[1]: GET /
         5 HTTP2 SETTINGS[0], SETTINGS[0], HEADERS[1]: 200 OK, DATA[1] answers 4
         7 HTTP2 HEADERS[3]: GET /
         8 HTTP2 HEADERS[3]: 200 OK answers 7
         9 HTTP2 DATA[3]
         10 HTTP2 DATA[3]",
    );
}

#[test]
fn what_http_turned_into_stands_above_it_in_the_list() {
    let protocols = |number: usize| {
        let tree = Reading::new(frames("h2c-upgrade.pcap"), Secrets::default()).tree(number);
        let line = tree.lines().find(|line| line.contains("Protocols in frame"));
        line.and_then(|line| line.split_once(": ")).map(|(_, list)| list.to_owned())
    };
    assert_eq!(protocols(6).as_deref(), Some("eth:ethertype:ip:tcp:http"));
    assert_eq!(protocols(7).as_deref(), Some("eth:ethertype:ip:tcp:http:http2"));
    assert_eq!(protocols(11).as_deref(), Some("eth:ethertype:ip:tcp:http:http2"));
}

#[test]
fn content_two_layers_deep_arrives() {
    let reading = Reading::new(frames("h2-over-tls.pcap"), keys("h2-over-tls.keys"));
    reading.check(
        1,
        "4 TLSv1 Client Hello
         5 TLSv1.3 Server Hello, Change Cipher Spec, Encrypted Extensions, Certificate, \
         Certificate Verify, Finished
         6 TLSv1.3 Change Cipher Spec, Finished
         7 HTTP2 Magic, SETTINGS[0], HEADERS[1]: POST /, DATA[1]
         8 HTTP2 SETTINGS[0], SETTINGS[0], HEADERS[1]: 200 OK, DATA[1] answers 7
         9 HTTP2 DATA[1]
         10 HTTP2 SETTINGS[0]",
    );
    for (frame, content) in [(7, "68656c6c6f"), (8, "666972737420"), (9, "616e64206c617374")] {
        let tree = reading.tree(frame);
        assert!(tree.contains(&format!("Data: {content}")), "frame {frame}:\n{tree}");
    }
}

#[test]
fn each_direction_may_speak_another_protocol() {
    // A ClientHello to a server that speaks HTTP only.
    check(
        frames("tls-to-plain.pcap"),
        1,
        "4 TLSv1 Client Hello
         6 HTTP HTTP/1.1 400 Bad Request  (text/html)",
    );
    // A request to a server that speaks TLS only: seven bytes of an alert.
    check(
        frames("plain-to-tls.pcap"),
        1,
        "4 HTTP GET /plain HTTP/1.1
         6 TLSv1.2 Alert (Level: Fatal, Description: Protocol Version)",
    );
}

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let head = [0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream];
    [&head[..], payload].concat()
}

#[test]
fn a_server_may_speak_http2_first() {
    let mut made = Made::open(3000);
    made.say(Server, frame(4, 0, 0, &[0, 3, 0, 0, 0, 100])).ack(Client);
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let request = frame(1, 5, 1, &[0x82, 0x86, 0x84]);
    made.say(Client, [&preface[..], &frame(4, 0, 0, &[]), &request].concat());
    made.say(Server, frame(4, 1, 0, &[]));
    made.say(Server, [frame(1, 4, 1, &[0x88]), frame(0, 1, 1, b"hello")].concat());
    check(
        made.frames,
        1,
        "4 HTTP2 SETTINGS[0]
         6 HTTP2 Magic, SETTINGS[0], HEADERS[1]: GET /
         7 HTTP2 SETTINGS[0]
         8 HTTP2 HEADERS[1]: 200 OK, DATA[1] answers 6",
    );
}

#[test]
fn a_segment_within_a_frame_of_http2_is_a_segment() {
    let mut made = Made::open(80);
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    made.say(Client, [&preface[..], &frame(4, 0, 0, &[])].concat());
    made.say(Client, frame(1, 4, 1, &[0x83, 0x86, 0x84]));
    let content = frame(0, 1, 1, b"begins, goes on, ends");
    made.say(Client, &content[..16]).say(Client, &content[16..25]).say(Client, &content[25..]);
    check(
        made.frames,
        1,
        "4 HTTP2 Magic, SETTINGS[0]
         5 HTTP2 HEADERS[1]: POST /
         6 TCP 50000 → 80 [ACK] Seq=46 Ack=1 Win=1000 Len=16
         7 TCP 50000 → 80 [ACK] Seq=62 Ack=1 Win=1000 Len=9
         8 HTTP2 DATA[1]",
    );
}

/// A ClientHello that offers one cipher suite and nothing else, in a record.
fn hello() -> Vec<u8> {
    let mut bytes = vec![22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3];
    bytes.extend([7; 32]);
    bytes.extend([0, 0, 2, 0xc0, 0x2f, 1, 0]);
    bytes
}

/// The ServerHello that answers it: TLS 1.2.
fn server_hello() -> Vec<u8> {
    let mut bytes = vec![22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3];
    bytes.extend([8; 32]);
    bytes.extend([0, 0xc0, 0x2f, 0]);
    bytes
}

#[test]
fn tls_begins_where_both_sides_agreed_on_it() {
    let mut made = Made::open(25);
    made.say(Server, "220 mail.test ESMTP\r\n");
    made.say(Client, "EHLO a.test\r\n");
    made.say(Server, "250-mail.test\r\n250 STARTTLS\r\n");
    made.say(Client, "STARTTLS\r\n");
    made.say(Server, "220 2.0.0 Ready to start TLS\r\n");
    made.say(Client, hello());
    made.say(Server, server_hello());
    check(
        made.frames,
        1,
        "4 SMTP S: 220 mail.test ESMTP
         5 SMTP C: EHLO a.test
         6 SMTP S: 250-mail.test | STARTTLS answers 5
         7 SMTP C: STARTTLS
         8 SMTP S: 220 2.0.0 Ready to start TLS answers 7
         9 TLSv1 Client Hello
         10 TLSv1.2 Server Hello",
    );
}

#[test]
fn behind_socks_comes_what_the_client_asked_for() {
    let mut made = Made::open(1080);
    made.say(Client, [5, 1, 0]).say(Server, [5, 0]);
    let target = [&[5, 1, 0, 3, 6][..], b"a.test", &[0, 80]].concat();
    made.say(Client, target).say(Server, [5, 0, 0, 1, 192, 0, 2, 1, 0, 80]);
    made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    check(
        made.frames,
        1,
        "4 Socks Version: 5 Connect to server request
         5 Socks Version: 5 Connect to server response answers 4
         6 Socks Version: 5 Command Request - a.test:80
         7 Socks Version: 5 Command Response answers 6
         8 HTTP GET / HTTP/1.1
         9 HTTP HTTP/1.1 302 Found answers 8",
    );
}

#[test]
fn bytes_that_nobody_knows_leave_the_row_to_who_brought_them() {
    let mut made = Made::open(1080);
    made.say(Client, [5, 1, 0]).say(Server, [5, 0]);
    let target = [&[5, 1, 0, 3, 6][..], b"a.test", &[0, 9]].concat();
    // The server behind the proxy speaks first, and in the same segment.
    made.say(Client, target).say(Server, [5, 0, 0, 1, 192, 0, 2, 1, 0, 9, 1, 2, 3, 4]);
    made.say(Client, [4, 3, 2, 1]);
    check(
        made.frames,
        1,
        "4 Socks Version: 5 Connect to server request
         5 Socks Version: 5 Connect to server response answers 4
         6 Socks Version: 5 Command Request - a.test:9
         7 Socks Version: 5 Command Response answers 6
         8 Data 4 bytes",
    );
}

#[test]
fn nothing_is_opened_without_its_keys() {
    Reading::new(frames("h2-over-tls.pcap"), Secrets::default()).check(
        1,
        "4 TLSv1 Client Hello
         5 TLSv1.3 Server Hello, Change Cipher Spec, Application Data, Application Data, \
         Application Data, Application Data
         6 TLSv1.3 Change Cipher Spec, Application Data
         7 TLSv1.3 Application Data
         8 TLSv1.3 Application Data
         9 TLSv1.3 Application Data
         10 TLSv1.3 Application Data",
    );
}

#[test]
fn a_command_whose_literal_was_refused_stands_where_it_was_sent() {
    let mut made = Made::open(143);
    made.say(Server, "* OK [CAPABILITY IMAP4rev1] ready\r\n");
    made.say(Client, "A1 LOGIN {5}\r\n").say(Server, "A1 NO not here\r\n");
    made.say(Client, "A2 LOGIN {5}\r\n").say(Server, "+ go on\r\n");
    made.say(Client, "alice {6}\r\n").say(Server, "+ go on\r\n");
    made.say(Client, "secret\r\n").say(Server, "A2 OK done\r\n");
    check(
        made.frames,
        1,
        "4 IMAP Response: * OK [CAPABILITY IMAP4rev1] ready
         5 IMAP Request: A1 LOGIN {5}
         6 IMAP Response: A1 NO not here answers 5
         8 IMAP Response: + go on
         10 IMAP Response: + go on
         11 IMAP Request: A2 LOGIN {5}  (11 bytes of literals)
         12 IMAP Response: A2 OK done answers 11",
    );
}
