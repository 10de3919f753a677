//! One sample: a packet that was picked, or counters of a port.
//!
//! ```text
//!   a packet    number ×4 │ port ×4 │ rate ×4 │ pool ×4 │ dropped ×4 │ in ×4 │ out ×4 │ records ×4 │ …
//!   counters    number ×4 │ port ×4 │ records ×4 │ …          where expanded: ports of ×8
//! ```

use super::*;
use crate::field::Value;
use crate::protocols::values;

/// Samples of sFlow itself, by their numbers.
const FLOW: u64 = 1;
const COUNTERS: u64 = 2;
const FLOW_EXPANDED: u64 = 3;
const COUNTERS_EXPANDED: u64 = 4;

pub(super) fn describe(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (kind, place) = reader.number(4, "a sample")?;
    let format = kind & SAMPLE.def().mask;
    sink.open(SAMPLE, Value::Unsigned(format), place);
    let told = body(kind, place, reader, sink);
    sink.close();
    told
}

fn body(
    kind: u64,
    place: crate::span::Span,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    values::bits(ENTERPRISE, kind, place, sink);
    let len = number(LENGTH, 4, reader, sink)? as usize;
    let mut sample = reader.sub(len, "a sample")?;
    let port = if matches!(kind, FLOW_EXPANDED | COUNTERS_EXPANDED) { 8 } else { 4 };
    match kind {
        FLOW | FLOW_EXPANDED => {
            number(FLOW_NUMBER, 4, &mut sample, sink)?;
            sample.take(port, "a port")?;
            for field in [RATE, POOL, DROPPED] {
                number(field, 4, &mut sample, sink)?;
            }
            sample.take(2 * port, "two ports")?;
            number(FLOW_RECORDS, 4, &mut sample, sink)?;
        }
        COUNTERS | COUNTERS_EXPANDED => {
            number(COUNTERS_NUMBER, 4, &mut sample, sink)?;
            sample.take(port, "a port")?;
            number(COUNTERS_RECORDS, 4, &mut sample, sink)?;
        }
        _ => {}
    }
    Ok(())
}
