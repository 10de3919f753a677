//! A ClientHello sealed inside another (RFC 9849), made here with HPKE's own key schedule: what
//! opens, what does not and why, and whether the server has taken it.

use super::super::handshake::tests::Sealing;
use super::{HANDSHAKE, TLS12, message, record};
use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{self, Played, ask, play_keyed, say};
use crate::secret::{Label, Secret, Secrets};

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
}

fn server_name(name: &str) -> Vec<u8> {
    let name = [&[0, 0, name.len() as u8][..], name.as_bytes()].concat();
    extension(0, &[&[0, name.len() as u8][..], &name].concat())
}

fn versions() -> Vec<u8> {
    extension(43, &[2, 3, 4])
}

fn share() -> Vec<u8> {
    extension(51, &[&[0, 36, 0, 29, 0, 32][..], &[3; 32]].concat())
}

/// The extension that says: this hello lies inside another.
fn inside() -> Vec<u8> {
    extension(0xfe0d, &[1])
}

/// Extensions that stand outside.
fn outside(kinds: &[u16]) -> Vec<u8> {
    let list: Vec<u8> = kinds.iter().flat_map(|kind| kind.to_be_bytes()).collect();
    extension(0xfd00, &[&[list.len() as u8][..], &list].concat())
}

fn hello_body(random: u8, session: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = extensions.concat();
    [
        &[3, 3][..],
        &[random; 32],
        &[session.len() as u8],
        session,
        &[0, 2, 0x13, 1, 1, 0],
        &(list.len() as u16).to_be_bytes(),
        &list,
    ]
    .concat()
}

/// The ECHConfig that the hello is sealed to.
pub(in crate::protocols) fn config() -> Vec<u8> {
    let name = b"public.example";
    let contents = [
        &[7, 0, 0x20, 0, 4, 1, 2, 3, 4, 0, 4, 0, 1, 0, 1, 64, name.len() as u8][..],
        name,
        &[0, 0],
    ]
    .concat();
    [&[0xfe, 0x0d, 0, contents.len() as u8][..], &contents].concat()
}

pub(in crate::protocols) const SHARED: [u8; 32] = [5; 32];

fn sealing() -> Sealing {
    Sealing::new([0x20, 1, 1], &SHARED, &config())
}

/// A ClientHello message in which `sealed` lies, as the `number`th under its keys.
pub(in crate::protocols) fn outer(number: u64, sealed: &[u8]) -> Vec<u8> {
    let made = |payload: &[u8]| {
        let secret: &[u8] = if number == 0 { &[8; 32] } else { &[] };
        let data = [
            &[0, 0, 1, 0, 1, 7, 0, secret.len() as u8][..],
            secret,
            &(payload.len() as u16).to_be_bytes(),
            payload,
        ]
        .concat();
        let list = [server_name("public.example"), versions(), share(), extension(0xfe0d, &data)];
        hello_body(7, &[5; 32], &list)
    };
    let bound = made(&vec![0; sealed.len() + 16]);
    message(1, &made(&sealing().seal(number, &bound, sealed)))
}

/// What a client seals: a name of its own, two extensions that stand outside, and zeros.
fn sealed_with(list: &[Vec<u8>], padding: &[u8]) -> Vec<u8> {
    [&hello_body(9, &[], list)[..], padding].concat()
}

pub(in crate::protocols) fn sealed() -> Vec<u8> {
    let list = [server_name("secret.example"), outside(&[43, 51]), inside()];
    sealed_with(&list, &[0; 11])
}

/// The hello that it stands for.
pub(in crate::protocols) fn inner() -> Vec<u8> {
    let list = [server_name("secret.example"), versions(), share(), inside()];
    message(1, &hello_body(9, &[5; 32], &list))
}

/// A ServerHello with these last eight bytes in its random.
fn answer(proof: [u8; 8]) -> Vec<u8> {
    let share = extension(51, &[&[0, 29, 0, 32][..], &[4; 32]].concat());
    let list = [extension(43, &[3, 4]), share].concat();
    let random = [&[6; 24][..], &proof].concat();
    let head = [&[3, 3][..], &random, &[32], &[5; 32], &[0x13, 1, 0]].concat();
    message(2, &[&head[..], &(list.len() as u16).to_be_bytes(), &list].concat())
}

/// The same with the proof that it has opened what the client sealed, after what was said before.
pub(in crate::protocols) fn accepting(before: &[u8], last: &[u8]) -> Vec<u8> {
    let transcript = [before, last, &answer([0; 8])].concat();
    answer(Sealing::proof(last, "ech accept confirmation", &transcript))
}

/// A HelloRetryRequest, with a proof if there is to be one.
fn retry(proof: Option<[u8; 8]>) -> Vec<u8> {
    let group = extension(51, &[0, 29]);
    let proof = proof.map(|proof| extension(0xfe0d, &proof)).unwrap_or_default();
    let list = [extension(43, &[3, 4]), group, proof].concat();
    let random = super::super::handshake::wire::RETRY_RANDOM;
    let head = [&[3, 3][..], &random, &[32], &[5; 32], &[0x13, 1, 0]].concat();
    message(2, &[&head[..], &(list.len() as u16).to_be_bytes(), &list].concat())
}

/// A connection with the messages of both sides in turn, and a key log.
fn played(messages: &[Vec<u8>], logged: &[(Label, &[u8])]) -> Played {
    let mut secrets = Secrets::default();
    for (label, bytes) in logged {
        let (label, bytes) = (*label, bytes.to_vec());
        secrets.insert(Secret { label, client_random: [7; 32], bytes });
    }
    let ports = Ports { framing: Framing::Stream, ports: [40000, 443], began: None };
    let mut steps = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        let record = record(HANDSHAKE, TLS12, message);
        steps.push(if number % 2 == 0 { ask(record) } else { say(record) });
    }
    play_keyed(ports, &steps, &secrets)
}

fn both(config: &[u8]) -> [(Label, &[u8]); 2] {
    [(Label::EchSecret, &SHARED), (Label::EchConfig, config)]
}

/// What is told of each message.
fn told(played: &Played) -> Vec<String> {
    stage::told(played)
}

/// The notes on all messages.
fn notes(played: &Played) -> Vec<String> {
    played.messages().iter().flat_map(|message| played.describe(message).notes).collect()
}

#[test]
fn a_sealed_hello_opens_and_is_a_message_of_its_own() {
    let (config, hello) = (config(), inner());
    let connection = played(&[outer(0, &sealed()), accepting(&[], &hello)], &both(&config));
    let names = connection.values("tls.handshake.extensions_server_name");
    assert_eq!(names, "public.example secret.example");
    let rows = connection.rows();
    assert!(rows.contains("tls@1 Client Hello\ntls@1 Client Hello (sealed)\n"), "{rows}");
    assert_eq!(connection.values("tls.ech.client_hello_type"), "0 1");
    let bytes: Vec<_> = connection
        .messages()
        .iter()
        .map(|one| connection.view().bytes(one.span).to_vec())
        .collect();
    assert!(bytes.contains(&hello), "what it stands for: session id, extensions, no zeros");
    assert_eq!(notes(&connection), [""; 0]);
    let told = told(&connection);
    assert_eq!(told.len(), 3);
    assert!(told[0].ends_with(
        "another ClientHello sealed for the server, which the key log opens: it follows. Whoever \
         listens sees this one alone, with a name that many share."
    ));
    assert_eq!(
        told[1],
        "sealed ClientHello | Inside, under seal: it asks for secret.example | This stood in the \
         ClientHello before it, sealed to a key that the server has published: nobody on the way \
         reads it. In its place all can read public.example (SNI)."
    );
    assert!(told[2].ends_with(
        " The last eight bytes of its random prove that it has opened the sealed ClientHello: that \
         is the one which it answers."
    ));
}

#[test]
fn a_server_that_proves_nothing_has_not_taken_it() {
    let config = config();
    let connection = played(&[outer(0, &sealed()), answer([6; 8])], &both(&config));
    assert!(told(&connection)[2].ends_with(
        " The last eight bytes of its random do not prove that it has opened the sealed \
         ClientHello: it answers the one around it."
    ));
    // Nor can anybody tell who has not opened it.
    let connection = played(&[outer(0, &sealed()), accepting(&[], &inner())], &[]);
    let told = told(&connection);
    assert_eq!(told.len(), 2);
    assert!(told[0].ends_with(
        "another ClientHello sealed for the server, or random bytes in its place (GREASE); nobody \
         outside can tell which."
    ));
    assert!(!told[1].contains("random"), "{}", told[1]);
}

#[test]
fn secrets_that_go_by_a_random_that_is_sealed_are_not_found_without_it() {
    let hello = outer(0, &sealed());
    let taken = accepting(&[], &inner());
    let steps = [
        ask(record(HANDSHAKE, TLS12, &hello)),
        say([record(HANDSHAKE, TLS12, &taken), record(23, TLS12, &[7; 40])].concat()),
    ];
    let check = |logged: &[(Label, u8, &[u8])], expected: &str| {
        let mut secrets = Secrets::default();
        for (label, random, bytes) in logged {
            let (label, bytes) = (*label, bytes.to_vec());
            secrets.insert(Secret { label, client_random: [*random; 32], bytes });
        }
        let ports = Ports { framing: Framing::Stream, ports: [40000, 443], began: None };
        let connection = play_keyed(ports, &steps, &secrets);
        assert_eq!(connection.values("tls.record.sealed"), expected);
    };
    let traffic = (Label::ServerHandshakeTraffic, 9, &[1; 32][..]);
    check(
        &[traffic],
        "No line of the key log bears the random of this ClientHello. If the server has taken the \
         one that is sealed in it, lines bear the random of that, and it takes ECH_SECRET and \
         ECH_CONFIG to know it",
    );
    let config = config();
    let opening = [(Label::EchSecret, 7, &SHARED[..]), (Label::EchConfig, 7, &config[..])];
    check(
        &[traffic, opening[0], opening[1]],
        "The key at hand does not open it: it was changed on its way, or the key is that of another \
         connection",
    );
}

#[test]
fn a_second_hello_goes_on_with_the_keys_of_the_first() {
    let (config, first) = (config(), inner());
    let hash = Sealing::message_hash(&first);
    let transcript = [&hash[..], &retry(Some([0; 8]))].concat();
    let again = retry(Some(Sealing::proof(&first, "hrr ech accept confirmation", &transcript)));
    let before = [&hash[..], &again].concat();
    let good =
        [outer(0, &sealed()), again.clone(), outer(1, &sealed()), accepting(&before, &first)];
    let connection = played(&good, &both(&config));
    let names = connection.values("tls.handshake.extensions_server_name");
    assert_eq!(names, "public.example secret.example public.example secret.example");
    let said = told(&connection);
    assert!(said[2].ends_with(
        " Eight bytes of its encrypted_client_hello prove that it has opened the sealed ClientHello."
    ));
    assert!(said[5].ends_with("that is the one which it answers."));
    // A server that has not opened it asks for another, too.
    for proof in [Some([6; 8]), None] {
        let bad = [outer(0, &sealed()), retry(proof), outer(0, &sealed()), answer([6; 8])];
        let connection = played(&bad, &both(&config));
        assert!(told(&connection)[2].ends_with(
            " It does not prove that it has opened the sealed ClientHello: it answers the one \
             around it."
        ));
        assert_eq!(notes(&connection), [""; 0], "what is repeated then nobody opens");
    }
}

#[test]
fn why_it_stays_sealed_is_said() {
    let config = config();
    let alone = played(&[outer(0, &sealed())], &[(Label::EchSecret, &SHARED)]);
    let no_config = "The key log has the secret of the sealed ClientHello, and not the ECH_CONFIG \
                     that it goes with";
    assert_eq!(notes(&alone), [no_config]);
    assert!(told(&alone)[0].ends_with(
        "another ClientHello sealed for the server. The key log has the secret of that, and not the \
         ECH_CONFIG that it goes with."
    ));
    let mismatch = "The secret at hand does not open the sealed ClientHello: it was changed on its \
                    way, or the secret is that of another";
    let mut flipped = outer(0, &sealed());
    *flipped.last_mut().unwrap() ^= 1;
    let mut other = config.clone();
    *other.last_mut().unwrap() ^= 1;
    for (hello, logged) in [
        (flipped, both(&config)),
        (outer(0, &sealed()), both(&other)),
        (outer(0, &sealed()), [(Label::EchSecret, &[6; 32]), (Label::EchConfig, &config)]),
        (outer(1, &sealed()), both(&config)),
    ] {
        let connection = played(&[hello], &logged);
        assert_eq!(notes(&connection), [mismatch]);
        assert!(told(&connection)[0].ends_with(
            "another ClientHello sealed for the server. The secret at hand does not open it: it was \
             changed on its way, or the secret is that of another."
        ));
    }
}

#[test]
fn what_stands_for_no_hello_is_said_to() {
    let config = config();
    let check = |sealed: Vec<u8>, expected: &str| {
        let connection = played(&[outer(0, &sealed)], &both(&config));
        assert_eq!(notes(&connection), [expected]);
        assert!(told(&connection)[0].ends_with(
            "it opens, and what it holds stands for no ClientHello. A server has to refuse it."
        ));
    };
    let of = |kinds: &[u16]| sealed_with(&[outside(kinds), inside()], &[]);
    check(of(&[51, 43]), "ech_outer_extensions names extension 43 out of order");
    check(of(&[43, 43]), "ech_outer_extensions names extension 43 again");
    check(of(&[43, 0xfe0d]), "ech_outer_extensions names encrypted_client_hello");
    let missing =
        "ech_outer_extensions names extension 16, which the outer ClientHello does not have";
    check(of(&[16]), missing);
    check(of(&[]), "ech_outer_extensions is no list of extensions");
    let twice = sealed_with(&[outside(&[43]), outside(&[51]), inside()], &[]);
    check(twice, "ech_outer_extensions comes twice");
    let alone = sealed_with(&[versions()], &[]);
    check(alone, "the sealed ClientHello does not say that it is one inside another");
    let padded = sealed_with(&[versions(), inside()], &[0, 0, 1]);
    check(padded, "the sealed ClientHello is filled up with something else than zeros");
    let session = hello_body(9, &[5; 32], &[versions(), inside()]);
    check(session, "the sealed ClientHello has a session id of its own");
    let whole = hello_body(9, &[], &[versions(), inside()]);
    let short = whole[..whole.len() - 1].to_vec();
    check(short, "extensions claims 12 bytes, but only 11 are there");
}

#[test]
fn no_cut_and_no_flipped_byte_of_a_hello_breaks_anything() {
    let config = config();
    let hello = outer(0, &sealed());
    for at in 0..hello.len() {
        let mut flipped = hello.clone();
        flipped[at] ^= 0x81;
        let connection = played(&[flipped, answer([6; 8])], &both(&config));
        let opened = connection.values("tls.handshake.extensions_server_name");
        assert!(!opened.contains("secret.example"), "byte {at}");
    }
    let sealed = sealed();
    for len in 0..sealed.len() - 11 {
        let connection = played(&[outer(0, &sealed[..len])], &both(&config));
        assert_eq!(notes(&connection).len(), 1, "{len}");
    }
}
