//! A client, a proxy and a backend: in the clear, with TLS up to the proxy, and with nginx.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wirestage_dissectors::story::Proof;

use super::drawn::{self, LEVELS};
use super::lab::{Props, Stop};
use super::play::{Head, answer, connect, fetch, get, serve, server};
use super::secure::{Secure, part};
use super::told::Recorded;

const PROXY: &str = "127.0.0.5:8081";
const PROXY_SECURE: &str = "127.0.0.5:8443";
const BACKEND: &str = "127.0.0.3:8080";
/// The lengths of the two bodies that are fetched through it.
const LENGTHS: [usize; 2] = [6_000, 7_000];
/// So long nginx may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hands each request on, and its answer back, over one connection to the backend.
fn pass(client: &mut (impl Read + Write)) -> io::Result<()> {
    let mut backend: Option<TcpStream> = None;
    while let Some(head) = Head::read(client)? {
        let stream = match &mut backend {
            Some(stream) => stream,
            none => none.insert(connect("127.0.0.5:0", BACKEND)?),
        };
        let head = head.text.replace("shop.test", "backend.test");
        stream.write_all(head.as_bytes())?;
        let head = Head::awaited(stream)?;
        let text = head.text.clone();
        let body = head.body(stream)?;
        client.write_all(&[text.as_bytes(), &body].concat())?;
        client.flush()?;
    }
    Ok(())
}

/// Fetches both bodies over one connection.
fn twice(stream: &mut (impl Read + Write)) -> io::Result<()> {
    LENGTHS.iter().try_for_each(|length| fetch(stream, *length))
}

pub(crate) fn plain(_: &Props) -> Result<(), Stop> {
    let backend = server(BACKEND, 1, |mut socket| serve(&mut socket))?;
    let proxy = server(PROXY, 1, |mut socket| pass(&mut socket))?;
    twice(&mut connect("127.0.0.1:0", PROXY)?)?;
    proxy.join().expect("it ends");
    backend.join().expect("it ends");
    Ok(())
}

pub(crate) fn secure(stage: &Props) -> Result<(), Stop> {
    let secure = Secure::new(&stage.feed);
    let other = secure.clone();
    let backend = server(BACKEND, 1, |mut socket| serve(&mut socket))?;
    let proxy = server(PROXY_SECURE, 1, move |socket| pass(&mut other.answer(socket)))?;
    let mut stream = secure.ask(connect("127.0.0.1:0", PROXY_SECURE)?);
    twice(&mut stream)?;
    part(stream)?;
    proxy.join().expect("it ends");
    backend.join().expect("it ends");
    Ok(())
}

/// One process that stays what it is: who is root only in here may become nobody else.
pub(crate) fn nginx(_: &Props) -> Result<(), Stop> {
    let found = Command::new("nginx").arg("-v").output();
    if found.is_err() {
        return Err(Stop::Missing("nginx is not installed".into()));
    }
    let folder = tempfile::tempdir()?;
    let at = folder.path().display();
    let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {at}/{name};"))
        .concat();
    let settings = format!(
        "daemon off; master_process off; user root root; pid {at}/pid; error_log {at}/errors;
         events {{}}
         http {{ access_log off; {temp}
           upstream backend.test {{ server {BACKEND}; keepalive 4; }}
           server {{ listen {PROXY};
             location / {{ proxy_pass http://backend.test; proxy_http_version 1.1;
               proxy_bind 127.0.0.5; proxy_set_header Connection \"\"; }} }} }}"
    );
    let (file, pid) = (folder.path().join("settings"), folder.path().join("pid"));
    std::fs::write(&file, settings)?;
    let backend = server(BACKEND, 1, |mut socket| serve(&mut socket))?;
    let said = std::fs::File::create(folder.path().join("said"))?;
    let mut proxy = Command::new("nginx").arg("-c").arg(&file).stderr(said).spawn()?;
    // It listens before it writes its number down.
    let begun = Instant::now();
    while !pid.exists() {
        if proxy.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
            let said = std::fs::read_to_string(folder.path().join("said")).unwrap_or_default();
            let _ = proxy.kill();
            return Err(Stop::Missing(format!("nginx does not start: {said}")));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let fetched = connect("127.0.0.1:0", PROXY).and_then(|mut stream| twice(&mut stream));
    proxy.kill()?;
    proxy.wait()?;
    backend.join().expect("it ends");
    Ok(fetched?)
}

/// Both legs in the clear: what passed is told in its order, from left to right.
pub(crate) fn passed(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    in_a_row(&recorded);
}

/// The client's leg is sealed, the backend's is not.
pub(crate) fn opened(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    let whole = |length: usize| (get(length).len(), answer(length).len(), length);
    recorded.sealed_exchanges(&LENGTHS.map(whole));
    in_a_row(&recorded);
}

fn in_a_row(recorded: &Recorded) {
    assert_eq!(recorded.wire.connections.len(), 2);
    assert_eq!(recorded.exchanges.len(), 4, "two requests on each leg");
    recorded.check();
    let hosts: Vec<String> = (0..3).map(|number| recorded.actor(number)).collect();
    let expected = ["127.0.0.1", "127.0.0.5", "127.0.0.3"];
    assert!(hosts.iter().zip(expected).all(|(host, one)| host.contains(one)), "{hosts:?}");
    assert_eq!(recorded.story.cast.len(), 3, "{:?}", recorded.story.cast);
    each_is_handed_on(recorded);
    drawn::check(recorded, &LEVELS);
}

/// The proxy asks from the address at which it is asked: each request is told to be handed on as
/// the one behind it, and no other.
fn each_is_handed_on(recorded: &Recorded) {
    let asked = |front: bool| {
        let all = recorded.exchanges.iter().map(|one| &one.question);
        let ends = |connection: usize| recorded.wire.connections[connection].ends[1].port();
        let own = all.filter(|one| (ends(one.connection) == 8080) != front);
        let mut frames: Vec<usize> = own.map(|one| one.first).collect();
        frames.sort_unstable();
        frames
    };
    let expected: Vec<_> = asked(true).into_iter().zip(asked(false)).collect();
    let frame = |id| recorded.story.beat(id).expect("it is told").sent.frame.index();
    let passages = recorded.story.passages.iter();
    let told: Vec<_> = passages.map(|one| (frame(one.asked), frame(one.handed_on))).collect();
    assert_eq!(told, expected, "{}: requests, and what they were handed on as", recorded.name);
    let proofs = recorded.story.passages.iter().map(|one| (one.same, one.proof, one.attempt));
    assert!(proofs.into_iter().all(|one| one == (true, Proof::Host, 1)), "{}", recorded.name);
}
