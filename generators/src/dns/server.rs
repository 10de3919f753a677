//! The name server's side of DNS: a zone, and the loops that answer out of it over UDP and TCP.
//!
//! `hickory-server` has loops of its own, which take sockets and never give them back. These do the
//! same work over sockets that can be watched.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use futures_util::StreamExt;
use hickory_net::{
    BufDnsStreamHandle,
    proto::{
        op::{Edns, SerialMessage},
        rr::{LowerName, Name},
        serialize::txt::Parser,
    },
    runtime::{TokioTime, iocompat::AsyncIoTokioAsStd},
    tcp::TcpStream,
    udp::UdpStream,
    xfer::Protocol,
};
use hickory_server::{
    server::{Request, RequestHandler, ResponseHandle, ResponseInfo},
    store::in_memory::InMemoryZoneHandler,
    zone_handler::{AxfrPolicy, Catalog, ZoneType},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::UdpSocket,
};

use super::{
    Over,
    sockets::{Sockets, Watched},
    spelled,
};
use crate::{Failure, actor::Actor, lent::Lent, names, steps};

/// What the server knows, in the notation that name servers share (RFC 1035, section 5).
const ZONE: &str = include_str!("wirestage.test.zone");

/// A name server with authority over its zone.
pub(crate) struct NameServer {
    pub(super) actor: Actor,
    catalog: Catalog,
}

impl NameServer {
    /// Reads the zone file.
    pub(crate) fn new(actor: &Actor) -> Result<NameServer, Failure> {
        let (origin, records) = Parser::new(ZONE, None, None::<Name>)
            .parse()
            .map_err(|error| actor.failed("read its zone file", error))?;
        let name = LowerName::from(origin.clone());
        let zone = InMemoryZoneHandler::<Sockets>::new(
            origin,
            records,
            ZoneType::Primary,
            // The zone as a whole is for secondary servers to copy, and there are none.
            AxfrPolicy::Deny,
        );
        let zone = zone.map_err(|cause| actor.expected("a whole zone", cause))?;
        let mut catalog = Catalog::new();
        catalog.upsert(name, vec![Arc::new(zone)]);
        Ok(NameServer { actor: actor.clone(), catalog })
    }

    /// Answers datagrams, each on its own, and never comes to an end.
    pub(crate) async fn serve_datagrams(&self, socket: UdpSocket) -> Result<Infallible, Failure> {
        let socket = Watched::new(&self.actor, socket)?;
        let here = socket.here();
        let (mut queries, responses) = UdpStream::<Sockets>::with_bound(socket, here);
        loop {
            let query = queries.next().await.transpose();
            let query = query.map_err(|source| self.actor.cannot("receive a query", source))?;
            let Some(query) = query else {
                return Err(self.actor.expected("queries for ever", "the socket has ended"));
            };
            // The answer goes where the query came from.
            let to = responses.with_remote_addr(query.addr());
            self.answer(query, Over::Udp, to).await?;
        }
    }

    /// Answers what comes over a connection from `client`, of TCP or of TLS as `over` says, until
    /// the client has nothing more to ask, and gives the connection back.
    pub(crate) async fn serve_connection<C>(
        &self,
        (connection, over): (C, Over),
        client: SocketAddr,
    ) -> Result<C, Failure>
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static,
    {
        let (connection, given_back) = Lent::new(connection);
        // TCP has no messages: where one ends is told by the two bytes in front of it (RFC 1035,
        // section 4.2.2).
        let (mut queries, responses) =
            TcpStream::from_stream(AsyncIoTokioAsStd(connection), client);
        while let Some(query) = queries.next().await {
            let query = query.map_err(|source| self.actor.cannot("read a query", source))?;
            self.answer(query, over, responses.clone()).await?;
        }
        drop(queries);
        self.actor.hear(given_back).await
    }

    /// Answers one query out of the zone, and gives the response.
    pub(super) async fn answer_bytes(
        &self,
        query: Vec<u8>,
        client: SocketAddr,
        over: Over,
    ) -> Result<Vec<u8>, Failure> {
        let (to, mut responses) = BufDnsStreamHandle::new(client);
        self.answer(SerialMessage::new(query, client), over, to).await?;
        match responses.next().await {
            Some(response) => Ok(response.into_parts().0),
            None => Err(self.actor.expected("a response", "the zone gave none")),
        }
    }

    /// Answers one query out of the zone. The response leaves when the stream is next asked for a
    /// query.
    async fn answer(
        &self,
        query: SerialMessage,
        over: Over,
        to: BufDnsStreamHandle,
    ) -> Result<(), Failure> {
        // To the library all is TCP that is no datagram: nothing limits an answer.
        let protocol = if over == Over::Udp { Protocol::Udp } else { Protocol::Tcp };
        let (bytes, client) = query.into_parts();
        let request = Request::from_bytes(bytes, client, protocol)
            .map_err(|error| self.actor.failed("read a query", error))?;
        self.say_query(&request, over)?;
        let to = ResponseHandle::new(client, to, protocol);
        let response = self.catalog.handle_request::<_, TokioTime>(&request, to).await;
        self.say_response(over, &response);
        Ok(())
    }

    fn say_query(&self, request: &Request, over: Over) -> Result<(), Failure> {
        let info =
            request.request_info().map_err(|error| self.actor.failed("find a question", error))?;
        let length = over.has_length().then(|| request.as_slice().len());
        self.actor.say(steps::dns_query_received(&steps::DnsQuery {
            over: over.word(),
            id: info.metadata.id,
            name: &spelled(info.query.original().name()),
            kind: &names::dns_type(info.query.query_type().into()),
            udp_payload: request.edns.as_ref().map(Edns::max_payload),
            length,
        }));
        Ok(())
    }

    fn say_response(&self, over: Over, response: &ResponseInfo) {
        let counts = response.counts();
        self.actor.say(steps::dns_response_sent(&steps::DnsResponse {
            over: over.word(),
            id: response.id,
            code: &names::dns_code(response.response_code.into()),
            authoritative: response.authoritative,
            truncated: response.truncation,
            answers: counts.answers.into(),
            authorities: counts.authorities.into(),
            length: None,
        }));
    }
}
