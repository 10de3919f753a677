//! The sets of the catalogue: scenarios that are meant to be seen side by side.

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
}

/// All sets.
pub static SETS: &[Set] = &[Set {
    name: "https",
    title: "HTTPS, six ways",
    teaches: "The same page, asked for and answered in six ways over the same link: only how often \
              one side has to wait for the other differs. \
              The ledger below says what each way costs, and what the fastest ones pay for it.",
    claim: "Same link, same request. Only the waiting went.",
    explains: "Fast Open lets the SYN carry the ClientHello (RFC 7413). QUIC joins both handshakes in \
               one (RFC 9001). A ticket from an earlier visit lets the request travel with the \
               ClientHello (RFC 9846, 2.3; RFC 9001, 4.6). Acknowledgements are folded, and so is \
               what follows the first byte.",
    link: "rtt=100ms",
    lesson: "compare/https",
    members: &[
        Member { scenario: "https-tls12", name: "TLS 1.2", under: "over TCP" },
        Member { scenario: "https-tls13", name: "TLS 1.3", under: "over TCP" },
        Member {
            scenario: "https-tfo-tls13",
            name: "TLS 1.3 + Fast Open",
            under: "over TCP, cookie from an earlier visit",
        },
        Member {
            scenario: "https-tls13-0rtt",
            name: "TLS 1.3, 0-RTT",
            under: "over TCP, ticket from an earlier visit",
        },
        Member { scenario: "https-quic", name: "QUIC", under: "over UDP" },
        Member {
            scenario: "https-quic-0rtt",
            name: "QUIC, 0-RTT",
            under: "over UDP, ticket from an earlier visit",
        },
    ],
}];

impl Set {
    /// The set of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        SETS.iter().find(|set| set.name == name)
    }
}
