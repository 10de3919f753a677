//! Messages made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::message::Relation;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

/// An element: a tag, a length, parts.
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match content.len() {
        len @ 0..0x80 => bytes.push(len as u8),
        len => bytes.extend([&[0x82][..], &(len as u16).to_be_bytes()].concat()),
    }
    bytes.extend(content);
    bytes
}

const SYS_NAME: &[u8] = &[0x2b, 6, 1, 2, 1, 1, 5, 0];

fn binding(name: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(6, &[name]), &tlv(tag, &[value])])
}

fn pdu(tag: u8, id: u8, numbers: [u8; 2], bindings: &[Vec<u8>]) -> Vec<u8> {
    let number = |number: u8| tlv(2, &[&[number]]);
    let list = tlv(0x30, &[&bindings.concat()]);
    tlv(tag, &[&number(id), &number(numbers[0]), &number(numbers[1]), &list])
}

fn v2c(pdu: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[2, 1, 1], &tlv(4, &[b"public"]), pdu])
}

fn v3(id: u8, flags: u8, data: &[u8]) -> Vec<u8> {
    let global = tlv(0x30, &[&[2, 1, id], &[2, 2, 5, 0], &[4, 1, flags], &[2, 1, 3]]);
    let engine = tlv(4, &[&[0x80, 0, 0, 1]]);
    let usm = [&engine[..], &[2, 1, 4], &[2, 1, 9], &tlv(4, &[b"ann"]), &[4, 0], &[4, 0]];
    let security = tlv(4, &[&tlv(0x30, &usm)]);
    tlv(0x30, &[&[2, 1, 3], &global, &security, data])
}

fn scoped(pdu: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[4, 1, 9], &[4, 0], pdu])
}

fn get(id: u8) -> Vec<u8> {
    v2c(&pdu(0xa0, id, [0, 0], &[binding(SYS_NAME, 5, &[])]))
}

fn response(id: u8) -> Vec<u8> {
    v2c(&pdu(0xa2, id, [0, 0], &[binding(SYS_NAME, 4, b"box")]))
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 161], began: None }, steps)
}

#[test]
fn requests_and_responses_share_a_number() {
    let stage =
        over_udp(&[ask(get(7)), ask(get(8)), say(response(8)), say(response(7)), ask(get(9))]);
    assert!(stage.rows().starts_with("snmp@1 get-request 1.3.6.1.2.1.1.5.0\n"));
    assert!(stage.rows().contains("snmp@3 get-response 1.3.6.1.2.1.1.5.0\n"));
    let related: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(related, [(2, 1), (3, 0)]);
    assert_eq!(stage.values("snmp.response_to"), "2 1");
    assert_eq!(stage.values("snmp.time"), "1000000 3000000");
}

#[test]
fn fields_have_their_names_and_kinds() {
    let bindings = [
        binding(SYS_NAME, 4, b"box"),
        binding(&[0x2b, 1], 2, &[0xff, 0x85]),
        binding(&[0x2b, 2], 0x41, &[0, 0xff, 0xff, 0xff, 0xff]),
        binding(&[0x2b, 3], 0x43, &[1, 0]),
        binding(&[0x2b, 4], 6, &[0x2b, 9]),
        binding(&[0x2b, 5], 0x40, &[192, 0, 2, 1]),
        binding(&[0x2b, 6], 0x81, &[]),
        binding(&[0x2b, 7], 0x42, &[7]),
    ];
    let stage = over_udp(&[say(v2c(&pdu(0xa2, 0xfe, [0, 0], &bindings)))]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("snmp.version", "1");
    check("snmp.community", "public");
    check("snmp.data", "2");
    check("snmp.request_id", "-2");
    check("snmp.error_status", "0");
    check("snmp.variable_bindings", "8");
    check("snmp.value.octets", "626f78");
    check("snmp.value.int", "-123");
    check("snmp.value.counter", "4294967295");
    check("snmp.value.timeticks", "256");
    check("snmp.value.oid", "1.3.9");
    check("snmp.value.ipv4", "c0000201");
    check("snmp.value.u32", "7");
    check("snmp.noSuchInstance", "");
}

#[test]
fn version_3_is_read_as_far_as_it_is_clear() {
    let discovery = v3(7, 4, &scoped(&pdu(0xa0, 0, [0, 0], &[])));
    let oid = [0x2b, 6, 1, 6, 3, 15, 1, 1, 4, 0];
    let report = v3(7, 0, &scoped(&pdu(0xa8, 0, [0, 0], &[binding(&oid, 0x41, &[5])])));
    let sealed = v3(8, 7, &tlv(4, &[&[0xaa; 20]]));
    let answer = v3(8, 3, &tlv(4, &[&[0xbb; 20]]));
    let stage = over_udp(&[ask(discovery), say(report), ask(sealed), say(answer)]);
    assert_eq!(
        stage.rows(),
        "snmp@1 get-request\n\
         snmp@2 report 1.3.6.1.6.3.15.1.1.4.0\n\
         snmp@3 encryptedPDU: privKey Unknown\n\
         snmp@4 encryptedPDU: privKey Unknown\n"
    );
    assert_eq!(stage.related().len(), 2, "sealed ones are paired as well");
    assert_eq!(stage.values("snmp.msgUserName"), "ann ann ann ann");
    assert_eq!(stage.values("snmp.v3.flags.crypt"), "0 0 1 1");
    assert_eq!(stage.values("snmp.encryptedPDU").split(' ').count(), 2);
}

#[test]
fn traps_are_alone() {
    let old = tlv(
        0xa4,
        &[
            &tlv(6, &[&[0x2b, 6, 1, 4, 1, 1]]),
            &[0x40, 4, 192, 0, 2, 1],
            &[2, 1, 2],
            &[2, 1, 0],
            &[0x43, 1, 9],
            &[0x30, 0],
        ],
    );
    let old = tlv(0x30, &[&[2, 1, 0], &tlv(4, &[b"public"]), &old]);
    let event = [0x2b, 6, 1, 6, 3, 1, 1, 5, 4];
    let new = [binding(&[0x2b, 6, 1, 6, 3, 1, 1, 4, 1, 0], 6, &event)];
    let new = v2c(&pdu(0xa7, 1, [0, 0], &new));
    let stage = over_udp(&[ask(&old), ask(&new)]);
    assert!(stage.related().is_empty());
    assert_eq!(stage.values("snmp.generic_trap"), "2");
    assert_eq!(stage.values("snmp.enterprise"), "1.3.6.1.4.1.1");
    check(&[ask(old)], "linkDown", "nobody confirms it", "snmp/trap");
    check(&[ask(new)], "linkUp", "nobody confirms it", "snmp/trap");
}

/// What is told of the last message.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, lesson: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Snmp.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!(told.label, label);
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert_eq!(told.lesson, Some(lesson));
    told
}

#[test]
fn what_messages_mean() {
    let asked = "Get sysName (1.3.6.1.2.1.1.5.0)";
    let told = check(&[ask(get(7))], asked, "Asks for values", "snmp/request");
    assert!(told.turn.asks && told.detail.contains("“public” is a password in the clear"));
    let told = check(&[ask(get(7)), say(response(7))], "box", "Gives the values", "snmp/request");
    assert!(told.turn.answers && told.detail.contains("sysName (1.3.6.1.2.1.1.5.0) is box."));
    assert!(!check(&[say(response(7))], "box", "", "snmp/request").turn.answers);
    let told = check(&[ask(get(7)), ask(get(7))], asked, "", "snmp/request");
    assert_eq!(told.outcome, Outcome::Repeated);
    let refused = v2c(&pdu(0xa2, 7, [2, 1], &[binding(SYS_NAME, 5, &[])]));
    let told = check(&[ask(get(7)), say(refused)], "noSuchName", "Refuses", "snmp/request");
    assert_eq!(told.outcome, Outcome::Refused);
    assert!(told.detail.contains("about name 1."), "{}", told.detail);
    let end = v2c(&pdu(0xa2, 7, [0, 0], &[binding(SYS_NAME, 0x82, &[])]));
    check(&[say(end)], "endOfMibView", "the tree ends here", "snmp/request");
}

#[test]
fn the_form_decides_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Snmp.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    let whole = get(7);
    check(&whole, Likelihood::Surely);
    check(&whole[..20], Likelihood::Unsaid);
    check(&[&whole[..], &[0]].concat(), Likelihood::Unsaid);
    check(&v3(7, 4, &scoped(&pdu(0xa0, 0, [0, 0], &[]))), Likelihood::Surely);
    check(&tlv(0x30, &[&[2, 1, 2], &[4, 0], &[0xa0, 0]]), Likelihood::No);
    check(&tlv(0x30, &[&[2, 1, 1], &[2, 1, 0], &[0xa0, 0]]), Likelihood::No);
    check(&tlv(0x30, &[&[2, 1, 1], &[4, 0], &[0x60, 0]]), Likelihood::No);
    check(b"GET / HTTP/1.1", Likelihood::No);
    check(&[0x30, 0x80, 2, 1, 1, 4, 0, 0xa0, 0], Likelihood::No);
    assert_eq!(Snmp.probe(&whole, Framing::Stream), Likelihood::No);
}

#[test]
fn a_length_that_leads_beyond_its_datagram_belies_it() {
    let whole = response(7);
    for len in 0..whole.len() {
        let rows = over_udp(&[say(&whole[..len])]).rows();
        assert!(rows.is_empty() || rows.starts_with("data@1 "), "{len}: {rows}");
    }
    // Where the recording holds only the beginning, the rest may have been there.
    let seen = |wire: usize| look(&whole[..30], wire).map(|seen| seen.kind);
    assert_eq!([seen(whole.len()), seen(whole.len() - 1)], [Some(Kind::Response), None]);
}

#[test]
fn what_is_broken_inside_is_noted() {
    let check = |at: usize, byte: u8, expected: &str| {
        let mut bytes = response(7);
        bytes[at] = byte;
        let stage = over_udp(&[say(&bytes)]);
        let notes = stage.describe(&stage.messages()[0]).notes;
        assert_eq!(notes, [expected]);
    };
    let bytes = response(7);
    let list = bytes.iter().rposition(|byte| *byte == 0x30).unwrap();
    check(list, 0x31, "a binding has the tag 0x31, which is another thing's");
    check(list + 2, 0x05, "the name of a binding has the tag 0x05, which is another thing's");
    check(list + 3, 60, "the name of a binding claims 60 bytes, but only 13 are there");
}

#[test]
fn flipped_bits_never_panic() {
    for whole in [response(7), v3(7, 7, &tlv(4, &[&[0xaa; 20]]))] {
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                over_udp(&[ask(&bytes)]).rows();
            }
        }
    }
}

#[test]
fn who_repeats_a_response_says_the_same() {
    let stage = over_udp(&[ask(get(7)), say(response(7)), say(response(7))]);
    let related: Vec<_> = stage.related().iter().map(|one| one.relation).collect();
    assert_eq!(related, [Relation::Answers, Relation::Repeats]);
}
