//! Names: labels, escapes, pointers.

use super::super::name::{Broken, Name};
use super::super::wire::Wire;

/// Reads the name at an offset: its text, its labels, the length of its text, and what broke it.
fn check(bytes: &[u8], at: usize, expected: &str, labels: u16, broken: Option<Broken>) {
    let wire = Wire::of(bytes);
    let mut reader = wire.reader();
    reader.take(at, "what is before").unwrap();
    let name = Name::read(&wire, &mut reader).unwrap();
    assert_eq!(name.to_string(), expected);
    assert_eq!((name.labels, name.broken), (labels, broken), "{expected}");
}

#[test]
fn labels_are_joined_by_dots_and_the_root_has_none() {
    check(b"\x03www\x07example\x03org\0", 0, "www.example.org", 3, None);
    check(b"\0", 0, "<Root>", 0, None);
}

#[test]
fn what_is_no_text_is_escaped() {
    check(b"\x05\x01\n\t\"\\\0", 0, "\\001\\n\\t\"\\", 1, None);
    check(b"\x03a.b\x03c d\0", 0, "a.b.c d", 2, None);
    check(b"\x02\xc3\xa4\x02\xff\xfe\x03\xe2\x80A\0", 0, "ä.\u{fffd}\u{fffd}.\u{fffd}A", 3, None);
    check(b"\x02\x7f\x1b\0", 0, "\\177\\033", 1, None);
}

#[test]
fn pointers_lead_to_earlier_names() {
    let bytes = b"\x03org\0\x07example\xc0\0\x03www\xc0\x05";
    check(bytes, 5, "example.org", 2, None);
    check(bytes, 15, "www.example.org", 3, None);
}

#[test]
fn a_pointer_forward_is_followed() {
    check(b"\xc0\x02\x03org\0", 0, "org", 1, None);
}

#[test]
fn circles_end() {
    check(b"\x03abc\xc0\0", 0, "<Name too long>", 63, Some(Broken::Long));
    let circle = "<Name contains a pointer that loops>";
    check(b"\xc0\0", 0, circle, 0, Some(Broken::Loop));
    check(b"\xc0\x02\xc0\0", 0, circle, 0, Some(Broken::Loop));
}

#[test]
fn names_have_bounds() {
    let long = [&b"\x3f"[..], &[b'a'; 63]].concat().repeat(4);
    check(&[&long[..], b"\0"].concat(), 0, "<Name too long>", 3, Some(Broken::Long));
    check(b"\x03abc\xc0\x09\0", 0, "abc.…", 1, Some(Broken::Beyond));
}

#[test]
fn a_name_without_an_end_is_none() {
    for (bytes, why) in
        [(&b"\x03ab"[..], Broken::Beyond), (b"", Broken::Beyond), (b"\x01a\x80", Broken::Kind)]
    {
        let wire = Wire::of(bytes);
        assert_eq!(Name::read(&wire, &mut wire.reader()).unwrap_err(), why);
    }
}

#[test]
fn the_longest_name_of_single_letters_is_read() {
    let bytes = [b"\x01a".repeat(127), vec![0]].concat();
    check(&bytes, 0, &["a"; 127].join("."), 127, None);
}
