//! Opens records of DTLS 1.2 with what opens those of TLS 1.2: the same keys over the same bytes,
//! but that epoch and sequence stand in the record where TLS counts (RFC 6347, section 4.1.2.1).

use std::sync::Arc;

use super::record::HEADER_LEN;
use crate::engine::derive::Opener;

/// How long the header of a record of TLS is, in bytes.
const TLS_HEADER_LEN: usize = 5;

/// What opens records of TLS, given records of DTLS.
pub(super) struct OfDatagrams(pub(super) Arc<dyn Opener>);

impl Opener for OfDatagrams {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let (header, body) = record.split_at_checked(HEADER_LEN)?;
        let mut of_tls = Vec::with_capacity(TLS_HEADER_LEN + body.len());
        of_tls.extend_from_slice(header.get(..3)?);
        of_tls.extend_from_slice(header.get(11..)?);
        of_tls.extend_from_slice(body);
        self.0.open(number, &of_tls, out)
    }

    fn sealed_at(&self) -> Option<u32> {
        Some(self.0.sealed_at()? + (HEADER_LEN - TLS_HEADER_LEN) as u32)
    }
}
