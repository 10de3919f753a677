//! Several files read as one recording.
//!
//! ```text
//!   order      which frame of which file each frame is: 8 bytes a frame
//!   interfaces those of all files, one for each vantage point (see `taps.rs`)
//! ```
//!
//! Nothing is copied: the files stay as they are, and so do their frames, names, comments and
//! secrets.

use std::ops::Range;
use std::sync::{Mutex, OnceLock};

use wirestage_dissectors::frames::{Frame, Frames};

use super::capture_file::CaptureFile;
use super::contents::Source;
use super::facts::Place;
use super::format::Format;
use super::interface::Interface;
use super::merge::Merge;
use super::open::OpenError;
use super::problem::Problem;
use super::recording::Recording;
use super::table::Offsets;
use super::taps::Tap;
use crate::limits::{MAX_FILES, MAX_INTERFACES};

/// How several files make one recording.
pub(super) struct Joined {
    /// For each frame its file and its number there, see [`cell`].
    pub(super) order: Offsets,
    pub(super) merge: Mutex<Merge>,
    vantages: OnceLock<Vantages>,
}

/// The vantage points of all files.
#[derive(Default)]
struct Vantages {
    interfaces: Vec<Interface>,
    /// For each file the position of each of its interfaces in that list.
    of_parts: Vec<Vec<u16>>,
}

/// One of several files that are read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOf {
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: Option<Format>,
    /// How many frames it has.
    pub frames: u32,
    /// How many bytes it has (after decompression).
    pub bytes: u64,
    /// Its interfaces, as positions in [`Recording::interfaces`].
    pub interfaces: Vec<u16>,
}

/// A frame's file and its number there, in one number.
pub(super) const fn cell(part: usize, number: u32) -> u64 {
    (part as u64) << 32 | number as u64
}

impl Joined {
    fn new() -> Self {
        Self {
            order: Offsets::default(),
            merge: Mutex::new(Merge::new()),
            vantages: OnceLock::new(),
        }
    }

    /// How many frames have their place.
    pub(super) fn count(&self) -> u32 {
        self.order.len()
    }

    /// The interfaces; none before all files are walked.
    pub(super) fn interfaces(&self) -> &[Interface] {
        self.vantages.get().map_or(&[], |vantages| &vantages.interfaces)
    }

    /// Settles which interfaces there are: one for each of each tap.
    pub(super) fn settle(&self, parts: &[CaptureFile], taps: &[Tap]) {
        let mut found = Vantages { of_parts: vec![Vec::new(); parts.len()], ..Default::default() };
        for tap in taps {
            let first = found.interfaces.len();
            for at in &tap.files {
                let Some((part, of)) = parts.get(*at).zip(found.of_parts.get_mut(*at)) else {
                    continue;
                };
                for (number, interface) in part.contents.interfaces.iter().enumerate() {
                    let global = first + number;
                    if global >= MAX_INTERFACES {
                        let limit = MAX_INTERFACES as u64;
                        part.contents.facts(|facts| facts.too_many(0, "interfaces", limit));
                        break;
                    }
                    if global == found.interfaces.len() {
                        let file = part.name.clone();
                        found.interfaces.push(Interface { file, ..interface.clone() });
                    }
                    of.push(global as u16);
                }
            }
        }
        // It is settled once, by whoever walked the last file.
        let _ = self.vantages.set(found);
    }

    /// The interface of the whole that an interface of one file is.
    #[inline]
    fn interface(&self, part: usize, own: u16) -> u16 {
        let of_part = self.vantages.get().and_then(|vantages| vantages.of_parts.get(part));
        of_part.and_then(|all| all.get(usize::from(own))).copied().unwrap_or(u16::MAX)
    }
}

impl Recording {
    /// Reads several files as one: their frames in the order of time, their interfaces apart but
    /// where a file continues another one of the same tap (a ring of files). Each comes with the
    /// name by which it is told from the others. Indexes nothing yet; what is indexed already is
    /// found again quickly.
    ///
    /// A frame without a time stays behind its predecessor, and of equal times the file that was
    /// given first goes first. Memory is 16 bytes a frame; nothing is copied.
    ///
    /// # Errors
    /// Where there are none, or too many to be open at once.
    pub fn together(files: Vec<(String, Self)>) -> Result<Self, OpenError> {
        let mut parts: Vec<CaptureFile> = Vec::new();
        for (name, recording) in files {
            for part in recording.parts {
                parts.push(part.named(&name));
            }
        }
        match parts.len() {
            0 => Err(OpenError::Empty),
            1 => {
                let parts = parts.into_iter().map(|part| part.named("")).collect();
                Ok(Self { parts, joined: None })
            }
            2..=MAX_FILES => Ok(Self { parts, joined: Some(Joined::new()) }),
            count => Err(OpenError::TooManyFiles { count }),
        }
    }

    /// The files that are read as one, in the order in which they were given; none where there is
    /// only one.
    #[must_use]
    pub fn files(&self) -> Vec<OneOf> {
        let Some(joined) = &self.joined else { return Vec::new() };
        let one = |(number, part): (usize, &CaptureFile)| OneOf {
            name: part.name.clone(),
            format: part.contents.format.get().copied(),
            frames: part.count(),
            bytes: part.contents.map.len(),
            interfaces: (0..part.contents.interfaces.len() as u16)
                .map(|own| joined.interface(number, own))
                .collect(),
        };
        self.parts.iter().enumerate().map(one).collect()
    }

    /// Which frame of which file a frame is.
    #[inline]
    pub(super) fn locate(&self, number: u32) -> Option<(usize, u32)> {
        let Some(joined) = &self.joined else { return Some((0, number)) };
        let cell = joined.order.get(number)?;
        Some(((cell >> 32) as usize, cell as u32))
    }

    /// A frame of a file out of some of its bytes, as the whole recording numbers interfaces.
    #[inline]
    pub(super) fn read<'a>(
        &'a self,
        source: impl Source<'a>,
        part: usize,
        number: u32,
    ) -> Option<Frame<'a>> {
        let frame = self.parts.get(part)?.contents.frame(source, number)?;
        Some(Frame { interface: self.interface(part, frame.interface), ..frame })
    }

    /// The interface of the whole that an interface of one file is.
    #[inline]
    pub(super) fn interface(&self, part: usize, own: u16) -> u16 {
        self.joined.as_ref().map_or(own, |joined| joined.interface(part, own))
    }

    /// What each file has of some frames. As each file's own order is kept, what it has of frames
    /// that follow each other follow each other in it as well.
    pub(super) fn shares(&self, frames: Range<u32>) -> Vec<(usize, Range<u32>)> {
        let frames = frames.start..frames.end.min(self.count());
        if self.joined.is_none() {
            return vec![(0, frames)];
        }
        let mut shares: Vec<Option<Range<u32>>> = vec![None; self.parts.len()];
        for (part, number) in frames.filter_map(|number| self.locate(number)) {
            if let Some(share) = shares.get_mut(part) {
                share.get_or_insert(number..number).end = number.saturating_add(1);
            }
        }
        let found = shares.into_iter().enumerate();
        found.filter_map(|(part, share)| Some((part, share?))).collect()
    }

    /// As many frames from `first` on as take about `bytes` in all files together.
    pub(super) fn within(&self, first: u32, bytes: u64) -> Range<u32> {
        let mut sum = 0_u64;
        let mut at = first;
        while let Some((part, number)) = self.locate(at) {
            let contents = self.parts.get(part).map(|part| &part.contents);
            let place = contents.and_then(|one| one.place(number..number.saturating_add(1)));
            sum = sum.saturating_add(place.map_or(0, |place| place.end - place.start));
            at = at.saturating_add(1);
            if sum >= bytes {
                break;
            }
        }
        first..at
    }

    /// A place that a file's comment is about, in the numbers of the whole.
    pub(super) fn moved(&self, part: usize, place: Place) -> Place {
        match place {
            Place::Section(own) => {
                let before = self.parts.iter().take(part);
                let sections = before.map(|part| part.contents.sections.len() as u32);
                Place::Section(sections.sum::<u32>().saturating_add(own))
            }
            Place::Interface(own) => Place::Interface(self.interface(part, own)),
            Place::Statistics(own) => Place::Statistics(self.interface(part, own)),
        }
    }

    /// What is wrong with any of several files; frames are named by the number they have in the
    /// whole.
    pub(super) fn problems_of_all(&self) -> Vec<Problem> {
        let mut all = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            all.extend(part.problems().into_iter().map(|problem| (number, problem)));
        }
        // All of them are looked for in one pass over the order: there may be as many as frames.
        let mut wanted: Vec<((usize, u32), &mut u32)> = all
            .iter_mut()
            .filter_map(|(of, problem)| {
                let number = problem.kind.frame_mut()?;
                Some(((*of, number.saturating_sub(1)), number))
            })
            .collect();
        wanted.sort_unstable_by_key(|(own, _)| *own);
        let frames = if wanted.is_empty() { 0 } else { self.count() };
        for whole in 0..frames {
            let Some(own) = self.locate(whole) else { continue };
            let first = wanted.partition_point(|(other, _)| *other < own);
            let same = wanted.iter_mut().skip(first).take_while(|(other, _)| *other == own);
            same.for_each(|(_, number)| **number = whole.saturating_add(1));
        }
        all.into_iter().map(|(_, problem)| problem).collect()
    }
}
