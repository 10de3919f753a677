//! Fingerprints of hellos: what a program offers, and in which order, tells which program it is,
//! where addresses and names do not.
//!
//! ```text
//!   JA3    MD5( version , suites , extensions , groups , point formats )        in decimals, joined by -
//!   JA3S   MD5( version , suite , extensions )
//!   JA4    t13d1516h2 _ SHA-256( suites, sorted ) _ SHA-256( extensions, sorted _ signatures )
//! ```
//!
//! GREASE (RFC 8701) is left out of all of them. The forms are those of their makers: JA3 and JA3S
//! by Salesforce, JA4 by FoxIO.

use std::fmt::Write;

use aws_lc_rs::digest;
use md5::{Digest, Md5};

use super::super::fields;
use super::super::handshake::wire::{Hello, extension, first_alpn, is_grease, numbers, vector};
use super::super::version::Version;
use crate::field::{FieldId, Value};
use crate::sink::Sink;
use crate::span::Span;

/// Letters of a hash that JA4 keeps.
const KEPT: usize = 12;

/// Tells the fingerprints of a ClientHello.
pub(super) fn client(hello: &Hello<'_>, sink: &mut dyn Sink) {
    if sink.wants(fields::JA3) || sink.wants(fields::JA3_FULL) {
        let groups = list(hello, extension::SUPPORTED_GROUPS, 2);
        let formats = hello
            .extension(extension::EC_POINT_FORMATS)
            .and_then(|mut data| vector(&mut data, 1))
            .unwrap_or_default();
        let full = format!(
            "{},{},{},{},{}",
            hello.legacy_version.0,
            decimals(hello.suites().map(|suite| suite.0)),
            decimals(hello.extension_types()),
            decimals(groups),
            decimals(formats.iter().map(|format| u16::from(*format))),
        );
        hashed(fields::JA3_FULL, fields::JA3, &full, sink);
    }
    if sink.wants(fields::JA4) {
        sink.field(fields::JA4, Value::Text(&ja4(hello)), Span::NONE);
    }
}

/// Tells the fingerprint of a ServerHello.
pub(super) fn server(hello: &Hello<'_>, sink: &mut dyn Sink) {
    if sink.wants(fields::JA3S) || sink.wants(fields::JA3S_FULL) {
        let (version, suite) = (hello.legacy_version.0, hello.suite().0);
        let full = format!("{version},{suite},{}", decimals(hello.extension_types()));
        hashed(fields::JA3S_FULL, fields::JA3S, &full, sink);
    }
}

fn hashed(full: FieldId, hash: FieldId, text: &str, sink: &mut dyn Sink) {
    sink.field(full, Value::Text(text), Span::NONE);
    let sum = data_encoding::HEXLOWER.encode(&Md5::digest(text.as_bytes()));
    sink.field(hash, Value::Text(&sum), Span::NONE);
}

/// The numbers in a list that an extension holds, behind a length of so many bytes.
fn list<'a>(hello: &Hello<'a>, kind: u16, width: usize) -> impl Iterator<Item = u16> + use<'a> {
    let list = hello.extension(kind).and_then(|mut data| vector(&mut data, width));
    numbers(list.unwrap_or_default())
}

/// Numbers but GREASE, in decimals, joined by dashes.
fn decimals(numbers: impl Iterator<Item = u16>) -> String {
    let mut out = String::new();
    for number in numbers.filter(|number| !is_grease(*number)) {
        let dash = if out.is_empty() { "" } else { "-" };
        // Text takes whatever is written.
        let _ = write!(out, "{dash}{number}");
    }
    out
}

/// Numbers in four hexadecimal digits, joined by commas.
fn digits(numbers: &[u16]) -> String {
    let digits: Vec<String> = numbers.iter().map(|number| format!("{number:04x}")).collect();
    digits.join(",")
}

fn ja4(hello: &Hello<'_>) -> String {
    let mut suites: Vec<u16> =
        hello.suites().map(|suite| suite.0).filter(|number| !is_grease(*number)).collect();
    let types: Vec<u16> = hello.extension_types().filter(|number| !is_grease(*number)).collect();
    let name = if types.contains(&extension::SERVER_NAME) { 'd' } else { 'i' };
    let is_quic = types.contains(&extension::QUIC_PARAMETERS)
        || types.contains(&extension::QUIC_PARAMETERS_OF_DRAFTS);
    let carrier = match (is_quic, hello.legacy_version.is_dtls()) {
        (true, _) => 'q',
        (false, true) => 'd',
        (false, false) => 't',
    };
    let head = format!(
        "{carrier}{}{name}{:02}{:02}{}",
        version(hello),
        suites.len().min(99),
        types.len().min(99),
        alpn(hello),
    );
    suites.sort_unstable();
    let mut extensions: Vec<u16> = types
        .into_iter()
        .filter(|kind| !matches!(*kind, extension::SERVER_NAME | extension::ALPN))
        .collect();
    extensions.sort_unstable();
    let signatures: Vec<u16> = list(hello, extension::SIGNATURE_ALGORITHMS, 2)
        .filter(|number| !is_grease(*number))
        .collect();
    let mut behind = digits(&extensions);
    if !signatures.is_empty() {
        behind = format!("{behind}_{}", digits(&signatures));
    }
    format!("{head}_{}_{}", kept(&digits(&suites)), kept(&behind))
}

/// The first letters of a hash; zeros where there is nothing to hash.
fn kept(text: &str) -> String {
    if text.is_empty() {
        return "0".repeat(KEPT);
    }
    let sum = digest::digest(&digest::SHA256, text.as_bytes());
    data_encoding::HEXLOWER.encode(sum.as_ref()).chars().take(KEPT).collect()
}

/// The highest version that is offered.
fn version(hello: &Hello<'_>) -> &'static str {
    let offered = hello.offered_versions().filter(|version| !is_grease(version.0));
    // Those of DTLS count downwards.
    let highest = if hello.legacy_version.is_dtls() { offered.min() } else { offered.max() };
    match highest {
        Some(Version::TLS13) => "13",
        Some(Version::TLS12) => "12",
        Some(Version::TLS11) => "11",
        Some(Version::TLS10) => "10",
        Some(Version::SSL30) => "s3",
        Some(Version::DTLS13) => "d3",
        Some(Version::DTLS12) => "d2",
        Some(Version::DTLS10) => "d1",
        _ => "00",
    }
}

/// First and last letter of the first protocol that is offered.
fn alpn(hello: &Hello<'_>) -> String {
    let name = hello.extension(extension::ALPN).and_then(first_alpn).unwrap_or_default();
    let Some((first, last)) = name.first().zip(name.last()) else { return "00".to_owned() };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [*first, *last].map(char::from).iter().collect();
    }
    // What is no letter counts in hexadecimal digits.
    format!("{:x}{:x}", first >> 4, last & 0x0f)
}

#[cfg(test)]
mod tests {
    use super::super::super::handshake::wire::{ANYWHERE, Hello};
    use super::*;
    use crate::bytes::Reader;

    /// A ClientHello with suites and extensions.
    fn hello(suites: &[u16], extensions: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.push(0);
        body.extend((2 * suites.len() as u16).to_be_bytes());
        body.extend(suites.iter().flat_map(|suite| suite.to_be_bytes()));
        body.extend([1, 0]);
        let list: Vec<u8> = extensions
            .iter()
            .flat_map(|(kind, data)| {
                [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
            })
            .collect();
        body.extend((list.len() as u16).to_be_bytes());
        body.extend(list);
        body
    }

    #[derive(Default)]
    struct Ear(Vec<String>);

    impl Sink for Ear {
        fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
            if let Value::Text(text) = value {
                self.0.push(format!("{}={text}", field.def().name));
            }
        }
    }

    #[test]
    fn grease_and_order_count_as_their_makers_say() {
        let body = hello(
            &[0x1a1a, 0x1302, 0x1301, 0xc02f],
            &[
                (0x2a2a, &[]),
                (0, b"\0\x09\0\0\x06a.test"),
                (10, &[0, 4, 0x3a, 0x3a, 0, 29]),
                (11, &[1, 0]),
                (13, &[0, 4, 4, 3, 8, 4]),
                (16, b"\0\x0c\x02h2\x08http/1.1"),
                (43, &[6, 0x4a, 0x4a, 3, 4, 3, 3]),
            ],
        );
        let hello = Hello::client(Reader::new(&body, ANYWHERE)).unwrap();
        let mut ear = Ear::default();
        client(&hello, &mut ear);
        // The hashes are those of Python's hashlib over the texts.
        assert_eq!(
            ear.0,
            [
                "tls.handshake.ja3_full=771,4866-4865-49199,0-10-11-13-16-43,29,0",
                "tls.handshake.ja3=02fcddf09513132d52fd1fc0e2f18053",
                "tls.handshake.ja4=t13d0306h2_40b44b994229_fb71836bce29",
            ]
        );
    }

    #[test]
    fn nothing_is_zeros() {
        let body = hello(&[], &[]);
        let hello = Hello::client(Reader::new(&body, ANYWHERE)).unwrap();
        assert_eq!(ja4(&hello), "t12i000000_000000000000_000000000000");
    }
}
