//! Describes the key exchange of TLS 1.2: its form follows from the suite agreed on.
//!
//! ```text
//!   server   [hint of a shared key] [parameters] [signature]
//!   client   [name of a shared key] [its half, or a secret sealed to the server's key]
//! ```

use super::super::fields;
use super::super::handshake::Extra;
use super::super::suite::Exchange;
use super::authentication::scheme;
use super::describer::{Described, Describer};

/// ServerKeyExchange (RFC 5246, section 7.4.3; RFC 8422, section 5.4; before TLS 1.2: RFC 4346,
/// section 7.4.3).
pub(super) fn server(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    if let Some(beside) = extra.suite.beside_shared_key() {
        // Whoever proves a shared key signs nothing (RFC 4279, sections 2 to 4; RFC 5489,
        // section 2).
        walk.vector(fields::HINT_LENGTH, 2, fields::HINT)?;
        return match beside {
            Exchange::Ecdhe => curve(walk),
            Exchange::Dhe => group(walk),
            Exchange::Rsa | Exchange::Other => Ok(()),
        };
    }
    match extra.suite.exchange() {
        Exchange::Ecdhe => curve(walk)?,
        Exchange::Dhe => group(walk)?,
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

/// A curve and a point on it.
fn curve(walk: &mut Describer<'_, '_>) -> Described {
    const NAMED_CURVE: usize = 3;
    if walk.u8(fields::CURVE_TYPE)? != NAMED_CURVE {
        // Explicit curves are deprecated (RFC 8422, section 5.4): not taken apart.
        return skip(walk);
    }
    walk.u16(fields::NAMED_CURVE)?;
    walk.vector(fields::SERVER_POINT_LENGTH, 1, fields::SERVER_POINT)
}

/// A group of a finite field, and a number in it.
fn group(walk: &mut Describer<'_, '_>) -> Described {
    walk.vector(fields::P_LENGTH, 2, fields::P)?;
    walk.vector(fields::G_LENGTH, 2, fields::G)?;
    walk.vector(fields::YS_LENGTH, 2, fields::YS)
}

/// ClientKeyExchange (RFC 5246, section 7.4.7; RFC 8422, section 5.7).
pub(super) fn client(extra: Extra, walk: &mut Describer<'_, '_>) -> Described {
    let beside = extra.suite.beside_shared_key();
    if beside.is_some() {
        walk.vector(fields::IDENTITY_LENGTH, 2, fields::IDENTITY)?;
    }
    match beside.unwrap_or_else(|| extra.suite.exchange()) {
        Exchange::Ecdhe => walk.vector(fields::CLIENT_POINT_LENGTH, 1, fields::CLIENT_POINT),
        Exchange::Dhe => walk.vector(fields::YC_LENGTH, 2, fields::YC),
        Exchange::Rsa => walk.vector(fields::SEALED_SECRET_LENGTH, 2, fields::SEALED_SECRET),
        Exchange::Other if beside.is_some() => Ok(()),
        Exchange::Other => skip(walk),
    }
}

fn skip(walk: &mut Describer<'_, '_>) -> Described {
    walk.reader.take(walk.reader.len(), "key exchange").map(|_| ())
}
