//! Sessions that OpenSSL's client takes up again on another connection: the key log has no line
//! but that of the first.

use std::net::Ipv4Addr;

use etherparse::PacketBuilder;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::{ConnectionId, Direction, ProtocolId, Time};
use wirestage_dissectors::keys::{Begun, Idle, carry, idle};
use wirestage_dissectors::message::{Message, Protection};
use wirestage_dissectors::protocols::{data, tls::fields as tls};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::survey::Survey;

use super::openssl::{Server, folder};
use super::{ANSWERED, ASKED, Sent, says_version};
use crate::skip::skip;

const TEST: &str = "a_session_goes_on_in_other_connections";
const PORT: u16 = 4433;

/// Connections one after the other, from ports that count up.
fn recording(connections: &[&Sent]) -> FrameList {
    let mut frames = FrameList::new();
    let [client, server] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];
    for (port, sent) in (50_000..).zip(connections) {
        let mut numbers = [0_u32; 2];
        for (direction, bytes) in *sent {
            let (own, other) = (direction.index(), direction.reverse().index());
            let (ends, ports) = match direction {
                Direction::Forward => ([client, server], [port, PORT]),
                Direction::Backward => ([server, client], [PORT, port]),
            };
            for piece in bytes.chunks(1_400) {
                let built = PacketBuilder::ipv4(ends[0].octets(), ends[1].octets(), 64)
                    .tcp(ports[0], ports[1], numbers[own], 512)
                    .ack(numbers[other]);
                let mut frame = Vec::new();
                built.write(&mut frame, piece).unwrap();
                frames.push(Time(0), 0, LinkType::RAW, frame);
                numbers[own] += piece.len() as u32;
            }
        }
    }
    frames
}

/// What is said in the last connection, how many of its records stay sealed, and how many of the
/// secrets are good for nothing.
fn read(frames: &FrameList, secrets: &Secrets) -> (String, usize, Idle) {
    let survey = Survey::of(frames, standard());
    let context = Context { frames, secrets, registry: standard() };
    let attribution = Attribution::new(context, &survey);
    let mut secrets = secrets.clone();
    let columns = (&survey, &attribution);
    let one_by_one = |ids: &[_], read: &(dyn Fn(ConnectionId) -> Begun + Sync)| {
        ids.iter().map(|id| read(*id)).collect()
    };
    carry(&mut secrets, (frames, standard()), columns, &one_by_one);
    let context = Context { frames, secrets: &secrets, registry: standard() };
    let unused = idle(context, columns, &one_by_one);
    let last = *attribution.connections(&survey).last().unwrap();
    let mut open = Conversations::new(attribution.into(), usize::MAX);
    let held = open.stretch(last, 0, context, &survey).unwrap();
    let (stretch, view) = (held.stretch(), held.view(frames));
    let is_of = |message: &Message, protocol: ProtocolId| {
        stretch.layer(message.layer).is_some_and(|layer| layer.protocol == protocol)
    };
    let (mut said, mut sealed) = (Vec::new(), 0);
    for message in &stretch.messages {
        if is_of(message, data::PROTOCOL_ID) {
            said.extend_from_slice(view.bytes(message.span));
        }
        let is_sealed = message.protection == Protection::Opaque;
        sealed += usize::from(is_sealed && is_of(message, tls::PROTOCOL_ID));
    }
    (String::from_utf8(said).unwrap(), sealed, unused)
}

#[test]
fn a_session_goes_on_in_other_connections() {
    if !says_version("openssl", "version") {
        return skip(TEST, "openssl is missing");
    }
    let folder = folder("resumption");
    let at = folder.path();
    for ticket in [true, false] {
        let mut arguments = vec!["-cert", "rsa.pem", "-key", "rsa.key"];
        arguments.extend((!ticket).then_some("-no_ticket"));
        let server = Server::start(at, &arguments);
        for version in ["-tls1", "-tls1_1", "-tls1_2"] {
            let cipher = ["-cipher", "AES128-SHA:@SECLEVEL=0"];
            let session = |how: &str| {
                let asked = [&[version][..], &cipher, &[how, "session.pem"]].concat();
                server.session(at, &asked)
            };
            let Some((first, keys)) = session("-sess_out") else {
                eprintln!("{version} is not spoken here");
                continue;
            };
            let (second, _) = session("-sess_in").expect("the session is taken up again");
            let mut secrets = Secrets::default();
            secrets.add_key_log(&keys);
            let name = format!("{version}, ticket: {ticket}");
            let (said, sealed, unused) = read(&recording(&[&first, &second]), &secrets);
            assert_eq!((said, sealed), (format!("{ASKED}{ANSWERED}"), 0), "{name}");
            // OpenSSL logs what was sealed to the server's key as well.
            assert_eq!(unused, Idle { secrets: secrets.len(), idle: 0 }, "{name}");
            // Without the first one nobody knows what it goes on with.
            let (said, sealed, unused) = read(&recording(&[&second]), &secrets);
            assert!(said.is_empty() && sealed > 2, "{name}: {said} {sealed}");
            let all = secrets.len();
            assert_eq!(unused, Idle { secrets: all, idle: all }, "{name}");
            assert!(unused.said().is_some_and(|said| said.contains("open nothing")));
        }
    }
}
