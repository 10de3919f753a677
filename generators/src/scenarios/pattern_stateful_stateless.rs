//! Who a client is: kept by one server, or carried by the client.
//!
//! A session that one server keeps is unknown to the next, to which a load balancer may send the
//! client at any time. A token holds what is to be known, until when it is valid, and a signature
//! that every server can check with the same key (as JSON Web Signatures do, RFC 7515), so that it
//! works everywhere, and cannot be forged. That is also why it cannot be taken back: a server that
//! was not told still believes it.

use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE},
    http::request,
};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    perform::{Part, perform},
    web::{self, Answer, Answers, Visitor},
};

/// `pattern-stateful-stateless`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-stateful-stateless",
    group: Group::Patterns,
    title: "Stateful or stateless: who remembers?",
    teaches: "A session lies with the server that began it, and the next server does not know it; a \
              signed token is believed by both, unless it has expired or is forged. \
              What one server has taken back the other still believes, for nobody told it.",
    roles: &[
        Role::CLIENT,
        Role { name: "server", title: "Server A", kind: RoleKind::Server },
        Role { name: "server-b", title: "Server B", kind: RoleKind::Server },
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How often the client comes to each server.
const VISITS: usize = 2;

/// The name of the one session.
const SESSION: &str = "session=b3f1a9";

/// For how many seconds a token is valid, and one that is expired when it is given.
const LIFE: u64 = 3600;
const NO_LIFE: u64 = 0;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    // All servers are given the same key, long before anyone comes.
    let key =
        Arc::new(hmac::Key::new(hmac::HMAC_SHA256, b"known to all servers and to nobody else"));
    let of_b = Arc::clone(&key);
    let (a_listens, a_address) = oneshot::channel();
    let (b_listens, b_address) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, key, a_listens)),
            Part::new("server-b", |actor| server(actor, of_b, b_listens)),
            Part::new("client", |actor| client(actor, [a_address, b_address])),
        ],
    )
}

/// What a server knows.
struct Desk {
    key: Arc<hmac::Key>,
    own: Mutex<Own>,
}

/// What this server knows and the other does not.
#[derive(Default)]
struct Own {
    /// Whether the session was begun here.
    has_session: bool,
    /// The tokens that were taken back here.
    revoked: BTreeSet<String>,
}

impl Answers for Desk {
    async fn answer(&self, head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let field = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        let token = field(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let answer = Response::builder().header(CONTENT_TYPE, "text/plain");
        let (path, life) =
            (head.uri.path(), if head.uri.query().is_some() { NO_LIFE } else { LIFE });
        let response = match path {
            "/login" => {
                own.has_session = true;
                answer.header(SET_COOKIE, SESSION).body(Bytes::from_static(b"Hello, Ada.\n"))
            }
            "/token" => answer.body(self.token(life)?.into()),
            "/revoke" => {
                own.revoked.extend(token.map(str::to_owned));
                return web::empty(StatusCode::NO_CONTENT)
                    .map(Answer::from)
                    .map_err(io::Error::other);
            }
            _ => {
                let by_session = own.has_session && field(COOKIE) == Some(SESSION);
                let by_token =
                    token.is_some_and(|token| self.believes(token) && !own.revoked.contains(token));
                if !(by_session || by_token) {
                    return web::empty(StatusCode::UNAUTHORIZED)
                        .map(Answer::from)
                        .map_err(io::Error::other);
                }
                answer.body(Bytes::from_static(b"You are Ada.\n"))
            }
        };
        response.map(Answer::from).map_err(io::Error::other)
    }
}

impl Desk {
    /// Who it is for, until when, and a signature over both.
    fn token(&self, life: u64) -> Result<String, io::Error> {
        let claims = format!("ada.{}", now() + life);
        let tag = hmac::sign(&self.key, claims.as_bytes());
        Ok(format!("{claims}.{}", BASE64URL_NOPAD.encode(tag.as_ref())))
    }

    /// Whether a token is signed with the key, and still valid. Nothing is looked up.
    fn believes(&self, token: &str) -> bool {
        let Some((claims, tag)) = token.rsplit_once('.') else { return false };
        let Ok(tag) = BASE64URL_NOPAD.decode(tag.as_bytes()) else { return false };
        let until = claims.rsplit('.').next().and_then(|until| until.parse::<u64>().ok());
        hmac::verify(&self.key, claims.as_bytes(), &tag).is_ok()
            && until.is_some_and(|until| until > now())
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Serves the client as often as it comes.
async fn server(
    actor: Actor,
    key: Arc<hmac::Key>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let desk = Desk { key, own: Mutex::default() };
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in 0..VISITS {
        let connection = web::serve(&actor, &desk, actor.accept(&listener).await?).await?;
        connection.close_after("client").await?;
    }
    Ok(())
}

/// Is known at A and not at B, then at both, and takes back at A what B still believes.
async fn client(actor: Actor, [a, b]: [oneshot::Receiver<SocketAddr>; 2]) -> Result<(), Failure> {
    let (a, b) = (actor.hear(a).await?, actor.hear(b).await?);
    let (mut token, mut expired) = (String::new(), String::new());

    let connection = web::talk(&actor, actor.connect(a).await?, async |mut visitor| {
        show(&actor, &mut visitor, "/login", None, StatusCode::OK).await?;
        show(&actor, &mut visitor, "/me?by=session", Some((COOKIE, SESSION)), StatusCode::OK)
            .await?;
        token = show(&actor, &mut visitor, "/token", None, StatusCode::OK).await?;
        expired = show(&actor, &mut visitor, "/token?life=0", None, StatusCode::OK).await?;
        Ok(())
    })
    .await?;
    connection.close_first("server").await?;

    let bearer = |token: &str| format!("Bearer {token}");
    let known = bearer(&token);
    // Another name under the same signature.
    let forged = bearer(&token.replacen("ada", "eve", 1));
    let late = bearer(&expired);
    let connection = web::talk(&actor, actor.connect(b).await?, async |mut visitor| {
        for (target, name, value, status) in [
            ("/me?by=session", COOKIE, SESSION, StatusCode::UNAUTHORIZED),
            ("/me?by=token", AUTHORIZATION, known.as_str(), StatusCode::OK),
            ("/me?by=forged-token", AUTHORIZATION, forged.as_str(), StatusCode::UNAUTHORIZED),
            ("/me?by=expired-token", AUTHORIZATION, late.as_str(), StatusCode::UNAUTHORIZED),
        ] {
            show(&actor, &mut visitor, target, Some((name, value)), status).await?;
        }
        Ok(())
    })
    .await?;
    connection.close_first("server-b").await?;

    let shown = Some((AUTHORIZATION, known.as_str()));
    let connection = web::talk(&actor, actor.connect(a).await?, async |mut visitor| {
        show(&actor, &mut visitor, "/revoke", shown.clone(), StatusCode::NO_CONTENT).await?;
        show(&actor, &mut visitor, "/me?by=revoked-token", shown.clone(), StatusCode::UNAUTHORIZED)
            .await
            .map(drop)
    })
    .await?;
    connection.close_first("server").await?;

    let connection = web::talk(&actor, actor.connect(b).await?, async |mut visitor| {
        show(&actor, &mut visitor, "/me?by=revoked-token", shown.clone(), StatusCode::OK)
            .await
            .map(drop)
    })
    .await?;
    connection.close_first("server-b").await
}

/// Asks with what it has to show, which the target names for whoever looks on, and gives what it is
/// told.
async fn show(
    actor: &Actor,
    visitor: &mut Visitor,
    target: &'static str,
    shown: Option<(hyper::header::HeaderName, &str)>,
    status: StatusCode,
) -> Result<String, Failure> {
    // What changes something is no GET (RFC 9110, section 9.2.1).
    let is_safe = target.starts_with("/me");
    let mut request = if is_safe { web::get(target) } else { web::send(target, "text/plain") };
    if let Some((name, value)) = shown {
        request = request.header(name, value);
    }
    let request = request.body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let heard = visitor.ask(request).await?.must_be(actor, status)?;
    Ok(String::from_utf8_lossy(&heard.body).into_owned())
}
