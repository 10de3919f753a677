//! Tests of PostgreSQL: before TLS, and by type.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, hello, on_port, play, say};

const SSL: [u8; 8] = [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f];

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend((body.len() as u32 + 4).to_be_bytes());
    bytes.extend(body);
    bytes
}

fn startup() -> Vec<u8> {
    let body = b"\0\x03\0\0user\0joe\0database\0d\0\0";
    [&(body.len() as u32 + 4).to_be_bytes()[..], body].concat()
}

fn check(steps: &[Step], expected: &[&str]) {
    let rows = on_port(5432, steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

fn plain() -> Vec<Step> {
    vec![
        ask(SSL),
        say("N"),
        ask(startup()),
        say([message(b'R', &[0; 4]), message(b'Z', b"I")].concat()),
        ask(message(b'Q', b"select 1\0")),
        say([message(b'E', b"SERROR\0C42P01\0Mno\0\0"), message(b'Z', b"I")].concat()),
        ask(message(b'X', b"")),
    ]
}

#[test]
fn tls_begins_after_consent() {
    check(
        &[ask(SSL), say("S"), ask(hello())],
        &["pgsql@1 >SSL request", "pgsql@2 <SSL response", "tls@3 ", "tls@3 Client Hello"],
    );
}

#[test]
fn without_consent_it_goes_on() {
    check(
        &plain(),
        &[
            "pgsql@1 >SSL request",
            "pgsql@2 <SSL response",
            "pgsql@3 >Startup message",
            "pgsql@4 <Authentication request",
            "pgsql@4 <Ready for query",
            "pgsql@5 >Simple query",
            "pgsql@6 <Error",
            "pgsql@6 <Ready for query",
            "pgsql@7 >Termination",
        ],
    );
    let stage = on_port(5432, &plain());
    for (name, expected) in [
        ("pgsql.query", "select 1"),
        ("pgsql.parameter_name", "user database"),
        ("pgsql.parameter_value", "joe d"),
        ("pgsql.code", "42P01"),
        ("pgsql.ssl_response", "N"),
        ("pgsql.length", "8 29 8 5 13 23 5 4"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn long_messages_pass_by_and_others_are_data() {
    let long = message(b'd', &vec![7; 100_000]);
    check(
        &[ask(startup()), ask(long), ask(message(b'c', b"")), ask([0xff; 9])],
        &[
            "pgsql@1 >Startup message",
            "pgsql@2 >Copy data",
            "pgsql@3 >Copy completion",
            "pgsql@4 <Data",
        ],
    );
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(5432, &plain()).rows());
    for at in 1..50 {
        assert_eq!(numberless(on_port(5432, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(5432, &crumble(&plain())).rows()), whole);
}

#[test]
fn a_length_alone_is_not_enough_on_any_port() {
    assert_eq!(play(&[ask([0, 0, 1]), say("text")]).rows(), "data@1 3 bytes\ndata@2 4 bytes\n");
}

#[test]
fn queries_that_are_sent_at_once_are_answered_in_turn() {
    let steps = [
        ask(startup()),
        say([message(b'R', &[0, 0, 0, 3])].concat()),
        ask(message(b'p', b"secret\0")),
        say([message(b'R', &[0; 4]), message(b'Z', b"I")].concat()),
        ask([message(b'Q', b"select 1\0"), message(b'Q', b"select 2\0")].concat()),
        say([
            message(b'C', b"SELECT 1\0"),
            message(b'Z', b"I"),
            message(b'C', b"SELECT 1\0"),
            message(b'Z', b"I"),
        ]
        .concat()),
    ];
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = on_port(5432, &steps).related().iter().filter_map(pair).collect();
    assert_eq!(found, [(1, 0), (3, 2), (4, 2), (7, 5), (8, 5), (9, 6), (10, 6)]);
}

#[test]
fn what_is_told() {
    let mut steps = plain();
    steps.splice(
        6..6,
        [
            ask([
                message(b'P', b"s\0select $1\0\0\0"),
                message(b'B', &[0; 8]),
                message(b'E', &[0; 5]),
                message(b'S', b""),
                message(b'd', b"1\t2\n"),
                message(b'H', b""),
                message(b'p', b"secret\0"),
            ]
            .concat()),
            say([
                message(b'R', &[0, 0, 0, 5, 1, 2, 3, 4]),
                message(b'1', b""),
                message(b'T', &[0, 0]),
                message(b'D', &[0, 0]),
                message(b'C', b"SELECT 1\0"),
                message(b'N', b"SNOTICE\0Mdone\0\0"),
                message(b'A', &[0; 6]),
            ]
            .concat()),
        ],
    );
    steps.push(say("no message"));
    check_told(
        &on_port(5432, &steps),
        &[
            "SSL request | Asks to go on in TLS on this connection | It asks before it says who it is; a server without TLS answers N.",
            "SSL response | Does not: the client may go on in the open, or leave",
            "Startup message | Says who it is and which database it wants",
            "Authentication request | Lets the client in",
            "Ready for query | Is ready for the next query",
            "select 1 | Asks a query in one message",
            "ERROR: no | Refuses, and says why | SQLSTATE 42P01.",
            "Ready for query | Is ready for the next query",
            "select $1 | Has a query prepared, with places for values",
            "Bind | Puts values into the places of a prepared query",
            "Execute | Has the query carried out, with its values",
            "Sync | Ends a series of messages: the server answers all of it",
            "Copy data | Brings rows that are to be copied into a table",
            "Flush | Goes on with what it asks",
            "Password message | Proves who it is, as the server demanded",
            "Authentication request | Demands a proof of who the client is",
            "Parse completion | Answers, and goes on",
            "Row description | Says which columns the rows will have",
            "Data row | Gives one row",
            "SELECT 1 | Has carried it out",
            "done | Has something to say beside",
            "Notification | Tells what another connection announced",
            "Termination | Takes leave of the database",
            "Data | Bytes that are no message of PostgreSQL",
        ],
    );
}

#[test]
fn what_is_told_before_it_begins() {
    check_told(
        &on_port(5432, &[ask(SSL), say("S")]),
        &[
            "SSL request | Asks to go on in TLS on this connection | It asks before it says who it is; a server without TLS answers N.",
            "SSL response | Agrees: the next byte of either side is TLS",
        ],
    );
    let cancel = [&[0, 0, 0, 16, 4, 0xd2, 0x16, 0x2e][..], &[0; 8]].concat();
    check_told(
        &on_port(5432, &[ask(cancel)]),
        &["Cancel request | Asks to stop a query of another connection"],
    );
}

#[test]
fn an_error_names_its_reason_with_how_grave_it_is() {
    let fatal = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"joe\"\0\0";
    let error = b"SERROR\0C42601\0Msyntax error\0\0";
    check_told(
        &on_port(5432, &[ask(message(b'Q', b"selct\0")), say(message(b'E', error))]),
        &[
            "selct | Asks a query in one message",
            "ERROR: syntax error | Refuses, and says why | SQLSTATE 42601.",
        ],
    );
    let told = crate::protocols::stage::told(&on_port(
        5432,
        &[ask(message(b'Q', b"select 1\0")), say(message(b'E', fatal))],
    ));
    let last = told.last().map(String::as_str).unwrap_or_default();
    assert!(last.starts_with("FATAL: password auth"), "{last}");
    let whole = "FATAL: password authentication failed for user \"joe\" (SQLSTATE 28P01).";
    assert!(last.ends_with(whole), "{last}");
}

#[test]
fn what_is_told_of_the_way_in() {
    let steps = [
        ask(startup()),
        say(message(b'R', b"\0\0\0\x0aSCRAM-SHA-256\0\0")),
        ask(message(b'p', b"SCRAM-SHA-256\0\0\0\0\x08n,,n=,r=x")),
        say(message(b'R', b"\0\0\0\x0br=xy,s=QQ==,i=4096")),
        ask(message(b'p', b"c=biws,r=xy,p=AA==")),
        say(message(b'R', b"\0\0\0\x0cv=AA==")),
        say(message(b'R', &[0; 4])),
        say(message(b'R', &[0, 0, 0, 3])),
    ];
    check_told(
        &on_port(5432, &steps),
        &[
            "Startup message | Says who it is and which database it wants",
            "Authentication request | Demands a proof of who the client is, and lists the ways to give one | The first is SCRAM-SHA-256.",
            "SASLInitialResponse message | Chooses how it will prove who it is, and sends a number used once | By SCRAM-SHA-256. The password does not travel.",
            "Authentication request | Gives a salt and a number of its own: the proof is made over them",
            "SASLResponse message | Offers a proof that it knows the password, made over the numbers of both sides",
            "Authentication request | Proves in turn that it knows the password, as a digest",
            "Authentication request | Lets the client in",
            "Authentication request | Demands the password, in the clear",
        ],
    );
}

#[test]
fn a_commit_of_what_has_failed_commits_nothing() {
    let failed = || {
        let error = message(b'E', b"SERROR\0C25P02\0Mno\0\0");
        say([error, message(b'Z', b"E")].concat())
    };
    let rolled_back = || say([message(b'C', b"ROLLBACK\0"), message(b'Z', b"I")].concat());
    let query = |text: &str| ask(message(b'Q', format!("{text}\0").as_bytes()));
    let prepared = |text: &str| {
        let parse = message(b'P', format!("\0{text}\0\0\0").as_bytes());
        let rest = [message(b'B', &[0; 8]), message(b'E', &[0; 5]), message(b'S', b"")].concat();
        ask([parse, rest].concat())
    };
    let told = |last: Step| {
        let ready = say([message(b'R', &[0; 4]), message(b'Z', b"I")].concat());
        let steps = [ask(startup()), ready, query("insert"), failed(), last, rolled_back()];
        let told = crate::protocols::stage::told(&on_port(5432, &steps));
        let ready = "Is ready, in a transaction that has failed: nothing but its end is taken";
        assert!(told.iter().any(|line| line.ends_with(ready)), "{told:?}");
        told.into_iter().rfind(|line| line.starts_with("ROLLBACK")).unwrap_or_default()
    };
    let undone = "ROLLBACK | Has committed nothing: the transaction is rolled back | It had failed \
                  before. What a command in it changed is as it was.";
    for commit in ["COMMIT", " commit;", "End", "END TRANSACTION"] {
        assert_eq!([told(query(commit)), told(prepared(commit))], [undone; 2], "{commit}");
    }
    for rollback in ["ROLLBACK TO a", "abort", "endless"] {
        assert_eq!(told(query(rollback)), "ROLLBACK | Has carried it out", "{rollback}");
    }
}
