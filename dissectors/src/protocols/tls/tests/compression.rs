//! Records that are compressed before they are sealed.

use flate2::{Compress, Compression, FlushCompress};

use super::{HANDSHAKE, NULL, TLS12, client_hello, guarded, log, message, played, record};
use crate::protocols::stage::{Played, Step, ask, cut, say};

/// The next part of one stream, flushed.
fn deflate(stream: &mut Compress, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 * text.len() + 100);
    stream.compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
    out
}

/// A handshake that agrees on DEFLATE, and what the client says in it.
fn steps(said: &[Vec<u8>]) -> Vec<Step> {
    let [high, low] = NULL.to_be_bytes();
    let answer = [&TLS12[..], &[8; 32], &[0, high, low, 1]].concat();
    let mut steps = vec![
        ask(record(HANDSHAKE, TLS12, &client_hello(TLS12, NULL))),
        say(record(HANDSHAKE, TLS12, &message(2, &answer))),
        ask(record(20, TLS12, &[1])),
    ];
    steps.extend((0..).zip(said).map(|(number, part)| ask(guarded(23, number, part))));
    steps
}

/// What came out above.
fn above(played: &Played) -> Vec<Vec<u8>> {
    let view = played.view();
    let data = played.messages().iter().filter(|one| {
        view.layer(one.layer)
            .is_some_and(|layer| layer.protocol == crate::protocols::data::PROTOCOL_ID)
    });
    data.map(|one| view.bytes(one.span).to_vec()).collect()
}

#[test]
fn records_are_parts_of_one_stream() {
    let texts = [&b"said once"[..], b"said once, and again", b"said once"];
    // With a header as zlib writes it, and bare.
    for header in [true, false] {
        let mut stream = Compress::new(Compression::best(), header);
        let said = texts.map(|text| deflate(&mut stream, text));
        assert!(said[2].len() < texts[2].len(), "it points back");
        let steps = steps(&said);
        assert_eq!(above(&played(&steps, &log("07"))), texts);
        let pieces = above(&played(&cut(&steps, 9), &log("07")));
        assert_eq!(pieces, texts);
    }
}

#[test]
fn what_cannot_be_inflated_costs_what_follows() {
    let mut stream = Compress::new(Compression::best(), true);
    let mut said =
        [&b"said once"[..], b"lost", b"said once"].map(|text| deflate(&mut stream, text));
    said[1] = vec![7, 7, 7];
    let played = played(&steps(&said), &log("07"));
    assert_eq!(above(&played), [b"said once"]);
    assert_eq!(
        played.values("tls.record.sealed"),
        "It opens, and what it holds cannot be inflated Something before it is missing, and it takes \
         that to open it"
    );
}

#[test]
fn a_record_says_no_more_than_it_may() {
    let mut stream = Compress::new(Compression::best(), true);
    let bomb = deflate(&mut stream, &vec![0; (1 << 14) + 1]);
    let played = played(&steps(&[bomb]), &log("07"));
    assert_eq!(above(&played), [[0; 0]; 0]);
    let sealed = played.values("tls.record.sealed");
    assert_eq!(sealed, "It opens, and what it holds cannot be inflated");
}
