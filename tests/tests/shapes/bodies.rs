//! Bodies: one that waits for leave, one that is refused on its way, and one of 40 million bytes.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::path::Path;

use super::drawn::{self, LEVELS};
use super::lab::{Props, Stop};
use super::play::{Head, connect, fetch, serve, server};
use super::told::Recorded;

const SERVER: &str = "127.0.0.2:80";
/// The body that is fetched.
const LARGE: usize = 40_000_000;
/// The body that waits.
const HELD: usize = 6_000;
/// The body that is refused: more than both kernels take before anybody reads.
const REFUSED: usize = 30_000_000;

pub(crate) fn large(_: &Props) -> Result<(), Stop> {
    let server = server(SERVER, 1, |mut socket| serve(&mut socket))?;
    fetch(&mut connect("127.0.0.1:0", SERVER)?, LARGE)?;
    server.join().expect("it ends");
    Ok(())
}

pub(crate) fn held_back(_: &Props) -> Result<(), Stop> {
    let server = server(SERVER, 1, |mut socket| serve(&mut socket))?;
    let mut stream = connect("127.0.0.1:0", SERVER)?;
    let head = format!(
        "POST /bytes/20 HTTP/1.1\r\nHost: shop.test\r\nExpect: 100-continue\r\n\
         Content-Length: {HELD}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    let interim = Head::awaited(&mut stream)?;
    assert!(interim.text.starts_with("HTTP/1.1 100 "));
    stream.write_all(&vec![b'u'; HELD])?;
    let head = Head::awaited(&mut stream)?;
    head.body(&mut stream)?;
    drop(stream);
    server.join().expect("it ends");
    Ok(())
}

pub(crate) fn refused(_: &Props) -> Result<(), Stop> {
    let server = server(SERVER, 1, |mut socket| serve(&mut socket))?;
    let mut stream = connect("127.0.0.1:0", SERVER)?;
    let head =
        format!("POST /refused HTTP/1.1\r\nHost: shop.test\r\nContent-Length: {REFUSED}\r\n\r\n");
    let sent = stream.write_all(&[head.as_bytes(), &vec![b'u'; REFUSED]].concat());
    assert!(sent.is_err(), "all of it went although nobody wanted it");
    let _ = stream.shutdown(Shutdown::Both);
    let _ = stream.read_to_end(&mut Vec::new());
    server.join().expect("it ends");
    Ok(())
}

pub(crate) fn whole(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    let [exchange] = &recorded.exchanges[..] else { panic!("{:?}", recorded.exchanges) };
    assert_eq!((exchange.answer.announced, exchange.answer.arrived), (LARGE, LARGE));
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}

pub(crate) fn continued(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    let [interim, last] = &recorded.exchanges[..] else { panic!("{:?}", recorded.exchanges) };
    // The head was answered for now, and the body that it held back for good.
    assert!(
        interim.question.last < interim.answer.first && interim.answer.last < last.question.first
    );
    assert_eq!((last.question.announced, last.question.arrived), (HELD, HELD));
    assert_eq!((last.answer.announced, last.answer.arrived), (20, 20));
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}

pub(crate) fn cut_short(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    let [exchange] = &recorded.exchanges[..] else { panic!("{:?}", recorded.exchanges) };
    assert_eq!(exchange.question.announced, REFUSED);
    assert!(exchange.question.arrived < REFUSED, "{exchange:?}");
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}
