//! Tests of MongoDB: messages of today and of before, documents, errors, and what is not answered.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, play, say};

/// A message: its number, what it answers, its opcode.
fn message(id: u32, answers: u32, opcode: u32, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let head = [content.len() as u32 + 16, id, answers, opcode].map(u32::to_le_bytes).concat();
    [head, content].concat()
}

/// A document of elements.
fn document(elements: &[Vec<u8>]) -> Vec<u8> {
    let content = elements.concat();
    [&(content.len() as u32 + 5).to_le_bytes()[..], &content, &[0]].concat()
}

fn element(kind: u8, name: &str, value: &[u8]) -> Vec<u8> {
    [&[kind][..], name.as_bytes(), &[0], value].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    let len = (value.len() as u32 + 1).to_le_bytes();
    element(2, name, &[&len[..], value.as_bytes(), &[0]].concat())
}

fn int(name: &str, value: i32) -> Vec<u8> {
    element(16, name, &value.to_le_bytes())
}

fn ok(value: f64) -> Vec<u8> {
    element(1, "ok", &value.to_le_bytes())
}

/// A Msg with one document.
fn msg(id: u32, answers: u32, flags: u8, elements: &[Vec<u8>]) -> Vec<u8> {
    message(id, answers, 2013, &[&[flags, 0, 0, 0, 0], &document(elements)])
}

fn plain() -> Vec<Step> {
    let filter = document(&[int("age", -3), element(8, "here", &[1]), element(10, "none", &[])]);
    let cursor = document(&[element(18, "id", &[0; 8]), text("ns", "shop.items")]);
    let sequence = [&b"documents\0"[..], &document(&[int("a", 1)])].concat();
    let size = (sequence.len() as u32 + 4).to_le_bytes();
    vec![
        ask(message(
            1,
            0,
            2004,
            &[&[0; 4], b"admin.$cmd\0", &[0; 4], &[0xff; 4], &document(&[int("isMaster", 1)])],
        )),
        say(message(
            9,
            1,
            1,
            &[&[8, 0, 0, 0], &[0; 8], &[0; 4], &[1, 0, 0, 0], &document(&[ok(1.0)])],
        )),
        ask([
            msg(
                2,
                0,
                0,
                &[text("find", "items"), element(3, "filter", &filter), text("$db", "shop")],
            ),
            msg(3, 0, 0, &[int("ping", 1), text("$db", "admin")]),
        ]
        .concat()),
        say([msg(10, 3, 0, &[ok(1.0)]), msg(11, 2, 0, &[element(3, "cursor", &cursor), ok(1.0)])]
            .concat()),
        ask(message(
            4,
            0,
            2013,
            &[
                &[0; 5],
                &document(&[text("insert", "items"), text("$db", "shop")]),
                &[1],
                &size,
                &sequence,
            ],
        )),
        say(msg(12, 4, 0, &[ok(0.0), text("errmsg", "not primary"), int("code", 10107)])),
    ]
}

#[test]
fn commands_and_answers() {
    let rows = play(&plain()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "mongo@1 Request : Query, isMaster",
            "mongo@2 Response : Reply",
            "mongo@3 Request : Extensible Message Format, find shop.items",
            "mongo@3 Request : Extensible Message Format, ping",
            "mongo@4 Response : Extensible Message Format",
            "mongo@4 Response : Extensible Message Format",
            "mongo@5 Request : Extensible Message Format, insert shop.items",
            "mongo@6 Response : Extensible Message Format, not primary",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = play(&plain()).related().iter().filter_map(pair).collect();
    assert_eq!(found, [(1, 0), (4, 3), (5, 2), (7, 6)]);
}

#[test]
fn documents_have_names_and_values() {
    let stage = play(&plain());
    for (name, expected) in [
        ("mongo.opcode", "2004 1 2013 2013 2013 2013 2013 2013"),
        ("mongo.request_id", "1 9 2 3 10 11 4 12"),
        ("mongo.response_to", "0 1 0 0 3 2 0 4"),
        ("mongo.full_collection_name", "admin.$cmd"),
        (
            "mongo.element.name",
            "isMaster ok find filter age here none $db ping $db ok cursor id ns ok insert $db a ok errmsg code",
        ),
        ("mongo.element.value.string", "items shop admin shop.items items shop not primary"),
        ("mongo.element.value.int", "1 -3 1 1 10107"),
        ("mongo.element.value.bool", "1"),
        ("mongo.element.value.double", "1 1 1 0"),
        ("mongo.msg.sections.section.kind", "0 0 0 0 0 1 0"),
        ("mongo.msg.sections.section.doc_sequence_id", "documents"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    for message in stage.messages() {
        assert_eq!(stage.describe(message).notes, [""; 0]);
    }
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(27017, &plain()).rows());
    for at in 1..80 {
        assert_eq!(numberless(on_port(27017, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(27017, &crumble(&plain())).rows()), whole);
}

#[test]
fn a_length_that_lies_is_noted() {
    let mut bytes = msg(1, 0, 0, &[int("ping", 1)]);
    bytes[21] = 99;
    let stage = play(&[ask(bytes)]);
    let heard = stage.describe(&stage.messages()[0]);
    assert_eq!(heard.notes, ["A document claims 99 bytes, but only 15 are there"]);
}

#[test]
fn what_is_told() {
    let mut steps = plain();
    let command = |id: u32, name: &str| msg(id, 0, 0, &[text(name, "items"), text("$db", "shop")]);
    steps.extend([
        ask([
            command(20, "hello"),
            command(21, "saslStart"),
            command(22, "getMore"),
            command(23, "update"),
            command(24, "delete"),
            command(25, "create"),
            command(26, "endSessions"),
            command(27, "buildInfo"),
            message(28, 0, 2012, &[&[0xdd, 7, 0, 0], &[9, 0, 0, 0], &[2], b"zipped"]),
            message(29, 0, 2005, &[&[0; 4], b"a.b\0", &[0; 12]]),
            message(30, 0, 2002, &[&[0; 4], b"a.b\0", &document(&[int("a", 1)])]),
        ]
        .concat()),
        say(message(40, 28, 2012, &[&[0xdd, 7, 0, 0], &[9, 0, 0, 0], &[2], b"zipped"])),
    ]);
    check_told(
        &play(&steps),
        &[
            "isMaster | Says what it can do, and asks whom it has reached",
            "ok | Has done what the command asked",
            "find items | Asks for documents of a collection | In the database shop.",
            "ping | Asks whether the server answers | In the database admin.",
            "ok | Has done what the command asked",
            "documents | Gives the documents, or the first of them",
            "insert items | Adds documents to a collection | In the database shop.",
            "error | Refuses the command, and says why | not primary.",
            "hello items | Says what it can do, and asks whom it has reached | In the database shop.",
            "saslStart items | Proves who it is, step by step | In the database shop.",
            "getMore items | Asks for more documents of a cursor | In the database shop.",
            "update items | Changes documents of a collection | In the database shop.",
            "delete items | Removes documents from a collection | In the database shop.",
            "create items | Changes which collections and indexes there are | In the database shop.",
            "endSessions items | Gives back what the server kept for it | In the database shop.",
            "buildInfo items | Gives the server a command | In the database shop.",
            "request | Asks, and has compressed what it says",
            "request | Asks for documents in the old form",
            "request | Writes in the old form, which nothing answers",
            "compressed | Answers, and has compressed what it says",
        ],
    );
}
