//! The page of the comparison over TLS 1.3: two round trips before the request, one for the answer.
//!
//! The client sends its half of the keys with its first message, for a group that it guesses the
//! server takes. That guess is the round trip that TLS 1.2 has more (RFC 9846, section 2).

use std::time::Duration;

use crate::{
    Group, Role, Scenario,
    https::{self, LINK},
    tls::Version,
    web,
};

/// `https-tls13`
pub static SCENARIO: Scenario = Scenario {
    name: "https-tls13",
    group: Group::HttpsCompared,
    title: "HTTPS over TLS 1.3: 2 + 1 round trips",
    teaches: "The key exchange travels with the hellos, so one round trip of TLS is enough where \
              TLS 1.2 takes two. \
              The round trip of TCP stays, for nothing is sealed before the connection is open.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[web::PAGE],
    link: Some(LINK),
    limit: Duration::from_secs(10),
    run: |stage| https::visit(stage, Version::Tls13),
};
