//! A walk over bytes that tells a sink what it passes.

use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// What a step of a walk gives, or the claim that did not hold.
pub(super) type Described<T = ()> = Result<T, Short>;

/// A reader and the sink that hears of what it reads.
pub(super) struct Describer<'s, 'a> {
    pub(super) sink: &'s mut dyn Sink,
    pub(super) reader: Reader<'a>,
    /// Whether the bytes were cut: what goes beyond them is read as far as it is there.
    pub(super) is_cut: bool,
}

impl<'s, 'a> Describer<'s, 'a> {
    pub(super) fn new(sink: &'s mut dyn Sink, reader: Reader<'a>) -> Self {
        Self { sink, reader, is_cut: false }
    }

    /// The next `len` bytes, and whether they are cut.
    fn part(&mut self, len: usize, what: FieldId) -> Described<(Reader<'a>, bool)> {
        let is_cut = self.is_cut && len > self.reader.len();
        let len = if is_cut { self.reader.len() } else { len };
        Ok((self.reader.sub(len, what.def().title)?, is_cut))
    }

    /// A number of `width` bytes.
    pub(super) fn number(&mut self, field: FieldId, width: usize) -> Described<usize> {
        let number = values::number(field, width, &mut self.reader, self.sink)?;
        Ok(number as usize)
    }

    /// A number of one byte.
    pub(super) fn u8(&mut self, field: FieldId) -> Described<usize> {
        self.number(field, 1)
    }

    /// A number of two bytes.
    pub(super) fn u16(&mut self, field: FieldId) -> Described<usize> {
        self.number(field, 2)
    }

    /// A number of three bytes.
    pub(super) fn u24(&mut self, field: FieldId) -> Described<usize> {
        self.number(field, 3)
    }

    /// `len` bytes.
    pub(super) fn bytes(&mut self, field: FieldId, len: usize) -> Described<&'a [u8]> {
        values::bytes(field, len, &mut self.reader, self.sink)
    }

    /// `len` bytes, unless there are none: empty values are left out, as Wireshark does.
    pub(super) fn some_bytes(&mut self, field: FieldId, len: usize) -> Described {
        if len > 0 {
            self.bytes(field, len)?;
        }
        Ok(())
    }

    /// `len` bytes of text.
    pub(super) fn text(&mut self, field: FieldId, len: usize) -> Described {
        let (bytes, place) = self.reader.take(len, field.def().title)?;
        self.sink.field(field, Value::text(bytes), place);
        Ok(())
    }

    /// A length in `width` bytes and so many bytes.
    pub(super) fn vector(&mut self, length: FieldId, width: usize, field: FieldId) -> Described {
        let len = self.number(length, width)?;
        self.some_bytes(field, len)
    }

    /// A heading over the next `len` bytes, which `walk` reads. What it does not read is noted.
    pub(super) fn group(
        &mut self,
        field: FieldId,
        text: Value<'_>,
        len: usize,
        walk: impl FnOnce(&mut Describer<'_, 'a>) -> Described,
    ) -> Described {
        let (reader, is_cut) = self.part(len, field)?;
        self.sink.open(field, text, reader.span());
        let mut inner = Describer { sink: self.sink, reader, is_cut };
        let walked = walk(&mut inner);
        if walked.is_ok() {
            inner.leftover();
        }
        self.sink.close();
        walked
    }

    /// The next `len` bytes without a heading.
    pub(super) fn within(
        &mut self,
        len: usize,
        what: FieldId,
        walk: impl FnOnce(&mut Describer<'_, 'a>) -> Described,
    ) -> Described {
        let (reader, is_cut) = self.part(len, what)?;
        let mut inner = Describer { sink: self.sink, reader, is_cut };
        walk(&mut inner)?;
        inner.leftover();
        Ok(())
    }

    /// A heading over `len` bytes of numbers, each of `width` bytes.
    pub(super) fn numbers(
        &mut self,
        heading: FieldId,
        len: usize,
        field: FieldId,
        width: usize,
    ) -> Described {
        self.group(heading, Value::None, len, |walk| walk.all_numbers(field, width))
    }

    /// Numbers up to the end.
    pub(super) fn all_numbers(&mut self, field: FieldId, width: usize) -> Described {
        while !self.reader.is_empty() {
            self.number(field, width)?;
        }
        Ok(())
    }

    /// Whether all was read.
    pub(super) fn is_done(&self) -> bool {
        self.reader.is_empty()
    }

    /// Passes over what is left.
    pub(super) fn skip(&mut self) {
        let _ = self.reader.take(self.reader.len(), "the rest");
    }

    /// Notes what a walk should have read and did not.
    pub(super) fn leftover(&mut self) {
        let left = self.reader.len();
        if left > 0 {
            let place = self.reader.span();
            self.note(place, format_args!("{left} bytes are left over"));
        }
    }

    pub(super) fn note(&mut self, place: Span, text: std::fmt::Arguments<'_>) {
        self.sink.note(Severity::Broken, place, text);
    }
}
