//! The client's end: what is written goes with the ClientHello.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::{ClientEnd, closing::End, say_complete};
use crate::{actor::Actor, counted::Counted, steps};

/// A client's end that was given out before its handshake.
pub(crate) struct EarlyClientEnd {
    actor: Actor,
    /// Whom it asks for.
    name: &'static str,
    tls: ClientEnd,
    /// What was written early, until the handshake is complete.
    early: Option<Vec<u8>>,
}

impl EarlyClientEnd {
    pub(in super::super) fn new(
        actor: Actor,
        name: &'static str,
        tls: ClientEnd,
    ) -> EarlyClientEnd {
        EarlyClientEnd { actor, name, tls, early: Some(Vec::new()) }
    }

    /// Says what came of the handshake, once that is known.
    fn look(&mut self) {
        let (connection, session) = self.tls.get_ref();
        if session.is_handshaking() {
            return;
        }
        if let Some(early) = self.early.take() {
            let is_accepted = session.is_early_data_accepted();
            self.actor.say(steps::tls_early_sent(&early, is_accepted));
            say_complete(&self.actor, connection, (session, self.name));
        }
    }
}

impl End for EarlyClientEnd {
    fn below_mut(&mut self) -> &mut Counted {
        self.tls.get_mut().0
    }

    fn into_below(self) -> Counted {
        self.tls.into_inner().0
    }
}

impl AsyncRead for EarlyClientEnd {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.tls).poll_read(context, into);
        self.look();
        read
    }
}

impl AsyncWrite for EarlyClientEnd {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tls).poll_write(context, bytes);
        self.look();
        if let (Poll::Ready(Ok(taken)), Some(early)) = (&written, &mut self.early) {
            early.extend_from_slice(bytes.get(..*taken).unwrap_or_default());
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.tls).poll_flush(context);
        self.look();
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.tls).poll_shutdown(context);
        self.look();
        shut
    }
}
