//! Decode as: a rule says who speaks on a port or a connection, on the command line and to tshark
//! alike.

use std::collections::BTreeSet;
use std::process::Command;

use wirestage_captures::PcapngWriter;
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::ids::Time;
use wirestage_tests::program::run;
use wirestage_tests::{root, skip};

/// A recording of datagrams between these ports, each with the same few bytes.
fn datagrams(ports: &[(u16, u16)]) -> Vec<u8> {
    let mut writer = PcapngWriter::new(Vec::new(), &SectionHeader::default()).unwrap();
    let interface = NewInterface {
        name: "lo".into(),
        description: String::new(),
        link: LinkType::RAW,
        snap_len: 0,
        filter: String::new(),
    };
    let interface = writer.interface(&interface).unwrap();
    for (at, (from, to)) in (0..).zip(ports) {
        let mut frame = vec![0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0, 0];
        frame.extend([127, 0, 0, 1, 127, 0, 0, 2]);
        frame.extend([from.to_be_bytes(), to.to_be_bytes(), [0, 13], [0, 0]].concat());
        frame.extend(b"hello");
        writer.packet(interface, Time(at * 1_000), frame.len() as u32, &frame).unwrap();
    }
    writer.flush().unwrap();
    writer.into_inner()
}

/// The numbers of the frames that pass.
fn passing(path: &str, filter: &str, rules: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["show", path, "--fields", "frame.number", "--filter", filter];
    for rule in rules {
        arguments.extend(["--decode-as", rule]);
    }
    let ran = run(&arguments).done();
    ran.text().lines().map(str::to_owned).collect()
}

fn set(numbers: &[&str]) -> BTreeSet<String> {
    numbers.iter().map(|number| (*number).to_owned()).collect()
}

#[test]
fn a_rule_says_who_speaks_on_a_port_and_on_one_connection() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pcapng");
    std::fs::write(&path, datagrams(&[(4000, 4444), (4444, 4000), (4001, 4444), (5, 6)])).unwrap();
    let path = path.display().to_string();
    assert_eq!(passing(&path, "echo", &[]), set(&[]), "nothing shows it");
    assert_eq!(passing(&path, "echo", &["udp.port==4444=echo"]), set(&["1", "2", "3"]));
    assert_eq!(passing(&path, "echo", &["udp.port==4444:4000=echo"]), set(&["1", "2"]));
    assert_eq!(passing(&path, "echo", &["tcp.port==4444=http"]), set(&[]), "UDP is no TCP");
    let rules = ["udp.port==4444=echo", "udp.port==4001:4444=data"];
    assert_eq!(passing(&path, "echo", &rules), set(&["1", "2"]), "one connection is excepted");

    run(&["show", &path, "--decode-as", "udp.port==4444=ehco"]).failed(2, "ehco", "echo");
    run(&["show", &path, "--decode-as", "4444=echo"]).failed(
        2,
        "which port",
        "tcp.port==8443=http",
    );
}

#[test]
fn what_bytes_surely_show_gives_way_to_a_rule_as_with_tshark() {
    let path = root().join("assets/recordings/http1-keepalive/recording.pcapng");
    let path = path.display().to_string();
    let http = passing(&path, "http", &[]);
    assert!(http.len() > 5);
    assert_eq!(passing(&path, "http", &["tcp.port==80=data"]), set(&[]));
    let told = run(&["story", &path, "--decode-as", "tcp.port==80,data"]).done();
    assert!(!told.text().contains("GET /"), "{}", told.text());
    let mut referee = Command::new("tshark");
    let asked = ["-r", &path, "-d", "tcp.port==80,data", "-Y", "http"];
    match referee.args(asked).output() {
        Ok(said) => assert!(said.stdout.is_empty(), "{}", String::from_utf8_lossy(&said.stdout)),
        Err(_) => skip("what_bytes_surely_show_gives_way_to_a_rule", "tshark is not installed"),
    }
}
