//! Tests of SSH: lines, packets in the clear, and what comes behind them.

mod sentences;

use super::Method;
use super::probe;
use super::wire::{agreed, method};
use crate::engine::ports::Ports;
use crate::ids::Direction;
use crate::protocol::{Framing, Likelihood};
use crate::protocols::stage::{Played, Step, ask, crumble, cut, play_over, say};

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A packet of that payload, padded to whole blocks.
fn packet(payload: &[u8]) -> Vec<u8> {
    let mut padding = 8 - (5 + payload.len()) % 8;
    if padding < 4 {
        padding += 8;
    }
    let len = 1 + payload.len() + padding;
    let head = [&(len as u32).to_be_bytes()[..], &[padding as u8]].concat();
    [&head, payload, &vec![0; padding]].concat()
}

fn kexinit(exchanges: &str) -> Vec<u8> {
    let mut payload = vec![20];
    payload.extend([7; 16]);
    payload.extend(string(exchanges.as_bytes()));
    for list in ["ssh-ed25519", "aes128-ctr", "aes256-ctr", "hmac-sha2-256", "hmac-sha2-512"] {
        payload.extend(string(list.as_bytes()));
    }
    for list in ["none", "zlib", "", ""] {
        payload.extend(string(list.as_bytes()));
    }
    payload.extend([0, 0, 0, 0, 0]);
    packet(&payload)
}

fn reply() -> Vec<u8> {
    let key = [string(b"ssh-ed25519"), string(&[1; 32])].concat();
    let proof = [string(b"ssh-ed25519"), string(&[2; 64])].concat();
    packet(&[vec![31], string(&key), string(&[3; 32]), string(&proof)].concat())
}

fn everything() -> Vec<Step> {
    vec![
        say("SSH-2.0-OpenSSH_9.6\r\n"),
        ask("SSH-2.0-client\r\n"),
        ask(kexinit("ext-info-c,curve25519-sha256,diffie-hellman-group14-sha256")),
        say(kexinit("diffie-hellman-group14-sha256,curve25519-sha256")),
        ask(packet(&[&[30][..], &string(&[9; 32])].concat())),
        say([reply(), packet(&[21])].concat()),
        ask(packet(&[21])),
        ask([0xa5; 44]),
        say([0x5a; 60]),
    ]
}

fn on(began: Option<Direction>, steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Stream, ports: [40000, 22], began }, steps)
}

#[test]
fn a_connection_up_to_its_keys() {
    let stage = on(Some(Direction::Forward), &everything());
    let expected = "ssh@1 Server: Protocol (SSH-2.0-OpenSSH_9.6)
ssh@2 Client: Protocol (SSH-2.0-client)
ssh@3 Client: Key Exchange Init
ssh@4 Server: Key Exchange Init
ssh@5 Client: Elliptic Curve Diffie-Hellman Key Exchange Init
ssh@6 Server: Elliptic Curve Diffie-Hellman Key Exchange Reply
ssh@6 Server: New Keys
ssh@7 Client: New Keys
ssh@8 Client: Encrypted packet (len=44)
ssh@9 Server: Encrypted packet (len=60)
";
    assert_eq!(stage.rows(), expected);
    assert_eq!(stage.values("ssh.message_code"), "20 20 30 31 21 21");
    assert_eq!(stage.values("ssh.protocol"), "SSH-2.0-OpenSSH_9.6 SSH-2.0-client");
    assert_eq!(stage.values("ssh.host_key.type"), "ssh-ed25519");
    assert_eq!(stage.values("ssh.mac_algorithms_server_to_client"), "hmac-sha2-512 hmac-sha2-512");
    assert_eq!(stage.values("ssh.ecdh.q_c_length"), "32");
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(5, 4)]);
    let messages = stage.messages().iter().flat_map(|one| stage.describe(one).notes);
    assert_eq!(messages.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn frames_may_end_anywhere() {
    let steps = &everything()[..7];
    let numberless = |steps: &[Step]| -> Vec<String> {
        let rows = on(Some(Direction::Forward), steps).rows();
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(steps);
    for at in 1..250 {
        assert_eq!(numberless(&cut(steps, at)), whole, "cut at {at}");
    }
    assert_eq!(numberless(&crumble(steps)), whole);
}

#[test]
fn who_comes_late_sees_sealed_bytes() {
    let rows = on(None, &[ask([0xa5; 44]), say([0x5a; 60])]).rows();
    assert_eq!(rows, "ssh@1 Encrypted packet (len=44)\nssh@2 Encrypted packet (len=60)\n");
    // A hole in what could be read: its looks say what follows.
    let steps = [
        ask("SSH-2.0-client\r\n"),
        Step::MissAsked(500),
        ask(packet(&[&[30][..], &string(&[9; 32])].concat())),
        Step::MissAsked(64),
        ask([0xa5; 44]),
    ];
    let expected = "ssh@1 Protocol (SSH-2.0-client)\nssh@3 Key Exchange Message\n\
                    ssh@5 Encrypted packet (len=44)\n";
    assert_eq!(on(None, &steps).rows(), expected);
}

#[test]
fn the_old_version_keeps_its_lengths_readable() {
    let old = |code: u8, data: &[u8]| {
        let len = 1 + data.len() + 4;
        let padding = vec![0; 8 - len % 8];
        [&(len as u32).to_be_bytes()[..], &padding, &[code], data, &[0; 4]].concat()
    };
    let steps = [
        say("SSH-1.5-1.2.26\n"),
        ask("SSH-1.5-1.2.26\n"),
        say(old(2, &[1; 20])),
        ask(old(3, &[2; 30])),
        say([old(9, &[]), old(9, &[3; 10])].concat()),
    ];
    let stage = on(Some(Direction::Forward), &steps);
    let expected = "ssh@1 Server: Protocol (SSH-1.5-1.2.26)
ssh@2 Client: Protocol (SSH-1.5-1.2.26)
ssh@3 Server: Public Key
ssh@4 Client: Session Key
ssh@5 Server: Encrypted packet (len=5)
ssh@5 Server: Encrypted packet (len=15)
";
    assert_eq!(stage.rows(), expected);
    assert_eq!(stage.values("ssh.packet_length"), "25 35 5 15");
    assert_eq!(stage.values("ssh.message_code"), "2 3");
}

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(probe(bytes), expected, "{bytes:?}");
}

#[test]
fn text_on_the_port_is_something_else() {
    check(b"SSH-2.0-x\r\n", Likelihood::Surely);
    check(b"SSH-", Likelihood::Surely);
    check(b"SS", Likelihood::Unsaid);
    check(b"SSH-x", Likelihood::No);
    check(b"GET / HTTP/1.1\r\n", Likelihood::No);
    check(&[0xa5; 20], Likelihood::Unsaid);
}

fn check_agreed(client: &str, server: &str, expected: Option<&str>, how: Method) {
    let found = agreed(client.as_bytes(), server.as_bytes());
    assert_eq!(found, expected.map(str::as_bytes));
    assert_eq!(found.map_or(Method::Unknown, method), how);
}

#[test]
fn the_first_of_the_client_counts_that_the_server_has() {
    check_agreed("a,curve25519-sha256", "curve25519-sha256,a", Some("a"), Method::Unknown);
    let mlkem = "mlkem768x25519-sha256";
    check_agreed(mlkem, mlkem, Some(mlkem), Method::Hybrid);
    let exchange = "diffie-hellman-group-exchange-sha256";
    check_agreed(exchange, exchange, Some(exchange), Method::GroupExchange);
    check_agreed(
        "kex-strict-c-v00@openssh.com",
        "kex-strict-c-v00@openssh.com",
        None,
        Method::Unknown,
    );
    check_agreed("", "a", None, Method::Unknown);
}
