//! Header blocks: the examples of RFC 7541, appendix C, what breaks its rules, and where names and
//! values come from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{frame, opening};
use crate::ids::FrameId;
use crate::limits::MAX_ASKED;
use crate::protocols::http2::facts::Facts;
use crate::protocols::multiplexed::Text;
use crate::protocols::semantics::Asked;
use crate::protocols::stage::{Played, Step, crumble, play, say};
use crate::span::{Buffer, Span};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let pair = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// Each field of each frame of the server, a blank line between frames.
fn lists(stage: &Played) -> String {
    let blocks = stage.messages().iter().skip(2).map(|message| {
        let fields = stage.describe(message).fields;
        let headers = fields.into_iter().filter(|(name, _)| *name == "http2.header");
        headers.map(|(_, text)| text + "\n").collect::<String>()
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// The first bytes of both sides.
fn begun() -> Vec<Step> {
    vec![opening(&[]), say(frame(4, 0, 0, &[]))]
}

/// The blocks of the server, each on a stream of its own.
fn blocks(blocks: &[&str]) -> Vec<Step> {
    let frames = (1u32..).step_by(2).zip(blocks);
    let frames = frames.map(|(stream, block)| say(frame(1, 5, stream, &bytes(block))));
    begun().into_iter().chain(frames).collect()
}

#[track_caller]
fn check(given: &[&str], expected: &str) {
    let steps = blocks(given);
    assert_eq!(lists(&play(&steps)), expected);
    assert_eq!(lists(&play(&crumble(&steps))), expected, "byte by byte");
    // The first block in two frames, cut anywhere: each field is told once.
    let first = bytes(given[0]);
    let together = |text: String| text.replace("\n\n", "\n");
    for at in 0..first.len() {
        let (one, two) = first.split_at(at);
        let mut steps = steps.clone();
        steps[2] = say([frame(1, 1, 1, one), frame(9, 4, 1, two)].concat());
        let found = together(lists(&play(&steps)));
        assert_eq!(found.trim_start(), together(expected.into()), "cut at {at}");
    }
}

#[test]
fn single_fields_of_the_standard() {
    // Appendix C.2.
    check(
        &["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "be"],
        "custom-key: custom-header\n\ncustom-key: custom-header\n",
    );
    check(&["040c 2f73 616d 706c 652f 7061 7468"], ":path: /sample/path\n");
    check(&["1008 7061 7373 776f 7264 0673 6563 7265 74"], "password: secret\n");
    check(&["82"], ":method: GET\n");
}

/// Appendices C.3 and C.4.
const REQUESTS: &str = ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\n\
    \n:method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache\n\
    \n:method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\n\
    custom-key: custom-value\n";

/// Appendices C.5 and C.6.
const RESPONSES: &str = ":status: 302\ncache-control: private\n\
    date: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n\
    \n:status: 307\ncache-control: private\n\
    date: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n\
    \n:status: 200\ncache-control: private\n\
    date: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n\
    content-encoding: gzip\n\
    set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n";

#[test]
fn requests_of_the_standard() {
    check(
        &[
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "8286 84be 5808 6e6f 2d63 6163 6865",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        ],
        REQUESTS,
    );
    check(
        &[
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
            "8286 84be 5886 a8eb 1064 9cbf",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        ],
        REQUESTS,
    );
}

/// The responses of appendix C.5, the table being of 256 bytes.
const PLAIN_RESPONSES: [&str; 3] = [
    "3fe101 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 \
             3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 \
             6c65 2e63 6f6d",
    "4803 3330 37c1 c0bf",
    "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 \
             5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 \
             5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
];

#[test]
fn responses_of_the_standard_with_a_table_of_256_bytes() {
    check(&PLAIN_RESPONSES, RESPONSES);
    check(
        &[
            "3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 \
             82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
            "4883 640e ffc1 c0bf",
            "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad \
             94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 \
             65c0 03ed 4ee5 b106 3d50 07",
        ],
        RESPONSES,
    );
}

#[test]
fn how_a_field_is_written_down_is_told() {
    let stage = play(&blocks(&["82 4403 2f 61 62 10 01 61 01 62 0f 10 01 63"]));
    let fields = stage.describe(&stage.messages()[2]).fields;
    let wanted = |name: &&str| {
        name.starts_with("http2.header.")
            || ["http2.headers.method", "http2.headers.path"].contains(name)
    };
    let found = fields.iter().filter(|(name, _)| wanted(name));
    let found: Vec<String> =
        found.map(|(name, text)| format!("{} {text}", &name["http2.header".len()..])).collect();
    assert_eq!(
        found,
        [
            ".length 65",
            ".count 4",
            ".name.length 7",
            ".name :method",
            ".value.length 3",
            ".value GET",
            "s.method GET",
            ".unescaped GET",
            ".repr Indexed Header Field",
            ".index 2",
            ".name.length 5",
            ".name :path",
            ".value.length 3",
            ".value /ab",
            "s.path /ab",
            ".unescaped /ab",
            ".repr Literal Header Field with Incremental Indexing - Indexed Name",
            ".index 4",
            ".name.length 1",
            ".name a",
            ".value.length 1",
            ".value b",
            ".unescaped b",
            ".repr Literal Header Field never Indexed - New Name",
            ".name.length 12",
            ".name content-type",
            ".value.length 1",
            ".value c",
            ".unescaped c",
            ".repr Literal Header Field without Indexing - Indexed Name",
            ".index 31",
        ]
    );
}

/// The frames that the values of the last message's fields come from.
fn origins(stage: &Played) -> Vec<Vec<u32>> {
    let view = stage.view();
    let last = stage.messages().last().unwrap();
    let list = Facts::of(last, &view).and_then(|facts| facts.list.as_deref()).unwrap();
    let frames = |text: Text| {
        let Text::At(span) = text else { return Vec::new() };
        let traced: Vec<Span> = view.trace(span);
        let frame = |span: Span| match span.buffer.kind() {
            Buffer::Frame(FrameId(number)) => number,
            _ => panic!("traces lead to frames"),
        };
        traced.into_iter().map(frame).collect()
    };
    list.lines.iter().map(|line| frames(line.value)).collect()
}

#[test]
fn values_lead_to_the_frames_that_brought_them() {
    // A literal in the first block, taken up again by the third; a fixed one; one that stands here.
    let stage = play(&blocks(&["4403 2f 61 62", "88", "be 82 0401 2f"]));
    assert_eq!(origins(&stage), [vec![2], vec![], vec![4]]);
    // In the Huffman code, in two frames.
    let one = frame(1, 5, 1, &bytes("4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
    let steps = [opening(&[]), say(&one[..25]), say(&one[25..]), say(frame(1, 5, 3, &[0xbe]))];
    let stage = play(&steps);
    assert_eq!(stage.values("http2.header.value"), "custom-value custom-value");
    assert_eq!(origins(&stage), [vec![1, 2]]);
}

/// What is noted of the last block.
#[track_caller]
fn check_notes(given: &[&str], list: &str, note: &str) {
    let stage = play(&blocks(given));
    let last = stage.messages().last().unwrap();
    let told = stage.describe(last);
    let notes: Vec<&str> = told.notes.iter().map(String::as_str).collect();
    assert_eq!(notes.first().copied().unwrap_or_default(), note);
    let all = lists(&stage);
    assert_eq!(all.rsplit("\n\n").next().unwrap_or_default().trim_end(), list);
}

#[test]
fn what_breaks_the_rules_is_named() {
    let no_entry = "No table has an entry of this number (RFC 7541, section 2.3.3)";
    check_notes(&["88 80"], ":status: 200\n:", no_entry.trim_end());
    check_notes(&["88 be"], ":status: 200\n:", no_entry);
    // The table is emptied: what was there is gone; it grows again, and is empty.
    check_notes(&["88 4401 2f", "88 be"], ":status: 200\n:path: /", "");
    check_notes(&["88 4401 2f", "20 88 be"], ":status: 200\n:", no_entry);
    check_notes(&["88 4401 2f", "20 3fe11f 88 be"], ":status: 200\n:", no_entry);
    check_notes(&["88 4401 2f", "20 3fe11f 88 4401 61 be"], ":status: 200\n:path: a\n:path: a", "");
    check_notes(
        &["3fe21f 88"],
        ":status: 200",
        "The table becomes larger than its reader has offered (RFC 7541, section 6.3)",
    );
    check_notes(
        &["88 20"],
        ":status: 200",
        "The table changes its size only at the beginning of a block (RFC 7541, section 4.2)",
    );
    check_notes(
        &["88 0481 00"],
        ":status: 200\n:path: 0",
        "The string breaks the Huffman code (RFC 7541, section 5.2)",
    );
    check_notes(
        &["88 ff ffffffffff 7f"],
        ":status: 200",
        "The number is too large to be one (RFC 7541, section 5.1): nothing more can be read of \
         the block",
    );
    check_notes(&["88 0405 2f"], ":status: 200", "The block ends within a field");
}

#[test]
fn what_was_said_before_the_recording_is_named() {
    // No preface, no settings: entries from before may be in the table.
    let steps =
        [say(frame(1, 5, 1, &bytes("88 c0 4401 61"))), say(frame(1, 5, 3, &bytes("88 be bf")))];
    let stage = play(&steps);
    let note = "The entry was put into the table before the recording began, or where bytes are \
                missing from it";
    let notes = |at: usize| stage.describe(&stage.messages()[at]).notes;
    assert_eq!(notes(0), [note]);
    assert_eq!(notes(1), [note]);
    assert_eq!(stage.values("http2.header.value"), "200 a 200 a");
}

#[test]
fn floods_are_named_and_bounded() {
    // An entry of 4000 bytes, named over and over again.
    let mut bomb = vec![0x88, 0x44, 0x7f, 0xa1, 0x1e];
    bomb.extend([b'a'; 4000]);
    bomb.extend([0xbe; 10_000]);
    let steps = [begun(), vec![say(frame(1, 5, 1, &bomb))]].concat();
    let stage = play(&steps);
    let told = stage.describe(&stage.messages()[2]);
    assert_eq!(
        told.notes,
        ["More fields than anyone sends: the rest of the list is left out, as a flood"]
    );
    assert!(stage.values("http2.header.value").len() < 2 << 20);
    // A block that never ends.
    let mut flood = vec![opening(&[]), say(frame(1, 1, 1, &[0x88]))];
    flood.extend((0..1100).map(|_| say(frame(9, 0, 1, b"\x01a"))));
    flood.push(say(frame(6, 0, 0, &[7; 8])));
    let stage = play(&flood);
    let notes = stage.describe(&stage.messages()[1080]).notes;
    let expected = "The header block is longer than anyone takes, as in a CONTINUATION flood: it \
                    is not read";
    assert_eq!(notes.first().map(String::as_str), Some(expected));
    assert_eq!(stage.values("http2.ping"), "0707070707070707");
}

#[test]
fn what_is_asked_for_is_kept_once_for_all_frames_of_its_block() {
    let path = |byte: u8| {
        let len = MAX_ASKED as u32 + 1000 - 127;
        let mut field = vec![0x04, 0x7f, len as u8 | 0x80, (len >> 7) as u8 | 0x80];
        field.extend([vec![(len >> 14) as u8], vec![byte; MAX_ASKED + 1000]].concat());
        field
    };
    let mut frames = vec![frame(1, 1, 1, &path(b'a'))];
    // What is said anew, and what is said again.
    frames.extend([b"\x82", b"\x87"].map(|field| frame(9, 0, 1, field)));
    frames.extend((0..20).map(|_| frame(9, 0, 1, &path(b'b'))));
    let stage = play(&[opening(&frames)]);
    let view = stage.view();
    let of = |message| view.facts::<Facts>(message)?.asked.as_ref();
    let kept: Vec<&Arc<Asked>> = stage.messages().iter().filter_map(of).collect();
    assert_eq!(kept.len(), frames.len(), "each frame of it is one of the request");
    let places: BTreeSet<_> = kept.iter().map(|asked| Arc::as_ptr(asked)).collect();
    assert_eq!(places.len(), 3, "one for each value that came after the path");
    assert!(kept.iter().all(|asked| *asked.path == [b'a'; MAX_ASKED]));
    assert_eq!(kept[22].uri(), None, "it was not kept whole");
}

#[test]
fn frames_between_those_of_a_block_are_noted() {
    let stage = play(&[
        opening(&[]),
        say([frame(1, 1, 1, &[0x88]), frame(6, 0, 0, &[0; 8]), frame(9, 4, 1, &[])].concat()),
        say(frame(9, 4, 3, &[0x88])),
    ]);
    let notes = |at: usize| stage.describe(&stage.messages()[at]).notes.join("; ");
    assert!(
        notes(2).starts_with("Between the frames of one header block no other frame may stand")
    );
    assert_eq!(notes(3), "");
    assert!(notes(4).starts_with("It goes on with a header block that nobody began"));
}

/// The tables of RFC 7541, appendix C.5, behind its three responses.
#[test]
fn the_table_is_shown_as_it_was() {
    let steps = blocks(&PLAIN_RESPONSES);
    for stage in [play(&steps), play(&crumble(&steps))] {
        assert_eq!(
            stage.values("http2.table"),
            "4 entries, 222 of 256 bytes 4 entries, 222 of 256 bytes 3 entries, 215 of 256 bytes"
        );
        assert_eq!(stage.values("http2.table.added"), "4 1 3");
        assert_eq!(stage.values("http2.table.evicted"), "1 4");
        let last = stage.messages().last().map(|last| stage.describe(last).fields).unwrap();
        let of = |name: &str| {
            let own = last.iter().filter(|(known, _)| *known == name);
            own.map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            of("http2.table.evicted_entry"),
            [
                "cache-control: private",
                "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com",
                ":status: 307",
            ]
        );
        assert_eq!(
            of("http2.table.added_entry"),
            [
                "62 set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
                "63 content-encoding: gzip",
                "64 date: Mon, 21 Oct 2013 20:13:22 GMT",
            ]
        );
    }
    let second = play(&blocks(&PLAIN_RESPONSES[..2]));
    let fields = second.messages().last().map(|last| second.describe(last).fields).unwrap();
    let mut old = fields.iter().filter(|(name, _)| *name == "http2.table.entry");
    assert!(old.next().is_some_and(|(_, text)| text.starts_with("63 location: https://")));
    // Who uses no table has none to show.
    assert_eq!(play(&blocks(&["82", "88"])).values("http2.table"), "");
}
