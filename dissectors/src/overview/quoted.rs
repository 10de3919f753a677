//! ICMP errors that ended something, by the flow whose packet they quote.

use std::collections::HashMap;

use super::fate::Fate;
use crate::ids::{FlowId, FrameId};
use crate::story::apart::Apart;

/// What ICMP errors say of flows.
#[derive(Clone, Debug, Default)]
pub struct Quoted {
    by_flow: HashMap<FlowId, (Fate, FrameId, Box<str>)>,
}

impl Quoted {
    /// The errors that say that something was not delivered: the first of each flow.
    #[must_use]
    pub fn of(apart: &Apart) -> Self {
        let mut by_flow = HashMap::new();
        for one in apart.undelivered() {
            let fate = if one.is_expired { Fate::Expired } else { Fate::Unreachable };
            by_flow.entry(one.flow).or_insert((fate, one.error, one.label.into()));
        }
        Self { by_flow }
    }

    pub(super) fn fate(&self, flow: FlowId) -> Option<Fate> {
        self.by_flow.get(&flow).map(|(fate, ..)| *fate)
    }

    /// What the error of a flow says, in its own words, and its frame: "port unreachable".
    #[must_use]
    pub fn words(&self, flow: FlowId) -> Option<(&str, FrameId)> {
        self.by_flow.get(&flow).map(|(_, frame, label)| (label.as_ref(), *frame))
    }
}
