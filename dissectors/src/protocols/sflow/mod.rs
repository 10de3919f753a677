//! sFlow, version 5 (sflow.org, "sFlow Version 5"): switches send on a few of the packets that they
//! forward, and count the others.
//!
//! ```text
//!   5 ×4 │ kind of address ×4 │ address │ part ×4 │ number ×4 │ uptime ×4 │ samples ×4
//!   sample: whose and which ×4 │ length ×4 │ …
//! ```
//!
//! Of samples, the heads are read; the packets in them were sent elsewhere, and belong to no flow
//! here.

mod sample;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use super::datagrams::{self, Asking, Seen, is_cut, note_short};
use super::values::{bytes, number};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A datagram of samples.
        Samples,
    }
}

impl MessageKind for Kind {
    /// Nothing answers.
    type Extra = Option<FrameId>;
}

const ADDRESSES: Names = &[(IPV4, "IPv4"), (IPV6, "IPv6")];

const SAMPLES: Names = &[
    (1, "Flow sample"),
    (2, "Counters sample"),
    (3, "Expanded flow sample"),
    (4, "Expanded counters sample"),
];

fields! { "sflow", "sFlow";
    VERSION = FieldDef::u32("sflow_245.version", "Datagram version"),
    ADDRESS_KIND = FieldDef::u32("sflow_245.agenttype", "Agent address type").names(ADDRESSES),
    AGENT_V4 = FieldDef::of("sflow_245.agent", "Agent address", FieldKind::Ipv4),
    AGENT_V6 = FieldDef::of("sflow_245.agent.v6", "Agent address", FieldKind::Ipv6),
    AGENT_PART = FieldDef::u32("sflow_245.sub_agent_id", "Sub-agent ID"),
    NUMBER = FieldDef::u32("sflow_245.sequence_number", "Sequence number"),
    UPTIME = FieldDef::u32("sflow_245.sysuptime", "SysUptime"),
    COUNT = FieldDef::u32("sflow_245.numsamples", "NumSamples"),
    ENTERPRISE = FieldDef::u32("sflow.enterprise", "Enterprise").mask(0xffff_f000),
    SAMPLE = FieldDef::u32("sflow_245.sampletype", "sFlow sample type").mask(0x0fff)
        .names(SAMPLES),
    LENGTH = FieldDef::u32("sflow.enterprise.length", "Length"),
    FLOW_NUMBER = FieldDef::u32("sflow.flow_sample.sequence_number", "Sequence number"),
    RATE = FieldDef::u32("sflow.flow_sample.sampling_rate", "Sampling rate"),
    POOL = FieldDef::u32("sflow.flow_sample.sample_pool", "Sample pool"),
    DROPPED = FieldDef::u32("sflow.flow_sample.dropped_packets", "Dropped packets"),
    FLOW_RECORDS = FieldDef::u32("sflow.flow_sample.flow_record", "Flow record"),
    COUNTERS_NUMBER =
        FieldDef::u32("sflow.counters_sample.sequence_number", "Sequence number"),
    COUNTERS_RECORDS =
        FieldDef::u32("sflow.counters_sample.counters_records", "Counters records"),
}

/// The version that is read.
const CURRENT: u32 = 5;

/// Kinds of addresses.
const IPV4: u64 = 1;
const IPV6: u64 = 2;

/// sFlow.
pub struct Sflow;

impl Protocol for Sflow {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["sFlow Version 5"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(6343)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match look(bytes, bytes.len()).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        match (number_at(bytes, numbers_at(bytes)), samples(bytes)) {
            (Some(number), Some(count)) => write!(line, "V5, seq {number}, {count} samples"),
            _ => write!(line, "V5"),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let count = samples(view.bytes(message.span)).unwrap_or_default();
        let headline = "Sends on a few of the packets that it forwards, and counts";
        Some(Telling::new(format!("{count} samples"), headline, "sFlow"))
    }
}

/// What a datagram is: one of the version that is read, from an agent with an address.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    let kind = number_at(bytes, 4)?;
    let fits = number_at(bytes, 0)? == CURRENT && [IPV4, IPV6].contains(&kind.into());
    fits.then_some(Seen { kind: Kind::Samples, asking: Asking::Alone, same: 0 })
}

/// A big-endian number of four bytes.
fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|number| u32::from_be_bytes(*number))
}

/// Where the datagram's own number stands: behind the address and the part.
fn numbers_at(bytes: &[u8]) -> usize {
    if number_at(bytes, 4).map(u64::from) == Some(IPV6) { 28 } else { 16 }
}

/// How many samples there are.
fn samples(bytes: &[u8]) -> Option<u32> {
    number_at(bytes, numbers_at(bytes) + 8)
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(VERSION, 4, &mut reader, sink)?;
    let (field, len) = match number(ADDRESS_KIND, 4, &mut reader, sink)? {
        IPV6 => (AGENT_V6, 16),
        _ => (AGENT_V4, 4),
    };
    bytes(field, len, &mut reader, sink)?;
    for field in [AGENT_PART, NUMBER, UPTIME] {
        number(field, 4, &mut reader, sink)?;
    }
    let count = number(COUNT, 4, &mut reader, sink)?;
    for _ in 0..count {
        if sink.is_done() {
            break;
        }
        sample::describe(&mut reader, sink)?;
    }
    Ok(())
}
