//! What differs between the schema as it is now and version 0.3, which qvis reads: names, and what
//! stands at the beginning of a file.

use jiff::Timestamp;
use serde_json::{Value, json};

/// The drafts of the events that logs are written by: what is no standard yet is named so.
const DRAFT: u32 = 13;

/// Which schema a log follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Version {
    /// The drafts of 2026: draft-ietf-quic-qlog-main-schema and those of its events
    #[default]
    Current,
    /// What qvis loads
    #[value(name = "0.3")]
    Old,
}

impl Version {
    /// The name of an event of QUIC.
    pub(super) fn quic(self, name: &str) -> String {
        match self {
            Self::Current => format!("quic:{name}"),
            Self::Old => format!("transport:{name}"),
        }
    }

    /// The name of an event of HTTP/3.
    pub(super) fn http3(self, name: &str) -> String {
        match self {
            Self::Current => format!("http3:{name}"),
            Self::Old => format!("http:{name}"),
        }
    }

    /// What a side is called in an event that is about one of both.
    pub(super) const fn side(self) -> &'static str {
        match self {
            Self::Current => "initiator",
            Self::Old => "owner",
        }
    }

    /// What a file begins with: times count from `millis` since 1970, and `group` is the first id
    /// that the client sent to.
    pub(super) fn header(self, millis: i64, group: &str) -> Value {
        let title = format!("Recorded by Wirestage {}", env!("CARGO_PKG_VERSION"));
        let place = json!({"name": "wirestage", "type": "network", "flow": "client"});
        match self {
            Self::Current => {
                let epoch = Timestamp::from_millisecond(millis).unwrap_or_default();
                let epoch = format!("{epoch:.3}");
                let events = |name: &str| format!("urn:ietf:params:qlog:events:{name}-{DRAFT}");
                json!({
                    "file_schema": "urn:ietf:params:qlog:file:sequential",
                    "serialization_format": "application/qlog+json-seq",
                    "title": title,
                    "trace": {
                        "common_fields": {
                            "group_id": group,
                            "time_format": "relative_to_epoch",
                            "reference_time": {"clock_type": "system", "epoch": epoch},
                        },
                        "event_schemas": [events("quic"), events("http3")],
                        "vantage_point": place,
                    },
                })
            }
            Self::Old => json!({
                "qlog_format": "JSON-SEQ",
                "qlog_version": "0.3",
                "title": title,
                "trace": {
                    "common_fields": {
                        "ODCID": group,
                        "time_format": "relative",
                        "reference_time": millis,
                        "protocol_type": ["QUIC", "HTTP3"],
                    },
                    "vantage_point": place,
                },
            }),
        }
    }
}
