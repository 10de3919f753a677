//! A list of header fields: which part of an exchange it is, and what stands in it.

use super::content::Wait;
use super::line::{Fault, FieldLine, Form};
use super::moment::Moment;
use crate::engine::view::View;
use crate::exchange::Field;
use crate::ids::FrameId;
use crate::span::Span;

/// Which part of an exchange a list is (RFC 9113, section 8.1; RFC 9114, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols) enum Part {
    /// Nobody knows: what would tell is missing.
    #[default]
    Unknown,
    /// What tells comes with a later frame of the same list.
    Begun,
    /// A request.
    Request,
    /// A request that the server makes in the client's stead.
    Promise,
    /// A response that is not the last.
    Interim,
    /// A response.
    Response,
    /// Fields behind the content.
    Trailers,
}

/// What a frame says of its header list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct List<F> {
    pub(in crate::protocols) part: Part,
    /// Whether it is with this frame that the part is known.
    pub(in crate::protocols) first: bool,
    /// The fields that end in this frame.
    pub(in crate::protocols) lines: Box<[FieldLine<F>]>,
    /// Bytes of the list in this frame, packed.
    pub(in crate::protocols) packed: u32,
    /// Fields that were left out: there are too many, or they are too large.
    pub(in crate::protocols) dropped: u32,
    /// Why nothing more could be read, and where.
    pub(in crate::protocols) fault: Option<(Fault, Span)>,
    /// Which request of the connection it is; 0 for what is none.
    pub(in crate::protocols) number: u32,
    /// Requests before it that wait for their answers.
    pub(in crate::protocols) waiting: u32,
    /// The response's status code; 0 for none.
    pub(in crate::protocols) status: u16,
    /// Of a response: how long its request has waited.
    pub(in crate::protocols) since: Option<Wait>,
    /// The frame with the entries that it had to wait for.
    pub(in crate::protocols) unblocked: Option<FrameId>,
    /// The table before and after it, where that is its own doing.
    pub(in crate::protocols) tables: Option<[Moment; 2]>,
}

impl<F: Form> List<F> {
    /// Bytes that it takes in memory.
    pub(in crate::protocols) fn size(&self) -> usize {
        size_of_val(self) + self.lines.len() * size_of::<FieldLine<F>>()
    }

    /// Its fields, pseudo-header fields among them.
    pub(in crate::protocols) fn lines(&self) -> impl Iterator<Item = &FieldLine<F>> + Clone {
        self.lines.iter().filter(|line| line.form.is_field())
    }

    /// The same, names and values.
    pub(in crate::protocols) fn fields<'s, 'v>(
        &'s self,
        view: &'s View<'v>,
    ) -> impl Iterator<Item = Field<'v>> + Clone + use<'s, 'v, F> {
        self.lines().map(|line| {
            let [name, value] = [line.name, line.value];
            (name.bytes(|span| view.bytes(span)), value.bytes(|span| view.bytes(span)))
        })
    }

    /// The value of the first field of that name.
    pub(in crate::protocols) fn value_of<'v>(
        &self,
        name: &[u8],
        view: &View<'v>,
    ) -> Option<&'v [u8]> {
        self.fields(view).find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// How many fields there are, and bytes of their names and values.
    pub(in crate::protocols) fn count(&self, view: &View<'_>) -> (u64, u64) {
        self.fields(view).fold((0, 0), |(count, bytes), (name, value)| {
            (count + 1, bytes + (name.len() + value.len()) as u64)
        })
    }
}
