//! What weaving holds while connections go through its hands: the cast, the room that is left, and
//! what found none.
//!
//! ```text
//!   connection ─ gather ─> Gathered ─ all of them known ─ tell ─> Told
//! ```

use super::astray::{self, Astray};
use super::elsewhere::Elsewhere;
use super::error::{self, Error};
use super::flights::{self, Around};
use super::gather::{self, Thread};
use super::paths::Paths;
use super::recovery::Recovery;
use super::told::Told;
use super::untold::{Silent, Untold};
use super::vantage::Vantage;
use super::{controls, gone, held, holes, keys, packets, reached, trips, unanswered, unsent};
use crate::describe::Dissection;
use crate::engine::conversation::{Conversations, Stop, heeding};
use crate::engine::reader::Context;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::limits::{MAX_STORY_MESSAGES, MAX_STORY_PACKETS_IN_ALL};
use crate::story::apart::Apart;
use crate::story::carriers::Ways;
use crate::story::cast::Cast;
use crate::story::errors::Quoting;
use crate::story::{ActorId, TrackId};
use crate::survey::{Flow, Survey};
use crate::wording::thousands;

/// One connection as it was read, before others are looked at.
pub(super) struct Gathered {
    pub(super) thread: Thread,
    vantage: Vantage,
    recovery: Option<Recovery>,
    astray: Astray,
    errors: Vec<Error>,
}

/// What is at hand while connections are read and told one after the other.
pub(super) struct Loom<'a> {
    pub(super) context: Context<'a>,
    pub(super) survey: &'a Survey,
    apart: &'a Apart,
    stop: Stop<'a>,
    scene: Dissection<'a>,
    pub(super) cast: Cast,
    pub(super) ways: Ways,
    /// Messages for which there is room.
    room: usize,
    /// Packets that may still be told one by one.
    singly: usize,
    /// Connections that have a track.
    tracks: u16,
    untold: Untold,
    silent: Silent,
    notes: Vec<String>,
}

impl<'a> Loom<'a> {
    /// Nothing read yet, and everybody on stage.
    pub(super) fn new(
        context: Context<'a>,
        (survey, apart): (&'a Survey, &'a Apart),
        cast: Cast,
        stop: Stop<'a>,
    ) -> Self {
        Self {
            context,
            survey,
            apart,
            stop,
            scene: Dissection::of_headers(context, survey),
            cast,
            ways: Ways::default(),
            room: MAX_STORY_MESSAGES,
            singly: MAX_STORY_PACKETS_IN_ALL,
            tracks: 0,
            untold: Untold::default(),
            silent: Silent::default(),
            notes: Vec::new(),
        }
    }

    /// Reads a connection, as far as there is room; nothing of those behind one that was cut.
    pub(super) fn gather(
        &mut self,
        conversations: &mut Conversations,
        (number, id): (usize, ConnectionId),
        vantage: Vantage,
        paths: Paths,
    ) -> Option<Gathered> {
        let (context, survey, stop) = (self.context, self.survey, self.stop);
        if self.untold.is_begun {
            self.untold.frames += conversations.begin(id, survey).frames().len();
            return None;
        }
        let read = (number, id, paths);
        let mut thread = gather::gather(conversations, (context, survey), read, (self.room, stop));
        let quoting = self.apart.quoting(FlowId(id.0), vantage.far());
        thread.holes = holes::of(&thread, &vantage, (context, survey), stop);
        let recovery = Recovery::of(&thread, &vantage, &quoting, (context, survey));
        if let Some(recovery) = &recovery {
            recovery.tell(&mut thread, survey);
        }
        let astray = astray::tell(&mut thread, &vantage, conversations, (context, survey), stop);
        controls::tell(&mut thread, &vantage, conversations, (context, survey), stop);
        keys::settle(&mut thread.items);
        reached::settle(&mut thread.items, &vantage);
        unsent::tell(&mut thread, &vantage);
        gone::settle(&mut thread, &vantage, context);
        self.room = self.room.saturating_sub(thread.items.len());
        let errors = self.errors(&thread, id, &vantage, quoting);
        let frames = heeding(thread.conversation.frames().iter().copied(), stop);
        self.ways.add(frames.take_while(|id| *id <= thread.until), &self.scene);
        if thread.cut {
            self.untold.is_begun = true;
            let frames = thread.conversation.frames();
            self.untold.frames += frames.len() - frames.partition_point(|id| *id <= thread.until);
        }
        Some(Gathered { thread, vantage, recovery, astray, errors })
    }

    /// What others say of a connection, as far as there is room.
    fn errors(
        &mut self,
        thread: &Thread,
        id: ConnectionId,
        vantage: &Vantage,
        quoting: Vec<&Quoting>,
    ) -> Vec<Error> {
        let until = if thread.cut { thread.until } else { FrameId::NONE };
        let quoting: Vec<&Quoting> =
            quoting.into_iter().filter(|error| error.frame <= until).collect();
        let (kept, all) = (quoting.len().min(self.room), quoting.len());
        let kept_errors = quoting.get(..kept).unwrap_or_default();
        let there = error::seen_there(kept_errors, self.apart, vantage);
        let flow = self.survey.flow(FlowId(id.0));
        let mut errors =
            Error::all_of(kept_errors, &self.cast, (flow, self.context.frames), &there);
        errors.iter_mut().for_each(|error| error.add_hops(&self.scene));
        self.room = self.room.saturating_sub(kept);
        if kept < all {
            let [kept, all] = [kept, all].map(|count| thousands(count as u64));
            self.notes.push(format!("Only {kept} of {all} ICMP errors are told."));
        }
        errors
    }

    /// Finds the flights and round trips of a connection; `elsewhere` is what others sent.
    pub(super) fn tell(&mut self, gathered: Gathered, elsewhere: &Elsewhere) -> Told {
        let Gathered { mut thread, vantage, recovery, astray, errors } = gathered;
        let (context, survey, stop) = (self.context, self.survey, self.stop);
        let first = survey.flow(thread.paths.first);
        let ends = first.map_or([ActorId(0); 2], |flow: &Flow| self.cast.ends(flow));
        let port = first.map_or(0, |flow| {
            let [port, _] = flow.ports().ports;
            port
        });
        let unnamed = first.map_or([None; 2], |flow| self.cast.unnamed_ports(flow));
        let hosts = first.map(|flow| Direction::BOTH.map(|way| flow.address(way).to_canonical()));
        let there = thread.paths.ends(&self.cast, survey);
        let at: Vec<FrameId> = errors.iter().map(|error| error.frame).collect();
        let (pairs, unheard) = trips::answered(&thread);
        unanswered::tell(&mut thread, (&pairs, &unheard), &vantage, context);
        let sent = |frame, way| vantage.sent(frame, way, context).time;
        let around = Around { frames: context.frames, errors: &at, elsewhere, sent: &sent };
        let flights = flights::flights(&thread, &pairs, around);
        let trips = trips::trips(&thread, &pairs, &flights);
        let mut dealt =
            packets::deal(&thread, &flights, (context, survey), (&mut self.singly, stop));
        dealt.add_lost(&flights, &vantage, (context, survey), &mut self.singly);
        // Who only acknowledges what was sent elsewhere, or before, does nothing that is told.
        let is_silent = flights.is_empty() && errors.is_empty() && !thread.cut;
        if is_silent {
            self.silent.add(thread.conversation.frames().len());
        }
        let track = (thread.binds() && !is_silent).then_some(TrackId(self.tracks));
        self.tracks += u16::from(track.is_some());
        Told {
            thread,
            flights,
            pairs,
            unheard,
            trips,
            dealt,
            ends,
            hosts,
            port,
            unnamed,
            track,
            elsewhere: there,
            vantage,
            recovery,
            astray,
            errors,
            held: held::Held::default(),
        }
    }

    /// What was noted while connections were read: what there was no room for.
    pub(super) fn noted(&mut self) -> Vec<String> {
        self.notes.extend(self.untold.note());
        std::mem::take(&mut self.notes)
    }

    /// What is said of the connections of which nothing is told.
    pub(super) fn silent(&self) -> Option<String> {
        self.silent.said()
    }
}
