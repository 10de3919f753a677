//! Whether a server has taken the hello that was sealed: it shows by eight bytes that it knows the
//! random inside (RFC 9849, sections 7.2 and 7.2.1). To all others they look random.
//!
//! ```text
//!   ServerHello         last 8 bytes of its random      over inner hello, and this message
//!   HelloRetryRequest   encrypted_client_hello          with zeros in place of them
//! ```

use std::ops::Range;

use super::super::hkdf::{digest_of, expand_label_of, extracted, message_hash};
use super::super::suite::Hash;
use super::wire::{ANYWHERE, HEADER_LEN, Hello, extension, split, vector};
use crate::bytes::Reader;

/// How long the proof is.
const LEN: usize = 8;

/// Where the random lies in the message.
const RANDOM: Range<usize> = HEADER_LEN + 2..HEADER_LEN + 34;

/// Whether a server has taken what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    Rejected,
}

/// What the client has sealed so far, as transcripts have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    /// The ClientHello that was sealed first.
    pub(super) first: &'a [u8],
    /// The HelloRetryRequest that answered it, and the ClientHello that was sealed then.
    pub(super) again: Option<(&'a [u8], &'a [u8])>,
}

impl Said<'_> {
    /// Holds a ServerHello or a HelloRetryRequest against what it must hold; nothing where that
    /// cannot be told.
    pub(super) fn answered(self, answer: &[u8]) -> Option<Answer> {
        let (_, body) = split(Reader::new(answer, ANYWHERE)).ok()?;
        let hello = Hello::server(body)?;
        let version = hello.chosen_version();
        if !version.is_13() {
            return Some(Answer::Rejected);
        }
        // DTLS makes secrets with other labels (RFC 9147, section 5.9): no program speaks this
        // there yet that it could be held against.
        if version.is_dtls() {
            return None;
        }
        let hash = hello.suite().hash();
        let place = if hello.is_retry() {
            match confirmation(answer) {
                Some(place) => place,
                None => return Some(Answer::Rejected),
            }
        } else {
            RANDOM.end - LEN..RANDOM.end
        };
        let found = answer.get(place.clone())?;
        let mut cleared = answer.to_vec();
        cleared.get_mut(place)?.fill(0);
        let expected = if hello.is_retry() {
            let transcript = [message_hash(hash, self.first), cleared].concat();
            proof(hash, self.first, "hrr ech accept confirmation", &transcript)?
        } else {
            let (last, transcript) = match self.again {
                None => (self.first, [self.first, &cleared].concat()),
                Some((retry, second)) => {
                    let first = message_hash(hash, self.first);
                    (second, [&first, retry, second, &cleared].concat())
                }
            };
            proof(hash, last, "ech accept confirmation", &transcript)?
        };
        Some(if expected == found { Answer::Accepted } else { Answer::Rejected })
    }
}

/// The proof that somebody knows the random of `hello`.
fn proof(hash: Hash, hello: &[u8], label: &str, transcript: &[u8]) -> Option<Vec<u8>> {
    let secret = extracted(hash, hello.get(RANDOM)?);
    expand_label_of(&secret, label, &digest_of(hash, transcript), LEN)
}

/// Where the proof lies in a HelloRetryRequest.
fn confirmation(retry: &[u8]) -> Option<Range<usize>> {
    let mut reader = Reader::new(retry, ANYWHERE);
    reader.take(RANDOM.end, "random").ok()?;
    vector(&mut reader, 1)?;
    reader.take(3, "suite and compression method").ok()?;
    let (len, _) = reader.u16("extensions").ok()?;
    let mut list = reader.sub(len.into(), "extensions").ok()?;
    loop {
        let (kind, _) = list.u16("extension type").ok()?;
        let (len, _) = list.u16("extension length").ok()?;
        let start = list.span().start as usize;
        list.take(len.into(), "extension").ok()?;
        if kind == extension::ENCRYPTED_CLIENT_HELLO && usize::from(len) == LEN {
            return Some(start..start + LEN);
        }
    }
}
