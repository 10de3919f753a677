//! The options at the end of a pcapng block: code, length, value, padding, until code 0.

use crate::bytes::{Order, padded};

/// `opt_comment`, which every block may carry.
pub(crate) const COMMENT: u16 = 1;

/// Walks the options of one block. It ends at the end mark, at the end of the bytes, or at an
/// option that reaches past them: what came before is still good.
pub(crate) struct Options<'a> {
    rest: &'a [u8],
    order: Order,
}

impl<'a> Options<'a> {
    /// The options in `bytes`, which starts right behind a block's fixed part.
    pub(crate) const fn new(bytes: &'a [u8], order: Order) -> Self {
        Self { rest: bytes, order }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let code = self.order.u16(self.rest, 0)?;
        let len = usize::from(self.order.u16(self.rest, 2)?);
        if code == 0 {
            return None;
        }
        let value = self.rest.get(4..4 + len)?;
        self.rest = self.rest.get(4 + padded(len)..).unwrap_or_default();
        Some((code, value))
    }
}

/// Text out of an option: UTF-8, without the zero byte that some writers add.
pub(crate) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|&b| b == 0).unwrap_or(value.len());
    String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned()
}
