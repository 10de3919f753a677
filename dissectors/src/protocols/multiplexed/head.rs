//! What header fields say that matters to their connection.

use std::sync::Arc;

use super::content::Content;
use super::line::FieldLine;
use crate::engine::session::Out;
use crate::protocols::contents::Media;
use crate::protocols::semantics::{Asked, list, number};

/// The longest name of a protocol or of a media type that is compared with the registry: RFC 6838,
/// section 4.2, allows longer ones, and recommends names below 64 characters on either side of the
/// slash.
pub(super) const MAX_NAME: usize = 129;

/// What was said so far.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols) struct Head {
    /// Shared with the frames that say it: what comes later changes a copy.
    pub(in crate::protocols) asked: Arc<Asked>,
    /// 0 where there is none.
    pub(in crate::protocols) status: u16,
    pub(in crate::protocols) content: Content,
    pub(in crate::protocols) media_type: Option<Box<str>>,
}

impl Head {
    /// Takes in a field.
    pub(in crate::protocols) fn add<F>(&mut self, line: &FieldLine<F>, out: &Out<'_>) {
        let name = line.name.bytes(|span| out.bytes(span));
        let value = || line.value.bytes(|span| out.bytes(span));
        match name {
            [b':', ..] if name == b":status" => {
                self.status = number(value()).and_then(|it| u16::try_from(it).ok()).unwrap_or(0);
            }
            [b':', ..] => Asked::add(&mut self.asked, name, value()),
            b"grpc-timeout" => Asked::wait(&mut self.asked, value()),
            b"content-type" => {
                self.content.media = Media::of(value()).map(Arc::new);
                let kind = value().split(|byte| *byte == b';').next().unwrap_or_default();
                let kind = std::str::from_utf8(kind.trim_ascii()).ok();
                let kind = kind.filter(|kind| !kind.is_empty() && kind.len() <= MAX_NAME);
                self.media_type = kind.map(|kind| kind.to_ascii_lowercase().into());
            }
            b"sec-websocket-protocol" if value().len() <= MAX_NAME => {
                self.content.subprotocol = Some(value().into());
            }
            b"content-encoding" => list(value()).for_each(|name| self.content.codings.add(name)),
            _ => {}
        }
    }
}
