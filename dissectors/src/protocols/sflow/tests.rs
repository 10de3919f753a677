//! Samples of packets and of counters, and what is none of it.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, ask, check_told, play_over};

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A datagram of an agent with that address.
fn datagram(agent: &[u32], samples: &[Vec<u32>]) -> Vec<u8> {
    let numbers = [0, 77, 1000, samples.len() as u32];
    words(&[&[5][..], agent, &numbers, &samples.concat()].concat())
}

fn play(bytes: &[u8]) -> Played {
    let ports = Ports { framing: Framing::Datagram, ports: [50000, 6343], began: None };
    play_over(ports, &[ask(bytes)])
}

#[track_caller]
fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
    let stage = play(bytes);
    assert_eq!(stage.rows(), rows);
    for (field, expected) in values {
        assert_eq!(stage.values(field), *expected, "{field}");
    }
}

#[test]
fn samples_are_told_one_by_one() {
    let flow = vec![1, 32, 9, 1, 512, 4096, 0, 3, 4, 0];
    let counters = vec![2, 12, 10, 1, 0];
    check(
        &datagram(&[1, 0x0a00_0001], &[flow, counters]),
        "sflow@1 V5, seq 77, 2 samples\n",
        &[
            ("sflow_245.agent", "0a000001"),
            ("sflow_245.sysuptime", "1000"),
            ("sflow_245.sampletype", "1 2"),
            ("sflow.enterprise", "0 0"),
            ("sflow.flow_sample.sampling_rate", "512"),
            ("sflow.flow_sample.sample_pool", "4096"),
            ("sflow.counters_sample.sequence_number", "10"),
        ],
    );
    // Of a longer address, and with ports of eight bytes; a sample of somebody else is passed over.
    let expanded = vec![3, 44, 9, 0, 1, 64, 128, 5, 0, 1, 0, 2, 0];
    let other = vec![0x0030_8001, 4, 0xffff_ffff];
    check(
        &datagram(&[2, 0x2001_0db8, 0, 0, 1], &[other, expanded]),
        "sflow@1 V5, seq 77, 2 samples\n",
        &[
            ("sflow_245.agent.v6", "20010db8000000000000000000000001"),
            ("sflow.enterprise", "776 0"),
            ("sflow.flow_sample.dropped_packets", "5"),
        ],
    );
}

#[test]
fn what_is_missing_is_said_and_what_is_none_of_it_is_data() {
    check(
        &datagram(&[1, 0x0a00_0001], &[vec![2, 400, 10]]),
        "sflow@1 V5, seq 77, 1 samples\n",
        &[("sflow.enterprise.length", "400"), ("sflow.counters_sample.sequence_number", "")],
    );
    check(&words(&[4, 1, 0x0a00_0001, 0]), "data@1 16 bytes\n", &[]);
    check(&words(&[5, 7, 0x0a00_0001, 0]), "data@1 16 bytes\n", &[]);
}

#[test]
fn who_counts_is_told() {
    check_told(
        &play(&datagram(&[1, 0x0a00_0001], &[vec![2, 12, 10, 1, 0]])),
        &["1 samples | Sends on a few of the packets that it forwards, and counts"],
    );
}
