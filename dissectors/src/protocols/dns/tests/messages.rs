//! Whole messages: flags, counts, rows, EDNS, and what mDNS and LLMNR do otherwise.

use super::{answer, data, message, name, opt, over_udp, query, question, record, row, text};
use crate::protocols::stage::{ask, say};

/// The fields of one datagram that begin so, as `name=value`.
fn fields(port: u16, bytes: &[u8], beginning: &str) -> String {
    let stage = over_udp(port, &[ask(bytes)]);
    let fields = stage.describe(&stage.messages()[0]).fields;
    let said = fields.iter().filter_map(|(name, value)| {
        let rest = name.strip_prefix(beginning)?;
        Some(format!("{}={value}", rest.trim_start_matches('.')))
    });
    said.collect::<Vec<_>>().join(" ")
}

fn check(bytes: &[u8], expected: &str) {
    assert_eq!(row(53, bytes), format!("dns@1 {expected}\n"));
}

#[test]
fn rows_are_worded_as_wiresharks() {
    check(&query(0x1a2b, "example.com", 1), "Standard query 0x1a2b A example.com");
    let two = [record("a.e", 5, &name("b.e")), record("b.e", 1, &[192, 0, 2, 1])];
    check(
        &answer(0x1a2b, "a.e", 1, &two),
        "Standard query response 0x1a2b A a.e CNAME b.e A 192.0.2.1",
    );
    let soa = [&name("ns.e")[..], &name("m.e"), &[0; 20]].concat();
    let denial = message(7, 0x8183, [&[question("x.e", 28)], &[], &[record("e", 6, &soa)], &[]]);
    check(&denial, "Standard query response 0x0007 No such name AAAA x.e SOA ns.e");
    let unknown = answer(7, "e.org", 65400, &[record("e.org", 65400, &[1])]);
    check(&unknown, "Standard query response 0x0007 Unknown (65400) e.org Unknown (65400)");
    let mx = answer(7, "e.org", 15, &[record("e.org", 15, &[0, 10, 0])]);
    check(&mx, "Standard query response 0x0007 MX e.org MX 10 <Root>");
    check(
        &message(9, 0x2400, [&[question("e.org", 6)], &[], &[], &[]]),
        "Zone change notification 0x0009 SOA e.org",
    );
}

#[test]
fn long_transfers_are_named_by_their_beginning() {
    let many: Vec<_> = (0..100).map(|_| record("e.org", 1, &[1, 1, 1, 1])).collect();
    let row = row(53, &answer(1, "e.org", 252, &many));
    assert_eq!(row.matches("A 1.1.1.1").count(), 63);
    assert!(row.ends_with(" …\n"), "{row}");
}

#[test]
fn flags_depend_on_who_speaks() {
    let asked = message(1, 0x0130, [&[question("e.org", 1)], &[], &[], &[]]);
    assert_eq!(
        fields(53, &asked, "dns.flags"),
        "=304 response=0 opcode=0 truncated=0 recdesired=1 z=0 ad=1 checkdisable=1"
    );
    let said = message(1, 0x86a3, [&[question("e.org", 1)], &[], &[], &[]]);
    assert_eq!(
        fields(53, &said, "dns.flags"),
        "=34467 response=1 opcode=0 authoritative=1 truncated=1 recdesired=0 recavail=1 z=0 \
         authenticated=1 checkdisable=0 rcode=3"
    );
    let local = message(1, 0x8500, [&[question("host", 1)], &[], &[], &[]]);
    assert_eq!(
        fields(5355, &local, "dns.flags"),
        "=34048 response=1 opcode=0 conflict=1 truncated=0 tentative=1 rcode=0"
    );
}

#[test]
fn names_of_questions_are_counted() {
    assert_eq!(
        fields(53, &query(1, "www.example.org", 1), "dns.qry"),
        "name=www.example.org name.len=15 type=1 class=1"
    );
    assert_eq!(fields(53, &query(1, "", 2), "dns.qry.name"), "=<Root> len=6");
    assert_eq!(fields(53, &query(1, "a.b.c", 2), "dns.count.labels"), "=3");
}

#[test]
fn an_update_has_sections_of_other_names() {
    let zone = [question("e.org", 6)];
    let update = message(1, 0x2800, [&zone, &[], &[record("a.e.org", 1, &[1, 2, 3, 4])], &[]]);
    assert_eq!(fields(53, &update, "dns.count.z"), "ones=1");
    assert_eq!(fields(53, &update, "dns.count.u"), "pdates=1");
    assert_eq!(fields(53, &update, "dns.updates"), "=");
}

#[test]
fn edns_says_what_its_sender_can_do() {
    let options: &[&[u8]] = &[
        &[0, 10, 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        &[0, 8, 0, 7, 0, 1, 24, 0, 192, 0, 2],
        &[0, 8, 0, 6, 0, 2, 16, 0, 0x20, 1],
        &[0, 11, 0, 2, 0, 100],
        &[0, 12, 0, 1, 0],
        &[0, 15, 0, 4, 0, 18, b'n', b'o'],
        &[0, 5, 0, 1, 13],
    ];
    let options = options.concat();
    let asked =
        message(1, 0x0100, [&[question("e.org", 1)], &[], &[], &[opt([0, 0, 0x80, 0], &options)]]);
    assert_eq!(fields(53, &asked, "dns.rr.udp_payload_size"), "=1232");
    assert_eq!(
        fields(53, &asked, "dns.resp"),
        "name=<Root> type=41 ext_rcode=0 edns0_version=0 z=32768 z.do=1 z.reserved=0 len=59"
    );
    assert_eq!(
        fields(53, &asked, "dns.opt"),
        "= code=10 len=10 data=0102030405060708090a cookie.client=0102030405060708 \
         cookie.server=090a \
         = code=8 len=7 data=00011800c00002 client.family=1 client.netmask=24 client.scope=0 \
         client.addr4=c0000200 \
         = code=8 len=6 data=000210002001 client.family=2 client.netmask=16 client.scope=0 \
         client.addr6=20010000000000000000000000000000 \
         = code=11 len=2 data=0064 edns_tcp_keepalive.timeout=100 \
         = code=12 len=1 data=00 padding=00 \
         = code=15 len=4 data=00126e6f ext_error.info_code=18 ext_error.extra_text=no \
         = code=5 len=1 data=0d dau=13"
    );
}

#[test]
fn an_extended_code_is_put_together() {
    // 0x17 is made of 0x7 in the header and 0x1 in the OPT record.
    let cookie = message(1, 0x8187, [&[question("e.org", 1)], &[], &[], &[opt([1, 0, 0, 0], &[])]]);
    check(&cookie, "Standard query response 0x0001 Bad or missing server cookie A e.org OPT");
}

#[test]
fn an_option_longer_than_its_record_is_noted() {
    let said = data(41, &[0, 10, 0, 9, 1]);
    assert_eq!(said, "opt= opt.code=10 opt.len=9 !an option claims 9 bytes, but only 1 is there");
}

#[test]
fn the_owner_of_a_service_is_told_in_parts() {
    let srv = |of: &str| {
        let data = [&[0, 1, 0, 2, 0, 80][..], &name("t.e")].concat();
        let bytes = answer(1, of, 33, &[record(of, 33, &data)]);
        let said = fields(53, &bytes, "dns.srv");
        (said, fields(53, &bytes, "dns.resp.name"))
    };
    let (parts, owner) = srv("x._http._tcp.e.org");
    assert!(parts.starts_with("instance=x service=_http proto=_tcp name=e.org "), "{parts}");
    assert_eq!(owner, "");
    assert_eq!(srv("plain.org").1, "=plain.org");
}

#[test]
fn mdns_has_a_flag_in_the_class() {
    let mut wish = question("_x._tcp.local", 12);
    *wish.iter_mut().nth_back(1).unwrap() = 0x80;
    let asked = message(0, 0, [&[wish, question("y.local", 1)], &[], &[], &[]]);
    assert_eq!(
        row(5353, &asked),
        "mdns@1 Standard query 0x0000 PTR _x._tcp.local, \"QU\" question A y.local, \"QM\" \
         question\n"
    );
    assert_eq!(fields(5353, &asked, "dns.qry.class"), "=1 =1");
    assert_eq!(fields(5353, &asked, "dns.qry.qu"), "=1 =0");
    let mut mine = record("y.local", 1, &[10, 0, 0, 1]);
    mine[11] |= 0x80;
    let said = message(0, 0x8400, [&[], &[mine], &[], &[]]);
    assert_eq!(row(5353, &said), "mdns@1 Standard query response 0x0000 A, cache flush 10.0.0.1\n");
    assert_eq!(fields(5353, &said, "dns.resp.cache_flush"), "=1");
    assert_eq!(fields(5353, &said, "dns.unsolicited"), "=1");
}

#[test]
fn chaos_has_addresses_of_its_own() {
    let mut chaos = record("a.ch", 1, &[&name("ch.e")[..], &[0, 15]].concat());
    chaos[9] = 3;
    let said = answer(1, "a.ch", 1, &[chaos]);
    assert_eq!(fields(53, &said, "dns.a.ch"), "domain=ch.e addr=15");
}

#[test]
fn what_is_behind_the_last_record_is_shown() {
    let bytes = [&answer(1, "e.org", 16, &[record("e.org", 16, &text("x"))])[..], b"more"].concat();
    assert_eq!(fields(53, &bytes, "dns.extraneous"), "data=6d6f7265 length=4");
}

#[test]
fn a_truncated_answer_says_so() {
    let bytes = message(1, 0x8380, [&[question("e.org", 16)], &[], &[], &[]]);
    let stage = over_udp(53, &[ask(query(1, "e.org", 16)), say(bytes)]);
    let notes = stage.describe(&stage.messages()[1]).notes;
    assert!(notes[0].starts_with("Truncated: "), "{notes:?}");
}
