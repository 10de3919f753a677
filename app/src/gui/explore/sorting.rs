//! The order of the packet list: that of the recording, or by a column.
//!
//! Made on a thread of its own; the order of the recording stands until it is there.

use std::sync::Arc;

use wirestage_dissectors::ids::FrameId;

use super::Explore;
use crate::document::SortBy;
use crate::gui::work::Job;

/// The order, and what it was made for.
#[derive(Default)]
pub(super) struct Sorting {
    pub(super) by: SortBy,
    pub(super) is_reversed: bool,
    order: Option<Order>,
    making: Option<Job<Option<Order>>>,
}

/// Frames in their order, and the place of each frame among them.
struct Order {
    frames: Vec<u32>,
    places: Vec<u32>,
}

impl Order {
    fn new(frames: Vec<u32>, count: u32) -> Self {
        let mut places = vec![u32::MAX; count as usize];
        for (place, frame) in (0..).zip(&frames) {
            if let Some(known) = places.get_mut(*frame as usize) {
                *known = place;
            }
        }
        Self { frames, places }
    }
}

impl Sorting {
    /// Whether packets stand in another order than that of the recording.
    pub(super) fn is_sorted(&self) -> bool {
        (self.by, self.is_reversed) != (SortBy::Number, false)
    }

    /// What is being sorted, for the status line.
    pub(super) fn doing(&self) -> Option<String> {
        let making = self.making.as_ref()?;
        let (done, all) = making.progress.get();
        Some(match all {
            0 => "sorting".to_owned(),
            _ => format!("sorting, {:.0} %", done as f64 * 100.0 / all as f64),
        })
    }
}

impl Explore {
    /// Sorts the packet list.
    pub(super) fn sort(&mut self, by: SortBy, is_reversed: bool) {
        (self.packets.sorting.by, self.packets.sorting.is_reversed) = (by, is_reversed);
        self.sort_again();
    }

    /// Sorts what is shown now. Until that is done, it stands in the order of the recording.
    pub(super) fn sort_again(&mut self) {
        let is_sorted = self.packets.sorting.is_sorted();
        let Sorting { by, is_reversed, order, making } = &mut self.packets.sorting;
        (*order, *making) = (None, None);
        if !is_sorted || self.filtering.share().is_some() {
            return;
        }
        let among = self.filtering.passed.as_ref().map(|passed| passed.rows.clone());
        let (ground, by, is_reversed) = (self.ground.clone(), *by, *is_reversed);
        let title = "Sorting the packets".to_owned();
        *making = Some(Job::start(title, Arc::clone(&self.wake), move |progress| {
            let sorted = ground.sorted(by, is_reversed, among.as_ref(), progress);
            Ok(sorted.map(|frames| Order::new(frames, ground.survey.frame_count())))
        }));
    }

    /// Takes the order that was made.
    pub(super) fn collect_order(&mut self) {
        let Some(made) = self.packets.sorting.making.as_ref().and_then(Job::poll) else { return };
        self.packets.sorting.making = None;
        match made {
            Ok(order) => self.packets.sorting.order = order,
            Err(problem) => self.problem = Some(problem),
        }
        if let Some(frame) = self.selection.frame {
            self.packets.list.reveal(frame);
        }
    }

    /// How many rows the packet list has.
    pub(super) fn row_count(&self) -> u32 {
        self.filtering.count(self.frame_count())
    }

    /// The frame of a row.
    pub(super) fn frame_at(&self, row: u32) -> Option<FrameId> {
        match &self.packets.sorting.order {
            Some(order) => order.frames.get(row as usize).copied().map(FrameId),
            None => self.filtering.frame(row),
        }
    }

    /// The row of a frame, or about where it would be.
    pub(super) fn row_of(&self, frame: FrameId) -> u32 {
        match &self.packets.sorting.order {
            Some(order) => {
                let place = order.places.get(frame.index()).copied();
                place.filter(|place| *place != u32::MAX).unwrap_or(0)
            }
            None => self.filtering.row(frame),
        }
    }
}
