//! Tests of what operations of LDAP say.

use crate::protocols::stage::{Played, ask, check_told, on_port, say};

/// An element with content of less than 128 bytes.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&[tag, content.len() as u8][..], &content].concat()
}

fn text(text: &str) -> Vec<u8> {
    der(4, &[text.as_bytes()])
}

/// A message of that number, with an operation.
fn message(id: u8, tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, &[&[2, 1, id], &der(tag, parts)])
}

fn attribute(name: &str, values: &[&str]) -> Vec<u8> {
    let values: Vec<u8> = values.iter().flat_map(|one| text(one)).collect();
    der(0x30, &[&text(name), &der(0x31, &[&values])])
}

fn search(base: &str) -> Vec<u8> {
    let filter = der(0xa3, &[&text("cn"), &text("ann")]);
    let limits = [10, 1, 2, 10, 1, 0, 2, 1, 9, 2, 1, 5, 1, 1, 0xff];
    message(2, 0x63, &[&text(base), &limits, &filter, &der(0x30, &[&text("mail"), &text("sn")])])
}

fn talk() -> Played {
    let sasl = der(0xa3, &[&text("PLAIN"), &text("x")]);
    let change = der(0x30, &[&[10, 1, 2], &attribute("sn", &["b"])]);
    on_port(
        389,
        &[
            ask(message(1, 0x60, &[&[2, 1, 3], &text("cn=a"), &der(0x80, &[b"secret"])])),
            say(message(1, 0x61, &[&[10, 1, 49], &text("dc=t"), &text("no such user")])),
            ask(message(1, 0x60, &[&[2, 1, 3], &text(""), &sasl])),
            ask(search("dc=t")),
            ask(search("")),
            say(message(
                2,
                0x64,
                &[&text("cn=ann,dc=t"), &der(0x30, &[&attribute("mail", &["a", "b"])])],
            )),
            say(message(2, 0x73, &[&text("ldap://x/")])),
            ask(message(3, 0x66, &[&text("cn=m"), &der(0x30, &[&change])])),
            ask(message(4, 0x68, &[&text("cn=n"), &der(0x30, &[&attribute("cn", &["n"])])])),
            ask(message(5, 0x4a, &[b"cn=d"])),
            ask(message(
                6,
                0x6c,
                &[&text("cn=o"), &text("cn=p"), &[1, 1, 0xff], &der(0x80, &[b"dc=u"])],
            )),
            ask(message(7, 0x6e, &[&text("cn=q"), &der(0x30, &[&text("sn"), &text("r")])])),
            ask(message(8, 0x50, &[&[7]])),
        ],
    )
}

#[test]
fn what_operations_say_is_told_in_rows_and_fields() {
    let stage = talk();
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().map(|row| row.split_once(' ').unwrap().1).collect();
    assert_eq!(
        found,
        [
            "bindRequest(1) \"cn=a\" ",
            "bindResponse(1) invalidCredentials ",
            "bindRequest(1) ",
            "searchRequest(2) \"dc=t\" wholeSubtree ",
            "searchRequest(2) \"<ROOT>\" wholeSubtree ",
            "searchResEntry(2) \"cn=ann,dc=t\" ",
            "searchResRef(2) ",
            "modifyRequest(3) \"cn=m\" ",
            "addRequest(4) \"cn=n\" ",
            "delRequest(5) \"cn=d\" ",
            "modDNRequest(6) \"cn=o\" ",
            "compareRequest(7) \"cn=q\" ",
            "abandonRequest(8) ",
        ]
    );
    for (name, expected) in [
        ("ldap.version", "3 3"),
        ("ldap.simple", "secret"),
        ("ldap.mechanism", "PLAIN"),
        ("ldap.matchedDN", "dc=t"),
        ("ldap.errorMessage", "no such user"),
        ("ldap.scope", "2 2"),
        ("ldap.sizeLimit", "9 9"),
        ("ldap.typesOnly", "1 1"),
        ("ldap.filter", "3 3"),
        ("ldap.filter.text", "(cn=ann) (cn=ann)"),
        ("ldap.AttributeDescription", "mail sn mail sn"),
        ("ldap.objectName", "cn=ann,dc=t"),
        ("ldap.type", "mail sn cn"),
        ("ldap.AttributeValue", "61 62 62 6e"),
        ("ldap.LDAPURL", "ldap://x/"),
        ("ldap.operation", "2"),
        ("ldap.delRequest", "cn=d"),
        ("ldap.newrdn", "cn=p"),
        ("ldap.deleteoldrdn", "1"),
        ("ldap.newSuperior", "dc=u"),
        ("ldap.assertionValue", "r"),
        ("ldap.abandonRequest", "7"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    for one in stage.messages() {
        assert_eq!(stage.describe(one).notes, [""; 0]);
    }
}

#[test]
fn what_is_searched_for_is_told() {
    check_told(
        &talk(),
        &[
            "bindRequest | Says who it is | cn=a.",
            "bindResponse | Answers; the number says which request | Result: invalidCredentials.",
            "bindRequest | Says who it is",
            "searchRequest | Searches the directory | wholeSubtree, dc=t: (cn=ann).",
            "searchRequest | Searches the directory | wholeSubtree, the root: (cn=ann).",
            "searchResEntry | Gives one of the results | cn=ann,dc=t.",
            "searchResRef | Gives one of the results",
            "modifyRequest | Asks the server; the number will be in the answer | cn=m.",
            "addRequest | Asks the server; the number will be in the answer | cn=n.",
            "delRequest | Asks the server; the number will be in the answer | cn=d.",
            "modDNRequest | Asks the server; the number will be in the answer | cn=o.",
            "compareRequest | Asks the server; the number will be in the answer | cn=q.",
            "abandonRequest | No longer wants an answer",
        ],
    );
}
