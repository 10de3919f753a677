//! Hosts: a scan of a thousand ports, addresses of all lengths, IPv6, and neighbours who only ask
//! for each other.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use wirestage_dissectors::ids::Time;
use wirestage_tests::open;

use super::drawn::{self, LEVELS};
use super::lab::{Again, Props, Stop, write};
use super::play::{connect, fetch, serve, server};
use super::told::Recorded;

/// How many ports are tried, from 1 on.
const PORTS: u16 = 1_000;
/// Those on which somebody listens.
const OPEN: [u16; 2] = [80, 443];
/// A client with a low port and a large address, and a server with a high port.
const UNLIKE: [&str; 2] = ["203.0.113.254:1025", "10.9.8.7:50000"];
const IPV6: [&str; 2] = ["[2001:db8:85a3:1234:5678:8a2e:370:7334]:0", "[2001:db8::9]:8080"];

pub(crate) fn scan(_: &Props) -> Result<(), Stop> {
    let listen = |port: &u16| TcpListener::bind(("127.0.0.2", *port));
    let listeners = OPEN.iter().map(listen).collect::<Result<Vec<_>, _>>()?;
    let answers = (1..=PORTS).filter(|port| {
        let address: SocketAddr = ([127, 0, 0, 2], *port).into();
        connect("127.0.0.1:0", &address.to_string()).is_ok()
    });
    assert_eq!(answers.collect::<Vec<_>>(), OPEN);
    drop(listeners);
    Ok(())
}

/// Of a thousand connections the first are told, and all are counted.
pub(crate) fn scanned(path: &Path) {
    let recorded = Recorded::of(path);
    assert_eq!(recorded.wire.connections.len(), usize::from(PORTS));
    recorded.check();
    let (told, notes) = (recorded.story.tracks.len(), &recorded.story.notes);
    let said = format!("Only the first {told} of {PORTS} connections are told.");
    assert!(notes.contains(&said), "{notes:?}");
    let refused = recorded.wire.connections.iter().filter(|one| recorded.wire.is_refused(one));
    let refused = refused.count();
    assert_eq!(refused, usize::from(PORTS) - OPEN.len());
    let document = open(path, Default::default());
    let mut overview = document.overview();
    assert!(overview.look_at_all(&Default::default()) && overview.read(&Default::default()));
    let report = overview.report();
    let headline = report.sums.headline();
    assert!(headline.contains(" of 1000 connections "), "{headline}");
    let said: Vec<&str> = report.rows.iter().map(|row| row.fates.as_str()).collect();
    assert!(said.iter().any(|fates| fates.contains(&format!("{refused} refused"))), "{said:?}");
    drawn::check(&recorded, &LEVELS);
    drawn::check_overview(&document);
}

/// Gives the loopback of the lab more addresses.
fn own(hosts: [&str; 2]) -> Result<(), Stop> {
    for host in hosts {
        let address: SocketAddr = host.parse().expect("an address");
        let (bits, more) = if address.is_ipv6() { (128, " nodad") } else { (32, "") };
        let command = format!("address add {}/{bits} dev lo{more}", address.ip());
        let ran = Command::new("ip").args(command.split(' ')).output();
        let ran = ran.map_err(|error| Stop::Missing(format!("ip: {error}")))?;
        if !ran.status.success() {
            let why = String::from_utf8_lossy(&ran.stderr).into_owned();
            return Err(Stop::Missing(format!("ip {command}: {why}")));
        }
    }
    Ok(())
}

/// A fetch between two hosts.
fn between(hosts: [&str; 2]) -> Result<(), Stop> {
    own(hosts)?;
    let server = soon(|| server(hosts[1], 1, |mut socket| serve(&mut socket)))?;
    fetch(&mut soon(|| connect(hosts[0], hosts[1]))?, 5_000)?;
    server.join().expect("it ends");
    Ok(())
}

/// Tries until a new address can be used: its route may come a little later. Nothing is sent
/// before.
fn soon<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const ATTEMPTS: usize = 500;
    const WAIT: Duration = Duration::from_millis(10);
    let is_early = |error: &io::Error| {
        matches!(error.kind(), ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable)
    };
    for _ in 1..ATTEMPTS {
        match attempt() {
            Err(error) if is_early(&error) => thread::sleep(WAIT),
            done => return done,
        }
    }
    attempt()
}

pub(crate) fn unlike(_: &Props) -> Result<(), Stop> {
    between(UNLIKE)
}

pub(crate) fn ipv6(_: &Props) -> Result<(), Stop> {
    between(IPV6)
}

/// Whoever began is on the left, whatever addresses and ports look like.
pub(crate) fn sided(path: &Path) {
    let mut recorded = Recorded::of(path);
    recorded.plain_exchanges();
    assert_eq!(recorded.exchanges.len(), 1);
    recorded.check();
    let [client, server] = recorded.wire.connections[0].ends.map(|end| end.ip());
    let hosts = [UNLIKE, IPV6].map(|pair| pair.map(|end| end.parse::<SocketAddr>().unwrap().ip()));
    assert!(hosts.contains(&[client, server]), "{client} asked {server}");
    for (number, address) in [client, server].iter().enumerate() {
        let actor = recorded.actor(number);
        assert!(actor.contains(&address.to_string()), "{address} is on place {number}: {actor}");
    }
    assert_eq!(recorded.story.cast.len(), 2);
    drawn::check(&recorded, &LEVELS);
}

/// A request or an answer of ARP between two of three neighbours (RFC 826).
fn arp(operation: u8, from: u8, to: u8) -> Vec<u8> {
    let host = |number: u8| [2, 0, 0, 0, 0, number];
    let is_asked = operation == 1;
    let (whole, none) = ([255; 6], [0; 6]);
    let mut bytes = Vec::new();
    bytes.extend(if is_asked { whole } else { host(to) });
    bytes.extend(host(from));
    bytes.extend([0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, operation]);
    bytes.extend(host(from));
    bytes.extend([192, 0, 2, from]);
    bytes.extend(if is_asked { none } else { host(to) });
    bytes.extend([192, 0, 2, to]);
    bytes.resize(60, 0);
    bytes
}

/// Two questions that are answered, and one that nobody answers.
pub(crate) fn neighbours(path: &Path) {
    let said = [(1, 1, 7), (2, 7, 1), (1, 7, 9), (2, 9, 7), (1, 1, 200)];
    let frames: Vec<Again> = (0..)
        .zip(said)
        .map(|(at, (operation, from, to))| {
            (Time(1_700_000_000_000_000_000 + at * 1_500_000), arp(operation, from, to))
        })
        .collect();
    write(path, &frames);
    let document = open(path, Default::default());
    let story = document.story(None);
    assert!(story.tracks.is_empty(), "no connection was opened");
    let steps = story.steps();
    let told: Vec<_> = steps.iter().filter_map(|id| story.beat(*id)).collect();
    let order: Vec<_> = told.iter().map(|beat| (beat.sent.frame.0, beat.sent.time)).collect();
    let expected: Vec<_> = (0..).zip(&frames).map(|(at, (time, _))| (at, *time)).collect();
    assert_eq!(order, expected, "each frame is a step, in order");
    let names: Vec<String> =
        story.cast.iter().map(|actor| format!("{} {}", actor.name, actor.address)).collect();
    for (beat, (_, from, _)) in told.iter().zip(said) {
        let address = IpAddr::from([192, 0, 2, from]).to_string();
        let actor = &names[usize::from(beat.from.0)];
        assert!(actor.split(' ').any(|word| word == address), "{address} sent it, not {actor}");
    }
    let trips: Vec<_> = story
        .trips
        .iter()
        .map(|trip| (trip.asked.frame.0, trip.answered.frame.0, trip.nanos))
        .collect();
    assert_eq!(trips, [(0, 1, 1_500_000), (2, 3, 1_500_000)]);
    assert_eq!(story.packets as usize, frames.len());
    drawn::check_story("nothing_but_arp", &story, &LEVELS);
}
