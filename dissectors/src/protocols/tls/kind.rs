//! What a message of TLS is.

use super::extra::Note;
use crate::codes;
use crate::message::MessageKind;

codes! {
    /// What a message of TLS is.
    pub enum Kind {
        /// A record.
        Record,
        /// A handshake message.
        Handshake,
        /// An alert.
        Alert,
        /// A ChangeCipherSpec message.
        ChangeCipherSpec,
        /// A ClientHello in the form of SSL 2.0.
        CompatibleHello,
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}
