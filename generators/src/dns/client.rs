//! The client's side of DNS: one question at a time, over UDP or TCP, to the one server it was
//! given.

use std::{net::SocketAddr, time::Duration};

use hickory_net::{
    DnsHandle, DnsMultiplexer,
    client::Client as Handle,
    proto::{
        op::{DnsRequest, DnsRequestOptions, DnsResponse, Query},
        rr::{Name, RecordType},
    },
    runtime::iocompat::AsyncIoTokioAsStd,
    tcp::{TcpClientStream, TcpStream},
    udp::UdpClientStream,
    xfer::{DnsRequestSender, FirstAnswer},
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Over, sockets::Sockets, spelled, told_record};
use crate::{Failure, actor::Actor, lent::Lent, names, steps};

/// How long an answer may take. Longer than any scenario: its own limit ends the run first.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a query asks, as the transcript spells it.
pub(super) struct Asked {
    name: String,
    kind: String,
    size: Option<u16>,
}

/// A client that knows one name server.
pub(crate) struct Client {
    pub(super) actor: Actor,
    server: SocketAddr,
    options: DnsRequestOptions,
}

impl Client {
    /// A client of the server at `server`, with the knob `edns` heeded.
    pub(crate) fn new(actor: &Actor, server: SocketAddr) -> Client {
        let mut options = DnsRequestOptions::default();
        match actor.stage().knob("edns").parse() {
            Ok(size) => options.edns_payload_len = size,
            Err(_) => options.use_edns = false,
        }
        Client { actor: actor.clone(), server, options }
    }

    /// Asks in one datagram, from a port of its own: together with the message id, a random port is
    /// what an attacker would have to guess to have a forged answer believed (RFC 5452).
    pub(crate) async fn ask(&self, name: &str, kind: RecordType) -> Result<DnsResponse, Failure> {
        let from = SocketAddr::new(self.actor.address()?, 0);
        let sender = UdpClientStream::builder(self.server, Sockets::of(&self.actor))
            .with_bind_addr(Some(from))
            .with_timeout(Some(PATIENCE))
            // UDP may lose a datagram, and a client then asks again. Nothing is lost here, so a
            // second query would only come of a slow machine.
            .with_max_retries(0)
            .build();
        self.exchange(sender, Over::Udp, name, kind).await
    }

    /// Asks over a connection, of TCP or of TLS as `over` says, and gives the connection back.
    pub(crate) async fn ask_over<C>(
        &self,
        (connection, over): (C, Over),
        name: &str,
        kind: RecordType,
    ) -> Result<(DnsResponse, C), Failure>
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static,
    {
        let (connection, given_back) = Lent::new(connection);
        // Each message is preceded by its length in two bytes, written together with it (RFC 7766,
        // section 8).
        let (stream, handle) = TcpStream::from_stream(AsyncIoTokioAsStd(connection), self.server);
        let stream = TcpClientStream::from_stream(stream);
        let sender = DnsMultiplexer::new(stream, handle).with_timeout(PATIENCE);
        let response = self.exchange(sender, over, name, kind).await?;
        Ok((response, self.actor.hear(given_back).await?))
    }

    /// One query and the response to it.
    async fn exchange<S: DnsRequestSender>(
        &self,
        sender: S,
        over: Over,
        name: &str,
        kind: RecordType,
    ) -> Result<DnsResponse, Failure> {
        let request = self.query(name, kind)?;
        let asked = self.asked(&request)?;

        // The library splits in two: a handle to ask with, and the work on the socket, which ends
        // when the handle is gone.
        let (handle, work) = Handle::<Sockets>::from_sender(sender);
        let asking = async move { handle.send(request).first_answer().await };
        let (response, ()) = tokio::join!(asking, work);
        let response = response.map_err(|error| self.actor.failed("get an answer", error))?;

        // The library chose the id of the query and took no response with another.
        self.say_asked(over, response.id, &asked);
        self.say_response(over, &response);
        Ok(response)
    }

    /// The query for records of a kind.
    pub(super) fn query(&self, name: &str, kind: RecordType) -> Result<DnsRequest, Failure> {
        let name = Name::from_ascii(name)
            .map_err(|error| self.actor.failed(format!("make a name of {name:?}"), error))?;
        Ok(DnsRequest::from_query(Query::query(name, kind), self.options))
    }

    /// What a query asks.
    pub(super) fn asked(&self, request: &DnsRequest) -> Result<Asked, Failure> {
        let Some(query) = request.queries.first() else {
            return Err(self.actor.expected("a question in its query", "there is none"));
        };
        Ok(Asked {
            name: spelled(query.name()),
            kind: names::dns_type(query.query_type().into()),
            size: request.edns.as_ref().map(|edns| edns.max_payload()),
        })
    }

    pub(super) fn say_asked(&self, over: Over, id: u16, asked: &Asked) {
        self.actor.say(steps::dns_query_sent(&steps::DnsQuery {
            over: over.word(),
            id,
            name: &asked.name,
            kind: &asked.kind,
            udp_payload: asked.size,
            length: None,
        }));
    }

    pub(super) fn say_response(&self, over: Over, response: &DnsResponse) {
        let length = over.has_length().then(|| response.as_buffer().len());
        self.actor.say(steps::dns_response_received(&steps::DnsResponse {
            over: over.word(),
            id: response.id,
            code: &names::dns_code(response.response_code.into()),
            authoritative: response.authoritative,
            truncated: response.truncation,
            answers: response.answers.len(),
            authorities: response.authorities.len(),
            length,
        }));
        // Of a truncated response only the TC bit counts (RFC 2181, section 9).
        if response.truncation {
            return;
        }
        for (section, records) in
            [("answer", &response.answers), ("authority", &response.authorities)]
        {
            for record in records {
                self.actor.say(steps::dns_record_received(&told_record(section, record)));
            }
        }
    }
}
