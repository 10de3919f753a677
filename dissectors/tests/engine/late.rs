//! Keys that come late: what was sealed is completed in place, whatever it was read in.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::limits::{MAX_PARKED, MAX_PARKED_FRAMES};
use wirestage_dissectors::message::Protection;

use crate::made::END;
use crate::made::say::say;
use crate::made::vault::{self, KEY, key, sealed};
use crate::made::wrap::masked;
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read};

const LINE: Line = Line::to(vault::PORT);
const BESIDE: Line = Line::to(9);

/// Frame, id, protocol, text of what `say` said, and how it travelled.
fn told(one: &Told) -> (u32, u32, &str, String, Protection) {
    let text =
        if one.protocol() == "say" { one.bytes.escape_ascii().to_string() } else { String::new() };
    (one.frame, one.id.0, one.protocol(), text, one.protection)
}

/// Sealed messages, and the key behind them, with other connections between.
fn late(udp: bool, key_from_server: bool) -> Wire {
    let mut wire = Wire::default();
    if !udp {
        wire.connect(LINE);
    }
    let mut send = |way, bytes: &[u8]| {
        if udp {
            wire.datagram(LINE, way, bytes)
        } else {
            wire.send(LINE, way, bytes)
        }
        wire.datagram(BESIDE, CLIENT, b"beside");
    };
    send(CLIENT, &sealed(0, &say(b"first")));
    send(CLIENT, &[sealed(1, &say(b"second")), sealed(2, &say(b"third"))].concat());
    send(SERVER, &sealed(0, &say(b"answer")));
    send(if key_from_server { SERVER } else { CLIENT }, &key());
    send(CLIENT, &sealed(3, &say(b"fourth")));
    send(SERVER, &sealed(1, &say(b"end")));
    wire
}

#[test]
fn what_was_sealed_is_opened_where_it_stands() {
    for (udp, key_from_server) in [(true, true), (true, false), (false, true), (false, false)] {
        let wire = late(udp, key_from_server);
        let told: Vec<Told> =
            read(&wire.frames).into_iter().filter(|one| one.protocol() != "raw").collect();
        let first = if udp { 0 } else { 3 };
        let said: Vec<(u32, String, Protection)> = told
            .iter()
            .filter(|one| one.kind == 0 && one.protocol() == "say")
            .map(self::told)
            .map(|(frame, _, _, text, how)| (frame - first, text, how))
            .collect();
        let open = Protection::Application;
        let expected =
            [(1, "first"), (3, "second"), (3, "third"), (5, "answer"), (9, "fourth"), (11, "end")];
        let expected: Vec<_> =
            expected.into_iter().map(|(frame, text)| (frame, text.to_owned(), open)).collect();
        assert_eq!(said, expected);
        let records = told.iter().filter(|one| one.protocol() == "vault" && one.kind == 0);
        let records: Vec<_> =
            records.map(|one| (one.frame - first, one.id.0, one.protection)).collect();
        assert_eq!(records[..4], [(1, 0, open), (3, 1, open), (3, 2, open), (5, 3, open)]);
        let keys = told.iter().filter(|one| one.kind == KEY);
        assert_eq!(keys.map(|one| (one.frame - first, one.id.0)).collect::<Vec<_>>(), [(7, 4)]);
    }
}

#[test]
fn a_byte_that_was_opened_leads_to_its_sealed_form() {
    let wire = late(true, true);
    let told = read(&wire.frames);
    let third = told.iter().find(|one| one.bytes == b"third").unwrap();
    let [place] = third.trace[..] else { panic!("one run of sealed bytes: {:?}", third.trace) };
    let frame = wire.frames.frame(FrameId(third.frame - 1)).bytes;
    let sealed = &frame[place.start as usize..place.end() as usize];
    // Its length stands in front of it.
    assert_eq!(&masked(2, &say(b"third"))[1..], sealed);
    assert_ne!(sealed, b"third");
}

#[test]
fn what_no_key_opens_stays_as_it_is() {
    // At the end, and where more waits than may.
    let mut wire = Wire::default();
    for number in 0..MAX_PARKED as u64 + 3 {
        wire.datagram(LINE, CLIENT, &sealed(number, &say(b"never")));
    }
    let told = read(&wire.frames);
    let told: Vec<_> = told.iter().map(|one| (one.frame, one.id.0, one.protection)).collect();
    let expected: Vec<_> =
        (0..MAX_PARKED as u32 + 3).map(|at| (at + 1, at, Protection::Opaque)).collect();
    assert_eq!(told, expected);
}

/// What is told of sealed bytes in frames 0 and 1 whose key comes in the frame of that number.
fn with_a_key_in(number: u32) -> Vec<(u32, String, Protection)> {
    let mut wire = Wire::default();
    wire.datagram(LINE, CLIENT, &sealed(0, &say(b"first")));
    wire.datagram(LINE, CLIENT, &sealed(1, &say(b"second")));
    while wire.frames.count() < number {
        wire.datagram(BESIDE, CLIENT, b"");
    }
    wire.datagram(LINE, SERVER, &key());
    // Windows that end between the two frames after which one and the other would be too late as
    // well.
    let told = crate::play::read_in_windows(&wire.frames, &[u32::MAX, 1 << 14, 1000, 101]);
    told.iter().filter(|one| one.protocol() != "raw").map(told_of).collect()
}

#[test]
fn those_that_wait_together_give_up_together() {
    let (open, opaque, clear) = (Protection::Application, Protection::Opaque, Protection::Clear);
    let vault = |told: &[(u32, String, Protection)]| -> Vec<(u32, Protection)> {
        let of_vault = told.iter().filter(|(_, protocol, _)| protocol == "vault");
        of_vault.map(|(frame, _, how)| (*frame, *how)).collect()
    };
    let in_time = with_a_key_in(MAX_PARKED_FRAMES);
    assert_eq!(vault(&in_time), [(1, open), (2, open), (MAX_PARKED_FRAMES + 1, clear)]);
    assert!(in_time.contains(&(2, "say".to_owned(), open)));
    // Frame 0 has waited one frame too long, and frame 1 gave up with it.
    let too_late = with_a_key_in(MAX_PARKED_FRAMES + 1);
    assert_eq!(vault(&too_late), [(1, opaque), (2, opaque), (MAX_PARKED_FRAMES + 2, clear)]);
    assert_eq!(too_late.len(), 3);
}

fn told_of(one: &Told) -> (u32, String, Protection) {
    let (frame, _, protocol, _, how) = told(one);
    (frame, protocol.to_owned(), how)
}

#[test]
fn an_end_is_told_behind_what_waits_in_front_of_it() {
    let text = say(b"in two records");
    for closes in [true, false] {
        let mut wire = Wire::default();
        wire.connect(LINE);
        wire.send(LINE, CLIENT, &sealed(0, &text[..5]));
        wire.send(LINE, CLIENT, &sealed(1, &text[5..]));
        if closes {
            wire.close(LINE, CLIENT);
        }
        wire.send(LINE, SERVER, &sealed(0, &say(b"answer")));
        wire.send(LINE, SERVER, &key());
        let told = read(&wire.frames);
        let said = told.iter().filter(|one| one.protocol() == "say");
        let said: Vec<_> = said.map(|one| (one.frame - 3, one.kind, &one.bytes[..])).collect();
        let key = if closes { 5 } else { 4 };
        let expected: [(u32, u8, &[u8]); 4] =
            [(2, 0, b"in two records"), (2, END, b""), (key - 1, 0, b"answer"), (key, END, b"")];
        assert_eq!(said, expected, "closes: {closes}");
    }
    // Without its key it is told as well.
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, &sealed(0, &text));
    wire.close(LINE, CLIENT);
    wire.send(LINE, SERVER, &sealed(0, &text));
    assert!(read(&wire.frames).iter().all(|one| one.protection == Protection::Opaque));
}
