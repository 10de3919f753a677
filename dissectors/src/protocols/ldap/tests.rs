//! Tests of LDAP: numbers, operations, and StartTLS.

use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

fn message(id: u8, tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x30, 5 + content.len() as u8, 2, 1, id, tag, content.len() as u8];
    bytes.extend(content);
    bytes
}

fn everything() -> Vec<Step> {
    let name = [&[0x80, 22][..], b"1.3.6.1.4.1.1466.20037"].concat();
    vec![
        ask(message(1, 0x60, &[2, 1, 3, 4, 0, 0x80, 0])),
        say(message(1, 0x61, &[10, 1, 0, 4, 0, 4, 0])),
        ask([message(2, 0x63, &[4, 0]), message(3, 0x63, &[4, 0])].concat()),
        say([message(3, 0x64, &[4, 0]), message(3, 0x65, &[10, 1, 32, 4, 0, 4, 0])].concat()),
        say(message(2, 0x65, &[10, 1, 0, 4, 0, 4, 0])),
        ask(message(4, 0x77, &name)),
        say(message(4, 0x78, &[10, 1, 0, 4, 0, 4, 0])),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(389, &everything());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "ldap@1 bindRequest(1) ",
            "ldap@2 bindResponse(1) success ",
            "ldap@3 searchRequest(2) ",
            "ldap@3 searchRequest(3) ",
            "ldap@4 searchResEntry(3) ",
            "ldap@4 searchResDone(3) noSuchObject ",
            "ldap@5 searchResDone(2) success ",
            "ldap@6 extendedReq(4) ",
            "ldap@7 extendedResp(4) success ",
            "tls@8 ",
            "tls@8 Client Hello",
        ]
    );
    assert_eq!(stage.values("ldap.messageID"), "1 1 2 3 3 3 2 4 4");
    assert_eq!(stage.values("ldap.protocolOp"), "0 1 3 3 4 5 5 23 24");
    assert_eq!(stage.values("ldap.response_to"), "1 3 3 3 6");
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(389, &everything()).rows());
    for at in 1..50 {
        assert_eq!(numberless(on_port(389, &cut(&everything(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(389, &crumble(&everything())).rows()), whole);
}

#[test]
fn what_cannot_be_read_is_data() {
    let sealed = [0, 0, 0, 40, 1, 2, 3];
    let rows = on_port(389, &[everything()[0].clone(), say(sealed), say("more")]).rows();
    assert_eq!(rows, "ldap@1 bindRequest(1) \nldap@2 Data\nldap@3 Data\n");
    let mut long = vec![0x30, 0x83, 1, 0x11, 0x78, 2, 1, 7, 0x64, 0x83, 1, 0x11, 0x70];
    long.resize(70_013, 0);
    let rows = on_port(389, &[say(long)]).rows();
    assert!(rows.contains("searchResEntry(7)"), "{rows}");
}
