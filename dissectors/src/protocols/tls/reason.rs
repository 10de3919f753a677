//! Why a record stays sealed.

use crate::codes;
use crate::engine::session::Out;
use crate::secret::Lacking;

codes! {
    /// Why a record stays sealed.
    pub enum Reason {
        /// Nobody handed in a key.
        NoKeys,
        /// The keys at hand are those of other connections.
        NoLine,
        /// The same, where another hello is sealed in the one at hand, and may be the one that
        /// counts.
        NoInnerLine,
        /// Of this connection other secrets are at hand.
        NoLabel,
        /// What was agreed on was not seen.
        NoHandshake,
        /// Its suite is none that is opened here.
        Suite,
        /// It is not what its key sealed.
        Mismatch,
        /// It takes what came before, of which something is missing.
        Behind,
        /// What comes out is compressed, and cannot be inflated.
        Compressed,
    }
}

impl Reason {
    /// Why a secret of the connection with that client random is not at hand.
    #[must_use]
    pub fn of_lack(client_random: Option<&[u8; 32]>, out: &Out<'_>) -> Self {
        match client_random.map(|random| out.lacking(random)) {
            None => Self::NoHandshake,
            Some(Lacking::Secrets) => Self::NoKeys,
            Some(Lacking::Line) => Self::NoLine,
            Some(Lacking::Label) => Self::NoLabel,
        }
    }

    /// The reason in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoKeys => "A key log with the secrets of this connection would open it.",
            Self::NoLine => {
                "The keys at hand are those of other connections: no line of the key log bears the \
                 random of this ClientHello."
            }
            Self::NoInnerLine => {
                "No line of the key log bears the random of this ClientHello. If the server has \
                 taken the one that is sealed in it, lines bear the random of that, and it takes \
                 ECH_SECRET and ECH_CONFIG to know it."
            }
            Self::NoLabel => {
                "The key log holds other secrets of this connection, and not the one that this takes."
            }
            Self::NoHandshake => {
                "What both sides agreed on is not in the capture: no key can be tried."
            }
            Self::Suite => "The cipher suite is none that is opened here.",
            Self::Mismatch => {
                "The key at hand does not open it: it was changed on its way, or the key is that of \
                 another connection."
            }
            Self::Behind => "Something before it is missing, and it takes that to open it.",
            Self::Compressed => "It opens, and what it holds cannot be inflated.",
        }
    }

    /// The same, as a note has it: without its full stop.
    #[must_use]
    pub fn note(self) -> &'static str {
        self.sentence().trim_end_matches('.')
    }
}
