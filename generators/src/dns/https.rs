//! DNS as content of HTTP (RFC 8484): a query is posted, and its response is the answer's body.

use std::{net::SocketAddr, sync::Arc};

use hickory_net::proto::{op::DnsResponse, rr::RecordType};
use hyper::{
    Method, Request, Response,
    body::Bytes,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Client, NameServer, Over};
use crate::{
    Failure,
    http2::{self, Question, Settings},
    web::SERVER_NAME,
};

/// A message of DNS, as media types name it (RFC 8484, section 6).
const MESSAGE: &str = "application/dns-message";

/// Where the name server is asked. A client learns it from the server's URI template (RFC 8484,
/// section 3).
const PATH: &str = "/dns-query";

impl Client {
    /// Asks by a POST on a connection of HTTP/2.
    pub(crate) async fn ask_https<C>(
        &self,
        http: &mut http2::Client<C>,
        name: &str,
        kind: RecordType,
    ) -> Result<DnsResponse, Failure>
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut query = self.query(name, kind)?;
        // The stream ties the answer to the question; an id of zero lets caches of HTTP see that
        // two questions are the same (RFC 8484, section 4.1).
        query.metadata.id = 0;
        let asked = self.asked(&query)?;
        let body = query.to_vec().map_err(|error| self.actor.failed("write its query", error))?;
        self.say_asked(Over::Https, query.id, &asked);

        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("https://{SERVER_NAME}{PATH}"))
            .header(ACCEPT, MESSAGE)
            .header(CONTENT_TYPE, MESSAGE)
            .body(Bytes::from(body))
            .map_err(|error| self.actor.failed("write its request", error))?;
        let asked = http.ask(request).await?;
        let mut heard = http.head(asked.stream, asked.answer).await?;
        let body = heard.rest(&self.actor).await?;
        http.heard(&heard, &body)?;
        let response = DnsResponse::from_buffer(body.to_vec())
            .map_err(|error| self.actor.failed("read the response", error))?;
        self.say_response(Over::Https, &response);
        Ok(response)
    }
}

/// Answers what is posted on a connection of HTTP/2 from `client`, until the client has nothing
/// more to ask, and gives the connection back.
pub(crate) async fn serve<C>(
    server: NameServer,
    connection: C,
    client: SocketAddr,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let actor = server.actor.clone();
    let server = Arc::new(server);
    let reply = move |question| answer(Arc::clone(&server), question, client);
    http2::serve_with(&actor, connection, Settings::HUNDRED_STREAMS, reply).await
}

async fn answer(
    server: Arc<NameServer>,
    mut question: Question,
    client: SocketAddr,
) -> Result<(), Failure> {
    let query = question.read().await?;
    let body = server.answer_bytes(query.to_vec(), client, Over::Https).await?;
    let response = Response::builder()
        .header(CONTENT_TYPE, MESSAGE)
        // No longer than the shortest of its records may be kept (RFC 8484, section 5.1).
        .header(CACHE_CONTROL, "max-age=20")
        .body(Bytes::from(body))
        .map_err(|error| server.actor.failed("write its answer", error))?;
    question.answer(response)
}
