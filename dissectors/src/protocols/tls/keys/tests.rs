//! Records of old and rare suites, sealed by other programs: OpenSSL's ciphers and Python's hashes, with
//! keys of a master secret of 48 times 9 and randoms of 7 and 8.

use super::*;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn opener(version: Version, suite: u16) -> Arc<dyn Opener> {
    let master = Master {
        version,
        suite: Suite(suite),
        secret: &[9; 48],
        client_random: &[7; 32],
        server_random: &[8; 32],
        encrypt_then_mac: false,
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
    ] {
        let opener = opener(version, suite);
        let chained = chained_len(Suite(suite), version);
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
