//! Those in between: bytes handed on unread, and requests handed on one by one.

use std::{
    io,
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use hyper::{
    Request, Response,
    body::Bytes,
    header::{FORWARDED, VIA},
    http::request,
};
use tokio::{io::copy_bidirectional, sync::Mutex};

use crate::{
    Failure,
    actor::Actor,
    counted::Counted,
    web::{Answer, Answers, Visitor},
};

/// Hands bytes on both ways until both directions have ended, and closes both connections: what
/// works at layer 4. `front` is ended by the client first.
pub(crate) async fn splice(
    actor: &Actor,
    mut front: Counted,
    mut back: Counted,
    backend: &'static str,
) -> Result<(), Failure> {
    copy_bidirectional(&mut front, &mut back)
        .await
        .map_err(|source| actor.cannot("hand bytes on", source))?;
    back.close_first(backend).await?;
    front.close_after("client").await
}

/// Hands each request on to the next of several backends: what works at layer 7.
pub(crate) struct Spreading {
    /// For whom.
    client: IpAddr,
    backends: Vec<Mutex<Visitor>>,
    next: AtomicUsize,
}

impl Spreading {
    pub(crate) fn new(client: IpAddr, backends: impl IntoIterator<Item = Visitor>) -> Spreading {
        let backends = backends.into_iter().map(Mutex::new).collect();
        Spreading { client, backends, next: AtomicUsize::new(0) }
    }
}

impl Answers for Spreading {
    async fn answer(&self, head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let backend = self.backends.get(turn % self.backends.len().max(1));
        let mut backend = backend.ok_or_else(|| io::Error::other("no backend"))?.lock().await;

        // It says that it stands in between (RFC 9110, section 7.6.3) and for whom it asks (RFC
        // 7239, section 5.2), which the backend cannot know from its connection.
        let mut request = Request::builder().method(&head.method).uri(&head.uri);
        for (name, value) in &head.headers {
            request = request.header(name, value);
        }
        let request = request
            .header(VIA, "1.1 balancer")
            .header(FORWARDED, format!("for={}", self.client))
            .body(Bytes::copy_from_slice(body))
            .map_err(io::Error::other)?;
        let heard = backend.ask(request).await.map_err(io::Error::other)?;
        Ok(Response::from_parts(heard.head, heard.body).into())
    }
}
