//! The heads of calls and replies (RFC 5531, section 9), and how sure bytes are to be one.

use super::{Procedure, programs};
use crate::protocol::Likelihood;

/// The longest credentials or verifier (section 8.2).
const MAX_AUTH: u32 = 400;

/// Length of a mark (section 11).
pub(super) const MARK: usize = 4;

/// Programs, versions and procedures beyond these are no one's: numbers above are transient or
/// reserved (section 8.3), and no program has so many procedures.
const MAX_PROGRAM: u32 = 0x6000_0000;
const MAX_VERSION: u32 = 100;
const MAX_PROCEDURE: u32 = 1000;

/// A mark: whether it is the last of its message, and the length of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) last: bool,
    pub(super) len: usize,
}

impl Mark {
    /// Reads a mark; `None` if it is cut.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let number = number(bytes, 0)?;
        Some(Self { last: number >> 31 == 1, len: (number & 0x7fff_ffff) as usize })
    }
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Do this.
    Call(Procedure),
    /// It was accepted, and went like this.
    Accepted(u32),
    /// It was denied, for this reason.
    Denied(u32),
}

/// The head of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) xid: u32,
    pub(super) said: Said,
    /// Where credentials and verifier stand, where it has them.
    pub(super) auths: [Option<usize>; 2],
    /// Where what is said of a reply stands.
    pub(super) state: usize,
    /// Where arguments or results begin.
    pub(super) body: usize,
}

/// Why there is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// More bytes may make it one.
    More,
    /// They will not.
    Never,
}

/// A number that stands `at` bytes in.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}

fn read(bytes: &[u8], at: usize) -> Result<u32, Missing> {
    number(bytes, at).ok_or(Missing::More)
}

fn fits(holds: bool) -> Result<(), Missing> {
    if holds { Ok(()) } else { Err(Missing::Never) }
}

/// How long credentials or a verifier are, flavor and length included, with the bytes that fill
/// them up to a multiple of four (RFC 4506, section 4.10).
fn auth(bytes: &[u8], at: usize) -> Result<usize, Missing> {
    let flavor = read(bytes, at)?;
    // Numbers that IANA gave (section 8.2), and those of GSS (6) and TLS (7) above them.
    fits(flavor < 16 || (390_000..400_000).contains(&flavor) || flavor == 300_001)?;
    let len = read(bytes, at + 4)?;
    fits(len <= MAX_AUTH)?;
    Ok(8 + (len as usize).next_multiple_of(4))
}

/// Reads the head of a message.
pub(super) fn head(bytes: &[u8]) -> Result<Head, Missing> {
    let kind = read(bytes, 4)?;
    let xid = read(bytes, 0)?;
    let state = read(bytes, 8)?;
    match (kind, state) {
        (0, 2) => {
            let [program, version, number] = [read(bytes, 12)?, read(bytes, 16)?, read(bytes, 20)?];
            fits(program < MAX_PROGRAM && version <= MAX_VERSION && number <= MAX_PROCEDURE)?;
            let credentials = 24;
            let verifier = credentials + auth(bytes, credentials)?;
            let body = verifier + auth(bytes, verifier)?;
            let said = Said::Call(Procedure { program, version, number });
            Ok(Head { xid, said, auths: [Some(credentials), Some(verifier)], state: 8, body })
        }
        (1, 0) => {
            let state = 12 + auth(bytes, 12)?;
            let how = read(bytes, state)?;
            fits(how <= 5)?;
            let (said, auths) = (Said::Accepted(how), [None, Some(12)]);
            Ok(Head { xid, said, auths, state, body: state + 4 })
        }
        (1, 1) => {
            let why = read(bytes, 12)?;
            fits(why <= 1)?;
            Ok(Head { xid, said: Said::Denied(why), auths: [None; 2], state: 12, body: 16 })
        }
        _ => Err(Missing::Never),
    }
}

/// How much a datagram looks like a message. A call of a program that is known is nothing else;
/// other calls and replies that were accepted are five numbers and more that have to fit. One that
/// the capture cut may be one as long as nothing belies it.
pub(super) fn likelihood(bytes: &[u8]) -> Likelihood {
    let is_call = number(bytes, 4) == Some(0);
    let is_known = number(bytes, 12).is_some_and(|program| programs::name(program).is_some());
    match head(bytes) {
        Ok(_) if is_call && is_known => Likelihood::Surely,
        Err(Missing::More) if is_call && is_known => Likelihood::Perhaps,
        Ok(Head { said: Said::Call(_) | Said::Accepted(_), .. }) => Likelihood::Perhaps,
        Ok(_) | Err(Missing::More) => Likelihood::Unsaid,
        Err(Missing::Never) => Likelihood::No,
    }
}

/// The same behind a mark.
pub(super) fn likelihood_marked(bytes: &[u8]) -> Likelihood {
    /// A denial is the shortest message.
    const SHORTEST: usize = 20;
    /// Messages carry at most a megabyte of a file, and their heads.
    const LONGEST: usize = 4 << 20;
    let Some(mark) = Mark::read(bytes) else { return Likelihood::Unsaid };
    if mark.last && mark.len < SHORTEST || mark.len == 0 || mark.len > LONGEST {
        return Likelihood::No;
    }
    likelihood(bytes.get(MARK..).unwrap_or(&[]))
}
