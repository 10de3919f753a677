//! The fields of a journal entry, one after the other.

/// One field of an entry, with the places of its name and value.
pub(super) struct Entry<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) start: usize,
    pub(super) value_start: usize,
    /// Where the length of a binary value stands.
    pub(super) binary: Option<usize>,
    pub(super) end: usize,
}

/// The field that begins at `at`; `None` if none does.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<Entry<'_>> {
    let rest = bytes.get(at..)?;
    let line = rest.get(..rest.iter().position(|byte| *byte == b'\n')?)?;
    if let Some(equals) = line.iter().position(|byte| *byte == b'=') {
        let (name, value) = (line.get(..equals)?, line.get(equals + 1..)?);
        let end = at + line.len() + 1;
        let value_start = at + equals + 1;
        return Some(Entry { name, value, start: at, value_start, binary: None, end });
    }
    let length = at + line.len() + 1;
    let len = bytes.get(length..)?.first_chunk::<8>()?;
    let len = usize::try_from(u64::from_le_bytes(*len)).ok()?;
    let value_start = length + 8;
    let value = bytes.get(value_start..value_start.checked_add(len)?)?;
    let end = value_start + len + 1;
    (!line.is_empty()).then_some(Entry {
        name: line,
        value,
        start: at,
        value_start,
        binary: Some(length),
        end,
    })
}

/// All fields of an entry, in order.
pub(super) fn all(bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let entry = at(bytes, next)?;
        next = entry.end;
        Some(entry)
    })
}
