//! Filters: the display-filter language of Wireshark 4.6 over our fields.
//!
//! ```text
//!   "tls.handshake.type == 1 and not ip.addr == 10.0.0.0/8"
//!     ──tokens──> words and signs ──parse──> tests ──check──> a program: slots, and what is asked
//!                                                               │
//!   a frame ──describe──> fields ──catch──> values in slots ──evaluate──> passes or not
//! ```
//!
//! Values are held against each other in their kinds, never as text. A field that a frame has
//! several times passes where any of its values does, and “is not” asks all of them; a test of
//! what the frame does not have fails (`wireshark-filter(4)`).

mod catch;
mod check;
mod columns;
mod complete;
mod constant;
mod datum;
mod error;
mod evaluate;
mod failure;
mod function;
mod kept;
mod moment;
mod need;
mod own;
mod parse;
mod plan;
mod program;
mod quoted;
mod rows;
mod side;
mod syntax;
mod token;
mod types;
mod vocabulary;
mod words;

use std::fmt;

use catch::{Catch, Found, Wanted};
use check::Checker;
use evaluate::Evidence;
use program::{Ask, Slot};

pub use columns::{Columns, Plain};
pub use complete::{Completion, Offer, complete};
pub use error::{FilterError, Marked};
pub use function::{FUNCTIONS, Function};
pub use kept::{Finds, Remembered};
pub use need::Need;
pub use plan::{Plan, Triage};
pub use rows::RowSet;
pub use vocabulary::{Vocabulary, kind_of};
pub use words::in_words;

use crate::describe::Dissection;
use crate::ids::FrameId;
use crate::protocol::Registry;

/// A filter that can be held against frames.
pub struct Filter {
    expression: String,
    slots: Vec<Slot>,
    ask: Ask,
    wanted: Wanted,
    need: Need,
    /// Whether anything that it asks for may stand among the headers of a frame.
    asks_headers: bool,
}

impl Filter {
    /// Reads an expression. One that is empty lets everything pass.
    ///
    /// # Errors
    /// Says what is wrong with it, and where.
    pub fn new(
        expression: &str,
        vocabulary: &Vocabulary,
        registry: &Registry,
    ) -> Result<Self, FilterError> {
        let tokens = token::tokens(expression)?;
        let mut checker = Checker { vocabulary, expression, slots: Vec::new() };
        let ask = if tokens.is_empty() {
            Ask::All(Vec::new())
        } else {
            checker.logic(&parse::parse(&tokens, expression)?)?
        };
        let slots = checker.slots;
        let mut fields = slots.iter().flat_map(|slot| &slot.fields);
        let need = fields.clone().map(|field| Need::of(*field, registry)).max();
        let need = need.unwrap_or(Need::Nothing);
        let asks_headers = fields.any(|field| Need::is_in_headers(*field, registry));
        let wanted = Wanted::new(&slots);
        Ok(Self { expression: expression.to_owned(), slots, ask, wanted, need, asks_headers })
    }

    /// What was typed.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// How far a frame has to be read for it.
    #[must_use]
    pub const fn need(&self) -> Need {
        self.need
    }

    /// Keeps what a tester has found, for the filters to come.
    pub fn keep(&self, finds: Finds, known: &mut Remembered) {
        known.keep(&self.slots, finds);
    }

    /// Something that holds frames against it, one after the other.
    #[must_use]
    pub fn tester(&self) -> Tester<'_> {
        let slots = &self.slots;
        Tester { filter: self, found: Found::new(slots.len()), finds: Finds::new(slots) }
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.expression).finish()
    }
}

/// Holds frames against a filter. Reuse one for many frames: it keeps its memory.
pub struct Tester<'f> {
    filter: &'f Filter,
    found: Found,
    finds: Finds,
}

impl Tester<'_> {
    /// Whether a frame passes, as far as it can be described.
    pub fn passes(&mut self, scene: &Dissection<'_>, id: FrameId) -> bool {
        let Self { filter, found, finds } = self;
        found.clear();
        let messages = scene.messages(id);
        let mut catch = Catch {
            wanted: &filter.wanted,
            found,
            frames: scene.context().frames,
            view: messages.first().map(|(_, view)| *view),
            in_messages: false,
            latest: None,
        };
        if filter.asks_headers {
            scene.headers(id, &mut catch);
        }
        catch.in_messages = true;
        scene.parts(id, &mut catch);
        finds.take(id, found);
        Evidence { found, slots: &filter.slots }.passes(&filter.ask)
    }

    /// What it has found on its way.
    #[must_use]
    pub fn finds(self) -> Finds {
        self.finds
    }
}
