//! What reading rests on, apart from the document: any thread can have it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use wirestage_captures::Recording;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FlowId, FrameId, Time};
use wirestage_dissectors::overview::{Event, Names, Quoted, events};
use wirestage_dissectors::protocol::Registry;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::story::apart::Apart;
use wirestage_dissectors::survey::Survey;

use super::filter::Memory;
use super::sweep::{Depth, Swept, Windows, sweep_over};
use super::{Called, Document, Progress};

/// What reading needs, apart from the document: it can be had by another thread while the
/// document is used.
#[derive(Clone)]
pub struct Ground {
    /// The frames.
    pub recording: Arc<Recording>,
    /// Their columns.
    pub survey: Arc<Survey>,
    /// Whose each frame is.
    pub attribution: Arc<Attribution>,
    /// The connections, in the order of their first frames.
    pub connections: Arc<[ConnectionId]>,
    /// The far sight of each flow that was recorded at both its ends, by the near one.
    pub(super) far: Arc<HashMap<FlowId, FlowId>>,
    /// All secrets that are known.
    pub secrets: Arc<Secrets>,
    /// The protocols that are read with, and where somebody said that one of them speaks.
    pub(super) registry: Arc<Registry>,
    /// What belongs to no connection, once somebody has asked.
    pub(super) apart: Arc<OnceLock<Apart>>,
    /// What hosts are called, once somebody has asked, and whether they are called so.
    pub(super) named: Arc<OnceLock<Names>>,
    pub(super) called: Called,
    /// What filters found before.
    pub(super) memory: Arc<Memory>,
    /// The connections that are read, where not all.
    pub(super) only: Option<Arc<Bits>>,
    /// The memory that conversations may take, in bytes.
    pub(super) budget: usize,
}

impl Document {
    /// What another thread needs to read this document.
    #[must_use]
    pub fn ground(&self) -> Ground {
        Ground {
            recording: Arc::clone(&self.recording),
            survey: Arc::clone(&self.survey),
            attribution: Arc::clone(&self.attribution),
            connections: Arc::clone(&self.connections),
            far: Arc::clone(&self.far),
            secrets: Arc::clone(&self.secrets),
            registry: Arc::clone(&self.registry),
            apart: Arc::clone(&self.apart),
            named: Arc::clone(&self.named),
            called: self.called,
            memory: Arc::clone(&self.memory),
            only: None,
            budget: self.budget,
        }
    }
}

impl Ground {
    /// What ICMP errors say of its connections.
    #[must_use]
    pub fn quoted(&self) -> Quoted {
        Quoted::of(self.apart(), &self.far)
    }

    /// The same of these connections alone: no other is told, overseen or read.
    #[must_use]
    pub fn narrowed(&self, connections: &[ConnectionId]) -> Self {
        let end = connections.iter().map(|id| id.0 + 1).max().unwrap_or(0);
        let mut only = Bits::none(end);
        connections.iter().for_each(|id| only.insert(id.0));
        Self { connections: connections.into(), only: Some(Arc::new(only)), ..self.clone() }
    }

    /// The frames that belong to no connection. Walks over all columns the first time.
    pub fn apart(&self) -> &Apart {
        self.apart.get_or_init(|| Apart::of(self.context(), &self.survey))
    }

    /// Reads everything; `take` gets what was found, some frames at a time. Says whether it got to
    /// the end.
    pub fn read(&self, progress: &Progress, mut take: impl FnMut(Vec<Event>)) -> bool {
        let swept = sweep_over(
            self,
            (self.only.as_deref(), Depth::Whole),
            Windows::default(),
            progress,
            |scene, share| {
                let mut found: Vec<Event> = Vec::new();
                for frame in share.map(FrameId) {
                    events(frame, scene, &self.attribution, &mut found);
                }
                found
            },
            |found| {
                if !found.is_empty() {
                    take(found);
                }
                true
            },
        );
        swept == Swept::All
    }

    /// When the first frame was seen: what times count from.
    #[must_use]
    pub fn start(&self) -> Time {
        self.recording.frame(FrameId(0)).time
    }

    /// What reading a connection needs to know of its surroundings.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context { frames: &*self.recording, secrets: &self.secrets, registry: &self.registry }
    }
}
