//! One entry of an archive: a request, its answer, and how long each part took.

use data_encoding::BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wirestage_dissectors::bytes::Lossy;
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::requests::{Content, Detail, Half, Request, Said};

use super::lists::{cookies, headers, parameters, set_cookies};
use super::secrets::Secrets;
use super::timings::Timings;

/// Bytes of one content that an archive holds: developer tools have all of it in memory at once.
pub(super) const MOST_CONTENT: usize = 4 << 20;

/// How entries are written, and what secrets were met on the way.
pub(super) struct Writer<'s> {
    pub(super) redact: bool,
    pub(super) secrets: &'s mut Secrets,
}

/// The entry of a request: on the connection of that number, answered from that address.
pub(super) fn entry(
    row: &Request,
    detail: &Detail,
    (connection, server): (usize, Option<String>),
    writer: &mut Writer<'_>,
) -> Value {
    writer.secrets.begin();
    let timings = Timings::of(row);
    let mut entry = Map::new();
    let mut put = |name: &str, value: Value| entry.insert(name.to_owned(), value);
    put("startedDateTime", started(timings.start).into());
    put("time", millis(timings.whole()).into());
    put("request", request(row, &detail.question, writer));
    put("response", response(row, detail, writer));
    put("cache", json!({}));
    put("timings", timings.value());
    if let Some(server) = server {
        put("serverIPAddress", server.into());
    }
    put("connection", connection.to_string().into());
    if let Some(lane) = row.lane {
        put("_stream", lane.into());
    }
    if row.is_promised {
        put("_was_pushed", 1.into());
    }
    put("_first_frame", row.start().frame.number().into());
    if let Some(trouble) = row.trouble() {
        put("comment", trouble.into());
    }
    Value::Object(entry)
}

fn request(row: &Request, half: &Half, writer: &mut Writer<'_>) -> Value {
    let url = writer.url(&row.url());
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let cookies = cookies(half, writer);
    let mut request = json!({
        "method": row.method,
        "url": url,
        "httpVersion": row.version,
        "cookies": cookies,
        "headers": headers(half, writer),
        "queryString": parameters(query),
        "headersSize": row.question.map_or(-1, |said| signed(said.head)),
        "bodySize": row.question.map_or(-1, |said| signed(said.body)),
    });
    if let (Some(content), Some(said)) = (&half.content, row.question) {
        let kind = text(half.value("content-type").unwrap_or_default());
        let mut data = Map::new();
        data.insert("mimeType".to_owned(), kind.clone().into());
        let shown = writer.content(&kind, content);
        let is_form = is_form(&kind) && shown.is_text;
        if is_form {
            data.insert("params".to_owned(), parameters(&shown.text));
        }
        data.insert("text".to_owned(), shown.text.into());
        if !shown.is_text {
            // The format has no word for it here, as it has for answers.
            data.insert("_encoding".to_owned(), "base64".into());
        }
        if let Some(comment) = comment(content, said, shown.cut) {
            data.insert("comment".to_owned(), comment.into());
        }
        insert(&mut request, "postData", Value::Object(data));
    }
    request
}

fn response(row: &Request, detail: &Detail, writer: &mut Writer<'_>) -> Value {
    let half = &detail.answer;
    let Some(said) = row.answer else {
        // What browsers write of a request that was never answered.
        return json!({
            "status": 0, "statusText": "", "httpVersion": row.version,
            "cookies": [], "headers": [],
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "_transferSize": 0, "_error": row.trouble().unwrap_or_default(),
        });
    };
    let kind = text(half.value("content-type").unwrap_or(b"x-unknown"));
    let location = text(half.value("location").unwrap_or_default());
    let mut response = json!({
        "status": row.status.unwrap_or(0),
        "statusText": Lossy(&detail.reason).to_string(),
        "httpVersion": row.version,
        "cookies": set_cookies(half, writer),
        "headers": headers(half, writer),
        "content": content(&kind, half, said, writer),
        "redirectURL": writer.url(&location),
        "headersSize": signed(said.head),
        "bodySize": signed(said.body),
        "_transferSize": signed(said.head + said.body),
    });
    if let Some(trouble) = row.trouble() {
        insert(&mut response, "_error", trouble.into());
    }
    response
}

/// The content of an answer: its size is that of what whoever got it saw.
fn content(kind: &str, half: &Half, said: Said, writer: &mut Writer<'_>) -> Value {
    let mut out = Map::new();
    out.insert("size".to_owned(), signed(said.content()).into());
    if said.decoded.is_some() {
        let saved = signed(said.content()) - signed(said.body);
        out.insert("compression".to_owned(), saved.into());
    }
    out.insert("mimeType".to_owned(), kind.into());
    if let Some(content) = &half.content {
        let shown = writer.content(kind, content);
        out.insert("text".to_owned(), shown.text.into());
        if !shown.is_text {
            out.insert("encoding".to_owned(), "base64".into());
        }
        if let Some(comment) = comment(content, said, shown.cut) {
            out.insert("comment".to_owned(), comment.into());
        }
    } else if said.body > 0 {
        let comment = "not kept: another protocol took it as it came, or the capture has a hole";
        out.insert("comment".to_owned(), comment.into());
    }
    Value::Object(out)
}

/// What is to be said of a content that is not here as it was.
fn comment(content: &Content, said: Said, cut: bool) -> Option<String> {
    if content.unkept > 0 {
        let kept = said.body.saturating_sub(content.unkept);
        return Some(format!("of {} bytes as sent the first {kept} are here", said.body));
    }
    if cut {
        return Some(format!("of {} bytes the first {MOST_CONTENT} are here", content.bytes.len()));
    }
    content.is_coded.then(|| "still coded as the head says".to_owned())
}

/// A content as it stands in an archive.
pub(super) struct Shown {
    pub(super) text: String,
    /// Text as it is; else base64.
    pub(super) is_text: bool,
    /// Whether there is more of it.
    pub(super) cut: bool,
}

impl Writer<'_> {
    /// A content as text where it is some.
    fn content(&mut self, kind: &str, content: &Content) -> Shown {
        let kept = content.bytes.get(..MOST_CONTENT);
        let (bytes, cut) = (kept.unwrap_or(&content.bytes), kept.is_some());
        let is_cut = cut && bytes.len() < content.bytes.len();
        // A letter may be cut in two.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) if is_cut && error.error_len().is_none() => {
                bytes.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok())
            }
            Err(_) => None,
        };
        match text.filter(|_| !content.is_coded) {
            Some(text) => {
                let text = self.secrets.in_content(kind, text, self.redact);
                Shown { text, is_text: true, cut: is_cut }
            }
            None => Shown { text: BASE64.encode(bytes), is_text: false, cut: is_cut },
        }
    }

    /// A URL, without the values of its query where secrets are taken out.
    pub(super) fn url(&mut self, url: &str) -> String {
        self.secrets.in_url(url, self.redact)
    }
}

/// Whether a content is a form as a browser sends one.
pub(super) fn is_form(kind: &str) -> bool {
    kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// Bytes that are text most of the time.
pub(super) fn text(bytes: &[u8]) -> String {
    Lossy(bytes).to_string()
}

/// A size as the format has it, where -1 says that it is not known.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Milliseconds, to the nanosecond.
pub(super) fn millis(nanos: i64) -> f64 {
    nanos as f64 / 1e6
}

/// A time in ISO 8601; where the recording does not say one, the beginning of all times.
fn started(time: Time) -> String {
    let nanos = time.known().unwrap_or_default().0;
    let time = Timestamp::from_nanosecond(nanos.into()).unwrap_or_default();
    format!("{time:.6}")
}
