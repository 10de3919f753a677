//! The handshake without records: what carriers of datagrams read is what records gave.

use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::limits::{MAX_FLIGHT, MAX_HANDSHAKE_PIECES};
use wirestage_dissectors::message::{Message, Protection};
use wirestage_dissectors::protocol::Protocol;
use wirestage_dissectors::protocols::tls::{Kind, Tls};
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::telling::Telling;

use crate::carrier::{EPOCHS, FRAGMENTED, Form, NUMBERED, noted};
use crate::feed::{read, read_datagrams};
use crate::hostile::Numbers;
use crate::sample::look_at;
use crate::vector::{openssl, rfc8448};

const CLIENT: Direction = Direction::Forward;
const SERVER: Direction = Direction::Backward;

/// A handshake message, as far as no carrier shows in it.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    side: Direction,
    protection: Protection,
    bytes: Vec<u8>,
    /// Every line of its tree.
    tree: String,
    summary: String,
    telling: Option<Telling>,
}

impl Heard {
    fn new(protocol: &dyn Protocol, message: &Message, view: &View<'_>) -> Self {
        let mut tree = FieldTree::new();
        protocol.describe(message, view, &mut tree);
        let mut summary = String::new();
        protocol.summary(message, view, &mut summary).expect("a string takes all");
        Self {
            side: message.direction,
            protection: message.protection,
            bytes: view.bytes(message.span).to_vec(),
            tree: tree.to_text(),
            summary,
            telling: protocol.tell(message, view),
        }
    }

    fn label(&self) -> &str {
        self.telling.as_ref().map_or("", |telling| &telling.label)
    }

    fn epoch(&self) -> u8 {
        let place = EPOCHS.iter().position(|epoch| epoch.protection() == self.protection);
        place.expect("an epoch of the handshake") as u8
    }
}

/// Handshakes that came in records: each with its name.
fn in_records() -> Vec<(String, Vec<Heard>)> {
    let mut all = Vec::new();
    for vector in rfc8448().into_iter().chain(openssl()) {
        let read = read(&vector.sent, &vector.secrets);
        let messages = read.messages(Tls.id()).filter(|message| message.is(Kind::Handshake));
        let heard = messages.map(|message| Heard::new(&Tls, message, &read.view()));
        all.push((vector.name.to_owned(), heard.collect()));
    }
    for name in ["tls12-full", "tls13-full"] {
        let mut heard = Vec::new();
        look_at(name, |message, view| {
            let layer = view.layer(message.layer);
            let is_tls = layer.is_some_and(|layer| layer.protocol == Tls.id());
            if is_tls && message.is(Kind::Handshake) {
                heard.push(Heard::new(&Tls, message, view));
            }
        });
        all.push((name.to_owned(), heard));
    }
    assert!(all.iter().all(|(_, heard)| heard.len() >= 6), "handshakes are whole");
    all
}

type Datagrams = Vec<(Direction, Vec<u8>)>;

/// Reads datagrams as those of a carrier: messages, and what was noted with them.
fn carried(form: Form, datagrams: &Datagrams) -> (Vec<Heard>, Vec<String>) {
    let protocol = if form == Form::Numbered { &NUMBERED } else { &FRAGMENTED };
    let (mut heard, mut notes) = (Vec::new(), Vec::new());
    read_datagrams(form.port(), datagrams, |message, view| {
        assert_eq!(message.parent.some(), None);
        heard.push(Heard::new(protocol, message, view));
        notes.push(noted(message, view));
    });
    (heard, notes)
}

/// One piece of the bytes of a side and epoch.
fn numbered(epoch: u8, offset: usize, bytes: &[u8]) -> Vec<u8> {
    let (offset, len) = ((offset as u32).to_be_bytes(), (bytes.len() as u16).to_be_bytes());
    [&[epoch][..], &offset, &len, bytes].concat()
}

/// One fragment of a message.
fn fragment(epoch: u8, message: &[u8], sequence: u16, start: usize, end: usize) -> Vec<u8> {
    let (head, body) = message.split_at(4);
    let number = |number: usize| (number as u32).to_be_bytes()[1..].to_vec();
    let sequence = sequence.to_be_bytes();
    [&[epoch][..], head, &sequence, &number(start), &number(end - start), &body[start..end]]
        .concat()
}

/// Cuts that overlap, over all of `len` bytes.
fn cuts(len: usize, numbers: &mut Numbers) -> Vec<(usize, usize)> {
    let mut cuts = Vec::new();
    let mut at = 0;
    while at < len || cuts.is_empty() {
        let end = len.min(at + 1 + numbers.below(90));
        cuts.push((at - numbers.below(at.min(9) + 1), end));
        at = end;
    }
    cuts
}

/// Handshake messages in pieces that overlap, come in any order within what one side sends under
/// the same keys, and come again; several in a datagram.
fn in_pieces(form: Form, heard: &[Heard], numbers: &mut Numbers) -> Datagrams {
    let mut datagrams = Datagrams::new();
    let (mut offsets, mut sequences) = ([[0; 4]; 2], [0u16; 2]);
    for run in heard.chunk_by(|a, b| (a.side, a.epoch()) == (b.side, b.epoch())) {
        let (side, epoch) = (run[0].side, run[0].epoch());
        let mut pieces = Vec::new();
        match form {
            Form::Numbered => {
                let offset = &mut offsets[side.index()][usize::from(epoch)];
                let bytes: Vec<u8> = run.iter().flat_map(|one| one.bytes.clone()).collect();
                for (start, end) in cuts(bytes.len(), numbers) {
                    pieces.push(numbered(epoch, *offset + start, &bytes[start..end]));
                }
                *offset += bytes.len();
            }
            Form::Fragmented => {
                for one in run {
                    let sequence = &mut sequences[side.index()];
                    for (start, end) in cuts(one.bytes.len() - 4, numbers) {
                        pieces.push(fragment(epoch, &one.bytes, *sequence, start, end));
                    }
                    *sequence += 1;
                }
            }
        }
        for at in 0..pieces.len() {
            let (other, again) = (numbers.below(pieces.len()), numbers.below(pieces.len()));
            pieces.swap(at, other);
            if numbers.below(4) == 0 {
                pieces.push(pieces[again].clone());
            }
        }
        // What an earlier run said comes again, too.
        let earlier = datagrams.iter().rfind(|(of, _)| *of == side);
        pieces.extend(earlier.map(|(_, bytes)| bytes.clone()));
        while !pieces.is_empty() {
            let several = pieces.drain(..pieces.len().min(1 + numbers.below(3)));
            datagrams.push((side, several.flatten().collect()));
        }
    }
    datagrams
}

#[test]
fn carriers_of_datagrams_read_what_records_gave() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for (name, expected) in in_records() {
        for form in Form::ALL {
            for _ in 0..8 {
                let (found, _) = carried(form, &in_pieces(form, &expected, &mut numbers));
                for (found, expected) in found.iter().zip(&expected) {
                    assert_eq!(found, expected, "{name}, {form:?}");
                }
                assert_eq!(found.len(), expected.len(), "{name}, {form:?}");
            }
        }
    }
}

#[test]
fn what_is_settled_and_which_keys_come_into_use_is_said_with_each_message() {
    fn check(wanted: &str, expected: &[(&str, &str)]) {
        let all = in_records();
        let (_, heard) = all.iter().find(|(name, _)| name.contains(wanted)).unwrap();
        for form in Form::ALL {
            let datagrams = in_pieces(form, heard, &mut Numbers(77));
            let (found, notes) = carried(form, &datagrams);
            let found: Vec<_> =
                found.iter().map(Heard::label).zip(notes.iter().map(String::as_str)).collect();
            assert_eq!(found, expected, "{wanted}, {form:?}");
        }
    }
    check(
        "section 3",
        &[
            ("ClientHello", r#"0000 0000 "" [] []"#),
            (
                "ServerHello",
                r#"0304 1301 "" [] [Ready(Handshake), Enters(Backward, Handshake), Enters(Forward, Handshake)]"#,
            ),
            ("EncryptedExtensions", r#"0304 1301 "" [] []"#),
            ("Certificate", r#"0304 1301 "" [] []"#),
            ("CertificateVerify", r#"0304 1301 "" [] []"#),
            ("Finished", r#"0304 1301 "" [] [Ready(Application), Enters(Backward, Application)]"#),
            ("Finished", r#"0304 1301 "" [] [Enters(Forward, Application)]"#),
            ("NewSessionTicket", r#"0304 1301 "" [] []"#),
        ],
    );
    check(
        "section 4",
        &[
            ("ClientHello", r#"0000 0000 "" ["early"] [Ready(Early), Enters(Forward, Early)]"#),
            (
                "ServerHello",
                r#"0304 1301 "" ["early", "resumed"] [Ready(Handshake), Enters(Backward, Handshake)]"#,
            ),
            ("EncryptedExtensions", r#"0304 1301 "" ["early", "accepted", "resumed"] []"#),
            (
                "Finished",
                r#"0304 1301 "" ["early", "accepted", "resumed"] [Ready(Application), Enters(Backward, Application)]"#,
            ),
            (
                "EndOfEarlyData",
                r#"0304 1301 "" ["early", "accepted", "resumed"] [Enters(Forward, Handshake)]"#,
            ),
            (
                "Finished",
                r#"0304 1301 "" ["early", "accepted", "resumed"] [Enters(Forward, Application)]"#,
            ),
        ],
    );
}

#[test]
fn a_hello_retry_request_settles_the_suite_and_no_keys() {
    let all = in_records();
    let (_, heard) = all.iter().find(|(name, _)| name.contains("HelloRetryRequest")).unwrap();
    for form in Form::ALL {
        let (found, notes) = carried(form, &in_pieces(form, heard, &mut Numbers(3)));
        assert_eq!(
            found.iter().map(Heard::label).take(4).collect::<Vec<_>>(),
            ["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"]
        );
        assert_eq!(found[1].summary, "Hello Retry Request");
        assert_eq!(notes[1], r#"0304 1301 "" ["retried"] []"#);
        assert_eq!(notes[2], r#"0304 1301 "" ["retried"] []"#);
        assert!(notes[3].contains("Ready(Handshake)"), "{}", notes[3]);
    }
}

#[test]
fn tls12_has_its_keys_once_the_client_has_sent_its_half() {
    let all = in_records();
    let (_, heard) = all.iter().find(|(name, _)| name == "tls12-full").unwrap();
    for form in Form::ALL {
        let (found, notes) = carried(form, &in_pieces(form, heard, &mut Numbers(5)));
        let changes: Vec<_> = found
            .iter()
            .zip(&notes)
            .filter(|(_, note)| !note.ends_with(" []"))
            .map(|(one, note)| (one.label(), note.split_once("] [").unwrap().1))
            .collect();
        assert_eq!(changes, [("ClientKeyExchange", "Ready(Application)]")]);
    }
}

/// A ClientHello, and one of `len` bytes that nobody offers anything in.
fn hellos(len: usize) -> (Vec<u8>, Vec<u8>) {
    let hello = rfc8448()[0].sent[0].1[5..].to_vec();
    let mut long = vec![1, 0, 0, 0];
    long[1..].copy_from_slice(&((len - 4) as u32).to_be_bytes()[1..]);
    long.resize(len, 0);
    (hello, long)
}

#[test]
fn a_message_in_very_many_pieces_is_read_up_to_a_bound() {
    // Of numbered bytes the head comes in pieces, too; each fragment brings it whole.
    let most = [MAX_HANDSHAKE_PIECES, MAX_HANDSHAKE_PIECES + 4];
    for (form, most) in Form::ALL.into_iter().zip(most) {
        for (len, is_read) in [(most, true), (most + 1, false)] {
            let (hello, long) = hellos(len);
            let mut datagrams: Datagrams = match form {
                Form::Numbered => {
                    let bytes = long.iter().enumerate();
                    bytes.map(|(at, byte)| (CLIENT, numbered(0, at, &[*byte]))).collect()
                }
                Form::Fragmented => {
                    (0..len - 4).map(|at| (CLIENT, fragment(0, &long, 0, at, at + 1))).collect()
                }
            };
            datagrams.push((
                CLIENT,
                match form {
                    Form::Numbered => numbered(0, len, &hello),
                    Form::Fragmented => fragment(0, &hello, 1, 0, hello.len() - 4),
                },
            ));
            let (found, _) = carried(form, &datagrams);
            let found: Vec<_> = found.iter().map(|one| one.bytes.len()).collect();
            let expected = [len, hello.len()];
            assert_eq!(found, if is_read { &expected[..] } else { &expected[1..] }, "{form:?}");
        }
    }
}

#[test]
fn a_numbered_message_that_never_comes_holds_up_no_later_flight() {
    let all = in_records();
    let (_, heard) = all.iter().find(|(name, _)| name.contains("section 3")).unwrap();
    let hello = &heard[0].bytes;
    let whole = |sequence| (SERVER, fragment(0, hello, sequence, 0, hello.len() - 4));
    // Message 0 is not there: 1 waits for it, and so do the others of its flight.
    let mut datagrams: Datagrams = (1..MAX_FLIGHT).map(whole).collect();
    assert_eq!(carried(Form::Fragmented, &datagrams).0.len(), 0);
    datagrams.push(whole(MAX_FLIGHT));
    assert_eq!(carried(Form::Fragmented, &datagrams).0.len(), usize::from(MAX_FLIGHT));
    // What comes too late is not read.
    datagrams.push(whole(0));
    assert_eq!(carried(Form::Fragmented, &datagrams).0.len(), usize::from(MAX_FLIGHT));
}

#[test]
fn a_fragment_that_contradicts_the_first_is_left_out() {
    let (hello, long) = hellos(100);
    let len = hello.len() - 4;
    let datagrams = [
        (CLIENT, fragment(0, &hello, 0, 10, len)),
        // Another length, another epoch, and a part beyond the end.
        (CLIENT, fragment(0, &long, 0, 0, 10)),
        (CLIENT, fragment(2, &hello, 0, 0, 10)),
        (CLIENT, {
            let mut beyond = fragment(0, &hello, 0, 0, 10);
            beyond[7..10].copy_from_slice(&((len - 9) as u32).to_be_bytes()[1..]);
            beyond
        }),
        (CLIENT, fragment(0, &hello, 0, 0, 10)),
    ];
    let (found, _) = carried(Form::Fragmented, &datagrams.to_vec());
    let found: Vec<_> = found.iter().map(|one| &one.bytes).collect();
    assert_eq!(found, [&hello]);
}

/// A message of that type.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = (body.len() as u32).to_be_bytes();
    [&[kind], &len[1..], body].concat()
}

#[test]
fn hellos_of_dtls_are_read_with_their_cookies() {
    let all = in_records();
    let (_, heard) = all.iter().find(|(name, _)| name == "tls12-full").unwrap();
    let [hello, answer] = [&heard[0].bytes, &heard[1].bytes];
    // Header 4, version 2, random 32, then the session id.
    let at = 39 + usize::from(hello[38]);
    let cookie = [&[20][..], &[0xcc; 20]].concat();
    let version = [0xfe, 0xfd];
    let of_dtls = message(1, &[&version, &hello[6..at], &cookie, &hello[at..]].concat());
    let retry = message(3, &[&version[..], &cookie].concat());
    let answer = message(2, &[&version, &answer[6..]].concat());
    let whole = |side, sequence, message: &[u8]| {
        (side, fragment(0, message, sequence, 0, message.len() - 4))
    };
    let datagrams =
        [whole(SERVER, 0, &retry), whole(CLIENT, 0, &of_dtls), whole(SERVER, 1, &answer)];
    let (found, notes) = carried(Form::Fragmented, &datagrams.to_vec());
    assert!(found[0].tree.contains("Cookie: cccc"), "{}", found[0].tree);
    assert_eq!(found[0].label(), "HelloVerifyRequest");
    // But for cookie, version and length, it is the hello of TLS.
    let lines = |tree: &str, skipped: &[&str]| -> Vec<String> {
        let lines = tree.lines().map(|line| line.trim().to_owned());
        lines.filter(|line| skipped.iter().all(|start| !line.starts_with(start))).collect()
    };
    let first = |tree: &str| tree.lines().take(4).map(str::to_owned).collect::<Vec<_>>();
    assert_ne!(first(&found[1].tree), first(&heard[0].tree));
    assert_eq!(
        lines(&found[1].tree, &["Version", "Length", "Cookie"]),
        lines(&heard[0].tree, &["Version", "Length"])
    );
    assert!(found[1].tree.contains("Cookie Length: 20"), "{}", found[1].tree);
    assert!(notes[2].starts_with("fefd"), "{}", notes[2]);
    let telling = found[2].telling.as_ref().unwrap();
    assert_eq!(telling.chapter.title, "DTLS 1.2 handshake");
}

#[test]
fn damaged_pieces_never_panic() {
    let mut numbers = Numbers(0x9e37_79b9);
    let all = in_records();
    for (_, heard) in &all {
        for form in Form::ALL {
            let mut damaged = heard.clone();
            for _ in 0..=numbers.below(3) {
                let one = numbers.below(damaged.len());
                let at = numbers.below(damaged[one].bytes.len());
                damaged[one].bytes[at] ^= 1 << numbers.below(8);
            }
            let mut datagrams = Datagrams::new();
            if form == Form::Numbered || damaged.iter().all(|one| is_sound(&one.bytes)) {
                datagrams = in_pieces(form, &damaged, &mut numbers);
            }
            datagrams.retain(|_| numbers.below(9) > 0);
            carried(form, &datagrams);
        }
    }
}

/// Whether a message's length is its own.
fn is_sound(message: &[u8]) -> bool {
    let [_, high, middle, low] = message[..4].try_into().unwrap();
    u32::from_be_bytes([0, high, middle, low]) as usize == message.len() - 4
}
