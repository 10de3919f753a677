//! Fetches over TLS: one after the other, and fifty at once.

use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;

use super::drawn::{self, LEVELS};
use super::lab::{Props, Stop};
use super::play::{self, fetch, serve, server};
use super::secure::{Secure, part};
use super::told::Recorded;

const SERVER: &str = "127.0.0.2:443";
const MANY: usize = 50;

/// How long the body of a fetch is: no two are equally long.
fn length(number: usize) -> usize {
    6_000 + 10 * number
}

/// Three, one after the other.
pub(crate) fn three(stage: &Props) -> Result<(), Stop> {
    let secure = Secure::new(&stage.feed);
    let other = secure.clone();
    let server = server(SERVER, 3, move |socket| serve(&mut other.answer(socket)))?;
    for number in 0..3 {
        let mut stream = secure.ask(play::connect("127.0.0.1:0", SERVER)?);
        fetch(&mut stream, length(number))?;
        part(stream)?;
    }
    server.join().expect("it ends");
    Ok(())
}

/// Fifty at once.
pub(crate) fn fifty(stage: &Props) -> Result<(), Stop> {
    let secure = Secure::new(&stage.feed);
    let other = secure.clone();
    let server = server(SERVER, MANY, move |socket| serve(&mut other.answer(socket)))?;
    let together = Arc::new(Barrier::new(MANY));
    let ask = |number: usize| {
        let (secure, together) = (secure.clone(), Arc::clone(&together));
        thread::spawn(move || {
            together.wait();
            let mut stream = secure.ask(play::connect("127.0.0.1:0", SERVER)?);
            fetch(&mut stream, length(number))?;
            part(stream)
        })
    };
    let all: Vec<_> = (0..MANY).map(ask).collect();
    for one in all {
        one.join().expect("it ends")?;
    }
    server.join().expect("it ends");
    Ok(())
}

/// What was said over TLS in each connection: the lengths of question and answer, and of its body.
fn said(recorded: &mut Recorded, count: usize) {
    let lengths: Vec<_> = (0..count).map(length).collect();
    let whole = |length: usize| (play::get(length).len(), play::answer(length).len(), length);
    recorded.sealed_exchanges(&lengths.into_iter().map(whole).collect::<Vec<_>>());
}

pub(crate) fn in_turn(path: &Path) {
    let mut recorded = Recorded::of(path);
    assert_eq!(recorded.wire.connections.len(), 3);
    said(&mut recorded, 3);
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}

pub(crate) fn at_once(path: &Path) {
    let mut recorded = Recorded::of(path);
    assert_eq!(recorded.wire.connections.len(), MANY);
    let spans = recorded.wire.connections.iter().map(|one| (one.first(), one.last()));
    let spans: Vec<_> = spans.collect();
    let meets = spans.windows(2).any(|pair| pair[1].0 < pair[0].1);
    assert!(meets, "no two of them were open at once");
    said(&mut recorded, MANY);
    recorded.check();
    drawn::check(&recorded, &LEVELS);
}
