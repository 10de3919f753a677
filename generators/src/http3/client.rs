//! The side that asks.

use std::{future::poll_fn, net::SocketAddr};

use h3::client::{RequestStream, SendRequest};
use hyper::{Request, StatusCode, body::Bytes};
use tokio::{sync::oneshot, task::JoinHandle};

use super::{FIELDS, H3_NO_ERROR, gather, get};
use crate::{
    Failure,
    actor::Actor,
    quic::{self, Connection, Settings},
    steps,
    streamed::{told_request, told_response},
    tls::{HTTP_3, Trust},
};

/// The whole of a client that asks for all of these before it listens to any, each on a stream of
/// its own.
pub(crate) async fn ask_for_all<const N: usize>(
    actor: Actor,
    trust: Trust,
    server_address: oneshot::Receiver<SocketAddr>,
    paths: [&'static str; N],
) -> Result<(), Failure> {
    let client = quic::Client::new(&actor, Settings::of(HTTP_3), trust)?;
    let server = actor.hear(server_address).await?;
    let connection = client.connect(server).await?;
    let mut http = Client::begin(&actor, connection).await?;

    let mut asked = Vec::new();
    for path in paths {
        let request = get(path).body(Bytes::new());
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        asked.push(http.ask(request).await?);
    }
    for asked in asked {
        http.hear(asked).await?;
    }
    http.close().await?;
    client.finish().await;
    Ok(())
}

/// A client's end of a connection.
pub(crate) struct Client {
    actor: Actor,
    connection: Connection,
    sender: SendRequest<h3_quinn::OpenStreams, Bytes>,
    /// Reads what the server says of the connection, and ends with it.
    driving: JoinHandle<()>,
}

/// A request that was sent.
pub(crate) struct Asked {
    stream: u64,
    answer: RequestStream<h3_quinn::BidiStream<Bytes>, Bytes>,
}

impl Client {
    /// Opens the three streams and sends SETTINGS. Nothing is waited for: requests may follow at
    /// once (RFC 9114, section 7.2.4.2).
    pub(crate) async fn begin(actor: &Actor, connection: Connection) -> Result<Client, Failure> {
        let (mut driver, sender) = h3::client::builder()
            // Frames that mean nothing, for exercise, are a lesson of their own.
            .send_grease(false)
            .max_field_section_size(FIELDS)
            .build(h3_quinn::Connection::new(connection.quic()))
            .await
            .map_err(|error| actor.failed("begin HTTP/3", error))?;
        let driving = tokio::spawn(async move {
            // Why it ended the connection below knows better.
            let _ = poll_fn(|context| driver.poll_close(context)).await;
        });
        Ok(Client { actor: actor.clone(), connection, sender, driving })
    }

    /// Opens a stream with a request. Does not wait for the answer.
    pub(crate) async fn ask(&mut self, request: Request<Bytes>) -> Result<Asked, Failure> {
        let (head, body) = request.into_parts();
        let failed = |error| self.actor.failed(format!("ask for {}", head.uri), error);
        let asking = Request::from_parts(head.clone(), ());
        let mut answer = self.sender.send_request(asking).await.map_err(failed)?;
        let stream = answer.id().into_inner();
        self.actor.say(steps::http3_request_sent(&told_request(stream, &head, &body)));
        if !body.is_empty() {
            answer.send_data(body).await.map_err(failed)?;
        }
        answer.finish().await.map_err(failed)?;
        Ok(Asked { stream, answer })
    }

    /// Waits for an answer and reads it to its end.
    pub(crate) async fn hear(&self, asked: Asked) -> Result<(), Failure> {
        let Asked { stream, mut answer } = asked;
        let failed = |error| self.actor.failed("get an answer", error);
        let head = answer.recv_response().await.map_err(failed)?.into_parts().0;
        let mut body = Vec::new();
        while let Some(piece) = answer.recv_data().await.map_err(failed)? {
            gather(&mut body, piece);
        }
        self.actor.say(steps::http3_response_received(&told_response(stream, &head, &body)));
        if head.status != StatusCode::OK && head.status != StatusCode::SEE_OTHER {
            return Err(self.actor.expected("an answer", format!("it was {}", head.status)));
        }
        Ok(())
    }

    /// Asks for nothing more, and ends the connection.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        let Client { actor, connection, sender, driving } = self;
        connection.close(H3_NO_ERROR, b"");
        drop(sender);
        driving.await.map_err(|error| actor.failed("carry HTTP/3", error))
    }
}
