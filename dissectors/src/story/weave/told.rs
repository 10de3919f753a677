//! A connection with everything that was found out about it before a word is written.

use std::collections::HashMap;
use std::net::IpAddr;

use super::astray::Astray;
use super::error::Error;
use super::flights::Flight;
use super::gather::Thread;
use super::held::Held;
use super::packets::Dealt;
use super::recovery::Recovery;
use super::trips::{Answered, Trip, Unheard};
use super::vantage::Vantage;
use crate::ids::FrameId;
use crate::story::{ActorId, TrackId};

/// One connection with everything that was found out about it.
pub(super) struct Told {
    pub(super) thread: Thread,
    pub(super) flights: Vec<Flight>,
    /// Its questions that were answered, in the order of the answers.
    pub(super) pairs: Vec<Answered>,
    /// Those whose answer the recording may lack.
    pub(super) unheard: Vec<Unheard>,
    pub(super) trips: Vec<Trip>,
    pub(super) dealt: Dealt,
    /// Who sends forward, and who answers.
    pub(super) ends: [ActorId; 2],
    /// Their addresses, in the same order, where it has one path.
    pub(super) hosts: Option<[IpAddr; 2]>,
    /// The port of who began.
    pub(super) port: u16,
    /// The ports of both, as far as no lifeline names them.
    pub(super) unnamed: [Option<u16>; 2],
    /// Its track; nothing for datagrams that no connection binds, such as a lookup.
    pub(super) track: Option<TrackId>,
    /// The same of frames that took another path.
    pub(super) elsewhere: HashMap<FrameId, [ActorId; 2]>,
    pub(super) vantage: Vantage,
    /// What was lost and sent again, where both ends were recorded.
    pub(super) recovery: Option<Recovery>,
    /// Which of its datagrams say again what others brought that never came.
    pub(super) astray: Astray,
    /// What others say of it.
    pub(super) errors: Vec<Error>,
    /// What came and lay there until it could be handed on.
    pub(super) held: Held,
}
