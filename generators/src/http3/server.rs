//! The side that answers.

use h3::server::RequestStream;
use hyper::{
    Response,
    body::Bytes,
    header::{HeaderValue, SERVER},
    http::{request, response},
};

use super::{FIELDS, gather};
use crate::{
    Failure,
    actor::Actor,
    quic::Connection,
    steps,
    streamed::{told_request, told_response},
    web::Site,
};

/// A server's end of a connection. What the client says of the connection is read while
/// [`Server::next`] is waited for.
pub(crate) struct Server {
    actor: Actor,
    connection: Connection,
    http: h3::server::Connection<h3_quinn::Connection, Bytes>,
}

/// A request on its stream, and the place for the answer.
pub(crate) struct Question {
    actor: Actor,
    /// Its stream.
    pub(crate) stream: u64,
    /// Its head.
    pub(crate) head: request::Parts,
    pipe: RequestStream<h3_quinn::BidiStream<Bytes>, Bytes>,
}

impl Server {
    /// Opens the three streams and sends SETTINGS.
    pub(crate) async fn begin(actor: &Actor, connection: Connection) -> Result<Server, Failure> {
        let http = h3::server::builder()
            .send_grease(false)
            .max_field_section_size(FIELDS)
            .build(h3_quinn::Connection::new(connection.quic()))
            .await
            .map_err(|error| actor.failed("begin HTTP/3", error))?;
        Ok(Server { actor: actor.clone(), connection, http })
    }

    /// The next request; nothing when the client has ended the connection in order.
    pub(crate) async fn next(&mut self) -> Result<Option<Question>, Failure> {
        let failed = |error| self.actor.failed("take a request", error);
        let resolver = match self.http.accept().await {
            Ok(Some(resolver)) => resolver,
            Ok(None) => return Ok(None),
            Err(error) if error.is_h3_no_error() => return Ok(None),
            Err(error) => return Err(self.actor.failed("wait for a request", error)),
        };
        let (request, pipe) = resolver.resolve_request().await.map_err(failed)?;
        let (head, ()) = request.into_parts();
        let stream = pipe.id().into_inner();
        Ok(Some(Question { actor: self.actor.clone(), stream, head, pipe }))
    }

    /// Says how the connection ended, when [`Server::next`] has given nothing.
    pub(crate) async fn finish(self) -> Result<(), Failure> {
        self.connection.ended().await
    }
}

impl Question {
    /// Reads the request to its end, and says what it was.
    pub(crate) async fn read(&mut self) -> Result<Bytes, Failure> {
        let mut body = Vec::new();
        while let Some(piece) = self
            .pipe
            .recv_data()
            .await
            .map_err(|error| self.actor.failed("read a request", error))?
        {
            gather(&mut body, piece);
        }
        let told = told_request(self.stream, &self.head, &body);
        self.actor.say(steps::http3_request_received(&told));
        Ok(body.into())
    }

    /// Answers, all at once.
    pub(crate) async fn answer(&mut self, response: Response<Bytes>) -> Result<(), Failure> {
        let (head, body) = response.into_parts();
        self.answer_head(Response::from_parts(head, ()), &body).await?;
        if !body.is_empty() {
            self.send(body).await?;
        }
        self.end().await
    }

    /// Sends the head of an answer whose content follows piece by piece, and says of it, that all
    /// of `body` will.
    pub(crate) async fn answer_head(
        &mut self,
        response: Response<()>,
        body: &[u8],
    ) -> Result<(), Failure> {
        let mut head: response::Parts = response.into_parts().0;
        head.headers.insert(SERVER, HeaderValue::from_static("wirestage"));
        self.actor.say(steps::http3_response_sent(&told_response(self.stream, &head, body)));
        let sent = self.pipe.send_response(Response::from_parts(head, ())).await;
        sent.map_err(|error| self.actor.failed("answer", error))
    }

    /// Sends a piece of content.
    pub(crate) async fn send(&mut self, piece: Bytes) -> Result<(), Failure> {
        let sent = self.pipe.send_data(piece).await;
        sent.map_err(|error| self.actor.failed("send content", error))
    }

    /// Ends the answer.
    pub(crate) async fn end(&mut self) -> Result<(), Failure> {
        let ended = self.pipe.finish().await;
        ended.map_err(|error| self.actor.failed("end an answer", error))
    }
}

/// Serves one connection, one request after the other, until the client ends it.
pub(crate) async fn serve(
    actor: &Actor,
    site: &'static Site,
    connection: Connection,
) -> Result<(), Failure> {
    let mut server = Server::begin(actor, connection).await?;
    while let Some(mut question) = server.next().await? {
        let body = question.read().await?;
        let answer = (site.answer)(&question.head, &body)
            .map_err(|error| actor.cannot("make an answer", error))?;
        question.answer(answer.response).await?;
    }
    server.finish().await
}
