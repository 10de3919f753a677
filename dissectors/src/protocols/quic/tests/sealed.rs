//! A ClientHello sealed inside another (RFC 9849), in the first packets of QUIC: the secrets of
//! what follows go by the random inside.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, TOKEN};
use super::seal::{
    SERVER_HANDSHAKE, crypto, encrypted_extensions, finished, initial, long, secrets,
};
use crate::protocols::stage::{ask, play_keyed, say};
use crate::protocols::tls::tests::ech::{SHARED, accepting, config, inner, outer, sealed};
use crate::secret::{Label, Secret, Secrets};

/// The random of the hello inside, and of the one around it.
const INNER: [u8; 32] = [9; 32];
const OUTER: [u8; 32] = [7; 32];

/// The handshake messages that are read, by their types, and the names that clients ask for.
fn read(log: &Secrets) -> [String; 2] {
    let hello = [crypto(0, &outer(0, &sealed())), vec![0; 700]].concat();
    let asked =
        long(0xc0, (CHOSEN, OF_CLIENT), Some(&[]), &initial(CHOSEN, "client in"), 0, &hello);
    let ids = (OF_CLIENT, OF_SERVER);
    let answer = crypto(0, &accepting(&[], &inner()));
    let answer = long(0xc0, ids, Some(&[]), &initial(CHOSEN, "server in"), 0, &answer);
    let rest = crypto(0, &[encrypted_extensions(b"h3", TOKEN), finished()].concat());
    let rest = long(0xe0, ids, None, &SERVER_HANDSHAKE, 0, &rest);
    let played = play_keyed(PORTS, &[ask(asked), say([answer, rest].concat())], log);
    ["tls.handshake.type", "tls.handshake.extensions_server_name"].map(|name| played.values(name))
}

#[test]
fn a_sealed_hello_opens_in_quic_and_what_follows_goes_by_its_random() {
    let mut log = Secrets::default();
    for secret in secrets() {
        log.insert(Secret { client_random: INNER, ..secret });
    }
    assert_eq!(read(&log), ["1 2", "public.example"]);
    for (label, bytes) in [(Label::EchSecret, SHARED.to_vec()), (Label::EchConfig, config())] {
        log.insert(Secret { label, client_random: OUTER, bytes });
    }
    assert_eq!(read(&log), ["1 1 2 8 20", "public.example secret.example"]);
}
