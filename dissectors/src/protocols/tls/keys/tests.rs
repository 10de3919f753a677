//! Records of old and rare suites, sealed by other programs: OpenSSL's ciphers and Python's hashes
//! (of IDEA a cipher held against its published vector), with keys of a master secret of 48 times 9
//! and randoms of 7 and 8.

use super::*;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn opener(version: Version, suite: u16) -> Arc<dyn Opener> {
    opener_of(version, suite, false)
}

fn opener_of(version: Version, suite: u16, encrypt_then_mac: bool) -> Arc<dyn Opener> {
    let master = Master {
        version,
        suite: Suite(suite),
        secret: &[9; 48],
        client_random: &[7; 32],
        server_random: &[8; 32],
        encrypt_then_mac,
    };
    tls12(&master, Direction::Forward).unwrap()
}

#[test]
fn records_of_other_programs_open() {
    for (version, suite, records) in [
        (
            Version::TLS10,
            0x002f,
            [
                "170301002007d56c1654cfccd8ba7311623c9fe6decd6cd632670b58592c64a44cf0e89306",
                "17030100208818001a30bbd2b9e7d9f1e60b1b30e5acb505242f1d76d625bbf1e23b8376f3",
            ],
        ),
        (
            Version::TLS11,
            0x002f,
            [
                "170302003001010101010101010101010101010101871e2b9a0b517efb604d09ae4d58ecddfa3fcf65adb5b66efba2b9da650685f7",
                "17030200300202020202020202020202020202020290973bbe28b1a677692ae1711523e0aedc38020c4d451b7ec2ba64a5086ce194",
            ],
        ),
        (
            Version::SSL30,
            0x000a,
            [
                "17030000207e1c0930d46b47b258d1a5342c54396848a5a5f1e14b8ec9376b7a05e66e7043",
                "1703000020a649a9526aad8ddbf54b4f0b9df4a777234588af5a9b2e4bf7bcd21d320e2424",
            ],
        ),
        (
            Version::TLS12,
            0x00ba,
            [
                "1703030040010101010101010101010101010101012ac0fa3ca74b99e6baa407415bb4adea527f68ed03419e12634760243685150a35c24ccad69c5f9626364d18c11a59d2",
                "1703030040020202020202020202020202020202023203fe7a183acda97d513c39b7f2bb0787af71951a8ba041de96e06b47c7fc62d373008698b0a82204c5341d168b31ee",
            ],
        ),
        (
            Version::TLS12,
            0xc03c,
            [
                "170303004001010101010101010101010101010101585bc8c99717b54fbdafb21a4b38056da4d1988a225bcebe26ce40dda627cebcb6f5f9a19df9853c9768220cc234359e",
                "170303004002020202020202020202020202020202a9603582e92679403250ebc1249ae81d459fd30dc9e004597b10ee151656b6cbe96d16dcdff990a02610df8de12da762",
            ],
        ),
        (
            Version::TLS10,
            0x0001,
            [
                "170301001568656c6c6fb73da82da0dd3266931c57447d05d0a0",
                "1703010019616e6420616761696e03386e24a556e0bcb5d222be625a60ae",
            ],
        ),
        (
            Version::TLS12,
            0xc09c,
            [
                "170303001d0000000000000005f4f856725d31cf8d614f61e74720d54373b3092c1e",
                "170303002100000000000000069387be64f9ca0621da4a01885cf4ee2458a3e1fefe5e49b579",
            ],
        ),
        (
            Version::TLS12,
            0xc0a0,
            [
                "17030300150000000000000005f4f856725d845a9a8ca1705a46",
                "170303001900000000000000069387be64f9ca0621daee454d2a880eff4f",
            ],
        ),
        (
            Version::TLS12,
            0x0096,
            [
                "170303003001010101010101010101010101010101c06d4df81fd3bfe54183a5f71f9782c476ce5d08d86a3a5eb26f2cebe373c277",
                "170303003002020202020202020202020202020202c5aa94250eb7ac58a6d6e846fbb3fb3d888f5a41c180467e722e0696791fbfb3",
            ],
        ),
        (
            Version::TLS10,
            0x0096,
            [
                "170301002072de24531849a5e1611ddaa0469cca2d121a195817ce9103a0e0bf38e924dd70",
                "1703010020e23d2ddb1d2ab7af796ce97c5ee3086a1c27a18cbfc24bb68885440d2122f246",
            ],
        ),
        (
            Version::TLS11,
            0x0007,
            [
                "1703020028010101010101010144a59967aebaad3dd18999d91f095ffb2d7721e5f665a052ccfaf73cdc9fa96e",
                "17030200280202020202020202ab711ca917dc664ea30687c9fe8cfc6fe4976052283ab6ad2ef662a75783be2c",
            ],
        ),
        (
            Version::TLS10,
            0x0009,
            [
                "1703010020b8e5fc6d5ce003b01dc6422aca7c88771a85b411c274ef0112df14c0fc6c0fbf",
                "17030100200c8e09c356453de4feb1006b36c7d9af3612f3b3b732067d0bfe95e7b23aca5b",
            ],
        ),
        (
            Version::TLS12,
            0x0005,
            [
                "1703030019e1e92719df903102cf90574ed7648aef5abef49926c019c04f",
                "170303001d5527a5f05c791209748221fb1a3cf9c95866faacd84bb0e963030b76dd",
            ],
        ),
        (
            Version::TLS10,
            0x0004,
            [
                "1703010015d59b542b35a1221ac4552a9a57c7d2990a4b8b15f5",
                "170301001924a67f663c491ce2e0684e4b451b44ca04005ba2dba232b845",
            ],
        ),
        (
            Version::SSL30,
            0x0004,
            [
                "170300001584eb0011999e42f91add150b5af486a718a75fdf1d",
                "1703000019bbe4deeb7f90b283b9b3511580dac07067dde01ae5a31cb1d4",
            ],
        ),
    ] {
        let opener = opener(version, suite);
        let chained = chained(Suite(suite), version, false).map_or(0, |(block, _)| block);
        let mut last = Vec::new();
        let found: Vec<_> = (0..)
            .zip(records)
            .map(|(number, record)| {
                let record = hex(record);
                // Where records are chained, the last block of the one before stands in front.
                let handed = [&last[..], &record].concat();
                last = record[record.len() - chained..].to_vec();
                let mut out = vec![0; handed.len()];
                let len = opener.open(number, &handed, &mut out).unwrap_or(0);
                String::from_utf8_lossy(&out[..len]).into_owned()
            })
            .collect();
        assert_eq!(found, ["hello", "and again"], "{version:?} {suite:04x}");
    }
}

#[test]
fn what_was_changed_on_the_way_does_not_open() {
    let mut record =
        hex("170301002007d56c1654cfccd8ba7311623c9fe6decd6cd632670b58592c64a44cf0e89306");
    let opener = opener(Version::TLS10, 0x002f);
    let mut out = [0; 64];
    assert_eq!(opener.open(0, &record, &mut out), Some(5));
    assert_eq!(opener.open(1, &record, &mut out), None, "another number");
    record[9] ^= 1;
    assert_eq!(opener.open(0, &record, &mut out), None);
}

#[test]
fn a_stream_goes_on_from_record_to_record() {
    let records = [
        "1703030019e1e92719df903102cf90574ed7648aef5abef49926c019c04f",
        "170303001d5527a5f05c791209748221fb1a3cf9c95866faacd84bb0e963030b76dd",
    ]
    .map(hex);
    let opener = opener(Version::TLS12, 0x0005);
    let mut out = [0; 64];
    assert_eq!(opener.open(1, &records[1], &mut out), None, "nobody knows what went before");
    assert_eq!(opener.open(0, &records[0], &mut out), Some(5));
    assert_eq!(opener.open(1, &records[1], &mut out), Some(9));
    // Looked at again, in any order.
    assert_eq!(opener.open(1, &records[1], &mut out), Some(9));
    assert_eq!(&out[..9], b"and again");
    assert_eq!(opener.open(0, &records[0], &mut out), Some(5));
    assert_eq!(&out[..5], b"hello");
    assert_eq!(opener.open(0, &records[1], &mut out), None);
    assert_eq!(opener.open(u64::MAX, &records[1], &mut out), None);
}

#[test]
fn where_the_hash_is_over_what_is_sealed_it_is_no_part_of_the_chain() {
    let records = [
        "170301002472cac3cc6e5dd4c6157f67d93a035bb2654069303aba59142bc6d468e246fb19d8fe10a8",
        "170301002496fd8430ae285baee7f5891d9710af30ca3fb3e0e53d2b4b9ab0d2e0f4857d0bcd73ef92",
    ];
    let opener = opener_of(Version::TLS10, 0x002f, true);
    let (block, behind) = chained(Suite(0x002f), Version::TLS10, true).unwrap();
    let [first, second] = records.map(hex);
    let last = &first[first.len() - behind - block..first.len() - behind];
    let mut out = [0; 128];
    assert_eq!(opener.open(0, &first, &mut out), Some(5));
    let len = opener.open(1, &[last, &second].concat(), &mut out).unwrap();
    assert_eq!(&out[..len], b"and again");
}
