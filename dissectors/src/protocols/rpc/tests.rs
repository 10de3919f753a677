//! Tests of RPC over datagrams and streams, with the programs inside.

use super::wire::{Missing, head, likelihood, likelihood_marked};
use crate::engine::ports::Ports;
use crate::protocol::{Framing, Likelihood};
use crate::protocols::stage::{Played, Step, ask, crumble, cut, on_port, play_over, say};

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = words(&[text.len() as u32]);
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A call under no credentials.
fn call(xid: u32, [program, version, number]: [u32; 3], arguments: &[u8]) -> Vec<u8> {
    let head = words(&[xid, 0, 2, program, version, number, 0, 0, 0, 0]);
    [&head, arguments].concat()
}

/// A reply that was accepted.
fn reply(xid: u32, state: u32, results: &[u8]) -> Vec<u8> {
    [&words(&[xid, 1, 0, 0, 0, state]), results].concat()
}

/// Behind its mark.
fn marked(message: &[u8]) -> Vec<u8> {
    [&words(&[1 << 31 | message.len() as u32]), message].concat()
}

const LOOKUP: [u32; 3] = [100_003, 3, 3];

/// A handle of a folder, and a name in it.
fn name(name: &str) -> Vec<u8> {
    [words(&[8, 1, 2]), text(name)].concat()
}

fn over_udp(port: u16, steps: &[Step]) -> Played {
    let ports = Ports { framing: Framing::Datagram, ports: [700, port], began: None };
    play_over(ports, steps)
}

fn everything() -> Vec<Step> {
    vec![
        ask(marked(&call(1, [100_003, 3, 0], &[]))),
        say(marked(&reply(1, 0, &[]))),
        ask([marked(&call(2, LOOKUP, &name("notes"))), marked(&call(3, LOOKUP, &name("x")))]
            .concat()),
        say(marked(&reply(3, 0, &words(&[2])))),
        say(marked(&reply(2, 0, &words(&[0, 8, 3, 4])))),
        ask(marked(&call(4, [100_003, 4, 1], &[text("tag"), words(&[1, 2, 53])].concat()))),
        say(marked(&reply(4, 2, &words(&[2, 3])))),
        ask(marked(&call(5, [200_000, 1, 9], &[]))),
        say(marked(&words(&[5, 1, 1, 1, 1]))),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(2049, &everything());
    let expected = "rpc@1 V3 NULL Call
rpc@2 V3 NULL Reply (Call In 1)
rpc@3 V3 LOOKUP Call
nfs@3 V3 LOOKUP Call, Name: notes
rpc@3 V3 LOOKUP Call
nfs@3 V3 LOOKUP Call, Name: x
rpc@4 V3 LOOKUP Reply (Call In 3)
nfs@4 V3 LOOKUP Reply Error: NFS3ERR_NOENT
rpc@5 V3 LOOKUP Reply (Call In 3)
nfs@5 V3 LOOKUP Reply
rpc@6 V4 COMPOUND Call
nfs@6 V4 COMPOUND Call
rpc@7 V4 COMPOUND Reply (remote can't support version #) (Call In 6)
rpc@8 V1 proc-9 Call
rpc@9 V1 proc-9 Reply (denied: AUTH_ERROR) (Call In 8)
";
    assert_eq!(stage.rows(), expected);
    assert_eq!(stage.values("rpc.xid"), "1 1 2 3 3 2 4 4 5 5");
    assert_eq!(stage.values("nfs.procedure_v3"), "0 0 3 3 3 3");
    assert_eq!(stage.values("nfs.name"), "notes x");
    assert_eq!(stage.values("nfs.status3"), "2 0");
    assert_eq!(stage.values("rpc.programversion.max"), "3");
    assert_eq!(stage.values("rpc.state_auth"), "1");
    // The second reply answers the first of two calls.
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(1, 0), (6, 4), (8, 2), (12, 10), (14, 13)]);
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |steps: &[Step]| -> Vec<String> {
        // Frames that replies name are others when there are more.
        let strip = |row: &str| {
            let row = row.split_once(' ').unwrap().1;
            row.split(" (Call In").next().unwrap().to_owned()
        };
        on_port(2049, steps).rows().lines().map(strip).collect()
    };
    let whole = numberless(&everything());
    for at in 1..120 {
        assert_eq!(numberless(&cut(&everything(), at)), whole, "cut at {at}");
    }
    assert_eq!(numberless(&crumble(&everything())), whole);
}

#[test]
fn datagrams_have_no_mark() {
    let port = [words(&[100_003, 3, 6, 0])].concat();
    let address = [words(&[100_005, 3]), text("udp"), text(""), text("superuser")].concat();
    let steps = [
        ask(call(7, [100_000, 2, 3], &port)),
        ask(call(7, [100_000, 2, 3], &port)),
        say(reply(7, 0, &words(&[2049]))),
        ask(call(8, [100_000, 4, 3], &address)),
        say(reply(8, 0, &text("0.0.0.0.78.80"))),
        ask(call(9, [100_005, 3, 1], &text("/export"))),
        say(reply(9, 0, &words(&[13]))),
        say(reply(10, 0, &words(&[13]))),
    ];
    let stage = over_udp(111, &steps);
    let rows = stage.rows();
    let inner: Vec<&str> = rows.lines().filter(|row| !row.starts_with("rpc")).collect();
    assert_eq!(
        inner,
        [
            "portmap@1 V2 GETPORT Call NFS(100003) V:3",
            "portmap@2 V2 GETPORT Call NFS(100003) V:3",
            "portmap@3 V2 GETPORT Reply Port:2049",
            "portmap@4 V4 GETADDR Call MOUNT(100005) V:3",
            "portmap@5 V4 GETADDR Reply 0.0.0.0.78.80",
            "mount@6 V3 MNT Call /export",
            "mount@7 V3 MNT Reply Error: ERR_ACCESS",
        ]
    );
    assert!(rows.ends_with("rpc@8 Reply to a call that was not captured\n"), "{rows}");
    assert_eq!(stage.values("portmap.port"), "0 0 2049");
    assert_eq!(stage.values("portmap.rpcb.netid"), "udp");
    assert_eq!(stage.values("mount.path"), "/export");
}

#[test]
fn fragments_are_put_together() {
    let message = call(2, LOOKUP, &name("notes"));
    let (first, last) = message.split_at(48);
    let first = [&words(&[first.len() as u32]), first].concat();
    let steps = [ask(first), ask(marked(last)), ask(marked(&call(3, LOOKUP, &name("x"))))];
    let expected = "rpc@1 RPC Fragment\nrpc@2 V3 LOOKUP Call\nnfs@2 V3 LOOKUP Call, Name: notes\n\
                    rpc@3 V3 LOOKUP Call\nnfs@3 V3 LOOKUP Call, Name: x\n";
    assert_eq!(on_port(2049, &steps).rows(), expected);
}

#[test]
fn long_messages_pass_by_and_holes_are_read_past() {
    let long = marked(&call(2, [100_003, 3, 7], &[&words(&[4, 9])[..], &[0; 200_000]].concat()));
    let (head, tail) = long.split_at(60_000);
    let steps = [ask(head), ask(tail), say(marked(&reply(2, 0, &words(&[0]))))];
    let expected = "rpc@2 V3 WRITE Call\nnfs@2 V3 WRITE Call\n\
                    rpc@3 V3 WRITE Reply (Call In 1)\nnfs@3 V3 WRITE Reply\n";
    assert_eq!(on_port(2049, &steps).rows(), expected);
    let next = marked(&call(3, LOOKUP, &name("x")));
    let steps = [everything()[0].clone(), Step::MissAsked(90), ask("rest"), ask(next)];
    let expected = "rpc@1 V3 NULL Call\nrpc@3 Continuation\nrpc@4 V3 LOOKUP Call\n\
                    nfs@4 V3 LOOKUP Call, Name: x\n";
    assert_eq!(on_port(2049, &steps).rows(), expected);
}

#[test]
fn credentials_say_who_calls() {
    let unix = [words(&[7]), text("client"), words(&[1000, 100, 2, 4, 27])].concat();
    let head = words(&[1, 0, 2, 100_003, 3, 0, 1, unix.len() as u32]);
    let stage = over_udp(2049, &[ask([head, unix, words(&[0, 0])].concat())]);
    assert_eq!(stage.values("rpc.auth.machinename"), "client");
    assert_eq!(stage.values("rpc.auth.gid"), "100 4 27");
    assert_eq!(stage.values("rpc.auth.flavor"), "1 0");
}

fn check(bytes: &[u8], expected: Likelihood) {
    assert_eq!(likelihood(bytes), expected, "{bytes:?}");
    assert_eq!(likelihood_marked(&marked(bytes)), expected, "{bytes:?} behind a mark");
}

#[test]
fn a_call_of_a_known_program_is_sure_and_zeros_are_none() {
    check(&call(1, LOOKUP, &[]), Likelihood::Surely);
    check(&call(1, [200_000, 1, 1], &[]), Likelihood::Perhaps);
    check(&call(1, [0x7000_0000, 1, 1], &[]), Likelihood::No);
    check(&call(1, [100_003, 500, 1], &[]), Likelihood::No);
    check(&reply(1, 0, &[]), Likelihood::Perhaps);
    check(&words(&[1, 1, 1, 1, 1]), Likelihood::Unsaid);
    check(&reply(1, 9, &[]), Likelihood::No);
    check(&[0; 40], Likelihood::No);
    check(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Likelihood::No);
    let whole = call(1, LOOKUP, &[]);
    for len in 0..whole.len() {
        assert_eq!(head(&whole[..len]), Err(Missing::More), "{len} bytes");
    }
}
