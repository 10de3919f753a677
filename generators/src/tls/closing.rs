//! How a connection of TLS ends: close_notify in both directions, and then TCP's end.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{ClientEnd, ServerEnd};
use crate::{Failure, actor::Actor, counted::Counted, http2, names, steps};

/// An end of a connection of TLS, and the connection below it.
pub(crate) trait End: AsyncRead + AsyncWrite + Unpin {
    /// The connection below.
    fn below_mut(&mut self) -> &mut Counted;
    /// The connection below, where TLS is over.
    fn into_below(self) -> Counted;
}

impl End for ClientEnd {
    fn below_mut(&mut self) -> &mut Counted {
        self.get_mut().0
    }

    fn into_below(self) -> Counted {
        self.into_inner().0
    }
}

impl End for ServerEnd {
    fn below_mut(&mut self) -> &mut Counted {
        self.get_mut().0
    }

    fn into_below(self) -> Counted {
        self.into_inner().0
    }
}

/// Ends our direction with close_notify and FIN, then waits for `peer` to end the other.
///
/// The alert is what tells the end of the data from a cut line: a FIN can be forged by anyone on
/// the way, a sealed close_notify cannot (RFC 9846, section 6.1).
pub(crate) async fn close_first(
    actor: &Actor,
    mut tls: impl End,
    peer: &'static str,
) -> Result<(), Failure> {
    tls.shutdown().await.map_err(|source| actor.cannot("send close_notify", source))?;
    actor.say(steps::tls_alert_sent(names::CLOSE_NOTIFY));
    let rest =
        tls.read(&mut [0]).await.map_err(|source| actor.cannot("wait for close_notify", source))?;
    end_of_data(actor, rest)?;
    tls.into_below().close_first(peer).await
}

/// The same where the library of `peer` may still have something to say, which is of no use to
/// anybody (a GOAWAY of its own): it is read and left aside.
pub(crate) async fn leave_first(
    actor: &Actor,
    mut tls: impl End,
    peer: &'static str,
) -> Result<(), Failure> {
    tls.shutdown().await.map_err(|source| actor.cannot("send close_notify", source))?;
    actor.say(steps::tls_alert_sent(names::CLOSE_NOTIFY));
    http2::drain(actor, &mut tls).await?;
    end_of_data(actor, 0)?;
    tls.into_below().close_first(peer).await
}

/// Waits for the close_notify of the other side.
async fn hear_close_notify(actor: &Actor, tls: &mut impl End) -> Result<(), Failure> {
    let rest =
        tls.read(&mut [0]).await.map_err(|source| actor.cannot("wait for close_notify", source))?;
    end_of_data(actor, rest)
}

/// Waits for the close_notify and the FIN of `peer`, and ends our direction with our own.
///
/// Nobody need wait for the FIN. It is done so that the two never cross, and every recording shows
/// the same order.
pub(crate) async fn close_after(
    actor: &Actor,
    mut tls: impl End,
    peer: &'static str,
) -> Result<(), Failure> {
    hear_close_notify(actor, &mut tls).await?;
    tls.below_mut().await_theirs().await?;
    tls.shutdown().await.map_err(|source| actor.cannot("send close_notify", source))?;
    actor.say(steps::tls_alert_sent(names::CLOSE_NOTIFY));
    tls.into_below().close_after(peer).await
}

/// Waits for the close_notify and the FIN of `peer`, whose program is gone by then, and ends our
/// direction without one of our own: what comes to a socket that is closed is answered with a
/// reset.
pub(crate) async fn close_after_one_that_left(
    actor: &Actor,
    mut tls: impl End,
    peer: &'static str,
) -> Result<(), Failure> {
    hear_close_notify(actor, &mut tls).await?;
    tls.into_below().close_after(peer).await
}

/// A read of nothing is close_notify: without that alert the library reports an error instead.
fn end_of_data(actor: &Actor, read: usize) -> Result<(), Failure> {
    if read > 0 {
        return Err(actor.expected("close_notify", "more data came"));
    }
    actor.say(steps::tls_alert_received(names::CLOSE_NOTIFY));
    Ok(())
}
