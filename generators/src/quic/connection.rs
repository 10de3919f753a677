//! One connection, the same for both sides: streams, datagrams, and its end.

use std::net::SocketAddr;

use hyper::body::Bytes;
use quinn::{
    ConnectionError, RecvStream, SendStream, StreamId, VarInt, crypto::rustls::HandshakeData,
};

use super::config::number;
use crate::{Failure, actor::Actor, steps};

/// More than any stream here carries, in bytes.
const LARGEST: usize = 1 << 20;

/// One side of a connection. Copies are the same side.
#[derive(Clone)]
pub(crate) struct Connection {
    actor: Actor,
    quic: quinn::Connection,
    /// Whether what is sent now is early data.
    early: bool,
}

/// A stream on which everything is said, and whose answer is to come.
pub(crate) struct Asked {
    sending: SendStream,
    receiving: RecvStream,
}

impl Connection {
    pub(super) fn new(actor: &Actor, quic: quinn::Connection, early: bool) -> Connection {
        Connection { actor: actor.clone(), quic, early }
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The library's own, for what is spoken inside.
    pub(crate) fn quic(&self) -> quinn::Connection {
        self.quic.clone()
    }

    /// Where the other end is now.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.quic.remote_address()
    }

    /// The protocol that was agreed on, once the library knows.
    pub(super) fn alpn(&self) -> Option<String> {
        let data = self.quic.handshake_data()?.downcast::<HandshakeData>().ok()?;
        Some(String::from_utf8_lossy(&data.protocol?).into_owned())
    }

    /// The same connection when its handshake is complete.
    pub(super) fn complete(mut self) -> Result<Connection, Failure> {
        if let Some(error) = self.quic.close_reason() {
            return Err(self.actor.failed("complete the handshake", error));
        }
        self.early = false;
        Ok(self)
    }

    /// Says something on a stream of its own, and ends that direction. Does not wait.
    pub(crate) async fn begin(&self, question: &[u8]) -> Result<Asked, Failure> {
        let (mut sending, receiving) =
            self.quic.open_bi().await.map_err(|error| self.actor.failed("open a stream", error))?;
        self.send(&mut sending, question).await?;
        Ok(Asked { sending, receiving })
    }

    /// Asks on a stream of its own, and waits for the whole answer.
    pub(crate) async fn ask(&self, question: &[u8]) -> Result<(), Failure> {
        let mut asked = self.begin(question).await?;
        self.hear(&mut asked, question).await
    }

    /// Waits for the answer, which must be the question.
    pub(crate) async fn hear(&self, asked: &mut Asked, question: &[u8]) -> Result<(), Failure> {
        let answer = self.receive(&mut asked.receiving).await?;
        if answer == question {
            return Ok(());
        }
        let found = format!("{} other bytes came", answer.len());
        Err(self.actor.expected("its own words back", found))
    }

    /// Waits for an answer that will not come, for the connection ends.
    pub(crate) async fn hear_nothing(&self, asked: &mut Asked) -> Result<(), Failure> {
        match asked.receiving.read_to_end(LARGEST).await {
            Err(_) => self.ended().await,
            Ok(_) => Err(self.actor.expected("no answer", "one came")),
        }
    }

    /// Takes the next stream that the other side has opened, and sends back what it brings.
    pub(crate) async fn echo(&self) -> Result<Asked, Failure> {
        let (mut sending, mut receiving) = self
            .quic
            .accept_bi()
            .await
            .map_err(|error| self.actor.failed("take a stream", error))?;
        let words = self.receive(&mut receiving).await?;
        self.send(&mut sending, &words).await?;
        Ok(Asked { sending, receiving })
    }

    async fn send(&self, sending: &mut SendStream, words: &[u8]) -> Result<(), Failure> {
        let written = sending.write_all(words).await;
        written.map_err(|error| self.actor.failed("write to a stream", error))?;
        sending.finish().map_err(|error| self.actor.failed("end a stream", error))?;
        self.actor.say(steps::quic_stream_sent(id(sending.id()), words, self.early));
        Ok(())
    }

    async fn receive(&self, receiving: &mut RecvStream) -> Result<Vec<u8>, Failure> {
        let words = receiving.read_to_end(LARGEST).await;
        let words = words.map_err(|error| self.actor.failed("read a stream", error))?;
        self.actor.say(steps::quic_stream_received(id(receiving.id()), &words));
        Ok(words)
    }

    /// Sends a datagram, once.
    pub(crate) fn send_datagram(&self, words: Bytes) -> Result<(), Failure> {
        self.quic
            .send_datagram(words.clone())
            .map_err(|error| self.actor.failed("send a datagram", error))?;
        self.actor.say(steps::quic_datagram_sent(&words));
        Ok(())
    }

    /// Waits for a datagram.
    pub(crate) async fn receive_datagram(&self) -> Result<Bytes, Failure> {
        let words = self.quic.read_datagram().await;
        let words = words.map_err(|error| self.actor.failed("receive a datagram", error))?;
        self.actor.say(steps::quic_datagram_received(&words));
        Ok(words)
    }

    /// Goes on to the next generation of keys (RFC 9001, section 6).
    pub(crate) fn update_keys(&self) {
        self.quic.force_key_update();
        self.actor.say(steps::quic_keys_updated());
    }

    /// Ends the connection at once, with a code and a reason of the application.
    pub(crate) fn close(&self, code: u32, reason: &[u8]) {
        self.quic.close(number(code), reason);
        self.actor.say(steps::quic_close_sent(code.into(), reason));
    }

    /// Waits until the connection has ended otherwise than by this side, and says how.
    pub(crate) async fn ended(&self) -> Result<(), Failure> {
        let step = match self.quic.closed().await {
            ConnectionError::ApplicationClosed(close) => {
                steps::quic_close_received(close.error_code.into_inner(), &close.reason)
            }
            ConnectionError::TimedOut => steps::quic_timed_out(),
            ConnectionError::Reset => steps::quic_reset(),
            error => return Err(self.actor.failed("go on", error)),
        };
        self.actor.say(step);
        Ok(())
    }
}

impl Asked {
    /// Waits until the other side has acknowledged everything that was said on the stream.
    pub(crate) async fn acknowledged(&mut self, actor: &Actor) -> Result<(), Failure> {
        let stopped = self.sending.stopped().await;
        match stopped.map_err(|error| actor.failed("wait for an acknowledgement", error))? {
            None => Ok(()),
            Some(code) => Err(actor.expected("an acknowledgement", format!("it said {code}"))),
        }
    }
}

/// The number of a stream.
fn id(stream: StreamId) -> u64 {
    VarInt::from(stream).into_inner()
}
