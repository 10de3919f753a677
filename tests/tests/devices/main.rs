//! Tunnels that the kernel itself makes: an exchange over HTTP goes through each kind of device
//! that an ordinary user may have in a namespace, and what was captured below it is told as the
//! exchange of the inner hosts.
//!
//! ```text
//!   near (child in the lab)                 far (its child, in a network of its own)
//!     inner  10.7.0.1 ══════ HTTP ══════ inner  10.7.0.2
//!     outer 192.0.2.1 ────── veth ────── outer 192.0.2.2
//!        └─ captured here
//! ```
//!
//! Kinds that this kernel does not know, or does not allow, are skipped aloud. The program is its
//! own child, which must enter the namespace before any thread starts: so it is no ordinary test.

#![allow(clippy::print_stdout)] // This is its own test harness.

mod far;
mod near;
mod tun;

use std::path::Path;
use std::process::{Command, ExitCode};

use wirestage::cli::show::Format;
use wirestage::document::{Opening, Windows};
use wirestage_captures::lab::{self, Way};
use wirestage_dissectors::ids::{ConnectionId, FlowId};
use wirestage_dissectors::survey::Transport;
use wirestage_tests::{open, shown, skip};

/// Which part this process has.
const ROLE: &str = "DEVICES_ROLE";

/// A kind of device.
struct Kind {
    name: &'static str,
    /// What `ip` is told to make it; `OWN` and `PEER` are the outer addresses. Nothing where no
    /// device is needed, or the program makes it.
    command: &'static str,
    /// The device on which the exchange is captured.
    captured: &'static str,
    /// The hosts that talk.
    hosts: [&'static str; 2],
    /// The protocols of a frame of the exchange.
    protocols: &'static str,
}

const INNER: [&str; 2] = ["10.7.0.1", "10.7.0.2"];
const OUTER: [&str; 2] = ["192.0.2.1", "192.0.2.2"];

/// A kind on whose outer device the exchange of the inner hosts is captured.
const fn below(name: &'static str, command: &'static str, protocols: &'static str) -> Kind {
    Kind { name, command, captured: "outer", hosts: INNER, protocols }
}

const KINDS: &[Kind] = &[
    Kind { hosts: OUTER, ..below("veth", "", "eth:ethertype:ip:tcp") },
    Kind { captured: "inner", ..below("tun", "", "raw:ip:tcp") },
    below(
        "macvlan",
        "link add link outer name inner type macvlan mode bridge",
        "eth:ethertype:ip:tcp",
    ),
    below(
        "vxlan",
        "link add inner type vxlan id 42 local OWN remote PEER dstport 4789 dev outer",
        "eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp",
    ),
    below(
        "vlan",
        "link add link outer name inner type vlan id 7",
        "eth:ethertype:vlan:ethertype:ip:tcp",
    ),
    below(
        "qinq",
        "link add link outer name inner type vlan protocol 802.1ad id 7",
        "eth:ethertype:ieee8021ad:ethertype:ip:tcp",
    ),
    below(
        "geneve",
        "link add inner type geneve id 42 remote PEER",
        "eth:ethertype:ip:udp:geneve:eth:ethertype:ip:tcp",
    ),
    below("ipip", "link add inner type ipip local OWN remote PEER", "eth:ethertype:ip:ip:tcp"),
    below(
        "sit",
        "link add inner type sit mode ipip local OWN remote PEER",
        "eth:ethertype:ip:ip:tcp",
    ),
    below("gre", "link add inner type gre local OWN remote PEER", "eth:ethertype:ip:gre:ip:tcp"),
    below(
        "gretap",
        "link add inner type gretap key 42 local OWN remote PEER",
        "eth:ethertype:ip:gre:eth:ethertype:ip:tcp",
    ),
    below(
        "erspan",
        "link add inner type erspan seq key 5 local OWN remote PEER erspan_ver 1 erspan 5",
        "eth:ethertype:ip:gre:erspan:eth:ethertype:ip:tcp",
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match std::env::var(ROLE).as_deref() {
        Ok("near") => return near::run(&arguments[1..]),
        Ok("far") => return far::run(),
        _ => {}
    }
    // What cargo-nextest asks of a test program: the names of its tests, and those left out.
    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if asked("--list") {
        if !asked("--ignored") {
            println!("devices: test");
        }
        return ExitCode::SUCCESS;
    }
    let is_missing = |tool: &&str| Command::new(tool).arg("-V").output().is_err();
    let missing = ["ip", "unshare"].into_iter().find(is_missing);
    match (lab::probe(), missing) {
        (Way::Namespace, None) => KINDS.iter().for_each(check),
        (Way::Namespace, Some(tool)) => skip("devices", &format!("{tool} is missing")),
        (Way::Refused(why) | Way::HostLoopback { because: why }, _) => {
            skip("devices", &why.to_string());
        }
    }
    ExitCode::SUCCESS
}

/// Captures an exchange through a device, and holds the story against who talked.
fn check(kind: &Kind) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outer.pcapng");
    let ran = Command::new(std::env::current_exe().expect("a test knows its path"))
        .args([kind.name, path.to_str().expect("a plain path")])
        .env(ROLE, "near")
        .output()
        .expect("the child starts");
    let said = String::from_utf8_lossy(&ran.stdout);
    if let Some(why) = said.strip_prefix(near::REFUSED) {
        return skip(&format!("the device {}", kind.name), why.trim());
    }
    assert!(ran.status.success(), "{}: {said}{}", kind.name, String::from_utf8_lossy(&ran.stderr));
    told(kind, &path);
    println!("{}: told as an exchange of {} with {}", kind.name, kind.hosts[0], kind.hosts[1]);
}

/// What the program makes of the capture.
fn told(kind: &Kind, path: &Path) {
    let document = open(path, Opening::default());
    let rows = shown(&document, Format::Rows, Windows::default());
    let name = kind.name;
    // What has no ports of its own, as ARP in a tunnel, leaves its datagrams to the outer hosts.
    let is_tcp = |id: &ConnectionId| {
        let flow = document.survey.flow(FlowId(id.0));
        flow.is_some_and(|flow| flow.key.transport == Transport::Tcp)
    };
    let connections: Vec<ConnectionId> =
        document.connections.iter().copied().filter(is_tcp).collect();
    let [connection] = connections[..] else { panic!("{name}: {connections:?}\n{rows}") };
    let [client, server] = kind.hosts;
    for (from, to, what) in
        [(client, server, "GET /inner HTTP/1.1"), (server, client, "HTTP/1.1 200 OK")]
    {
        let is_it = |row: &&str| row.contains(what) && row.contains("HTTP");
        let row = rows.lines().find(is_it).unwrap_or_else(|| panic!("{name}: no {what}\n{rows}"));
        let ends: Vec<&str> = row.split('→').map(str::trim).collect();
        assert!(ends[0].ends_with(from) && ends[1].starts_with(to), "{name}: {row}");
    }
    let jsonl = shown(&document, Format::Jsonl, Windows::default());
    let protocols = format!("\"protocols\":\"{}", kind.protocols);
    let http = jsonl.lines().filter(|line| line.contains("\"protocol\":\"HTTP\""));
    assert!(http.clone().count() == 2, "{name}: {rows}");
    for line in http {
        assert!(line.contains(&protocols), "{name}: {protocols} in {}", &line[..300]);
    }
    let story = document.story(Some(connection));
    let cast: Vec<&str> = story.cast.iter().map(|one| one.address.as_str()).collect();
    let names: Vec<&str> = story.cast.iter().map(|one| one.name.as_str()).collect();
    let is_there = |host: &str| cast.iter().chain(&names).any(|text| text.contains(host));
    assert!(is_there(client) && is_there(server), "{name}: {names:?} {cast:?}");
    assert_eq!(cast.len(), 2, "{name}: nobody but the inner hosts talks: {names:?} {cast:?}");
}
