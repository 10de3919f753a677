//! The name server's side of DNS: a zone, and the loops that answer out of it over UDP and TCP.
//!
//! `hickory-server` has loops of its own, which take sockets and never give them back. These do the
//! same work over sockets that can be watched.

use std::{convert::Infallible, sync::Arc};

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
use tokio::net::UdpSocket;

use super::{
    over,
    sockets::{Sockets, Watched},
    spelled,
};
use crate::{Failure, actor::Actor, counted::Counted, lent::Lent, names, steps};

/// What the server knows, in the notation that name servers share (RFC 1035, section 5).
const ZONE: &str = include_str!("wirestage.test.zone");

/// A name server with authority over its zone.
pub(crate) struct NameServer {
    actor: Actor,
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
            self.answer(query, Protocol::Udp, to).await?;
        }
    }

    /// Answers what comes over a connection, until the client has nothing more to ask, and gives
    /// the connection back.
    pub(crate) async fn serve_connection(&self, connection: Counted) -> Result<Counted, Failure> {
        let client = connection.peer()?;
        let (connection, given_back) = Lent::new(connection);
        // TCP has no messages: where one ends is told by the two bytes in front of it (RFC 1035,
        // section 4.2.2).
        let (mut queries, responses) =
            TcpStream::from_stream(AsyncIoTokioAsStd(connection), client);
        while let Some(query) = queries.next().await {
            let query = query.map_err(|source| self.actor.cannot("read a query", source))?;
            self.answer(query, Protocol::Tcp, responses.clone()).await?;
        }
        drop(queries);
        self.actor.hear(given_back).await
    }

    /// Answers one query out of the zone. The response leaves when the stream is next asked for a
    /// query.
    async fn answer(
        &self,
        query: SerialMessage,
        protocol: Protocol,
        to: BufDnsStreamHandle,
    ) -> Result<(), Failure> {
        let (bytes, client) = query.into_parts();
        let request = Request::from_bytes(bytes, client, protocol)
            .map_err(|error| self.actor.failed("read a query", error))?;
        self.say_query(&request)?;
        let to = ResponseHandle::new(client, to, protocol);
        let response = self.catalog.handle_request::<_, TokioTime>(&request, to).await;
        self.say_response(protocol, &response);
        Ok(())
    }

    fn say_query(&self, request: &Request) -> Result<(), Failure> {
        let info =
            request.request_info().map_err(|error| self.actor.failed("find a question", error))?;
        let length = (!info.protocol.is_datagram()).then(|| request.as_slice().len());
        self.actor.say(steps::dns_query_received(&steps::DnsQuery {
            over: over(info.protocol),
            id: info.metadata.id,
            name: &spelled(info.query.original().name()),
            kind: &names::dns_type(info.query.query_type().into()),
            udp_payload: request.edns.as_ref().map(Edns::max_payload),
            length,
        }));
        Ok(())
    }

    fn say_response(&self, protocol: Protocol, response: &ResponseInfo) {
        let counts = response.counts();
        self.actor.say(steps::dns_response_sent(&steps::DnsResponse {
            over: over(protocol),
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
