//! Finding within the recording: what was sought, the frames that have it, and the way from one to
//! the next.
//!
//! ```text
//!   Enter ──> thread ── from here on, then from the start ──> frames, as they are found
//!   F3    ──> the next of them after the selected frame, once that is sure
//! ```

use std::sync::Arc;

use wirestage_dissectors::filter::RowSet;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::span::BufferId;

use super::Explore;
use super::asks::Seek;
use super::details::Details;
use crate::diagram::Towards;
use crate::document::{Case, Ground, Needle, Scope, Spelling};
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// What is looked for, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Quest {
    pub(super) typed: String,
    pub(super) spelling: Spelling,
    pub(super) scope: Scope,
    pub(super) case: Case,
}

/// The search.
#[derive(Default)]
pub(super) struct Finding {
    /// Whether its line is shown.
    pub(super) open: bool,
    /// Whether the line is to get the keyboard.
    pub(super) focus: bool,
    pub(super) quest: Quest,
    /// What is wrong with what was typed.
    pub(super) wrong: Option<String>,
    /// What was sought last, and what came of it.
    sought: Option<Sought>,
    /// From where to go on once that is sure, and which way.
    wish: Option<(FrameId, Towards)>,
    /// What was said of the last step: that it began anew at the other end.
    pub(super) turned: Option<&'static str>,
}

struct Sought {
    quest: Quest,
    /// The filter that was in force.
    filter: Option<String>,
    needle: Needle,
    /// Where it began.
    here: FrameId,
    found: RowSet,
    /// The search, while it goes on.
    running: Option<Running>,
    /// Whether it was put away before its end.
    is_cut: bool,
    /// The frame whose place is to be raised once it is read.
    raise: Option<FrameId>,
}

struct Running {
    /// Brings what was found. Says in the end whether it got there.
    job: Job<bool, News>,
    /// Whether it has come to the end and goes on from the start.
    is_before: bool,
}

/// What was found, and whether from the start of the recording again.
struct News(RowSet, bool);

/// How far a search is.
pub(super) struct Standing {
    /// How many frames have it so far.
    pub(super) found: u32,
    /// Which of them is selected, from 1.
    pub(super) at: Option<u32>,
    /// What share was looked at, and whether from the start again; nothing once it is done.
    pub(super) share: Option<(f32, bool)>,
}

impl Finding {
    /// How far it is; `None` if nothing is sought.
    pub(super) fn standing(&self, selected: Option<FrameId>) -> Option<Standing> {
        let sought = self.sought.as_ref()?;
        let found = &sought.found;
        let at = selected.filter(|frame| found.contains(*frame));
        let share = sought.running.as_ref().map(|running| (running.job.share(), running.is_before));
        Some(Standing { found: found.len(), at: at.map(|frame| found.before(frame) + 1), share })
    }

    /// Whether a frame has what is sought.
    pub(super) fn is_found(&self, frame: FrameId) -> bool {
        self.open && self.sought.as_ref().is_some_and(|sought| sought.found.contains(frame))
    }

    /// Takes what was found; says what the search died of, where it did.
    fn collect(&mut self) -> Option<Trouble> {
        let sought = self.sought.as_mut()?;
        let running = sought.running.as_mut()?;
        let result = running.job.collect(|News(rows, is_before)| {
            sought.found.add(&rows);
            running.is_before = is_before;
        })?;
        sought.running = None;
        let trouble = result.err()?;
        // What was found is shown, and looked for again when somebody asks.
        sought.is_cut = true;
        Some(trouble)
    }

    /// The frame to go to, where one was wished for and is sure.
    fn arrive(&mut self) -> Option<FrameId> {
        let sought = self.sought.as_mut()?;
        let (from, towards) = self.wish?;
        let (place, turned) = match sought.place(from, towards) {
            Place::Sure(place, turned) => (place, turned),
            Place::Wait => return None,
            Place::Nowhere => {
                self.wish = None;
                return None;
            }
        };
        self.wish = None;
        self.turned = turned;
        let frame = sought.found.at(place)?;
        sought.raise = Some(frame);
        Some(frame)
    }
}

/// Where a step leads.
enum Place {
    /// To this one of what was found; said where it passed an end.
    Sure(u32, Option<&'static str>),
    /// That is not known yet.
    Wait,
    /// Nothing was found.
    Nowhere,
}

impl Sought {
    /// The place after or before a frame; after it includes the frame itself.
    fn place(&self, from: FrameId, towards: Towards) -> Place {
        let (before, all) = (self.found.before(from), self.found.len());
        let is_done = self.running.is_none();
        let is_again = self.running.as_ref().is_some_and(|running| running.is_before);
        match (towards, all) {
            (_, 0) if is_done => Place::Nowhere,
            // Frames come in their order, so that the first one beyond is the next.
            (Towards::Next, _) if before < all && (is_done || from >= self.here) => {
                Place::Sure(before, None)
            }
            (Towards::Next, 1..) if is_done || is_again && self.found.before(self.here) > 0 => {
                Place::Sure(0, Some("from the start again"))
            }
            (Towards::Previous, 1..) if is_done && before > 0 => Place::Sure(before - 1, None),
            (Towards::Previous, 1..) if is_done => Place::Sure(all - 1, Some("from the end again")),
            _ => Place::Wait,
        }
    }
}

impl Running {
    fn start(
        ground: Ground,
        (needle, scope): (Needle, Scope),
        among: Option<RowSet>,
        here: FrameId,
        wake: &Wake,
    ) -> Self {
        let title = "Finding".to_owned();
        let job = Job::telling(title, Arc::clone(wake), move |progress, post| {
            let take = |rows: &RowSet, is_before| post.tell(News(rows.clone(), is_before));
            Ok(ground.find((&needle, scope), among.as_ref(), here, progress, take))
        });
        Self { job, is_before: false }
    }
}

impl Explore {
    /// Carries out what is asked of the search.
    pub(super) fn seek(&mut self, seek: Seek) {
        match seek {
            Seek::Open => (self.finding.open, self.finding.focus) = (true, true),
            Seek::Close => {
                self.finding.open = false;
                self.finding.wish = None;
                if let Some(sought) = &mut self.finding.sought {
                    sought.is_cut |= sought.running.take().is_some();
                }
                self.packets.list.focus();
            }
            Seek::Go(towards) => self.find_next(towards),
        }
    }

    fn find_next(&mut self, towards: Towards) {
        self.finding.open = true;
        let here = self.selection.frame.unwrap_or(FrameId(0));
        let filter = self.filtering.passed.as_ref().map(|passed| passed.expression.clone());
        let quest = self.finding.quest.clone();
        let known = self.finding.sought.as_ref();
        let is_known = known.is_some_and(|sought| sought.quest == quest && sought.filter == filter);
        // What was put away before its end is begun again.
        let is_whole = known.is_some_and(|sought| !sought.is_cut);
        if !(is_known && is_whole) {
            let needle = match Needle::new(&quest.typed, quest.spelling, quest.case) {
                Ok(needle) => needle,
                Err(wrong) => {
                    self.finding.wrong = Some(wrong.to_string());
                    self.finding.focus = true;
                    return;
                }
            };
            let among = self.filtering.passed.as_ref().map(|passed| passed.rows.clone());
            let asked = (needle.clone(), quest.scope);
            let running = Running::start(self.ground.clone(), asked, among, here, &self.wake);
            self.finding.sought = Some(Sought {
                quest,
                filter,
                needle,
                here,
                found: RowSet::new(),
                running: Some(running),
                is_cut: false,
                raise: None,
            });
        }
        self.finding.wrong = None;
        let from = if towards == Towards::Next && is_known {
            FrameId(here.0.saturating_add(1))
        } else {
            here
        };
        self.finding.wish = Some((from, towards));
        self.collect_found();
    }

    /// Takes what was found, and goes where it leads.
    pub(super) fn collect_found(&mut self) {
        if let Some(trouble) = self.finding.collect() {
            self.problem = Some(trouble);
        }
        if let Some(frame) = self.finding.arrive() {
            self.select_frame(frame);
            self.visited();
            self.raise_found();
        }
    }

    /// Begins anew with more keys, when somebody asks again.
    pub(super) fn forget_found(&mut self) {
        self.finding.sought = None;
    }

    /// Raises the place of what was found, once its frame is read as far as the search read it.
    pub(super) fn raise_found(&mut self) {
        let Some(details) = self.details.clone() else { return };
        let Some(sought) = &mut self.finding.sought else { return };
        if sought.raise != Some(details.frame) {
            return;
        }
        let (needle, scope) = (sought.needle.clone(), sought.quest.scope);
        match spot(&details, &needle, scope) {
            Some(Spot::Line(line)) => {
                self.select_line(line);
                self.folds.reveal(&details, line);
            }
            Some(Spot::Byte(buffer, offset)) => self.select_byte(buffer, offset),
            None => return,
        }
        if let Some(sought) = &mut self.finding.sought {
            sought.raise = None;
        }
    }
}

/// Where it stands within a frame.
enum Spot {
    Line(usize),
    Byte(BufferId, u32),
}

fn spot(details: &Details, needle: &Needle, scope: Scope) -> Option<Spot> {
    let byte = |buffer: &super::details::Bytes| {
        let place = needle.place(&buffer.bytes)?;
        Some(Spot::Byte(buffer.id, u32::try_from(place.start).ok()?))
    };
    match scope {
        Scope::Rows => None,
        Scope::Fields => {
            let found = details.tree.nodes.iter().position(|node| needle.is_in(&node.text));
            found.map(Spot::Line)
        }
        Scope::Bytes => details.buffers.first().and_then(byte),
        // What was decoded last is what a body is.
        Scope::Bodies => details.buffers.iter().rev().find_map(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::work::job::tests::{dying, wait};

    #[test]
    fn a_search_that_died_says_so_and_leads_to_what_it_found() {
        let mut found = RowSet::new();
        found.insert(FrameId(4));
        let job = dying(vec![News(found, false)]);
        let sought = Sought {
            quest: Quest::default(),
            filter: None,
            needle: Needle::new("a", Spelling::Text, Case::Any).expect("it is text"),
            here: FrameId(0),
            found: RowSet::new(),
            running: Some(Running { job, is_before: false }),
            is_cut: false,
            raise: None,
        };
        let wish = Some((FrameId(0), Towards::Next));
        let mut finding = Finding { sought: Some(sought), wish, ..Finding::default() };
        let trouble = wait(|| finding.collect());
        assert!(trouble.cause.contains("ended unexpectedly"), "{}", trouble.cause);
        assert_eq!(finding.arrive(), Some(FrameId(4)));
        assert!(finding.standing(None).is_some_and(|standing| standing.share.is_none()));
        assert!(finding.sought.is_some_and(|sought| sought.is_cut), "it is looked for again");
    }
}
