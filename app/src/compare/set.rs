//! The sets of the catalogue: scenarios that are meant to be seen side by side.

/// Up to what ways are measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// From the first packet to the first byte of the answer: what it costs to be answered at all.
    #[default]
    FirstByte,
    /// From the request until each of the answers is whole: what several that share a connection do
    /// to each other.
    Whole,
}

/// A set of scenarios.
#[derive(Debug)]
pub struct Set {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called on the screen.
    pub title: &'static str,
    /// What one learns from it, in two sentences.
    pub teaches: &'static str,
    /// What one sees, in one sentence.
    pub claim: &'static str,
    /// What lies behind it, with the standards that say so.
    pub explains: &'static str,
    /// The link it is recorded over where nobody asks for another.
    pub link: &'static str,
    /// Up to what its members are measured.
    pub until: Until,
    /// The lesson about the whole of it.
    pub lesson: &'static str,
    /// Its members, from left to right.
    pub members: &'static [Member],
}

/// One scenario of a set.
#[derive(Debug)]
pub struct Member {
    /// The scenario's name.
    pub scenario: &'static str,
    /// What it is called in the set.
    pub name: &'static str,
    /// What it rests on.
    pub under: &'static str,
    /// What is set for it: knob and value. It has no sample then.
    pub knobs: &'static [(&'static str, &'static str)],
}

impl Member {
    /// A scenario as it is when nothing is set.
    const fn of(scenario: &'static str, name: &'static str, under: &'static str) -> Self {
        Self { scenario, name, under, knobs: &[] }
    }

    /// What is set for it, as a recording is asked for.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        self.knobs.iter().map(|(knob, value)| ((*knob).into(), (*value).into())).collect()
    }

    /// The same with this set.
    const fn with(self, knobs: &'static [(&'static str, &'static str)]) -> Self {
        Self { knobs, ..self }
    }
}

/// All sets.
pub static SETS: &[Set] = &[HTTPS, HTTPS_DEFAULTS, HOL_BLOCKING];

const HTTPS: Set = Set {
    name: "https",
    title: "HTTPS, six ways",
    teaches: "The same page, asked for and answered in six ways over the same link: only how often \
              one side has to wait for the other differs. \
              The ledger below says what each way costs, and what the fastest ones pay for it.",
    claim: "Same link, same request. Only the waiting went.",
    explains: "Fast Open lets the SYN carry the ClientHello (RFC 7413). QUIC joins both handshakes \
               in one (RFC 9001). A ticket from an earlier visit lets the request travel with the \
               ClientHello (RFC 9846, 2.3; RFC 9001, 4.6). Acknowledgements are folded, and so is \
               what follows the first byte.",
    link: "rtt=100ms",
    until: Until::FirstByte,
    lesson: "compare/https",
    members: &[
        Member::of("https-tls12", "TLS 1.2", "over TCP"),
        Member::of("https-tls13", "TLS 1.3", "over TCP"),
        Member::of(
            "https-tfo-tls13",
            "TLS 1.3 + Fast Open",
            "over TCP, cookie from an earlier visit",
        ),
        Member::of("https-tls13-0rtt", "TLS 1.3, 0-RTT", "over TCP, ticket from an earlier visit"),
        Member::of("https-quic", "QUIC", "over UDP"),
        Member::of("https-quic-0rtt", "QUIC, 0-RTT", "over UDP, ticket from an earlier visit"),
    ],
};

const HTTPS_DEFAULTS: Set = Set {
    name: "https-defaults",
    title: "HTTPS, as it comes and tuned",
    teaches: "Three of the six ways cost a round trip more with what servers and libraries do where \
              nobody asks for anything else. \
              Each stands beside the one that saves it: one setting is all that differs.",
    claim: "The same protocol. One setting, one round trip.",
    explains: "A ClientHello with a hybrid key share is larger than what a SYN may carry, so the \
               rest of it waits for the answer (RFC 7413, 4.1). A server may answer early data \
               behind its own Finished, or wait for the client's first: whoever answers at once \
               may answer a copy (RFC 9846, 2.3; RFC 9001, 4.6; RFC 8470, 3). Acknowledgements \
               are folded, and so is what follows the first byte.",
    link: "rtt=100ms",
    until: Until::FirstByte,
    lesson: "compare/https-defaults",
    members: &[
        Member::of("https-tfo-tls13", "Fast Open, by default", "hybrid key share, x25519mlkem768")
            .with(&[("group", "x25519mlkem768")]),
        Member::of("https-tfo-tls13", "Fast Open, tuned", "small key share, x25519"),
        Member::of(
            "https-tls13-0rtt",
            "TLS 1.3, 0-RTT, by default",
            "answers when the handshake is complete",
        )
        .with(&[("answer", "handshake-complete")]),
        Member::of("https-tls13-0rtt", "TLS 1.3, 0-RTT, tuned", "answers at once"),
        Member::of(
            "https-quic-0rtt",
            "QUIC, 0-RTT, by default",
            "answers when the handshake is complete",
        )
        .with(&[("answer", "handshake-complete")]),
        Member::of("https-quic-0rtt", "QUIC, 0-RTT, tuned", "answers at once"),
    ],
};

const HOL_BLOCKING: Set = Set {
    name: "hol-blocking",
    title: "Head-of-line blocking: the same loss, twice",
    teaches: "Three answers take turns on one connection, and the same packet is lost on the way. \
              Over TCP all three wait until it was sent again, over QUIC only the one that it \
              carried: what is lost, and how it is repaired, is the same.",
    claim: "The same loss. Only who waits for it differs.",
    explains: "TCP hands bytes on in their order, and does not know whose they are (RFC 9293, \
               2.2). QUIC keeps an order for each stream and none among them (RFC 9000, 2.2). Only \
               the table of header fields can still make one stream wait for another (RFC 9204, \
               2.1.2). Acknowledgements are left out.",
    // Before it the handshakes, and the first pieces; behind it pieces of all answers.
    link: "rtt=100ms,drop-data=server:9",
    until: Until::Whole,
    lesson: "compare/hol-blocking",
    members: &[
        Member::of("hol-blocking-http2", "HTTP/2 over TCP", "one order for all bytes"),
        Member::of("hol-blocking-http3", "HTTP/3 over QUIC", "an order for each stream"),
    ],
};

impl Set {
    /// The set of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        SETS.iter().find(|set| set.name == name)
    }
}
