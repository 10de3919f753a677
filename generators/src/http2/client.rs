//! The side that asks.

use std::{future::poll_fn, net::SocketAddr};

use h2::{
    PingPong, Reason, RecvStream, SendStream,
    client::{Builder, ResponseFuture, SendRequest},
};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    header::{ACCEPT, USER_AGENT},
    http::{self, response},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
    task::JoinHandle,
};

use super::{Settings, code, drain, read};
use crate::{
    Failure,
    actor::Actor,
    lent::Lent,
    steps,
    streamed::{told_request, told_response},
    tls::{self, Trust, Version},
    web::SERVER_NAME,
};

/// A request for a page. Scheme and authority are fields of their own in HTTP/2 (RFC 9113, section
/// 8.3.1), so the library wants the whole URI.
pub(crate) fn get(scheme: &str, path: &str) -> http::request::Builder {
    Request::builder()
        .method(Method::GET)
        .uri(format!("{scheme}://{SERVER_NAME}{path}"))
        .header(USER_AGENT, "wirestage")
        .header(ACCEPT, "text/html")
}

/// The whole of a client inside TLS that asks for all of these before it listens to any: whatever
/// order their answers come in, it was the server's choice.
pub(crate) async fn ask_for_all<const N: usize>(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
    paths: [&'static str; N],
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_2, trust)?;
    let server = actor.hear(server_address).await?;
    let connection = tls.connect(actor.connect(server).await?).await?;
    let mut client = Client::begin(&actor, connection, Settings::NO_PUSH).await?;

    let mut asked = Vec::new();
    for path in paths {
        let request = get("https", path).body(Bytes::new());
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        asked.push(client.ask(request).await?);
    }
    for asked in asked {
        client.hear(asked.stream, asked.answer).await?;
    }
    client.say_streams_allowed();

    let mut connection = client.finish().await?;
    drain(&actor, &mut connection).await?;
    tls::close_after(&actor, connection, "server").await
}

/// A client's end of a connection.
pub(crate) struct Client<C> {
    actor: Actor,
    sender: SendRequest<Bytes>,
    pings: Option<PingPong>,
    /// Moves the frames, and ends when nobody can ask any more.
    moving: JoinHandle<Result<(), h2::Error>>,
    given_back: oneshot::Receiver<C>,
}

/// A request that was sent.
pub(crate) struct Asked {
    /// Its stream.
    pub(crate) stream: u32,
    /// Becomes the head of the answer.
    pub(crate) answer: ResponseFuture,
    /// Our direction of the stream, by which it can be given up.
    pub(crate) content: SendStream<Bytes>,
}

/// An answer whose content is still to come.
pub(crate) struct Heard {
    stream: u32,
    head: response::Parts,
    content: RecvStream,
}

impl Heard {
    /// The next piece, which counts against the windows until [`Heard::give_back`].
    pub(crate) async fn piece(&mut self, actor: &Actor) -> Result<Bytes, Failure> {
        match self.content.data().await {
            Some(piece) => piece.map_err(|error| actor.failed("read content", error)),
            None => Err(actor.expected("more content", "it ended")),
        }
    }

    /// Gives room back for so many bytes.
    pub(crate) fn give_back(&mut self, actor: &Actor, bytes: usize) -> Result<(), Failure> {
        self.content
            .flow_control()
            .release_capacity(bytes)
            .map_err(|error| actor.failed("give room back", error))
    }

    /// All that is still to come.
    pub(crate) async fn rest(&mut self, actor: &Actor) -> Result<Bytes, Failure> {
        read(actor, &mut self.content).await
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin + Send + 'static> Client<C> {
    /// Sends the preface and SETTINGS (RFC 9113, section 3.4). Nothing is waited for: requests may
    /// follow at once.
    pub(crate) async fn begin(
        actor: &Actor,
        connection: C,
        settings: Settings,
    ) -> Result<Client<C>, Failure> {
        let (lent, given_back) = Lent::new(connection);
        let mut builder = Builder::new();
        if let Some(enabled) = settings.enable_push {
            builder.enable_push(enabled);
        }
        if let Some(most) = settings.max_concurrent_streams {
            builder.max_concurrent_streams(most);
        }
        if let Some(size) = settings.initial_window_size {
            builder.initial_window_size(size);
        }
        let (sender, mut connection) =
            builder.handshake(lent).await.map_err(|error| actor.failed("begin HTTP/2", error))?;
        settings.say(actor);
        let pings = connection.ping_pong();
        let moving = tokio::spawn(connection);
        Ok(Client { actor: actor.clone(), sender, pings, moving, given_back })
    }

    /// Opens a stream with a request. Does not wait for the answer.
    pub(crate) async fn ask(&mut self, request: Request<Bytes>) -> Result<Asked, Failure> {
        let doing = format!("ask for {}", request.uri());
        self.try_ask(request).await?.map_err(|error| self.actor.failed(doing, error))
    }

    /// Asks where the library may refuse.
    async fn try_ask(
        &mut self,
        request: Request<Bytes>,
    ) -> Result<Result<Asked, h2::Error>, Failure> {
        let (head, body) = request.into_parts();
        let ready = poll_fn(|context| self.sender.poll_ready(context)).await;
        let sent = ready.and_then(|()| {
            let head = Request::from_parts(head.clone(), ());
            self.sender.send_request(head, body.is_empty())
        });
        let (answer, mut content) = match sent {
            Ok(sent) => sent,
            Err(error) => return Ok(Err(error)),
        };
        let stream = answer.stream_id().as_u32();
        self.actor.say(steps::http2_request_sent(&told_request(stream.into(), &head, &body)));
        if !body.is_empty() {
            content
                .send_data(body, true)
                .map_err(|error| self.actor.failed("send content", error))?;
        }
        Ok(Ok(Asked { stream, answer, content }))
    }

    /// Tries a request on a connection of which the server has taken leave: the library must refuse
    /// it.
    pub(crate) async fn ask_in_vain(&mut self, request: Request<Bytes>) -> Result<(), Failure> {
        match self.try_ask(request).await? {
            Err(error) if error.is_go_away() && error.is_remote() => {
                let reason = error.reason().unwrap_or(Reason::NO_ERROR);
                self.actor.say(steps::http2_goaway_received(&code(reason)));
                Ok(())
            }
            Err(error) => Err(self.actor.failed("ask again", error)),
            Ok(_) => Err(self.actor.expected("no further stream", "one was opened")),
        }
    }

    /// Waits for the head of an answer.
    pub(crate) async fn head(
        &self,
        stream: u32,
        answer: impl Future<Output = Result<http::Response<RecvStream>, h2::Error>>,
    ) -> Result<Heard, Failure> {
        let response = answer.await.map_err(|error| self.actor.failed("get an answer", error))?;
        let (head, content) = response.into_parts();
        Ok(Heard { stream, head, content })
    }

    /// Waits for an answer and reads it to its end.
    pub(crate) async fn hear(
        &self,
        stream: u32,
        answer: impl Future<Output = Result<http::Response<RecvStream>, h2::Error>>,
    ) -> Result<(), Failure> {
        let mut heard = self.head(stream, answer).await?;
        let body = heard.rest(&self.actor).await?;
        self.heard(&heard, &body)
    }

    /// Says what an answer was, of which `body` has come.
    pub(crate) fn heard(&self, heard: &Heard, body: &[u8]) -> Result<(), Failure> {
        let told = told_response(heard.stream.into(), &heard.head, body);
        self.actor.say(steps::http2_response_received(&told));
        let status = heard.head.status;
        if status != StatusCode::OK && status != StatusCode::SEE_OTHER {
            return Err(self.actor.expected("an answer", format!("it was {status}")));
        }
        Ok(())
    }

    /// Asks whether the server is there, and waits until it says so.
    pub(crate) async fn ping(&mut self) -> Result<(), Failure> {
        let Some(pings) = &mut self.pings else {
            return Err(self.actor.expected("to send pings", "the library has no place for them"));
        };
        pings
            .ping(h2::Ping::opaque())
            .await
            .map_err(|error| self.actor.failed("send a ping", error))?;
        self.actor.say(steps::http2_ping_answered());
        Ok(())
    }

    /// Says how many streams the server lets be open at once, as the library knows it when an
    /// answer has come: SETTINGS are the first thing a server sends.
    pub(crate) fn say_streams_allowed(&self) {
        self.actor.say(steps::http2_streams_allowed(self.sender.current_max_send_streams()));
    }

    /// Asks for nothing more, and gives the connection back when the library has taken leave of it.
    pub(crate) async fn finish(self) -> Result<C, Failure> {
        let Client { actor, sender, moving, given_back, .. } = self;
        drop(sender);
        moving
            .await
            .map_err(|error| actor.failed("carry HTTP/2", error))?
            .map_err(|error| actor.failed("carry HTTP/2", error))?;
        actor.hear(given_back).await
    }
}
