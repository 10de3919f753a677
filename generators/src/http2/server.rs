//! The side that answers.

use h2::{
    RecvStream, SendStream,
    server::{Builder, Connection, SendPushedResponse, SendResponse},
};
use hyper::{
    Response,
    body::Bytes,
    header::{HeaderValue, SERVER},
    http::{request, response},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
    task::{JoinError, JoinSet},
};

use super::{Settings, read};
use crate::{
    Failure,
    actor::Actor,
    lent::Lent,
    names, steps,
    streamed::{told_request, told_response},
    web::Site,
};

/// A server's end of a connection. Frames move while [`Server::next`] is waited for.
pub(crate) struct Server<C> {
    actor: Actor,
    connection: Connection<Lent<C>, Bytes>,
    given_back: oneshot::Receiver<C>,
}

/// A request on its stream, and the place for the answer.
pub(crate) struct Question {
    actor: Actor,
    /// Its stream.
    pub(crate) stream: u32,
    /// Its head.
    pub(crate) head: request::Parts,
    content: RecvStream,
    /// Where the answer goes.
    pub(crate) respond: SendResponse<Bytes>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Server<C> {
    /// Sends SETTINGS, and waits for the client's preface (RFC 9113, section 3.4).
    pub(crate) async fn begin(
        actor: &Actor,
        connection: C,
        settings: Settings,
    ) -> Result<Server<C>, Failure> {
        let (lent, given_back) = Lent::new(connection);
        let mut builder = Builder::new();
        if let Some(most) = settings.max_concurrent_streams {
            builder.max_concurrent_streams(most);
        }
        if let Some(size) = settings.initial_window_size {
            builder.initial_window_size(size);
        }
        let connection =
            builder.handshake(lent).await.map_err(|error| actor.failed("begin HTTP/2", error))?;
        settings.say(actor);
        Ok(Server { actor: actor.clone(), connection, given_back })
    }

    /// The next request; nothing when the client has taken leave and every answer is sent.
    pub(crate) async fn next(&mut self) -> Result<Option<Question>, Failure> {
        let Some(next) = self.connection.accept().await else { return Ok(None) };
        let (request, respond) =
            next.map_err(|error| self.actor.failed("take a request", error))?;
        let (head, content) = request.into_parts();
        let stream = respond.stream_id().as_u32();
        Ok(Some(Question { actor: self.actor.clone(), stream, head, content, respond }))
    }

    /// Takes leave in order: no stream is to be opened any more, and those that are open go on
    /// (RFC 9113, section 6.8).
    pub(crate) fn take_leave(&mut self) {
        self.connection.graceful_shutdown();
        self.actor.say(steps::http2_goaway_sent(names::NO_ERROR));
    }

    /// Gives the connection back, when [`Server::next`] has given nothing.
    pub(crate) async fn finish(self) -> Result<C, Failure> {
        let Server { actor, connection, given_back } = self;
        drop(connection);
        actor.hear(given_back).await
    }
}

impl Question {
    /// Reads the request to its end, and says what it was. One that has content must not be read
    /// by whoever also has to take the next: its frames would not move.
    pub(crate) async fn read(&mut self) -> Result<Bytes, Failure> {
        let body = read(&self.actor, &mut self.content).await?;
        let told = told_request(self.stream.into(), &self.head, &body);
        self.actor.say(steps::http2_request_received(&told));
        Ok(body)
    }

    /// Answers, all at once.
    pub(crate) fn answer(&mut self, response: Response<Bytes>) -> Result<(), Failure> {
        let (head, body) = named(response).into_parts();
        let told = told_response(self.stream.into(), &head, &body);
        self.actor.say(steps::http2_response_sent(&told));
        let mut content = self.begin(head, body.is_empty())?;
        if !body.is_empty() {
            self.send(&mut content, body, true)?;
        }
        Ok(())
    }

    /// Sends the head of an answer whose content follows piece by piece, and says of it, that all
    /// of `body` will.
    pub(crate) fn answer_head(
        &mut self,
        response: Response<()>,
        body: &[u8],
    ) -> Result<SendStream<Bytes>, Failure> {
        let head = named(response).into_parts().0;
        self.actor.say(steps::http2_response_sent(&told_response(self.stream.into(), &head, body)));
        self.begin(head, false)
    }

    /// Sends a piece of content.
    pub(crate) fn send(
        &self,
        content: &mut SendStream<Bytes>,
        piece: Bytes,
        is_last: bool,
    ) -> Result<(), Failure> {
        content.send_data(piece, is_last).map_err(|error| self.actor.failed("send content", error))
    }

    fn begin(&mut self, head: response::Parts, ends: bool) -> Result<SendStream<Bytes>, Failure> {
        self.respond
            .send_response(Response::from_parts(head, ()), ends)
            .map_err(|error| self.actor.failed("answer", error))
    }
}

/// Sends an answer on a stream that was promised.
pub(crate) fn push(
    actor: &Actor,
    mut pushed: SendPushedResponse<Bytes>,
    response: Response<Bytes>,
) -> Result<(), Failure> {
    let stream = pushed.stream_id().as_u32();
    let (head, body) = named(response).into_parts();
    actor.say(steps::http2_response_sent(&told_response(stream.into(), &head, &body)));
    pushed
        .send_response(Response::from_parts(head, ()), false)
        .and_then(|mut content| content.send_data(body, true))
        .map_err(|error| actor.failed("push", error))
}

/// The response with the name of the server's program in it.
fn named<B>(mut response: Response<B>) -> Response<B> {
    response.headers_mut().insert(SERVER, HeaderValue::from_static("wirestage"));
    response
}

/// Serves one connection out of a site.
pub(crate) async fn serve<C>(
    actor: &Actor,
    site: &'static Site,
    connection: C,
    settings: Settings,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    serve_with(actor, connection, settings, |question| reply(site, question)).await
}

/// Serves one connection: each request in a task of its own, so that a slow one holds up no other.
/// Gives the connection back when the client has taken leave.
pub(crate) async fn serve_with<C, F>(
    actor: &Actor,
    connection: C,
    settings: Settings,
    reply: impl Fn(Question) -> F,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let mut server = Server::begin(actor, connection, settings).await?;
    let mut answering = JoinSet::new();
    loop {
        tokio::select! {
            question = server.next() => match question? {
                Some(question) => drop(answering.spawn(reply(question))),
                None => break,
            },
            Some(answered) = answering.join_next() => take(actor, answered)?,
        }
    }
    server.finish().await
}

/// Takes what a task ended with.
pub(crate) fn take(
    actor: &Actor,
    done: Result<Result<(), Failure>, JoinError>,
) -> Result<(), Failure> {
    done.map_err(|error| actor.failed("answer", error))?
}

async fn reply(site: &'static Site, mut question: Question) -> Result<(), Failure> {
    let body = question.read().await?;
    let answer = (site.answer)(&question.head, &body)
        .map_err(|error| question.actor.cannot("make an answer", error))?;
    tokio::time::sleep(answer.thinking).await;
    question.answer(answer.response)
}
