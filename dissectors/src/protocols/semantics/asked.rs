//! What a request asks for, as its pseudo-header fields say it (RFC 9113, section 8.3.1; RFC 9114,
//! section 4.3.1): kept with its stream, so that whatever belongs to that can say what it is about.

use std::fmt;

/// The control data of a request.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::protocols) struct Asked {
    pub(in crate::protocols) method: Box<[u8]>,
    pub(in crate::protocols) scheme: Box<[u8]>,
    pub(in crate::protocols) authority: Box<[u8]>,
    pub(in crate::protocols) path: Box<[u8]>,
    /// What is to be spoken in a tunnel (RFC 8441, section 4).
    pub(in crate::protocols) protocol: Box<[u8]>,
}

impl Asked {
    /// Takes in a field, where it is control data.
    pub(in crate::protocols) fn add(&mut self, name: &[u8], value: &[u8]) {
        let place = match name {
            b":method" => &mut self.method,
            b":scheme" => &mut self.scheme,
            b":authority" => &mut self.authority,
            b":path" => &mut self.path,
            b":protocol" => &mut self.protocol,
            _ => return,
        };
        *place = value.into();
    }

    /// Whether it says anything that only requests say.
    pub(in crate::protocols) fn is_known(&self) -> bool {
        !self.method.is_empty() || !self.path.is_empty()
    }

    /// Whether it says what is asked for.
    pub(in crate::protocols) fn is_whole(&self) -> bool {
        !self.path.is_empty() || (self.is_connect() && !self.authority.is_empty())
    }

    /// Whether it asks for a tunnel.
    pub(in crate::protocols) fn is_connect(&self) -> bool {
        *self.method == *b"CONNECT"
    }

    /// What it asks for, as a URI; nothing where a part of that is missing.
    pub(in crate::protocols) fn uri(&self) -> Option<Vec<u8>> {
        let parts = [&self.scheme, &self.authority, &self.path];
        let all = parts.iter().all(|part| !part.is_empty());
        all.then(|| [&self.scheme[..], b"://", &self.authority[..], &self.path[..]].concat())
    }

    /// What it asks for on its host: the far end of a tunnel that is for any protocol.
    pub(in crate::protocols) fn target(&self) -> &[u8] {
        if self.path.is_empty() { &self.authority } else { &self.path }
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.escape_ascii(), self.target().escape_ascii())
    }
}
