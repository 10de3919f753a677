//! What panels count: made on a thread of their own when somebody looks, for what is shown then.

use std::sync::Arc;

use wirestage_dissectors::filter::RowSet;

use super::Explore;
use super::hierarchy_panel::Hierarchy;
use super::hosts_panel::Hosts;
use super::noted_panel::NotedPanel;
use super::traffic_panel::TrafficPanel;
use crate::document::{Ground, Progress};
use crate::gui::work::{Job, Made, Wake};

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
pub(super) type Counted<T> = Made<Basis, T>;

impl<T: Send + 'static> Counted<T> {
    /// What was counted last; begins to count where that rests on something else.
    pub(super) fn look(
        &mut self,
        stand: &Stand,
        count: impl FnOnce(&Ground, Option<&RowSet>, &Progress) -> Option<T> + Send + 'static,
    ) -> Option<Arc<T>> {
        // The panel says what it died of, where it did.
        let _ = self.collect();
        if self.lacks(&stand.basis) && stand.is_settled {
            let (ground, rows) = (stand.ground.clone(), stand.rows.clone());
            let work = move |progress: &Progress| Ok(count(&ground, rows.as_ref(), progress));
            let job = Job::start("Counting".to_owned(), Arc::clone(&stand.wake), work);
            self.begin(stand.basis.clone(), job);
        }
        self.known().map(Arc::clone)
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
