//! One run of a target: change, look, keep what teaches.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::input::Input;
use crate::look::Look;
use crate::mutate::mutate;
use crate::novelty::Known;

/// So many inputs are kept; beyond it, one takes the place of another.
const MOST_KEPT: usize = 3_000;
/// One of so many inputs that teach nothing is read in every way all the same.
const READ_ANYWAY: usize = 24;
/// An input that takes longer is a finding, in a build that is optimised.
pub const SLOW: Duration = Duration::from_secs(1);

/// When a run ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After so many cases.
    Cases(u64),
    /// After so long.
    Time(Duration),
}

/// Something that must not be.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which case of the run: the same seed and target find it again.
    pub case: u64,
    /// What was wrong.
    pub what: String,
    /// What was tried.
    pub input: Input,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    /// How many inputs were tried.
    pub cases: u64,
    /// How many are worth changing again.
    pub kept: usize,
    /// How much was told.
    pub told: usize,
    /// The longest that one input took, be it because others were busy.
    pub longest: Duration,
    /// Which case that was, and its input.
    pub slowest: Option<(u64, Input)>,
    /// What must not be; each kind once.
    pub findings: Vec<Finding>,
}

/// What is tried at the moment, for somebody who wonders why it takes so long.
pub type Now = Arc<Mutex<Option<(Instant, Input)>>>;

/// Runs from seeds.
#[must_use]
pub fn run(seeds: Vec<Input>, seed: u64, until: Until, now: &Now) -> Report {
    let mut report = Report::default();
    let mut known = Known::default();
    let mut dice = Dice::new(seed);
    let mut kept = Vec::new();
    let start = Instant::now();
    let mut fresh = seeds.into_iter();
    loop {
        let is_over = match until {
            Until::Cases(most) => report.cases >= most,
            Until::Time(most) => start.elapsed() >= most,
        };
        if is_over {
            break;
        }
        // Every seed as it is, then whatever was kept, changed.
        let is_seed = fresh.len() > 0;
        let input = match fresh.next() {
            Some(seed) => seed,
            None => {
                let Some(chosen) = dice.pick(&kept) else { break };
                let (mut input, other) = (Input::clone(chosen), dice.pick(&kept).unwrap_or(chosen));
                mutate(&mut input, other, &mut dice);
                input
            }
        };
        let often = if is_seed { 1 } else { READ_ANYWAY };
        let begun = Instant::now();
        *now.lock().unwrap_or_else(PoisonError::into_inner) = Some((begun, input.clone()));
        let came = look(&input, &mut known, &mut dice, often);
        let took = begun.elapsed();
        if took > report.longest {
            (report.longest, report.slowest) = (took, Some((report.cases, input.clone())));
        }
        match came {
            Ok(is_new) => {
                if is_new && kept.len() < MOST_KEPT {
                    kept.push(input.clone());
                } else if is_new {
                    let at = dice.roll(kept.len());
                    kept[at] = input.clone();
                }
                let is_timed = matches!(until, Until::Time(_));
                // Once may be because others were busy.
                if is_timed && took > SLOW && at_best(&input) > SLOW {
                    report.find(format!("slow: {took:?}"), input);
                }
            }
            Err(what) => report.find(what, input),
        }
        report.cases += 1;
    }
    (report.kept, report.told) = (kept.len(), known.len());
    report
}

impl Report {
    /// Notes a finding, unless one of its kind is there already.
    fn find(&mut self, what: String, input: Input) {
        let kind = |what: &str| -> String {
            let line = what.lines().next().unwrap_or_default();
            line.chars().filter(|letter| !letter.is_ascii_digit()).collect()
        };
        if !self.findings.iter().any(|known| kind(&known.what) == kind(&what)) {
            self.findings.push(Finding { case: self.cases, what, input });
        }
    }
}

/// Looks at one input; says whether it taught anything.
///
/// # Errors
/// What was wrong with what was read, or where it panicked.
fn look(input: &Input, known: &mut Known, dice: &mut Dice, often: usize) -> Result<bool, String> {
    let (chunk, anyway) = (1 + dice.roll(7) as u32, dice.once_in(often));
    caught(|| {
        let frames = input.frames();
        let look = Look::new(&frames, &input.secrets);
        let is_new = look.at_all(known)?;
        if is_new || anyway {
            look.in_every_way(chunk)?;
        }
        Ok(is_new)
    })
}

/// How long an input takes at best: on a processor, where the system tells that, for others may be
/// busy as well.
#[must_use]
pub fn at_best(input: &Input) -> Duration {
    let once = |_| {
        let (begun, before) = (Instant::now(), on_processor());
        drop(once(input));
        let apart = before.zip(on_processor()).and_then(|(before, now)| now.checked_sub(before));
        apart.unwrap_or_else(|| begun.elapsed())
    };
    (0..3).map(once).min().unwrap_or_default()
}

/// How long this thread has run on a processor, as Linux counts it.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Looks at an input in every way there is.
///
/// # Errors
/// As a run finds them.
pub fn once(input: &Input) -> Result<(), String> {
    look(input, &mut Known::default(), &mut Dice::new(0), 1).map(drop)
}

/// Looks at a capture in every way there is, as far as an input holds it.
///
/// # Errors
/// Where it cannot be read, or as a run finds them.
pub fn replay(path: &Path) -> anyhow::Result<()> {
    once(&crate::store::read(path, u32::MAX)?).map_err(anyhow::Error::msg)
}

thread_local! {
    /// Where the last panic of this thread was.
    static PANICKED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs something whose panics are findings.
fn caught(run: impl FnOnce() -> Result<bool, String>) -> Result<bool, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let text = info.to_string();
            PANICKED.with(|panicked| *panicked.borrow_mut() = text);
            if std::env::var_os("RUST_BACKTRACE").is_some() {
                before(info);
            }
        }));
    });
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(PANICKED.with(|panicked| panicked.borrow().replace('\n', " "))))
}
