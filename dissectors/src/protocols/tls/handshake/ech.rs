//! The hello inside a ClientHello (RFC 9849): opened with what a client has logged, and whether the
//! server has taken it.
//!
//! ```text
//!   ECH_SECRET, ECH_CONFIG ──> hpke ── opens ──> inner ── the hello that counts, if ──┐
//!   ServerHello, HelloRetryRequest ────────────> confirm ── accepted ─────────────────┘
//! ```

use std::ops::Range;
use std::sync::Arc;

use super::confirm::{Answer, Said};
use super::hpke::{Context, Suite};
use super::inner::{Flaw, Layout, Offer};
use crate::codes;
use crate::engine::derive::Opener;
use crate::engine::session::Out;
use crate::protocols::ech::Config;
use crate::secret::Label;

/// What the HPKE context is bound to, beside the ECHConfig (RFC 9849, section 6.1).
const INFO: &[u8] = b"tls ech\0";

codes! {
    /// What a hello has to do with one that is sealed in it.
    #[derive(Default)]
    pub enum Ech {
        /// Nothing, or nobody can tell.
        #[default]
        Unknown,
        /// There is a secret to open it, and it is not known to which key it was sealed.
        NoConfig,
        /// What is at hand does not open it.
        Sealed,
        /// It opens, and what it holds stands for no ClientHello.
        Flawed,
        /// It opens.
        Opened,
        /// This is the one that was sealed.
        Inner,
        /// The server has taken it: from here on it is the one that counts.
        Accepted,
        /// The server has not taken it.
        Rejected,
    }
}

/// A hello that was opened: to be put beside the message in which it lay.
#[derive(Clone)]
pub struct Unsealed {
    /// What opens it.
    pub(in super::super) opener: Arc<dyn Opener>,
    /// Where what is sealed lies in the message.
    pub(in super::super) payload: Range<usize>,
    /// The ClientHello that it stands for, with its header; nothing where it stands for none.
    pub(in super::super) hello: Option<Vec<u8>>,
}

impl Unsealed {
    /// The ClientHello message that it stands for.
    #[must_use]
    pub fn hello(&self) -> Option<&[u8]> {
        self.hello.as_deref()
    }
}

impl std::fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unsealed").field("payload", &self.payload).finish_non_exhaustive()
    }
}

impl PartialEq for Unsealed {
    fn eq(&self, other: &Self) -> bool {
        (&self.payload, &self.hello) == (&other.payload, &other.hello)
    }
}

impl Eq for Unsealed {}

/// What a client has sealed in its hellos so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    context: Option<Context>,
    /// The ClientHello that was sealed first, the HelloRetryRequest that answered it, and the one
    /// that was sealed then.
    first: Option<Vec<u8>>,
    retry: Option<Vec<u8>>,
    second: Option<Vec<u8>>,
    /// Whether the HelloRetryRequest says that the server has not taken the first: the second
    /// leaves what was sealed as it was, and nobody opens it.
    is_rejected: bool,
}

impl Inside {
    /// Takes up a ClientHello message: what became of the hello inside it.
    pub(super) fn offered(
        &mut self,
        message: &[u8],
        random: &[u8; 32],
        out: &mut Out<'_>,
    ) -> (Ech, Option<Unsealed>) {
        let again = self.retry.is_some();
        if !again {
            *self = Self::default();
        }
        let offer = Offer::read(message).filter(|_| !self.is_rejected);
        let Some(offer) = offer else { return (Ech::Unknown, None) };
        if !again && let Err(ech) = self.agree(&offer, random, out) {
            return (ech, None);
        }
        let Some(context) = &self.context else { return (Ech::Unknown, None) };
        let Some(opener) = context.opener(u64::from(again), offer.bound()) else {
            return (Ech::Sealed, None);
        };
        let sealed = message.get(offer.payload.clone()).unwrap_or_default();
        let mut opened = vec![0; sealed.len()];
        let Some(len) = opener.open(0, sealed, &mut opened) else { return (Ech::Sealed, None) };
        let hello = offer.inner(opened.get(..len).unwrap_or_default()).ok();
        let place = if again { &mut self.second } else { &mut self.first };
        place.clone_from(&hello);
        let ech = if hello.is_some() { Ech::Opened } else { Ech::Flawed };
        let opener: Arc<dyn Opener> = Arc::new(opener);
        (ech, Some(Unsealed { opener, payload: offer.payload, hello }))
    }

    /// Makes the keys that the first hello is sealed with, which a second one is, too.
    fn agree(
        &mut self,
        offer: &Offer<'_>,
        random: &[u8; 32],
        out: &mut Out<'_>,
    ) -> Result<(), Ech> {
        // Most hellos hold random bytes there: nobody has a secret for these.
        let shared = out.secret(Label::EchSecret, random).ok_or(Ech::Unknown)?;
        let published = out.secret(Label::EchConfig, random).ok_or(Ech::NoConfig)?;
        let config = Config::read(&published).ok_or(Ech::Sealed)?;
        // Its id proves nothing: who hides which key it has makes one up (RFC 9849, section 10.4).
        let suite = Suite { kem: config.kem, kdf: offer.kdf, aead: offer.aead };
        let context = Context::new(suite, &shared, &[INFO, &published].concat());
        self.context = context.filter(|_| offer.has_secret);
        self.context.as_ref().map(|_| ()).ok_or(Ech::Sealed)
    }

    /// Takes up what a server answers: whether it has taken the hello that was sealed.
    pub(super) fn answered(&mut self, answer: &[u8], is_retry: bool) -> Ech {
        let again = match (&self.retry, &self.second) {
            (None, _) => None,
            (Some(retry), Some(second)) => Some((&retry[..], &second[..])),
            // What was sealed then is not known.
            (Some(_), None) => return Ech::Unknown,
        };
        let Some(first) = &self.first else { return Ech::Unknown };
        let said = Said { first, again };
        let found = said.answered(answer);
        if is_retry {
            self.retry = Some(answer.to_vec());
            self.is_rejected = found == Some(Answer::Rejected);
        }
        match found {
            Some(Answer::Accepted) => Ech::Accepted,
            Some(Answer::Rejected) => Ech::Rejected,
            None => Ech::Unknown,
        }
    }

    /// The hello that counts where the server has taken it.
    pub(super) fn hello(&self) -> Option<&[u8]> {
        self.second.as_deref().or(self.first.as_deref())
    }
}

/// What is wrong with a hello that opens and stands for none.
pub(in super::super) fn flaw(message: &[u8], opened: &[u8]) -> Option<Flaw> {
    Offer::read(message)?.inner(opened).err()
}

/// Where what is sealed lies in a ClientHello message.
pub(in super::super) fn payload(message: &[u8]) -> Option<Range<usize>> {
    Offer::read(message).map(|offer| offer.payload)
}

/// Where what fills a sealed hello up begins.
pub(in super::super) fn padding(opened: &[u8]) -> Option<usize> {
    Layout::read(opened, 0).ok().map(|layout| layout.end)
}
