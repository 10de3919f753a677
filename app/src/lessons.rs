//! The lessons behind the steps: short texts to read beside the diagram, part of the program.
//!
//! A lesson is Markdown of the plainest kind: a title, paragraphs, and words in `code`.
//! One sentence stands on each line.

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
    "tcp/half-close",
    "tcp/handshake",
    "tcp/keep-alive",
    "tcp/nagle",
    "tcp/reset",
    "tcp/retransmission",
    "tcp/slow-start",
    "tcp/spurious",
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
    "udp/fragments",
    "websocket/close",
    "websocket/deflate",
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

impl Lesson {
    /// Its paragraphs, each as one line.
    pub fn paragraphs(&self) -> impl Iterator<Item = String> {
        let blocks = self.body.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
        blocks.map(|block| block.lines().collect::<Vec<_>>().join(" "))
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
