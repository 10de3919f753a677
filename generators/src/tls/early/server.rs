//! The server's end: what came with the ClientHello is there to be read before its Finished.
//!
//! The asynchronous face of the library waits for the whole handshake before it gives a connection
//! out, so this end moves the bytes between the library and the socket itself.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll, ready},
};

use rustls::ServerConnection;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::{closing::End, say_established};
use crate::{actor::Actor, counted::Counted, steps};

/// How many bytes are read from the socket at once: the longest record, and then some.
const CHUNK: usize = 1 << 15;

/// A server's end whose handshake goes on while it is used.
pub(crate) struct EarlyServerEnd {
    actor: Actor,
    connection: Counted,
    session: ServerConnection,
    certificate: Vec<u8>,
    /// What came early, until the handshake is complete.
    early: Option<Vec<u8>>,
    /// What came early and was not read yet.
    waiting: Vec<u8>,
    /// Whether close_notify was said.
    is_shut: bool,
    /// What the library wants to send.
    to_send: Vec<u8>,
    /// How much of it is sent.
    sent: usize,
}

impl EarlyServerEnd {
    pub(in super::super) fn new(
        actor: Actor,
        connection: Counted,
        session: ServerConnection,
        certificate: Vec<u8>,
    ) -> EarlyServerEnd {
        EarlyServerEnd {
            actor,
            connection,
            session,
            certificate,
            early: Some(Vec::new()),
            waiting: Vec::new(),
            is_shut: false,
            to_send: Vec::new(),
            sent: 0,
        }
    }

    /// What the client said early, as much as is there and fits.
    fn read_early(&mut self, into: &mut ReadBuf<'_>) -> bool {
        let len = into.remaining().min(self.waiting.len());
        into.put_slice(self.waiting.get(..len).unwrap_or_default());
        self.waiting.drain(..len);
        len > 0
    }

    /// What was said under application keys: whether there is some, or the end of it.
    fn read_later(&mut self, into: &mut ReadBuf<'_>) -> io::Result<bool> {
        match self.session.reader().read(into.initialize_unfilled()) {
            Ok(read) => {
                into.advance(read);
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Sends all that the library has to send.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            while self.session.wants_write() {
                self.session.write_tls(&mut self.to_send)?;
            }
            let Some(rest) = self.to_send.get(self.sent..).filter(|rest| !rest.is_empty()) else {
                self.to_send.clear();
                self.sent = 0;
                return Poll::Ready(Ok(()));
            };
            self.sent += ready!(Pin::new(&mut self.connection).poll_write(context, rest))?;
        }
    }

    /// Gives the library what the client has sent next, or the end of it.
    fn poll_hear(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut chunk = vec![0; CHUNK];
        let mut into = ReadBuf::new(&mut chunk);
        ready!(Pin::new(&mut self.connection).poll_read(context, &mut into))?;
        let mut heard = into.filled();
        loop {
            self.session.read_tls(&mut heard)?;
            if let Err(error) = self.session.process_new_packets() {
                // What went wrong is still to be said to the client.
                ready!(self.poll_send(context))?;
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, error)));
            }
            self.look()?;
            if heard.is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Takes what came early out of the library, and says what came of the handshake once that is
    /// known.
    fn look(&mut self) -> io::Result<()> {
        let Some(early) = &mut self.early else { return Ok(()) };
        if let Some(mut data) = self.session.early_data() {
            let before = self.waiting.len();
            data.read_to_end(&mut self.waiting)?;
            early.extend_from_slice(self.waiting.get(before..).unwrap_or_default());
        }
        if self.session.is_handshaking() {
            return Ok(());
        }
        if !early.is_empty() {
            self.actor.say(steps::tls_early_received(early));
        }
        self.early = None;
        let name = self.session.server_name();
        say_established(&self.actor, &self.session, name, Some(&self.certificate));
        Ok(())
    }
}

impl End for EarlyServerEnd {
    fn below_mut(&mut self) -> &mut Counted {
        &mut self.connection
    }

    fn into_below(self) -> Counted {
        self.connection
    }
}

impl AsyncRead for EarlyServerEnd {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.read_early(into) || self.read_later(into)? {
                return Poll::Ready(Ok(()));
            }
            ready!(self.poll_send(context))?;
            ready!(self.poll_hear(context))?;
        }
    }
}

impl AsyncWrite for EarlyServerEnd {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(context))?;
        // Before its Finished is sent the library keeps this, and sends it then.
        Poll::Ready(self.session.writer().write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_send(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut {
            self.session.send_close_notify();
            self.is_shut = true;
        }
        ready!(self.poll_send(context))?;
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}
