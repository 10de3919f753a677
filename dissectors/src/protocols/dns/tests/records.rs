//! The data of every type of record.

use super::{data, name, text};

fn check(kind: u16, bytes: &[u8], expected: &str) {
    assert_eq!(data(kind, bytes), expected, "type {kind}");
}

/// Numbers and names one after the other.
fn row(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[test]
fn addresses_and_names() {
    check(1, &[192, 0, 2, 1], "a=c0000201");
    check(28, &[0x20; 16], "aaaa=20202020202020202020202020202020");
    check(2, &name("ns.e.org"), "ns=ns.e.org");
    check(5, &name("c.e.org"), "cname=c.e.org");
    check(12, &name("p.e.org"), "ptr.domain_name=p.e.org");
    check(39, &name("d.e.org"), "dname=d.e.org");
    check(15, &row(&[&[0, 10], &name("mx.e")]), "mx.preference=10 mx.mail_exchange=mx.e");
    check(36, &row(&[&[0, 1], &name("kx.e")]), "kx.preference=1 kx.key_exchange=kx.e");
    check(17, &row(&[&name("m.e"), &name("t.e")]), "rp.mailbox=m.e rp.txt_rr=t.e");
    check(18, &row(&[&[0, 1], &name("h.e")]), "afsdb.subtype=1 afsdb.hostname=h.e");
    check(108, &[1, 2, 3, 4, 5, 6], "eui48=010203040506");
    check(109, &[1; 8], "eui64=0101010101010101");
}

#[test]
fn a_zone_and_whom_to_write_to() {
    let numbers = [1u32, 2, 3, 4, 5].map(u32::to_be_bytes).concat();
    check(
        6,
        &row(&[&name("ns.e"), &name("root.e.org"), &numbers]),
        "soa.mname=ns.e soa.rname=root.e.org soa.rname.name=root@e.org soa.serial_number=1 \
         soa.refresh_interval=2 soa.retry_interval=3 soa.expire_limit=4 soa.minimum_ttl=5",
    );
}

#[test]
fn texts() {
    check(16, &row(&[&text("a=b"), &text("")]), "txt.length=3 txt=a=b txt.length=0 txt=");
    check(99, &text("v=spf1"), "spf.length=6 spf=v=spf1");
    check(
        13,
        &row(&[&text("cpu"), &text("os")]),
        "hinfo.cpu_length=3 hinfo.cpu=cpu hinfo.os_length=2 hinfo.os=os",
    );
    check(
        35,
        &row(&[&[0, 1, 0, 2], &text("s"), &text("SIP+D2U"), &text(""), &name("r.e")]),
        "naptr.order=1 naptr.preference=2 naptr.flags_length=1 naptr.flags=s \
         naptr.service_length=7 naptr.service=SIP+D2U naptr.regex_length=0 naptr.regex= \
         naptr.replacement_length=3 naptr.replacement=r.e",
    );
    check(
        257,
        &row(&[&[0x80], &text("issue"), b"ca.example"]),
        "caa.flags=128 caa.flags.issuer_critical=1 caa.issue=ca.example caa.tag_length=5 \
         caa.tag=issue caa.value=ca.example",
    );
    check(
        256,
        &row(&[&[0, 1, 0, 2], b"https://e/"]),
        "srv.priority=1 srv.weight=2 uri.target=https://e/",
    );
}

#[test]
fn services() {
    check(
        33,
        &row(&[&[0, 1, 0, 2, 1, 0xbb], &name("t.e")]),
        "srv.priority=1 srv.weight=2 srv.port=443 srv.target=t.e",
    );
    let params: &[&[u8]] = &[
        &[0, 1],
        &name(""),
        &[0, 0, 0, 2, 0, 1],
        &[0, 1, 0, 6, 2, b'h', b'2', 2, b'h', b'3'],
        &[0, 2, 0, 0],
        &[0, 3, 0, 2, 1, 0xbb],
        &[0, 4, 0, 4, 192, 0, 2, 1],
        &[0, 6, 0, 16, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        &[0, 7, 0, 2, b'/', b'd'],
        &[0, 8, 0, 2, 0xec, 0x11],
    ];
    let expected = "svcb.svcpriority=1 svcb.targetname=<Root> \
         svcb.svcparam= svcb.svcparam.key=0 svcb.svcparam.value.length=2 \
         svcb.svcparam.mandatory.key=1 \
         svcb.svcparam= svcb.svcparam.key=1 svcb.svcparam.value.length=6 \
         svcb.svcparam.alpn.length=2 svcb.svcparam.alpn=h2 \
         svcb.svcparam.alpn.length=2 svcb.svcparam.alpn=h3 \
         svcb.svcparam= svcb.svcparam.key=2 svcb.svcparam.value.length=0 \
         svcb.svcparam= svcb.svcparam.key=3 svcb.svcparam.value.length=2 svcb.svcparam.port=443 \
         svcb.svcparam= svcb.svcparam.key=4 svcb.svcparam.value.length=4 \
         svcb.svcparam.ipv4hint.ip=c0000201 \
         svcb.svcparam= svcb.svcparam.key=6 svcb.svcparam.value.length=16 \
         svcb.svcparam.ipv6hint.ip=01010101010101010101010101010101 \
         svcb.svcparam= svcb.svcparam.key=7 svcb.svcparam.value.length=2 \
         svcb.svcparam.dohpath=/d \
         svcb.svcparam= svcb.svcparam.key=8 svcb.svcparam.value.length=2 svcb.svcparam.value=ec11";
    check(64, &row(params), expected);
    check(65, &row(params), expected);
}

/// Keys to which a ClientHello can be encrypted: one that is read here, one of a draft, and one
/// whose suites claim more than there is.
#[test]
fn keys_for_encrypted_hellos() {
    let good = [
        &[0xfe, 0x0d, 0, 22, 7, 0, 0x20, 0, 2, 0xaa, 0xbb, 0, 4, 0, 1, 0, 3, 64, 3][..],
        b"p.e",
        &[0, 2, 9, 9],
    ]
    .concat();
    let bad = [0xfe, 0x0d, 0, 8, 8, 0, 0x10, 0, 0, 0, 4, 0];
    let list = [&good[..], &[0xfe, 0x0a, 0, 1, 0], &bad].concat();
    let value = [&(list.len() as u16).to_be_bytes()[..], &list].concat();
    let param = [&[0, 5, 0, value.len() as u8][..], &value].concat();
    check(
        65,
        &row(&[&[0, 1], &name(""), &param]),
        "svcb.svcpriority=1 svcb.targetname=<Root> \
         svcb.svcparam= svcb.svcparam.key=5 svcb.svcparam.value.length=45 \
         tls.ech.echconfiglist_length=43 \
         tls.ech.echconfig=id=7 p.e tls.ech.echconfig.version=65037 tls.ech.echconfig.length=22 \
         tls.ech.hpke.keyconfig= tls.ech.hpke.keyconfig.config_id=7 \
         tls.ech.hpke.keyconfig.kem_id=32 tls.ech.hpke.keyconfig.public_key_length=2 \
         tls.ech.hpke.keyconfig.public_key=aabb tls.ech.hpke.keyconfig.cipher_suites_length=4 \
         tls.ech.hpke.keyconfig.cipher_suites= \
         tls.ech.hpke.keyconfig.cipher_suite=HKDF-SHA256/ChaCha20Poly1305 \
         tls.ech.hpke.keyconfig.cipher_suite.kdf_id=1 \
         tls.ech.hpke.keyconfig.cipher_suite.aead_id=3 \
         tls.ech.echconfigcontents.maximum_name_length=64 \
         tls.ech.echconfigcontents.public_name_length=3 \
         tls.ech.echconfigcontents.public_name=p.e \
         tls.ech.echconfigcontents.extensions_length=2 tls.ech.echconfigcontents.extensions=0909 \
         tls.ech.echconfig= tls.ech.echconfig.version=65034 tls.ech.echconfig.length=1 \
         tls.ech.echconfig= tls.ech.echconfig.version=65037 tls.ech.echconfig.length=8 \
         tls.ech.hpke.keyconfig= tls.ech.hpke.keyconfig.config_id=8 \
         tls.ech.hpke.keyconfig.kem_id=16 tls.ech.hpke.keyconfig.public_key_length=0 \
         tls.ech.hpke.keyconfig.cipher_suites_length=4 \
         !an ECHConfig of version 0xfe0a is not read here \
         !Cipher Suites length claims 4 bytes, but only 1 is there",
    );
}

#[test]
fn keys_signatures_and_what_is_not_there() {
    check(
        43,
        &[0x11, 0x22, 8, 2, 0xaa],
        "ds.key_id=4386 ds.algorithm=8 ds.digest_type=2 ds.digest=aa",
    );
    let fixed = [0, 1, 13, 2, 0, 0, 1, 44, 0, 0, 0, 2, 0, 0, 0, 1, 0, 7];
    check(
        46,
        &row(&[&fixed, &name("e.org"), &[0xab]]),
        "rrsig.type_covered=1 rrsig.algorithm=13 rrsig.labels=2 rrsig.original_ttl=300 \
         rrsig.signature_expiration=2000000000 rrsig.signature_inception=1000000000 \
         rrsig.key_tag=7 rrsig.signers_name=e.org rrsig.signature=ab",
    );
    // The sum of 0x0101, 0x030d and 0x0102.
    check(
        48,
        &[1, 1, 3, 13, 1, 2],
        "dnskey.flags=257 dnskey.flags.zone_key=1 dnskey.flags.key_revoked=0 \
         dnskey.flags.secure_entry_point=1 dnskey.flags.reserved=0 dnskey.protocol=3 \
         dnskey.algorithm=13 dnskey.key_id=1296 dnskey.public_key=0102",
    );
    check(
        47,
        &row(&[&name("n.e"), &[0, 6, 0x40, 1, 0, 0, 0, 3], &[1, 1, 0x40]]),
        "nsec.next_domain_name=n.e resp.type=1 resp.type=15 resp.type=46 resp.type=47 \
         resp.type=257",
    );
    check(
        50,
        &[1, 1, 0, 10, 1, 0xaa, 5, 0, 1, 2, 3, 4, 0, 1, 0x40],
        "nsec3.algo=1 nsec3.flags=1 nsec3.flags.opt_out=1 nsec3.iterations=10 \
         nsec3.salt_length=1 nsec3.salt_value=aa nsec3.hash_length=5 nsec3.hash_value=000g40o4 \
         resp.type=1",
    );
    check(
        51,
        &[1, 0, 0, 10, 0],
        "nsec3.algo=1 nsec3.flags=0 nsec3.iterations=10 nsec3.salt_length=0",
    );
    check(
        52,
        &[3, 1, 1, 0xcc],
        "tlsa.certificate_usage=3 tlsa.selector=1 tlsa.matching_type=1 \
         tlsa.certificate_association_data=cc",
    );
    check(44, &[1, 2, 0xff], "sshfp.algorithm=1 sshfp.fingerprint.type=2 sshfp.fingerprint=ff");
    check(
        37,
        &[0, 1, 0, 2, 5, 0xce],
        "cert.type=1 cert.key_tag=2 cert.algorithm=5 cert.certificate=ce",
    );
}

#[test]
fn places_and_everything_else() {
    let place = [0, 0x12, 0x16, 0x13, 0x80, 0, 0, 1, 0x80, 0, 0, 2, 0, 0x98, 0x96, 0x80];
    check(
        29,
        &place,
        "loc.version=0 loc.size=18 loc.horizontal_precision=22 loc.vertical_precision=19 \
         loc.latitude=2147483649 loc.longitude=2147483650 loc.altitude=10000000",
    );
    check(29, &[9, 1], "loc.version=9 loc.unknown_data=01");
    check(10, b"any", "null=616e79");
    check(65400, &[1, 2], "data=0102");
}

#[test]
fn keys_for_transactions() {
    let times = [0, 0, 0, 1, 0, 0, 0, 2, 0, 3, 0, 0];
    check(
        249,
        &row(&[&name("gss-tsig"), &times, &[0, 2, 0xaa, 0xbb], &[0, 0]]),
        "tkey.algo_name=gss-tsig tkey.signature_inception=1000000000 \
         tkey.signature_expiration=2000000000 tkey.mode=3 tkey.error=0 tkey.key_size=2 \
         tkey.key_data=aabb tkey.other_size=0",
    );
    check(
        250,
        &row(&[&name("hmac-sha256"), &[0, 0, 0, 0, 0, 1, 1, 44, 0, 1, 0xaa, 0, 7, 0, 16, 0, 0]]),
        "tsig.algorithm_name=hmac-sha256 tsig.time_signed=1000000000 tsig.fudge=300 \
         tsig.mac_size=1 tsig.mac=aa tsig.original_id=7 tsig.error=16 tsig.other_len=0",
    );
}

#[test]
fn data_that_are_too_short_or_too_long_are_told_as_far_as_they_go() {
    check(1, &[1, 2, 3], "!an address of a record claims 4 bytes, but only 3 are there");
    check(1, &[1, 2, 3, 4, 5], "a=01020304 !1 bytes more than this type of record has");
    check(16, &[3, b'a', b'b'], "txt.length=3 !a text claims 3 bytes, but only 2 are there");
    check(
        15,
        &[0, 10, 0x80],
        "mx.preference=10 !a label of this name begins with bits that stand for no kind of label",
    );
    check(
        65,
        &[0, 1, 0, 0, 1, 0, 4, 9],
        "svcb.svcpriority=1 svcb.targetname=<Root> svcb.svcparam= svcb.svcparam.key=1 \
         svcb.svcparam.value.length=4 !a parameter claims 4 bytes, but only 1 is there",
    );
    check(1, &[], "");
}
