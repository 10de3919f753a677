//! A connection lent to a library that would keep it: given back when the library lets go.
//!
//! Some libraries take a stream for good and drop it when they are done. The role that opened the
//! connection still has to close it in order and to say what passed. So a library that ends its
//! direction only flushes it: whose FIN comes first is for the roles to say, and not for whichever
//! library is quicker that day.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};

use crate::counted::Counted;

/// A connection in the hands of a library: one of TCP, or what is sealed on top of it.
pub(crate) struct Lent<C = Counted> {
    /// The connection and the way back to its owner, until it has gone there.
    held: Option<(C, oneshot::Sender<C>)>,
}

impl<C> Lent<C> {
    /// Lends `connection`; the receiver gets it back.
    pub(crate) fn new(connection: C) -> (Lent<C>, oneshot::Receiver<C>) {
        let (back, given_back) = oneshot::channel();
        (Lent { held: Some((connection, back)) }, given_back)
    }

    /// The connection, which is here until this is dropped.
    fn stream(&mut self) -> io::Result<Pin<&mut C>>
    where
        C: Unpin,
    {
        let held = self.held.as_mut().map(|(connection, _)| Pin::new(connection));
        held.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl<C> Drop for Lent<C> {
    fn drop(&mut self) {
        if let Some((connection, back)) = self.held.take() {
            // An owner that no longer waits has failed, and the connection ends with it.
            drop(back.send(connection));
        }
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Lent<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(context, into)
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Lent<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.held.as_ref().is_some_and(|(connection, _)| connection.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }
}
