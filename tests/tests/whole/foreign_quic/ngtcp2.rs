//! ngtcp2 (in C, with GnuTLS): both of its programs, which Debian packs as `ngtcp2-client` and
//! `ngtcp2-server`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wirestage_tests::skip;

use super::{Recorded, Side, counted, stage, word};

const CLIENT: &str = "gtlsclient";
const SERVER: &str = "gtlsserver";

/// What both programs say of packets would be longer than what they send.
const QUIET: &str = "-q --no-quic-dump --no-http-dump";

/// How long each file is that is fetched. An empty one its server does not find.
const LENGTHS: [usize; 3] = [1, 900, 30_000];

/// What a file is called. Of a name that is a number the server makes up as many zeros.
fn name(len: usize) -> String {
    format!("page-{len}")
}

/// What a file holds.
fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| b'a' + ((at / 7 + at + len) % 26) as u8).collect()
}

/// Whether a program is here: told apart from others by what it says of itself.
fn is_here(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--help").stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok()
}

/// Records visits, each a line of options of the client's, to a server with these options. The
/// server puts each packet into a datagram of its own, unless `glues`.
fn visit(server: &str, visits: &[&str], glues: bool) -> Option<Recorded> {
    if let Some(missing) = [CLIENT, SERVER].iter().find(|program| !is_here(program)) {
        skip("foreign_quic", &format!("{missing} is not installed (ngtcp2-client, ngtcp2-server)"));
        return None;
    }
    let folder = stage("foreign_quic")?;
    let path = folder.path().to_owned();
    for len in LENGTHS {
        fs::create_dir_all(path.join("www")).expect("a folder");
        fs::write(path.join("www").join(name(len)), content(len)).expect("a file");
    }
    fs::create_dir(path.join("saved")).expect("a folder");
    let glue = if glues { "" } else { "--max-gso-dgrams=1" };
    let server = format!(
        "cd {} && exec {SERVER} {QUIET} {glue} {server} -d www 127.0.0.2 4433 key.pem cert.pem",
        word(&path)
    );
    let asked = LENGTHS.map(|len| format!("https://127.0.0.2:4433/{}", name(len))).join(" ");
    let lines = visits.iter().map(|options| {
        format!(
            "{CLIENT} {QUIET} --exit-on-all-streams-close --download=saved {options} \
             127.0.0.2 4433 {asked}"
        )
    });
    let visits = lines.collect::<Vec<_>>().join(" && sleep 0.3 && ");
    let script = format!("cd {} && {visits}", word(&path));
    Some(Recorded::of(folder, Some(&server), &["sh", "-c", &script]))
}

/// Each visit asked for all files; what was saved is what was sent; and every packet was opened.
fn check(recorded: &Recorded, visits: usize) {
    let mut found = recorded.requests();
    found.sort();
    let all = LENGTHS.iter().flat_map(|len| {
        let row = ("GET".to_owned(), format!("/{}", name(*len)), Some(200), *len as u64);
        vec![row; visits]
    });
    let mut expected: Vec<_> = all.collect();
    expected.sort();
    assert_eq!(found, expected);
    recorded.contents();
    check_saved(&recorded.path("contents"), visits);
    let logs = recorded.logs();
    assert_eq!(logs.len(), visits);
    for log in &logs {
        let (counts, sealed) = counted(&log[1..], Side::Client);
        assert_eq!(sealed, 0, "every packet is opened");
        assert!(counts.len() > 10, "{counts:?}");
    }
}

fn check_saved(folder: &Path, visits: usize) {
    let files = fs::read_dir(folder).expect("a folder");
    let saved = files.map(|entry| fs::read(entry.expect("an entry").path()).expect("a file"));
    let mut saved: Vec<_> = saved.collect();
    saved.sort();
    let sent = LENGTHS.iter().flat_map(|len| vec![content(*len); visits]);
    let mut sent: Vec<_> = sent.collect();
    sent.sort();
    assert!(saved == sent, "what was read is what was sent");
}

#[test]
fn ngtcp2_is_read_also_where_its_packets_are_glued_together() {
    let Some(recorded) = visit("", &[""], true) else { return };
    check(&recorded, 1);
    assert!(recorded.passing("udp.length > 3000") > 0, "the kernel was given several at once");
}

#[test]
fn ngtcp2_asks_for_a_proof_of_addresses() {
    let Some(recorded) = visit("--validate-addr", &[""], false) else { return };
    check(&recorded, 1);
    assert_eq!(recorded.told("Retry", "Asks the client to come again with a token"), 1);
}

#[test]
fn ngtcp2_asks_with_its_first_packet() {
    let again = "--session-file=session --tp-file=parameters --token-file=token";
    let Some(recorded) = visit("", &[again, again], false) else { return };
    check(&recorded, 2);
    let early = "quic.long.packet_type == 1 && http3.headers.method == \"GET\"";
    assert_eq!(recorded.passing(early), 1, "all questions are in one packet of early data");
}

#[test]
fn ngtcp2_seals_with_aes_ccm() {
    let suites = "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-CCM";
    let Some(recorded) = visit(suites, &[""], false) else { return };
    check(&recorded, 1);
    let ccm = "tls.handshake.type == 2 && tls.handshake.ciphersuite == 0x1304";
    assert_eq!(recorded.passing(ccm), 1);
}

#[test]
fn ngtcp2_gets_another_port_from_a_nat() {
    let nat = "--nat-rebinding --change-local-addr=100ms --key-update=200ms --delay-stream=300ms";
    let Some(recorded) = visit("", &[nat], false) else { return };
    check(&recorded, 1);
    assert_eq!(recorded.told("another path", "now, and went from 127.0.0.1:"), 1);
    assert!(recorded.told("PATH_CHALLENGE", "Asks along the new path") > 0);
    for side in ["udp.srcport == 4433", "udp.dstport == 4433"] {
        let renewed = recorded.passing(&format!("quic.key_phase == 1 && {side}"));
        assert!(renewed > 0, "both sides have gone on to the next keys: {side}");
    }
}

#[test]
fn ngtcp2_moves_after_it_has_asked_the_path() {
    let moves = "--change-local-addr=100ms --delay-stream=300ms";
    let Some(recorded) = visit("", &[moves], false) else { return };
    check(&recorded, 1);
    assert!(recorded.told("PATH_CHALLENGE", "before it moves there") > 0);
    assert!(recorded.told("another path", "the connection goes by ids, not by addresses") > 0);
}

#[test]
fn ngtcp2_goes_on_to_the_address_that_the_server_prefers() {
    let server = "--preferred-ipv4-addr=127.0.0.3:4434";
    let Some(recorded) = visit(server, &["--delay-stream=300ms"], false) else { return };
    check(&recorded, 1);
    assert!(recorded.told("PATH_CHALLENGE", "It goes to 127.0.0.3:4434") > 0);
    let moved = "It goes to 127.0.0.3:4434 now, and went to 127.0.0.2:4433 before";
    assert_eq!(recorded.told("another path", moved), 1);
    assert!(recorded.passing("ip.src == 127.0.0.3 && http3") > 0);
}
