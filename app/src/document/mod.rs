//! A document: one recording with everything that was found in it so far.
//!
//! The window and the command line both work on documents. Nothing here draws or prints.

mod about;
mod course;
mod decode;
mod filter;
mod find;
mod follow;
mod ground;
mod growing;
pub mod keys;
mod names;
mod open;
mod overview;
mod progress;
mod requests;
mod schedule;
pub mod schema;
mod sort;
mod story;
mod sweep;
mod tables;
mod workers;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use wirestage_captures::Recording;
use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::engine::conversation::{Conversations, DEFAULT_BUDGET};
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FlowId};
use wirestage_dissectors::keys::{self as keys_of, Idle};
use wirestage_dissectors::overview::Names;
use wirestage_dissectors::protocol::Registry;
use wirestage_dissectors::registry;
use wirestage_dissectors::schema::Schema;
use wirestage_dissectors::secret::{Added, BadLine, Secrets};
use wirestage_dissectors::story::apart::Apart;
use wirestage_dissectors::story::sighting::far_ends;
use wirestage_dissectors::survey::Survey;

pub use about::{About, PREFIX};
pub use decode::{WrongRule, rule};
pub use filter::{filter, vocabulary};
pub use find::{Case, Needle, Scope, Spelling, WrongNeedle};
pub use follow::{Depth, Piece};
pub use ground::Ground;
pub use growing::Growing;
pub use names::Called;
pub use open::{OpenError, Opening, title};
pub use overview::{Counting, Overview};
pub use progress::Progress;
pub use requests::{Details, Gathered, Numbers};
pub use sort::SortBy;
pub use story::MAX_TOLD;
pub use sweep::{Swept, Windows, sweep, sweep_rows};
pub use tables::{Amount, Layered, Noted, Spoke, Spoken, Traffic};

/// One recording, surveyed; its conversations are read when somebody looks.
pub struct Document {
    /// The frames; shared, for a window shows them while a worker reads conversations.
    pub recording: Arc<Recording>,
    /// The columns and flows; shared for the same reason.
    pub survey: Arc<Survey>,
    /// Which frame belongs to which connection.
    pub attribution: Arc<Attribution>,
    /// The connections, in the order of their first frame.
    pub connections: Arc<[ConnectionId]>,
    /// The far sight of each flow that was recorded at both its ends, by the near one.
    far: Arc<HashMap<FlowId, FlowId>>,
    /// Shared: a key log may be large.
    secrets: Arc<Secrets>,
    /// The protocols that it is read with, and where somebody said that one of them speaks.
    registry: Arc<Registry>,
    broken_keys: Vec<(usize, BadLine)>,
    /// How many secrets open nothing, once somebody has asked.
    idle_keys: OnceLock<Idle>,
    conversations: Mutex<Conversations>,
    completions: OnceLock<Completions>,
    apart: Arc<OnceLock<Apart>>,
    /// What hosts are called, once somebody has asked, and whether they are called so.
    named: Arc<OnceLock<Names>>,
    called: Called,
    /// What filters found before, under these secrets.
    memory: Arc<filter::Memory>,
    /// The memory that conversations may take, in bytes.
    budget: usize,
}

impl Document {
    /// A document over what was opened and surveyed.
    fn new(recording: Arc<Recording>, survey: Survey, budget: usize) -> Self {
        let mut secrets = Secrets::default();
        let added = secrets.add_key_log(&recording.secrets_text());
        let registry = Arc::clone(registry::standard());
        let document = Self::with((recording, survey), secrets.into(), registry, budget);
        let mut document = Self { broken_keys: added.broken, ..document };
        document.carry_secrets();
        document
    }

    /// A document that is read with these secrets, by this registry.
    fn with(
        (recording, survey): (Arc<Recording>, Survey),
        secrets: Arc<Secrets>,
        registry: Arc<Registry>,
        budget: usize,
    ) -> Self {
        let context = Context { frames: &*recording, secrets: &secrets, registry: &registry };
        let attribution = Arc::new(Attribution::new(context, &survey));
        let far = far_ends(&*recording, &survey);
        let connections = connections(&attribution, (&survey, &registry), &far);
        let conversations = Conversations::new(Arc::clone(&attribution), budget);
        Self {
            recording,
            survey: Arc::new(survey),
            connections,
            far: Arc::new(far),
            attribution,
            secrets,
            registry,
            broken_keys: Vec::new(),
            idle_keys: OnceLock::new(),
            conversations: Mutex::new(conversations),
            completions: OnceLock::new(),
            apart: Arc::default(),
            named: Arc::default(),
            called: Called::default(),
            memory: Arc::default(),
            budget,
        }
    }

    /// What the recording says of itself.
    #[must_use]
    pub fn about(&self) -> About {
        About::of(&self.recording)
    }

    /// All secrets that are known.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Lines of key logs that could not be read: their number within their text, and why.
    #[must_use]
    pub fn broken_keys(&self) -> &[(usize, BadLine)] {
        &self.broken_keys
    }

    /// How many of the secrets that were handed in open nothing. Reads how connections begin the
    /// first time.
    pub fn idle_keys(&self) -> Idle {
        let read = (&*self.survey, &*self.attribution);
        *self.idle_keys.get_or_init(|| keys_of::idle(self.context(), read, &workers::read_each))
    }

    /// Carries secrets on to the connections that resume a session. Says under which names.
    fn carry_secrets(&mut self) -> Vec<[u8; 32]> {
        let read = (&*self.recording as &dyn Frames, &*self.registry);
        let secrets = Arc::make_mut(&mut self.secrets);
        let columns = (&*self.survey, &*self.attribution);
        keys_of::carry(secrets, read, columns, &workers::read_each)
    }

    /// What reading a connection needs to know of its surroundings.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context { frames: &*self.recording, secrets: &self.secrets, registry: &self.registry }
    }

    /// The conversations that are open. Whoever holds them keeps everyone else waiting.
    pub fn conversations(&self) -> MutexGuard<'_, Conversations> {
        // A panic elsewhere leaves the cache as it was between two calls: it can be used on.
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For each frame, the later one that completes what it holds a part of. Sweeps the whole
    /// recording the first time; `None` if that was cancelled.
    pub fn completions(&self, progress: &Progress) -> Option<&Completions> {
        if let Some(known) = self.completions.get() {
            return Some(known);
        }
        let swept = sweep::completions(self, Windows::default(), progress)?;
        Some(self.completions.get_or_init(|| swept))
    }

    /// The frames that belong to no connection. Walks over all columns the first time.
    pub fn apart(&self) -> &Apart {
        self.apart.get_or_init(|| Apart::of(self.context(), &self.survey))
    }

    /// Takes in what fields of Protocol Buffers are called. What was read keeps the names that it
    /// was read with, so all of it is read again when somebody looks.
    pub fn set_schema(&mut self, schema: Schema) {
        Arc::make_mut(&mut self.secrets).set_schema(schema);
        let conversations = Conversations::new(Arc::clone(&self.attribution), self.budget);
        *self.conversations() = conversations;
        self.memory = Arc::default();
    }

    /// Adds the text of a key log, or private keys of servers. Only conversations that missed one
    /// of its secrets are read again.
    pub fn add_keys(&mut self, text: &str) -> Added {
        let had_none = self.secrets.is_empty();
        let added = Arc::make_mut(&mut self.secrets).add_key_log(text);
        if had_none && !self.secrets.is_empty() {
            self.conversations().first_secrets_arrived();
        }
        self.conversations().secrets_arrived(&added.randoms);
        if added.count() > 0 {
            self.idle_keys = OnceLock::new();
            let carried = self.carry_secrets();
            self.conversations().secrets_arrived(&carried);
        }
        if added.private_keys > 0 {
            self.conversations().private_key_arrived();
        }
        if self.attribution.has_named() && !added.randoms.is_empty() {
            // What a key opens may name connections: whose frames are whose is settled anew.
            let attribution = Attribution::new(self.context(), &self.survey);
            if attribution != *self.attribution {
                self.attribution = Arc::new(attribution);
                let surveyed = (&*self.survey, &*self.registry);
                self.connections = connections(&self.attribution, surveyed, &self.far);
                let attribution = Arc::clone(&self.attribution);
                self.conversations().attribute(attribution);
            }
        }
        if added.count() > 0 {
            self.completions = OnceLock::new();
            self.named = Arc::default();
            self.memory = Arc::default();
        }
        self.broken_keys.extend(added.broken.iter().copied());
        added
    }
}

/// The connections of a recording; one that was recorded at both ends stands once. Flows that
/// headers tell completely are left out: what they carry has no ports and is told apart.
fn connections(
    attribution: &Attribution,
    (survey, registry): (&Survey, &Registry),
    far: &HashMap<FlowId, FlowId>,
) -> Arc<[ConnectionId]> {
    let mut told = survey.told_flows(registry);
    told.extend(far.values());
    let all = attribution.connections(survey).into_iter();
    all.filter(|id| !told.contains(&attribution.first_path(*id))).collect()
}

/// So many connections are told at once without an overview before them: what a browser opens to
/// one host (six), with the lookup of its name and of its alias. With more, a diagram of all is
/// longer than anybody reads.
pub const HANDFUL: usize = 8;

/// The memory that conversations may take when nothing else is said, in bytes.
pub const CONVERSATION_BUDGET: usize = DEFAULT_BUDGET;
