//! A plan: what of a filter columns settle, and which frames have to be read for the rest.
//!
//! Whatever a test needs, there are frames that cannot pass it, and so are not read: without
//! payload nothing completes a message, and a plain frame holds no header of a tunnel.

use std::ops::Range;

use super::Filter;
use super::catch::Found;
use super::columns::{Column, Columns, To};
use super::evaluate::Evidence;
use super::kept::{Answer, Remembered};
use super::need::Need;
use super::own::Own;
use super::program::{Ask, Slot, Take};
use crate::bits::Bits;
use crate::engine::tcp::flags;
use crate::field::FieldId;
use crate::ids::{Direction, FrameId, ProtocolId};
use crate::protocols::{ethernet, frame, ipv4, ipv6, null, raw, sll, tcp, udp};
use crate::survey::{Flow, Network, Row, Transport};

/// Which frames of a range pass, and which may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triage {
    /// Frames that surely pass.
    pub yes: Bits,
    /// Frames that have to be read to tell.
    pub perhaps: Bits,
}

/// How a filter is answered over one recording.
pub struct Plan<'a> {
    columns: Columns<'a>,
    slots: &'a [Slot],
    node: Node<'a>,
}

/// A filter's logic, with the way in which each test is answered.
enum Node<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Xor(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Test(Answered<'a>),
}

/// How a test is answered.
enum Answered<'a> {
    /// For each flow, a bit for each direction: plain frames of it pass.
    ByFlow(Vec<u8>),
    /// For each combination of TCP's flags; the last one for what is not TCP.
    ByFlags(Vec<bool>),
    /// By what all frames say of themselves.
    Own(Own<'a>),
    /// Plain frames one by one, from columns.
    ByRow { ask: &'a Ask, columns: Vec<(usize, Vec<(FieldId, Column)>)> },
    /// From what is kept; else as the other says.
    Kept(Answer, Box<Self>),
    /// By reading headers, of plain frames only where they have these protocols.
    Headers { protocols: Vec<ProtocolId>, needs_values: bool },
    /// By reading connections: frames without payload complete nothing.
    Messages { needs_values: bool },
    /// By reading every frame.
    All,
}

impl<'a> Plan<'a> {
    /// A plan for a filter over these columns, with what is known from before.
    #[must_use]
    pub fn new(filter: &'a Filter, columns: Columns<'a>, known: &Remembered) -> Self {
        let making = Making { columns, slots: &filter.slots, known };
        Self { columns, slots: &filter.slots, node: making.node(&filter.ask) }
    }

    /// What columns say of a range of frames. Its sets count from the beginning of the range.
    #[must_use]
    pub fn verdict(&self, frames: Range<u32>) -> Triage {
        self.of(&self.node, &frames)
    }

    fn of(&self, node: &Node<'_>, frames: &Range<u32>) -> Triage {
        let len = frames.end.saturating_sub(frames.start);
        match node {
            Node::All(all) => {
                let mut sum = Triage { yes: Bits::all(len), perhaps: Bits::none(len) };
                for one in all {
                    let Triage { yes, mut perhaps } = self.of(one, frames);
                    // Surely where both are sure; not where either is sure not.
                    perhaps.or(&yes);
                    sum.perhaps.or(&sum.yes);
                    sum.perhaps.and(&perhaps);
                    sum.yes.and(&yes);
                    sum.perhaps.without(&sum.yes);
                }
                sum
            }
            Node::Any(any) => {
                let mut sum = Triage { yes: Bits::none(len), perhaps: Bits::none(len) };
                for one in any {
                    let Triage { yes, perhaps } = self.of(one, frames);
                    sum.yes.or(&yes);
                    sum.perhaps.or(&perhaps);
                    sum.perhaps.without(&sum.yes);
                }
                sum
            }
            Node::Xor(a, b) => {
                let (mut a, b) = (self.of(a, frames), self.of(b, frames));
                a.perhaps.or(&b.perhaps);
                a.yes.xor(&b.yes);
                a.yes.without(&a.perhaps);
                a
            }
            Node::Not(one) => {
                let Triage { mut yes, perhaps } = self.of(one, frames);
                yes.or(&perhaps);
                yes.invert();
                Triage { yes, perhaps }
            }
            Node::Test(how) => self.test(how, frames),
        }
    }

    fn test(&self, how: &Answered<'_>, frames: &Range<u32>) -> Triage {
        let len = frames.end.saturating_sub(frames.start);
        let (survey, plain) = (self.columns.survey, self.columns.plain);
        let row = |at: u32| {
            let id = FrameId(frames.start + at);
            survey.row(id).map(|row| (id, row, plain.contains(id)))
        };
        let of_plain = |test: &mut dyn FnMut(FrameId, &Row) -> bool| {
            let mut perhaps = Bits::none(len);
            let yes = Bits::of(len, |at| match row(at) {
                Some((id, row, true)) => test(id, row),
                _ => {
                    perhaps.insert(at);
                    false
                }
            });
            Triage { yes, perhaps }
        };
        let none = || Bits::none(len);
        match how {
            Answered::ByFlow(flows) => of_plain(&mut |_, row| {
                let bits = flows.get(row.flow.index()).copied().unwrap_or(0);
                bits >> row.direction().index() & 1 == 1
            }),
            Answered::ByFlags(table) => of_plain(&mut |_, row| {
                let is_tcp = row.tcp_header_len() > 0;
                let at = if is_tcp { row.tcp_flags() } else { flags::ALL + 1 };
                table.get(usize::from(at)).copied().unwrap_or(false)
            }),
            Answered::Own(own) => Triage { yes: own.of(&self.columns, frames), perhaps: none() },
            Answered::ByRow { ask, columns } => {
                let mut found = Found::new(self.slots.len());
                of_plain(&mut |id, row| {
                    found.clear();
                    fill(&self.columns, self.slots, &mut found, columns, id, row);
                    Evidence { found: &found, slots: self.slots }.passes(ask)
                })
            }
            Answered::Kept(answer, otherwise) => {
                let mut verdict = self.test(otherwise, frames);
                let covers = answer.covers.part(frames.clone());
                verdict.yes.without(&covers);
                verdict.perhaps.without(&covers);
                verdict.yes.or(&answer.yes.part(frames.clone()));
                verdict
            }
            Answered::Headers { protocols, needs_values } => {
                let may = |at: u32| match row(at) {
                    Some((_, row, true)) => {
                        let flow = survey.flow(row.flow);
                        flow.is_none_or(|flow| protocols.iter().any(|one| may_hold(flow, *one)))
                    }
                    _ => true,
                };
                unread(Bits::of(len, may), *needs_values)
            }
            Answered::Messages { needs_values } => {
                let may = |at: u32| {
                    row(at).is_some_and(|(_, row, _)| {
                        row.flow.some().is_some() && (row.payload_len > 0 || row.is_fragment())
                    })
                };
                unread(Bits::of(len, may), *needs_values)
            }
            Answered::All => Triage { yes: none(), perhaps: Bits::all(len) },
        }
    }
}

/// `perhaps` has to be read. All other frames are known to have none of the fields: they pass if
/// the test needs no value.
fn unread(perhaps: Bits, needs_values: bool) -> Triage {
    let mut yes = Bits::none(perhaps.len());
    if !needs_values {
        yes.or(&perhaps);
        yes.invert();
    }
    Triage { yes, perhaps }
}

/// Fills slots from columns.
fn fill(
    known: &Columns<'_>,
    slots: &[Slot],
    found: &mut Found,
    columns: &[(usize, Vec<(FieldId, Column)>)],
    id: FrameId,
    row: &Row,
) {
    let flow = known.survey.flow(row.flow);
    for (slot, fields) in columns {
        let take = slots.get(*slot).map_or(Take::Presence, |slot| slot.take);
        for (field, column) in fields {
            let mut to = To { found: &mut *found, slot: *slot, take, field: *field };
            match (column, flow) {
                (Column::Frame(what), _) => {
                    known.of_frame(id, &known.frames.frame(id), *what, &mut to);
                }
                (column, Some(flow)) => known.of_row(row, flow, *column, &mut to),
                _ => {}
            }
        }
    }
}

/// Whether plain frames of a flow may have a header of this protocol.
fn may_hold(flow: &Flow, protocol: ProtocolId) -> bool {
    match protocol {
        ipv4::PROTOCOL_ID => matches!(flow.key.network, Network::V4(..)),
        ipv6::PROTOCOL_ID => matches!(flow.key.network, Network::V6(..)),
        tcp::PROTOCOL_ID => flow.key.transport == Transport::Tcp,
        udp::PROTOCOL_ID => flow.key.transport == Transport::Udp,
        frame::PROTOCOL_ID
        | ethernet::PROTOCOL_ID
        | raw::PROTOCOL_ID
        | null::PROTOCOL_ID
        | sll::PROTOCOL_ID => true,
        _ => false,
    }
}

/// A plan while it is made.
struct Making<'a, 'k> {
    columns: Columns<'a>,
    slots: &'a [Slot],
    known: &'k Remembered,
}

impl<'a> Making<'a, '_> {
    fn node(&self, ask: &'a Ask) -> Node<'a> {
        match ask {
            Ask::All(all) => Node::All(all.iter().map(|one| self.node(one)).collect()),
            Ask::Any(any) => Node::Any(any.iter().map(|one| self.node(one)).collect()),
            Ask::Xor(a, b) => Node::Xor(Box::new(self.node(a)), Box::new(self.node(b))),
            Ask::Not(one) => Node::Not(Box::new(self.node(one))),
            test => Node::Test(self.test(test)),
        }
    }

    fn test(&self, ask: &'a Ask) -> Answered<'a> {
        let mut numbers = Vec::new();
        ask.slots(&mut |slot| numbers.push(slot));
        numbers.sort_unstable();
        numbers.dedup();
        let columns = numbers.iter().map(|number| self.columns(*number));
        if let Some(columns) = columns.collect::<Option<Vec<_>>>() {
            return self.by_columns(ask, columns);
        }
        let otherwise = self.by_reading(ask, &numbers);
        let frames = self.columns.survey.frame_count();
        match self.known.answer(ask, self.slots, frames) {
            Some(answer) => Answered::Kept(answer, Box::new(otherwise)),
            None => otherwise,
        }
    }

    /// The columns of a slot; `None` if any of its fields has none.
    fn columns(&self, number: usize) -> Option<(usize, Vec<(FieldId, Column)>)> {
        let slot = self.slots.get(number)?;
        if !matches!(slot.take, Take::Presence | Take::Value) || slot.layers.is_some() {
            return None;
        }
        // The heading of a header's protocol is never told: the header has a group of its own.
        let fields = slot.fields.iter().filter(|field| !field.is_heading());
        let columns: Option<Vec<_>> =
            fields.map(|field| Some((*field, Column::of(*field)?))).collect();
        columns.filter(|columns| !columns.is_empty()).map(|columns| (number, columns))
    }

    fn by_columns(
        &self,
        ask: &'a Ask,
        columns: Vec<(usize, Vec<(FieldId, Column)>)>,
    ) -> Answered<'a> {
        let all = |test: fn(&Column) -> bool| {
            columns.iter().flat_map(|(_, fields)| fields).all(|(_, column)| test(column))
        };
        if let Some(own) = Own::new(ask, self.slots, &columns, &self.columns) {
            return Answered::Own(own);
        }
        let survey = self.columns.survey;
        let mut found = Found::new(self.slots.len());
        let mut passes = |row: &Row, flow: &Flow| {
            found.clear();
            for (slot, fields) in &columns {
                let take = self.slots.get(*slot).map_or(Take::Presence, |slot| slot.take);
                for (field, column) in fields {
                    let mut to = To { found: &mut found, slot: *slot, take, field: *field };
                    self.columns.of_row(row, flow, *column, &mut to);
                }
            }
            Evidence { found: &found, slots: self.slots }.passes(ask)
        };
        if all(|column| matches!(column, Column::Flow(_))) {
            let of = |(id, flow)| {
                let mut bits = 0;
                for way in Direction::BOTH {
                    let mut row = Row { flow: id, ..Row::EMPTY };
                    row.set_direction(way);
                    bits |= u8::from(passes(&row, flow)) << way.index();
                }
                bits
            };
            let flows = (0..).map(crate::ids::FlowId).zip(survey.flows());
            return Answered::ByFlow(flows.map(of).collect());
        }
        let tcp = survey.flows().iter().find(|flow| flow.key.transport == Transport::Tcp);
        let udp = survey.flows().iter().find(|flow| flow.key.transport == Transport::Udp);
        if all(|column| matches!(column, Column::Flag(_))) {
            let mut of = |bits: u16| {
                let flow = if bits > flags::ALL { udp } else { tcp };
                let mut row = Row::EMPTY;
                row.set_tcp(bits & flags::ALL, 5);
                flow.is_some_and(|flow| passes(&row, flow))
            };
            return Answered::ByFlags((0..=flags::ALL + 1).map(&mut of).collect());
        }
        Answered::ByRow { ask, columns }
    }

    fn by_reading(&self, ask: &Ask, numbers: &[usize]) -> Answered<'a> {
        let registry = self.columns.registry;
        let slots = || numbers.iter().filter_map(|number| self.slots.get(*number));
        let fields = || slots().flat_map(|slot| &slot.fields);
        let need = fields().map(|field| Need::of(*field, registry)).max();
        let protocols: Vec<ProtocolId> = fields().map(|field| field.protocol()).collect();
        // What is true of a frame without any of the fields is true of all that have none.
        let nothing = Found::new(self.slots.len());
        let needs_values = !Evidence { found: &nothing, slots: self.slots }.passes(ask);
        if fields()
            .any(|field| field.protocol() == registry.fallback() || *field == frame::PROTOCOLS)
        {
            return Answered::All;
        }
        match need {
            Some(Need::Messages) => {
                // TCP's own fields stand on frames without payload, too.
                if protocols.contains(&tcp::PROTOCOL_ID) {
                    return Answered::Headers { protocols, needs_values };
                }
                if fields().any(|field| Need::of(*field, registry) == Need::Headers) {
                    return Answered::All;
                }
                Answered::Messages { needs_values }
            }
            Some(Need::Headers) => Answered::Headers { protocols, needs_values },
            _ => Answered::All,
        }
    }
}
