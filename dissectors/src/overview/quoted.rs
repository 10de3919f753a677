//! ICMP errors that quote connections: those that ended something, and what they all cost.

use std::collections::HashMap;

use super::fate::Fate;
use crate::ids::{FlowId, FrameId};
use crate::story::apart::Apart;

/// What ICMP errors say of flows.
#[derive(Clone, Debug, Default)]
pub struct Quoted {
    by_flow: HashMap<FlowId, (Fate, FrameId, Box<str>)>,
    /// The frames of all errors that are told with a connection, by its flow as its initiator's
    /// end saw it.
    all: HashMap<FlowId, Box<[FrameId]>>,
}

impl Quoted {
    /// The errors that say that something was not delivered: the first of each flow. Of flows that
    /// were recorded at both ends `far` has the other sight by the near one.
    #[must_use]
    pub fn of(apart: &Apart, far: &HashMap<FlowId, FlowId>) -> Self {
        let mut by_flow = HashMap::new();
        for one in apart.undelivered() {
            let fate = if one.is_expired { Fate::Expired } else { Fate::Unreachable };
            by_flow.entry(one.flow).or_insert((fate, one.error, one.label.into()));
        }
        let quoted = apart.quoted();
        let is_quoted = |flow: &FlowId| quoted.binary_search(flow).is_ok();
        let nears = far.iter().filter(|(_, far)| is_quoted(far)).map(|(near, _)| *near);
        let flows = nears.chain(quoted.iter().copied());
        let all = flows.map(|near| (near, apart.errors_of(near, far.get(&near).copied()).into()));
        Self { by_flow, all: all.collect() }
    }

    pub(super) fn fate(&self, flow: FlowId) -> Option<Fate> {
        self.by_flow.get(&flow).map(|(fate, ..)| *fate)
    }

    /// The frames of the errors that are told with a connection: they are a part of what it cost.
    pub(super) fn frames(&self, near: FlowId) -> &[FrameId] {
        self.all.get(&near).map_or(&[], |frames| frames)
    }

    /// What the error of a flow says, in its own words, and its frame: "port unreachable".
    #[must_use]
    pub fn words(&self, flow: FlowId) -> Option<(&str, FrameId)> {
        self.by_flow.get(&flow).map(|(_, frame, label)| (label.as_ref(), *frame))
    }
}
