//! A ClientHello in the form of SSL 2.0 (RFC 5246, appendix E.2): how clients that still knew that
//! version began, so that a server of either could answer. What follows is TLS.
//!
//! ```text
//!   |1|length 15|1|version 2|suites 2|session 2|challenge 2|  suites, 3 each | session | challenge |
//! ```

use super::handshake::wire::Hello;
use super::version::Version;

/// The length, and what it does not count.
const MARK: usize = 2;
/// All that stands before the suites.
const HEAD: usize = 11;
/// What the length counts of the head.
const COUNTED: usize = HEAD - MARK;
/// How long a suite is: those of TLS have a zero before their two bytes.
pub(super) const SUITE: usize = 3;

/// Where the parts of such a hello are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) version: Version,
    pub(super) suites: usize,
    pub(super) session: usize,
    pub(super) challenge: usize,
}

impl Layout {
    /// The layout of one that begins here; nothing where it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head: [u8; HEAD] = *bytes.first_chunk()?;
        let [l0, l1, 1, 3, minor @ 0..=4, s0, s1, i0, i1, c0, c1] = head else { return None };
        let number = |high: u8, low: u8| usize::from(u16::from_be_bytes([high, low]));
        let [suites, session, challenge] = [number(s0, s1), number(i0, i1), number(c0, c1)];
        let is_one = l0 & 0x80 != 0
            && number(l0 & 0x7f, l1) == COUNTED + suites + session + challenge
            && suites > 0
            && suites % SUITE == 0
            && (16..=32).contains(&challenge);
        let version = Version(0x0300 | u16::from(minor));
        is_one.then_some(Self { version, suites, session, challenge })
    }

    /// How long it is.
    pub(super) const fn len(self) -> usize {
        HEAD + self.suites + self.session + self.challenge
    }
}

/// Whether the beginning of a stream may become one.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    let fits = |at: usize, wanted: u8| bytes.get(at).is_none_or(|byte| *byte == wanted);
    let is_marked = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    bytes.len() < HEAD && is_marked && fits(2, 1) && fits(3, 3)
}

/// What it says, as a hello of TLS says it.
#[derive(Clone, Debug)]
pub(super) struct Compatible {
    version: Version,
    random: [u8; 32],
    session: Vec<u8>,
    suites: Vec<u8>,
}

impl Compatible {
    /// Reads one that is whole.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let layout = Layout::read(bytes)?;
        let rest = bytes.get(HEAD..layout.len())?;
        let (suites, rest) = rest.split_at_checked(layout.suites)?;
        let (session, challenge) = rest.split_at_checked(layout.session)?;
        let mut random = [0; 32];
        // The challenge is the end of the random, behind zeros.
        random.iter_mut().rev().zip(challenge.iter().rev()).for_each(|(to, from)| *to = *from);
        let of_tls = |suite: &[u8]| match *suite {
            [0, high, low] => Some([high, low]),
            _ => None,
        };
        let suites = suites.chunks(SUITE).filter_map(of_tls).flatten().collect();
        Some(Self { version: layout.version, random, session: session.to_vec(), suites })
    }

    /// The same as a hello.
    pub(super) fn hello(&self) -> Hello<'_> {
        Hello::without_extensions(self.version, &self.random, &self.session, &self.suites)
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::Suite;
    use super::*;
    use crate::protocols::stage::{ask, check_told, crumble, on_port, say};

    /// One of TLS 1.2 with a suite of TLS and one of SSL 2.0.
    fn bytes() -> Vec<u8> {
        let mut bytes = vec![0x80, 31, 1, 3, 3, 0, 6, 0, 0, 0, 16, 0, 0, 0x2f, 2, 0, 0x80];
        bytes.extend(1..=16);
        bytes
    }

    #[test]
    fn its_challenge_is_the_end_of_the_random() {
        let read = Compatible::read(&bytes()).unwrap();
        let hello = read.hello();
        assert_eq!(hello.suites().collect::<Vec<_>>(), [Suite(0x2f)]);
        assert_eq!(hello.random[..16], [0; 16]);
        assert_eq!(hello.random[16..], *(1..=16).collect::<Vec<u8>>());
        for (at, value) in [(0, 0), (1, 30), (3, 2), (6, 7), (10, 15)] {
            let mut broken = bytes();
            broken[at] = value;
            assert_eq!(Layout::read(&broken), None, "{at}");
        }
    }

    #[test]
    fn what_follows_is_tls() {
        let alert = [21, 3, 3, 0, 2, 2, 40];
        let steps = [ask(bytes()), say(alert), ask(alert)];
        let stage = on_port(5555, &steps);
        assert_eq!(
            stage.rows(),
            "tls@1 Client Hello\n\
             tls@2 \ntls@2 Alert (Level: Fatal, Description: Handshake Failure)\n\
             tls@3 \ntls@3 Alert (Level: Fatal, Description: Handshake Failure)\n"
        );
        assert_eq!(on_port(443, &crumble(&steps)).rows().lines().count(), 5);
        assert_eq!(stage.values("tls.handshake.version"), "771");
        assert_eq!(stage.values("tls.handshake.cipherspec"), "47 131200");
        check_told(
            &on_port(5555, &[ask(bytes())]),
            &["ClientHello | Offers what it can do, in the form of SSL 2.0 | \
               A server of that version would have understood it, and one of TLS goes on with TLS. \
               It offers TLS 1.2 at most."],
        );
    }
}
