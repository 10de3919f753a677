//! Where the messages of SOCKS end.

/// How much of a message is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// All of it: so many bytes.
    Whole(usize),
    /// More is to come.
    Part,
    /// It is no such message.
    Broken,
}

/// The longest user or name of version 4, which only a zero ends; names have at most 255 bytes.
const MAX_TEXT: usize = 512;

/// A message of so many bytes.
pub(super) fn exactly(bytes: &[u8], len: usize) -> Shape {
    if bytes.len() >= len { Shape::Whole(len) } else { Shape::Part }
}

/// Version, count, methods (RFC 1928, section 3).
pub(super) fn hello(bytes: &[u8]) -> Shape {
    bytes.get(1).map_or(Shape::Part, |count| exactly(bytes, 2 + usize::from(*count)))
}

/// Version, name and password with their lengths (RFC 1929, section 2).
pub(super) fn user(bytes: &[u8]) -> Shape {
    let Some(name) = bytes.get(1).map(|len| usize::from(*len)) else { return Shape::Part };
    let Some(password) = bytes.get(2 + name) else { return Shape::Part };
    exactly(bytes, 3 + name + usize::from(*password))
}

/// Request or reply of version 5 (RFC 1928, sections 4 and 6).
pub(super) fn request(bytes: &[u8]) -> Shape {
    match bytes.get(3) {
        None => Shape::Part,
        Some(1) => exactly(bytes, 10),
        Some(4) => exactly(bytes, 22),
        Some(3) => bytes.get(4).map_or(Shape::Part, |len| exactly(bytes, 7 + usize::from(*len))),
        Some(_) => Shape::Broken,
    }
}

/// Request of version 4, and of 4a where the address is 0.0.0.x.
pub(super) fn request_4(bytes: &[u8]) -> Shape {
    let Some(rest) = bytes.get(8..) else { return Shape::Part };
    let named = matches!(bytes.get(4..8), Some([0, 0, 0, 1..=255]));
    let zero = |text: &[u8]| memchr::memchr(0, text.get(..MAX_TEXT).unwrap_or(text));
    let Some(mut end) = zero(rest) else { return open(rest) };
    if named {
        let name = rest.get(end + 1..).unwrap_or(&[]);
        let Some(name_end) = zero(name) else { return open(name) };
        end += 1 + name_end;
    }
    Shape::Whole(8 + end + 1)
}

fn open(text: &[u8]) -> Shape {
    if text.len() < MAX_TEXT { Shape::Part } else { Shape::Broken }
}
