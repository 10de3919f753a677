//! One page inside TLS: what client and server do in scenarios that are about the handshake.

use std::net::SocketAddr;

use tokio::{net::TcpListener, sync::oneshot};

use super::{Client, Server, close_after, close_first};
use crate::{Failure, web};

impl Server {
    /// Listens, and serves one connection.
    pub(crate) async fn serve_once(
        &self,
        listening: oneshot::Sender<SocketAddr>,
    ) -> Result<(), Failure> {
        let listener = self.actor.listen(web::HTTPS, listening)?;
        self.serve(&listener).await
    }

    /// Serves the next connection: its handshake, then pages for as long as the client asks. Closes
    /// after the client.
    pub(crate) async fn serve(&self, listener: &TcpListener) -> Result<(), Failure> {
        let connection = self.accept(self.actor.accept(listener).await?).await?;
        let connection = web::serve(&self.actor, &web::PAGES, connection).await?;
        close_after(&self.actor, connection, "client").await
    }
}

impl Client {
    /// Waits for the server, and fetches its page once.
    pub(crate) async fn fetch_once(
        &self,
        server_address: oneshot::Receiver<SocketAddr>,
    ) -> Result<(), Failure> {
        self.fetch(self.actor.hear(server_address).await?).await
    }

    /// Connects, completes the handshake, fetches the page, and closes first.
    pub(crate) async fn fetch(&self, server: SocketAddr) -> Result<(), Failure> {
        let connection = self.connect(self.actor.connect(server).await?).await?;
        let page = web::front_page(self.actor.stage());
        let connection = web::visit(&self.actor, connection, page).await?;
        close_first(&self.actor, connection, "server").await
    }
}
