//! Sample recordings that are part of the program: one of each scenario, made in the lab.

/// Makes the table out of the names of folders below `assets/recordings`.
macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        /// Every sample: the scenario's name, and the pcapng file.
        static SAMPLES: &[(&str, &[u8])] = &[
            $((
                $name,
                include_bytes!(concat!("../../assets/recordings/", $name, "/recording.pcapng")),
            )),+
        ];
    };
}

samples! {
    "arp-gateway",
    "balancer-l4-l7",
    "dns-lookup",
    "dns-over-https",
    "dns-over-tcp",
    "dns-over-tls",
    "exec-accept-queue",
    "exec-event-loop",
    "exec-idempotency",
    "exec-single-thread",
    "exec-socket-buffers",
    "exec-thread-per-connection",
    "grpc-bidi",
    "grpc-client-stream",
    "grpc-deadline",
    "grpc-server-stream",
    "grpc-unary",
    "hol-blocking-http2",
    "hol-blocking-http3",
    "http-graceful-shutdown",
    "http1-chunked",
    "http1-expect-continue",
    "http1-keepalive",
    "http1-pipelining",
    "http10-close",
    "http2-control",
    "http2-flow-control",
    "http2-multiplexing",
    "http2-prior-knowledge",
    "http2-server-push",
    "http3-get",
    "http3-multiplexing",
    "https-quic",
    "https-quic-0rtt",
    "https-tfo-tls13",
    "https-tls12",
    "https-tls13",
    "https-tls13-0rtt",
    "icmp-ping",
    "icmp-traceroute",
    "path-mtu",
    "pattern-long-polling",
    "pattern-multiplexing-pooling",
    "pattern-publish-subscribe",
    "pattern-push",
    "pattern-request-response",
    "pattern-server-sent-events",
    "pattern-short-polling",
    "pattern-stateful-stateless",
    "pattern-sync-async",
    "pattern-token-stream",
    "pattern-work-queue",
    "proxy-sni",
    "quic-0rtt",
    "quic-1rtt",
    "quic-close",
    "quic-datagrams",
    "quic-key-update",
    "quic-migration",
    "quic-retry",
    "quic-version-negotiation",
    "tcp-abort",
    "tcp-fast-open",
    "tcp-half-close",
    "tcp-idle-forgotten",
    "tcp-keepalive",
    "tcp-lifecycle",
    "tcp-loss-recovery",
    "tcp-nagle",
    "tcp-ports-exhausted",
    "tcp-refused",
    "tcp-simultaneous-open",
    "tcp-slow-start",
    "tcp-zero-window",
    "tls-failures",
    "tls-ocsp-stapling",
    "tls12-full",
    "tls12-mtls",
    "tls12-renegotiation",
    "tls12-resumption",
    "tls12-rsa",
    "tls13-0rtt",
    "tls13-cert-compression",
    "tls13-ech",
    "tls13-ech-accepted",
    "tls13-full",
    "tls13-hello-retry",
    "tls13-hybrid-pq",
    "tls13-key-update",
    "tls13-mtls",
    "tls13-resumption",
    "udp-echo",
    "udp-fragments",
    "udp-unreachable",
    "websocket-chat",
    "websocket-deflate",
}

/// The sample recording of a scenario, as the bytes of a pcapng file.
#[must_use]
pub(crate) fn of(scenario: &str) -> Option<&'static [u8]> {
    SAMPLES.iter().find(|(name, _)| *name == scenario).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use wirestage_generators::SCENARIOS;

    #[test]
    fn every_scenario_has_a_sample() {
        for scenario in SCENARIOS {
            assert!(super::of(scenario.name).is_some(), "{} has none", scenario.name);
        }
    }
}
