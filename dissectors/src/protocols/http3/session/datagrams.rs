//! Datagrams of HTTP/3 (RFC 9297, section 2.1): each says which request it belongs to.

use super::super::frame::ANYWHERE;
use super::super::kind::{Facts, Kind};
use crate::bytes::Reader;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::protocols::varint::varint;

/// All datagrams of a connection.
#[derive(Clone)]
pub(in crate::protocols::http3) struct DatagramSession;

impl Session for DatagramSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let len = input.bytes.len();
        let span = out.span(input.at, len);
        let mut reader = Reader::new(input.bytes, ANYWHERE);
        let quarter = varint(&mut reader, "a quarter of the stream's number");
        let id = out.announce(Announce::new(Kind::Datagram, span));
        if let Ok((quarter, _)) = quarter {
            let stream = quarter.saturating_mul(4);
            out.attachment(id).keep(Facts { stream, ..Facts::default() });
        }
        Progress::Took(len)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
