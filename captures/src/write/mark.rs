//! Marks: what a program did and when, as systemd journal entries that Wireshark numbers too.

use wirestage_dissectors::ids::Time;

use crate::clock;

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it happened, on the clock that stamps the packets (`CLOCK_REALTIME`).
    pub time: Time,
    /// Who did it: a role of the scenario ("server").
    pub role: String,
    /// What it did, in words for a reader ("accepted a connection").
    pub message: String,
    /// More about it, as key and value; keys are written in upper case behind `WIRESTAGE_`.
    pub fields: Vec<(String, String)>,
}

impl Mark {
    /// Something that happens now.
    #[must_use]
    pub fn now(role: impl Into<String>, message: impl Into<String>) -> Self {
        Self { time: clock::now(), role: role.into(), message: message.into(), fields: vec![] }
    }

    /// The entry in the journal's export format: `NAME=value` a line, or, where the value has
    /// line ends, the name, the value's length as 64 bits little-endian, and the value
    /// (<https://systemd.io/JOURNAL_EXPORT_FORMATS/>).
    ///
    /// The journal's own time counts microseconds; the exact one stands in `WIRESTAGE_NANOS`.
    #[must_use]
    pub fn entry(&self) -> Vec<u8> {
        let nanos = self.time.0.max(0);
        let mut out = Vec::with_capacity(256);
        field(&mut out, "__REALTIME_TIMESTAMP", &(nanos / 1000).to_string());
        field(&mut out, "MESSAGE", &self.message);
        field(&mut out, "WIRESTAGE_ROLE", &self.role);
        field(&mut out, "WIRESTAGE_NANOS", &nanos.to_string());
        for (key, value) in &self.fields {
            field(&mut out, &name(key), value);
        }
        out
    }
}

/// One field of an entry.
fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        out.push(b'\n');
        out.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        out.push(b'=');
    }
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
}

/// A field name the journal accepts: upper-case letters, digits and underscores, at most 64.
fn name(key: &str) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    "WIRESTAGE_".chars().chain(key.chars().map(clean)).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_in_the_journals_export_format() {
        let mark = Mark {
            time: Time(1_700_000_000_123_456_789),
            role: "server".into(),
            message: "two\nlines".into(),
            fields: vec![("stream-id".into(), "4".into())],
        };
        let expected = b"__REALTIME_TIMESTAMP=1700000000123456\n\
            MESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\n\
            WIRESTAGE_ROLE=server\nWIRESTAGE_NANOS=1700000000123456789\nWIRESTAGE_STREAM_ID=4\n";
        assert_eq!(mark.entry(), expected);
    }
}
