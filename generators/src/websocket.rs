//! WebSocket for scenarios: both ends by `yawc`, over any connection they are given.
//!
//! The library answers a ping and a close by itself, as the standard asks (RFC 6455, sections 5.5.1
//! and 5.5.2), and hands them over all the same; what it sends by itself it does not tell.

use std::sync::{Mutex, PoisonError};

use futures_util::SinkExt;
use hyper::{
    Request, Response,
    body::Incoming,
    header::{
        HeaderMap, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    },
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};
use yawc::{Frame, HttpStream, OpCode, Options, WebSocket, WebSocketError, close::CloseCode};

use crate::{Failure, actor::Actor, lent::Lent, steps, web::SERVER_NAME};

/// One side of a connection that has turned to WebSocket.
pub(crate) struct Socket<S> {
    actor: Actor,
    socket: WebSocket<S>,
}

/// Something that came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(String),
    Binary(usize),
    Ping,
    Pong,
    Close,
}

/// Asks to turn a connection to WebSocket, and checks the answer to its key. The receiver gets the
/// connection back when the socket is gone.
pub(crate) async fn open<C>(
    actor: &Actor,
    connection: C,
    scheme: &str,
    target: &str,
    options: Options,
) -> Result<(Socket<Lent<C>>, oneshot::Receiver<C>), Failure>
where
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (lent, given_back) = Lent::new(connection);
    let url = format!("{scheme}://{SERVER_NAME}{target}");
    let socket = WebSocket::handshake(
        url.parse().map_err(|error| actor.failed("write a URL", error))?,
        lent,
        options,
    )
    .await
    .map_err(|error| actor.failed(format!("open {target}"), error))?;
    actor.say(steps::websocket_opened(target));
    Ok((Socket { actor: actor.clone(), socket }, given_back))
}

/// Takes one request, turns its connection to WebSocket, and says what was agreed on.
pub(crate) async fn accept<C>(
    actor: &Actor,
    connection: C,
    options: Options,
) -> Result<(Socket<HttpStream>, oneshot::Receiver<C>), Failure>
where
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (lent, given_back) = Lent::new(connection);
    let (upgrading, upgraded) = oneshot::channel();
    let upgrading = Mutex::new(Some(upgrading));
    let service = service_fn(|mut request: Request<Incoming>| {
        let made = WebSocket::upgrade_with_options(&mut request, options.clone());
        let upgrading = upgrading.lock().unwrap_or_else(PoisonError::into_inner).take();
        async move {
            let (response, upgrade) = made?;
            say_accepted(actor, &request, &response);
            if let Some(upgrading) = upgrading {
                // Who waits for it is below, and has not gone.
                let _ = upgrading.send(upgrade);
            }
            Ok::<_, WebSocketError>(response)
        }
    });
    http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(lent), service)
        .with_upgrades()
        .await
        .map_err(|error| actor.failed("serve HTTP", error))?;
    let socket = actor
        .hear(upgraded)
        .await?
        .await
        .map_err(|error| actor.failed("turn to WebSocket", error))?;
    Ok((Socket { actor: actor.clone(), socket }, given_back))
}

fn say_accepted<A, B>(actor: &Actor, request: &Request<A>, response: &Response<B>) {
    actor.say(steps::websocket_accepted(
        request.uri().path(),
        field(request.headers(), SEC_WEBSOCKET_KEY),
        field(response.headers(), SEC_WEBSOCKET_ACCEPT),
        field(response.headers(), SEC_WEBSOCKET_EXTENSIONS),
    ));
}

fn field(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Sends a text, in as many frames as the options make of it.
    pub(crate) async fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.actor.say(steps::websocket_message_sent("text", text.as_bytes()));
        self.send(Frame::text(text.to_owned())).await
    }

    /// Sends bytes.
    pub(crate) async fn binary(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        self.actor.say(steps::websocket_message_sent("binary", &bytes));
        self.send(Frame::binary(bytes)).await
    }

    /// Asks whether the other side is there.
    pub(crate) async fn ping(&mut self, payload: &'static str) -> Result<(), Failure> {
        self.actor.say(steps::websocket_ping_sent(payload.as_bytes()));
        self.send(Frame::ping(payload)).await
    }

    /// Ends the conversation.
    pub(crate) async fn close(&mut self, reason: &str) -> Result<(), Failure> {
        self.actor.say(steps::websocket_close_sent(CloseCode::Normal.into(), reason));
        self.send(Frame::close(CloseCode::Normal, reason)).await
    }

    async fn send(&mut self, frame: Frame) -> Result<(), Failure> {
        self.socket.send(frame).await.map_err(|error| self.actor.failed("send a frame", error))
    }

    /// Waits for the next message, ping, pong or close, and says what it was.
    pub(crate) async fn hear(&mut self) -> Result<Heard, Failure> {
        let frame = self.socket.next_frame().await;
        let frame = frame.map_err(|error| self.actor.failed("hear the next frame", error))?;
        let payload = frame.payload();
        let (step, heard) = match frame.opcode() {
            OpCode::Text => (
                steps::websocket_message_received("text", payload),
                Heard::Text(frame.as_str().to_owned()),
            ),
            OpCode::Binary => {
                (steps::websocket_message_received("binary", payload), Heard::Binary(payload.len()))
            }
            OpCode::Ping => (steps::websocket_ping_received(payload), Heard::Ping),
            OpCode::Pong => (steps::websocket_pong_received(payload), Heard::Pong),
            OpCode::Close => {
                let code = frame.close_code().map_or(0, u16::from);
                let reason = frame.close_reason().ok().flatten().unwrap_or_default();
                (steps::websocket_close_received(code, reason), Heard::Close)
            }
            OpCode::Continuation => {
                return Err(self.actor.expected("whole messages", "a part of one came"));
            }
        };
        self.actor.say(step);
        Ok(heard)
    }

    /// Waits for something.
    pub(crate) async fn expect(&mut self, expected: Heard) -> Result<(), Failure> {
        let heard = self.hear().await?;
        if heard != expected {
            return Err(self.actor.expected(format!("{expected:?}"), format!("{heard:?} came")));
        }
        Ok(())
    }

    /// Lets the library send its answer to a close that came, and goes.
    pub(crate) async fn leave(mut self) -> Result<(), Failure> {
        match self.socket.next_frame().await {
            Err(error) if error.is_closed() => Ok(()),
            Err(error) => Err(self.actor.failed("answer a close", error)),
            Ok(frame) => Err(self.actor.expected("the end", format!("{:?} came", frame.opcode()))),
        }
    }
}
