//! What panels count: made on a thread of their own when somebody looks, for what is shown then.

use std::sync::Arc;

use wirestage_dissectors::filter::RowSet;

use super::Explore;
use super::hierarchy_panel::Hierarchy;
use super::hosts_panel::Hosts;
use super::noted_panel::NotedPanel;
use super::traffic_panel::TrafficPanel;
use crate::document::{Ground, Progress};
use crate::gui::work::{Job, Wake};

/// All of them.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) hierarchy: Hierarchy,
    pub(super) hosts: Hosts,
    pub(super) noted: NotedPanel,
    pub(super) traffic: TrafficPanel,
    /// How often keys came: what was counted before may be another now.
    pub(super) keys: u32,
}

/// What a count rests on: the filter in force, and the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Basis {
    filter: Option<String>,
    keys: u32,
}

/// Something that is counted when somebody looks.
pub(super) struct Counted<T> {
    made: Option<(Basis, Arc<T>)>,
    making: Option<(Basis, Job<Option<T>>)>,
    /// How often it was made.
    pub(super) times: usize,
}

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Self { made: None, making: None, times: 0 }
    }
}

impl<T: Send + 'static> Counted<T> {
    /// What was counted last; begins to count where that rests on something else.
    pub(super) fn look(
        &mut self,
        stand: &Stand,
        count: impl FnOnce(&Ground, Option<&RowSet>, &Progress) -> Option<T> + Send + 'static,
    ) -> Option<Arc<T>> {
        if let Some((basis, job)) = &self.making
            && let Some(result) = job.poll()
        {
            let basis = basis.clone();
            self.making = None;
            if let Ok(Some(counted)) = result {
                self.made = Some((basis, Arc::new(counted)));
                self.times += 1;
            }
        }
        let is = |known: Option<&Basis>| known == Some(&stand.basis);
        let is_made = is(self.made.as_ref().map(|(basis, _)| basis));
        let is_making = is(self.making.as_ref().map(|(basis, _)| basis));
        if !is_made && !is_making && stand.is_settled {
            let (ground, rows) = (stand.ground.clone(), stand.rows.clone());
            let work = move |progress: &Progress| Ok(count(&ground, rows.as_ref(), progress));
            let job = Job::start("Counting".to_owned(), Arc::clone(&stand.wake), work);
            self.making = Some((stand.basis.clone(), job));
        }
        self.made.as_ref().map(|(_, counted)| Arc::clone(counted))
    }

    /// How far it is, from 0 to 1, while it is being counted.
    pub(super) fn share(&self) -> Option<f32> {
        let (done, all) = self.making.as_ref()?.1.progress.get();
        Some(done as f32 / all.max(1) as f32)
    }
}

/// What is shown now.
pub(super) struct Stand {
    ground: Ground,
    rows: Option<RowSet>,
    basis: Basis,
    /// Whether all that passes the filter is found.
    is_settled: bool,
    wake: Wake,
}

impl Explore {
    /// What is to be counted now.
    pub(super) fn stand(&self) -> Stand {
        let passed = self.filtering.passed.as_ref();
        Stand {
            ground: self.ground.clone(),
            rows: passed.map(|passed| passed.rows.clone()),
            basis: Basis {
                filter: passed.map(|passed| passed.expression.clone()),
                keys: self.tables.keys,
            },
            is_settled: self.filtering.share().is_none(),
            wake: Arc::clone(&self.wake),
        }
    }

    /// The same of the whole recording, whatever the filter.
    pub(super) fn whole_stand(&self) -> Stand {
        let basis = Basis { filter: None, keys: self.tables.keys };
        Stand { rows: None, is_settled: true, basis, ..self.stand() }
    }
}
