//! The lists of an entry: headers, cookies, parameters of a query.

use jiff::fmt::rfc2822;
use serde_json::{Map, Value, json};
use wirestage_dissectors::requests::{FieldLine, Half};

use super::entry::{Writer, text};

/// The fields of a head as they came. The status that HTTP/2 has among them stands elsewhere.
pub(super) fn headers(half: &Half, writer: &mut Writer<'_>) -> Value {
    let fields = half.fields.iter().filter(|(name, _)| name != b":status");
    let redact = writer.redact;
    let all = fields.map(|(name, value)| {
        let (name, value) = (text(name), text(value));
        let value = writer.secrets.in_header(&name, &value, redact);
        json!({"name": name, "value": value})
    });
    all.collect()
}

/// The fields of a head that have that name.
fn named<'h>(half: &'h Half, name: &str) -> impl Iterator<Item = String> + use<'h> {
    let name = name.to_owned();
    let own = move |(found, _): &&FieldLine| found.eq_ignore_ascii_case(name.as_bytes());
    half.fields.iter().filter(own).map(|(_, value)| text(value))
}

/// The cookies of a request (RFC 6265, section 4.2.1).
pub(super) fn cookies(half: &Half, writer: &Writer<'_>) -> Value {
    let mut all = Vec::new();
    for value in named(half, "cookie") {
        for pair in value.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            all.push(json!({"name": name, "value": writer.cookie(value)}));
        }
    }
    all.into()
}

/// The cookies that an answer sets (RFC 6265, section 4.1.1).
pub(super) fn set_cookies(half: &Half, writer: &Writer<'_>) -> Value {
    let cookie = |field: String| {
        let mut parts = field.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut cookie = Map::new();
        cookie.insert("name".to_owned(), name.trim().into());
        cookie.insert("value".to_owned(), writer.cookie(value.trim()).into());
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value): (&str, Value) = match name.trim().to_ascii_lowercase().as_str() {
                "path" => ("path", value.into()),
                "domain" => ("domain", value.into()),
                "secure" => ("secure", true.into()),
                "httponly" => ("httpOnly", true.into()),
                "samesite" => ("sameSite", value.into()),
                "expires" => match rfc2822::parse(value) {
                    Ok(time) => ("expires", time.timestamp().to_string().into()),
                    Err(_) => continue,
                },
                _ => continue,
            };
            cookie.insert(name.to_owned(), value);
        }
        Value::Object(cookie)
    };
    named(half, "set-cookie").map(cookie).collect()
}

/// The parameters of a query or of a form, as they came.
pub(super) fn parameters(query: &str) -> Value {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let all = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        json!({"name": name, "value": value})
    });
    all.collect()
}
