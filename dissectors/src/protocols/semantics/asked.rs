//! What a request asks for, as its pseudo-header fields say it (RFC 9113, section 8.3.1; RFC 9114,
//! section 4.3.1): kept with its stream, so that whatever belongs to that can say what it is about.

use std::fmt;
use std::sync::Arc;

use crate::limits::MAX_ASKED;

/// The control data of a request.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::protocols) struct Asked {
    pub(in crate::protocols) method: Box<[u8]>,
    pub(in crate::protocols) scheme: Box<[u8]>,
    pub(in crate::protocols) authority: Box<[u8]>,
    pub(in crate::protocols) path: Box<[u8]>,
    /// What is to be spoken in a tunnel (RFC 8441, section 4).
    pub(in crate::protocols) protocol: Box<[u8]>,
    /// How long a call of gRPC waits for its answer, as it writes that; nothing where it does not
    /// say.
    pub(in crate::protocols) timeout: Box<[u8]>,
}

impl Asked {
    fn place(&mut self, name: &[u8]) -> Option<&mut Box<[u8]>> {
        Some(match name {
            b":method" => &mut self.method,
            b":scheme" => &mut self.scheme,
            b":authority" => &mut self.authority,
            b":path" => &mut self.path,
            b":protocol" => &mut self.protocol,
            _ => return None,
        })
    }

    /// Takes in a field, where it is control data that was not said yet: whoever says it again
    /// makes the request malformed (RFC 9113, section 8.3), and would have it copied for each frame
    /// that holds it already.
    pub(in crate::protocols) fn add(all: &mut Arc<Self>, name: &[u8], value: &[u8]) {
        let is_new = match name {
            b":method" => all.method.is_empty(),
            b":scheme" => all.scheme.is_empty(),
            b":authority" => all.authority.is_empty(),
            b":path" => all.path.is_empty(),
            b":protocol" => all.protocol.is_empty(),
            _ => false,
        };
        if is_new
            && !value.is_empty()
            && let Some(place) = Arc::make_mut(all).place(name)
        {
            *place = value.get(..MAX_ASKED).unwrap_or(value).into();
        }
    }

    /// About how many bytes of memory it takes.
    pub(in crate::protocols) fn size(&self) -> usize {
        let Self { method, scheme, authority, path, protocol, timeout } = self;
        let parts = [method, scheme, authority, path, protocol, timeout];
        size_of_val(self) + parts.iter().map(|part| part.len()).sum::<usize>()
    }

    /// Takes in how long its answer is waited for, where that was not said yet.
    pub(in crate::protocols) fn wait(all: &mut Arc<Self>, timeout: &[u8]) {
        if all.timeout.is_empty() && timeout.len() <= MAX_ASKED {
            Arc::make_mut(all).timeout = timeout.into();
        }
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

    /// What it asks for, as a URI; `None` if a part of that is missing, or was not kept whole.
    pub(in crate::protocols) fn uri(&self) -> Option<Vec<u8>> {
        let parts = [&self.scheme, &self.authority, &self.path];
        let all = parts.iter().all(|part| (1..MAX_ASKED).contains(&part.len()));
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
