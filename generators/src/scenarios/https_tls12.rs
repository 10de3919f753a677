//! The page of the comparison over TLS 1.2: three round trips before the request, one for the
//! answer.
//!
//! TCP opens the connection, the hellos agree on methods, and only then keys are exchanged: each of
//! the three waits for the one before (RFC 9293, section 3.5; RFC 5246, section 7.3).

use std::time::Duration;

use crate::{
    Group, Role, Scenario,
    https::{self, LINK},
    tls::Version,
    web,
};

/// `https-tls12`
pub static SCENARIO: Scenario = Scenario {
    name: "https-tls12",
    group: Group::HttpsCompared,
    title: "HTTPS over TLS 1.2: 3 + 1 round trips",
    teaches: "Three times the client has to wait before it may ask: for TCP, for the server's \
              choice, and for the server's half of the keys. \
              Each of the newer ways to the same page leaves out at least one of these waits.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[web::PAGE],
    link: Some(LINK),
    limit: Duration::from_secs(10),
    run: |stage| https::visit(stage, Version::Tls12),
};
