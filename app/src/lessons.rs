//! The lessons behind steps and fields: short texts to read beside the diagram, part of the
//! program.
//!
//! A lesson is Markdown of the plainest kind: a title, paragraphs, and words in `code`.
//! One sentence stands on each line.
//! One about fields names them in a last line, `Fields: tcp.options.mss, tcp.options.mss_val`:
//! steps name their lessons, and a field, of which there are thousands, knows of none.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How the line begins that says which fields a lesson is about.
const FIELDS: &str = "Fields: ";

/// Makes the table out of the names of the files below `assets/lessons`.
macro_rules! lessons {
    ($($name:literal),+ $(,)?) => {
        /// Every lesson: its name and its text.
        static LESSONS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../assets/lessons/", $name, ".md")))),+
        ];
    };
}

lessons! {
    "amqp/queue",
    "arp/conflict",
    "arp/request",
    "bgp/update",
    "compare/hol-blocking",
    "compare/https",
    "compare/https-defaults",
    "data/bytes",
    "dhcp/lease",
    "dhcp/refusal",
    "dhcpv6/exchange",
    "dnp3/poll",
    "dns/answer",
    "dns/field-alias",
    "dns/field-dnssec-bits",
    "dns/field-extension",
    "dns/field-flags",
    "dns/field-id",
    "dns/field-lifetime",
    "dns/field-response-code",
    "dns/field-service-binding",
    "dns/field-type",
    "dns/multicast",
    "dns/no-such-name",
    "dns/question",
    "dns/sealed",
    "dns/truncated",
    "dtls/flight",
    "dtls/record",
    "enip/object",
    "enip/session",
    "graph/flight",
    "graph/round-trips",
    "graph/sequence",
    "graph/tcptrace",
    "graph/throughput",
    "graph/window",
    "grpc/message",
    "grpc/status",
    "http/authentication",
    "http/caching",
    "http/chunks",
    "http/client-error",
    "http/coding",
    "http/cookies",
    "http/expect",
    "http/field-cache",
    "http/field-connection",
    "http/field-forwarded",
    "http/field-host",
    "http/field-length",
    "http/field-method",
    "http/field-status",
    "http/interim",
    "http/range",
    "http/redirect",
    "http/request",
    "http/response",
    "http/server-error",
    "http/upgrade",
    "http2/continuation",
    "http2/data",
    "http2/elsewhere",
    "http2/field-error-code",
    "http2/field-flags",
    "http2/field-index",
    "http2/field-settings",
    "http2/field-stream-id",
    "http2/field-window",
    "http2/flow-control",
    "http2/goaway",
    "http2/headers",
    "http2/ping",
    "http2/preface",
    "http2/priority",
    "http2/push",
    "http2/reset",
    "http2/settings",
    "http2/trailers",
    "http3/data",
    "http3/goaway",
    "http3/headers",
    "http3/priority",
    "http3/qpack",
    "http3/settings",
    "http3/streams",
    "icmp/echo",
    "icmp/error",
    "icmp/path-mtu",
    "icmp/traceroute",
    "ipv4/field-checksum",
    "ipv4/field-fragmentation",
    "ipv4/field-protocol",
    "ipv4/field-time-to-live",
    "ipv4/field-traffic-class",
    "irc/channel",
    "isakmp/exchange",
    "kafka/request",
    "kerberos/ticket",
    "lines/starttls",
    "memcache/cache",
    "modbus/poll",
    "mongo/command",
    "mqtt/connection",
    "mqtt/delivery",
    "nats/subject",
    "nbns/name",
    "ntp/exchange",
    "proxy/header",
    "quic/acknowledgement",
    "quic/amplification",
    "quic/close",
    "quic/connection-id",
    "quic/datagram",
    "quic/early",
    "quic/field-ack-range",
    "quic/field-connection-id",
    "quic/field-error-code",
    "quic/field-packet-number",
    "quic/field-packet-type",
    "quic/field-spin-bit",
    "quic/field-stream-id",
    "quic/field-stream-offset",
    "quic/field-transport-parameter",
    "quic/flow-control",
    "quic/handshake",
    "quic/handshake-done",
    "quic/initial",
    "quic/key-update",
    "quic/loss",
    "quic/parameters",
    "quic/path",
    "quic/reset-stream",
    "quic/retry",
    "quic/sealed",
    "quic/short-header",
    "quic/stateless-reset",
    "quic/stream",
    "quic/versions",
    "radius/access",
    "resp/command",
    "rpc/call",
    "rpc/nfs",
    "rpc/portmap",
    "s7comm/job",
    "sctp/association",
    "sdp/offer",
    "sip/call",
    "sip/request",
    "smb2/negotiate",
    "smb2/request",
    "snmp/request",
    "snmp/trap",
    "socks/connect",
    "sql/query",
    "ssdp/discovery",
    "sse/event",
    "ssh/banner",
    "ssh/key-exchange",
    "ssh/sealed",
    "stomp/frame",
    "stun/binding",
    "stun/relay",
    "syslog/message",
    "tcp/abort",
    "tcp/acknowledgement",
    "tcp/close",
    "tcp/fast-open",
    "tcp/field-acknowledgement",
    "tcp/field-checksum",
    "tcp/field-congestion-flags",
    "tcp/field-duplicate-sack",
    "tcp/field-fast-open-cookie",
    "tcp/field-flag-syn",
    "tcp/field-flags",
    "tcp/field-flags-end",
    "tcp/field-header-length",
    "tcp/field-mss",
    "tcp/field-port",
    "tcp/field-sack",
    "tcp/field-sequence",
    "tcp/field-timestamps",
    "tcp/field-urgent",
    "tcp/field-window",
    "tcp/half-close",
    "tcp/handshake",
    "tcp/keep-alive",
    "tcp/nagle",
    "tcp/reset",
    "tcp/retransmission",
    "tcp/slow-start",
    "tcp/spurious",
    "tcp/urgent",
    "tcp/window",
    "telnet/options",
    "tftp/transfer",
    "tls/alert",
    "tls/certificate",
    "tls/certificate-status",
    "tls/certificate-verify",
    "tls/change-cipher-spec",
    "tls/client-hello",
    "tls/client-key-exchange",
    "tls/close-notify",
    "tls/compressed-certificate",
    "tls/early-data",
    "tls/encrypted-client-hello",
    "tls/encrypted-extensions",
    "tls/field-alert",
    "tls/field-application-protocol",
    "tls/field-certificate-name",
    "tls/field-cipher-suite",
    "tls/field-compression",
    "tls/field-content-type",
    "tls/field-cookie",
    "tls/field-early-data-size",
    "tls/field-extension",
    "tls/field-handshake-type",
    "tls/field-issuer",
    "tls/field-key-share",
    "tls/field-key-usage",
    "tls/field-pre-shared-key",
    "tls/field-random",
    "tls/field-record-length",
    "tls/field-server-name",
    "tls/field-session-id",
    "tls/field-signature-scheme",
    "tls/field-ticket-lifetime",
    "tls/field-transparency",
    "tls/field-validity",
    "tls/field-version",
    "tls/finished",
    "tls/hello-retry-request",
    "tls/hybrid",
    "tls/key-update",
    "tls/mutual",
    "tls/new-session-ticket",
    "tls/renegotiation",
    "tls/resumption",
    "tls/sealed",
    "tls/server-hello",
    "tls/server-hello-done",
    "tls/server-key-exchange",
    "udp/datagram",
    "udp/echo",
    "udp/field-checksum",
    "udp/field-length",
    "udp/fragments",
    "websocket/close",
    "websocket/deflate",
    "websocket/field-fin",
    "websocket/field-length",
    "websocket/field-mask",
    "websocket/field-opcode",
    "websocket/frame",
    "websocket/ping",
}

/// A lesson, ready to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// What it is called.
    pub title: &'static str,
    body: &'static str,
}

/// The lesson of that name, where there is one.
#[must_use]
pub fn find(name: &str) -> Option<Lesson> {
    let (_, text) = LESSONS.iter().find(|(known, _)| *known == name)?;
    let (title, body) = text.split_once('\n')?;
    Some(Lesson { title: title.strip_prefix("# ")?.trim(), body })
}

/// The lesson about a field, where there is one: by the field's name in filters.
#[must_use]
pub fn about(field: &str) -> Option<Lesson> {
    static ABOUT: LazyLock<HashMap<&str, Lesson>> = LazyLock::new(|| {
        let lessons = LESSONS.iter().filter_map(|(name, _)| find(name));
        lessons.flat_map(|lesson| lesson.fields().map(move |field| (field, lesson))).collect()
    });
    ABOUT.get(field).copied()
}

impl Lesson {
    /// Its paragraphs, each as one line.
    pub fn paragraphs(&self) -> impl Iterator<Item = String> {
        let blocks = self.body.split("\n\n").map(str::trim);
        let told = blocks.filter(|block| !block.is_empty() && !block.starts_with(FIELDS));
        told.map(|block| block.lines().collect::<Vec<_>>().join(" "))
    }

    /// The fields that it is about.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> + use<> {
        let lines = self.body.lines().filter_map(|line| line.strip_prefix(FIELDS));
        lines.flat_map(|line| line.split(", ")).map(str::trim)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::document::{Document, Progress};

    fn assets() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets")
    }

    #[test]
    fn every_file_is_in_the_table_and_every_lesson_can_be_shown() {
        let mut files = 0;
        for folder in std::fs::read_dir(assets().join("lessons")).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let folder = path.parent().and_then(Path::file_name).unwrap().to_string_lossy();
                let name = format!("{folder}/{}", path.file_stem().unwrap().to_string_lossy());
                assert!(LESSONS.iter().any(|(known, _)| *known == name), "{name} is left out");
                files += 1;
            }
        }
        assert_eq!(files, LESSONS.len());
        for (name, _) in LESSONS {
            let lesson = find(name).unwrap_or_else(|| panic!("{name} has no title"));
            assert!(lesson.paragraphs().count() > 0, "{name} is empty");
        }
    }

    #[test]
    fn lessons_about_fields_name_those_that_exist_and_none_twice() {
        let mut seen = HashMap::new();
        for (name, _) in LESSONS {
            for field in find(name).unwrap().fields() {
                let known = crate::document::vocabulary().all().any(|one| one.def().name == field);
                assert!(known, "{name} is about {field}, which no protocol has");
                let other = seen.insert(field, name);
                assert!(other.is_none(), "{field} has two lessons: {other:?} and {name}");
                assert_eq!(about(field), find(name));
            }
        }
        assert!(seen.len() > 50, "fields have lessons: {}", seen.len());
        assert_eq!(about("tcp.stream"), None, "not every field has one");
    }

    #[test]
    fn the_line_that_names_fields_is_no_paragraph() {
        let lesson = Lesson { title: "A", body: "\nOne.\nTwo.\n\nFields: a.b, c.d\n" };
        assert_eq!(lesson.paragraphs().collect::<Vec<_>>(), ["One. Two."]);
        assert_eq!(lesson.fields().collect::<Vec<_>>(), ["a.b", "c.d"]);
    }

    #[test]
    fn every_step_of_the_samples_has_its_lesson() {
        let mut told = 0;
        for sample in std::fs::read_dir(assets().join("recordings")).unwrap() {
            let path = sample.unwrap().path().join("recording.pcapng");
            if !path.exists() {
                continue;
            }
            let document = Document::open(&path, &Progress::new()).unwrap();
            for beat in document.story(None).beats {
                let Some(lesson) = beat.lesson else { continue };
                assert!(find(lesson).is_some(), "{}: no lesson {lesson}", path.display());
                told += 1;
            }
        }
        assert!(told > 20, "only {told} steps name a lesson");
    }
}
