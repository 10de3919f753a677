//! Handshakes that came to nothing: whose alert it was, and what the story says it was for.

use wirestage_dissectors::ids::Direction;
use wirestage_generators::steps::{EXPIRED, UNKNOWN_ISSUER, WRONG_NAME, tls_refused};

use super::super::Connection;
use super::Steps;

/// The alert by which a version is refused (RFC 9846, section 6.2).
const PROTOCOL_VERSION: u64 = 70;

/// Why a certificate is not taken.
const OF_A_CERTIFICATE: [&str; 3] = [UNKNOWN_ISSUER, EXPIRED, WRONG_NAME];

/// Adds why an alert was sent, where the story has a verdict on the connection.
pub(super) fn tell(
    connection: &Connection<'_>,
    (direction, alert): (Direction, u64),
    steps: &mut Steps,
) {
    let own = connection.story.verdicts.iter().find(|one| connection.is_own(one.flight));
    let Some(judged) = own.filter(|one| one.verdict.by == direction) else { return };
    if alert == PROTOCOL_VERSION {
        // The library looks at the version before it asks for a certificate, and says nothing then.
        steps.server.retain(|step| step.name != "tls.client_hello.received");
    }
    if direction == Direction::Forward && OF_A_CERTIFICATE.contains(&judged.verdict.cause) {
        // It went no further than the certificate, though more lay before it.
        steps.client.retain(|step| {
            let is_later = step.facts.get("epoch").is_some_and(|epoch| epoch == "application");
            !is_later && !step.name.ends_with(".verified")
        });
    }
    steps.of(direction).push(tls_refused(judged.verdict.cause));
}
