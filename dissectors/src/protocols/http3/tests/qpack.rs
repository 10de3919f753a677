//! QPACK, held against the vectors of RFC 9204, appendix B.

use data_encoding::HEXLOWER;

use super::{By, Say, frame, play, rows};

fn hex(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.replace(' ', "").as_bytes()).unwrap()
}

/// The server's control stream: it offers a table of 220 bytes.
fn offer() -> Vec<u8> {
    [vec![0], frame(4, &[1, 0x40, 220])].concat()
}

/// The vectors: what the client's encoder says, and its sections on streams 0, 4, 8.
struct Vectors {
    literal: Vec<u8>,
    inserts: Vec<u8>,
    dynamic: Vec<u8>,
    speculative: Vec<u8>,
    duplicate: Vec<u8>,
    again: Vec<u8>,
    evicting: Vec<u8>,
}

fn vectors() -> Vectors {
    Vectors {
        // B.1, B.2
        literal: frame(1, &hex("0000 510b 2f69 6e64 6578 2e68 746d 6c")),
        inserts: hex(
            "02 3fbd01 c00f 7777 772e 6578 616d 706c 652e 636f 6d c10c 2f73 616d 706c 652f 7061 7468",
        ),
        dynamic: frame(1, &hex("0381 10 11")),
        // B.3
        speculative: hex("4a63 7573 746f 6d2d 6b65 790c 6375 7374 6f6d 2d76 616c 7565"),
        // B.4
        duplicate: hex("02"),
        again: frame(1, &hex("0500 80 c1 81")),
        // B.5
        evicting: hex("810d 6375 7374 6f6d 2d76 616c 7565 32"),
    }
}

const NAMES: &str = ":path :authority :path :authority :path custom-key";
const VALUES: &str = "/index.html www.example.com /sample/path www.example.com / custom-value";

#[test]
fn sections_and_instructions_are_those_of_the_standard() {
    let all = vectors();
    let said = [
        Say(By::Server, 3, &offer(), false),
        Say(By::Client, 0, &all.literal, true),
        Say(By::Client, 2, &all.inserts, false),
        Say(By::Client, 4, &all.dynamic, true),
        Say(By::Client, 2, &all.speculative, false),
        Say(By::Client, 2, &all.duplicate, false),
        Say(By::Client, 8, &all.again, true),
        Say(By::Client, 2, &all.evicting, false),
        Say(By::Server, 7, &hex("03 84 01 48"), false),
    ];
    let stage = play(&said);
    assert_eq!(stage.values("http3.header.header.name"), NAMES);
    assert_eq!(stage.values("http3.headers.header.value"), VALUES);
    assert_eq!(stage.values("http3.qpack.encoder.opcode.dtable_cap.val"), "220");
    assert_eq!(stage.values("http3.qpack.encoder.icnt.inc"), "2 1 1 1");
    assert_eq!(stage.values("http3.qpack.decoder.opcode.section_ack.stream_id"), "4");
    assert_eq!(stage.values("http3.qpack.decoder.opcode.icnt_inc.val"), "1");
    assert_eq!(stage.values("http3.qpack.decoder.opcode.cancel_stream.id"), "8");
    let tables = "2 entries, 106 of 220 bytes 2 entries, 106 of 220 bytes 3 entries, 160 of 220 bytes \
                  4 entries, 217 of 220 bytes 4 entries, 217 of 220 bytes 4 entries, 215 of 220 bytes";
    assert_eq!(stage.values("http3.qpack.table"), tables);
    assert_eq!(stage.values("http3.qpack.table.added"), "2 1 1 1");
    assert_eq!(stage.values("http3.qpack.table.evicted_entry"), ":authority: www.example.com");
}

#[test]
fn a_section_waits_for_its_entries_and_stands_where_it_came() {
    let all = vectors();
    let said = [
        Say(By::Server, 3, &offer(), false),
        Say(By::Client, 4, &all.dynamic, true),
        Say(By::Client, 2, &all.inserts, false),
    ];
    let stage = play(&said);
    assert_eq!(stage.values("http3.headers.header.value"), "www.example.com /sample/path");
    assert_eq!(stage.values("http3.header.qpack.unblocked_in"), "6");
    assert!(rows(&stage).contains(&"http3@5 HEADERS".to_owned()), "{:?}", rows(&stage));
    // What never comes is said.
    let stage = play(&said[..2]);
    let last = stage.messages().iter().filter(|one| stage.describe(one).summary == "HEADERS");
    assert_eq!(last.count(), 1);
}

#[test]
fn what_names_nothing_is_said() {
    let notes = |inserts: &[u8], section: &str| {
        let section = frame(1, &hex(section));
        let stage = play(&[
            Say(By::Server, 3, &offer(), false),
            Say(By::Client, 2, inserts, false),
            Say(By::Client, 0, &section, true),
        ]);
        let all = stage.messages().iter().flat_map(|one| stage.describe(one).notes);
        all.filter(|note| note.contains("RFC 9204") || note.contains("section")).collect::<Vec<_>>()
    };
    let no_entry = "No table has an entry of this number (RFC 9204, section 2.2.3)";
    let inserts = vectors().inserts;
    assert_eq!(notes(&[2], "0000 ff24"), [no_entry], "the fixed table has 99");
    assert_eq!(notes(&inserts, "0381 12"), [no_entry], "an entry that is not there");
    let bad = "The section needs more entries than there can be (RFC 9204, section 4.5.1.1)";
    assert_eq!(notes(&inserts, "ff00 00"), [bad]);
    assert_eq!(notes(&inserts, "0387 10"), [bad], "a base below 0");
    assert_eq!(notes(&[2], "0000 5105 61"), ["The section ends within a field"]);
    let large = "The number is too large to be one (RFC 9204, section 4.1.1): nothing more can be read of the section";
    assert_eq!(notes(&[2], "0000 ffff ffff ffff ffff ffff ffff"), [large]);
    let coded = "The string breaks the Huffman code (RFC 9204, section 4.1.2)";
    assert_eq!(notes(&[2], "0000 5181 00"), [coded]);
}
