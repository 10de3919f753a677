//! How secrets reach the sink.

use std::sync::Arc;

use crate::common::{Handed, Recorder, stage};

#[test]
fn a_secret_both_sides_derive_is_handed_over_once() {
    let recorder = Arc::new(Recorder::default());
    let stage = stage("udp-echo").keys(recorder.clone()).build().unwrap();
    let (client, server) = (stage.keys(), stage.keys());
    client.log("CLIENT_RANDOM", &[1; 32], &[7; 48]);
    server.log("CLIENT_RANDOM", &[1; 32], &[7; 48]);
    server.log("CLIENT_RANDOM", &[2; 32], &[8; 48]);
    server.log("EXPORTER_SECRET", &[1; 32], &[9; 48]);

    let handed: Vec<_> = recorder
        .all()
        .into_iter()
        .map(|handed| match handed {
            Handed::Key(label, random, secret) => (label, random[0], secret[0]),
            Handed::Mark(mark) => panic!("nobody marked {mark:?}"),
        })
        .collect();
    assert_eq!(
        handed,
        [
            ("CLIENT_RANDOM".to_owned(), 1, 7),
            ("CLIENT_RANDOM".to_owned(), 2, 8),
            ("EXPORTER_SECRET".to_owned(), 1, 9),
        ]
    );
}
