//! Which of several files go on where another one ends, and which stand beside it.
//!
//! ```text
//!   ring_1 |──────|                 one tap, in three files:
//!   ring_2        |──────|          one vantage point
//!   ring_3               |────|
//!   server   |───────────────|      recorded meanwhile: another vantage point
//! ```
//!
//! **The rule.** A file continues another where both describe the same interfaces in the same
//! order (link type, snap length, name, description, and what wrote their section: hardware,
//! system, program; one of the lists may be the longer one), and where its packets begin after
//! the other's end. As one capture may write packets of two queues in the wrong order where it
//! turns from file to file, an overlap is allowed of a hundredth of the shorter of the two and of
//! a second at most. Where a file could continue several, it continues the one whose name begins
//! most like its own, and of these the one that ended last. Files of one tap are one vantage
//! point, and follow each other as they were written; a file without a frame is added to those
//! that describe themselves alike. All other files are vantage points of their
//! own: two ends of a connection that were recorded at the same time stay apart, whatever their
//! interfaces are called.

use std::path::Path;

use wirestage_dissectors::frames::LinkType;

use super::contents::{About, Contents};

/// How much of the shorter file two files of one tap may overlap, as a divisor.
const OVERLAP: i64 = 100;
/// How long they may overlap at most, in nanoseconds.
const MAX_OVERLAP: i64 = 1_000_000_000;

/// What tells one interface from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    link: LinkType,
    snap_len: u32,
    name: String,
    description: String,
    about: About,
}

impl Described {
    /// The interfaces of one file.
    pub(super) fn all(contents: &Contents) -> Vec<Self> {
        let of_section = contents.sections.iter().flat_map(|section| {
            let of = (0..).map_while(|id| contents.interface(section, id));
            of.map(|(_, interface)| (interface, section.about.clone()))
        });
        of_section
            .map(|(interface, about)| Self {
                link: interface.link,
                snap_len: interface.snap_len,
                name: interface.name.clone(),
                description: interface.description.clone(),
                about,
            })
            .collect()
    }
}

/// One file, as far as the rule looks at it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) interfaces: Vec<Described>,
    /// The earliest and the latest time of its packets, or of its marks where it has no packets;
    /// `None` if none is known.
    pub(super) times: Option<(i64, i64)>,
    /// Whether there is no frame in it at all.
    pub(super) is_empty: bool,
}

/// Files of one tap, in the order in which they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    /// Their positions in the list of files.
    pub(super) files: Vec<usize>,
}

/// Sorts files into taps; the taps stand in the order of the first of their files that was given.
pub(super) fn taps(files: &[Candidate]) -> Vec<Tap> {
    let mut by_time: Vec<(usize, &Candidate)> = files.iter().enumerate().collect();
    // Those without a frame come last: nothing follows them.
    by_time.sort_by_key(|(number, file)| (file.is_empty, file.times, *number));
    let mut taps: Vec<Vec<(usize, &Candidate)>> = Vec::new();
    for (number, file) in by_time {
        let before = taps
            .iter_mut()
            .filter(|tap| tap.last().is_some_and(|(_, last)| continues(file, last)))
            .max_by_key(|tap| {
                let last = tap.last().map(|(_, last)| *last);
                (last.map(|last| alike(&last.name, &file.name)), last.and_then(|l| l.times))
            });
        match before {
            Some(tap) => tap.push((number, file)),
            None => taps.push(vec![(number, file)]),
        }
    }
    let numbers = |tap: Vec<(usize, _)>| tap.into_iter().map(|(number, _)| number).collect();
    let mut taps: Vec<Tap> = taps.into_iter().map(|tap| Tap { files: numbers(tap) }).collect();
    taps.sort_by_key(|tap| tap.files.iter().min().copied());
    taps
}

/// Whether a file goes on where another one ended.
fn continues(file: &Candidate, last: &Candidate) -> bool {
    let same = file.interfaces.iter().zip(&last.interfaces).all(|(a, b)| a == b);
    let any = !file.interfaces.is_empty() && !last.interfaces.is_empty();
    if file.is_empty {
        return same && any;
    }
    let (Some((begin, end)), Some((last_begin, last_end))) = (file.times, last.times) else {
        return false;
    };
    let shorter = end.saturating_sub(begin).min(last_end.saturating_sub(last_begin));
    let overlap = last_end.saturating_sub(begin);
    same && any && begin > last_begin && overlap <= (shorter / OVERLAP).min(MAX_OVERLAP)
}

/// How many bytes two names have in common at their start; that they lie in one folder counts
/// before that.
fn alike(a: &str, b: &str) -> (bool, usize) {
    let in_one = Path::new(a).parent() == Path::new(b).parent();
    (in_one, a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(name: &str) -> Described {
        Described {
            link: LinkType::ETHERNET,
            snap_len: 0,
            name: name.into(),
            description: String::new(),
            about: About::default(),
        }
    }

    /// A file: its name, its interfaces and its times. One that is called "empty" has no frame.
    type File<'a> = (&'a str, &'a [&'a str], Option<(i64, i64)>);

    /// Files, and their taps as names.
    fn check(files: &[File<'_>], expected: &[&[&str]]) {
        let candidates: Vec<_> = files
            .iter()
            .map(|(name, interfaces, times)| Candidate {
                name: (*name).into(),
                interfaces: interfaces.iter().map(|name| described(name)).collect(),
                times: *times,
                is_empty: *name == "empty",
            })
            .collect();
        let names = |tap: &Tap| tap.files.iter().map(|at| files[*at].0).collect::<Vec<_>>();
        assert_eq!(taps(&candidates).iter().map(names).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_ring_is_one_tap_in_the_order_of_its_times() {
        let eth: &[&str] = &["eth0"];
        check(
            &[("c", eth, Some((20, 30))), ("a", eth, Some((0, 10))), ("b", eth, Some((10, 20)))],
            &[&["a", "b", "c"]],
        );
        // The newest file may have no frame yet.
        check(
            &[("empty", eth, None), ("a", eth, Some((0, 10))), ("b", eth, Some((10, 20)))],
            &[&["a", "b", "empty"]],
        );
        // An interface that came later stands in later files only.
        let more: &[&str] = &["eth0", "eth1"];
        check(&[("a", eth, Some((0, 10))), ("b", more, Some((11, 20)))], &[&["a", "b"]]);
    }

    #[test]
    fn what_overlaps_in_time_stays_apart() {
        let eth: &[&str] = &["eth0"];
        check(&[("a", eth, Some((0, 10))), ("b", eth, Some((5, 15)))], &[&["a"], &["b"]]);
        // One packet that both ends stamped alike.
        check(&[("a", eth, Some((5, 5))), ("b", eth, Some((5, 5)))], &[&["a"], &["b"]]);
        // The longest overlap of two queues, and one tick more.
        check(&[("a", eth, Some((0, 1000))), ("b", eth, Some((990, 2000)))], &[&["a", "b"]]);
        check(&[("a", eth, Some((0, 1000))), ("b", eth, Some((989, 2000)))], &[&["a"], &["b"]]);
        let hour = 3_600_000_000_000;
        let late = hour - MAX_OVERLAP;
        check(&[("a", eth, Some((0, hour))), ("b", eth, Some((late, 2 * hour)))], &[&["a", "b"]]);
        check(
            &[("a", eth, Some((0, hour))), ("b", eth, Some((late - 1, 2 * hour)))],
            &[&["a"], &["b"]],
        );
    }

    #[test]
    fn what_describes_itself_otherwise_stays_apart() {
        check(
            &[("a", &["eth0"], Some((0, 10))), ("b", &["lo"], Some((10, 20)))],
            &[&["a"], &["b"]],
        );
        check(&[("a", &[], Some((0, 10))), ("b", &[], Some((10, 20)))], &[&["a"], &["b"]]);
        check(&[("a", &["eth0"], Some((0, 10))), ("b", &["eth0"], None)], &[&["a"], &["b"]]);
    }

    #[test]
    fn two_rings_at_once_are_told_apart_by_their_names() {
        let eth: &[&str] = &["eth0"];
        check(
            &[
                ("client_1", eth, Some((0, 10))),
                ("client_2", eth, Some((11, 20))),
                ("server_1", eth, Some((1, 10))),
                ("server_2", eth, Some((12, 20))),
            ],
            &[&["client_1", "client_2"], &["server_1", "server_2"]],
        );
        check(
            &[
                ("one/r_2", eth, Some((12, 20))),
                ("one/r_1", eth, Some((0, 10))),
                ("other/r_1", eth, Some((1, 11))),
            ],
            &[&["one/r_1", "one/r_2"], &["other/r_1"]],
        );
    }
}
