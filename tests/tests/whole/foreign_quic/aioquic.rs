//! aioquic (in Python): both of its ends, which log every packet and frame.
//!
//! `make test` puts it into `target/scapy`; where it is missing this says so and covers nothing.

use std::fs;
use std::process::Command;

use serde_json::Value;
use wirestage::document::Progress;
use wirestage::export::qlog::beside::beside;
use wirestage_tests::{root, skip};

use super::{Recorded, Side, counted, stage, word};

/// The interpreter that knows aioquic.
const PYTHON: &str = "target/scapy/bin/python";

/// A play that was recorded, and what its program says of it.
struct Played {
    recorded: Recorded,
    said: Value,
}

/// Records a play of `tests/aioquic/play.py`.
fn play(name: &str) -> Option<Played> {
    let python = root().join(PYTHON);
    let knows = Command::new(&python).args(["-c", "import aioquic"]).status();
    if !knows.is_ok_and(|status| status.success()) {
        let why = format!("{PYTHON} does not know aioquic; `make test` gets it from PyPI");
        skip("foreign_quic", &why);
        return None;
    }
    let folder = stage("foreign_quic")?;
    let script = root().join("tests/aioquic/play.py");
    let path = folder.path().to_owned();
    let command = [word(&python), word(&script), word(&path), name];
    let recorded = Recorded::of(folder, None, &command);
    let said = fs::read_to_string(recorded.path("said.json")).expect("the play was played");
    Some(Played { recorded, said: serde_json::from_str(&said).expect("JSON") })
}

impl Played {
    /// Holds requests, answers and contents against what both ends made of them, and each packet
    /// and frame that either end says that it sent against those that were recorded. So many
    /// packets are sealed for good.
    fn check(&self, sealed: u64) {
        let asked = self.said["requests"].as_array().expect("requests");
        let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
        let row = asked.iter().map(|one| {
            let status = one["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let len = one["length"].as_u64().expect("a length");
            (text(one, "method"), text(one, "path"), status, len)
        });
        assert_eq!(self.recorded.requests(), row.collect::<Vec<_>>());
        let answers = asked.iter().filter(|one| one["length"] != 0).map(|one| &one["answered"]);
        let questions = asked.iter().map(|one| &one["asked"]);
        let digests = answers.chain(questions).filter_map(Value::as_str);
        let mut digests: Vec<_> = digests.map(str::to_owned).collect();
        digests.sort();
        assert_eq!(self.recorded.contents(), digests);
        // The header that both ends repeat came whole each time, out of the table or not.
        let heads = self.recorded.passing(
            "http3.headers.header.value == \"to be said once and pointed at from then on\"",
        );
        assert!(heads > 0 && heads <= 2 * asked.len(), "{heads}");
        self.check_logs(sealed);
    }

    fn check_logs(&self, sealed: u64) {
        let mut own = self.recorded.logs();
        own.sort_by_key(|texts| odcid(&texts[0]["trace"]["common_fields"]));
        let ids: Vec<_> = own.iter().map(|one| odcid(&one[0]["trace"]["common_fields"])).collect();
        let mut closed = 0;
        for (side, folder) in [(Side::Client, "client"), (Side::Server, "server")] {
            let mut logs: Vec<_> = fs::read_dir(self.recorded.path(folder))
                .expect("its logs")
                .map(|entry| entry.expect("an entry").path())
                .collect();
            logs.sort();
            let names = logs.iter().map(|log| log.file_stem().expect("a name").to_string_lossy());
            assert_eq!(names.collect::<Vec<_>>(), ids);
            for (log, own) in logs.iter().zip(&own) {
                let text = fs::read_to_string(log).expect("a log");
                let theirs: Value = serde_json::from_str(&text).expect("JSON");
                let events = theirs["traces"][0]["events"].as_array().expect("events");
                let (theirs, _) = counted(events, side);
                let (ours, shut) = counted(&own[1..], Side::Client);
                closed += shut;
                let sent = |counts: &super::Counts| {
                    let own = counts.iter().filter(|((from, _), _)| *from == side);
                    own.map(|((_, kind), count)| (kind.clone(), *count)).collect::<Vec<_>>()
                };
                if shut == 0 {
                    assert_eq!(sent(&ours), sent(&theirs), "{side:?}");
                }
                // What came is no more than what was sent, and mostly the same.
                for (key, count) in theirs.iter().filter(|((from, _), _)| *from != side) {
                    assert!(ours.get(key).is_some_and(|own| own >= count), "{key:?}: {count}");
                }
                self.check_beside(log, side, shut);
            }
        }
        assert_eq!(closed, 2 * sealed, "packets that no key opens, as often as they were counted");
    }

    /// The log of one end, laid beside the recording by the program.
    fn check_beside(&self, log: &std::path::Path, side: Side, sealed: u64) {
        let ground = self.recorded.document.ground();
        let found = beside(&ground, log, &Progress::new()).expect("the same connection");
        let [one] = found.as_slice() else { panic!("one trace: {found:?}") };
        let by = if side == Side::Client { "aioquic, client" } else { "aioquic, server" };
        assert_eq!(one.by, by);
        assert_eq!(one.only_log.len() as u64, if side == Side::Client { sealed } else { 0 });
        assert!(one.differences.is_empty(), "{:?}", one.differences);
        assert!(one.both.iter().all(|count| *count > 3), "{:?}", one.both);
    }
}

/// The id that the client chose first: what logs are named by.
fn odcid(common: &Value) -> String {
    common["ODCID"].as_str().expect("the first id").to_owned()
}

#[test]
fn aioquic_asks_one_after_the_other_and_at_once() {
    let Some(played) = play("plain") else { return };
    played.check(0);
    assert!(played.recorded.told("QPACK insert", "Puts header fields into the table") > 0);
    let entry = "http3.qpack.encoder.opcode.insert || http3.qpack.encoder.opcode.insert_indexed";
    assert!(played.recorded.passing(entry) > 1, "both ends have a table that grows");
}

#[test]
fn aioquic_sends_its_client_away_once() {
    let Some(played) = play("retried") else { return };
    played.check(0);
    assert_eq!(played.recorded.told("Retry", "Asks the client to come again with a token"), 1);
    assert_eq!(played.recorded.told("Initial with token", "its address is proven"), 1);
}

#[test]
fn aioquic_asks_with_its_first_packet() {
    let Some(played) = play("early") else { return };
    assert_eq!(played.said["facts"], serde_json::json!({"early": true, "resumed": true}));
    played.check(0);
    let early = "quic.long.packet_type == 1 && http3.headers.method == \"GET\"";
    assert_eq!(played.recorded.passing(early), 1, "the question is early data");
    let taken = "tls.handshake.type == 8 && tls.handshake.extension.type == 42";
    assert_eq!(played.recorded.passing(taken), 1, "the server takes it");
}

#[test]
fn aioquic_renews_its_keys_again_and_again() {
    let Some(played) = play("updated") else { return };
    played.check(0);
    let updates = played.said["facts"]["updates"].as_u64().expect("a number");
    let told = played.recorded.told("key update", "Seals with the next generation of its keys");
    // Each side follows the other; two updates of one side may share an arrow.
    assert!((updates + 1..=2 * updates).contains(&(told as u64)), "{told} of {updates} twice");
}

#[test]
fn aioquic_changes_its_port_and_goes_on() {
    let Some(played) = play("moved") else { return };
    played.check(0);
    let ports = played.said["facts"]["ports"].as_array().expect("ports").iter();
    let ports: Vec<_> = ports.map(|port| port.as_u64().expect("a port")).collect();
    for pair in ports.windows(2) {
        let went = format!("now, and went from 127.0.0.1:{} before", pair[0]);
        let told = played.recorded.told("another path", &went);
        assert_eq!(told, 1, "from {} to {}", pair[0], pair[1]);
    }
    for port in ports {
        assert!(played.recorded.passing(&format!("udp.srcport == {port} && http3")) > 0);
    }
}

#[test]
fn aioquic_sends_datagrams() {
    let Some(played) = play("datagrams") else { return };
    played.check(0);
    let datagrams = "quic.frame_type == 0x30 || quic.frame_type == 0x31";
    let expected = played.said["facts"]["datagrams"].as_u64().expect("a number");
    assert_eq!(played.recorded.passing(datagrams) as u64, expected);
}

#[test]
fn aioquic_changes_to_version_2_on_its_way() {
    let Some(played) = play("second") else { return };
    // In this version its client seals one acknowledgement with the keys of version 1, under a
    // header of version 2; its server throws it away, too.
    played.check(1);
    assert_eq!(played.said["facts"]["version"], 0x6b33_43cf);
    assert!(played.recorded.passing("quic.version == 0x6b3343cf && quic.long.packet_type_v2") > 1);
    let chacha = "tls.handshake.type == 2 && tls.handshake.ciphersuite == 0x1303";
    assert_eq!(played.recorded.passing(chacha), 1);
}
