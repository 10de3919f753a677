//! A chat: a request of HTTP turns its connection to WebSocket, and both sides talk as they like.
//!
//! The client asks with `Upgrade: websocket` and a key, and the answer 101 proves that the server
//! understood (RFC 6455, section 1.3). From then on there are frames: the server speaks first here,
//! unasked. What the client sends is masked. Afterwards the same inside TLS, as `wss`.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};
use yawc::Options;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::{Part, perform},
    tls::{self, Authority, Identity, Trust, Version},
    web,
    websocket::{self, Heard, Socket},
};

/// `websocket-chat`
pub static SCENARIO: Scenario = Scenario {
    name: "websocket-chat",
    group: Group::RealTime,
    title: "WebSocket: a conversation over one connection",
    teaches: "A request of HTTP becomes a conversation in which either side speaks when it likes: \
              messages in one frame or in several, pings, and an end with a code. \
              First in the clear, then inside TLS, where the frames are the same and masked all the \
              same.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The well-known ports of `ws` and of `wss`: those of HTTP.
const WS: u16 = 80;
const WSS: u16 = 443;

/// Where the chat is.
const CHAT: &str = "/chat";

/// The size to which the server cuts its frames.
const FRAME: usize = 32;

const WELCOME: &str = "Who is there?";
const NAME: &str = "Ada";
/// Longer than a frame here.
const NEWS: &str = "Hello Ada, two others are here: Grace and Edsger.";
const PICTURE: [u8; 16] = *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let identity = authority.issue(web::SERVER_NAME)?;
    let trust = authority.trust()?;
    let (listening, at) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, identity, listening)),
            Part::new("client", |actor| client(actor, trust, at)),
        ],
    )
}

/// Listens on both ports, and talks on a connection to each.
async fn server(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<[SocketAddr; 2]>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?;
    let (ready, plain_at) = oneshot::channel();
    let plain = actor.listen(WS, ready)?;
    let (ready, sealed_at) = oneshot::channel();
    let sealed = actor.listen(WSS, ready)?;
    let both = [actor.hear(plain_at).await?, actor.hear(sealed_at).await?];
    actor.tell(listening, both)?;

    let options = Options::default().with_max_fragment_size(FRAME);
    let connection = actor.accept(&plain).await?;
    let (socket, given_back) = websocket::accept(&actor, connection, options.clone()).await?;
    attend(socket).await?;
    actor.hear(given_back).await?.close_first("client").await?;

    let connection = tls.accept(actor.accept(&sealed).await?).await?;
    let (socket, given_back) = websocket::accept(&actor, connection, options).await?;
    attend(socket).await?;
    tls::close_first(&actor, actor.hear(given_back).await?, "client").await
}

/// The server's part of the conversation.
async fn attend<S>(mut socket: Socket<S>) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // Nothing was asked: in HTTP a server could not.
    socket.text(WELCOME).await?;
    socket.expect(Heard::Text(NAME.to_owned())).await?;
    // In several frames: only the last has the bit FIN.
    socket.text(NEWS).await?;
    socket.ping("there?").await?;
    socket.expect(Heard::Pong).await?;
    socket.binary(PICTURE.to_vec()).await?;
    socket.expect(Heard::Close).await?;
    socket.leave().await
}

/// Chats in the clear, and then where nobody listens.
async fn client(
    actor: Actor,
    trust: Trust,
    at: oneshot::Receiver<[SocketAddr; 2]>,
) -> Result<(), Failure> {
    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust)?;
    let [plain, sealed] = actor.hear(at).await?;

    let connection = actor.connect(plain).await?;
    let options = Options::default();
    let (socket, given_back) =
        websocket::open(&actor, connection, "ws", CHAT, options.clone()).await?;
    visit(socket).await?;
    actor.hear(given_back).await?.close_after("server").await?;

    let connection = tls.connect(actor.connect(sealed).await?).await?;
    let (socket, given_back) = websocket::open(&actor, connection, "wss", CHAT, options).await?;
    visit(socket).await?;
    tls::close_after(&actor, actor.hear(given_back).await?, "server").await
}

/// The client's part of the conversation.
async fn visit<S>(mut socket: Socket<S>) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    socket.expect(Heard::Text(WELCOME.to_owned())).await?;
    socket.text(NAME).await?;
    socket.expect(Heard::Text(NEWS.to_owned())).await?;
    // The library sends the pong while the next message is waited for.
    socket.expect(Heard::Ping).await?;
    socket.expect(Heard::Binary(PICTURE.len())).await?;
    socket.close("bye").await?;
    // The other side's close is the last frame; who was asked closes the connection.
    socket.expect(Heard::Close).await
}
