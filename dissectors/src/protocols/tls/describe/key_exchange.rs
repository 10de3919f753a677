//! Describes the key exchange of TLS 1.2: its form follows from the suite agreed on.

use super::super::fields;
use super::super::handshake::Extra;
use super::super::suite::Exchange;
use super::authentication::scheme;
use super::describer::{Described, Describer};

/// ServerKeyExchange (RFC 5246, section 7.4.3; RFC 8422, section 5.4; before TLS 1.2: RFC 4346,
/// section 7.4.3).
pub(super) fn server(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    match extra.suite.exchange() {
        Exchange::Ecdhe => {
            const NAMED_CURVE: usize = 3;
            if walk.u8(fields::CURVE_TYPE)? != NAMED_CURVE {
                // Explicit curves are deprecated (RFC 8422, section 5.4): not taken apart.
                return skip(walk);
            }
            walk.u16(fields::NAMED_CURVE)?;
            walk.vector(fields::SERVER_POINT_LENGTH, 1, fields::SERVER_POINT)?;
        }
        Exchange::Dhe => {
            walk.vector(fields::P_LENGTH, 2, fields::P)?;
            walk.vector(fields::G_LENGTH, 2, fields::G)?;
            walk.vector(fields::YS_LENGTH, 2, fields::YS)?;
        }
        Exchange::Rsa | Exchange::Other => return skip(walk),
    }
    if walk.is_done() {
        // Anonymous exchanges are not signed.
        return Ok(());
    }
    if extra.version.names_signatures() {
        scheme(walk)?;
    }
    walk.vector(fields::SIGNATURE_LENGTH, 2, fields::SIGNATURE)
}

/// ClientKeyExchange (RFC 5246, section 7.4.7; RFC 8422, section 5.7).
pub(super) fn client(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    match extra.suite.exchange() {
        Exchange::Ecdhe => walk.vector(fields::CLIENT_POINT_LENGTH, 1, fields::CLIENT_POINT),
        Exchange::Dhe => walk.vector(fields::YC_LENGTH, 2, fields::YC),
        Exchange::Rsa => walk.vector(fields::SEALED_SECRET_LENGTH, 2, fields::SEALED_SECRET),
        Exchange::Other => skip(walk),
    }
}

fn skip(walk: &mut Describer<'_, '_>) -> Described {
    walk.reader.take(walk.reader.len(), "key exchange").map(|_| ())
}
