//! What a protocol is to the engine: a name, its fields, what it lays claim to, and how it reads,
//! describes and tells.

use std::fmt;

use crate::engine::view::View;
use crate::field::FieldDef;
use crate::message::Message;
use crate::session::Session;
use crate::sink::Sink;
use crate::story::Telling;

/// What a protocol may be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim<'a> {
    /// A TCP port.
    TcpPort(u16),
    /// A UDP port.
    UdpPort(u16),
    /// A protocol name agreed on in TLS (RFC 7301).
    Alpn(&'a [u8]),
    /// A token of an HTTP `Upgrade` header (RFC 9110, section 7.8).
    Upgrade(&'a str),
    /// A media type.
    ContentType(&'a str),
    /// The protocol of that name, whatever it is found by.
    Named(&'a str),
    /// Nothing is known but the bytes.
    Content,
}

/// How sure a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// It is something else.
    No,
    /// It may be; a port decides.
    Perhaps,
    /// Nothing else begins like this.
    Surely,
}

/// What carries the bytes that are probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// An ordered stream (TCP, a TLS session, an HTTP/2 stream).
    Stream,
    /// Datagrams with bounds of their own (UDP).
    Datagram,
}

/// One protocol: a unit struct in a folder of its own, listed once in the registry.
pub trait Protocol: Sync {
    /// Wireshark's filter name: `tls`.
    fn name(&self) -> &'static str;

    /// What a person reads: `TLS`.
    fn title(&self) -> &'static str;

    /// The standards that define it, the current ones first: `RFC 9846`.
    fn standards(&self) -> &'static [&'static str] {
        &[]
    }

    /// What it may be found by, besides its content.
    fn claims(&self) -> &'static [Claim<'static>] {
        &[]
    }

    /// Its fields.
    fn fields(&self) -> &'static [FieldDef];

    /// Looks at the first bytes of a direction. Must be quick: it runs for every flow.
    fn probe(&self, _bytes: &[u8], _carrier: Carrier) -> Likelihood {
        Likelihood::No
    }

    /// Begins to read a connection; nothing for headers, which need no session.
    fn open(&self, _carrier: Carrier) -> Option<Box<dyn Session>> {
        None
    }

    /// The name under which a message of this layer appears in a row, where it differs from
    /// [`Protocol::title`]: `TLSv1.3`.
    fn column(&self, _message: &Message, _view: &View<'_>) -> &'static str {
        self.title()
    }

    /// Says what a message holds, field by field. Stateless: all it needs is in the message and
    /// behind the view. The engine opens and closes the protocol's own group around it.
    fn describe(&self, _message: &Message, _view: &View<'_>, _sink: &mut dyn Sink) {}

    /// Says what a message means; nothing for one that has no part in a story (a record whose
    /// content is told by itself).
    fn tell(&self, _message: &Message, _view: &View<'_>) -> Option<Telling> {
        None
    }

    /// The identity of a connection in its first datagram, for protocols whose connections
    /// outlive a five-tuple (QUIC: the destination connection id).
    fn alias<'a>(&self, _datagram: &'a [u8]) -> Option<&'a [u8]> {
        None
    }
}

impl fmt::Debug for dyn Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
