//! What stands in an entry, what is taken out of it, and what stays.

use serde_json::{Value, json};
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId, MessageId, ProtocolId, Time};
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::requests::{Before, Content, Detail, Half, Place, Request, Said, Took};
use wirestage_dissectors::story::Moment;

use super::entry::{Writer, entry};
use super::secrets::Secrets;

/// One side, from one millisecond to another, with so many bytes of content.
fn said((first, last): (i64, i64), body: u64, decoded: Option<u64>) -> Said {
    let at = |millis: i64| Moment { frame: FrameId(millis as u32), time: Time(millis * 1_000_000) };
    let place = Place { message: MessageId(0), done: FrameId(0) };
    let (connection, protocol) = (ConnectionId(0), ProtocolId::of("http2"));
    let (direction, frame) = (Direction::Forward, FrameId(0));
    let anchor = Anchor { connection, protocol, direction, frame, offset: 0, ordinal: 0 };
    let (first, last) = (at(first), at(last));
    Said { begins: (place, anchor), first, last, head: 40, body, decoded, ended: true, short: None }
}

/// A request that is sent from 0 to 5 ms, and answered where something is said.
fn row(answer: Option<Said>) -> Request {
    Request {
        connection: ConnectionId(0),
        protocol: ProtocolId::of("http2"),
        version: "HTTP/2".into(),
        lane: Some(3),
        asker: Direction::Forward,
        is_promised: false,
        method: "POST".into(),
        scheme: "https".into(),
        host: "h".into(),
        path: "/a?q=1".into(),
        status: answer.map(|_| 200),
        kind: Box::default(),
        interim: Vec::new(),
        question: Some(said((0, 5), 6, None)),
        answer,
        broken_off: None,
        places: Vec::new(),
        before: None,
    }
}

fn half(fields: &[(&str, &str)], content: &[u8]) -> Half {
    let own = |(name, value): &(&str, &str)| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    let content = Content { bytes: content.to_vec(), ..Content::default() };
    Half { fields: fields.iter().map(own).collect(), trailers: Vec::new(), content: Some(content) }
}

/// The entry of a request, and the same with secrets taken out.
fn entries(row: &Request, detail: &Detail) -> [Value; 2] {
    [false, true].map(|redact| {
        let mut secrets = Secrets::default();
        let mut writer = Writer { redact, secrets: &mut secrets };
        entry(row, detail, (1, Some("192.0.2.1".to_owned())), &mut writer)
    })
}

#[test]
fn an_entry_holds_what_was_sent_and_how_long_it_took() {
    let asked = [("content-type", "application/x-www-form-urlencoded"), ("cookie", "a=1; b=2")];
    let answered = [
        (":status", "200"),
        ("content-type", "image/png"),
        ("set-cookie", "id=7; Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT; HttpOnly"),
        ("location", "/b?token=1"),
    ];
    let question = half(&asked, b"user=x");
    let answer = half(&answered, &[0x89, b'P', 0xff]);
    let detail = Detail { question, answer, reason: b"OK".to_vec() };
    let [plain, redacted] = entries(&row(Some(said((8, 20), 2, Some(3)))), &detail);
    assert_eq!(plain["startedDateTime"], "1970-01-01T00:00:00.000000Z");
    assert_eq!(plain["time"], 20.0);
    let timings = &plain["timings"];
    assert_eq!([&timings["send"], &timings["wait"], &timings["receive"]], [5.0, 3.0, 12.0]);
    let (request, response) = (&plain["request"], &plain["response"]);
    assert_eq!(request["queryString"], json!([{"name": "q", "value": "1"}]));
    let cookies = json!([{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]);
    assert_eq!(request["cookies"], cookies);
    assert_eq!(request["postData"]["params"], json!([{"name": "user", "value": "x"}]));
    assert_eq!(request["postData"]["text"], "user=x");
    let cookie = json!([{
        "name": "id", "value": "7", "path": "/", "expires": "2015-10-21T07:28:00Z", "httpOnly": true,
    }]);
    assert_eq!(response["cookies"], cookie);
    assert_eq!(response["headers"].as_array().map(Vec::len), Some(3), "the status is no header");
    let content = json!({
        "size": 3, "compression": 1, "mimeType": "image/png", "text": "iVD/", "encoding": "base64",
    });
    assert_eq!(response["content"], content);
    assert_eq!(response["redirectURL"], "/b?token=1");
    assert_eq!([&plain["_stream"], &plain["connection"]], [&json!(3), &json!("1")]);

    let text = redacted.to_string();
    assert_eq!(redacted["request"]["url"], "https://h/a?q=REDACTED");
    assert_eq!(redacted["request"]["postData"]["text"], "user=REDACTED");
    assert_eq!(redacted["response"]["redirectURL"], "/b?token=REDACTED");
    assert!(!text.contains("id=7") && !text.contains("a=1"), "{text}");
    assert_eq!(redacted["response"]["content"], content, "a picture stays");
}

#[test]
fn a_request_without_an_answer_is_an_entry_with_status_0() {
    let [entry, _] = entries(&row(None), &Detail::default());
    assert_eq!(entry["response"]["status"], 0);
    assert_eq!(entry["response"]["_error"], "no answer recorded");
    assert_eq!(entry["response"]["bodySize"], -1);
    assert_eq!(entry["time"], 5.0);
}

#[test]
fn the_first_entry_of_a_connection_has_what_it_took_to_open() {
    let took = |from: i64, until: i64| {
        Some(Took { from: Time(from * 1_000_000), until: Time(until * 1_000_000) })
    };
    let timings = |before: Option<Before>| {
        let mut row = row(Some(said((8, 20), 2, None)));
        row.before = before.map(Box::new);
        let [entry, _] = entries(&row, &Detail::default());
        let parts = ["blocked", "dns", "connect", "ssl", "send", "wait", "receive"];
        let parts = parts.map(|part| entry["timings"][part].as_f64().unwrap());
        let whole: f64 = parts.iter().filter(|part| **part > 0.0).sum();
        assert_eq!(entry["time"], whole - parts[3].max(0.0));
        (entry["startedDateTime"].as_str().unwrap()[17..].to_owned(), parts)
    };
    let own = [5.0, 3.0, 12.0];
    let with = |before: [f64; 4]| [&before[..], &own[..]].concat();
    let check = |before, started: &str, expected: [f64; 4]| {
        let (began, parts) = timings(before);
        assert_eq!((began.as_str(), parts.to_vec()), (started, with(expected)));
    };
    check(None, "00.000000Z", [-1.0; 4]);
    let all = Before { lookup: took(-90, -70), connect: took(-60, -5), secure: took(-40, -5) };
    check(Some(all), "59.910000Z", [15.0, 20.0, 55.0, 35.0]);
    let clear = Before { connect: took(-30, -10), ..Before::default() };
    check(Some(clear), "59.970000Z", [10.0, -1.0, 20.0, -1.0]);
    let early = Before { connect: took(0, 0), ..Before::default() };
    check(Some(early), "00.000000Z", [0.0, -1.0, 0.0, -1.0]);
}

/// A header's value with secrets taken out, and what was found.
#[track_caller]
fn check(name: &str, value: &str, expected: &str, found: Option<&str>) {
    let mut secrets = Secrets::default();
    secrets.begin();
    assert_eq!(secrets.in_header(name, value, false), value, "nothing changes unless asked");
    assert_eq!(secrets.in_header(name, value, true), expected);
    let found = found.map(|found| format!("{found} in 1 request"));
    assert_eq!(secrets.told(true), found);
}

#[test]
fn values_are_taken_out_and_names_stay() {
    let (cookies, credentials) = (Some("cookies"), Some("authorisation"));
    let (tokens, queries) = (Some("tokens or passwords"), Some("values in queries and forms"));
    check("Cookie", "a=1; b=2", "a=REDACTED; b=REDACTED", cookies);
    check("set-cookie", "id=7; Path=/; Secure", "id=REDACTED; Path=/; Secure", cookies);
    check("Authorization", "Bearer abc.def", "Bearer REDACTED", credentials);
    check("proxy-authorization", "abc", "REDACTED", credentials);
    check("X-Auth-Token", "abc", "REDACTED", tokens);
    check("X-Api-Key", "abc", "REDACTED", tokens);
    check(":path", "/a?b=c&d", "/a?b=REDACTED&d", queries);
    check("Referer", "https://h/a?q=1", "https://h/a?q=REDACTED", queries);
    check("location", "https://u:p@h/a@b", "https://REDACTED@h/a@b", credentials);
    check("location", "/a?access_token=1", "/a?access_token=REDACTED", tokens);
    check(":authority", "h:80", "h:80", None);
    check("From", "somebody@example.org", "somebody@example.org", None);
    check("Accept", "*/*", "*/*", None);
}

/// A content with secrets taken out.
#[track_caller]
fn check_content(kind: &str, text: &str, expected: &str) {
    let mut secrets = Secrets::default();
    assert_eq!(secrets.in_content(kind, text, false), text);
    assert_eq!(secrets.in_content(kind, text, true), expected);
    assert_eq!(secrets.told(true).is_some(), text != expected);
}

#[test]
fn contents_lose_forms_values_and_what_json_calls_secret() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    check_content(form, "user=me&password=x", "user=REDACTED&password=REDACTED");
    let token = r#"{"access_token":"x","expires":3,"list":[{"pwd":"y"},{"pwd":1}]}"#;
    let taken_out =
        r#"{"access_token":"REDACTED","expires":3,"list":[{"pwd":"REDACTED"},{"pwd":"REDACTED"}]}"#;
    check_content("application/problem+json", token, taken_out);
    check_content("application/json", "{\"a\": 1 }", "{\"a\": 1 }");
    check_content("application/json", "{\"token\":", "{\"token\":");
    check_content("text/html", "token=1", "token=1");
}

#[test]
fn a_request_counts_once_however_many_secrets_it_holds() {
    let mut secrets = Secrets::default();
    for _ in 0..2 {
        secrets.begin();
        for _ in 0..3 {
            secrets.in_header("cookie", "a=1", false);
        }
    }
    assert_eq!(secrets.told(true).as_deref(), Some("cookies in 2 requests"));
    let writer = Writer { redact: true, secrets: &mut secrets };
    assert_eq!([writer.cookie("a"), writer.cookie("")], ["REDACTED", ""]);
}
