//! What a protocol is to the engine: a name, its fields, what it lays claim to, and how it reads,
//! describes and tells.
//!
//! A header is told in the course of a [`Walk`], which goes from each to the [`Next`] by asking the
//! [`Registry`] who lays claim to it; so these stand in one folder.

mod context;
mod datagram;
mod judge;
mod next;
mod part;
mod registry;
mod walk;

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::{Opening, Share};
use crate::field::{FieldDef, FieldId};
use crate::ids::ProtocolId;
use crate::message::Message;
use crate::sink::Sink;
use crate::telling::{Enclosed, Telling};

pub use crate::claim::{Claim, Facts, Framing, Likelihood, Rule};
pub use context::HeaderContext;
pub use datagram::{Datagram, Joined};
pub(crate) use datagram::{Reassembly, slice};
pub use judge::Judge;
pub use next::{Ends, Found, Fragment, Next};
pub(crate) use next::{FIRST_TYPE, network_len, pseudo_header_sum};
pub use part::Part;
pub use registry::{Registry, fields_of};
pub use walk::Walk;

/// One protocol: a unit struct in a folder of its own, listed once in the registry.
pub trait Protocol: Sync {
    /// The heading under which its messages are described: made by [`fields!`](crate::fields).
    fn heading(&self) -> FieldId;

    /// Its number.
    fn id(&self) -> ProtocolId {
        self.heading().protocol()
    }

    /// Wireshark's filter name: `tls`.
    fn name(&self) -> &'static str {
        self.heading().def().name
    }

    /// What a person reads: `TLS`.
    fn title(&self) -> &'static str {
        self.heading().def().title
    }

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
    fn probe(&self, _bytes: &[u8], _framing: Framing) -> Likelihood {
        Likelihood::Unsaid
    }

    /// Begins to read a connection; nothing for headers, which need no session. TCP is both: a
    /// header in its frame, and the session that segments are given to.
    fn open(&self, _facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        None
    }

    /// Tells a header at the beginning of `part`, and says what lies behind it; nothing for
    /// protocols whose messages sessions read.
    fn header<'a>(&self, _part: Part<'a>, _found: Found, _walk: &mut Walk<'_>) -> Option<Next<'a>> {
        None
    }

    /// The name under which a message of this layer appears in a row, where it differs from
    /// [`Protocol::title`]: `TLSv1.3`.
    fn column(&self, _message: &Message, _view: &View<'_>) -> &'static str {
        self.title()
    }

    /// Writes the clause of a row that stands for a message: `Client Hello (SNI=…)`; nothing where
    /// other messages of the same frame speak for it. Stateless like [`Protocol::describe`], and
    /// quick: lists call it for every row in sight. It reads as little as the clause takes, and
    /// allocates nothing.
    ///
    /// # Errors
    ///
    /// Where `line` cannot be written to.
    fn summary(&self, _message: &Message, _view: &View<'_>, _line: &mut dyn Write) -> fmt::Result {
        Ok(())
    }

    /// Says what a message holds, field by field. Stateless: all it needs is in the message and
    /// behind the view. The engine opens and closes the protocol's own group around it.
    fn describe(&self, _message: &Message, _view: &View<'_>, _sink: &mut dyn Sink) {}

    /// Says what a message means; nothing for one that has no part in a story (a record whose
    /// content is told by itself).
    fn tell(&self, _message: &Message, _view: &View<'_>) -> Option<Telling> {
        None
    }

    /// What a message is called that shares a datagram with others like it, and what it is made of;
    /// `None` if a datagram is one message.
    fn enclosed(&self, _message: &Message, _view: &View<'_>) -> Option<Enclosed> {
        None
    }

    /// Says why a connection failed, out of all that was said in one layer of it; nothing for
    /// protocols that leave that to others. One judge hears one layer.
    fn judge(&self) -> Option<Box<dyn Judge>> {
        None
    }

    /// Says what share a message has in an exchange of a question and its answers that stands as a
    /// request among others (RFC 9110); `None` if it has none. Stateless like
    /// [`Protocol::describe`].
    fn exchange<'v>(&self, _message: &Message, _view: &View<'v>) -> Option<Share<'v>> {
        None
    }

    /// Says what a message does for the way on which such questions travel: it looks for a name, or
    /// agrees on keys; `None` if it does none of it. Stateless like [`Protocol::describe`].
    fn opening(&self, _message: &Message, _view: &View<'_>) -> Option<Opening> {
        None
    }

    /// Whether whom it turns a connection over to stands above it from then on (the tunnels and
    /// upgrades of HTTP), as Wireshark lists them; who steps aside for good is not listed any more.
    fn stays(&self) -> bool {
        false
    }

    /// Whether its connections go by names of their own and may outlive a five-tuple.
    fn has_names(&self) -> bool {
        false
    }

    /// Whether who is asked on its port answers from another one, and both go on there (TFTP). What
    /// comes to the asking port from the same address, and is nobody else's, then belongs to the
    /// connection.
    fn answers_elsewhere(&self) -> bool {
        false
    }

    /// Which name a datagram bears (QUIC: the destination connection id). `known` says of a name
    /// whether a connection has published it: a short header does not say how long its name is.
    fn bears<'a>(&self, _datagram: &'a [u8], _known: &dyn Fn(&[u8]) -> bool) -> Bears<'a> {
        Bears::Nothing
    }

    /// The name by which whoever sends a datagram goes, where that says so (QUIC: the source
    /// connection id): what goes to a name that nobody has yet may be stored before the datagram
    /// that makes it known.
    fn sender<'a>(&self, _datagram: &'a [u8]) -> Option<&'a [u8]> {
        None
    }

    /// Whether a datagram asks the other side to begin anew: a datagram that opens a connection,
    /// and that follows on its path, then goes on with the connection that there was.
    fn sends_back(&self, _datagram: &[u8]) -> bool {
        false
    }
}

/// What a datagram says about whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bears<'a> {
    /// It goes to whoever goes by this name.
    Name(&'a [u8]),
    /// So it does; and where nobody does, it begins a connection.
    Opening(&'a [u8]),
    /// Nothing: it belongs where the one before it on its path did.
    Nothing,
    /// Nothing that can be read: it belongs to whoever opens it
    /// ([`Session::opens`](crate::engine::session::Session::opens)); where nobody does, where the
    /// one before it on its path did.
    Sealed,
}

impl fmt::Debug for dyn Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
