//! Messages made by hand, read back.

mod messages;
mod names;
mod pairing;
mod probing;
mod records;
mod robust;
mod sentences;
mod telling;

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, play_over, say};

/// A name without compression.
fn name(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in text.split('.').filter(|label| !label.is_empty()) {
        out.push(label.len() as u8);
        out.extend(label.bytes());
    }
    out.push(0);
    out
}

/// A text behind its length.
fn text(text: &str) -> Vec<u8> {
    [&[text.len() as u8], text.as_bytes()].concat()
}

fn question(of: &str, kind: u16) -> Vec<u8> {
    [name(of), kind.to_be_bytes().to_vec(), vec![0, 1]].concat()
}

/// A record of class IN that lives for five minutes.
fn record(of: &str, kind: u16, data: &[u8]) -> Vec<u8> {
    let fixed = [kind.to_be_bytes(), [0, 1], [0, 0], 300u16.to_be_bytes()].concat();
    let len = (data.len() as u16).to_be_bytes().to_vec();
    [name(of), fixed, len, data.to_vec()].concat()
}

/// An OPT record for datagrams of 1232 bytes: what stands for a lifetime, and its options.
fn opt(ttl: [u8; 4], options: &[u8]) -> Vec<u8> {
    let len = (options.len() as u16).to_be_bytes();
    [&[0, 0, 41, 0x04, 0xd0], &ttl[..], &len[..], options].concat()
}

/// A message: id, flags, and what stands in its four sections.
fn message(id: u16, flags: u16, sections: [&[Vec<u8>]; 4]) -> Vec<u8> {
    let mut out = [id.to_be_bytes(), flags.to_be_bytes()].concat();
    for section in sections {
        out.extend((section.len() as u16).to_be_bytes());
    }
    sections.into_iter().flatten().for_each(|part| out.extend(part));
    out
}

/// A question that wants recursion.
fn query(id: u16, of: &str, kind: u16) -> Vec<u8> {
    message(id, 0x0100, [&[question(of, kind)], &[], &[], &[]])
}

/// An answer with these records.
fn answer(id: u16, of: &str, kind: u16, records: &[Vec<u8>]) -> Vec<u8> {
    message(id, 0x8180, [&[question(of, kind)], records, &[], &[]])
}

/// The message behind its length.
fn framed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes(), message].concat()
}

fn over_udp(port: u16, steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, port], began: None }, steps)
}

fn over_tcp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Stream, ports: [40000, 53], began: None }, steps)
}

/// The row of one datagram.
fn row(port: u16, message: &[u8]) -> String {
    over_udp(port, &[ask(message)]).rows()
}

/// What is said of the data of a record of that type, each field without its first word.
fn data(kind: u16, data: &[u8]) -> String {
    let message = answer(1, "e.org", kind, &[record("e.org", kind, data)]);
    let stage = over_udp(53, &[ask(query(1, "e.org", kind)), say(message)]);
    let heard = stage.describe(&stage.messages()[1]);
    let fields = heard.fields.iter().skip_while(|(name, _)| *name != "dns.resp.len").skip(1);
    let fields = fields.take_while(|(name, _)| *name != "dns.response_to");
    let mut said: Vec<String> = fields
        .map(|(name, value)| format!("{}={value}", name.trim_start_matches("dns.")))
        .collect();
    said.extend(heard.notes.iter().map(|note| format!("!{note}")));
    said.join(" ")
}
